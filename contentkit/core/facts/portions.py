"""Parts of a whole that a text names without a number of its own: "half of them", "one in three", 3人に2人, 半数."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from contentkit.core.facts.measures import hard
from contentkit.core.text.numerals import kanji_value, words_value
from contentkit.core.text.scan import rarely

_WORD = "one|two|three|four|five|six|seven|eight|nine|ten"
_OF = 12
"""Beside round numbers, of so many at the most a text says "one in so many"."""
_ROUND = (15, 20, 25, 30, 40, 50, 100, 200, 500, 1_000, 10_000, 100_000, 1_000_000)
_IN = re.compile(
    rf"\b(?P<part>{_WORD}|[0-9]{{1,3}})\s(?P<joint>in|out\sof|in\severy|out\sof\severy)\s"
    rf"(?P<whole>{_WORD}|twelve|twenty|[0-9]{{1,3}}(?:,?000)*)\b(?![.,]?[0-9])(?:\s(?P<noun>[a-z]+))?",
    re.IGNORECASE,
)
_MAY_BE_IN = re.compile(r" in | out of ")
_COUNTED = "人|名|匹|社|件|世帯|校|軒|台|本|個|回|頭|店|家庭"
_SIGN = "[0-9一二三四五六七八九十百]{1,4}"
_WIDE = re.compile(
    rf"(?<![0-9.,一-十万])(?P<whole>{_SIGN})(?P<counter>{_COUNTED})(?P<joint>に|のうち、?|中)"
    rf"(?P<part>{_SIGN})(?P=counter)(?!ずつ|目)"
)
_MAY_BE_WIDE = re.compile(f"(?:{_COUNTED})(?:に|の|中)")
_HALF = re.compile(
    r"(?:(?<!first\s)(?<!second\s)(?<!other\s)(?<!latter\s)(?<!and\sa\s)(?<![\w-])half"
    r"(?=\s(?:of\s)?(?:the|its|their|our|his|her|all|these|those|them)\b(?!\s(?:time|way|battle|fun|day|night)\b))"
    r"|\b(?:(?:more|less|fewer)\sthan|over|under|about|around|roughly|nearly|almost)\s(?P<hedged>half)\b"
    r"(?!-|\s(?:an?|hour|hourly|past|way|dozen|year|century|the\s(?:time|way))\b))"
    r"|(?P<most>過)?半数|(?<=[約ぼ])半分|半分(?=以[上下])",
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


def portions(text: str) -> Iterator[Portion]:
    """The parts of a text in no order."""
    for found in rarely(_IN, text, _MAY_BE_IN):
        noun, joint = (found["noun"] or "").lower(), found["joint"].lower()
        value = _part(_number(found["part"]), _number(found["whole"]))
        if value is not None and not hard(noun) and noun not in ("percent", "per", "points"):
            yield _portion(found, found.end("whole"), value, counts="out" in joint)
    for found in rarely(_WIDE, text, _MAY_BE_WIDE):
        value = _part(kanji_value(found["part"]), kanji_value(found["whole"]))
        if value is not None:
            yield _portion(found, found.end(), value, counts=found["joint"] != "に")
    for found in rarely(_HALF, text, _MAY_BE_HALF):
        group = "hedged" if found["hedged"] else 0
        yield Portion(*found.span(group), found[group], HALF, over=bool(found["most"]))


def _portion(found: re.Match[str], end: int, value: Fraction, *, counts: bool) -> Portion:
    return Portion(found.start(), end, found.string[found.start() : end], value, counts=counts)


def _number(word: str) -> Fraction | None:
    digits = word.replace(",", "")
    value = int(digits) if digits.isdigit() else words_value(word)
    return None if value is None else Fraction(value)


def _part(part: Fraction | None, whole: Fraction | None) -> Fraction | None:
    if not part or not whole or part >= whole or (whole > _OF and whole not in _ROUND):
        return None
    return part / whole


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
