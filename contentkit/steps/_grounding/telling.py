"""How what was found of a number is told, and which places claim nothing."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from fractions import Fraction

from contentkit.core.facts.measures import telling
from contentkit.core.facts.portions import Portion
from contentkit.core.facts.quotes import quoted
from contentkit.core.facts.verdict import Verdict
from contentkit.core.parts import Part
from contentkit.core.report import Finding, Severity
from contentkit.core.text.document import Document
from contentkit.core.text.gaps import gaps
from contentkit.core.text.numbers import Quantity
from contentkit.steps._grounding.look import Look, marked


def claims_nothing(offset: int, document: Document) -> bool:
    """Whether a place is a mark to fill, a reference or a quotation that is checked as such."""
    return offset in gaps(document) or offset in marked(document) or _in_checked_quotation(document, offset)


def _in_checked_quotation(document: Document, offset: int) -> bool:
    """Numbers in a quotation stand or fall with it."""
    span = document.quotation_at(offset) if document.quotations else None
    return span is not None and sum(map(len, quoted(document.text[span.start : span.end]))) > 3


def follows(part: Part, look: Look, one: Quantity | Portion, verdict: Verdict) -> Iterator[Finding]:
    if look.wants("derived"):
        message = f"{one.text!r} is not in the sources; it follows from {verdict.why}."
        yield part.finding("grounding/derived", message, one.start, one.end, Severity.INFO)


def strayed(part: Part, one: Quantity | Portion, verdict: Verdict, why: str) -> Finding:
    """That a number follows from numbers of other things than its sentence speaks of.

    Args:
        why: what the material has of those, as part of a sentence.
    """
    message = f"{one.text!r} follows from numbers of other things only ({verdict.why}); {why}."
    repair = f"Reckon {one.text!r} again, or leave it out."
    return part.finding("grounding/number", message, one.start, one.end, Severity.MINOR, repair=repair)


def sentence_of(one: Quantity | Portion, part: Part, numbers: Sequence[Quantity]) -> tuple[str, list[Fraction]]:
    """The sentence that a number stands in, and its other numbers.

    Args:
        numbers: those of the text in order.
    """
    sentence = part.document.sentence_at(one.start)
    start, end = (sentence.start, sentence.end) if sentence else (one.start, one.end)
    first, last = (bisect_left(numbers, place, key=lambda other: other.start) for place in (start, end))
    others = (other for other in numbers[first:last] if other.end <= one.start or one.end <= other.start)
    return part.document.shadow[start:end], [other.value for other in others if isinstance(other.value, Fraction)]


def told_as(part: Part, one: Quantity, rule: str, verdict: Verdict, severity: Severity) -> Finding:
    unit = telling(one.unit) and one.kind == "number" and not one.text.endswith(one.unit)
    said = f"{one.text}{' ' if one.unit.isascii() else ''}{one.unit}" if unit else one.text
    why = f"; {verdict.why}" if verdict.why else ""
    mend = f"Put {verdict.instead!r} if that is meant, else leave" if verdict.instead else "Leave"
    return part.finding(
        rule,
        f"{said!r} is {'of something else' if verdict.standing == 'misplaced' else 'not in the sources'}{why}.",
        one.start,
        one.end,
        severity,
        repair=f"{mend} {one.text!r} out, or tell it as the material does.",
        suggestion=verdict.instead,
    )
