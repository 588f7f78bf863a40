"""What a run that may be killed keeps of its questions: the socket; ``kit/journal.py`` fills it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from contentkit.core.chat import Reply, Request


@dataclass(frozen=True, slots=True)
class Noted:
    """A question in a record: its number there, and the reply that it got in an earlier run, with its price.

    Attributes:
        cost: US dollars; None when the price is unknown.
    """

    number: int
    reply: Reply | None = None
    cost: float | None = None


class Record(Protocol):
    """Where every question and every reply of a piece is put down before anything is made of it, so that a run that was
    killed goes on without asking twice (``kit/journal.py``)."""

    @property
    def answered(self) -> bool:
        """There is a reply of an earlier run, so that a part of the price is paid."""
        ...

    async def note(self, target: str, request: Request) -> Noted: ...

    async def sent(self, number: int, cost: float | None) -> None:
        """It is sent next. ``cost`` is the estimate."""
        ...

    async def replied(self, number: int, reply: Reply, cost: float | None) -> None:
        """The reply is kept for good when this returns."""
        ...

    async def refused(self, number: int) -> None:
        """The vendor said no: nothing was answered, and nothing is owed."""
        ...
