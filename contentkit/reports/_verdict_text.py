"""A review or a check as rows of styled words: the reporter joins them plain, the terminal colours them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from contentkit.code.visible import one_line, visible
from contentkit.core.change import text_lines
from contentkit.core.plural import counted
from contentkit.core.report import Finding, Place, Report
from contentkit.reports._facts import OF_ONE_RUN, facts
from contentkit.reports._verdict import (
    lines_at,
    place_of,
    severities,
    shown,
    suggested,
    verdict,
    what,
    words_at,
)
from contentkit.reports._wording import wording
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


_ALWAYS = ("incomplete", "not reviewed", "not checked", "hidden", "note")
"""Labels that a person must see also where nobody asked for an account."""


def rows(report: Report, columns: int, *, brief: bool = False) -> Iterator[Row]:
    """The whole report: result, summary of the change, findings, what was not looked at, and the account.

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
        yield from _finding(report, finding, columns)
    if left:
        yield ()
        yield from _folded(f"and {len(left):,} more: {severities(left)}; --all shows them", columns, style="head")
    account = [fact for fact in facts(report) if fact.label not in OF_ONE_RUN and (not brief or fact.label in _ALWAYS)]
    if account:
        yield ()
    for label, value in account:
        first = f"{label + ':':<14}"
        yield from _folded(value, columns, first=first, rest=" " * len(first))


def _finding(report: Report, finding: Finding, columns: int) -> Iterator[Row]:
    severity = finding.severity.value
    place = _tame(one_line(place_of(report, finding))) or wording(report).whole
    head = (Span(severity, severity), Span(f"  {place}", "head"))
    tail = (
        Span(f"  [{_tame(one_line(finding.rule))}]", "dim"),
        Span("  (unverified)" if finding.verified is False else "", "minor"),
        Span("  (fix available)" if finding.edits or finding.replacement is not None else "", "dim"),
    )
    if sum(width(span.text) for span in head + tail) <= columns:
        yield head + tail
    else:
        yield from _folded("".join(span.text for span in head), columns, rest=_INDENT, style="head")
        yield from _folded("".join(span.text for span in tail), columns, first=_INDENT, rest=_INDENT, style="dim")
    yield from _folded(finding.message, columns, first=_INDENT, rest=_INDENT)
    yield from _code(report, finding, columns)
    if finding.scenario:
        yield from _folded(f"when: {finding.scenario}", columns, first=_INDENT, rest=_INDENT + "      ")
    if said := suggested(finding):
        yield from _folded(f"suggested: {said}", columns, first=_INDENT, rest=_INDENT)
    yield from fix(finding, columns)


def _code(report: Report, finding: Finding, columns: int) -> Iterator[Row]:
    """The lines at fault, numbered as in their file, and a row of carets where the columns are known."""
    place = finding.place
    if words := words_at(report, finding):
        yield from _folded(f'"{words}"', columns, first=_INDENT, rest=_INDENT)
    lines = lines_at(report, finding)
    if place is None or place.line is None or not lines:
        return
    missing = (place.end_line or place.line) - place.line + 1 - len(lines)
    one = place.end_line in (None, place.line) and len(lines) == 1
    sign = "-" if place.side == "LEFT" else ""
    for number, line in enumerate(lines, place.line):
        gutter = f"{sign}{number}".rjust(_NUMBER) + " | "
        room = max(columns - len(gutter), 10)
        first, last = _marked(place, number, line) if one or report.kind == "check" else (0, 0)
        text, skipped = clipped(_shape(line), room, around=width(_shape(line[:first])))
        yield Span(gutter, "dim"), Span(text.rstrip(), f"code:{place.path}")
        if last:
            marked = max(1, width(_shape(line[first:last])))
            start = width(_shape(line[:first])) - skipped
            yield (
                Span(" " * _NUMBER + " | ", "dim"),
                Span(" " * start + "^" * min(marked, max(1, room - start)), finding.severity.value),
            )
    if missing > 0:
        yield (Span(f"{'…':>{_NUMBER}}   {counted(missing, 'line')} more", "dim"),)


def _marked(place: Place, number: int, line: str) -> tuple[int, int]:
    """From where to where the line ``number`` is at fault, from 0; (0, 0) where the columns are not known."""
    if not place.column or not place.end_column:
        return 0, 0
    first = place.column - 1 if number == place.line else len(line) - len(line.lstrip())
    return first, max(first + 1, place.end_column - 1 if number == (place.end_line or place.line) else len(line))


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
