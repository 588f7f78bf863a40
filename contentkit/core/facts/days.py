"""Whether dates and times of a text stand in the material, and whether weekday and day agree."""

from __future__ import annotations

import re
from bisect import bisect
from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import combinations

from contentkit.core.facts.material import Witness
from contentkit.core.facts.verdict import SAID, Verdict
from contentkit.core.text.dates import Clock, Date
from contentkit.core.text.numbers import Quantity

_EITHER = re.compile(r"\A(\d{1,2})[/-](\d{1,2})[/-](\d{4})\Z")
_YEARS = range(1500, 2200)
_DAYS = (
    "monday mon montag lundi lunes 月",
    "tuesday tue tues dienstag mardi martes 火",
    "wednesday wed mittwoch mercredi miércoles 水",
    "thursday thu thur thurs donnerstag jeudi jueves 木",
    "friday fri freitag vendredi viernes 金",
    "saturday sat samstag sonnabend samedi sábado 土",
    "sunday sun sonntag dimanche domingo 日",
)
WEEKDAYS = {name: number for number, names in enumerate(_DAYS) for name in names.split()}
_ENGLISH = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LETTERS = "|".join(sorted((name for name in WEEKDAYS if len(name) > 1), key=len, reverse=True))
_BEFORE = re.compile(rf"\b({_LETTERS})\b\.?,?\s(?:the\s|den\s|dem\s|le\s|el\s)?\Z", re.IGNORECASE)
_AFTER = re.compile(rf"\A(?:,\s|\s?\()({_LETTERS})\b", re.IGNORECASE)
_KANJI = re.compile(r"\A[（(]([月火水木金土日])(?:曜日?|[)）・])|\A([月火水木金土日])曜")
Part = tuple[int | None, int | None, int | None]


class Days:
    """The dates and times of the material, to look up those of a text."""

    def __init__(self, witnesses: Sequence[Witness]) -> None:
        found = [(one, witness) for witness in witnesses for one in witness.quantities]
        self.dates: set[Part] = set()
        self.known: dict[Date, tuple[str, Witness]] = {}
        for one, witness in found:
            for reading in readings(one):
                self.known.setdefault(reading, (one.text, witness))
                self.dates.update(_parts(reading))
        self.first: dict[Part, tuple[int, Date]] = {}
        for number, day in enumerate(self.known):
            for part in _subsets(day):
                self.first.setdefault(part, (number, day))
        self.years = sorted(year for year, month, day in self.first if year and month is day is None)
        self.clocks = {one.value: one.text for one, _ in found if isinstance(one.value, Clock)}

    def look(self, one: Quantity) -> Verdict:
        """How a date or a time of day stands."""
        if isinstance(one.value, Clock):
            return self._clock(one.value)
        meant = readings(one)
        if any((day.year, day.month, day.day) in self.dates for day in meant):
            return SAID
        day = meant[0]
        # 3 May 2026, where the material has 3 May, and speaks of 2026.
        if day.year and day.month and (None, day.month, day.day) in self.dates and not self._another(day):
            if (day.year, None, None) in self.dates:
                return SAID
            return Verdict("doubtful", "they have the day without this year")
        return Verdict("absent", self._instead(day))

    def with_year(self, day: Date) -> Date:
        """A day of a month with the year that the material has for it, where it has one only."""
        if day.year is not None or day.day is None:
            return day
        years = {one.year for one in self.known if (one.month, one.day) == (day.month, day.day) and one.year}
        return Date(years.pop(), day.month, day.day) if len(years) == 1 else day

    def _another(self, day: Date) -> bool:
        """Whether the day and month stand in the material only with other years."""
        with_year = [one for one in self.known if (one.month, one.day) == (day.month, day.day)]
        return bool(with_year) and all(one.year not in (None, day.year) for one in with_year)

    def _instead(self, day: Date) -> str:
        """The date of the material that has most in common with this one; for a bare year the nearest year."""
        if day.year and day.month is day.day is None:
            at = bisect(self.years, day.year)
            near = [self.first[year, None, None] for year in self.years[max(0, at - 1) : at + 1]]
            nearest = min(near, key=lambda one: (abs((one[1].year or 0) - (day.year or 0)), one[0]), default=None)
            return self._says(nearest[1] if nearest else None)
        shared = [(-sum(part is not None for part in parts), *self.first[parts])
                  for parts in _subsets(day) if parts in self.first]  # fmt: skip
        return self._says(min(shared)[2] if shared else None)

    def _says(self, day: Date | None) -> str:
        """Part of a sentence for a message; "" for nothing."""
        if day is None:
            return ""
        text, witness = self.known[day]
        return f"{f'[{witness.number}]' if witness.number else witness.name} says {text!r}"

    def _clock(self, clock: Clock) -> Verdict:
        # 9:30 may be half past nine in the evening, where the text leaves it to the reader.
        if any((one.hour - clock.hour) % 12 == 0 and one.minute == clock.minute for one in self.clocks):
            return SAID
        near = [text for one, text in self.clocks.items() if (one.hour - clock.hour) % 12 == 0]
        return Verdict("absent", f"the sources say {near[0]!r}" if near else "")


def readings(one: Quantity) -> tuple[Date, ...]:
    """What a quantity may mean as a date: 3/5/2026 is two days, and a bare 2026 a year."""
    if isinstance(one.value, Date):
        found = _EITHER.match(one.text)
        if found and int(found[1]) <= 12 and int(found[2]) <= 12:
            first, second, year = map(int, found.groups())
            return (one.value, *{Date(year, second, first), Date(year, first, second)} - {one.value})
        return (one.value,)
    if is_year(one):
        return (Date(int(str(one.value))),)
    return ()


def is_year(one: Quantity) -> bool:
    """Whether a bare number can be a year."""
    if one.kind != "number" or len(one.text) != 4 or not one.text.isascii() or not one.text.isdigit():
        return False
    return int(one.text) in _YEARS


def _parts(day: Date) -> Iterable[Part]:
    """What a date says, and every less exact way to say it: 2026-05-03, May 2026, 3 May, 2026 ..."""
    return (part for part in _subsets(day) if part[:2] != (None, None))  # a lone day of the month is no date


def _subsets(day: Date) -> Iterable[Part]:
    """Every part of a date, a lone day of the month too."""
    whole = (day.year, day.month, day.day)
    said = [at for at, part in enumerate(whole) if part is not None]
    for size in range(1, len(said) + 1):
        for kept in combinations(said, size):
            yield tuple(part if at in kept else None for at, part in enumerate(whole))  # type: ignore[misc]


def impossible(day: Date) -> bool:
    """Whether there is no such day: 31 April, 29 February 2026."""
    if day.month is None or day.day is None:
        return False
    return day.day > monthrange(day.year or 2024, day.month)[1]


def wrong_weekday(day: Date, before: str, after: str) -> str:
    """The weekday that the day really is, where the text beside it names another; "" where all is well.

    Args:
        before, after: the text around the date.
    """
    if day.year is None or day.month is None or day.day is None or impossible(day):
        return ""
    found = _BEFORE.search(before) or _AFTER.match(after)
    kanji = _KANJI.match(after)
    named = (kanji[1] or kanji[2]) if kanji else found[1].lower() if found and _is_name(found[1]) else ""
    true = date(day.year, day.month, day.day).weekday()
    return "" if not named or WEEKDAYS[named] == true else _ENGLISH[true]


def _is_name(word: str) -> bool:
    """Short forms that are words too (sun, sat, mon) need their capital."""
    return len(word) > 4 or word[0].isupper()
