"""Running work that computes, so that Ctrl-C ends it at once, or within a second with what there is by then."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn, TypeVar

T = TypeVar("T")

_STOPPED = 130
_PATIENCE = 0.5
"""Seconds that code may compute on after Ctrl-C before it is stopped where it is."""


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


def in_order(work: Coroutine[Any, Any, int]) -> int:
    """``asyncio.run`` for what keeps the part of an answer that came: Ctrl-C asks the task to stop at its next wait.
    Where it computes on instead, a stop is raised there, half a second later; after a second Ctrl-C at once.

    Returns:
        The exit code of the work; 130 where it was stopped and told what there was.

    Raises:
        KeyboardInterrupt: it was stopped, and there was nothing to tell.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        return asyncio.run(work)
    return _Watch().run(work)


@contextmanager
def unhurried() -> Iterator[None]:
    """For handing an answer over, whole: only a second Ctrl-C stops what is done here ``in_order``."""
    _Watch.unhurried = True
    try:
        yield
    finally:
        _Watch.unhurried = False


class _Watch:
    """Looks after one run: whether its loop still comes round once it was asked to stop."""

    unhurried = False

    def __init__(self) -> None:
        self.task: asyncio.Task[Any] | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self.asked = self.raised = self.came_round = False

    def run(self, work: Coroutine[Any, Any, int]) -> int:
        async def watched() -> int:
            self.task, self.loop = asyncio.current_task(), asyncio.get_running_loop()
            return await work

        before = signal.signal(signal.SIGINT, self._ask), signal.signal(signal.SIGALRM, self._look)
        try:
            code = asyncio.run(watched())
            return _STOPPED if self.asked else code
        except asyncio.CancelledError:
            if not self.asked:
                raise
            raise KeyboardInterrupt from None
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGINT, before[0])
            signal.signal(signal.SIGALRM, before[1])

    def _ask(self, number: int, frame: object) -> None:
        if self.asked or self.loop is None or self.loop.is_closed():
            self._raise()
        self.asked = True
        self.loop.call_soon_threadsafe(self._cancel)
        signal.setitimer(signal.ITIMER_REAL, _PATIENCE, _PATIENCE)

    def _cancel(self) -> None:
        self.came_round = True
        if self.task and not self.raised:  # once is enough: what a stop was made of is to be told
            self.task.cancel()

    def _look(self, number: int, frame: object) -> None:
        assert self.loop is not None
        if self.unhurried:
            return
        if not self.came_round:
            self._raise()
        self.came_round = False
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._come_round)

    def _raise(self) -> NoReturn:
        self.raised = True
        signal.setitimer(signal.ITIMER_REAL, 0)  # a large answer takes a while to be kept and laid out
        raise KeyboardInterrupt

    def _come_round(self) -> None:
        self.came_round = True


def _stop(number: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt
