"""Rows of a batch that are done, and whose sources say something else by now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contentkit.core.errors import ContentkitError
from contentkit.core.report import digest

if TYPE_CHECKING:
    from contentkit.batches.enrol import Order
    from contentkit.kit.journal import Journal
    from contentkit.kit.kit import Kit

_ELSEWHERE = ("http://", "https://", "git:", "diff:")


async def changed_rows(kit: Kit, journal: Journal, order: Order, *, shared: bool = False) -> list[int]:
    """Numbers of the done rows that rest on files which have changed since, each file read once.

    Pages are not fetched to look, and a file that is gone or can't be read says nothing new.

    Args:
        shared: look only at the sources that all rows have, which are read anyway.
    """
    if shared and not order.sources:
        return []
    now = await _marks(kit, order.sources)
    found = []
    for outcome in journal.outcomes():
        marks = (outcome.report or {}).get("digests", {}) if outcome.state == "done" else {}
        for origin in marks if not shared else ():
            if origin not in now:
                now |= {origin: ""} | await _marks(kit, [origin])
        if any(now.get(origin) not in (None, "", mark) for origin, mark in marks.items()):
            found.append(outcome.number)
    return found


async def _marks(kit: Kit, sources: tuple[str, ...] | list[str]) -> dict[str, str]:
    """Origin -> mark of what each file of the sources says now."""
    from contentkit.kit.reading import read_all

    marks: dict[str, str] = {}
    for source in sources:
        if source.startswith(_ELSEWHERE):
            continue
        try:
            reading = kit.readings.get(source) or await read_all([source], kit.config.read)
        except ContentkitError:
            continue
        marks |= {text.origin: digest(text.text) for text in reading.texts}
    return marks
