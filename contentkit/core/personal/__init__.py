"""Data about people that stand in a text: how to reach them, what identifies them, where they live."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain

from contentkit.core.personal.contacts import contacts
from contentkit.core.personal.datum import Datum as Datum
from contentkit.core.personal.datum import masked as masked
from contentkit.core.personal.lives import lives
from contentkit.core.personal.papers import papers

_NARROW = dict(zip(map(ord, "０１２３４５６７８９－＋（）＠．"), "0123456789-+()@.", strict=True))


_SIGN, _DIGIT = re.compile(r"[\d@＠]"), re.compile(r"\d")
_FEWEST = 6
"""Digits of the shortest number that is looked for."""


def personal(text: str) -> list[Datum]:
    """Every datum of a text in order; of those that overlap what identifies, before what only looks like a number.

    None goes over the end of a line, and lines without digits and "@", which are nearly all, are passed over.
    """
    found, position = list[Datum](), 0
    while sign := _SIGN.search(text, position):
        start = text.rfind("\n", 0, sign.start()) + 1
        position = text.find("\n", sign.start()) + 1 or len(text) + 1
        line = text[start : position - 1]
        narrow = line if line.isascii() else line.translate(_NARROW)
        found += _apart(start, narrow, len(_DIGIT.findall(narrow)))
    return found


def _apart(offset: int, line: str, digits: int) -> list[Datum]:
    looks = chain(papers(line) if digits >= _FEWEST else (), contacts(line, digits), lives(line) if digits else ())
    taken, found = bytearray(len(line)), list[Datum]()
    for datum in looks:
        if not any(taken[datum.start : datum.end]):
            taken[datum.start : datum.end] = b"\1" * (datum.end - datum.start)
            found.append(replace(datum, start=offset + datum.start, end=offset + datum.end))
    return sorted(found, key=lambda datum: datum.start)
