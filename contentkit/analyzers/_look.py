"""What the analyzers share: a look at each file for itself, and the lines and the text of a file as it will be."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from contentkit.core.change import FileChange, Status, text_lines
from contentkit.core.report import Finding


@dataclass(frozen=True, slots=True)
class Each:
    """A look that needs no memory: every file for itself."""

    look: Callable[[FileChange], Iterable[Finding]]

    def file(self, file: FileChange) -> Iterable[Finding]:
        return self.look(file)

    def end(self) -> Iterable[Finding]:
        return ()


def new_text(file: FileChange) -> str | None:
    """The whole file after the change; of a bare patch only an added file is known whole."""
    if file.new_text is not None or file.status is not Status.ADDED or not file.hunks:
        return file.new_text
    return "".join(f"{line.text}\n" for line in file.lines("+"))


def new_lines(file: FileChange) -> Iterable[tuple[int, str]]:
    """Numbered lines of the file after the change; of a bare patch those that its hunks show."""
    if file.new_text is not None:
        return enumerate(text_lines(file.new_text), 1)
    return [(line.new, line.text) for line in file.lines() if line.new is not None]


def added_lines(file: FileChange) -> Iterator[tuple[int, str]]:
    """Numbered lines that the change brings in."""
    return ((line.number, line.text) for line in file.lines("+"))


@dataclass(slots=True)
class Spot:
    """Line and column of places in a text, 1-based, by bisection."""

    text: str
    _starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._starts = [0, *(found.end() for found in re.finditer("\n", self.text))]

    def __call__(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
