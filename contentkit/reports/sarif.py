"""``--format sarif``: SARIF 2.1.0 as GitHub's code scanning takes it.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/ and "SARIF support for code scanning" of GitHub's documentation.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any, TypeGuard
from urllib.parse import quote

from contentkit import __version__
from contentkit.core.report import Edit, Finding, Place, Report, Severity
from contentkit.reports._facts import ENDINGS
from contentkit.reports._machine import Level, anchor, fingerprints, is_part, level, message, plain
from contentkit.reports._verdict import by_reason

MOST = 25_000
"""Results that GitHub takes of a run; it shows the first 5,000."""

_NAME = 255  # characters of a rule's id that GitHub takes
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: dict[Level, str] = {"error": "error", "warning": "warning", "info": "note"}
_PROBLEMS: dict[Level, str] = {"error": "error", "warning": "warning", "info": "recommendation"}
# GitHub: over 9.0 critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, 0.1 to 3.9 low.
_SCORES = {Severity.CRITICAL: "9.5", Severity.MAJOR: "8.0", Severity.MINOR: "5.0", Severity.INFO: "2.0"}
_PRECISIONS = ((0.95, "very-high"), (0.8, "high"), (0.5, "medium"), (0.0, "low"))


def render(report: Report) -> str:
    """One log with one run."""
    return _json([_run(report)])


def join(pages: Sequence[str]) -> str:
    """One log with a run for each."""
    return _json([run for page in pages for run in json.loads(page)["runs"]])


def _json(runs: list[dict[str, Any]]) -> str:
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": runs}, ensure_ascii=False, indent=2) + "\n"


def _run(report: Report) -> dict[str, Any]:
    marks = fingerprints(report)
    kept = sorted(range(len(marks)), key=lambda number: report.findings[number].severity.rank)[:MOST]
    findings = [report.findings[number] for number in kept]
    rules = _rules(findings, report.kind)
    places = {rule["id"]: number for number, rule in enumerate(rules)}
    results = [
        _result(report, finding, mark, places[_id(finding)])
        for finding, mark in zip(findings, (marks[number] for number in kept), strict=True)
    ]
    run: dict[str, Any] = {
        "tool": {"driver": {"name": "contentkit", "semanticVersion": __version__, "rules": rules}},
        "automationDetails": {"id": f"contentkit/{report.kind}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report, len(marks) - len(kept))],
        "results": results,
    }
    if accepted := _accepted(report):
        # Not as results with suppressions: code scanning would open an alert for each.
        run["properties"] = {"suppressed": accepted}
    return run


def _accepted(report: Report) -> list[dict[str, str]]:
    """What the code itself says to be no fault, with rule, place and reason."""
    given = report.fields.get("suppressed")
    items = [item for item in given if isinstance(item, Mapping)] if isinstance(given, list | tuple) else []
    return [{plain(str(key)): plain(str(value)) for key, value in item.items()} for item in items]


# Rules


def _id(finding: Finding) -> str:
    return plain(finding.rule)[:_NAME] or "contentkit"


def _rules(findings: Iterable[Finding], kind: str) -> list[dict[str, Any]]:
    """A rule for each id, as grave and as sure as its findings are."""
    by_id: dict[str, list[Finding]] = {}
    for finding in findings:
        by_id.setdefault(_id(finding), []).append(finding)
    return [_rule(name, members, kind) for name, members in by_id.items()]


def _rule(name: str, members: Sequence[Finding], kind: str) -> dict[str, Any]:
    gravest = min(members, key=lambda finding: (finding.severity.rank, finding.verified is False))
    sureness = min(finding.confidence for finding in members)
    categories = sorted({plain(finding.category) for finding in members if finding.category.strip()})
    family, _, rest = name.partition("/")
    short = f"{rest} (found by {family})" if rest else name
    said, marked = _silence(name, family, kind)
    rule: dict[str, Any] = {
        "id": name,
        "name": name,
        "shortDescription": {"text": short[:1024]},
        "fullDescription": {"text": f"{short}. {', '.join(categories) or 'No category'}."[:1024]},
        "help": {"text": said, "markdown": marked},
        "defaultConfiguration": {"level": _LEVELS[level(gravest)]},
        "properties": {
            "tags": categories[:20],
            "precision": next(word for least, word in _PRECISIONS if sureness >= least or least == 0.0),
            "problem.severity": _PROBLEMS[level(gravest)],
        },
    }
    if any(finding.category == "security" for finding in members):
        rule["properties"]["security-severity"] = _SCORES[gravest.severity]
    return rule


def _silence(name: str, family: str, kind: str) -> tuple[str, str]:
    """How to live with what a rule finds, as text and as Markdown."""
    if kind == "review":
        before, typed, after = "To accept one finding, write on its line: ", f"contentkit: ignore[{name}]", " and why."
    else:
        before, typed, after = (
            "To leave this check out: ",
            f"--skip {family}",
            f', or [check] skip = ["{family}"].',
        )
    return f"{before}{typed}{after}", f"{before}`{typed.replace('`', chr(39))}`{after}"


# Results


def _result(report: Report, finding: Finding, mark: str, rule: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": _id(finding),
        "ruleIndex": rule,
        "level": _LEVELS[level(finding)],
        "message": {"text": _unlinked(_words(report, finding))},
        "locations": [_location(report, finding)],
        "partialFingerprints": {"primaryLocationLineHash": f"{plain(mark)}:1"},
        "properties": _properties(finding),
    }
    if finding.edits:
        result["fixes"] = [_fix(finding.edits)]
    elif finding.replacement is not None and _spans(finding.place) and not is_part(report, finding.place):
        result["fixes"] = [_reworded(finding.place, finding.replacement)]
    return result


def _words(report: Report, finding: Finding) -> str:
    text = message(report, finding)
    return plain(f"{text}\n\nWhen: {finding.scenario}" if finding.scenario else text)


def _unlinked(text: str) -> str:
    """SARIF reads ``[words](address)`` in a message as a link; a message is only words."""
    return text.replace("](", "] (")


def _properties(finding: Finding) -> dict[str, Any]:
    properties: dict[str, Any] = {"severity": finding.severity.value, "confidence": finding.confidence}
    if finding.category:
        properties["category"] = plain(finding.category)
    if finding.verified is not None:
        properties["verified"] = finding.verified
    if finding.place is None:
        properties["scope"] = "change"
    elif finding.place.line is None:
        properties["scope"] = "file"
    elif finding.place.side == "LEFT":
        last = max(finding.place.line, finding.place.end_line or 0)
        properties |= {"side": "LEFT", "line": finding.place.line, "endLine": last}
    return properties


def _location(report: Report, finding: Finding) -> dict[str, Any]:
    place = anchor(report, finding)
    if finding.place and is_part(report, finding.place):
        return {"logicalLocations": [_part(place.path or report.kind)]}
    region: dict[str, Any] = {"startLine": place.line, "endLine": place.end_line}
    if place.exact and finding.place:
        if finding.place.column:
            region["startColumn"] = finding.place.column
            if _ends_after(finding.place.column, finding.place.end_column, one=place.line == place.end_line):
                region["endColumn"] = finding.place.end_column
        if finding.place.quote and report.kind == "review":
            region["snippet"] = {"text": plain(finding.place.quote)}
    physical: dict[str, Any] = {"artifactLocation": _artifact(place.path), "region": region}
    if place.exact and finding.place and finding.place.context:
        lines = {"startLine": place.line, "endLine": place.end_line}
        physical["contextRegion"] = {**lines, "snippet": {"text": plain(finding.place.context)}}
    part = {"logicalLocations": [_part(finding.place.part)]} if finding.place and finding.place.part else {}
    return {"physicalLocation": physical, **part}


def _part(name: str) -> dict[str, str]:
    return {"fullyQualifiedName": plain(name)}


def _ends_after(column: int, end: int | None, *, one: bool) -> bool:
    return end is not None and (not one or end >= column)


def _artifact(path: str) -> dict[str, str]:
    if PurePath(path).is_absolute():  # outside of the folder that paths are relative to
        return {"uri": PurePath(path).as_uri()}
    return {"uri": uri(path), "uriBaseId": "%SRCROOT%"}


def uri(path: str) -> str:
    """A relative URI: every byte that a path may hold and a URI may not is escaped."""
    try:
        data = path.encode("utf-8", "surrogateescape")  # a name that is no UTF-8 keeps its bytes
    except UnicodeEncodeError:
        data = path.encode("utf-8", "replace")
    return quote(data, safe="/").lstrip("/") or "."


def _fix(edits: Sequence[Edit]) -> dict[str, Any]:
    changes: dict[str, list[dict[str, Any]]] = {}
    for edit in edits:
        changes.setdefault(edit.path, []).append(_replacement(edit))
    return {
        "description": {"text": "A change that would mend it."},
        "artifactChanges": [
            {"artifactLocation": _artifact(path), "replacements": replacements}
            for path, replacements in changes.items()
        ],
    }


def _spans(place: Place | None) -> TypeGuard[Place]:
    """Whether the place says exactly which characters it means."""
    return place is not None and place.line is not None and bool(place.column and place.end_column)


def _reworded(place: Place, text: str) -> dict[str, Any]:
    region = {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line or place.line,
        "endColumn": place.end_column,
    }
    change: dict[str, Any] = {"deletedRegion": region}
    if text:
        change["insertedContent"] = {"text": plain(text)}
    return {
        "description": {"text": "Words that would be better." if text else "Leave it out."},
        "artifactChanges": [{"artifactLocation": _artifact(place.path), "replacements": [change]}],
    }


def _replacement(edit: Edit) -> dict[str, Any]:
    """Lines without columns end before their line feed, so the text's own is left out with them."""
    text = plain(edit.text)
    if edit.end_line < edit.line:
        region = {"startLine": edit.line, "startColumn": 1, "endLine": edit.line, "endColumn": 1}
    elif not text:
        region = {"startLine": edit.line, "startColumn": 1, "endLine": edit.end_line + 1, "endColumn": 1}
    else:
        region, text = {"startLine": edit.line, "endLine": edit.end_line}, text.removesuffix("\n")
    return {"deletedRegion": region} | ({"insertedContent": {"text": text}} if text else {})


# The run itself


def _invocation(report: Report, left: int) -> dict[str, Any]:
    return {
        "executionSuccessful": not report.incomplete,
        "toolExecutionNotifications": list(_notifications(report, left)),
    }


def _notifications(report: Report, left: int) -> Iterator[dict[str, Any]]:
    if ending := ENDINGS.get(report.finish):
        yield _notification("error", ending)
    for state, reason, names in by_reason(report.coverage):
        for name in names:
            yield _notification("error" if state == "failed" else "note", f"{name}: {reason}")
    for notice in report.notices:
        yield _notification("warning", notice)
    if left:
        yield _notification("warning", f"{left:,} findings, the least grave, are left out: GitHub takes {MOST:,}.")


def _notification(grade: str, text: str) -> dict[str, Any]:
    return {"level": grade, "message": {"text": _unlinked(plain(text)) or "(no words)"}}
