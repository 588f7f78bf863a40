"""How fast one provider is asked: so many questions at a time, so many questions and tokens a minute."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager

_WAITING = 4
"""One comes next for so many whose turn it is."""


class Pace:
    """Questions leave evenly spaced, never in a burst: vendors count by the second what they name by the minute.

    Attributes:
        next: is held by those whose turn it is and by a few who come next, which is time to make ready.

    Args:
        at_once: most questions being answered at a time; None for no bound.
        requests, tokens: most questions, and most tokens (read and written), in a minute; None for no bound.
        clock, sleep: seconds that only go on, and how to wait; tests bring their own.
    """

    def __init__(
        self,
        *,
        at_once: int | None = None,
        requests: float | None = None,
        tokens: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._lane, self.next = _room(at_once), _room(at_once and at_once + max(1, at_once // _WAITING))
        self._each = 60.0 / requests if requests else 0.0  # seconds that a question takes up
        self._token = 60.0 / tokens if tokens else 0.0  # seconds that a token takes up
        self._clock, self._sleep = clock, sleep
        self._requests_free = self._tokens_free = 0.0  # when the next question may leave

    @contextlib.asynccontextmanager
    async def turn(self, tokens: int) -> AsyncIterator[None]:
        """Wait for one's turn, and hold it while the question is being answered.

        Args:
            tokens: of the question and the answer, estimated.
        """
        async with self._lane:
            if wait := self._next(tokens):
                await self._sleep(wait)
            yield

    def spent(self, estimated: int, counted: int) -> None:
        """Put right what ``turn`` reckoned with, once the vendor has counted."""
        self._tokens_free += (counted - estimated) * self._token

    def _next(self, tokens: int) -> float:
        """Seconds to wait; the place in the row is taken now, so that who comes next waits longer."""
        now = self._clock()
        leave = max(now, self._requests_free, self._tokens_free)
        self._requests_free = leave + self._each
        self._tokens_free = leave + tokens * self._token
        return leave - now


def _room(size: int | None) -> AbstractAsyncContextManager[object]:
    return asyncio.Semaphore(size) if size else contextlib.nullcontext()
