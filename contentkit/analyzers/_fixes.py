"""Fixes that name characters, as edits of whole lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from contentkit.core.change import text_lines
from contentkit.core.report import Edit


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a fix: ``(line, column)`` to ``(end_line, end_column)``, the end exclusive, becomes ``text``.

    Lines and columns are 1-based, columns in code points.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


def edits(path: str, text: str, parts: Iterable[Part]) -> tuple[Edit, ...]:
    """What ``parts`` do to ``text``; parts that share a line become one edit. () when they do not fit it."""
    lines = text_lines(text)
    groups: list[list[Part]] = []
    for part in sorted(parts, key=lambda part: (part.line, part.column, part.end_line, part.end_column)):
        if not _fits(part, lines):
            return ()
        if groups and part.line <= groups[-1][-1].end_line:
            last = groups[-1][-1]
            if (part.line, part.column) < (last.end_line, last.end_column):
                return ()
            groups[-1].append(part)
        else:
            groups.append([part])
    return tuple(_edit(path, group, lines) for group in groups)


def _fits(part: Part, lines: list[str]) -> bool:
    start, end = (part.line, part.column), (part.end_line, part.end_column)
    return start <= end and all(
        0 < column <= len(lines[line - 1]) + 1 if 0 < line <= len(lines) else (line, column) == (len(lines) + 1, 1)
        for line, column in (start, end)
    )


def _edit(path: str, parts: list[Part], lines: list[str]) -> Edit:
    first, last = parts[0].line, parts[-1].end_line
    out, at = "", (first, 1)
    for part in parts:
        out += _between(lines, at, (part.line, part.column)) + part.text
        at = (part.end_line, part.end_column)
    if at[1] == 1 and (not out or out.endswith("\n")):
        return Edit(path, first, last - 1, out)  # up to the end of the line before, or lines that go in here
    rest = lines[last - 1][at[1] - 1 :] if last <= len(lines) else ""
    return Edit(path, first, min(last, len(lines)), f"{out}{rest}\n")


def _between(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    if start[0] == end[0]:
        return lines[start[0] - 1][start[1] - 1 : end[1] - 1] if start[0] <= len(lines) else ""
    middle = [lines[start[0] - 1][start[1] - 1 :], *lines[start[0] : end[0] - 1]]
    tail = lines[end[0] - 1][: end[1] - 1] if end[0] <= len(lines) else ""
    return "".join(f"{line}\n" for line in middle) + tail
