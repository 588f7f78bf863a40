"""What a run may spend, shared by all its questions: counted when it is spent, held back while a question is out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Purse:
    """US dollars of one run. Prices before an answer are estimates.

    Args:
        most: the bound; None for none.
        spent: what earlier parts of the same run cost.
        patient: a question for which there is no room only because money is held back for others waits for them; else
            it is refused at once.
    """

    def __init__(self, most: float | None = None, spent: float = 0.0, *, patient: bool = False) -> None:
        self.most = most
        self.spent = spent
        self.patient = patient
        self._held = 0.0
        self._freed = asyncio.Event()

    @property
    def promised(self) -> float:
        """What is gone whatever comes: spent, and for who does not wait also held back."""
        return self.spent + (0.0 if self.patient else self._held)

    async def room(self, cost: float) -> None:
        """Wait as long as others that are out may leave room for ``cost``. There may be none even then."""
        while self.patient and self.most is not None and self._held > 0 and self.spent + self._held + cost > self.most:
            self._freed.clear()
            await self._freed.wait()

    @contextmanager
    def holding(self, cost: float) -> Iterator[None]:
        """Hold ``cost`` back while a question is out, so that questions side by side keep the bound together."""
        self._held += cost
        try:
            yield
        finally:
            self._held = max(self._held - cost, 0.0)
            self._freed.set()
