"""What comes to a week, a month or a year of what is so much a day, and the other way: £12 a day is £84 a week."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from contentkit.core.facts.rounding import Meaning
from contentkit.core.facts.sited import Ladder, Sited

_HOW_MANY: Mapping[tuple[str, str], tuple[int, ...]] = {
    ("day", "week"): (7,),
    ("day", "month"): (30, 31),
    ("day", "year"): (365,),
    ("week", "month"): (4,),
    ("week", "year"): (52,),
    ("month", "year"): (12,),
}
_SIGNS = {"day": "日", "week": "週", "month": "月", "year": "年"}
_ADVERBS = {"day": "daily", "week": "weekly", "month": "monthly", "year": "yearly|annual(?:ly)?"}
_NUMERAL = "[0-9０-９一二三四五六七八九十]"
"""Before 年, 月 and 日 it makes a date of them."""


def _told(span: str) -> re.Pattern[str]:
    """A text that speaks of a whole one: "a week", 1週間で, 年に."""
    sign = "(?:か|ヶ|カ|ヵ)?月" if span == "month" else _SIGNS[span]
    return re.compile(
        rf"\b(?:an?|per|every|each|one|whole|full)\s{span}\b|\b(?:{_ADVERBS[span]})\b"
        rf"|(?<!{_NUMERAL})(?:{sign}(?:間|に|額|あたり|当たり|で)|[毎１1一]{sign}(?!\d))",
        re.IGNORECASE,
    )


def _before(span: str) -> re.Pattern[str]:
    sign, adverbs = _SIGNS[span], _ADVERBS[span]
    return re.compile(
        rf"(?:[毎１1一]?(?:か|ヶ|カ|ヵ)?{sign}(?:に|額|あたり|当たり|につき)?(?:約|平均)?|\b(?:{adverbs})\b[^.;\d]{{0,20}}"
        rf"|\b(?:a|per|each|every)\s{span}\b[^.;\d]{{0,20}})\Z",
        re.IGNORECASE,
    )


def _after(span: str) -> re.Pattern[str]:
    words = rf"\s(?:an?|per|every|each)\s{span}\b|\s(?:{_ADVERBS[span]})\b"
    return re.compile(rf"\A(?:\s?[^\W\d]+){{0,3}}?(?:{words})|\A\s?/\s?(?:{span}|{_SIGNS[span]})", re.IGNORECASE)


_SPANS = {span: _told(span) for span in ("week", "month", "year")}
_CUES = {"week": ("week", "週"), "month": ("month", "月"), "year": ("year", "annual", "年")}
_PARTS = {
    "day": ("day", "daily", "日"),
    "week": ("week", "週"),
    "month": ("month", "月"),
    "year": ("year", "annual", "年"),
}
_BEFORE = {span: _before(span) for span in _SIGNS}
_AFTER = {span: _after(span) for span in _BEFORE}


def repeated(rates: Mapping[str, Ladder], said: Meaning, around: str) -> Iterator[str]:
    """How a number follows, as part of a sentence.

    Args:
        rates: the numbers of the material that have its unit and come to one day, week, month or year, by that.
        around: the text around it, which must speak of the other time.
    """
    lower = around.lower()
    spans = {span for span, cues in _CUES.items() if any(cue in lower for cue in cues) and _SPANS[span].search(lower)}
    for (part, whole), numbers in _HOW_MANY.items():
        for times in numbers if whole in spans and part in rates else ():
            if close := rates[part].between(said.low / times, said.high / times, said.value / times):
                yield f"{close[0].shown} × {times}"
        for times in numbers if part in spans and whole in rates else ():
            low, high = (said.value, said.value) if said.exact else said.rounded
            if close := rates[whole].between(low * times, high * times, said.value * times):
                yield f"{close[0].shown} / {times}"


def rates_of(known: Iterable[Sited]) -> Mapping[str, Ladder]:
    """The numbers that come to one day, week, month or year, by that."""
    found: defaultdict[str, list[Sited]] = defaultdict(list)
    for one in known:
        text, start, end = one.witness.text, one.quantity.start, one.quantity.end
        before, after = text[max(0, start - 36) : start], text[end : end + 40]
        beside = f"{before}{after}".lower()
        for span in (span for span, cues in _PARTS.items() if any(cue in beside for cue in cues)):
            if _BEFORE[span].search(before) or _AFTER[span].match(after):
                found[span].append(one)
    return {span: Ladder(numbers) for span, numbers in found.items()}
