"""``contentkit pick ID|N``: which of several variants was the best."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contentkit.commands._options import force_option, output_option
from contentkit.core.errors import UsageError

if TYPE_CHECKING:
    from contentkit.kit.history import History


@click.command(
    epilog="Examples:\n\n\b\n"
    "  contentkit write email 'New hours' --from notes.md --model ollama:qwen3:14b --variants 3\n"
    "  contentkit pick 2 -o mail.md\n"
    "  contentkit pick 3fa9",
    short_help="Say which variant you chose, and have it.",
)
@click.argument("chosen", nargs=-1, required=True, metavar="ID|N...")
@click.option("--format", "form", default="", metavar="FORMAT", help="text, markdown, json, html or another.")
@output_option
@force_option
@click.option("-q", "--quiet", is_flag=True, help="Mark it and print nothing.")
def command(chosen: tuple[str, ...], form: str, output: Path | None, force: bool, quiet: bool) -> None:
    """Mark a run of the history as chosen, and print it.

    A number of one or two digits is a variant of the last call with --variants; anything longer begins an ID. The other
    variants of its call count as not chosen. contentkit history list shows the mark.
    """
    from contentkit.commands._deliver import deliver, format_of
    from contentkit.kit.config import load
    from contentkit.kit.files import check_writable
    from contentkit.kit.history import History

    form = format_of(form, output)
    if output:
        check_writable(output, force=force)
    history = History(load().history_path)
    runs = history.pick([_id(history, name) for name in chosen])
    for run in runs:
        which = f"variant {run.variant}, " if run.series else ""
        click.echo(f"contentkit: picked {which}{run.id}", err=True)
    if not quiet or output:
        deliver([history.show(run.id) for run in runs], form, output, force=force, quiet=quiet)


def _id(history: History, name: str) -> str:
    if not re.fullmatch(r"[0-9]{1,2}", name):
        return name
    variants = history.last_series()
    found = next((run.id for run in variants if run.variant == int(name)), None)
    if found is None:
        many = f"The last call made {len(variants)}." if variants else "No call made several."
        raise UsageError(f"There is no variant {name}. {many}", hint="Give an ID of contentkit history list.")
    return found
