"""Lists: a table for a person at a terminal, lines with tabs for a pipe."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click


def clean(text: str) -> str:
    """``text`` on one line, without characters that steer a terminal or turn the direction of writing."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


SHORT = 16
"""Characters up to which a column keeps its width in a narrow window; longer ones take several lines."""


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[str] = ()) -> None:
    """Print ``rows``. A person gets headings and no empty column; ``right`` names the columns of numbers."""
    cells = [[clean(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for row in cells:
            click.echo("\t".join(row))
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    shown = [number for number, _ in enumerate(headings) if any(row[number] for row in cells)]
    widths = {number: max(Text(row[number]).cell_len for row in [headings, *cells]) for number in shown}
    short = {number: width + 2 for number, width in widths.items() if width <= SHORT}
    roomy = sum(short.values()) + 12 * (len(shown) - len(short)) <= console.width
    grid = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for number in shown:
        grid.add_column(
            headings[number],
            justify="right" if headings[number] in right else "left",
            overflow="fold",
            min_width=widths[number] if roomy and number in short else None,
        )
    for row in cells:
        grid.add_row(*(Text(row[number]) for number in shown))  # Text: brackets in a topic are no markup
    console.print(grid)
