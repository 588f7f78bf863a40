"""``--format text``: the text alone, to be piped and copied, its lines as they are. ``laid_out`` folds and colours.

``below`` is what belongs under it for a person, on standard error: findings and the account of the run. A review is
all for a person, and all of it is the text; ``review`` colours it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from contentkit.core.report import Finding, Report
from contentkit.reports._facts import Fact, facts, heading, where
from contentkit.reports._front import page
from contentkit.reports._verdict import suggested
from contentkit.reports._wording import judges
from contentkit.reports._wrap import printable, wrap

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

COLUMNS = 80
_LABEL = 12


def render(report: Report) -> str:
    """Plain text, without colour."""
    if judges(report):
        return render_for(report, COLUMNS)
    return printable(page(report)) + "\n"


def render_for(report: Report, columns: int, *, brief: bool = False) -> str:
    """A review without colour, in lines of at most ``columns``; ``brief`` without who looked, and where."""
    from contentkit.reports._verdict_text import rows

    return "".join(f"{''.join(span.text for span in row).rstrip()}\n" for row in rows(report, columns, brief=brief))


def join(pages: Sequence[str]) -> str:
    """Variants, one below the other, numbered."""
    headings = (f" {number} of {len(pages)} ".center(COLUMNS, "=") for number in range(1, len(pages) + 1))
    return "\n".join(f"{heading}\n\n{page}" for heading, page in zip(headings, pages, strict=True))


def below(report: Report) -> list[str]:
    """Findings and all that is known of the run, in lines of at most 80 columns."""
    lines = findings(report)
    if lines:
        lines.append("")
    for fact in facts(report):
        lines += _fact(fact)
    return lines


def findings(report: Report) -> list[str]:
    """The findings under their heading, in lines of at most 80 columns; [] without any."""
    lines = [f"{heading(report.findings)}:"] if report.findings else []
    for finding in report.findings:
        lines += _finding(finding)
    return lines


def _finding(finding: Finding) -> list[str]:
    place = where(finding.place)
    label = f"  {finding.severity.value:<8}  "
    indent = " " * len(label)
    text = f"{place}: {finding.message}" if place else finding.message
    lines = wrap(f"{text} [{finding.rule}]", COLUMNS, first=label, rest=indent)
    if finding.place and finding.place.quote:
        lines += wrap(f'"{finding.place.quote}"', COLUMNS, first=indent, rest=indent)
    if said := suggested(finding):
        lines += wrap(f"suggested: {said}", COLUMNS, first=indent, rest=indent)
    return lines


def _fact(fact: Fact) -> list[str]:
    return wrap(fact.value, COLUMNS, first=f"{fact.label + ':':<{_LABEL}}", rest=" " * _LABEL)


def laid_out(body: str, *, columns: int = COLUMNS, colour: bool = True) -> str:
    """Markdown laid out for a terminal and folded to ``columns``.

    Args:
        colour: False keeps the layout and leaves the colours out (NO_COLOR).
    """
    from contentkit.reports._layout import Layout

    console = _console(columns, colour)
    with console.capture() as captured:
        console.print(Layout(printable(body), hyperlinks=False))
    return _trimmed(captured.get())


def beside(bodies: Sequence[str], *, columns: int, colour: bool = True) -> str:
    """Variants side by side under their numbers, laid out as ``laid_out`` does."""
    from rich.table import Table

    from contentkit.reports._layout import Layout

    console = _console(columns, colour)
    grid = Table(box=None, padding=(0, 3, 0, 0), pad_edge=False, expand=True)
    for number in range(1, len(bodies) + 1):
        grid.add_column(f"{number} of {len(bodies)}", ratio=1, overflow="fold", header_style="bold")
    grid.add_row(*(Layout(printable(body), hyperlinks=False) for body in bodies))
    with console.capture() as captured:
        console.print(grid)
    return _trimmed(captured.get())


def review(report: Report, *, columns: int = COLUMNS) -> str:
    """A review in colour, its code by the syntax of its file's name."""
    from rich.text import Text

    from contentkit.reports._verdict_text import STYLES, rows

    console = _console(columns, colour=True)
    with console.capture() as captured:
        for row in rows(report, columns):
            line = Text(no_wrap=True, overflow="ignore")
            for text, style in row:
                kind, _, path = style.partition(":")
                line.append(_highlighted(text, path) if kind == "code" else Text(text, STYLES.get(kind, "")))
            console.print(line, soft_wrap=True)
    return _trimmed(captured.get())


def _highlighted(code: str, path: str) -> Text:
    """The code in its colours; as it is where no lexer knows the file."""
    from rich.syntax import Syntax

    lexer = Syntax.guess_lexer(path)
    text = Syntax(code, lexer, theme="ansi_dark", background_color="default").highlight(code)
    text.rstrip()
    return text


def _console(columns: int, colour: bool) -> Console:
    import io

    from rich.console import Console

    return Console(
        file=io.StringIO(),
        width=columns,
        force_terminal=colour,
        no_color=not colour,
        color_system="standard" if colour else None,
        highlight=False,
    )


def _trimmed(captured: str) -> str:
    return "\n".join(line.rstrip() for line in captured.splitlines()) + "\n"
