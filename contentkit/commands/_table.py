"""Lists: a table for a person at a terminal, lines with tabs for a pipe."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click


def clean(text: str) -> str:
    """``text`` on one line, without characters that steer a terminal or turn the direction of writing."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[str] = ()) -> None:
    """Print ``rows``; headings only for a person. ``right`` names the columns of numbers."""
    cells = [[clean(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for row in cells:
            click.echo("\t".join(row))
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        shown.add_column(heading, justify="right" if heading in right else "left", overflow="fold")
    for row in cells:
        shown.add_row(*(Text(cell) for cell in row))  # Text: brackets in a topic are no markup
    Console().print(shown)
