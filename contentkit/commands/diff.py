"""``contentkit diff A B``: what differs between two drafts, or two files, word by word."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contentkit.commands._options import force_option, output_option
from contentkit.core.errors import UsageError

if TYPE_CHECKING:
    from contentkit.kit.history import History
    from contentkit.reports._changes import Side


@click.command(
    epilog="Examples:\n\n\b\n"
    "  contentkit diff 3fa9 77b0\n"
    "  contentkit diff 3fa9 post.md --side-by-side\n"
    "  contentkit diff old.md new.md --format html -o changes.html",
    short_help="Show what differs between two drafts, word by word.",
)
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option("--side-by-side", "beside", is_flag=True, help="Two columns, in the terminal.")
@click.option(
    "--format", "form", type=click.Choice(["text", "html", "json"]), help="Default: by the file's name, else text."
)
@output_option
@force_option
def command(first: str, second: str, beside: bool, form: str | None, output: Path | None, force: bool) -> None:
    """Compare A with B: runs of the history by ID, or files. A file of that name goes before an ID.

    [-words-] went, {+words+} came. Japanese is compared by runs of kanji and katakana.
    """
    from contentkit.core.text.changes import changes
    from contentkit.kit.config import load
    from contentkit.kit.files import check_writable, write_atomically
    from contentkit.kit.history import History
    from contentkit.reports import _changes

    form = form or _FORMS.get(output.suffix.lower() if output else "", "text")
    if beside and form != "text":
        raise UsageError("--side-by-side is for text; HTML always shows both beside each other.")
    if output:
        check_writable(output, force=force)
    history = History(load().history_path)
    old, new = _side(history, first), _side(history, second)
    found = changes(old.text, new.text)
    colour = output is None and sys.stdout.isatty() and "NO_COLOR" not in os.environ
    if form == "html":
        said = _changes.html(old, new, found)
    elif form == "json":
        said = _changes.as_json(old, new, found)
    elif beside:
        said = _changes.beside(old, new, found, columns=_columns(output), colour=colour)
    else:
        said = _changes.text(old, new, found, colour=colour)
    if output:
        write_atomically(output, said, force=force)
        click.echo(f"contentkit: written to {output}", err=True)
    else:
        click.echo(said, nl=False)


_FORMS = {".html": "html", ".htm": "html", ".json": "json"}


def _columns(output: Path | None) -> int:
    import shutil

    return 120 if output or not sys.stdout.isatty() else shutil.get_terminal_size().columns


def _side(history: History, name: str) -> Side:
    """The text of a file or a run, and what is known of it."""
    from contentkit.reports._changes import Side
    from contentkit.reports._facts import heading

    if not os.path.exists(name):
        try:
            run = history.show(name)
        except UsageError as error:
            hint = f"There is no file {name!r} either."
            raise UsageError(error.message, hint=f"{error.hint} {hint}".strip()) from None
        said = ", ".join(filter(None, (run.kind, run.model, heading(run.findings))))
        return Side(run.id, run.body, run.language, said)
    from contentkit.commands import _at_once as at_once
    from contentkit.core.piece import ReadLimits
    from contentkit.core.text.decode import EmptyText
    from contentkit.core.text.prose import detect
    from contentkit.kit.reading import read_all

    if os.path.isdir(name):
        raise UsageError(f"{name} is a folder.", hint="Name a file in it.")
    try:
        (read,) = at_once.run(read_all([name], ReadLimits(as_written=True))).texts
    except EmptyText as error:  # nothing to write from, and all the same something to compare with
        return Side(name, error.text)
    return Side(name, read.text, detect(read.text))
