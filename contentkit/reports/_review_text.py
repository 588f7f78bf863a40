"""A review for the terminal, as rows of styled words: the reporter joins them plain, the terminal colours them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from contentkit.code.visible import one_line, visible
from contentkit.core.change import text_lines
from contentkit.core.report import Finding, Report
from contentkit.reports._facts import OF_ONE_RUN, facts
from contentkit.reports._review import counted, place_of, severities, shown, verdict, what
from contentkit.reports._wrap import clipped, width, wrap

_INDENT = "  "
_TAB = 4
_NUMBER = 6  # columns of a line number

# GitHub Actions takes a line that begins with ``::name`` for a command, blanks before it or not.
_CALL = re.compile(r"^(\s*):(?=:[\w-]+[ :])")


class Span(NamedTuple):
    """Words and how they look: a style of ``STYLES``, "" for none, or "code:PATH" for code of that file."""

    text: str
    style: str = ""


Row = tuple[Span, ...]

STYLES = {
    "critical": "bold red",
    "major": "red",
    "minor": "yellow",
    "info": "cyan",
    "head": "bold",
    "dim": "dim",
    "bad": "bold red",
    "old": "red",
    "new": "green",
}


_ALWAYS = ("incomplete", "not reviewed", "hidden", "note")
"""Labels that a person must see also where nobody asked for an account."""


def rows(report: Report, columns: int, *, brief: bool = False) -> Iterator[Row]:
    """The whole review: result, summary of the change, findings, what was not reviewed, and the account.

    Args:
        brief: without who looked, and where (a hook runs many times a day).
    """
    for number, said in enumerate(verdict(report)):
        yield from _folded(
            said, columns, style="bad" if number and said.startswith(("fails", "incomplete")) else "head"
        )
    if about := what(report):
        yield from _folded(about, columns, style="dim")
    if report.body.strip():
        yield ()
        for line in text_lines(report.body.strip("\n")):
            yield from _folded(line.removesuffix("\r"), columns, keep=True)
    told, left = shown(report)
    for finding in told:
        yield ()
        yield from _finding(finding, columns)
    if left:
        yield ()
        yield from _folded(f"and {len(left):,} more: {severities(left)}; --all shows them", columns, style="head")
    account = [fact for fact in facts(report) if fact.label not in OF_ONE_RUN and (not brief or fact.label in _ALWAYS)]
    if account:
        yield ()
    for label, value in account:
        first = f"{label + ':':<14}"
        yield from _folded(value, columns, first=first, rest=" " * len(first))


def _finding(finding: Finding, columns: int) -> Iterator[Row]:
    severity = finding.severity.value
    head = (Span(severity, severity), Span(f"  {_tame(one_line(place_of(finding))) or 'the whole change'}", "head"))
    tail = (
        Span(f"  [{_tame(one_line(finding.rule))}]", "dim"),
        Span("  (unverified)" if finding.verified is False else "", "minor"),
        Span("  (fix available)" if finding.edits else "", "dim"),
    )
    if sum(width(span.text) for span in head + tail) <= columns:
        yield head + tail
    else:
        yield from _folded("".join(span.text for span in head), columns, rest=_INDENT, style="head")
        yield from _folded("".join(span.text for span in tail), columns, first=_INDENT, rest=_INDENT, style="dim")
    yield from _folded(finding.message, columns, first=_INDENT, rest=_INDENT)
    yield from _code(finding, columns)
    if finding.scenario:
        yield from _folded(f"when: {finding.scenario}", columns, first=_INDENT, rest=_INDENT + "      ")
    if finding.suggestion:
        yield from _folded(f"suggested: {finding.suggestion}", columns, first=_INDENT, rest=_INDENT)
    yield from fix(finding, columns)


def _code(finding: Finding, columns: int) -> Iterator[Row]:
    """The lines at fault, numbered as in their file, and a row of carets where the columns are known."""
    place = finding.place
    if place is None or not place.quote:
        return
    if place.line is None:
        yield from _folded(f'"{place.quote}"', columns, first=_INDENT, rest=_INDENT)
        return
    lines = text_lines(place.quote + "\n")
    missing = (place.end_line or place.line) - place.line + 1 - len(lines)
    one = place.end_line in (None, place.line) and len(lines) == 1
    sign = "-" if place.side == "LEFT" else ""
    for number, line in enumerate(lines, place.line):
        gutter = f"{sign}{number}".rjust(_NUMBER) + " | "
        room = max(columns - len(gutter), 10)
        before = _shape(line[: place.column - 1]) if one and place.column else ""
        text, skipped = clipped(_shape(line), room, around=width(before))
        yield Span(gutter, "dim"), Span(text.rstrip(), f"code:{place.path}")
        if one and place.column and place.end_column:
            marked = max(1, width(_shape(line[place.column - 1 : place.end_column - 1])))
            start = width(before) - skipped
            yield (
                Span(" " * _NUMBER + " | ", "dim"),
                Span(" " * start + "^" * min(marked, max(1, room - start)), finding.severity.value),
            )
    if missing > 0:
        yield (Span(f"{'…':>{_NUMBER}}   {counted(missing, 'line')} more", "dim"),)


def fix(finding: Finding, columns: int) -> Iterator[Row]:
    """What the lines would become."""
    for edit in finding.edits:
        lines = text_lines(edit.text)
        span = f"{edit.line}" if edit.end_line <= edit.line else f"{edit.line}-{edit.end_line}"
        verb = "goes in before" if edit.end_line < edit.line else "deletes" if not lines else "replaces"
        yield from _folded(
            f"fix: {verb} {one_line(edit.path)}:{span}", columns, first=_INDENT, rest=_INDENT + "     ", style="dim"
        )
        for line in lines:
            text, _ = clipped(_shape(line), max(columns - _NUMBER - 3, 10))
            yield Span(" " * _NUMBER + " + ", "dim"), Span(text.rstrip(), "new")


def _shape(line: str) -> str:
    """A line of code as it can be shown: what hides or steers is spelled out, tabs are spaces."""
    return _tame(visible(line.removesuffix("\r"))).replace("\t", " " * _TAB)


def _tame(text: str) -> str:
    """Text in which no CI server finds a command: some read ``##[name]`` and ``##vso[name]`` anywhere in a line."""
    return re.sub(r"##(?=\w*\[)", "# #", text)


def _folded(
    text: str, columns: int, *, first: str = "", rest: str = "", style: str = "", keep: bool = False
) -> Iterator[Row]:
    """Prose in rows. ``keep`` leaves the blanks before it, and lists hang."""
    if keep:
        blanks = text[: len(text) - len(text.lstrip(" "))][:20]
        hang = "  " if text.lstrip(" ")[:2] in ("- ", "* ") else ""
        first, rest = blanks + first, blanks + rest + hang
    for line in wrap(_tame(visible(text)), columns, first=first, rest=rest, split=True):
        yield (Span(_CALL.sub(r"\1: ", line), style),)
