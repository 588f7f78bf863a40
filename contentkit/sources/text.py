"""Files, folders, patterns (``docs/**/*.md``) and ``-``, the standard input."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from pathlib import Path

from contentkit.core.errors import UsageError
from contentkit.core.piece import STDIN, Reading, ReadLimits
from contentkit.core.report import Covered
from contentkit.core.text.decode import NoText
from contentkit.sources._convert import convert
from contentkit.sources._files import Found, find, is_pattern, read_bytes, too_large


def takes(reference: str) -> bool:
    """Everything that no other source takes is a path."""
    return True


async def read(reference: str, limits: ReadLimits) -> Reading:
    """The text of a file, of all files of a folder or pattern, or of the standard input.

    A file that was named itself must be readable. Of a folder or a pattern, what is no text is skipped and what can't
    be read has failed, each with its reason; at least one file must be left.

    Raises:
        UsageError: nothing could be read; the sentence says why.
    """
    if reference == "-":
        return convert(await _stdin(limits.max_bytes), name=STDIN, limits=limits)
    if not reference.strip():
        raise UsageError("--from was given an empty name.")
    if "://" in reference.split("/", 1)[0] + "//" and not os.path.exists(reference):
        scheme = reference.split(":", 1)[0]
        raise UsageError(f"--from does not know {scheme}://.", hint="Give a path, an http(s) address, git:RANGE, or -.")
    path = str(Path(reference).expanduser())
    if "\0" in path:
        raise UsageError("A file name can't hold a NUL character.")
    return await asyncio.to_thread(_read_path, path, limits)


def _read_path(path: str, limits: ReadLimits) -> Reading:
    if is_pattern(path) or os.path.isdir(path):
        return _read_all(path, limits)
    name = Path(path).as_posix()
    return convert(read_bytes(Path(path), limits.max_bytes), name=name, limits=limits)


def _read_all(reference: str, limits: ReadLimits) -> Reading:
    reading, left = Reading(), limits.max_bytes
    for found in find(reference):
        one, size = _read_found(found, limits, left)
        left -= size
        reading += one
    if not reading.texts:
        raise _nothing(reference, reading.covered)
    return reading


def _read_found(found: Found, limits: ReadLimits, left: int) -> tuple[Reading, int]:
    name = found.path.as_posix()
    if found.skipped:
        return Reading(covered=(Covered(name, "skipped", found.skipped),)), 0
    try:
        data = read_bytes(found.path, limits.max_bytes)
        if len(data) > left:
            raise UsageError(f"The files before it reached the limit of {limits.max_bytes:,} bytes.")
        return convert(data, name=name, limits=limits), len(data)
    except NoText as error:
        return Reading(covered=(Covered(name, "skipped", error.message.removeprefix(f"{name} ")),)), 0
    except UsageError as error:
        return Reading(covered=(Covered(name, "failed", str(error).removeprefix(f"{name} ")),)), 0


def _nothing(reference: str, covered: tuple[Covered, ...]) -> UsageError:
    what = "No file to read matches" if is_pattern(reference) else "There is no file to read in the folder"
    left = "; ".join(f"{unit.name}: {unit.reason.rstrip('.')}" for unit in covered[:3])
    more = f"; and {len(covered) - 3} more" if len(covered) > 3 else ""
    return UsageError(f"{what} {reference!r}.", hint=f"Left out: {left}{more}." if left else "")


async def _stdin(most: int) -> bytes:
    """All of the standard input. A thread that nobody waits for reads it, so that Ctrl-C works while a pipe is silent.

    Raises:
        UsageError: nothing is piped in, or too much.
    """
    if sys.stdin is None or sys.stdin.closed or sys.stdin.isatty():
        raise UsageError(
            "--from - reads the standard input, but nothing is piped in.", hint="Try: cat FILE | contentkit ..."
        )
    loop = asyncio.get_running_loop()
    done: asyncio.Future[bytes] = loop.create_future()

    def tell(data: bytes, error: OSError | None) -> None:
        if not done.done():
            done.set_exception(error) if error else done.set_result(data)

    def work() -> None:
        data, failed = b"", None
        try:
            data = _read_unbuffered(most + 1)
        except OSError as error:
            failed = error
        if not loop.is_closed():
            loop.call_soon_threadsafe(tell, data, failed)

    threading.Thread(target=work, daemon=True, name="stdin").start()
    try:
        data = await done
    except OSError as error:
        raise UsageError(f"The standard input can't be read: {error.strerror}.") from None
    if len(data) > most:
        raise too_large("The standard input", len(data), most)
    return data


def _read_unbuffered(most: int) -> bytes:
    """Past ``sys.stdin.buffer``: of a thread that waits in there, holding its lock, Python dies at exit."""
    try:
        number = sys.stdin.fileno()
    except OSError:  # no file of the system: a program that embeds us put something there
        return sys.stdin.buffer.read(most)
    data = bytearray()
    while len(data) < most and (more := os.read(number, min(most - len(data), 1_000_000))):
        data += more
    return bytes(data)
