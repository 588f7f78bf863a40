"""Days and years that the material names beside its own date: "on Tuesday", "yesterday", "last year", 来年, 翌日."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import chain

from contentkit.core.facts.calendar import weekdays
from contentkit.core.facts.days import impossible
from contentkit.core.facts.material import Witness
from contentkit.core.text.dates import Date

_BEFORE = re.compile(r"\byesterday\b|\bthe (?:day before|previous day)\b|\bgestern\b|昨日|前日", re.IGNORECASE)
_AFTER = re.compile(r"\btomorrow\b|\bthe (?:day after|next day|following day)\b|\bmorgen\b|明日|翌日", re.IGNORECASE)
_NEXT_YEAR = re.compile(
    r"\bnext (?:year|spring|summer|autumn|fall|winter|january|february|march|april|may|june)\b"
    r"|\bthe (?:coming|following) year\b|\bnächste[sn]? Jahr\b|来年|翌年|来春|来夏|来秋|明年",
    re.IGNORECASE,
)
_LAST_YEAR = re.compile(
    r"\blast (?:year|spring|summer|autumn|fall|winter|july|august|september|october|november|december)\b"
    r"|\b(?:a|one) year (?:ago|earlier|before)\b|\b(?:previous|prior) year\b|\byear-(?:ago|earlier)\b"
    r"|\bvergangene[sn]? Jahr\b"
    r"|昨年|去年|前年|昨[春夏秋冬]",
    re.IGNORECASE,
)
_WEEK = 7
_MOST = 8
"""Of so many dates of a witness the days around are reckoned."""


class Relative:
    """What follows from the dates of the material and its words for other days.

    Attributes:
        days: a day -> what it follows from, as part of a sentence.
        years: likewise.
    """

    def __init__(self, witnesses: Sequence[Witness]) -> None:
        self.days: dict[date, str] = {}
        self.years: dict[int, str] = {}
        for witness in witnesses:
            if dated := list(_dates(witness)):
                self.days = dict(chain(_days(witness.text, dated), _bare_days(witness, dated[0]))) | self.days
                self.years = dict(_years(witness.text, dated[0])) | self.years

    def day(self, day: Date) -> str:
        """What a day follows from; "" where it does not."""
        if not day.month or not day.day or impossible(day):
            return ""
        if day.year is None:
            return next((why for one, why in self.days.items() if (one.month, one.day) == (day.month, day.day)), "")
        return self.days.get(date(day.year, day.month, day.day), "")

    def year(self, day: Date) -> str:
        """What the year of a day follows from; "" where it does not."""
        return self.years.get(day.year, "") if day.year else ""


def _dates(witness: Witness) -> Iterator[date]:
    """The first dates of a witness; a report, a letter and a page have their own at the top."""
    found = (one.value for one in witness.quantities if isinstance(one.value, Date))
    whole = (day for day in found if day.year and day.month and day.day and not impossible(day))
    for _, day in zip(range(_MOST), whole, strict=False):
        yield date(day.year or 1, day.month or 1, day.day or 1)


def _days(text: str, dated: Sequence[date]) -> Iterator[tuple[date, str]]:
    own = dated[0]
    for number, name in {one.number: one.text for one in weekdays(text)}.items():
        before = own - timedelta((own.weekday() - number) % _WEEK)
        yield from ((day, f"{name} and {own}") for day in (before, before + timedelta(_WEEK)))
    for day in dated:
        if _BEFORE.search(text):
            yield day - timedelta(1), f"the day before {day}"
        if _AFTER.search(text):
            yield day + timedelta(1), f"the day after {day}"


def _bare_days(witness: Witness, own: date) -> Iterator[tuple[date, str]]:
    """10日 in a Japanese report of the 11th: the last such day."""
    for one in witness.quantities:
        if one.unit == "日" and isinstance(one.value, Fraction) and one.value.denominator == 1 and 1 <= one.value <= 31:
            day = Date(own.year, own.month, int(one.value))
            if day.day and day.day > own.day:
                day = Date(own.year - (own.month == 1), (own.month - 2) % 12 + 1, day.day)
            if not impossible(day):
                yield date(day.year or 1, day.month or 1, day.day or 1), f"{one.text}日 and {own}"


def _years(text: str, own: date) -> Iterator[tuple[int, str]]:
    for pattern, step in ((_LAST_YEAR, -1), (_NEXT_YEAR, 1)):
        if found := pattern.search(text):
            yield own.year + step, f"{found[0]!r} and {own}"
