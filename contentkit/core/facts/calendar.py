"""Months and weekdays that stand alone, held against those of the material: "since April", 四月から, "on Thursdays"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from contentkit.core.facts.days import WEEKDAYS, impossible, readings
from contentkit.core.facts.material import Witness
from contentkit.core.facts.verdict import SAID, Verdict
from contentkit.core.text.dates import MONTHS
from contentkit.core.text.scan import one_of, rarely

_NAMES = "|".join(sorted((name for name in WEEKDAYS if len(name) > 4), key=len, reverse=True))
_SHORT = "Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun"
_FEASTS = r"(?<!black )(?<!cyber )(?<!good )(?<!holy )(?<!palm )(?<!super )(?<!ash )(?<!easter )(?<!whit )"
_WEEKDAY = re.compile(rf"\b{_FEASTS}(?P<name>{_NAMES})s?\b|(?P<kanji>[月火水木金土日])曜日?", re.IGNORECASE)
_MAY_BE_WEEKDAY = re.compile(one_of(["曜", *(name for name in WEEKDAYS if len(name) > 4)]))
_DAY = rf"(?:{_NAMES}|{_SHORT})s?\b\.?|[月火水木金土日](?:曜日?)?"
_RANGE = re.compile(
    rf"(?P<first>{_DAY})\s?(?:to|through|thru|till|until|bis|[-–—〜～~]|から)\s?(?P<last>{_DAY})", re.IGNORECASE
)
_LOOSE = re.compile(rf"\b(?:{_SHORT})\b|[月火水木金土日](?=[・、／/）)])|(?<=[・、／/])[月火水木金土日](?=[^一-龥])")
_SEVERAL = (
    (re.compile(r"\bweekdays?\b|平日|\bwerktags?\b|\bbusiness days?\b|\bworking days?\b", re.IGNORECASE), range(5)),
    (re.compile(r"\bweekends?\b|週末|土日|\bwochenenden?\b", re.IGNORECASE), range(5, 7)),
    (re.compile(r"\bdaily\b|\bevery day\b|毎日|\btäglich\b|年中無休", re.IGNORECASE), range(7)),
)
_WORD = re.compile(r"\b[^\W\d_a-z][^\W\d_]{2,9}\b|(?<=\s)(?:mars|avril|mai|juin|juillet|août|enero|abril|mayo|junio)\b")
_KANJI = "一二三四五六七八九十"
_JAPANESE = re.compile(
    rf"(1[0-2]|[1-9]|十[一二]?|[{_KANJI}])(?=(?:[〜～~・、,，/-](?:\d{{1,2}}|[{_KANJI}]{{1,2}})){{0,4}}月)"
)
_NUMERIC = re.compile(r"\b(?:19|20)\d\d[-/.](0[1-9]|1[0-2])\b|\b(0?[1-9]|1[0-2])/(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Weekday:
    """A weekday that a text names; Monday is 0."""

    start: int
    end: int
    text: str
    number: int


def weekdays(text: str) -> Iterator[Weekday]:
    """The weekdays of a text; a feast that is called after one (Good Friday) is none."""
    for found in rarely(_WEEKDAY, text, _MAY_BE_WEEKDAY):
        yield Weekday(*found.span(), found[0], WEEKDAYS[(found["name"] or found["kanji"]).lower()])


class Calendar:
    """The months and weekdays that the material names, in whatever form.

    Attributes:
        months: 1 to 12 -> as a witness writes it, and the witness.
        weekdays: 0 (Monday) to 6, likewise. ``implied``: those that follow from a span of days,
            ``dated`` those of a date.
    """

    def __init__(self, witnesses: Sequence[Witness]) -> None:
        self.months: dict[int, tuple[str, Witness]] = {}
        self.weekdays: dict[int, tuple[str, Witness]] = {}
        self.implied: set[int] = set()
        self.dated: set[int] = set()
        for witness in witnesses:
            for number, text in _months(witness):
                self.months.setdefault(number, (text, witness))
            for day in weekdays(witness.text):
                self.weekdays.setdefault(day.number, (day.text, witness))
            self.implied.update(_implied(witness))
            self.dated.update(_dated(witness))

    def month(self, number: int) -> Verdict:
        """How a month stands that a text names without day and year."""
        return SAID if number in self.months else _otherwise(self.months)

    def weekday(self, number: int, *, again: bool = False) -> Verdict:
        """How a weekday stands.

        Args:
            again: it comes every week, so that the weekday of some date says nothing of it.
        """
        known = number in self.weekdays or number in self.implied or (number in self.dated and not again)
        return SAID if known else _otherwise(self.weekdays)


def _otherwise(known: Mapping[int, tuple[str, Witness]]) -> Verdict:
    """What the material has instead; to be put there only where it has no other one."""
    if not known:
        return Verdict("absent")
    said, witness = next(iter(known.values()))
    mark = f"[{witness.number}]" if witness.number else witness.name
    return Verdict("absent", f"{mark} says {said!r}", said if len(known) == 1 else "")


def _months(witness: Witness) -> Iterator[tuple[int, str]]:
    for one in witness.quantities:
        for day in readings(one):
            if day.month is not None:
                yield day.month, one.text.split()[-1] if one.spelled else one.text  # without "since"
    for found in _WORD.finditer(witness.text):
        if number := MONTHS.get(found[0].lower()):
            yield number, found[0]
    for found in _JAPANESE.finditer(witness.text):
        sign = found[1]
        tens = 10 * sign.startswith("十")
        yield (int(sign) if sign.isdigit() else tens + 1 + _KANJI.index(sign[-1]) if sign != "十" else 10), f"{sign}月"
    for found in _NUMERIC.finditer(witness.text):
        yield int(found[1] or found[2]), found[0]


def _implied(witness: Witness) -> Iterator[int]:
    text = witness.text
    for found in _RANGE.finditer(text):
        first, last = _number(found["first"]), _number(found["last"])
        yield from ((first + at) % 7 for at in range((last - first) % 7 + 1))
    for found in _LOOSE.finditer(text):
        yield _number(found[0])
    for pattern, days in _SEVERAL:
        if pattern.search(text):
            yield from days


def _dated(witness: Witness) -> Iterator[int]:
    for one in witness.quantities:
        for day in readings(one):
            if day.year and day.month and day.day and not impossible(day):
                yield date(day.year, day.month, day.day).weekday()


def _number(name: str) -> int:
    bare = name.lower().rstrip(".")
    return WEEKDAYS[bare[0] if bare[0] in "月火水木金土日" else bare if bare in WEEKDAYS else bare.rstrip("s")]
