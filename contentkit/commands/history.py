"""``contentkit history``: what was written, and how to find, show, remove and take it along."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contentkit.commands._deliver import deliver, format_of, reviewed
from contentkit.commands._options import emails_output_option, force_option, output_option, reviewer_option
from contentkit.commands._table import table
from contentkit.core.errors import UsageError
from contentkit.core.plural import counted

if TYPE_CHECKING:
    from contentkit.kit.history import History, Run

_limit = click.option(
    "--limit", default=20, type=click.IntRange(0), show_default=True, metavar="N", help="At most so many; 0 for all."
)
_json = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


def _history() -> History:
    from contentkit.kit.config import load
    from contentkit.kit.history import History

    return History(load().history_path)


@click.group(
    epilog="Examples:\n\n\b\n"
    "  contentkit history list\n"
    "  contentkit history show 3fa9\n"
    "  contentkit history search parser",
    short_help="What was written and reviewed: list, search, export ...",
)
def command() -> None:
    """What was written and reviewed: list, show, search, remove, export.

    Every run is kept with its prompt, model, price, findings and result; secrets are masked. An ID may be shortened
    as long as only one run begins with it.
    """


@command.command("list", epilog="Example: contentkit history list --kind article --limit 5")
@_limit
@click.option("--kind", default=None, metavar="KIND", help="Only runs of this content kind.")
@_json
def list_runs(limit: int, kind: str | None, as_json: bool) -> None:
    """The newest runs, newest first."""
    _print(_history().list(limit, kind), as_json)


@command.command(epilog="Example: contentkit history search parser 発表")
@click.argument("words", nargs=-1, required=True)
@_limit
@_json
def search(words: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Runs whose topic, sources or text hold every one of WORDS."""
    _print(_history().search(words, limit), as_json)


@command.command(epilog="Example: contentkit history show 3fa9 --format html -o post.html")
@click.argument("id")
@click.option("--format", "form", default="", metavar="FORMAT", help="text, markdown, json, html or a plugin's.")
@emails_output_option
@force_option
@reviewer_option
def show(id: str, form: str, output: Path | None, force: bool, reviewer: str) -> None:
    """The result of one run, in any format. As text, the account of the run comes on standard error."""
    run, form = _history().show(id), format_of(form, output)
    if reviewer.strip():
        run = reviewed(run, reviewer)
    deliver([run], form, output, force=force)
    if form == "text" and run.kind != "review":  # a review has it all in its text
        from contentkit.reports.text import below

        click.echo("\n".join(below(run)), err=True)


@command.command(epilog="Examples: contentkit history rm 3fa9 77b0   contentkit history rm --all")
@click.argument("ids", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Remove every run.")
@click.option("--yes", is_flag=True, help="Do not ask before removing all.")
def rm(ids: tuple[str, ...], everything: bool, yes: bool) -> None:
    """Remove runs for good."""
    history = _history()
    if bool(ids) == everything:
        raise UsageError("Name the runs to remove, or say --all.", hint="See contentkit history list.")
    if everything:
        ids = tuple(run.id for run in history.list(0))
        if ids and not yes:
            click.confirm(f"Remove all {len(ids)} runs?", abort=True, err=True)
    count = history.rm(ids) if ids else 0
    click.echo(f"contentkit: removed {counted(count, 'run')}.", err=True)


@command.command(epilog="Example: contentkit history export -o runs.jsonl", short_help="Every run as JSON lines.")
@output_option
@force_option
def export(output: Path | None, force: bool) -> None:
    """Every run as JSON lines, the oldest first (docs/json.md tells the form)."""
    from contentkit.kit.files import write_atomically

    lines = _history().export()
    if output is None:
        for line in lines:
            click.echo(line)
        return
    write_atomically(output, "".join(f"{line}\n" for line in lines), force=force)
    click.echo(f"contentkit: written to {output}", err=True)


def _print(runs: Sequence[Run], as_json: bool) -> None:
    if as_json:
        import json
        from dataclasses import asdict

        for run in runs:
            click.echo(json.dumps(asdict(run), ensure_ascii=False))
        return
    if not runs:
        click.echo("contentkit: no runs found.", err=True)
        return
    rows = [
        (
            run.id,
            run.created[:16].replace("T", " "),
            run.kind,
            run.model,
            run.finish if run.finish != "stop" else "",
            str(run.findings),
            "" if run.cost is None else f"${run.cost:.4f}",
            run.topic[:60],
            _relation(run),
        )
        for run in runs
    ]
    table(
        ("id", "written (UTC)", "kind", "model", "ended", "findings", "cost", "topic", "of"),
        rows,
        right=("findings", "cost"),
    )


def _relation(run: Run) -> str:
    """What the run continues, which variant it is, and whether it was chosen."""
    told = [f"of {run.parent}" * bool(run.parent), f"variant {run.variant}" * bool(run.series), "picked" * run.picked]
    return ", ".join(filter(None, told))
