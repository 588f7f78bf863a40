"""How long it is from a date or time of day of the material to the next: "from September to February" is six months."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import combinations, pairwise

from contentkit.core.facts.days import impossible
from contentkit.core.facts.material import Witness
from contentkit.core.facts.measures import based
from contentkit.core.text.dates import Clock, Date
from contentkit.core.text.numbers import Quantity

_CLOSE = 40
"""Characters between the two ends of a span of time."""
_FEW = 8
_MONTHS, _DAYS, _MINUTES = (based(unit)[0] for unit in ("months", "days", "minutes"))
_Unit = tuple[str, Fraction]
_Said = tuple[str, Fraction, str]


def durations(witnesses: Iterable[Witness]) -> Iterator[_Said]:
    """What is measured, how much of its smallest unit, and between what. Texts count the last day and month or not."""
    for witness in witnesses:
        timed = [one for one in witness.quantities if isinstance(one.value, Date | Clock)]
        own = _own(timed)
        for first, last in pairwise(timed):
            if last.start - first.end <= _CLOSE:
                yield from _between(first, last)
                if isinstance(last.value, Date) and last.value.year:  # "the work began in August, and ends in May 2027"
                    yield from _between(_with_year(first, own), last)
        yield from _apart([one for one in timed if isinstance(one.value, Date) and one.value.year and one.value.month])


def _own(timed: Sequence[Quantity]) -> Date | None:
    """The first whole date of a witness, which is its own."""
    days = (one.value for one in timed if isinstance(one.value, Date))
    return next((day for day in days if day.year and day.month and day.day), None)


def _with_year(one: Quantity, own: Date | None) -> Quantity:
    """A month without a year as the last such month before the witness's own date."""
    day = one.value
    if not own or not own.year or not isinstance(day, Date) or day.year or not day.month:
        return one
    later = (day.month, day.day or 0) > (own.month or 0, own.day or 0)
    return replace(one, value=replace(day, year=own.year - later))


def _apart(dated: Sequence[Quantity]) -> Iterator[_Said]:
    """The months between any two dates with a year, where the material has few of them."""
    days = {one.value: one for one in dated}
    for first, last in combinations(days.values(), 2) if len(days) <= _FEW else ():
        spans = dict(_spans(first.value, last.value))
        yield from (
            (_MONTHS[0], Fraction(abs(number)), f"{first.text} to {last.text}") for number in spans[_MONTHS][:1]
        )


def _between(first: Quantity, last: Quantity) -> Iterator[_Said]:
    said = f"{first.text} to {last.text}"
    for (unit, by), numbers in _spans(first.value, last.value):
        yield from ((unit, number * by, said) for number in numbers if number > 0 and numbers[0])


def _spans(first: object, last: object) -> Iterator[tuple[_Unit, Sequence[int]]]:
    if isinstance(first, Clock) and isinstance(last, Clock):
        minutes = (last.hour - first.hour) * 60 + last.minute - first.minute
        yield _MINUTES, (minutes % (24 * 60),)
    if not isinstance(first, Date) or not isinstance(last, Date) or not first.month or not last.month:
        return
    years = (last.year or first.year or 0) - (first.year or last.year or 0)
    months = years * 12 + last.month - first.month
    months += 12 if months < 0 and not (first.year and last.year) else 0
    yield _MONTHS, (months, months + 1)
    if first.day and last.day and not impossible(first) and not impossible(last):
        year = first.year or last.year or 2001
        days = (_day(last, year) - _day(first, year)).days
        yield _DAYS, (days, days + 1)


def _day(day: Date, year: int) -> date:
    month, number = day.month or 1, day.day or 1
    return date(day.year or year, month, min(number, 28) if month == 2 else number)
