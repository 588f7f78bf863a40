"""``--format gitlab``: GitLab's code quality report, a JSON array. Empty when nothing was found and all was read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from contentkit.core.report import Finding, Report
from contentkit.reports._machine import anchor, fingerprints, level, message, plain, with_gaps


def render(report: Report) -> str:
    """An array of issues; GitLab merges those with one fingerprint, so each has its own."""
    report = with_gaps(report)
    issues = [
        _issue(report, finding, mark) for finding, mark in zip(report.findings, fingerprints(report), strict=True)
    ]
    return json.dumps(issues, ensure_ascii=False, indent=2) + "\n"


def join(pages: Sequence[str]) -> str:
    """One array of all issues."""
    return json.dumps([issue for page in pages for issue in json.loads(page)], ensure_ascii=False, indent=2) + "\n"


def _issue(report: Report, finding: Finding, mark: str) -> dict[str, Any]:
    place = anchor(report, finding)
    issue = {
        "type": "issue",
        "check_name": plain(finding.rule),
        "description": plain(message(report, finding)),
        "categories": ["Security" if finding.category == "security" else "Bug Risk"],
        "severity": "minor" if finding.verified is False and level(finding) == "warning" else finding.severity.value,
        "fingerprint": plain(mark),
        "location": {"path": plain(place.path), "lines": {"begin": place.line, "end": place.end_line}},
    }
    if finding.scenario:
        issue["content"] = {"body": plain(finding.scenario)}
    return issue
