"""``--format checkstyle``: XML that most CI servers and editors read."""

from __future__ import annotations

from collections.abc import Sequence

from contentkit.core.report import Finding, Report
from contentkit.reports._machine import anchor, attribute, level, message, with_gaps

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="4.3">\n'
_FOOT = "</checkstyle>\n"


def render(report: Report) -> str:
    """The findings, file by file."""
    report = with_gaps(report)
    files: dict[str, list[Finding]] = {}
    for finding in report.findings:
        files.setdefault(anchor(report, finding).path, []).append(finding)
    lines = []
    for path, findings in files.items():
        lines.append(f"  <file name={attribute(path)}>\n")
        lines += [_error(report, finding) for finding in findings]
        lines.append("  </file>\n")
    return _HEAD + "".join(lines) + _FOOT


def join(pages: Sequence[str]) -> str:
    """One document with the files of all."""
    return _HEAD + "".join(page.removeprefix(_HEAD).removesuffix(_FOOT) for page in pages) + _FOOT


def _error(report: Report, finding: Finding) -> str:
    place = anchor(report, finding)
    column = finding.place.column if finding.place and place.exact else None
    return (
        f'    <error line="{place.line}"'
        + (f' column="{column}"' if column else "")
        + f' severity="{level(finding)}" message={attribute(message(report, finding))}'
        + f" source={attribute(f'contentkit.{finding.rule}')}/>\n"
    )
