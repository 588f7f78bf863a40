"""Files -> the same files with the sentences at fault written anew by a model: every other byte stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from contentkit.ask import Asker, silent
from contentkit.check import CheckOptions, plain_pieces, run
from contentkit.core.chat import Notice, Options, Usage
from contentkit.core.errors import UsageError
from contentkit.core.piece import Piece
from contentkit.drafts.prepare import learned, placeless
from contentkit.drafts.rewrite import passages, rewritten
from contentkit.fix import FixedFile, encoded
from contentkit.models.engine import Listen

if TYPE_CHECKING:
    from contentkit.kit.kit import Kit


@dataclass(frozen=True, slots=True)
class Reworded:
    """What became of the files, who was asked, and what it took.

    Attributes:
        sent_to: host, or "" when nothing left this machine.
        cost: US dollars; None is unknown.
    """

    files: tuple[FixedFile, ...]
    model: str = ""
    sent_to: str = ""
    usage: Usage = field(default_factory=Usage)
    cost: float | None = 0.0


async def reword(
    kit: Kit,
    files: Sequence[str],
    options: CheckOptions,
    *,
    model: str = "",
    max_cost: float | None = None,
    listen: Listen = silent,
) -> Reworded:
    """Have every sentence written anew in which a check finds what it can say how to mend. No file is written.

    A new sentence is taken only where the checks find less in it than in the old one. Secrets are hidden from hosts.

    Raises:
        UsageError: a file or setting is wrong, or no model is there to do it.
        BudgetError: it would cost too much.
        ProviderError: no model answered.
    """
    choice = await kit.choose(model)
    target = await learned(kit.target(choice.model))
    if target.endpoint.like == "offline":
        raise UsageError(
            "Without a model no sentence can be written anew.", hint="Name one with --model; --fix needs none."
        )
    listen(Notice(f"{target.id}: {choice.why}"))
    asker = Asker(kit.prompts, target, kit.engine(max_cost=max_cost), Options(), kit.config.deadline, listen)
    made = [await _reworded(kit, asker, piece, names) for piece, names in await plain_pieces(kit, files, options)]
    engine = asker.engine
    return Reworded(tuple(made), target.id, target.host if target.hosted else "", engine.usage or Usage(), engine.cost)


async def _reworded(kit: Kit, asker: Asker, piece: Piece, names: Sequence[str]) -> FixedFile:
    seen = run(kit, piece, names)
    faults = [finding for finding in seen.findings if finding.repair]
    wanted = passages(seen, faults)
    if not wanted:
        return FixedFile(piece.name, piece.body, piece.body)
    many = "1 passage" if len(wanted) == 1 else f"{len(wanted)} passages"
    asker.listen(Notice(f"{piece.name}: having {many} written anew"))
    hidden = _hidden(kit, replace(seen, hosted=asker.target.hosted, host=asker.target.host))
    for notice in hidden.notices[len(seen.notices) :]:
        asker.listen(Notice(notice))
    prompt = kit.prompts.get("rewrite", folder="parts", language=piece.language)
    better = await rewritten(
        asker,
        prompt,
        _fields(hidden),
        replace(seen, vault=hidden.vault),
        wanted,
        lambda changed: run(kit, replace(changed, findings=(), vault={}), names),
    )
    left = {(finding.rule, finding.message) for finding in better.findings}
    done = tuple(fault for fault in faults if (fault.rule, fault.message) not in left)
    return encoded(FixedFile(piece.name, piece.body, better.body, applied=done))


def _hidden(kit: Kit, piece: Piece) -> Piece:
    """The piece with its material as a host may see it, and a vault that knows the secrets of its own text too."""
    return kit.step("redact").before(replace(piece, fields={**piece.fields, "draft": piece.body}))


def _fields(piece: Piece) -> dict[str, Any]:
    sources = tuple(map(placeless, piece.sources)) if piece.hosted else piece.sources
    return {"topic": "", "language": piece.language, "sources": sources}
