"""Files that no longer parse: Python, JSON, TOML and YAML, where they did before or are new.

Python is read by ruff, whose grammar is newer than the Python that runs this. Templates, files for Python 2, JSON with
comments where that is usual, and what tests keep broken on purpose are no findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contentkit.analyzers._documents import Fault, fault, kind
from contentkit.analyzers._look import new_text
from contentkit.analyzers._paths import is_test, is_test_data
from contentkit.analyzers._python import compiles_never, is_python_2, is_template
from contentkit.analyzers._ruff import Sheets
from contentkit.core.change import Change, FileChange, text_lines
from contentkit.core.contracts import Look
from contentkit.core.report import Finding, Place, Severity
from contentkit.core.secrets import mask


def begin(change: Change, settings: Mapping[str, Any]) -> Look:
    """A look at what parses."""
    return _Syntax(change)


class _Syntax:
    def __init__(self, change: Change) -> None:
        self._change = change
        self._new: Sheets | None = None
        self._old: Sheets | None = None

    def file(self, file: FileChange) -> Iterable[Finding]:
        """Documents are read at once; Python is laid out for the end."""
        text = new_text(file)
        if text is None or file.new_text == file.old_text or not text.strip() or is_test_data(file.path):
            return
        if (what := kind(file.path)) == "python":
            self._new, self._old = self._new or Sheets(), self._old or Sheets()
            self._new.add(file.path, text)
            if file.old_text is not None:
                self._old.add(file.path, file.old_text)
        elif what and (wrong := fault(what, file.path, text, old=file.old_text)):
            yield _finding(file.path, what.removesuffix("c"), wrong, _Touched.of(file, text))

    def end(self) -> Iterable[Finding]:
        """Read the Python files, all at once."""
        if self._new is None or self._old is None:
            return
        try:
            yield from self._python(self._new, self._old)
            self._new.check()
        finally:
            self._new.close()
            self._old.close()

    def _python(self, new: Sheets, old: Sheets) -> Iterator[Finding]:
        wrong = compiles_never(new)
        if not wrong:
            return
        before = compiles_never(old) if any(path in old for path in wrong) else {}
        for path, said in wrong.items():
            text = new.text(path)
            if path not in before and not is_template(path, text) and not (path not in old and is_python_2(text)):
                touched = _Touched.of(self._change.file(path), text)
                yield _finding(path, "python", Fault(said.message, said.line, said.column), touched)


_CALLED = {"python": "Python", "json": "JSON", "toml": "TOML", "yaml": "YAML"}


@dataclass(frozen=True, slots=True)
class _Touched:
    """Lines that were added and deleted, and how many the file has now."""

    added: tuple[int, ...]
    deleted: tuple[tuple[int, int], ...]  # with the line of the new file that follows
    last: int

    @classmethod
    def of(cls, file: FileChange, text: str) -> _Touched:
        deleted, after = [], 1
        for hunk in file.hunks:
            after = hunk.new_start
            for line in hunk.lines:
                if line.kind == "-":
                    deleted.append((line.number, after))
                else:
                    after = line.number + 1
        return cls(tuple(line.number for line in file.lines("+")), tuple(deleted), len(text_lines(text)))

    def place(self, path: str, wrong: Fault) -> Place:
        """The changed line that is most likely the cause: a reader sees a fault where it stops, perhaps much later."""
        line = min(wrong.line, self.last)
        if line in self.added:
            return Place(path, line, line, wrong.column if line == wrong.line else None)
        above = max((number for number in self.added if number <= line), default=0)
        gone = max((number for number in self.deleted if number[1] <= line + 1), key=lambda one: one[1], default=(0, 0))
        if gone[1] > above:
            return Place(path, gone[0], gone[0], side="LEFT")
        nearest = above or min(self.added, default=line)
        return Place(path, nearest, nearest)


def _finding(path: str, what: str, wrong: Fault, touched: _Touched) -> Finding:
    place = touched.place(path, wrong)
    where = "" if place.side == "RIGHT" and place.line == wrong.line else f" (seen at line {wrong.line})"
    said = f"The file is no valid {_CALLED[what]} any more{where}: {mask(wrong.why).rstrip('.')}."
    severity = Severity.MINOR if is_test(path) and what != "python" else Severity.MAJOR
    return Finding(f"syntax/{what}", said, severity, place, "bug")
