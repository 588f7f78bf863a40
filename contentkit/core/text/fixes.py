"""Putting the safe replacements of findings into the text that they were found in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from contentkit.core.report import Finding
from contentkit.core.text.document import Document, document

_MOST_ROUNDS, _MOST_GROWTH = 12, 1000


@dataclass(frozen=True, slots=True)
class Fixed:
    """A text after its fixes.

    Attributes:
        applied: the findings whose replacements are in ``text``.
        skipped: those that can be replaced and were not, since another replacement stood in the way.
    """

    text: str
    applied: tuple[Finding, ...] = ()
    skipped: tuple[Finding, ...] = ()


def fixed(text: str, findings: Iterable[Finding], path: str) -> Fixed:
    """``text``, which places call ``path``, with every replacement put in; of two that overlap the first.

    Findings without a replacement, or about other texts, are passed over.
    """
    read = document(text)
    wanted = [(*_span(read, finding), finding) for finding in findings if _fits(finding, path)]
    pieces: list[str] = []
    applied: list[Finding] = []
    skipped: list[Finding] = []
    position = 0
    for start, end, finding in sorted(wanted, key=lambda one: one[:2]):
        if start < position or (applied and start == end == position):
            skipped.append(finding)
            continue
        pieces += [text[position:start], finding.replacement or ""]
        applied.append(finding)
        position = end
    return Fixed("".join([*pieces, text[position:]]), tuple(applied), tuple(skipped))


def settled(text: str, look: Callable[[str], Sequence[Finding]], path: str) -> Fixed:
    """``text`` fixed until ``look`` finds nothing more to replace, so that fixing the result changes nothing.

    Rules that undo each other never come to rest: then the text stays as it was when they began to go round.
    """
    rounds: list[Fixed] = [Fixed(text)]
    seen = {text: 0}
    while len(rounds) <= _MOST_ROUNDS and len(rounds[-1].text) <= 2 * len(text) + _MOST_GROWTH:
        done = fixed(rounds[-1].text, look(rounds[-1].text), path)
        if done.text in seen:
            rounds = rounds[: seen[done.text] + 1] if done.text != rounds[-1].text else rounds
            return Fixed(rounds[-1].text, tuple(one for each in rounds for one in each.applied), done.skipped)
        seen[done.text] = len(rounds)
        rounds.append(done)
    return Fixed(text)  # it would grow for ever


def _fits(finding: Finding, path: str) -> bool:
    return finding.replacement is not None and finding.place is not None and finding.place.path == path


def _span(read: Document, finding: Finding) -> tuple[int, int]:
    span = read.span(finding.place) if finding.place else None
    return (span.start, span.end) if span else (0, 0)
