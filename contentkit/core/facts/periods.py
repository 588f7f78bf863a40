"""Centuries, and quarters, seasons and halves of a year, of a text against the years of the material."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from contentkit.core.facts.material import Witness
from contentkit.core.facts.verdict import SAID, Verdict
from contentkit.core.text.dates import Date
from contentkit.core.text.numerals import kanji_value
from contentkit.core.text.scan import rarely

_ORDINALS = {
    name: number
    for number, names in {
        1: "first 1st 一", 2: "second 2nd 二", 3: "third 3rd 三", 4: "fourth 4th 四", 15: "fifteenth", 16: "sixteenth",
        17: "seventeenth", 18: "eighteenth", 19: "nineteenth", 20: "twentieth", 21: "twenty-first",
    }.items()
    for name in names.split()
}  # fmt: skip
_CENTURY = re.compile(
    rf"\b(?:(?P<digits>\d{{1,2}})(?:st|nd|rd|th)|(?P<word>{'|'.join(name for name in _ORDINALS if len(name) > 8)}))"
    r"[ \u00a0-]centur(?:y|ies)\b|(?P<kanji>[0-9]{1,2}|[一二十][一二三四五六七八九十]{0,2})世紀",
    re.IGNORECASE,
)
_MAY_BE_CENTURY = re.compile("centur|世紀")
_YEAR = r"(?P<{}>(?:19|20)[0-9]{{2}})"
_PART = re.compile(
    rf"\b(?:(?P<nth>first|second|third|fourth|1st|2nd|3rd|4th)\s(?P<what>quarter|half)|q(?P<q>[1-4])|(?P<season>spring|summer|autumn|fall|winter))"
    rf"\s(?:of\s|in\s)?(?:fiscal\s(?:year\s)?|FY\s?)?{_YEAR.format('year')}(?![0-9])"
    rf"|{_YEAR.format('ja_year')}年(?:度)?の?(?:(?P<ja_season>[春夏秋冬])|第(?P<ja_q>[1-4一二三四])四半期|(?P<ja_half>[上下])(?:半)?期)",
    re.IGNORECASE,
)
_MAY_BE_PART = re.compile(r"quarter|half|q[1-4] |spring|summer|autumn|fall|winter|年度?の?(?:[春夏秋冬上下]|第)")
_SEASONS = {"春": "spring", "夏": "summer", "秋": "autumn", "冬": "winter", "fall": "autumn"}
_HALVES = {"上": "half 1", "下": "half 2"}
_MONTHS = {
    "spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (12, 2), "half 1": (1, 6), "half 2": (7, 12),
    "quarter 1": (1, 3), "quarter 2": (4, 6), "quarter 3": (7, 9), "quarter 4": (10, 12),
}  # fmt: skip


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


def periods(text: str) -> Iterator[Period]:
    """The centuries, and the parts of years that are named with their year."""
    for found in rarely(_CENTURY, text, _MAY_BE_CENTURY):
        word = (found["digits"] or found["kanji"] or "").lower()
        number = int(kanji_value(word) or 0) if word else _ORDINALS[found["word"].lower()]
        yield Period(*found.span(), found[0], "century", number)
    for found in rarely(_PART, text, _MAY_BE_PART):
        yield Period(*found.span(), found[0], _part(found), int(found["year"] or found["ja_year"]))


def _part(found: re.Match[str]) -> str:
    if season := (found["season"] or found["ja_season"] or "").lower():
        return _SEASONS.get(season, season)
    if half := found["ja_half"]:
        return _HALVES[half]
    number = (found["nth"] or found["q"] or found["ja_q"]).lower()
    what = (found["what"] or "quarter").lower()
    return f"{what} {_ORDINALS.get(number) or int(number)}"


class Periods:
    """Those of the material, and its years and months."""

    def __init__(self, witnesses: Sequence[Witness], dates: Iterable[Date]) -> None:
        self._known: defaultdict[str, dict[int, tuple[str, Witness]]] = defaultdict(dict)
        for witness in witnesses:
            for one in periods(witness.text):
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

    def _within(self, one: Period) -> bool:
        """Whether the material has a year of the century, or a month of the part of the year."""
        if one.part == "century":
            return any((year - 1) // 100 + 1 == one.number for year in self._years)
        first, last = _MONTHS[one.part]
        months = range(first, last + 1) if first <= last else (12, 1, 2)
        return any((one.number, month) in self._months for month in months)
