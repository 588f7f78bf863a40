"""Where a finished report goes: the terminal, a pipe or a file, in the format asked."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contentkit.core.errors import UsageError

if TYPE_CHECKING:
    from contentkit.core.report import Report

_BY_ENDING = {".md": "markdown", ".markdown": "markdown", ".json": "json", ".html": "html", ".htm": "html"}


def format_of(asked: str, output: Path | None) -> str:
    """The format asked, else the one that the file's name tells, else text.

    Raises:
        UsageError: there is no such format.
    """
    from contentkit.kit.plugins import shelf

    reports = shelf("reports")
    name = asked or (_BY_ENDING.get(output.suffix.lower(), "") if output else "")
    if not name:
        ending = output.suffix.lower().lstrip(".") if output else ""
        name = ending if ending in reports.names() else "text"
    reports.get(name)
    return name


def deliver(
    reports: Sequence[Report],
    form: str,
    output: Path | None,
    *,
    force: bool = False,
    streamed: str = "",
    quiet: bool = False,
) -> None:
    """Render ``reports`` and hand them over whole.

    Text is the bare text, so that it can be piped and posted; findings and the account of the run go to standard error.

    Args:
        streamed: what the terminal has shown already; the text is not shown twice.
        quiet: do not say where the file is.
    """
    text = render(reports, form)
    if output is not None:
        from contentkit.kit.files import write_atomically

        try:
            write_atomically(output, text, force=force)
        except UsageError:
            click.echo(text, nl=False)  # the work is done and perhaps paid for: it is not lost with the file
            raise
        if not quiet:
            click.echo(f"contentkit: written to {output}", err=True)
        return
    if streamed.strip() == reports[0].body.strip() and streamed:
        return
    if streamed:
        click.echo("contentkit: the text changed after the checks; the final one:", err=True)
    click.echo(_shown(reports) if form == "text" and sys.stdout.isatty() else text, nl=False)


def render(reports: Sequence[Report], form: str) -> str:
    """One report, or several variants, as text of the format, ending with a line end."""
    from contentkit.kit.plugins import shelf

    module = shelf("reports").get(form)
    pages = [module.render(report) for report in reports]
    if len(pages) > 1:
        pages = [module.join(pages) if hasattr(module, "join") else "\n".join(pages)]
    return pages[0].rstrip("\n") + "\n"


def _shown(reports: Sequence[Report]) -> str:
    """The texts laid out for the terminal that standard output is."""
    import os
    import shutil

    from contentkit.reports.text import join, laid_out

    columns = min(shutil.get_terminal_size().columns, 100)
    pages = [laid_out(report.body, columns=columns, colour="NO_COLOR" not in os.environ) for report in reports]
    return join(pages) if len(pages) > 1 else pages[0]
