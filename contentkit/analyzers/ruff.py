"""What ruff finds in Python, by the project's own configuration or, where it selects no rules, by ours.

The configuration is the base's (the user's own for their own work); every file is looked at as the change leaves it,
and once more as it was, so that what ruff said before is not said again.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from contentkit.analyzers._fixes import edits
from contentkit.analyzers._look import added_lines, new_text
from contentkit.analyzers._paths import is_test, is_test_data, language
from contentkit.analyzers._ruff import SYNTAX, RuffSettingsError, Said, Sheets
from contentkit.analyzers._ruff_rules import NOT_HERE, SELECT, done_on_purpose, unasked, weight
from contentkit.analyzers._ruff_settings import Settings, lay_out
from contentkit.core.change import Change, FileChange, Side, text_lines
from contentkit.core.contracts import Look
from contentkit.core.errors import UsageError
from contentkit.core.report import Finding, Place, Severity
from contentkit.core.secrets import mask

takes = ("select", "ignore")

_HIDES = re.compile(r"#.*\bnoqa\b|#\s*ruff:|#\s*flake8:")
_WHOLE = re.compile(r"#\s*(?:ruff|flake8):\s*(?:noqa|file-ignore|disable)")
_EXPLICIT = "lint.explicit-preview-rules=true"


def begin(change: Change, settings: Mapping[str, Any]) -> Look:
    """A look with ruff.

    Args:
        settings: ``select``, rules instead of our selection where the project has none; ``ignore``, beginnings of rules
            that are not reported.

    Raises:
        UsageError: one of them is not a list of words.
    """
    return _Ruff(change, _words(settings, "select") or SELECT, _words(settings, "ignore"))


class _Ruff:
    def __init__(self, change: Change, select: Sequence[str], ignore: Sequence[str]) -> None:
        self._change = change
        self._select = select
        self._ignore = tuple(ignore)
        self._new: Sheets | None = None
        self._old: Sheets | None = None
        self._added: dict[str, array[int]] = {}
        self._hiding: dict[str, set[int]] = {}

    def file(self, file: FileChange) -> Iterable[Finding]:
        """Lay the file out; ruff runs once, at the end."""
        looked = language(file.path) == "python" and not is_test_data(file.path)
        text = new_text(file) if looked else None
        added = array("L", (line.number for line in file.lines("+") if text is not None))
        if text is not None and added:
            self._new, self._old = self._new or Sheets(), self._old or Sheets()
            self._added[file.path] = added
            if hiding := {number for number, line in added_lines(file) if _HIDES.search(line[:2000])}:
                self._hiding[file.path] = hiding
            self._new.add(file.path, text)
            if file.old_text is not None:
                self._old.add(file.path, file.old_text)  # under the new path: the same rules hold for both
        return ()

    def end(self) -> Iterable[Finding]:
        """Run ruff over what was laid out. What it did not survive is an error after all that it found."""
        if self._new is None or self._old is None:
            return
        try:
            yield from self._found(self._new, self._old)
            self._new.check()
        finally:
            self._new.close()
            self._old.close()

    def _found(self, new: Sheets, old: Sheets) -> Iterator[Finding]:
        settings = lay_out(self._read, new, new, self._select)
        try:
            said = self._touching(new.ruff())
            options: tuple[str, ...] = ()
        except RuffSettingsError as error:
            settings = Settings([f"The project's configuration of ruff can't be used ({error.message})."])
            options = ("--isolated", "--preview", "--select", ",".join(self._select), "--config", _EXPLICIT)
            said = self._touching(new.ruff(*options))
        for complaint in settings.complaints:
            yield Finding("ruff/configuration", complaint, Severity.INFO, None, "maintenance")
        hidden = self._hidden(said, new, options)
        for one in self._unsaid([*said, *hidden], new, old, options):
            if (finding := self._finding(one, settings, new)) is not None:
                yield _unhidden(finding) if one in hidden else finding

    def _hidden(self, said: list[Said], new: Sheets, options: tuple[str, ...]) -> list[Said]:
        """What only a comment hides that the change itself brings. For their own work the user's comments count."""
        if self._change.own or not self._hiding:
            return []
        known = set(said)
        return [
            one
            for one in self._touching(new.ruff(*options, "--ignore-noqa"))
            if one not in known and self._hides(one, new)
        ]

    def _hides(self, one: Said, new: Sheets) -> bool:
        lines = self._hiding.get(one.path, set())
        if any(number in lines for number in range(one.line, max(one.end_line, one.line) + 1)):
            return True
        return any(_WHOLE.match(_line(text_lines(new.text(one.path)), number)) for number in lines)

    def _read(self, path: str) -> str | None:
        side: Side = "RIGHT" if self._change.own else "LEFT"
        return self._change.text(path, side)

    def _touching(self, said: Iterable[Said]) -> list[Said]:
        """What stands on changed lines. Syntax is left to the analyzer of that name."""
        return [one for one in said if one.code != SYNTAX and one.code not in NOT_HERE and self._touches(one)]

    def _touches(self, one: Said) -> bool:
        added = self._added.get(one.path, array("L"))
        place = bisect_left(added, one.line)
        return place < len(added) and added[place] <= max(one.end_line, one.line)

    def _unsaid(self, said: list[Said], new: Sheets, old: Sheets, options: tuple[str, ...]) -> Iterator[Said]:
        """What ruff did not say before the change of the same line, or in the same words of another one."""
        if not any(one.path in old for one in said):
            yield from said
            return
        lay_out(self._read, old, old, self._select) if not options else None
        before = {one.path: Counter[tuple[str, str]]() for one in said}
        lines_before = {path: text_lines(old.text(path)) for path in before if path in old}
        for one in old.ruff(*options):
            if one.path in before:
                before[one.path][one.code, _line(lines_before[one.path], one.line)] += 1
                before[one.path][one.code, one.message] += 1
        lines = {path: text_lines(new.text(path)) for path in before}
        for one in said:
            known = before[one.path]
            keys = ((one.code, _line(lines[one.path], one.line)), (one.code, one.message))
            if known[keys[0]] or (known[keys[1]] and "`" in one.message):
                known.subtract(keys)
            else:
                yield one

    def _finding(self, one: Said, settings: Settings, new: Sheets) -> Finding | None:
        severity, category = weight(one.code)
        if any(one.code.startswith(rule) for rule in self._ignore):
            return None
        if settings.ours(one.path) and unasked(one.code):
            return None
        if is_test(one.path) and done_on_purpose(one.code):
            if settings.ours(one.path):
                return None
            severity = Severity.INFO
        return Finding(
            f"ruff/{one.code}",
            mask(one.message),
            severity,
            Place(one.path, one.line, max(one.line, _last(one)), one.column, one.end_column),
            category,
            confidence=0.9,
            edits=edits(one.path, new.text(one.path), one.safe) if one.safe else (),
        )


def _unhidden(finding: Finding) -> Finding:
    """Told, and failing no run unless it is of security: most such comments are meant well."""
    severity = finding.severity
    if finding.category != "security" and severity.rank < Severity.MINOR.rank:
        severity = Severity.MINOR
    message = f"{finding.message.rstrip('.')}; a comment that comes with the change hides it from ruff."
    return replace(finding, severity=severity, message=message, edits=())


def _line(lines: Sequence[str], number: int) -> str:
    return lines[number - 1].strip() if 0 < number <= len(lines) else ""


def _last(one: Said) -> int:
    """The end is exclusive: at the first column of a line nothing of it is meant."""
    return one.end_line - 1 if one.end_column == 1 and one.end_line > one.line else one.end_line


def _words(settings: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = settings.get(name, ())
    if not isinstance(value, list | tuple) or not all(isinstance(word, str) and word for word in value):
        raise UsageError(f"[review.analyzers.ruff] {name} must be a list of rules.", hint='For example ["F", "B006"].')
    return tuple(value)
