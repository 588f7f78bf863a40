"""Python that changes in what it does while no test changes with it: one remark for the whole change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from contentkit.analyzers._paths import is_test, is_test_data, language
from contentkit.core.change import Change, FileChange, Status
from contentkit.core.contracts import Look
from contentkit.core.report import Finding, Severity

_NO_CODE = re.compile(
    r"\s*(?:#.*|import [\w., ]+|from [\w.]+ import [\w., ()*]+|[\"']{3}.*|[)\]},]*|pass|__version__\s*=.*)\s*"
)
_APART = frozenset(
    (
        "docs",
        "doc",
        "examples",
        "example",
        "samples",
        "scripts",
        "tools",
        "bin",
        "benchmarks",
        "bench",
        "migrations",
        "versions",
    )
)
_APART_FILES = frozenset(("setup.py", "conf.py", "noxfile.py", "tasks.py", "fabfile.py", "manage.py", "_version.py"))


def begin(change: Change, settings: Mapping[str, Any]) -> Look:
    """A look at whether tests come along."""
    return _Untested(change)


class _Untested:
    def __init__(self, change: Change) -> None:
        self._change = change
        self._tested = False
        self._paths: list[str] = []

    def file(self, file: FileChange) -> Iterable[Finding]:
        """Note the file."""
        if is_test(file.path) or is_test_data(file.path):
            self._tested = True
        elif file.status is not Status.DELETED and _program(file.path) and _changes_code(file):
            self._paths.append(file.path)
        return ()

    def end(self) -> Iterable[Finding]:
        """The remark, where there is one to make: not in a project that has no tests at all."""
        if self._tested or not self._paths:
            return
        tree = self._change.tree("RIGHT")
        if tree and not any(is_test(path) for path in tree):
            return
        more = f" and {len(self._paths) - 1} more" if len(self._paths) > 1 else ""
        yield Finding(
            "untested/change",
            f"No test changes with {self._paths[0]}{more}.",
            Severity.INFO,
            None,
            "tests",
            confidence=0.6,
        )


def _program(path: str) -> bool:
    pure = PurePosixPath(path)
    return language(path) == "python" and pure.name not in _APART_FILES and _APART.isdisjoint(pure.parts[:-1])


def _changes_code(file: FileChange) -> bool:
    """More than comments, imports and the lines between them, and more than one line put in other words."""
    return sum(not _NO_CODE.fullmatch(line.text[:1000]) for line in file.lines("+")) > 2
