"""Files that no longer parse: Python, JSON, TOML and YAML, where they did before or are new.

Python is read by ruff, whose grammar is newer than the Python that runs this. Templates, files for Python 2, JSON with
comments where that is usual, and what tests keep broken on purpose are no findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from contentkit.analyzers._documents import Fault, fault, kind
from contentkit.analyzers._look import new_text
from contentkit.analyzers._paths import is_test_data
from contentkit.analyzers._python import compiles_never, is_python_2, is_template
from contentkit.analyzers._ruff import Sheets
from contentkit.core.change import Change, FileChange
from contentkit.core.contracts import Look
from contentkit.core.report import Finding, Place, Severity


def begin(change: Change, settings: Mapping[str, Any]) -> Look:
    """A look at what parses."""
    return _Syntax()


class _Syntax:
    def __init__(self) -> None:
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
            yield _finding(file.path, what, wrong)

    def end(self) -> Iterable[Finding]:
        """Read the Python files, all at once."""
        if self._new is None or self._old is None:
            return []
        try:
            return list(self._python(self._new, self._old))
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
                yield _finding(path, "python", Fault(said.message, said.line, said.column))


_CALLED = {"python": "Python", "json": "JSON", "toml": "TOML", "yaml": "YAML"}


def _finding(path: str, what: str, wrong: Fault) -> Finding:
    return Finding(
        f"syntax/{what}",
        f"This is no valid {_CALLED[what]}: {wrong.why.rstrip('.')}.",
        Severity.MAJOR,
        Place(path, wrong.line, wrong.line, wrong.column),
        "bug",
    )
