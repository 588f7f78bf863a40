"""Centuries, and quarters, seasons and halves of a year, of a text against the years of the material."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from contentkit.core.facts.days import is_year
from contentkit.core.facts.material import Witness
from contentkit.core.facts.verdict import SAID, Verdict
from contentkit.core.text.dates import Date
from contentkit.core.text.numbers import Quantity
from contentkit.core.text.scan import rarely

_ORDINALS = {
    name: number
    for number, names in {
        1: "first 1st 一", 2: "second 2nd 二", 3: "third 3rd 三", 4: "fourth 4th 四", 15: "fifteenth", 16: "sixteenth",
        17: "seventeenth", 18: "eighteenth", 19: "nineteenth", 20: "twentieth", 21: "twenty-first",
    }.items()
    for name in names.split()
}  # fmt: skip
_CENTURY = re.compile(r"(?:st|nd|rd|th)?[ \u00a0-]centur(?:y|ies)\b|世紀")
_SPELLED = re.compile(
    rf"\b(?P<word>{'|'.join(name for name in _ORDINALS if len(name) > 8)})[ \u00a0-]centur(?:y|ies)\b", re.IGNORECASE
)
_MAY_BE_SPELLED = re.compile("th centur|-first centur")
_BEFORE = re.compile(
    r"\b(?:(?P<nth>first|second|third|fourth|1st|2nd|3rd|4th)\s(?P<what>quarter|half)|q(?P<q>[1-4])"
    r"|(?P<season>spring|summer|autumn|fall|winter))\s(?:of\s|in\s)?(?:fiscal\s(?:year\s)?|FY\s?)?\Z",
    re.IGNORECASE,
)
_AFTER = re.compile(r"年?(?:度)?の?(?:(?P<season>[春夏秋冬])|第(?P<q>[1-4一二三四])四半期|(?P<half>[上下])(?:半)?期)")
_LONGEST = 40
_YEAR_SIGNS = (4, 5)  # 2025, 2025年
_SEASONS = {"春": "spring", "夏": "summer", "秋": "autumn", "冬": "winter", "fall": "autumn"}
_HALVES = {"上": "half 1", "下": "half 2"}
_MONTHS = {
    "spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (12, 2), "half 1": (1, 6), "half 2": (7, 12),
    "quarter 1": (1, 3), "quarter 2": (4, 6), "quarter 3": (7, 9), "quarter 4": (10, 12),
}  # fmt: skip
_PARTS = ("quarter", "half")
"""Of these a text may name the months that they go from and to; of a season nobody knows them so well."""


@dataclass(frozen=True, slots=True)
class Period:
    """A span of time that a text names.

    Attributes:
        part: "quarter 3", "autumn", "half 1"; "century" for one.
        number: the year, or the century.
    """

    start: int
    end: int
    text: str
    part: str
    number: int


def periods(text: str, numbers: Sequence[Quantity]) -> Iterator[Period]:
    """The centuries, and the parts of years that are named with their year.

    Args:
        numbers: the numbers and dates of the text in order.
    """
    for one in numbers:
        if len(one.text) in _YEAR_SIGNS and (year := _year(one)):
            yield from _parts(text, one, year)
    if "centur" in text or "世紀" in text:
        yield from _centuries(text, numbers)


def _centuries(text: str, numbers: Sequence[Quantity]) -> Iterator[Period]:
    for one in numbers:
        value = one.value
        if isinstance(value, Fraction) and value.denominator == 1 and (found := _CENTURY.match(text, one.end)):
            yield Period(one.start, found.end(), text[one.start : found.end()], "century", int(value))
    for spelled in rarely(_SPELLED, text, _MAY_BE_SPELLED):
        yield Period(*spelled.span(), spelled[0], "century", _ORDINALS[spelled["word"].lower()])


def _year(one: Quantity) -> int:
    """The year that a number or a date without a month is; 0 for anything else."""
    if one.kind == "date":
        return one.value.year or 0 if isinstance(one.value, Date) and one.value.month is None else 0
    return int(one.text) if is_year(one) else 0


def _parts(text: str, one: Quantity, year: int) -> Iterator[Period]:
    """The part of a year that is named beside it."""
    if found := _BEFORE.search(text, max(0, one.start - _LONGEST), one.start):
        season = (found["season"] or "").lower()
        number = (found["nth"] or found["q"] or "").lower()
        part = (
            _SEASONS.get(season, season) or f"{(found['what'] or 'quarter').lower()} {_ORDINALS.get(number) or number}"
        )
        yield Period(found.start(), one.end, text[found.start() : one.end], part, year)
    elif found := _AFTER.match(text, one.end):
        quarter = _ORDINALS.get(found["q"] or "") or found["q"]
        part = _SEASONS.get(found["season"] or "") or _HALVES.get(found["half"] or "") or f"quarter {quarter}"
        yield Period(one.start, found.end(), text[one.start : found.end()], part, year)


class Periods:
    """Those of the material, and its years and months."""

    def __init__(self, witnesses: Sequence[Witness], dates: Iterable[Date]) -> None:
        self._known: defaultdict[str, dict[int, tuple[str, Witness]]] = defaultdict(dict)
        for witness in witnesses:
            for one in periods(witness.text, witness.quantities):
                self._known[one.part].setdefault(one.number, (one.text, witness))
        dates = list(dates)
        self._months = {(day.year, day.month) for day in dates if day.year and day.month}
        self._years = sorted({day.year for day in dates if day.year})

    def look(self, one: Period) -> Verdict:
        """How a span of time stands: doubtful where the material has the same part of other years only."""
        known = self._known.get(one.part, {})
        if one.number in known or self._within(one):
            return SAID
        if known:
            text, witness = known[min(known, key=lambda number: abs(number - one.number))]
            return Verdict("doubtful", f"{f'[{witness.number}]' if witness.number else witness.name} says {text!r}")
        return Verdict("absent") if one.part == "century" else SAID

    def edge(self, day: Date) -> str:
        """The quarter or half of a year of the material that a month begins or ends, as part of a sentence; "" where
        there is none: "between January and March 2026"."""
        if day.day is not None or not day.month:
            return ""
        parts = (part for part in self._known if day.month in _MONTHS.get(part, ()) and part.startswith(_PARTS))
        found = (text for part in parts for year, (text, _) in self._known[part].items() if day.year in (None, year))
        return next(found, "")

    def _within(self, one: Period) -> bool:
        """Whether the material has a year of the century, or a month of the part of the year."""
        if one.part == "century":
            return any((year - 1) // 100 + 1 == one.number for year in self._years)
        first, last = _MONTHS[one.part]
        months = range(first, last + 1) if first <= last else (12, 1, 2)
        return any((one.number, month) in self._months for month in months)
