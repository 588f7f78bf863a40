"""Two texts beside each other: for the terminal, as a page, as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from contentkit.code.visible import visible
from contentkit.core.plural import counted
from contentkit.core.spoken import units
from contentkit.core.text.changes import Change, Op, likeness
from contentkit.reports._wrap import printable

if TYPE_CHECKING:
    from rich.text import Text

_AROUND = 2
"""Unchanged lines shown around a change."""

_PLAIN = {"same": ("", ""), "out": ("[-", "-]"), "in": ("{+", "+}")}
_STYLES = {"same": "", "out": "red strike", "in": "green"}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the texts.

    Attributes:
        name: as it was asked for.
        said: who wrote it, what was found; "" for a file.
    """

    name: str
    text: str
    language: str = ""
    said: str = ""

    @property
    def title(self) -> str:
        many = counted(units(self.text, self.language), "character" if self.language in ("ja", "zh") else "word")
        return ", ".join(filter(None, (self.name, self.said, many)))


Line = list[Change]


def lines(found: Sequence[Change]) -> list[Line]:
    """The changes line by line; a line ends where either text ends one."""
    rows: list[Line] = [[]]
    for change in found:
        for number, part in enumerate(change.text.split("\n")):
            if number:
                rows.append([])
            if part:
                rows[-1].append(Change(change.op, part))
    return rows


def text(old: Side, new: Side, found: Sequence[Change], *, colour: bool = False) -> str:
    """Lines with changes and a few around them, what went and what came marked."""
    head = [f"--- {printable(old.title)}", f"+++ {printable(new.title)}"]
    rows = lines(found)
    changed = [number for number, row in enumerate(rows) if any(change.op != "same" for change in row)]
    if not changed and old.text == new.text:
        return "\n".join([*head, "", "The texts are the same."]) + "\n"
    near = {other for number in changed for other in range(number - _AROUND, number + _AROUND + 1)}
    body: list[str] = []
    last = -1
    for number, row in enumerate(rows):
        if number not in near:
            continue
        if number != last + 1:
            body.append("...")
        body.append("".join(_marked(change, colour) for change in row))
        last = number
    if not changed:
        body = ["Only the ends of lines differ."]
    whole = "\n".join([*head, "", *body]).rstrip("\n")
    return f"{whole}\n\n{likeness(found):.0%} the same\n"


def _marked(change: Change, colour: bool) -> str:
    if colour and change.op != "same":
        return f"\x1b[{'31;9' if change.op == 'out' else '32'}m{printable(change.text)}\x1b[0m"
    before, after = _PLAIN[change.op]
    return f"{before}{printable(change.text)}{after}"


def beside(old: Side, new: Side, found: Sequence[Change], *, columns: int, colour: bool) -> str:
    """Both texts side by side for a terminal, what went marked on the left and what came on the right."""
    import io

    from rich.console import Console
    from rich.table import Table

    console = Console(file=io.StringIO(), width=columns, force_terminal=colour, no_color=not colour, highlight=False,
                      color_system="standard" if colour else None)  # fmt: skip
    grid = Table(box=None, padding=(0, 2, 0, 0), expand=True, show_header=True)
    for side in (old, new):
        grid.add_column(printable(side.title), ratio=1, overflow="fold")
    for left, right in _pairs(found):
        grid.add_row(_cell(left, "out", colour), _cell(right, "in", colour))
    console.print(grid)
    written = console.file
    assert isinstance(written, io.StringIO)
    return "\n".join(row.rstrip() for row in written.getvalue().splitlines()) + "\n"


def _cell(row: Line, shown: Op, colour: bool) -> Text:
    from rich.text import Text

    cell = Text()
    for change in row:
        if change.op in ("same", shown):
            cell.append(printable(change.text) if colour else _marked(change, False), style=_STYLES[change.op])
    return cell


def _pairs(found: Sequence[Change]) -> Iterator[tuple[Line, Line]]:
    """Lines that stand beside each other: a stretch of changed lines is one row, so that both sides go on together."""
    left: Line = []
    right: Line = []
    for change in found:
        if change.op == "out":
            left.append(change)
        elif change.op == "in":
            right.append(change)
        else:
            *whole, rest = change.text.split("\n")
            for part in whole:
                yield [*left, Change("same", part)], [*right, Change("same", part)]
                left, right = [], []
            left.append(Change("same", rest))
            right.append(Change("same", rest))
    if any(change.text for change in (*left, *right)):
        yield left, right


def html(old: Side, new: Side, found: Sequence[Change]) -> str:
    """A page with both side by side; on a phone one below the other."""
    from contentkit.reports.html import page

    rows = ['<div class="beside">\n']
    for side, shown in ((old, "out"), (new, "in")):
        language = escape(side.language or "en")
        rows.append(f'<section lang="{language}" dir="auto">\n<h2 lang="en">{escape(visible(side.title))}</h2>\n<p>')
        rows.append("".join(_tagged(change) for change in found if change.op in ("same", shown)))
        rows.append("</p>\n</section>\n")
    rows.append("</div>\n")
    title = f"{old.name} and {new.name}"
    share = f'<p class="about">{likeness(found):.0%} the same</p>\n'
    main = f"<h1>{escape(visible(title))}</h1>\n{share}{''.join(rows)}"
    return page(title, "en", main)


def _tagged(change: Change) -> str:
    said = escape(visible(change.text)).replace("\n", "<br>\n")
    tag = {"same": "", "out": "del", "in": "ins"}[change.op]
    return f"<{tag}>{said}</{tag}>" if tag else said


def as_json(old: Side, new: Side, found: Sequence[Change]) -> str:
    """Both titles, the share that is the same, and every change in order."""
    data: Mapping[str, Any] = {
        "old": {"name": old.name, "said": old.said},
        "new": {"name": new.name, "said": new.said},
        "same": round(likeness(found), 4),
        "changes": [{"op": change.op, "text": change.text} for change in found],
    }
    text = json.dumps(data, ensure_ascii=False, indent=2)
    return text.encode("utf-8", "replace").decode() + "\n"
