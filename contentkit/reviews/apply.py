"""Edits of findings -> the work tree: all of a finding's or none, and only where the lines are those reviewed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from contentkit.code.edits import applied, parses
from contentkit.core.change import text_lines
from contentkit.core.errors import UsageError
from contentkit.core.report import Edit, Finding
from contentkit.core.text.decode import decode
from contentkit.kit.files import write_atomically

_AROUND = (3, 8, 20, 60)
"""Lines on each side that tell a place, tried from few to many until it is the only one."""

_CODECS = {"Shift_JIS": "cp932"}
_MARKS = {"utf-8": "\ufeff", "utf-16-le": "\ufeff", "utf-16-be": "\ufeff", "utf-32-le": "\ufeff", "utf-32-be": "\ufeff"}


class _No(Exception):
    """Why edits can't be applied."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of the edits.

    Attributes:
        paths: files that were changed.
        findings: those whose edits were made.
        skipped: the others that have edits, each with the reason.
    """

    paths: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    skipped: tuple[tuple[Finding, str], ...] = ()


@dataclass(slots=True)
class _File:
    """One file of the work tree as it was read, and the edits that will be made, by its own line numbers.

    The byte order mark is no part of the text, so that it stays where the first line goes.
    """

    path: Path
    data: bytes
    text: str
    codec: str
    reviewed: str
    mark: str = ""
    edits: list[Edit] = field(default_factory=list)

    def made(self) -> str:
        return applied(self.text, self.edits)

    def bytes(self) -> bytes:
        try:
            return (self.mark + self.made()).encode(self.codec)
        except UnicodeEncodeError:
            raise _No(f"the new text can't be written in the file's encoding, {self.codec}") from None


def apply(findings: Sequence[Finding], root: Path, reviewed: Callable[[str], str | None]) -> Applied:
    """Make the edits of ``findings`` in the files under ``root``.

    Lines are found by what stands around them, since the work tree may hold other edits, which stay as they are. A
    finding whose edits overlap those of an earlier one is left out.

    Args:
        root: the work tree's folder. Nothing outside of it is touched, also by way of symbolic links.
        reviewed: the text of a file that the edits' line numbers count in; None where there is none.

    Raises:
        UsageError: a file could not be written; then none was changed.
    """
    files: dict[str, _File] = {}
    done: list[Finding] = []
    skipped: list[tuple[Finding, str]] = []
    for finding in findings:
        if not finding.edits:
            continue
        before = {path: list(file.edits) for path, file in files.items()}
        try:
            _take(finding.edits, files, root, reviewed)
        except _No as reason:
            for path, file in files.items():
                file.edits = before.get(path, [])
            skipped.append((finding, str(reason)))
        else:
            done.append(finding)
    changed = {path: file for path, file in files.items() if file.edits}
    _write(changed)
    return Applied(tuple(changed), tuple(done), tuple(skipped))


def _take(edits: Sequence[Edit], files: dict[str, _File], root: Path, reviewed: Callable[[str], str | None]) -> None:
    """Add the edits to their files. What was added before an error is taken back by the caller."""
    for edit in edits:
        if edit.path not in files:
            files[edit.path] = _read(edit.path, root, reviewed)
        file = files[edit.path]
        file.edits.append(_moved(edit, file))
    for path in {edit.path for edit in edits}:
        file = files[path]
        try:
            made = file.made()
        except UsageError:
            raise _No("it overlaps an edit that was made for another finding") from None
        if parses(path, file.text) and not parses(path, made):
            raise _No(f"{path} would not parse any more")
        file.bytes()


def _read(path: str, root: Path, reviewed: Callable[[str], str | None]) -> _File:
    target = _inside(path, root)
    text = reviewed(path)
    if text is None:
        raise _No(f"{path} was not reviewed as a text")
    try:
        if not target.stat().st_mode & 0o222:
            raise _No(f"{path} may only be read")
        data = target.read_bytes()
        decoded = decode(data, name=path)
    except FileNotFoundError:
        raise _No(f"{path} is not in the work tree any more") from None
    except (OSError, UsageError):
        raise _No(f"{path} can't be read") from None
    codec = _CODECS.get(decoded.encoding, decoded.encoding)
    for mark in ("", _MARKS.get(codec, "")):
        if (mark + decoded.text).encode(codec, "replace") == data:
            return _File(target, data, decoded.text, codec, text.removeprefix("\ufeff"), mark)
    raise _No(f"the encoding of {path} can't be kept")


def _inside(path: str, root: Path) -> Path:
    """The file that ``path`` names, which must be a plain file under ``root`` and not in git's own folder."""
    parts = PurePosixPath(path).parts
    odd = not parts or path.startswith("/") or "\0" in path or any(part in (".", "..") for part in parts)
    if odd or any(part.lower() == ".git" for part in parts):
        raise _No(f"{path!r} is no file of the work tree")
    base = root.resolve()
    target = base.joinpath(*parts)
    try:
        real = target.resolve()
    except (OSError, RuntimeError):
        raise _No(f"{path} can't be read") from None
    if real != target or not real.is_relative_to(base):
        raise _No(f"{path} is a symbolic link, or lies behind one")
    if target.exists() and not target.is_file():
        raise _No(f"{path} is no plain file")
    return target


def _moved(edit: Edit, file: _File) -> Edit:
    """The edit by the line numbers of the work tree, with its line ends."""
    old = [line.removesuffix("\r") for line in text_lines(file.reviewed)]
    now = [line.removesuffix("\r") for line in text_lines(file.text)]
    if edit.line < 1 or edit.end_line < edit.line - 1 or edit.end_line > len(old):
        raise _No(f"the edit does not fit {edit.path} as it was reviewed")
    shift = 0 if old == now else _shift(edit, old, now)
    moved = replace(edit, line=edit.line + shift, end_line=edit.end_line + shift)
    text = edit.text.replace("\r\n", "\n")
    return replace(moved, text=text.replace("\n", "\r\n") if _is_crlf(moved, file.text) else text)


def _is_crlf(edit: Edit, text: str) -> bool:
    """Whether the lines at the edit end in carriage return and line feed."""
    near = text_lines(text)[max(0, edit.line - 2) : edit.end_line + 1]
    return any(line.endswith("\r") for line in near)


def _shift(edit: Edit, old: Sequence[str], now: Sequence[str]) -> int:
    """How many lines further down the edit's place is now.

    Raises:
        _No: the lines around it are not there, or in several places. They must be unique before and now: else a copy
            of them could be taken for lines that have changed.
    """
    for around in _AROUND:
        first, last = max(0, edit.line - 1 - around), min(len(old), edit.end_line + around)
        block = old[first:last]
        there = _places(block, now)
        if not there:
            break
        if len(there) == 1 and len(_places(block, old)) == 1:
            return there[0] - first
    else:
        raise _No(f"the lines of {edit.path} stand in several places")
    raise _No(f"the lines of {edit.path} were changed since")


def _places(block: Sequence[str], lines: Sequence[str]) -> list[int]:
    """Where ``block`` begins in ``lines``; nowhere for an empty one."""
    size = len(block)
    starts = range(len(lines) - size + 1) if size else ()
    return [at for at in starts if lines[at] == block[0] and lines[at : at + size] == block]


def _write(files: Mapping[str, _File]) -> None:
    """Write all, or put back what was written."""
    written: list[_File] = []
    try:
        for path, file in files.items():
            if file.path.resolve() != file.path or file.path.read_bytes() != file.data:
                raise UsageError(f"{path} was changed while the edits were made.", hint="Try again.")
            write_atomically(file.path, file.bytes(), force=True)
            written.append(file)
    except (OSError, UsageError) as error:
        for file in written:
            write_atomically(file.path, file.data, force=True)
        raise UsageError(f"No edit was made: {error}") from error
