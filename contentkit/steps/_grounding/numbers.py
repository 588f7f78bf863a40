"""Numbers, shares, sums, dates and times of a text against the material."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

from contentkit.core.facts.calendar import weekdays
from contentkit.core.facts.days import impossible, is_year, wrong_weekday
from contentkit.core.facts.material import Witness
from contentkit.core.facts.measures import hard, telling
from contentkit.core.facts.quotes import quoted
from contentkit.core.facts.verdict import Verdict
from contentkit.core.parts import Part
from contentkit.core.report import Finding, Severity
from contentkit.core.text.dates import Clock, Date
from contentkit.core.text.document import Document, Span
from contentkit.core.text.gaps import Spans, gaps
from contentkit.core.text.numbers import Quantity, quantities
from contentkit.steps._grounding.look import Look, around, marked

_SMALL, _FEW, _LISTED = 10, 12, 50
_LABEL = re.compile(
    r"(?:step|part|day|week|month|chapter|figure|fig\.|table|section|no\.|nr\.|lesson|post|scene|tip|phase|option|level|appendix|question|q|#|第"
    r"|schritt|teil|kapitel|abschnitt|tag|abbildung|tabelle|図|表|例|ステップ|その|パート)\s?\Z",
    re.IGNORECASE,
)
_LONGEST_LABEL = 12
_FRACTION_BEFORE, _FRACTION_AFTER = re.compile(r"\d\s?/\s?\Z"), re.compile(r"\s?/\s?\d")
_YEAR_BEFORE = re.compile(r"(?<![\w.,])((?:19|20)\d\d)\s?[/–-]\s?\Z")
_ITEM = re.compile(r"\A[.)]\s|\A\s?/\s?\d")
_ITEM_OR_OTHER = re.compile(r"^[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]|^(?=[^ \t\n])(?=.*\S)", re.MULTILINE)
"""The mark of a list item, or nothing at the begin of another line of text."""
_PLACE = re.compile(r"\A(?:st|nd|rd|th)\b|\A(?:番目|つ目|回目|位|章|節)")
_RUN = re.compile(r"\d+(?:[.,]\d+)*")
_JOINT = r"(?:[-–—〜～~/・&,、]|to|and|or|until|through|bis|und|から)"
_RANGE_BEFORE, _RANGE_AFTER = re.compile(rf"\d\w{{0,2}}\s?{_JOINT}\s?\Z"), re.compile(rf"\s?{_JOINT}\s?\d")
_CHAPTER = re.compile(r"^[ \t]*(?:[-*] )?[(\[]?0?0:00(?::00)?\b", re.MULTILINE)


def any_claim(part: Part, look: Look) -> bool:
    """Whether there is anything that a source would have to say."""
    document = part.document
    return any(
        _claims(one, document, *around(document, one.start, one.end)) and not _few(one) for one in _read(document)
    ) or any(len(keys) > _FEW for span in document.quotations for keys in quoted(document.text[span.start : span.end]))


def findings(part: Part, look: Look) -> Iterator[Finding]:
    """What the material does not carry; without sources only days that do not exist and weekdays that are others."""
    document = part.document
    for one in _read(document):
        before, after = around(document, one.start, one.end)
        if fault := _calendar(part, look, one, before, after):
            yield fault
        if not look.material.sources or not _claims(one, document, before, after) or look.is_known(one.text):
            continue
        if isinstance(one.value, Date | Clock):
            yield from _day(part, look, one)
        elif isinstance(one.value, str):
            yield from _version(part, look, one)
        else:
            yield from _number(part, look, one, before, after)
    if look.material.sources:
        yield from _weekdays(part, look)


@lru_cache(maxsize=8)
def _read(document: Document) -> tuple[Quantity, ...]:
    return tuple(quantities(document.shadow, document.language))


def _claims(one: Quantity, document: Document, before: str, after: str) -> bool:
    """Whether a number says anything of the world: not the number of a step, a list item or a chapter's time."""
    if _no_claim(one.start, document):
        return False
    if isinstance(one.value, Clock):
        return not (_chaptered(document) and not before.strip(" \t-*([–"))
    if not isinstance(one.value, Fraction):
        return True
    if (one.text == "24" and after.startswith("/7")) or _ends_year(one, before):
        return False
    small = one.kind == "number" and one.value <= 2 * _SMALL
    if not small:
        return True
    labelled = _LABEL.search(before, max(0, len(before) - _LONGEST_LABEL))
    if labelled or _PLACE.match(after) or (not before.strip(" #") and _ITEM.match(after)):
        return False
    return not (("/" in before and _FRACTION_BEFORE.search(before)) or _FRACTION_AFTER.match(after))


def _ends_year(one: Quantity, before: str) -> bool:
    """Whether it is the second half of a year that begins in one and ends in the next: 2024/25."""
    year = _YEAR_BEFORE.search(before) if len(one.text) == 2 else None
    return year is not None and one.value == (int(year[1]) + 1) % 100


def _no_claim(offset: int, document: Document) -> bool:
    """Whether a place is a mark to fill, a reference or a quotation that is checked as such."""
    return offset in gaps(document) or offset in marked(document) or _in_checked_quotation(document, offset)


@lru_cache(maxsize=8)
def _chaptered(document: Document) -> bool:
    """Whether the text lists times of its own, as chapters of a video."""
    return bool(_CHAPTER.search(document.text))


def _in_checked_quotation(document: Document, offset: int) -> bool:
    """Numbers in a quotation stand or fall with it."""
    span = document.quotation_at(offset)
    return span is not None and sum(map(len, quoted(document.text[span.start : span.end]))) > 3


def _calendar(part: Part, look: Look, one: Quantity, before: str, after: str) -> Finding | None:
    day = one.value
    if not isinstance(day, Date):
        return None
    if impossible(day):
        # Where the material has it too, the text may well tell of the mistake.
        severity = Severity.MINOR if look.days.look(one).standing == "said" else Severity.MAJOR
        repair = f"Correct the date {one.text!r}, or leave it out."
        return part.finding("grounding/date", f"There is no {one.text}.", one.start, one.end, severity, repair=repair)
    if true := wrong_weekday(look.days.with_year(day), before, after):
        message = f"{one.text} is a {true}."
        repair = f"Correct the weekday of {one.text}: it is a {true}."
        return part.finding("grounding/weekday", message, one.start, one.end, Severity.MAJOR, repair=repair)
    return None


def _day(part: Part, look: Look, one: Quantity) -> Iterator[Finding]:
    if one.spelled and isinstance(one.value, Date) and one.value.month:
        verdict = look.calendar.month(one.value.month)
        severity = Severity.MAJOR if verdict.why else Severity.MINOR
    else:
        verdict = look.days.look(one)
        severity = Severity.MINOR if verdict.standing == "doubtful" else Severity.MAJOR
    if verdict.standing != "said":
        yield _finding(part, one, f"grounding/{'time' if isinstance(one.value, Clock) else 'date'}", verdict, severity)


def _weekdays(part: Part, look: Look) -> Iterator[Finding]:
    """Weekdays that no source names; beside a date ``_calendar`` tells whether they are right."""
    document = part.document
    dated = [one for one in _read(document) if isinstance(one.value, Date) and one.value.day]
    starts = [one.start for one in dated]
    for day in weekdays(document.shadow):
        at = bisect(starts, day.start)
        near = dated[max(0, at - 1) : at + 1]
        beside = any(day.start - 12 < one.end <= day.start or day.end <= one.start < day.end + 12 for one in near)
        verdict = look.calendar.weekday(day.number)
        if beside or verdict.standing == "said" or _no_claim(day.start, document) or look.is_known(day.text):
            continue
        severity = Severity.MAJOR if verdict.why else Severity.MINOR
        said = Quantity(day.start, day.end, day.text, "date", day.text)
        yield _finding(part, said, "grounding/date", verdict, severity)


def _version(part: Part, look: Look, one: Quantity) -> Iterator[Finding]:
    named = any(one.value in _versions(text.text) for text in look.material.witnesses)
    if not named and not _literally(one, look, tied=False, ranged=True):
        yield _finding(part, one, "grounding/number", Verdict("absent"), Severity.MAJOR)


def _number(part: Part, look: Look, one: Quantity, before: str, after: str) -> Iterator[Finding]:
    verdict = look.days.look(one) if is_year(one) else None
    if verdict is None or verdict.standing != "said":
        read = look.figures.look(one, before, after)
        verdict = read if verdict is None or read.standing in ("said", "derived") else verdict
    tied = hard(one.unit) or not one.unit.isascii() or telling(one.unit) in look.figures.by_unit
    literally = one.kind == "number" and _literally(one, look, tied=tied, ranged=_ranged(before, after))
    if verdict.standing == "absent" and (literally or _is_count(one, look, part.document)):
        return
    if verdict.standing != "said" and _figure_of_speech(one, verdict):
        return
    if verdict.standing == "derived":
        if look.wants("derived"):
            message = f"{one.text!r} is not in the sources; it follows from {verdict.why}."
            yield part.finding("grounding/derived", message, one.start, one.end, Severity.INFO)
    elif verdict.standing == "rounded":
        message = f"{one.text!r} is rounded, and does not say so: {verdict.why}."
        yield part.finding("grounding/rounded", message, one.start, one.end, suggestion=verdict.instead)
    elif verdict.standing != "said":
        yield _finding(part, one, "grounding/number", verdict, _weight(one, verdict))


def _figure_of_speech(one: Quantity, verdict: Verdict) -> bool:
    """ "One of the reasons", "two ways": small numbers in words count what the text itself brings."""
    if not _few(one) or not verdict.instead:
        return _few(one)
    other = next(iter(quantities(verdict.instead)), None)
    small = other is not None and isinstance(other.value, Fraction) and other.value <= _FEW
    return not hard(one.unit) and not (small and one.value != 1)


def _whole(one: Quantity) -> bool:
    return isinstance(one.value, Fraction) and one.value.denominator == 1


def _few(one: Quantity) -> bool:
    """Whether it is a small number in words."""
    return (
        one.spelled and one.kind == "number" and _whole(one) and isinstance(one.value, Fraction) and one.value <= _FEW
    )


def _weight(one: Quantity, verdict: Verdict) -> Severity:
    if one.kind != "number" or hard(one.unit):
        return Severity.MAJOR
    loose = verdict.standing == "doubtful" or one.spelled
    few = isinstance(one.value, Fraction) and abs(one.value) <= _SMALL
    return Severity.MINOR if loose or few else Severity.MAJOR


@lru_cache(maxsize=128)
def _versions(text: str) -> frozenset[str]:
    """The numbers that follow a "v" or a name: "V8", "React 19"."""
    return frozenset(re.findall(r"(?:\b[vV]\.?\s?|\b[A-Z][\w.+#-]*\s)(\d+(?:\.\d+)*)\b", text, re.ASCII))


def _literally(one: Quantity, look: Look, *, tied: bool, ranged: bool) -> bool:
    """Whether the material has exactly these characters as part of a word, a date or a version: 4.2 of 4.2.1.

    Args:
        tied: the number has a unit that says what it counts, so that only a version may say the same.
        ranged: it stands beside another number, as the first or last day of "14–16 April".
    """
    digits = one.text.strip("vV%$€£¥ ")
    if sum(map(str.isdigit, digits)) < 2:
        return False
    if any(digits in _dotted(text) for text in look.material.witnesses):
        return True
    return not tied and any(digits in _loose(text, ranged) for text in look.material.witnesses)


def _ranged(before: str, after: str) -> bool:
    return bool(_RANGE_BEFORE.search(before) or _RANGE_AFTER.match(after))


@lru_cache(maxsize=128)
def _dotted(text: Witness) -> frozenset[str]:
    """The versions of a text, and what they begin with: 4.2.1, 4.2."""
    versions = [str(one.value).split(".") for one in text.quantities if one.kind == "version"]
    return frozenset(".".join(parts[:size]) for parts in versions for size in range(2, len(parts) + 1))


@lru_cache(maxsize=128)
def _loose(text: Witness, dates: bool) -> frozenset[str]:
    """The runs of digits, points and commas of a text that are no number, share or sum of their own."""
    counted = Spans(
        Span(one.start, one.end)
        for one in text.quantities
        if isinstance(one.value, Fraction) or (isinstance(one.value, Date | Clock) and not dates)
    )
    runs = [run[0] for run in _RUN.finditer(text.text) if run.start() not in counted]
    return frozenset([*runs, *_RUN.findall(text.source.origin)])


def _is_count(one: Quantity, look: Look, document: Document) -> bool:
    """Whether a number counts the items of a list, here or in a source."""
    value = one.value
    if one.kind != "number" or hard(one.unit) or not isinstance(value, Fraction) or not 2 <= value <= _LISTED:
        return False
    texts = (document.text, *(witness.text for witness in look.material.sources))
    return any(value in _counts_of(text) for text in texts)


@lru_cache(maxsize=64)
def _counts_of(text: str) -> frozenset[int]:
    runs, run = set(), 0
    for line in _ITEM_OR_OTHER.finditer(text):
        if line[0]:
            run += 1
        else:
            runs.add(run)
            run = 0
    levels: dict[str, int] = {}
    for found in re.finditer(r"^(#{1,6})[ \t]", text, re.MULTILINE):
        levels[found[1]] = levels.get(found[1], 0) + 1
    return frozenset({*runs, run, *levels.values()})


def _finding(part: Part, one: Quantity, rule: str, verdict: Verdict, severity: Severity) -> Finding:
    unit = telling(one.unit) and one.kind == "number" and not one.text.endswith(one.unit)
    said = f"{one.text}{' ' if one.unit.isascii() else ''}{one.unit}" if unit else one.text
    why = f"; {verdict.why}" if verdict.why else ""
    mend = f"Put {verdict.instead!r} if that is meant, else leave" if verdict.instead else "Leave"
    return part.finding(
        rule,
        f"{said!r} is not in the sources{why}.",
        one.start,
        one.end,
        severity,
        repair=f"{mend} {one.text!r} out, or tell it as the material does.",
        suggestion=verdict.instead,
    )
