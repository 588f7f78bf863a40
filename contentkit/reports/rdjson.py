"""``--format rdjson``: reviewdog's format. Its columns count bytes of UTF-8, ours characters."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from contentkit.core.report import Edit, Finding, Place, Report
from contentkit.reports._machine import anchor, level, message, plain, with_gaps
from contentkit.reports._verdict import lines_at

_SEVERITIES = {"error": "ERROR", "warning": "WARNING", "info": "INFO"}


def render(report: Report) -> str:
    """One DiagnosticResult."""
    report = with_gaps(report)
    diagnostics = [_diagnostic(report, finding) for finding in report.findings]
    return _json({"source": {"name": "contentkit"}, "diagnostics": diagnostics})


def join(pages: Sequence[str]) -> str:
    """One result with all diagnostics."""
    diagnostics = [item for page in pages for item in json.loads(page)["diagnostics"]]
    return _json({"source": {"name": "contentkit"}, "diagnostics": diagnostics})


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _diagnostic(report: Report, finding: Finding) -> dict[str, Any]:
    place = anchor(report, finding)
    location: dict[str, Any] = {"path": plain(place.path)}
    if place.exact and finding.place:
        location["range"] = _range(finding.place, place.end_line, lines_at(report, finding))
    diagnostic: dict[str, Any] = {
        "message": plain(message(report, finding) + (f"\n\nWhen: {finding.scenario}" if finding.scenario else "")),
        "location": location,
        "severity": _SEVERITIES[level(finding)],
        "code": {"value": plain(finding.rule)},
    }
    suggestions = [_suggestion(edit) for edit in finding.edits if finding.place and edit.path == finding.place.path]
    if suggestions and len(suggestions) == len(finding.edits):  # all edits or none: a part of them would not mend it
        diagnostic["suggestions"] = suggestions
    elif finding.replacement is not None and "column" in location.get("range", {}).get("start", {}):
        diagnostic["suggestions"] = [{"range": location["range"], "text": plain(finding.replacement)}]
    return diagnostic


def _range(place: Place, end_line: int, lines: Sequence[str]) -> dict[str, dict[str, int]]:
    """Start and end. Columns only where the lines are known, for only then can bytes be counted."""
    start, end = {"line": place.line or 1}, {"line": end_line}
    whole = len(lines) == end_line - start["line"] + 1
    if whole and place.column and place.column <= len(lines[0]) + 1:
        last = min(place.end_column or len(lines[-1]) + 1, len(lines[-1]) + 1)
        start["column"], end["column"] = _bytes(lines[0], place.column), _bytes(lines[-1], last)
    return {"start": start, "end": end}


def _bytes(line: str, column: int) -> int:
    return len(line[: column - 1].encode("utf-8", "replace")) + 1


def _suggestion(edit: Edit) -> dict[str, Any]:
    """Whole lines without columns, their last line feed left out; what goes in between has a range of no width."""
    if edit.end_line < edit.line:
        spot = {"line": edit.line, "column": 1}
        return {"range": {"start": spot, "end": spot}, "text": plain(edit.text)}
    where = {"start": {"line": edit.line}, "end": {"line": edit.end_line}}
    return {"range": where, "text": plain(edit.text.removesuffix("\n"))}
