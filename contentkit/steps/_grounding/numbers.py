"""Numbers, shares, sums, dates and times of a text against the material."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

from contentkit.core.facts.calendar import weekdays
from contentkit.core.facts.days import impossible, is_year, readings, wrong_weekday
from contentkit.core.facts.measures import TIMES, hard, telling
from contentkit.core.facts.multiples import is_multiple, with_multiples
from contentkit.core.facts.quotes import quoted
from contentkit.core.facts.verdict import Verdict
from contentkit.core.parts import Part
from contentkit.core.report import Finding, Severity
from contentkit.core.text.dates import Clock, Date
from contentkit.core.text.document import Document, Span
from contentkit.core.text.gaps import Spans
from contentkit.core.text.numbers import Quantity, quantities
from contentkit.steps._grounding.literal import is_count, literally, ranged, versions
from contentkit.steps._grounding.look import Look, around
from contentkit.steps._grounding.phrases import phrases
from contentkit.steps._grounding.telling import claims_nothing, follows, sentence_of, strayed, told_as

_SMALL, _FEW = 10, 12
_LABEL = re.compile(
    r"(?:step|part|day|week|month|chapter|figure|fig\.|table|section|no\.|nr\.|lesson|post|scene|tip|phase|option|level|appendix|question|q|#|第"
    r"|schritt|teil|kapitel|abschnitt|tag|abbildung|tabelle|図|表|例|ステップ|その|パート)\s?\Z",
    re.IGNORECASE,
)
_LONGEST_LABEL = 12
_AGAIN = re.compile(r"(?:\b(?:every|each)(?: \w+)?|毎週|隔週|第[一二三四五1-5]|jeden)\s?\Z", re.IGNORECASE)
"""Before a weekday that comes again and again."""
_EACH = re.compile(
    r"あたり|当たり|につき|ごと|平均|に\w|[^、。\d]{0,8}?(?:では|分[のでは]|なら|ると|れば|たら)[^。]{0,12}?\d"
)
"""What makes a measure of one of something that something else is said of: 1週間では1,050円."""
_FRACTION_BEFORE, _FRACTION_AFTER = re.compile(r"\d\s?/\s?\Z"), re.compile(r"\s?/\s?\d")
_YEAR_BEFORE = re.compile(r"(?<![\w.,])((?:19|20)\d\d)\s?[/–-]\s?\Z")
_ITEM = re.compile(r"\A[.)]\s|\A\s?/(?:\s|\d|\Z)")
_PLACE = re.compile(r"\A(?:st|nd|rd|th)\b|\A(?:番目|つ目|回目|位|章|節)")
_LIST_BEFORE = re.compile(r"(?:[^、。「」\sはがを]{1,12}[と、・や]){1,7}[^、。「」\sはがを]{1,12}の\Z")
_JOINTS = re.compile("[と、・や]")
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
    told = list[Span]()
    if look.material.sources:
        yield from phrases(part, look, _read(document), told)
    told_at = Spans(told)
    for one in _read(document):
        if told and one.start in told_at:
            continue
        before, after = around(document, one.start, one.end)
        if isinstance(one.value, Date) and (fault := _calendar(part, look, one, one.value, before, after)):
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
    return tuple(with_multiples(document.shadow, quantities(document.shadow, document.language)))


def _claims(one: Quantity, document: Document, before: str, after: str) -> bool:
    """Whether a number says anything of the world: not the number of a step, a list item or a chapter's time."""
    if claims_nothing(one.start, document):
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
    labelled = one.unit != "倍" and _LABEL.search(before, max(0, len(before) - _LONGEST_LABEL))
    if _listed(one, before):
        return False
    if labelled or _PLACE.match(after) or (not before.strip(" #") and _ITEM.match(after)):
        return False
    return not (("/" in before and _FRACTION_BEFORE.search(before)) or _FRACTION_AFTER.match(after))


def _listed(one: Quantity, before: str) -> bool:
    """Whether the text itself lists what is counted: 横浜と新潟の2工場."""
    found = _LIST_BEFORE.search(before) if before.endswith("の") else None
    return found is not None and one.value == 1 + len(_JOINTS.findall(found[0]))


def _ends_year(one: Quantity, before: str) -> bool:
    """Whether it is the second half of a year that begins in one and ends in the next: 2024/25."""
    year = _YEAR_BEFORE.search(before) if len(one.text) == 2 else None
    return year is not None and one.value == (int(year[1]) + 1) % 100


@lru_cache(maxsize=8)
def _chaptered(document: Document) -> bool:
    """Whether the text lists times of its own, as chapters of a video."""
    return bool(_CHAPTER.search(document.text))


def _calendar(part: Part, look: Look, one: Quantity, day: Date, before: str, after: str) -> Finding | None:
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
        if verdict.standing != "said" and (why := look.periods.edge(one.value)):
            verdict = Verdict("derived", why)
        severity = Severity.MAJOR if verdict.why else Severity.MINOR
    else:
        verdict = _dated(one, look)
        severity = Severity.MINOR if verdict.standing == "doubtful" else Severity.MAJOR
    if verdict.standing == "derived":
        yield from follows(part, look, one, verdict)
    elif verdict.standing != "said":
        yield told_as(part, one, f"grounding/{'time' if isinstance(one.value, Clock) else 'date'}", verdict, severity)


def _dated(one: Quantity, look: Look) -> Verdict:
    """How a date or a year stands, also by way of the words of the material for other days than its own."""
    verdict = look.days.look(one)
    if verdict.standing == "said" or not (meant := readings(one)):
        return verdict
    day = meant[0]
    # A year with a month needs the month too.
    bare = day.month is None or verdict.standing == "doubtful"
    why = look.relative.day(day) or (look.relative.year(day) if bare else "") or look.periods.edge(day)
    return Verdict("derived", why) if why else verdict


def _weekdays(part: Part, look: Look) -> Iterator[Finding]:
    """Weekdays that no source names; beside a date ``_calendar`` tells whether they are right."""
    document = part.document
    dated = [one for one in _read(document) if isinstance(one.value, Date) and one.value.day]
    starts = [one.start for one in dated]
    for day in weekdays(document.shadow):
        at = bisect(starts, day.start)
        near = dated[max(0, at - 1) : at + 1]
        beside = any(day.start - 12 < one.end <= day.start or day.end <= one.start < day.end + 12 for one in near)
        again = bool(_AGAIN.search(document.shadow[max(0, day.start - _LONGEST_LABEL) : day.start]))
        verdict = look.calendar.weekday(day.number, again=again)
        if beside or verdict.standing == "said" or claims_nothing(day.start, document) or look.is_known(day.text):
            continue
        severity = Severity.MAJOR if verdict.why else Severity.MINOR
        said = Quantity(day.start, day.end, day.text, "date", day.text)
        yield told_as(part, said, "grounding/date", verdict, severity)


def _version(part: Part, look: Look, one: Quantity) -> Iterator[Finding]:
    named = any(one.value in versions(text.text) for text in look.material.witnesses)
    if not named and not literally(one, look, tied=False, ranged=True):
        yield told_as(part, one, "grounding/number", Verdict("absent"), Severity.MAJOR)


def _number(part: Part, look: Look, one: Quantity, before: str, after: str) -> Iterator[Finding]:
    verdict = _dated(one, look) if is_year(one) else None
    if verdict is None or verdict.standing != "said":
        read = look.figures.look(one, before, after)
        verdict = read if verdict is None or read.standing in ("said", "derived") else verdict
    if verdict.standing == "said" and (other := look.figures.other_way(one, before, after)):
        message = f"{one.text!r} goes the other way: {other.why}."
        repair = f"Say of {one.text!r} what the material says: {other.why}."
        yield part.finding("grounding/number", message, one.start, one.end, Severity.MINOR, repair=repair)
    if verdict.standing == "absent" and (_in_digits(one, look, before, after) or is_count(one, look, part.document)):
        return
    if verdict.standing != "said" and _figure_of_speech(one, verdict, after):
        return
    if verdict.standing == "derived":
        compared = one.kind == "percent" or one.unit in TIMES
        if compared and (
            other := look.figures.strays(one, before, after, *sentence_of(one, part, _read(part.document)))
        ):
            yield strayed(part, one, verdict, other.why)
        else:
            yield from follows(part, look, one, verdict)
    elif verdict.standing == "rounded":
        message = f"{one.text!r} is rounded, and does not say so: {verdict.why}."
        yield part.finding("grounding/rounded", message, one.start, one.end, suggestion=verdict.instead)
    elif verdict.standing != "said":
        yield told_as(part, one, "grounding/number", verdict, _weight(one, verdict))


def _in_digits(one: Quantity, look: Look, before: str, after: str) -> bool:
    """Whether the material has these digits as part of a word, a date or a version."""
    tied = hard(one.unit) or not one.unit.isascii() or telling(one.unit) in look.figures.by_unit
    return one.kind == "number" and literally(one, look, tied=tied, ranged=ranged(before, after))


def _figure_of_speech(one: Quantity, verdict: Verdict, after: str) -> bool:
    """ "One of the reasons", "two ways", 1本あたり: small numbers in words count what the text itself brings."""
    if one.value == 1 and not one.unit.isascii() and (not hard(one.unit) or _EACH.match(after[len(one.unit) :])):
        return True
    if is_multiple(one, after):
        return False
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
        (one.spelled or one.unit == "つ")
        and one.kind == "number"
        and _whole(one)
        and isinstance(one.value, Fraction)
        and one.value <= _FEW
    )


def _weight(one: Quantity, verdict: Verdict) -> Severity:
    if one.kind == "percent" and one.value == 100 and not verdict.why:
        return Severity.MINOR  # all of it: "100 % sure"
    if verdict.weak:
        return Severity.MINOR
    if one.kind != "number" or hard(one.unit):
        return Severity.MAJOR
    loose = verdict.standing == "doubtful" or one.spelled
    few = isinstance(one.value, Fraction) and abs(one.value) <= _SMALL
    return Severity.MINOR if loose or few else Severity.MAJOR
