"""Writing files so that nobody ever sees half of one.

Names are texts here where a batch comes by for every row: a ``Path`` keeps its parts in the interpreter's table of
texts, which then grows by megabytes.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from contentkit.core.errors import UsageError

_LOCK = ".contentkit-lock"


def write_atomically(path: str | Path, text: str | bytes | Iterable[str], *, force: bool = False) -> None:
    """Write ``text`` (as UTF-8; of many parts, one after the other) to ``path``: all of it, or nothing.

    An existing file keeps its mode; behind a symbolic link the file it points to is replaced, and the link stays. What
    is no file (a pipe, /dev/stdout) is written to directly.

    Raises:
        UsageError: the file exists and not ``force``, it is a folder, or it can't be written.
    """
    parts = (text,) if isinstance(text, str | bytes) else text
    data = (part.encode("utf-8", "replace") if isinstance(part, str) else part for part in parts)
    with _told(path):
        if _is_special(path):
            with open(path, "wb") as file:
                file.writelines(data)
        else:
            _write(os.path.realpath(path), data, force=force)


def write_folder(folder: Path, files: Mapping[str, str | bytes], *, force: bool = False) -> None:
    """Write ``files`` (name -> contents) into ``folder``, which is made where it is not there: each whole, and none
    before all of them could be written.

    Raises:
        UsageError: a file of one of the names exists and not ``force``, or the folder can't be written to.
    """
    check_folder(folder, files, force=force)
    with _told(folder):
        target = Path(os.path.realpath(folder))
        draft = target.with_name(f".contentkit-{os.urandom(8).hex()}.tmp")
        draft.mkdir()
        try:
            for name, text in files.items():
                data = text.encode("utf-8", "replace") if isinstance(text, str) else text
                _write_draft(draft / name, [data], like=target / name)
            _put_folder(draft, target, force=force)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        _sync_folder(target)


def _put_folder(draft: Path, target: Path, *, force: bool) -> None:
    """Give the folder its name in one step; into one that is there already the files go one by one."""
    if not target.exists():
        os.rename(draft, target)
        return
    for file in sorted(draft.iterdir()):
        if force:
            os.replace(file, target / file.name)
        else:
            _put_if_free(file, target / file.name)


def check_folder(folder: Path, names: Iterable[str] = (), *, force: bool = False) -> None:
    """Find out before the work what would stop ``write_folder`` after it.

    Raises:
        UsageError: as ``write_folder``.
    """
    with _told(folder):
        target = Path(os.path.realpath(folder))
        if target.exists() and not target.is_dir():
            raise UsageError(f"{folder} is no folder.", hint="Name another: several files are written.")
        place = target if target.exists() else target.parent
        place.stat()
        if not os.access(place, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, "it can't be written to")
    for name in names:
        if not force and (folder / name).exists():
            raise UsageError(
                f"{folder / name} exists already.", hint="Choose another folder, or overwrite with --force."
            )


def here() -> Path:
    """The folder that the user is in.

    Raises:
        UsageError: it does not exist any more.
    """
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise UsageError("The folder that you are in does not exist any more.", hint="Change into another.") from None


def check_writable(path: Path, *, force: bool = False) -> None:
    """Find out before the work what would stop ``write_atomically`` after it, as far as that can be known.

    Raises:
        UsageError: as ``write_atomically``.
    """
    with _told(path):
        if _is_special(path):
            return
        target = Path(os.path.realpath(path))
        target.parent.stat()
        with contextlib.suppress(FileNotFoundError):
            target.stat()
            if not force:
                raise FileExistsError(path)
        if not os.access(target.parent, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, "its folder can't be written to")


@contextlib.contextmanager
def _told(path: str | Path) -> Iterator[None]:
    """Errors of the system as sentences about ``path``."""
    try:
        yield
    except FileExistsError:
        raise UsageError(f"{path} exists already.", hint="Choose another name, or overwrite it with --force.") from None
    except IsADirectoryError:
        raise UsageError(f"{path} is a folder.", hint="Name a file in it.") from None
    except FileNotFoundError:
        raise UsageError(
            f"{path} can't be written: its folder does not exist.", hint="Make the folder first."
        ) from None
    except OSError as error:
        raise UsageError(f"{path} can't be written ({error.strerror or error}).") from None


def _is_special(path: str | Path) -> bool:
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return False
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(path)
    return not stat.S_ISREG(mode)


def _write(path: str, data: Iterable[bytes], *, force: bool) -> None:
    if not force and os.path.exists(path):  # checked again below, where it can't change any more
        raise FileExistsError(path)
    folder = os.path.dirname(path)
    draft = os.path.join(folder, f".contentkit-{os.urandom(8).hex()}.tmp")
    try:
        _write_draft(draft, data, like=path)
        if force:
            os.replace(draft, path)
        else:
            _put_if_free(draft, path)
    finally:
        with contextlib.suppress(OSError):
            os.unlink(draft)
    _sync_folder(folder)


def _write_draft(draft: str | Path, data: Iterable[bytes], *, like: str | Path) -> None:
    """Write and flush to the disk, with the mode of ``like`` or, where that is no file yet, the user's default."""
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666), "wb"
    ) as file:
        with contextlib.suppress(FileNotFoundError):
            os.chmod(draft, stat.S_IMODE(os.stat(like).st_mode))
        file.writelines(data)
        file.flush()
        os.fsync(file.fileno())


def _put_if_free(draft: str | Path, path: str | Path) -> None:
    """Give the draft its name unless somebody took it meanwhile. Links do both at once; some file systems have none."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
        os.replace(draft, path)


def _sync_folder(folder: str | Path) -> None:
    """Make the new name last through a power cut, where the system can (Windows can't open folders)."""
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Be the one process that writes into ``folder``. The system lets go of it whatever way the process ends.

    Raises:
        UsageError: another process is at work there, or the folder can't be written to.
    """
    name = folder / _LOCK
    with _told(name):
        number = os.open(name, os.O_RDWR | os.O_CREAT, 0o666)
    with open(number, "rb", buffering=0):
        # Without a name it is what the run before has just taken away, and the next one would make its own.
        if not _locked(number) or os.fstat(number).st_nlink == 0:
            raise UsageError(f"Another run is writing into {folder}.", hint="Wait for it, or choose another folder.")
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                name.unlink()


def _locked(number: int) -> bool:
    try:
        import fcntl
    except ImportError:
        import msvcrt

        try:
            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
