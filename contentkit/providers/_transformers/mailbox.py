"""Events on their way from a worker thread to the event loop."""

from __future__ import annotations

import asyncio
import time
from collections import deque

from contentkit.core.chat import Event, TextDelta

_PAUSE = 0.01  # seconds; waking the loop for each token of a fast model costs more than making the token


class Mailbox:
    """One thread puts events in, one coroutine takes them out, in order.

    Pieces of text of the same hundredth of a second arrive together, as one.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._box: deque[Event] = deque()
        self._bell = asyncio.Event()
        self._rung = 0.0
        self._closed = False
        self._error: Exception | None = None

    def put(self, event: Event) -> None:
        """Called by the thread."""
        self._box.append(event)
        now = time.perf_counter()
        if now - self._rung >= _PAUSE or not isinstance(event, TextDelta):
            self._rung = now
            self._ring()

    def close(self, error: Exception | None = None) -> None:
        """Called by the thread, last."""
        self._error = error
        self._closed = True
        self._ring()

    async def take(self) -> list[Event]:
        """What came since the last call, waiting for something to come; empty when nothing will come any more.

        Raises:
            Exception: what the thread closed with, once everything before was taken.
        """
        while not self._box and not self._closed:
            await self._bell.wait()
            self._bell.clear()
        taken: list[Event] = []
        while self._box:
            event = self._box.popleft()
            if isinstance(event, TextDelta) and taken and isinstance(taken[-1], TextDelta):
                taken[-1] = TextDelta(taken[-1].text + event.text)
            else:
                taken.append(event)
        if not taken and self._error is not None:
            raise self._error
        return taken

    def _ring(self) -> None:
        try:
            self._loop.call_soon_threadsafe(self._bell.set)
        except RuntimeError:  # the loop is closed: nobody listens any more
            self._box.clear()
