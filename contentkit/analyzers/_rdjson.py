"""Findings of other tools in reviewdog's rdjson and rdjsonl (github.com/reviewdog, proto/rdf/reviewdog.proto)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from contentkit.analyzers._fixes import Part, edits
from contentkit.analyzers._reading import Files, Texts, code_point, count, items, parsed, rule_id, slug, table, words
from contentkit.core.change import text_lines
from contentkit.core.errors import UsageError
from contentkit.core.report import Edit, Finding, Place, Severity
from contentkit.core.secrets import mask

_SEVERITIES = {"ERROR": Severity.MAJOR, "WARNING": Severity.MINOR, "INFO": Severity.INFO}
_NUMBERS = {1: "ERROR", 2: "WARNING", 3: "INFO"}


def findings(text: str, *, root: str = "", text_of: Texts | None = None) -> list[Finding]:
    """The diagnostics in ``text``: one object with all of them, or one in each line.

    Args:
        root: absolute folder of the work tree, for absolute paths.
        text_of: a file's text after the change; with it columns are exact and the first suggestion becomes edits.

    Raises:
        UsageError: it is neither.
    """
    files = Files(root, text_of or (lambda path: None))
    return [_finding(one, whole, files) for one, whole in _diagnostics(text)]


def _diagnostics(text: str) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Each diagnostic with the object around it."""
    lines = [line for line in text.removeprefix("\ufeff").split("\n") if line.strip()]
    first = _line(lines[0]) if lines else None
    if not lines:
        return
    if first is not None and "diagnostics" not in first and ("message" in first or len(lines) > 1):
        for line in lines:
            yield table(parsed(line, "rdjsonl")), {}
        return
    data = parsed(text, "rdjson")
    if not isinstance(data, Mapping) or not isinstance(data.get("diagnostics", []), list):
        raise UsageError("This is not rdjson: it has no diagnostics.", hint="Have the tool print rdjson or rdjsonl.")
    for one in data.get("diagnostics", []):
        if isinstance(one, Mapping):
            yield one, data


def _line(line: str) -> Mapping[str, Any] | None:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, Mapping) else None


def _finding(one: Mapping[str, Any], whole: Mapping[str, Any], files: Files) -> Finding:
    location = table(one.get("location"))
    path = files.native(words(location.get("path")))
    code = table(one.get("code"))
    tool = slug(words(table(one.get("source")).get("name")) or words(table(whole.get("source")).get("name")), "rdjson")
    severity = one.get("severity") or whole.get("severity")
    level = _NUMBERS.get(severity, "") if isinstance(severity, int) else words(severity).upper()
    return Finding(
        rule_id(tool, words(code.get("value"))),
        mask(" ".join(words(one.get("message")).split())[:1000]) or "The tool gave no message.",
        _SEVERITIES.get(level, Severity.MINOR),
        _place(path, table(location.get("range")), files) if path else None,
        "bug",
        edits=_edits(path, one, files) if path else (),
    )


def _place(path: str, span: Mapping[str, Any], files: Files) -> Place:
    part = _part(path, span, files)
    if part is None:
        return Place(path)
    if not part.end_column:
        return Place(path, part.line, part.end_line)
    empty = (part.line, part.column) == (part.end_line, part.end_column)
    last = part.end_line - 1 if part.end_column == 1 and part.end_line > part.line else part.end_line
    end = None if last != part.end_line or empty else part.end_column
    return Place(path, part.line, last, part.column, end)


def _part(path: str, span: Mapping[str, Any], files: Files, text: str = "") -> Part | None:
    """The range; ``end_column`` is 0 where it names whole lines."""
    start, end = table(span.get("start")), table(span.get("end"))
    first, column = count(start.get("line")), count(start.get("column"))
    if first is None:
        return None
    last, end_column = count(end.get("line")) or first, count(end.get("column"))
    if column is None and end_column is None:
        return Part(first, 1, max(last, first), 0, text)
    lines = text_lines(files.text(path) or "")
    if not end:
        last, end_column = first, column  # without an end it is the place between two characters
    column, end_column = (
        code_point(lines[line - 1], at or 1, "utf-8") if line <= len(lines) else at or 1
        for line, at in ((first, column), (last, end_column))
    )
    return Part(first, column, last, end_column, text) if (first, column) <= (last, end_column) else None


def _edits(path: str, one: Mapping[str, Any], files: Files) -> tuple[Edit, ...]:
    """The first suggestion, where the file's text is known and it fits."""
    suggestion = table(next(iter(items(one.get("suggestions"))), None))
    text = files.text(path)
    part = _part(path, table(suggestion.get("range")), files, words(suggestion.get("text")))
    if text is None or part is None or not isinstance(suggestion.get("text"), str):
        return ()
    lines = text_lines(text)
    if not part.end_column and part.end_line <= len(lines):  # without the last line feed
        part = Part(part.line, 1, part.end_line, len(lines[part.end_line - 1]) + 1, part.text)
    return edits(path, text, [part])
