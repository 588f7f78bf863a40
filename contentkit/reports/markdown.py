"""``--format markdown``: the body, ready to publish, and the account of the run in a comment that no page shows.

A review becomes a comment for a pull request instead, see ``_verdict_markdown``.
"""

from __future__ import annotations

from collections.abc import Sequence

from contentkit.core.disclosure import statement
from contentkit.core.report import Finding, Report
from contentkit.reports._facts import facts, where
from contentkit.reports._front import inert, page
from contentkit.reports._wording import judges


def render(report: Report) -> str:
    """The body and a closing HTML comment; a review as a comment of its own."""
    if judges(report):
        from contentkit.reports import _verdict_markdown

        return _verdict_markdown.page(report) + "\n"
    told = statement(report)
    lines = [f"disclosure: {told}"] if told else []
    lines += [f"{fact.label}: {fact.value}" for fact in facts(report)]
    if report.findings:
        lines += ["findings:", *(f"- {_finding(finding)}" for finding in report.findings)]
    comment = inert("\n".join(_one_line(line) for line in lines), report)
    return f"{page(report)}\n\n<!-- contentkit\n{comment}\n-->\n"


def join(pages: Sequence[str]) -> str:
    """Variants with a rule between them."""
    return "\n---\n\n".join(pages)


def _finding(finding: Finding) -> str:
    place = where(finding.place)
    return f"{finding.severity.value} {finding.rule}{f' at {place}' if place else ''}: {finding.message}"


def _one_line(text: str) -> str:
    """Text that can't end the comment: HTML forbids two hyphens in one."""
    line = " ".join(text.split())
    while "--" in line:
        line = line.replace("--", "- -")
    return line
