"""Parts of a whole that a text names without a number of its own: "half of them", "one in three", 3人に2人, 半数."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from contentkit.core.facts.measures import hard
from contentkit.core.text.numbers import Quantity, Value
from contentkit.core.text.scan import rarely

_OF = 12
"""Beside round numbers, of so many at the most a text says "one in so many"."""
_ROUND = (15, 20, 25, 30, 40, 50, 100, 200, 500, 1_000, 10_000, 100_000, 1_000_000)
_LONGEST = 12
_IN = re.compile(r"\s(?P<joint>in|out\sof)\s(?:every\s)?\Z")
_NOT_IN = re.compile(r"\A(?:[.,]?\d|\s(?:per\s?cent|points?|places?|directions?)\b)")
_WIDE = re.compile(r"(?P<counter>人|名|匹|社|件|世帯|校|軒|台|本|個|回|頭|店|家庭)(?P<joint>に|のうち、?|中)\Z")
_EACH = re.compile("ずつ|目")
_HALF = re.compile(
    r"(?:(?<!first\s)(?<!second\s)(?<!other\s)(?<!latter\s)(?<!and\sa\s)(?<![\w-])half"
    r"(?=\s(?:of\s)?(?:the|its|their|our|his|her|all|these|those|them)\b(?!\s(?:time|way|battle|fun|day|night)\b))"
    r"|\b(?:(?:more|less|fewer)\sthan|over|under|about|around|roughly|nearly|almost)\s(?P<hedged>half)\b"
    r"(?!-|\s(?:an?|hour|hourly|past|way|dozen|year|century|the\s(?:time|way))\b))"
    r"|(?P<most>過)?半数|(?<=[約ぼ])半分|半分(?=以[上下])|(?<=[^りのう後前]の)半分(?=[がはをに])",
    re.IGNORECASE,
)
_MAY_BE_HALF = re.compile("half|半[数分]")
_ANY_HALF = re.compile(r"\bhal(?:f|ves?|ved|ving)\b|半[数分減額]|折半|倍増|[2２二]倍", re.IGNORECASE)
_STEP = 8
"""Percent that "more than a third" may be more than that."""
HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Portion:
    """A part of a whole.

    Attributes:
        over: the words themselves say that it is more: 過半数.
        counts: its two numbers may also be numbers of things, as in "4 out of 6 pots".
    """

    start: int
    end: int
    text: str
    value: Fraction
    over: bool = False
    counts: bool = False


def portions(text: str, numbers: Sequence[Quantity]) -> Iterator[Portion]:
    """The parts of a text in no order.

    Args:
        numbers: its numbers in order.
    """
    for one, other in pairwise(numbers):
        if 0 < other.start - one.end <= _LONGEST and one.kind == other.kind == "number":
            yield from _of_two(text, one, other)
    for found in rarely(_HALF, text, _MAY_BE_HALF) if "alf" in text or "半" in text else ():
        group = "hedged" if found["hedged"] else 0
        yield Portion(*found.span(group), found[group], HALF, over=bool(found["most"]))


def _of_two(text: str, one: Quantity, other: Quantity) -> Iterator[Portion]:
    """The part that two numbers make: "one in three", and in the other order 3人に1人."""
    between, end = text[one.end : other.start], other.end
    if found := _IN.match(between):
        value = _part(one.value, other.value)
        counts = found["joint"] != "in"
        if hard(other.unit) or _NOT_IN.match(text[end : end + _LONGEST]):
            return
    elif found := _WIDE.match(between):
        value = _part(other.value, one.value)
        counts, end = found["joint"] != "に", end + len(found["counter"])
        if not text.startswith(found["counter"], other.end) or _EACH.match(text, end):
            return
    else:
        return
    if value is not None:
        yield Portion(one.start, end, text[one.start : end], value, counts=counts)


def _part(part: Value, whole: Value) -> Fraction | None:
    if not isinstance(part, Fraction) or not isinstance(whole, Fraction) or not 0 < part < whole:
        return None
    return part / whole if whole.denominator == 1 and (whole <= _OF or whole in _ROUND) else None


def says_half(text: str) -> bool:
    """Whether a text speaks of a half, or of twice as much, in any words."""
    return bool(_ANY_HALF.search(text))


def reach(value: Fraction, how: str, off: Fraction) -> tuple[Fraction, Fraction]:
    """From where to where the percentage of a part may be.

    Args:
        how: how the part is meant, as ``hedges.meant`` tells it.
        off: percent by which a part that is meant so may be off.
    """
    percent, little = 100 * value, off / 4
    match how:
        case "over":
            return percent - little, percent + _STEP
        case "under":
            return percent - _STEP, percent + little
        case "about":
            return percent - 2 * off, percent + 2 * off
        case _:
            return percent - off, percent + off
