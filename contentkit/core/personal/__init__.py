"""Data about people that stand in a text: how to reach them, what identifies them, where they live."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

from contentkit.core.personal.contacts import contacts
from contentkit.core.personal.datum import Datum as Datum
from contentkit.core.personal.datum import masked as masked
from contentkit.core.personal.lives import lives
from contentkit.core.personal.papers import papers

_NARROW = dict(zip(map(ord, "０１２３４５６７８９－＋（）＠．"), "0123456789-+()@.", strict=True))


_FEWEST = 6
"""Digits of the shortest number that is looked for."""


def personal(text: str) -> list[Datum]:
    """Every datum of a text in order; of those that overlap what identifies, before what only looks like a number.

    None goes over the end of a line, and lines without digits and "@", which are nearly all, are passed over.
    """
    found, start = list[Datum](), 0
    for line in text.split("\n"):
        digits = sum(map(line.count, "0123456789")) if line.isascii() else sum(map(str.isdigit, line))
        if digits or "@" in line or "＠" in line:
            narrow = line if line.isascii() else line.translate(_NARROW)
            found += _apart(start, narrow, digits)
        start += len(line) + 1
    return found


def _apart(offset: int, line: str, digits: int) -> list[Datum]:
    looks = chain(papers(line) if digits >= _FEWEST else (), contacts(line), lives(line) if digits else ())
    taken, found = bytearray(len(line)), list[Datum]()
    for datum in looks:
        if not any(taken[datum.start : datum.end]):
            taken[datum.start : datum.end] = b"\1" * (datum.end - datum.start)
            found.append(replace(datum, start=offset + datum.start, end=offset + datum.end))
    return sorted(found, key=lambda datum: datum.start)
