"""Files on disk: reading one safely, and finding those that a folder or a pattern names."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from contentkit.core.errors import UsageError
from contentkit.core.nearest import nearest
from contentkit.core.vendored import FOLDERS, LOCKS

_MAGIC = frozenset("*?[")
_UNWANTED = FOLDERS | {"__pycache__", "venv"}


@dataclass(frozen=True, slots=True)
class Found:
    """A file that a folder or pattern names, or what keeps it from being read."""

    path: Path
    skipped: str = ""


def read_bytes(path: Path, most: int) -> bytes:
    """The file's bytes.

    Raises:
        UsageError: it is missing, no regular file, too large or not readable.
    """
    try:
        # Without O_NONBLOCK, opening a FIFO would wait for a writer for ever.
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise _unreadable(path, error) from None
    with open(number, "rb") as file:
        status = os.fstat(number)
        if stat.S_ISDIR(status.st_mode):
            raise UsageError(f"{path} is a folder.")
        if not stat.S_ISREG(status.st_mode):
            raise UsageError(f"{path} is a device or a pipe, not a file.", hint="Use --from - to read a pipe.")
        try:
            data = b"" if status.st_size > most else file.read(most + 1)
        except OSError as error:
            raise _unreadable(path, error) from None
    if max(status.st_size, len(data)) > most:
        raise too_large(str(path), status.st_size, most)
    return data


def too_large(name: str, size: int, most: int) -> UsageError:
    """The error for an input over the limit."""
    return UsageError(
        f"{name} has {size:,} bytes; at most {most:,} are read.",
        hint="Split it, or raise read.max_bytes in the settings.",
    )


def _unreadable(path: Path, error: OSError) -> UsageError:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return _missing(path)
    if error.errno in (errno.EACCES, errno.EPERM):
        return UsageError(f"{path} may not be read by you.", hint="Check its permissions (ls -l).")
    if error.errno == errno.ELOOP:
        return UsageError(f"{path} is a symbolic link that leads back to itself.")
    if error.errno == errno.ENAMETOOLONG:
        return UsageError(f"The file name {str(path)[:60]}... is too long.")
    return UsageError(f"{path} can't be read: {os.strerror(error.errno or 0)}.")


def _missing(path: Path) -> UsageError:
    if path.is_symlink():
        return UsageError(f"{path} is a symbolic link to a file that does not exist.")
    folder = path.parent
    while not folder.is_dir() and folder != folder.parent:
        path, folder = folder, folder.parent
    try:
        names = {entry.name.lower(): entry.name for entry in os.scandir(folder)}
    except OSError:
        names = {}
    near = nearest(path.name, names)
    hint = f"Did you mean {str(folder / names[near])!r}?" if near else "Check the path."
    return UsageError(f"There is no file or folder {str(path)!r}.", hint=hint)


def is_pattern(reference: str) -> bool:
    """Whether the reference is a glob; a file of just that name goes before."""
    return bool(_MAGIC & set(reference)) and not os.path.lexists(reference)


def find(reference: str) -> Iterator[Found]:
    """The files below a folder, or those that a pattern matches, sorted by path; links out of it are not followed.

    In a pattern, ``*`` and ``?`` stay within a name and ``**`` stands for any folders. A part written out in the
    reference (".github/*.md", "vendor/docs") is never skipped for being hidden or vendored.
    """
    root, parts = _split(reference)
    if not root.is_dir():
        raise _missing(root)
    real = root.resolve()
    named = frozenset(parts)
    yield from _walk(root, root, real, parts, named)


def _split(reference: str) -> tuple[Path, tuple[str, ...]]:
    """The folder before the first part with magic, and the rest."""
    parts = Path(reference).parts
    if not is_pattern(reference):
        return Path(reference), ("**",)
    first = next(index for index, part in enumerate(parts) if _MAGIC & set(part))
    return Path(*parts[:first]), tuple(parts[first:])


def _walk(folder: Path, root: Path, real: Path, parts: tuple[str, ...], named: frozenset[str]) -> Iterator[Found]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield Found(folder, str(_unreadable(folder, error)))
        return
    for entry in entries:
        path = folder / entry.name
        below = path.relative_to(root).parts
        if entry.is_dir(follow_symlinks=False):
            if not _may_lead(below, parts):
                continue
            if why := _unwanted(entry.name, named):
                yield Found(path, why)
            else:
                yield from _walk(path, root, real, parts, named)
        elif _matches(below, parts):
            yield Found(path, _unwanted(entry.name, named) or _leads_out(entry, path, real))


def _unwanted(name: str, named: frozenset[str]) -> str:
    if name in named:
        return ""
    if name.startswith("."):
        return "hidden"
    if name.lower() in _UNWANTED:
        return "not written by hand (vendored or generated)"
    return "a lock file" if name.lower() in LOCKS else ""


def _leads_out(entry: os.DirEntry[str], path: Path, real: Path) -> str:
    """A folder from elsewhere could hold a link to a private file of the reader's."""
    if not entry.is_symlink():
        return ""
    if path.is_dir():
        return "a symbolic link to a folder"
    try:
        return "" if path.resolve(strict=True).is_relative_to(real) else "a symbolic link that leads out of the folder"
    except (OSError, RuntimeError):  # RuntimeError: a loop, before Python 3.13
        return "a symbolic link that leads nowhere"


def _matches(below: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether the parts of a path match the parts of a pattern; a last ``**`` takes every file below."""
    if not pattern:
        return not below
    if pattern[0] == "**":
        if len(pattern) == 1:
            return bool(below)
        return any(_matches(below[skip:], pattern[1:]) for skip in range(len(below)))
    return bool(below) and fnmatchcase(below[0], pattern[0]) and _matches(below[1:], pattern[1:])


def _may_lead(below: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether a folder can hold matches; saves walking where a pattern never goes."""
    for part, wanted in zip(below, pattern, strict=False):
        if wanted == "**":
            return True
        if not fnmatchcase(part, wanted):
            return False
    return len(below) < len(pattern)
