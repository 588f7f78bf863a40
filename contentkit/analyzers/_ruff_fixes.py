"""Ruff's safe fixes as edits of whole lines."""

from __future__ import annotations

from contentkit.analyzers._ruff import Change, Said
from contentkit.core.change import text_lines
from contentkit.core.report import Edit


def edits(said: Said, text: str) -> tuple[Edit, ...]:
    """What ``said.safe`` does to ``text``; parts that share a line become one edit."""
    lines = text_lines(text)
    groups: list[list[Change]] = []
    for part in sorted(said.safe, key=lambda part: (part.line, part.column)):
        if not 1 <= part.line <= part.end_line <= len(lines) + 1:
            return ()
        if groups and part.line <= groups[-1][-1].end_line:
            groups[-1].append(part)
        else:
            groups.append([part])
    return tuple(_edit(said.path, group, lines) for group in groups)


def _edit(path: str, parts: list[Change], lines: list[str]) -> Edit:
    first, last = parts[0].line, parts[-1].end_line
    out, at = "", (first, 1)
    for part in parts:
        out += _between(lines, at, (part.line, part.column)) + part.text
        at = (part.end_line, part.end_column)
    if at[1] == 1 and last > first and (not out or out.endswith("\n")):
        return Edit(path, first, last - 1, out)  # up to the end of the line before
    if at[1] == 1 and last == first and out.endswith("\n"):
        return Edit(path, first, first - 1, out)  # lines that go in before this one
    rest = lines[last - 1][at[1] - 1 :] if last <= len(lines) else ""
    return Edit(path, first, min(last, len(lines)), f"{out}{rest}\n")


def _between(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    if start[0] == end[0]:
        return lines[start[0] - 1][start[1] - 1 : end[1] - 1] if start[0] <= len(lines) else ""
    middle = [lines[start[0] - 1][start[1] - 1 :], *lines[start[0] : end[0] - 1]]
    tail = lines[end[0] - 1][: end[1] - 1] if end[0] <= len(lines) else ""
    return "".join(f"{line}\n" for line in middle) + tail
