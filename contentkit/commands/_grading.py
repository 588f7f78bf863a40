"""Runs of ``contentkit evaluate``: each case as it ends, and drafts written, scored and judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from contentkit.scores.grade import Case, Grades


def counting(many: int, what: Callable[[Any], str], *, quiet: bool) -> Callable[[Any], None]:
    """A listener that says of each outcome, as it comes, which of how many it is and ``what`` became of it."""
    ended = 0

    def done(outcome: Any) -> None:
        nonlocal ended
        ended += 1
        if not quiet:
            click.echo(f"contentkit: {ended}/{many} {outcome.case.id}: {what(outcome)}", err=True)

    return done


async def grades(chosen: Sequence[Case], typed: dict[str, Any]) -> Grades:
    """The cases written and scored as the command line says."""
    from contentkit.kit.kit import Kit
    from contentkit.scores.grade import grade
    from contentkit.scores.prefer import Judge

    done = counting(len(chosen), lambda outcome: outcome.error or f"score {outcome.score:.3f}", quiet=typed["quiet"])

    async with Kit.load(history=False, cache=typed["cache"]) as kit:
        judge = Judge.of(kit, kit.target(typed["judge"])) if typed["judge"] else None
        return await grade(
            kit, chosen, typed["model"], judge, at_once=typed["concurrency"], max_cost=typed["max_cost"], done=done
        )


async def preferred(
    first: dict[str, Any], second: dict[str, Any], model: str, max_cost: float | None
) -> dict[str, str]:
    """Which draft of each case a judge prefers. Where both are the same, nobody is asked."""
    from contentkit.kit.kit import Kit
    from contentkit.scores.prefer import Judge

    others = {case["id"]: case for case in second["cases"] if not case["error"]}
    said: dict[str, str] = {}
    async with Kit.load(history=False, cache=True) as kit:
        judge = Judge.of(kit, kit.target(model)).within(max_cost)
        for case in first["cases"]:
            other = others.get(case["id"])
            if other is None or case["error"]:
                continue
            if case["body"] == other["body"]:
                said[case["id"]] = "the same draft"
                continue
            rubric, language = case["rubric_asked"], case["language"]
            said[case["id"]] = (await judge.prefer(case["body"], other["body"], rubric, language)).value
    return said
