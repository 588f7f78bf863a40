"""``--format github``: workflow commands, which GitHub Actions turns into annotations.

GitHub keeps 10 errors, 10 warnings and 10 notices of a step, so the gravest come first, and one notice tells how many
did not fit. The step summary has all of them: ``contentkit`` writes it where GITHUB_STEP_SUMMARY is set.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from contentkit.core.plural import counted
from contentkit.core.report import Finding, Report, Severity
from contentkit.reports._machine import anchor, is_part, level, message, one_line, plain
from contentkit.reports._verdict import not_reviewed, summary
from contentkit.reports._wording import wording

EACH = 10
"""Annotations of one kind that GitHub keeps of a step."""

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def render(report: Report) -> str:
    """A line of the log for the result, then a command for each finding that fits."""
    room = {"error": EACH, "warning": EACH, "notice": EACH - 1}  # one notice is for what did not fit
    lines, left = [f"contentkit: {summary(report)}"], []
    if report.incomplete:
        room["warning"] -= 1
        said = "\n".join(not_reviewed(report)) or f"the {report.kind} did not come to its end"
        lines.append(_command("warning", {"title": f"contentkit: not everything was {wording(report).done}"}, said))
    for finding in sorted(report.findings, key=lambda finding: finding.severity.rank):
        command = _COMMANDS[level(finding)]
        if room[command] > 0:
            room[command] -= 1
            lines.append(_command(command, _properties(report, finding), _words(report, finding)))
        else:
            left.append(finding)
    if left:
        lines.append(_command("notice", {"title": f"contentkit: {len(left)} more"}, _rest(left)))
    return "\n".join(lines) + "\n"


def join(pages: Sequence[str]) -> str:
    """One log after the other."""
    return "".join(pages)


def _properties(report: Report, finding: Finding) -> dict[str, str]:
    place = anchor(report, finding)
    in_file = finding.place is not None and not is_part(report, finding.place)
    properties = {"file": place.path} if in_file else {}
    if place.exact and in_file:
        properties |= {"line": str(place.line), "endLine": str(place.end_line)}
        if finding.place and finding.place.column and place.line == place.end_line:
            properties["col"] = str(finding.place.column)
    unsure = ", unverified" if finding.verified is False else ""
    return properties | {"title": f"{finding.severity.value}{unsure}: {one_line(finding.rule)}"}


def _words(report: Report, finding: Finding) -> str:
    return message(report, finding) + (f"\n\nWhen: {finding.scenario}" if finding.scenario else "")


def _rest(left: Sequence[Finding]) -> str:
    many = Counter(finding.severity for finding in left)
    said = ", ".join(f"{many[severity]} {severity.value}" for severity in Severity if many[severity])
    return f"{counted(len(left), 'finding')} more than GitHub shows of one step: {said}. The step summary has them."


def _command(name: str, properties: dict[str, str], words: str) -> str:
    given = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {given}::{_data(words)}"


def _data(text: str) -> str:
    """Escaped as the runner unescapes it; a carriage return alone would end the line there."""
    return plain(text).replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
