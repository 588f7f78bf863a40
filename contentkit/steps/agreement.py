"""Whether texts keep the facts that are given by name, and agree with each other.

It looks only where facts are given: ``[check.settings.agreement.facts]`` of the configuration, or a campaign's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from contentkit.core.facts.agreement import Breach, Claim, breaches, claims, differing, misspelt
from contentkit.core.facts.given import Fact, facts_of
from contentkit.core.nearest import unknown
from contentkit.core.parts import Part, parts
from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Severity
from contentkit.core.text.numbers import same

CHECK = True


def settings(table: Mapping[str, Any]) -> None:
    """``[check.settings.agreement]``: ``facts``, a table of names and what is so.

    Raises:
        UsageError: it says something else.
    """
    for name in table:
        if name != "facts":
            raise unknown("setting of the check 'agreement'", name, ("facts",))
    facts_of(table.get("facts", {}), "check.settings.agreement.facts")


def after(piece: Piece) -> Piece:
    """Findings for what says something else than a fact."""
    facts = _facts(piece)
    if not facts:
        return piece
    known = "\n".join(source.text for source in (piece.originals or piece.sources))
    found: list[Finding] = []
    for part in parts(piece):
        broken = list(breaches(part, facts, known))
        found += [_finding(part, breach, "fact") for breach in broken]
        spans = {(one.start, one.end) for one in broken}
        slips = (breach for breach in misspelt(part, facts, known) if (breach.start, breach.end) not in spans)
        found += [_finding(part, breach, "name") for breach in slips]
    return piece.found(*found)


def across(pieces: Sequence[Piece]) -> Iterator[Finding]:
    """Numbers, dates and sums in which two pieces differ where both tell of one thing."""
    facts = next((found for piece in pieces if (found := _facts(piece))), ())
    if not facts:
        return
    read = [(piece, claims(parts(piece))) for piece in pieces]
    for (one, first), (other, second) in combinations(read, 2):
        for claim, its in differing(first, second):
            wrong, right, name = (claim, its, other.name) if _is_fact(its, facts) else (its, claim, one.name)
            if not _is_fact(wrong, facts):
                yield _difference(wrong, right, name, plain=_is_fact(right, facts))


def _facts(piece: Piece) -> tuple[Fact, ...]:
    return facts_of(piece.settings.get("agreement", {}).get("facts", {}))


def _is_fact(claim: Claim, facts: Sequence[Fact]) -> bool:
    return any(same(claim.quantity, wanted) for fact in facts for wanted in fact.quantities)


def _finding(part: Part, breach: Breach, rule: str) -> Finding:
    if rule == "name":
        message = f"{breach.said!r} is written {breach.instead!r} in the brief."
        repair = f"Write {breach.instead!r} for {breach.said!r}."
    else:
        message = f"{breach.said!r} is not what the brief says ({breach.label}: {breach.instead})."
        repair = f"Say of {breach.label} what the brief says: {breach.instead}."
    return part.finding(
        f"agreement/{rule}",
        message,
        breach.start,
        breach.end,
        Severity.MAJOR,
        repair=repair,
        suggestion=breach.instead,
    )


def _difference(wrong: Claim, right: Claim, other: str, *, plain: bool) -> Finding:
    one, its = wrong.quantity, right.quantity
    said, instead = (claim.part.document.text[claim.quantity.start : claim.quantity.end] for claim in (wrong, right))
    sentence = right.part.document.sentence_at(its.start)
    words = " ".join(right.part.document.text[sentence.start : sentence.end].split()) if sentence else instead
    return wrong.part.finding(
        "agreement/pieces",
        f"{said!r} here, {instead!r} in {other}: “{words[:120]}”",
        one.start,
        one.end,
        Severity.MAJOR if plain else Severity.MINOR,
        suggestion=instead if plain else "",
    )
