"""What is said before and after a batch, and its exit code."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from contentkit.commands._table import clean

if TYPE_CHECKING:
    from contentkit.batch import Tally
    from contentkit.batches.deliver import Summary
    from contentkit.commands._batch_begin import Ready


def tell_start(ready: Ready, restored: int) -> None:
    """Where the batch stands before this run."""
    standing, order = ready.standing, ready.order
    said = [f"{standing.total} row{'s' * (standing.total != 1)}, {order.kind}, {order.model}"]
    if standing.done:
        said.append(f"{standing.done} are done")
    if standing.failed:
        said.append(f"{standing.failed} failed before and {'are' if standing.failed > 1 else 'is'} tried again")
    click.echo(f"contentkit: {'; '.join(said)}", err=True)
    if standing.unknown:
        many = f"{standing.unknown} questions were" if standing.unknown > 1 else "1 question was"
        click.echo(
            f"contentkit: {many} asked when the run was cut off, and the answer never came here: asked again, and "
            "counted twice in the cost, since the vendor may have answered",
            err=True,
        )
    if restored:
        click.echo(f"contentkit: {restored} missing files were written again from the journal", err=True)


def tell_end(summary: Summary, tally: Tally, typed: Mapping[str, Any], *, changed: int = 0) -> None:
    """What failed and why, where it stands now, and how to go on.

    Args:
        changed: rows that were done before a source of all rows changed.
    """
    for outcome in summary.failures:
        click.echo(
            f"contentkit: failed: {clean(outcome.id)} (exit code {outcome.code}): {clean(outcome.error)}", err=True
        )
    if summary.failed > len(summary.failures):
        click.echo(f"contentkit: ... and {summary.failed - len(summary.failures)} more, in results.jsonl", err=True)
    if tally.stopped is not None:
        click.echo(f"contentkit: stopped: {clean(str(tally.stopped))}", err=True)
    if typed["quiet"]:
        return
    go_on = f"contentkit batch --resume -o {shlex.quote(str(typed['folder']))}"
    for number, why in (
        (summary.stale, "answered with what was paid for before their sources or settings changed"),
        (changed, "done before a source of all rows changed"),
    ):
        if number:
            rows = f"{number} rows were" if number > 1 else "1 row was"
            click.echo(f"contentkit: {rows} {why}; ask anew with: {go_on} --again changed", err=True)
    unfit = f" ({summary.faulty} with findings of severity major)" if summary.faulty else ""
    cost = f"; ${tally.spent:.4f} (estimated where the vendor does not say)" if tally.spent else ""
    said = f"{summary.done} done{unfit}, {summary.failed} failed, {summary.left} left{cost}; see {typed['folder']}"
    click.echo(f"contentkit: {said}", err=True)
    if summary.failed or summary.left:
        click.echo(f"contentkit: go on with: {go_on}", err=True)


def exit_code(summary: Summary, tally: Tally, typed: Mapping[str, Any]) -> int:
    """What failed or is left goes before what is not fit: --resume can mend it."""
    if tally.cancelled:
        return 130
    if tally.stopped is not None and not (summary.done or summary.failed):
        return tally.stopped.exit_code
    if summary.failed or tally.stopped is not None or (summary.left and not typed["limit"]) or summary.unread:
        return 3
    return 1 if summary.faulty else 0
