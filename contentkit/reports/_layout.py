"""Markdown on a terminal. Loaded only when it is shown, since it needs rich."""

from __future__ import annotations

from typing import ClassVar

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import Markdown, MarkdownElement, TableElement
from rich.table import Table


class FoldedTable(TableElement):
    """A table that folds what is too long: without this, Japanese, which has no spaces, would be cut off."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for part in super().__rich_console__(console, options):
            if isinstance(part, Table):
                part.show_lines = True
                for column in part.columns:
                    column.overflow = "fold"
            yield part


class Layout(Markdown):
    """Markdown whose tables lose nothing."""

    elements: ClassVar[dict[str, type[MarkdownElement]]] = {**Markdown.elements, "table_open": FoldedTable}
