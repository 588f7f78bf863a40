"""How often something comes: twice a week, every two weeks, 週に2回, 2週間に1回. The same two numbers say both."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from contentkit.core.facts.calendar import Weekday, weekdays
from contentkit.core.facts.material import Witness
from contentkit.core.facts.verdict import SAID, Verdict
from contentkit.core.text.numerals import kanji_value
from contentkit.core.text.scan import rarely

_A_YEAR = {"day": 365, "week": 52, "fortnight": 26, "month": 12, "year": 1, "日": 365, "週": 52, "月": 12, "年": 1}
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_COUNTS = {word: number for number, word in enumerate(_WORDS, 1)} | {"once": 1, "twice": 2, "other": 2, "second": 2}
_NUMBER = rf"(?:\d{{1,3}}|{'|'.join(_WORDS)})"
_SPAN = r"(?P<span>day|week|fortnight|month|year)s?\b"
_ENGLISH = re.compile(
    rf"\b(?:(?P<often>once|twice|{_NUMBER}\stimes)\s(?:an?|per|each|every)\s(?:(?P<each>other|second|{_NUMBER})\s)?{_SPAN}"
    rf"|every\s(?P<every>other|second|{_NUMBER})\s{_SPAN.replace('<span>', '<its>')})",
    re.IGNORECASE,
)
_MAY_BE = re.compile(r"\b(?:day|week|fortnight|month|year)", re.IGNORECASE)
_KANJI = "0-9０-９一二三四五六七八九十"
_JAPANESE = re.compile(
    rf"(?<![{_KANJI}第])(?:(?P<parts>[{_KANJI}]{{1,3}})(?=[日週]間|[かヶカヵケ]月|年)[かヶカヵケ]?|毎|1(?=日))?"
    rf"(?P<span>[日週月年])間?に?"
    rf"(?P<times>[{_KANJI}]{{1,3}})(?:回|度)(?!目|以[上下])|隔(?P<every>[日週月年])"
)
_MAY_BE_WIDE = re.compile("[回度]|隔")
_LOOSE = (
    (re.compile(r"\b(?:daily|every day|each day)\b|毎日", re.IGNORECASE), 365),
    (re.compile(r"\b(?:weekly|every week|each week)\b|毎週", re.IGNORECASE), 52),
    (re.compile(r"\b(?:fortnightly|every fortnight|biweekly)\b", re.IGNORECASE), 26),
    (re.compile(r"\b(?:monthly|every month|each month)\b|毎月", re.IGNORECASE), 12),
    (re.compile(r"\b(?:yearly|annual(?:ly)?|every year|each year)\b|毎年", re.IGNORECASE), 1),
)
_AGAIN = re.compile(r"\b(?:every|each)\s\Z", re.IGNORECASE)
_OFF = Fraction(1, 10)
"""A fortnight is half a month, nearly."""


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often a text says that something comes; ``rate`` is how often a year."""

    start: int
    end: int
    text: str
    rate: Fraction


def frequencies(text: str) -> Iterator[Frequency]:
    """Those that a text tells with a number."""
    if not text.isascii():
        for found in rarely(_JAPANESE, text, _MAY_BE_WIDE):
            if found["every"]:
                yield Frequency(*found.span(), found[0], Fraction(_A_YEAR[found["every"]], 2))
            else:
                yield from _of(found, found["times"], found["parts"], found["span"])
    if "week" in text or "day" in text or "month" in text or "year" in text or "fortnight" in text:
        for found in rarely(_ENGLISH, text, _MAY_BE):
            often, parts = found["often"] or "once", found["each"] or found["every"]
            yield from _of(found, often, parts, (found["span"] or found["its"]).lower())


def _of(found: re.Match[str], often: str, parts: str | None, span: str) -> Iterator[Frequency]:
    times, spans = _count(often), _count(parts or "one")
    if times and spans:
        yield Frequency(*found.span(), found[0], Fraction(times * _A_YEAR[span], spans))


def _count(word: str) -> int:
    word = word.lower().removesuffix("times").strip()
    if word.isdigit():
        return int(word)
    return _COUNTS.get(word) or int(kanji_value(word) or 0 if not word.isascii() else 0)


class Frequencies:
    """How often the material says that things come."""

    def __init__(self, witnesses: Sequence[Witness]) -> None:
        self._told: dict[Fraction, tuple[Frequency, Witness]] = {}
        for witness in witnesses:
            for one in frequencies(witness.text):
                self._told.setdefault(one.rate, (one, witness))
        self._witnesses = witnesses

    def __bool__(self) -> bool:
        """Whether the material tells any with a number."""
        return bool(self._told)

    @cached_property
    def _loose(self) -> frozenset[int]:
        """What the material says without a number: weekly, 毎日."""
        texts = [witness.text for witness in self._witnesses]
        return frozenset(rate for words, rate in _LOOSE if any(words.search(text) for text in texts))

    @cached_property
    def _days(self) -> int:
        """How many days of the week come again and again in it: Tuesdays, 毎週火曜日."""
        return len({day.number for one in self._witnesses for day in weekdays(one.text) if _comes_again(day, one.text)})

    def look(self, one: Frequency) -> Verdict:
        """How a frequency stands, where the material tells any."""
        weekly = one.rate / _A_YEAR["week"]
        if weekly.denominator == 1 and weekly <= self._days:  # "twice a week" for Tuesdays and Fridays
            return SAID
        if any(abs(rate - one.rate) <= _OFF * rate for rate in (*self._told, *map(Fraction, self._loose))):
            return SAID
        nearest, witness = self._told[min(self._told, key=lambda rate: abs(rate - one.rate))]
        where = f"[{witness.number}]" if witness.number else witness.name
        return Verdict("doubtful", f"{where} says {nearest.text!r}", nearest.text)


def _comes_again(day: Weekday, text: str) -> bool:
    before = text[max(0, day.start - 12) : day.start]
    return day.text.endswith("s") or bool(_AGAIN.search(before)) or (not day.text.isascii() and "毎週" in text)
