"""Running work that computes and hardly waits, so that Ctrl-C ends it at once."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Coroutine
from typing import Any, NoReturn, TypeVar

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """``asyncio.run``, but Ctrl-C (and so SIGTERM, see ``cli.py``) raises where the code is. asyncio alone would ask
    the task to stop at its next wait, which a check of a large text reaches at its end.

    For what makes nothing that a stop could leave half done: files are written after it, each whole or not at all.

    Raises:
        KeyboardInterrupt: the user stopped it.
    """
    if threading.current_thread() is not threading.main_thread():
        return asyncio.run(work)
    before = signal.signal(signal.SIGINT, _stop)
    try:
        return asyncio.run(work)
    finally:
        signal.signal(signal.SIGINT, before)


def _stop(number: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt
