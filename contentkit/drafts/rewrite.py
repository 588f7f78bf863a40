"""Only the passages at fault are written anew: a model is shown those alone, and all else stays to the byte."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import inf
from typing import TYPE_CHECKING, Any

from contentkit.ask import Asker, silent
from contentkit.core.parts import Part, parts, with_text
from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Severity
from contentkit.core.text.document import Span
from contentkit.core.text.outline import bare
from contentkit.steps.normalise import cleaned
from contentkit.steps.redact import conceal, restore

if TYPE_CHECKING:
    from contentkit.kit.prompts import Prompt

Look = Callable[[Piece], Piece]
"""The piece with what the checks find in it now, and nothing of what they found before."""

_MOST_PASSAGES, _MOST_CHARACTERS, _AROUND = 20, 12_000, 300
_TOKENS_PER_CHARACTER = 1


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of one running text, or all of it, with what is wrong in them.

    Attributes:
        path: of the text, as places name it.
        start, end: where it stands in that text, in code points.
        before, after: what stands around it, for the reader to go on from.
    """

    path: str
    start: int
    end: int
    text: str
    before: str
    after: str
    faults: tuple[Finding, ...]


def passages(piece: Piece, faults: Sequence[Finding]) -> tuple[Passage, ...]:
    """The passages that the faults are in, in order and apart. A fault of no running text is in none."""
    return tuple(passage for part in parts(piece) for passage in _of_part(part, faults, whole=piece.output is not None))


def _of_part(part: Part, faults: Sequence[Finding], *, whole: bool) -> Iterator[Passage]:
    """Args: whole: a fault without a line is one of all the text (a post that is too long)."""
    text, spans = part.document, list[tuple[Span, Finding]]()
    for fault in faults:
        if fault.place is None or fault.place.path != part.path or fault.category == "language":
            continue  # the wrong language is a fault of the whole, wherever it was noticed first
        span = text.span(fault.place)
        if span is not None and fault.category != "limits":
            spans.append((_sentences(part, span), fault))
        elif whole:  # a text that is too long is shortened where it is weakest, not where it goes over
            spans.append((Span(0, len(text.text)), fault))
    for span, told in _joined(spans):
        start, end = span.start, span.end
        around = text.text[max(0, start - _AROUND) : start], text.text[end : end + _AROUND]
        yield Passage(part.path, start, end, text.text[start:end], *around, tuple(told))


def _sentences(part: Part, span: Span) -> Span:
    """The whole sentences that a span touches; the span itself where it touches none."""
    text = part.document
    first, last = text.sentence_at(span.start), text.sentence_at(max(span.start, span.end - 1))
    return Span(min(span.start, first.start if first else span.start), max(span.end, last.end if last else span.end))


def _joined(spans: list[tuple[Span, Finding]]) -> Iterator[tuple[Span, list[Finding]]]:
    """Spans that overlap as one."""
    current: Span | None = None
    told: list[Finding] = []
    for span, fault in sorted(spans, key=lambda pair: (pair[0].start, pair[0].end)):
        if current is not None and span.start < current.end:
            current = Span(current.start, max(current.end, span.end))
            told.append(fault)
            continue
        if current is not None:
            yield current, told
        current, told = span, [fault]
    if current is not None:
        yield current, told


async def rewritten(
    asker: Asker, prompt: Prompt, fields: Mapping[str, Any], piece: Piece, wanted: Sequence[Passage], look: Look
) -> Piece:
    """The piece with the passages written anew that are better for it, as ``look`` finds; the others as they were.

    Args:
        prompt: ``prompts/parts/rewrite.md`` in the language of the piece.
        fields: what the prompt is rendered from, besides the passages.

    Raises:
        ProviderError, BudgetError: an answer could not be had; nothing was changed.
    """
    new: dict[Passage, str] = {}
    quiet = replace(asker, listen=silent)
    for batch in _batches(wanted):
        asked = {**fields, "passages": [_shown(number, one, piece) for number, one in enumerate(batch, 1)]}
        expected = 200 + _TOKENS_PER_CHARACTER * sum(len(one.text) for one in batch)
        reply = await quiet.whole(quiet.request(prompt, asked), expected=expected)
        new |= _answers(reply.data, batch, piece)
    return _better(piece, new, look)


def _batches(wanted: Sequence[Passage]) -> Iterator[list[Passage]]:
    """As many passages as one question takes well."""
    batch: list[Passage] = []
    for one in wanted:
        size = sum(len(other.text) for other in batch)
        if batch and (len(batch) == _MOST_PASSAGES or size + len(one.text) > _MOST_CHARACTERS):
            yield batch
            batch = []
        batch.append(one)
    if batch:
        yield batch


def _shown(number: int, one: Passage, piece: Piece) -> dict[str, Any]:
    """A passage as the vendor may see it: the checks ran on the restored text, so it can hold a secret."""

    hide = partial(conceal, vault=piece.vault)
    faults = [
        {"message": hide(fault.message), "repair": hide(fault.repair), "quote": hide(fault.place.quote)}
        for fault in one.faults
        if fault.place
    ]
    return {
        "number": number,
        "text": hide(one.text),
        "before": hide(one.before),
        "after": hide(one.after),
        "faults": faults,
    }


def _answers(data: Any, batch: Sequence[Passage], piece: Piece) -> dict[Passage, str]:
    """The new words by passage; an answer to no passage, without words, or that makes a line of a text two, is none."""
    found: dict[Passage, str] = {}
    for row in data["passages"]:
        if not 1 <= row["number"] <= len(batch):
            continue
        one = batch[row["number"] - 1]
        text = restore(cleaned(row["text"]), piece.vault).strip()
        if text and ("\n" in one.text or "\n" not in text):
            found[one] = text
    return found


def _better(piece: Piece, new: Mapping[Passage, str], look: Look) -> Piece:
    """The piece with those of the new passages that have less wrong in them than the old ones."""
    changed = {one: text for one, text in new.items() if text != one.text}
    while changed:
        candidate = look(_spliced(piece, changed))
        over = _over_form(candidate)
        worse = [
            one
            for one, span in _moved(changed).items()
            if one.path in over or _weight(_within(candidate, one.path, span)) >= _weight(one.faults)
        ]
        if not worse:
            return candidate if _weight(candidate.findings) < _weight(piece.findings) else piece
        changed = {one: text for one, text in changed.items() if one not in worse}
    return piece


def _over_form(piece: Piece) -> set[str]:
    """The texts that are longer than the form of the answer allows."""
    most = piece.asked
    return {part.path for part in parts(piece) if len(part.document.text) > (most.get(bare(part.path)) or inf)}


def _spliced(piece: Piece, changed: Mapping[Passage, str]) -> Piece:
    for part in list(parts(piece)):
        text, end = part.document.text, 0
        pieces: list[str] = []
        for one in sorted((one for one in changed if one.path == part.path), key=lambda one: one.start):
            pieces += [text[end : one.start], changed[one]]
            end = one.end
        if pieces:
            piece = with_text(piece, part.path, "".join([*pieces, text[end:]]))
    return piece


def _moved(changed: Mapping[Passage, str]) -> dict[Passage, Span]:
    """Where the new passages stand in the new text."""
    moved: dict[Passage, Span] = {}
    shift: dict[str, int] = {}
    for one in sorted(changed, key=lambda one: (one.path, one.start)):
        start = one.start + shift.get(one.path, 0)
        moved[one] = Span(start, start + len(changed[one]))
        shift[one.path] = shift.get(one.path, 0) + len(changed[one]) - len(one.text)
    return moved


def _within(piece: Piece, path: str, span: Span) -> list[Finding]:
    """What is wrong within a span of a text; with what is wrong with all of it where the span is all of it."""
    found = [finding for finding in piece.findings if finding.place and finding.place.path == path]
    part = next((part for part in parts(piece) if part.path == path), None)
    if part is None:  # a single word by now
        return found
    whole = Span(0, len(part.document.text))
    places = [(finding, (finding.place and part.document.span(finding.place)) or whole) for finding in found]
    return [finding for finding, where in places if where.start < span.end and span.start < where.end]


def _weight(findings: Sequence[Finding]) -> tuple[int, int]:
    """How much is wrong: what breaks the piece first, then the rest that can be mended."""
    breaks = sum(finding.severity.rank <= Severity.MAJOR.rank for finding in findings)
    return breaks, sum(bool(finding.repair) for finding in findings) - breaks
