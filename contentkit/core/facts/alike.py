"""Whether two numbers can be of one thing: by their units, by their kinds, by what stands around them."""

from __future__ import annotations

import re
from bisect import bisect_left
from fractions import Fraction
from itertools import islice, takewhile

from contentkit.core.facts.measures import TIMES, both_people, telling
from contentkit.core.facts.sited import Sited
from contentkit.core.text.numbers import Quantity

_SMALL = 20
_CURRENCY = re.compile(r"[A-Z]{3}")
_BESIDE = 60
_WORDS = re.compile(r"[^\W\d_]+")


def may_be(one: Quantity, other: Quantity) -> bool:
    """Whether two equal values can be one number: a percentage is none of things, and dollars are no euros."""
    if (one.kind == "percent") != (other.kind == "percent") or (one.unit in TIMES and other.unit not in ("", *TIMES)):
        return False
    if one.kind == other.kind == "money" and _CURRENCY.fullmatch(one.unit) and _CURRENCY.fullmatch(other.unit):
        return one.unit == other.unit
    return True


def is_small(one: Quantity) -> bool:
    """2 to 20; of one thing texts say "a" or "an"."""
    return isinstance(one.value, Fraction) and one.value.denominator == 1 and 1 < abs(one.value) <= _SMALL


def is_of(found: Sited, said: str, unit: str) -> bool:
    """Whether a number without a unit may be of this one: the unit stands around it, or another number with it ("4 to
    5 hours", "of 5 doors 3 are open"), or it stands in a table, whose head may have the unit."""
    text, one = found.witness.text, found.quantity
    line = text.rfind("\n", 0, one.start) + 1
    if text[line : line + 1] == "|":
        return True
    first, last = max(0, one.start - _BESIDE), one.end + _BESIDE
    around = text[first:last].casefold()
    if said in around if not said.isascii() else unit in {telling(word) for word in _WORDS.findall(around)}:
        return True
    numbers = found.witness.quantities
    at = bisect_left(numbers, first, key=lambda other: other.start)
    beside = takewhile(lambda other: other.start < last, islice(numbers, at, None))
    return any(telling(other.unit) == unit for other in beside)


def counts_others(found: Sited, one: Quantity) -> bool:
    """Whether a number is surely of other things than a measure: Japanese says with every number what it counts."""
    unit = telling(found.quantity.unit)
    return not found.quantity.unit.isascii() and unit != telling(one.unit) and found.quantity.unit not in ("倍", "度")


def like(one: Quantity, other: Quantity) -> bool:
    """Whether two numbers can be of the same thing."""
    units = telling(one.unit), telling(other.unit)
    if not may_be(one, other):
        return False
    return one.kind != "number" or not all(units) or units[0] == units[1] or both_people(*units)


def about(value: Fraction, other: Fraction) -> bool:
    """Whether one may be the other with a slip: the same number of digits before the point."""
    return len(str(int(abs(value)))) == len(str(int(abs(other))))


def mark_of(found: Sited) -> str:
    return f"[{found.witness.number}]" if found.witness.number else found.witness.name
