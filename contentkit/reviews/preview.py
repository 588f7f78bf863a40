"""What a review would look at, ask and cost, told before it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contentkit.ask import silent
from contentkit.core.report import Covered
from contentkit.models.engine import Listen, Target
from contentkit.review import ReviewOptions, bench_of, target_of
from contentkit.reviews.analyse import check
from contentkit.reviews.run import Run

if TYPE_CHECKING:
    from contentkit.core.change import Change
    from contentkit.kit.kit import Kit
    from contentkit.reviews.run import Bench


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a review would ask, before it does. Numbers are estimates; second looks are not in them.

    Attributes:
        parts: of files, each asked about on its own.
        input_tokens, output_tokens: of all questions.
        cost: US dollars, or None when the price is unknown.
    """

    files: int = 0
    parts: int = 0
    questions: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = 0.0


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a review would look at, without running it.

    Attributes:
        hunks: number of units that would be reviewed.
        left_out: what would not be, and why.
        target: the model that would be asked, or None.
    """

    reviewed: tuple[str, ...]
    hunks: int
    left_out: tuple[Covered, ...]
    target: Target | None
    outlook: Outlook


async def look(kit: Kit, change: Change, options: ReviewOptions | None = None, *, listen: Listen = silent) -> Ahead:
    """What ``review`` would do with the same arguments. Runs no analyzer and asks no model.

    Raises:
        UsageError: as ``review``.
    """
    options = options or ReviewOptions()
    settings = options.over(kit.config.review)
    check(settings)
    target = target_of(kit, settings, options)
    bench = bench_of(kit, change, settings, options, target, listen) if target else None
    reviewed = {file.path: len(file.units) for file in change if not file.skipped and not file.failed}
    left_out = tuple(
        Covered(file.path, "failed" if file.failed else "skipped", file.failed or file.skipped)
        for file in change
        if file.skipped or file.failed
    )
    ahead = _outlook(bench, list(reviewed)) if bench else Outlook()
    return Ahead(tuple(reviewed), sum(reviewed.values()), left_out, target, ahead)


def _outlook(bench: Bench, paths: Sequence[str]) -> Outlook:
    """What the lenses would be asked about the files of ``paths``."""
    from contentkit.code.facts import facts
    from contentkit.reviews.examine import EXPECTED

    run, asker = Run(bench, {}), bench.asker
    sent, questions, cost = 0, 0, 0.0
    priced = True
    for part, chunk in run.parts_of(paths):
        fields = {**facts(chunk), "told": (), "instructions": bench.instructions(part.path), "language": bench.language}
        for lens in bench.lenses:
            look = asker.preflight(lens, {**fields, "lens": lens.name}, expected=EXPECTED)
            sent += look.input_tokens * bench.settings.samples
            questions += bench.settings.samples
            priced = priced and look.cost is not None
            cost += (look.cost or 0.0) * bench.settings.samples
    return Outlook(len(paths), len(run.parts), questions, sent, questions * EXPECTED, cost if priced else None)
