"""Data about people that stand in a text: how to reach them, what identifies them, where they live."""

from __future__ import annotations

import re
from dataclasses import replace

from contentkit.core.personal.contacts import contacts
from contentkit.core.personal.datum import Datum as Datum
from contentkit.core.personal.datum import masked as masked
from contentkit.core.personal.lives import lives
from contentkit.core.personal.papers import papers

_WIDE, _NARROW = "０１２３４５６７８９－＋（）＠．", "0123456789-+()@."
_SIGN, _DIGIT = re.compile(r"[\d@]"), re.compile(r"\d")
_FEWEST = 6
"""Digits of the shortest number that is looked for."""


def personal(text: str) -> list[Datum]:
    """Every datum of a text in order; of those that overlap what identifies, before what only looks like a number.

    None goes over the end of a line, and lines without digits and "@", which are nearly all, are passed over.
    """
    found, position = list[Datum](), 0
    narrow = _narrowed(text)
    while sign := _SIGN.search(narrow, position):
        start = narrow.rfind("\n", 0, sign.start()) + 1
        position = narrow.find("\n", sign.start()) + 1 or len(text) + 1
        found += _apart(start, narrow[start : position - 1])
    return found


def _narrowed(text: str) -> str:
    """The text with digits and signs of full width as those of ASCII, place for place."""
    if not text.isascii():
        for wide, narrow in zip(_WIDE, _NARROW, strict=True):
            text = text.replace(wide, narrow)
    return text


def _apart(offset: int, line: str) -> list[Datum]:
    digits = len(_DIGIT.findall(line))
    data = [*papers(line, digits)] if digits >= _FEWEST else []
    data += contacts(line, digits)
    data += lives(line) if digits else ()
    if not data:
        return data
    taken, found = bytearray(len(line)), list[Datum]()
    for datum in data:
        if not any(taken[datum.start : datum.end]):
            taken[datum.start : datum.end] = b"\1" * (datum.end - datum.start)
            found.append(replace(datum, start=offset + datum.start, end=offset + datum.end))
    return sorted(found, key=lambda datum: datum.start)
