"""A command of the user's configuration that prints findings. It runs without a shell, in the work tree."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from contentkit.analyzers import _rdjson, _sarif
from contentkit.analyzers._reading import Texts
from contentkit.core.errors import ContentkitError, UsageError
from contentkit.core.report import Finding
from contentkit.core.secrets import mask

FORMATS: Mapping[str, Callable[..., list[Finding]]] = {
    "sarif": _sarif.findings,
    "rdjson": _rdjson.findings,
    "rdjsonl": _rdjson.findings,
}
_LARGEST = 64_000_000
_GLANCE = 0.2
"""Seconds between two looks whether the user wants to stop."""


def run(
    command: Sequence[str],
    form: str,
    *,
    root: str,
    timeout: float = 120.0,
    text_of: Texts | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> list[Finding]:
    """What ``command`` finds. Its exit code may say that it found something; only no readable output is a failure.

    Args:
        command: program and arguments, as separate words.
        form: "sarif", "rdjson" or "rdjsonl".
        root: folder to run in.
        timeout: seconds.
        text_of: as in the readers.
        stopped: asked while it runs; True ends it.

    Raises:
        UsageError: the command or the format is none.
        ContentkitError: it could not be run, was stopped, took too long, printed too much, or printed something else.
    """
    if form not in FORMATS:
        raise UsageError(f"{form!r} is no format of findings.", hint=f"Use {', '.join(FORMATS)}.")
    if not command or not command[0]:
        raise UsageError("A tool without a command finds nothing.", hint='Write command = ["program", "argument"].')
    if not root or not Path(root).is_dir():
        raise ContentkitError(f"{command[0]} needs a work tree to run in, and this change has none.")
    text, errors, code = _output(command, root, timeout, stopped)
    if not text.strip():
        if code == 0:
            return []
        raise ContentkitError(f"{command[0]} ended with {code} and printed no findings{_said(errors)}.")
    try:
        return FORMATS[form](text, root=root, text_of=text_of)
    except UsageError as error:
        raise ContentkitError(f"{command[0]} ended with {code} and printed no {form}{_said(errors)}.") from error


def _output(command: Sequence[str], root: str, timeout: float, stopped: Callable[[], bool]) -> tuple[str, str, int]:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        try:
            process = subprocess.Popen(
                list(command), cwd=root, stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True
            )
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or "the command holds a character that none may"
            raise ContentkitError(
                f"{command[0]} could not be started: {why}.", hint="Install it, or take it out of [review.tools]."
            ) from None
        try:
            code = _ended(process, command[0], timeout, stopped)
        finally:
            _end(process)
        if out.seek(0, os.SEEK_END) > _LARGEST:
            raise ContentkitError(f"{command[0]} printed more than {_LARGEST // 1_000_000} MB.")
        return _text(out, _LARGEST), _text(err, 4000), code


def _ended(process: subprocess.Popen[bytes], name: str, timeout: float, stopped: Callable[[], bool]) -> int:
    """The exit code. The command is of another process group, so that Ctrl-C does not reach it but by us."""
    patience = time.monotonic() + timeout
    while not stopped():
        left = patience - time.monotonic()
        if left <= 0:
            raise ContentkitError(f"{name} took more than {timeout:g} seconds.")
        try:
            return process.wait(min(left, _GLANCE))
        except subprocess.TimeoutExpired:
            continue
    raise ContentkitError(f"{name} was stopped.")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Stop the command and what it started, if it still runs."""
    if process.poll() is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (OSError, AttributeError):  # no process groups on Windows
            process.kill()
        process.wait()


def _text(file: IO[bytes], most: int) -> str:
    file.seek(0)
    return file.read(most).decode("utf-8", "replace")


def _said(errors: str) -> str:
    line = next((line.strip() for line in reversed(errors.split("\n")) if line.strip()), "")
    return f" ({mask(line[:200])})" if line else ""
