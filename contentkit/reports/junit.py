"""``--format junit``: XML for the test panes of CI servers.

A finding is a test: failed where it is at or over ``--fail-on``, else passed, with its words as output. What was
skipped is a skipped test for each reason, what failed an error, so that "not looked at" never reads as "clean".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

from contentkit.core.report import Finding, Report
from contentkit.reports._facts import ENDINGS, where
from contentkit.reports._machine import anchor, attribute, fail_on, message, one_line, plain
from contentkit.reports._verdict import by_reason
from contentkit.reports._wording import wording

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="contentkit">\n'
_FOOT = "</testsuites>\n"
_CALL = re.compile(r"^(\s*):(?=:)", re.MULTILINE)


class Case(NamedTuple):
    """A test: its names, and what stands in it."""

    group: str
    name: str
    outcome: str
    inner: str


def render(report: Report) -> str:
    """One suite."""
    cases = list(_cases(report)) or [Case("contentkit", "no findings", "passed", "")]
    many = Counter(case.outcome for case in cases)
    seen: Counter[tuple[str, str]] = Counter()
    lines = [
        f'  <testsuite name={attribute(f"contentkit {report.kind}")} tests="{len(cases)}" '
        f'failures="{many["failure"]}" errors="{many["error"]}" skipped="{many["skipped"]}">\n'
    ]
    for case in cases:
        seen[case.group, case.name] += 1
        twin = seen[case.group, case.name]
        name = case.name if twin == 1 else f"{case.name} ({twin})"
        lines.append(
            f"    <testcase classname={attribute(case.group)} name={attribute(name)}>{case.inner}</testcase>\n"
        )
    return _HEAD + "".join(lines) + "  </testsuite>\n" + _FOOT


def join(pages: Sequence[str]) -> str:
    """One document with the suites of all."""
    return _HEAD + "".join(page.removeprefix(_HEAD).removesuffix(_FOOT) for page in pages) + _FOOT


def _cases(report: Report) -> Iterator[Case]:
    if ending := ENDINGS.get(report.finish):
        yield Case("contentkit", "incomplete", "error", _element("error", ending, ending))
    for state, reason, names in by_reason(report.coverage):
        outcome = "error" if state == "failed" else "skipped"
        yield Case(
            "contentkit", f"not {wording(report).done}: {reason}", outcome, _element(outcome, reason, "\n".join(names))
        )
    for finding in report.findings:
        yield _case(report, finding)


def _case(report: Report, finding: Finding) -> Case:
    path = anchor(report, finding).path
    name = f"{finding.rule}: {one_line(message(report, finding))}"
    if finding.severity.rank <= fail_on(report).rank and finding.verified is not False:
        inner = _element("failure", message(report, finding), _words(report, finding), finding.severity.value)
        return Case(path, name, "failure", inner)
    return Case(path, name, "passed", f"<system-out>{_text(_words(report, finding))}</system-out>")


def _words(report: Report, finding: Finding) -> str:
    unsure = ", unverified" if finding.verified is False else ""
    lines = [where(finding.place), f"{finding.severity.value}{unsure}: {message(report, finding)}"]
    if finding.place and finding.place.quote:
        lines += ["", finding.place.quote]
    if finding.scenario:
        lines += ["", f"When: {finding.scenario}"]
    return "\n".join(lines).strip("\n")


def _element(name: str, said: str, words: str, kind: str = "") -> str:
    typed = f" type={attribute(kind)}" if kind else ""
    return f"<{name} message={attribute(one_line(said))}{typed}>{_text(words)}</{name}>"


def _text(words: str) -> str:
    """Words of strangers; no line of them begins as a command of a CI server does that shows this file in its log."""
    return _CALL.sub(r"\1&#58;", escape(plain(words)).replace("##", "#&#35;"))
