"""``--format text``: the text, then its findings and the account of the run, for a terminal of 80 columns.

The body is left as it is: it is there to be copied, so its lines are not folded. ``styled`` folds and colours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from contentkit.core.report import Finding, Report, Severity
from contentkit.reports._facts import ENDINGS, Fact, cost, facts, heading, is_model, model, not_read, tokens, where
from contentkit.reports._wrap import printable, wrap

if TYPE_CHECKING:
    from rich.console import Console

COLUMNS = 80
_LABEL = 12
_COLOURS = {
    Severity.CRITICAL: "bold red",
    Severity.MAJOR: "red",
    Severity.MINOR: "yellow",
    Severity.INFO: "blue",
}


def render(report: Report) -> str:
    """Plain text, without colour."""
    parts = [report.body.rstrip("\n")] if report.body.strip() else []
    parts.append("\n".join(["-" * COLUMNS, *account(report)]))
    return printable("\n\n".join(parts)) + "\n"


def join(pages: Sequence[str]) -> str:
    """Variants, one below the other, numbered."""
    headings = (f" {number} of {len(pages)} ".center(COLUMNS, "=") for number in range(1, len(pages) + 1))
    return "\n".join(f"{heading}\n\n{page}" for heading, page in zip(headings, pages, strict=True))


def summary(report: Report) -> list[str]:
    """The same in short, a sentence a line, to say beside a text that is already on the screen.

    Notices are left out: they were said when they came.
    """
    lines = [_sentence(finding) for finding in report.findings]
    if report.finish in ENDINGS:
        lines.append(f"incomplete: {ENDINGS[report.finish]}")
    lines += [f"not read: {not_read(unit)}" for unit in report.coverage if unit.state != "read"]
    parts = [
        f"written by {model(report)}" if is_model(report) else model(report).removeprefix("none; "),
        f"sent to {report.sent_to}" if report.sent_to else "nothing left this machine",
        tokens(report.usage) if report.usage and is_model(report) else "",
        cost(report) if report.sent_to else "",
        f"{report.seconds:.1f} s" if report.seconds else "",
    ]
    lines.append("; ".join(part for part in parts if part))
    return [printable(" ".join(line.split())) for line in lines]


def _sentence(finding: Finding) -> str:
    place = where(finding.place)
    return f"{finding.severity.value}: {place + ': ' if place else ''}{finding.message} [{finding.rule}]"


def account(report: Report) -> list[str]:
    """Findings and all that is known of the run, in lines of at most 80 columns: what stands below the text."""
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
    if finding.suggestion:
        lines += wrap(f"suggested: {finding.suggestion}", COLUMNS, first=indent, rest=indent)
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


def styled(report: Report, *, columns: int = COLUMNS, colour: bool = True) -> str:
    """The whole report for a terminal: the body laid out, findings in colour, the account of the run dimmed."""
    from rich.rule import Rule
    from rich.text import Text

    console = _console(columns, colour)
    with console.capture() as captured:
        console.print(Rule(style="dim"))
        for finding in report.findings:
            first, *others = _finding(finding)
            label = finding.severity.value
            console.print(Text.assemble("  ", (label, _COLOURS[finding.severity]), first[2 + len(label) :]))
            for line in others:
                console.print(Text(line, style="dim"))
        if report.findings:
            console.print()
        for fact in facts(report):
            for line in _fact(fact):
                console.print(Text(line, style="red" if fact.label in ("incomplete", "not read") else "dim"))
    return laid_out(report.body, columns=columns, colour=colour) + _trimmed(captured.get())


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
