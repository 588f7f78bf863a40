"""Markers of a merge conflict that were committed, also in files that the review skips (lock files, vendored ones)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from contentkit.analyzers._look import Each, added_lines
from contentkit.analyzers._paths import is_prose, is_test, is_test_data
from contentkit.core.change import Change, FileChange
from contentkit.core.contracts import Look
from contentkit.core.report import Finding, Place, Severity

skipped_too = True

# As git writes them: seven characters at the beginning of the line. A row of "=" alone underlines a title in prose, so
# it says something only between two others.
_MARKER = re.compile(r"(?:<{7}|>{7}|\|{7})(?: [^\r\n]{1,500})?\r?|={7}\r?")


def begin(change: Change, settings: Mapping[str, Any]) -> Look:
    """A look for conflict markers in added lines."""
    return Each(_look)


def _look(file: FileChange) -> Iterator[Finding]:
    found = [(number, text[:1]) for number, text in added_lines(file) if text[:1] in "<>|=" and _MARKER.fullmatch(text)]
    signs = {sign for _, sign in found}
    whole = {"<", "=", ">"} <= signs
    if not signs & {"<", ">"} or (not whole and is_prose(file.path)):
        return
    shown = is_prose(file.path) or is_test(file.path) or is_test_data(file.path)  # perhaps an example of a conflict
    for number, sign in found:
        if sign != "=" or whole:
            yield Finding(
                "markers/conflict",
                f"A marker of a merge conflict ({sign * 7}) was left in the file.",
                Severity.MINOR if shown else Severity.MAJOR,
                Place(file.path, number, number),
                "bug",
                repair="Take one side of the conflict, or both, and delete the markers.",
            )
