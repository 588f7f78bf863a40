"""The record of one row: what was asked and answered for it, in this run and in earlier ones."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Protocol

from contentkit.core.chat import Finish, Reply, Request
from contentkit.kit import cache
from contentkit.models.record import Noted

Statement = tuple[str, tuple[object, ...]]
"""SQL and its values."""


class Writer(Protocol):
    """Whoever has statements written: the journal."""

    def put(self, *statements: Statement, lasting: bool = True) -> Awaitable[None]: ...


class RowRecord:
    """The record of one row (``models/record.py``): its replies of earlier runs, found by the question.

    A question that is not the same as then (a page changed meanwhile) gets the reply that stands in its place: it was
    paid for, and asking again would be paying again. ``stale`` says so.

    Args:
        again: such a question is asked anew instead.
    """

    def __init__(self, journal: Writer, row: int, *, again: bool = False) -> None:
        self._journal = journal
        self._row = row
        self._again = again
        self._kept: dict[int, tuple[str, Reply, float | None]] = {}
        self._places: list[int] = []  # numbers of the replies in their order
        self._asked = 0
        self._last = 0
        self._keys: dict[int, str] = {}
        self.out = False
        self.stale = False

    @property
    def answered(self) -> bool:
        """See ``models/record.py``."""
        return bool(self._places)

    def known(self, number: int, kept: tuple[str, Reply, float | None] | None, *, out: bool = False) -> None:
        """A question of an earlier run; None where it has no reply of use. ``out``: a vendor has it."""
        self._last = max(self._last, number)
        self.out |= out
        if kept is not None:
            self._kept[number] = kept
            self._places.append(number)

    async def note(self, target: str, request: Request) -> Noted:
        key = cache.key(target, request)
        place, self._asked = self._asked, self._asked + 1
        same = (number for number, kept in self._kept.items() if kept[0] == key)
        number = next(same, self._places[place] if place < len(self._places) and not self._again else 0)
        if number in self._kept:
            known, reply, cost = self._kept.pop(number)
            self.stale |= known != key
            return Noted(number, reply, cost)
        self._last += 1
        self._keys[self._last] = key
        return Noted(self._last)

    async def sent(self, number: int, cost: float | None) -> None:
        values = (self._row, number, self._keys.pop(number), cost)
        await self._journal.put(
            ("INSERT INTO questions (row, number, key, held) VALUES (?, ?, ?, ?)", values), lasting=False
        )

    def handed_over(self, key: str, cost: float | None, tag: str) -> Statement:
        """What puts down a question that is part of an upload."""
        self._last += 1
        values = (self._row, self._last, key, cost, tag)
        return "INSERT INTO questions (row, number, key, held, upload) VALUES (?, ?, ?, ?, ?)", values

    async def replied(self, number: int, reply: Reply, cost: float | None) -> None:
        values = (cache.to_json(reply), cost, sound(reply), self._row, number)
        await self._journal.put(
            ("UPDATE questions SET reply = ?, cost = ?, sound = ? WHERE row = ? AND number = ?", values)
        )

    async def refused(self, number: int) -> None:
        await self._journal.put(
            ("DELETE FROM questions WHERE row = ? AND number = ?", (self._row, number)), lasting=False
        )


def sound(reply: Reply) -> bool:
    """Whether it is of use should the row be tried again."""
    return reply.finish is Finish.STOP and bool(reply.text.strip())
