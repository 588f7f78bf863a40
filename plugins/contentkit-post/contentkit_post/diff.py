"""What of a file is in the vendor's diff, and where in it a finding can stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from contentkit.core.report import Edit, Place

Side = Literal["LEFT", "RIGHT"]

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_MASKED = ("[secret:", "\\u{")
"""A quoted line that holds one of these is not the file's own text: a secret or a hidden character was replaced."""


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a hunk: 1-based numbers before and after, None on the side where it is not; the hunk's place."""

    old: int | None
    new: int | None
    text: str
    hunk: int

    def number(self, side: Side) -> int | None:
        """Its number on that side; on the left only deleted lines count, for the vendors want context on the right."""
        return self.new if side == "RIGHT" else self.old if self.new is None else None


@dataclass(frozen=True, slots=True)
class FileDiff:
    """One file of the diff. ``lines`` is () where the vendor shows none (binary, too large, renamed only)."""

    path: str
    old_path: str
    lines: tuple[DiffLine, ...] = ()

    def between(self, side: Side, first: int, last: int) -> list[DiffLine]:
        """The lines of a side that are in the diff, of the first hunk that has any of them."""
        found = [line for line in self.lines if (number := line.number(side)) is not None and first <= number <= last]
        return [line for line in found if line.hunk == found[0].hunk]


@dataclass(frozen=True, slots=True)
class Spot:
    """Lines of one hunk that a comment can be fixed to. ``first`` may be ``last``."""

    file: FileDiff
    side: Side
    first: DiffLine
    last: DiffLine

    @property
    def start(self) -> int:
        """Number of the first line on the side."""
        return self.first.number(self.side) or 0

    @property
    def end(self) -> int:
        """Number of the last line on the side."""
        return self.last.number(self.side) or 0


def read_patch(path: str, old_path: str, patch: str) -> FileDiff:
    """A file of the diff from the text of its hunks. Lines are split at line feeds alone."""
    lines: list[DiffLine] = []
    hunk, old, new, olds, news = -1, 0, 0, 0, 0
    for row in patch.split("\n"):
        if not (olds or news):
            if found := _HUNK.match(row):
                hunk += 1
                old, new = int(found[1]), int(found[3])
                olds, news = int(found[2] or 1), int(found[4] or 1)
            continue
        kind, text = row[:1], row[1:]
        if kind == "\\":  # "\ No newline at end of file"
            continue
        lines.append(DiffLine(None if kind == "+" else old, None if kind == "-" else new, text, hunk))
        if kind != "+":
            old, olds = old + 1, max(0, olds - 1)
        if kind != "-":
            new, news = new + 1, max(0, news - 1)
    return FileDiff(path, old_path, tuple(lines))


def by_path(files: Iterable[FileDiff]) -> Mapping[str, FileDiff]:
    """The files by the path after the change, and by the one before where no other file has that name now."""
    files = list(files)
    return {file.old_path: file for file in files} | {file.path: file for file in files}


def place_on(file: FileDiff, place: Place) -> Spot | None:
    """Where in the diff of its file a finding stands; None where it can be fixed to no line.

    The quoted code decides: where the lines of that number read otherwise (the change has moved on, or what was
    reviewed was a merge), the one other place with this code is taken, or none. A wrong line is worse than no line.
    """
    if place.line is None:
        return None
    last = max(place.line, place.end_line or place.line)
    quoted = place.quote.split("\n") if place.quote else []
    there = file.between(place.side, place.line, last)
    if there and all(_agrees(line, place, quoted) for line in there):
        return Spot(file, place.side, there[0], there[-1])
    return _elsewhere(file, place.side, quoted)


def on_edit(spot: Spot, edit: Edit) -> Spot | None:
    """The spot made as wide as an edit that covers it, which is what a suggestion replaces; None where it can't be."""
    if spot.side != "RIGHT" or edit.path != spot.file.path or not edit.line <= spot.start <= spot.end <= edit.end_line:
        return None
    lines = spot.file.between("RIGHT", edit.line, edit.end_line)
    if len(lines) != edit.end_line - edit.line + 1:
        return None
    return Spot(spot.file, "RIGHT", lines[0], lines[-1])


def text_of(spot: Spot) -> list[str]:
    """The lines between the ends of a spot on the right, without carriage returns."""
    return [line.text.removesuffix("\r") for line in spot.file.between("RIGHT", spot.start, spot.end)]


def _agrees(line: DiffLine, place: Place, quoted: Sequence[str]) -> bool:
    at = (line.number(place.side) or 0) - (place.line or 0)
    return at >= len(quoted) or _same(line.text, quoted[at])


def _same(text: str, quoted: str) -> bool:
    return any(sign in quoted for sign in _MASKED) or text.rstrip() == quoted.rstrip()


def _elsewhere(file: FileDiff, side: Side, quoted: Sequence[str]) -> Spot | None:
    """The only place of a side, inside one hunk, whose lines are the quoted ones."""
    if not any(line.strip() and not any(sign in line for sign in _MASKED) for line in quoted):
        return None
    lines = [line for line in file.lines if line.number(side) is not None]
    found = [
        Spot(file, side, run[0], run[-1])
        for at in range(len(lines) - len(quoted) + 1)
        if (run := lines[at : at + len(quoted)])[0].hunk == run[-1].hunk
        and all(_same(line.text, words) for line, words in zip(run, quoted, strict=True))
    ]
    return found[0] if len(found) == 1 else None
