"""Parts of a whole, centuries and parts of a year, how often, and from what to what: "one in four", Q3 2025."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from contentkit.core.facts.frequencies import Frequency, frequencies
from contentkit.core.facts.periods import Period, periods
from contentkit.core.facts.portions import Portion, portions
from contentkit.core.facts.turned import Change, changes
from contentkit.core.parts import Part
from contentkit.core.report import Finding, Severity
from contentkit.core.text.document import Span
from contentkit.core.text.numbers import Quantity
from contentkit.steps._grounding.look import Look, around
from contentkit.steps._grounding.telling import claims_nothing, follows, sentence_of, strayed, told_as


def phrases(part: Part, look: Look, numbers: Sequence[Quantity], told: list[Span]) -> Iterator[Finding]:
    """What the material does not carry of them.

    Args:
        numbers: those of the text.
        told: gets the places whose numbers are none of their own.
    """
    shadow = part.document.shadow
    for portion in portions(shadow, numbers):
        yield from _portion(part, look, portion, numbers, told)
    for period in periods(shadow, numbers):
        yield from _period(part, look, period, told)
    for often in frequencies(shadow) if look.frequencies else ():
        yield from _frequency(part, look, often, told)
    for change in changes(shadow, numbers) if look.changes else ():
        yield from _change(part, look, change)


def _portion(part: Part, look: Look, one: Portion, numbers: Sequence[Quantity], told: list[Span]) -> Iterator[Finding]:
    """A part of a whole; where it stands, or can be nothing else, its numbers are none of their own."""
    before, after = around(part.document, one.start, one.end)
    if claims_nothing(one.start, part.document) or look.is_known(one.text):
        return
    verdict = look.figures.shares.look(one, before, after)
    if verdict.standing == "absent" and one.counts:
        return
    told.append(Span(one.start, one.end))
    if verdict.standing == "derived":
        said, own = sentence_of(one, part, numbers)
        if why := look.figures.shares.stray(one, before, after, said, own):
            yield strayed(part, one, verdict, why)
        else:
            yield from follows(part, look, one, verdict)
    elif verdict.standing == "absent":
        message = f"{one.text!r} is not in the sources, nor does it follow from their numbers."
        repair = f"Put the share that the material gives in place of {one.text!r}, or leave it out."
        yield part.finding("grounding/number", message, one.start, one.end, Severity.MINOR, repair=repair)


def _period(part: Part, look: Look, one: Period, told: list[Span]) -> Iterator[Finding]:
    """A century that no year of the material is in; a quarter or a season of another year than its own."""
    if claims_nothing(one.start, part.document) or look.is_known(one.text):
        return
    if one.part == "century":
        told.append(Span(one.start, one.end))
    verdict = look.periods.look(one)
    if verdict.standing != "said":
        said = Quantity(one.start, one.end, one.text, "date", one.text)
        yield told_as(part, said, "grounding/date", verdict, Severity.MINOR)


def _frequency(part: Part, look: Look, one: Frequency, told: list[Span]) -> Iterator[Finding]:
    """How often something comes; the numbers of it are none of their own."""
    if claims_nothing(one.start, part.document) or look.is_known(one.text):
        return
    verdict = look.frequencies.look(one)
    told.append(Span(one.start, one.end))
    if verdict.standing != "said":
        message = f"{one.text!r} is not in the sources; {verdict.why}."
        repair = f"Put how often the material says in place of {one.text!r}, or leave it out."
        yield part.finding("grounding/number", message, one.start, one.end, Severity.MINOR, repair=repair)


def _change(part: Part, look: Look, change: Change) -> Iterator[Finding]:
    """A change the other way round."""
    why = look.changes.turned(change)
    if not why or claims_nothing(change[0].start, part.document):
        return
    start, end = change[0].start, change[1].end
    said = part.document.text[start:end]
    repair = f"Say of {said!r} what the material says: {why}."
    yield part.finding(
        "grounding/number", f"{said!r} goes the other way: {why}.", start, end, Severity.MAJOR, repair=repair
    )
