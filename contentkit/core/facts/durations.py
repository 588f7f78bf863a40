"""How long it is from a date or time of day of the material to the next: "from September to February" is six months."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise

from contentkit.core.facts.days import impossible
from contentkit.core.facts.material import Witness
from contentkit.core.facts.measures import telling
from contentkit.core.text.dates import Clock, Date
from contentkit.core.text.numbers import Quantity

_CLOSE = 40
"""Characters between the two ends of a span of time."""
_MONTHS, _DAYS, _MINUTES = telling("months"), telling("days"), telling("minutes")
_Said = tuple[str, Fraction, str]


def durations(witnesses: Iterable[Witness]) -> Iterator[_Said]:
    """Unit, as ``telling`` gives it, how many, and from where to where. Texts count the last day and month or not."""
    for witness in witnesses:
        timed = [one for one in witness.quantities if isinstance(one.value, Date | Clock)]
        for first, last in pairwise(timed):
            if last.start - first.end <= _CLOSE:
                yield from _between(first, last)


def _between(first: Quantity, last: Quantity) -> Iterator[_Said]:
    said = f"{first.text} to {last.text}"
    for unit, numbers in _spans(first.value, last.value):
        yield from ((unit, Fraction(number), said) for number in numbers if number > 0)


def _spans(first: object, last: object) -> Iterator[tuple[str, Sequence[int]]]:
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
