"""What stands around a change: the little of the repository that helps to judge it.

In this order, as far as the budget goes: signature and body of the functions and classes that the changed lines are in,
the imports that they use, definitions that they call, and calls of functions whose signature changed. Models judge
worse with more, so each kind is bounded, and nothing is told twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from contentkit.code.anchors import Shown
from contentkit.code.around.definitions import Definition
from contentkit.code.around.imports import Import, imports
from contentkit.code.around.outline import Outline, outline
from contentkit.code.around.references import Reader, called, callers, names
from contentkit.code.around.snippets import Snippet
from contentkit.code.masking import Hide
from contentkit.core.change import Change, FileChange, Hunk

_WHOLE = 60
"""Lines of a function that is shown whole."""

_NEAR = 12
"""Lines before and after the change that are shown of a longer one."""

_WIDEST = 300
"""Characters of a line of context."""

_HEAD = re.compile(r"\b(?:def|class|func|function|fn|fun|sub)\b|=>|\)[^;]*[{:]\s*$")
"""What the first line of a function looks like, to read the file before the change only where one was touched."""

_LEAST = 20
"""With fewer tokens left there is nothing to be looked for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Lines that would help."""

    path: str
    first: int
    last: int
    why: str


@dataclass(slots=True)
class Surroundings:
    """Finds context for the chunks of one file; what it read and parsed serves all of them."""

    file: FileChange
    change: Change
    hide: Hide | None
    _reader: Reader = field(init=False)
    _rows: dict[str, list[str]] = field(default_factory=dict)
    _imports: list[Import] | None = None
    _before: Outline | None = None
    _now: dict[int, int] | None = None

    def __post_init__(self) -> None:
        self._reader = Reader(self.file, self.change)

    def of(self, lines: Sequence[Shown], size: Callable[[str], int], budget: int) -> tuple[Snippet, ...]:
        """Snippets of at most ``budget`` tokens together; in the order of files and lines, the changed file first."""
        path = self.file.path
        told = {path: {item.line.new for item in lines if item.line.new is not None}}
        taken: list[Wanted] = []
        left = budget
        for wanted in self._wanted(lines):
            if self.hide and wanted.path != path and self.hide(wanted.path) != wanted.path:
                continue  # a secret in its name
            runs = list(_untold(wanted, told.setdefault(wanted.path, set())))
            cost = sum(size(self._snippet(run).rendered(path)) for run in runs)
            if runs and cost <= left:
                left -= cost
                taken += runs
                told[wanted.path].update(number for run in runs for number in range(run.first, run.last + 1))
            if left < _LEAST:
                break
        return tuple(self._snippet(run) for run in _merged(taken, path))

    def _wanted(self, lines: Sequence[Shown]) -> Iterator[Wanted]:
        if self.file.new_text is not None:
            yield from self._enclosing(lines)
            added = [item.line.text for item in lines if item.line.kind == "+"]
            if self._imports is None:
                self._imports = imports(self.file.path, self.file.new_text)
            used = names(added)
            for each in self._imports:
                if not used.isdisjoint(each.names):
                    yield Wanted(self.file.path, each.first, each.last, "imported")
            for where, found, last, why in called(self._reader, added, self._imports):
                yield Wanted(where, found.first, last, why)
        for name in self._resigned(lines):
            for where, number in callers(self._reader, name):
                yield Wanted(where, max(1, number - 1), number + 1, f"calls {name}, whose signature changed")

    def _enclosing(self, lines: Sequence[Shown]) -> Iterator[Wanted]:
        """Signatures first, from the outside in, so that they are told even where the bodies are too long."""
        found: dict[Definition, list[int]] = {}
        heads: dict[Definition, None] = {}
        own = self._reader.outline(self.file.path)
        for number in self._places(lines):
            around = own.around(number)
            heads.update(dict.fromkeys(around))
            if around and around[-1].kind != "class":
                found.setdefault(around[-1], []).append(number)
        for each in heads:
            yield Wanted(self.file.path, each.first, each.head, f"encloses the change: {each.name}")
        for each, numbers in found.items():
            first, last = each.first, each.last
            if last - first >= _WHOLE:
                first, last = max(first, numbers[0] - _NEAR), min(last, numbers[-1] + _NEAR)
            yield Wanted(self.file.path, first, last, f"encloses the change: {each.name}")

    def _resigned(self, lines: Sequence[Shown]) -> list[str]:
        """Names of functions that were there before, and whose signature the lines change or delete."""
        after = self._reader.outline(self.file.path)
        near = any(
            each.first <= number <= each.head for number in self._places(lines) for each in after.around(number)[-1:]
        )
        deleted = (item.line.text for item in lines if item.line.kind == "-")
        if self.file.old_text is None or not (near or any(_HEAD.search(text[:_WIDEST]) for text in deleted)):
            return []
        if self._before is None:
            self._before = outline(self.file.old_path or self.file.path, self.file.old_text)
        found: dict[str, None] = {}
        for item in lines:
            if item.line.kind == " ":
                continue
            number, side = item.line.number, self._before if item.line.kind == "-" else after
            around = side.around(number)
            if around and number <= around[-1].head and around[-1].name in self._before.names:
                found[around[-1].name] = None
        return list(found)

    def _places(self, lines: Sequence[Shown]) -> Iterator[int]:
        """Where in the file after the change something changed: the ends of each run of changed lines."""
        if self._now is None:
            self._now = _gone(self.file.hunks)
        for at, item in enumerate(lines):
            kind = item.line.kind
            if kind != " " and {lines[near].line.kind for near in (at - 1, at + 1) if 0 <= near < len(lines)} != {kind}:
                yield item.line.new or self._now.get(item.line.number, 1)

    def _snippet(self, wanted: Wanted) -> Snippet:
        if wanted.path not in self._rows:
            text = self._reader.text(wanted.path)
            if self.hide and wanted.path == self.file.path:
                self._rows[wanted.path] = self.hide.rows(text)
            else:
                self._rows[wanted.path] = (self.hide(text) if self.hide else text).split("\n")
        rows = [row.removesuffix("\r") for row in self._rows[wanted.path][wanted.first - 1 : wanted.last]]
        cut = [row if len(row) <= _WIDEST else f"{row[:_WIDEST]} [...]" for row in rows]
        return Snippet(wanted.path, wanted.first, "\n".join(cut), wanted.why)


def _gone(hunks: Iterable[Hunk]) -> dict[int, int]:
    """For each deleted line the number of the line that stands there now."""
    found: dict[int, int] = {}
    for hunk in hunks:
        there = hunk.new_start if hunk.new_count else hunk.new_start + 1
        for line in hunk.lines:
            if line.new is None:
                found[line.number] = there
            else:
                there = line.new + 1
    return found


def _untold(wanted: Wanted, told: set[int]) -> Iterator[Wanted]:
    """The parts of ``wanted`` that were not told yet."""
    first = None
    for number in range(wanted.first, wanted.last + 2):
        inside = number <= wanted.last and number not in told
        if inside and first is None:
            first = number
        elif not inside and first is not None:
            yield Wanted(wanted.path, first, number - 1, wanted.why)
            first = None


def _merged(taken: Iterable[Wanted], path: str) -> list[Wanted]:
    """Runs that touch become one, called by the first reason; the changed file first, then as they came."""
    order = {each: at for at, each in enumerate(dict.fromkeys(chain([path], (run.path for run in taken))))}
    merged: list[Wanted] = []
    for run in sorted(taken, key=lambda run: (order[run.path], run.first)):
        last = merged[-1] if merged else None
        if last and last.path == run.path and run.first == last.last + 1 and last.why == run.why:
            merged[-1] = Wanted(last.path, last.first, run.last, last.why)
        else:
            merged.append(run)
    return merged
