"""A review as the parts of a page: the result, each finding with its code, what was not reviewed, the account."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from contentkit.code.visible import one_line, visible
from contentkit.core.change import text_lines
from contentkit.core.report import Edit, Finding, Report
from contentkit.reports._facts import facts
from contentkit.reports._review import counted, place_of, severities, shown, verdict, what


def title(report: Report) -> str:
    """The page's title: what was reviewed and the result."""
    return f"Review: {verdict(report)[0]}"


def result(report: Report) -> str:
    """The head of the page."""
    found, *rest = verdict(report)
    lines = [f"<h1>Review: {escape(found)}</h1>\n"]
    lines += [f'<p class="verdict">{escape(said)}</p>\n' for said in rest]
    if about := what(report):
        lines.append(f'<p class="about" dir="auto">{_words(about)}</p>\n')
    return "".join(lines)


def findings(report: Report) -> str:
    """Every finding that is shown, and how many more there are."""
    told, left = shown(report)
    if not told and not left:
        return ""
    lines = ['<ul class="findings">\n', *(_finding(finding) for finding in told), "</ul>\n"]
    if left:
        lines.append(f"<p>and {len(left):,} more: {severities(left)}</p>\n")
    return "".join(lines)


def account(report: Report) -> str:
    """What was not reviewed, who looked, what left this machine and what it cost."""
    read = sum(unit.state == "read" for unit in report.coverage)
    rows = [("reviewed", f"{read:,} of {counted(len(report.coverage), 'part')}")] if report.coverage else []
    rows += [(fact.label, fact.value) for fact in facts(report)]
    lines = [f"<div><dt>{escape(label)}</dt><dd>{_words(value)}</dd></div>\n" for label, value in rows]
    return f'<footer lang="en">\n<dl>\n{"".join(lines)}</dl>\n</footer>\n'


def _words(text: str) -> str:
    return escape(" ".join(visible(text).split()))


def _prose(text: str) -> str:
    """Words of which those between backticks are code."""
    return re.sub(r"`([^`]{1,200})`", r"<code>\1</code>", _words(text))


def _finding(finding: Finding) -> str:
    severity = finding.severity.value
    place = escape(one_line(place_of(finding))) or "the whole change"
    return "".join(
        [
            f'<li class="{severity}"><h2><b>{severity}</b> <code>{place}</code> <small>{_words(finding.rule)}</small>',
            " <small>unverified</small>" if finding.verified is False else "",
            "</h2>\n",
            f'<p dir="auto">{_prose(finding.message)}</p>\n',
            *_code(finding),
            f'<p dir="auto"><b>When:</b> {_prose(finding.scenario)}</p>\n' if finding.scenario else "",
            f'<p dir="auto"><b>Suggested:</b> {_prose(finding.suggestion)}</p>\n' if finding.suggestion else "",
            *(_fix(edit) for edit in finding.edits),
            "</li>\n",
        ]
    )


def _code(finding: Finding) -> Iterator[str]:
    place = finding.place
    if place is None or not place.quote:
        return
    if place.line is None:
        yield f'<blockquote dir="auto">{_words(place.quote)}</blockquote>\n'
        return
    sign, kind = ("-", "old") if place.side == "LEFT" else ("", "code")
    rows = [
        f"<span>{sign}{number}</span>{escape(visible(line.removesuffix(chr(13))))}"
        for number, line in enumerate(text_lines(place.quote + "\n"), place.line)
    ]
    yield f'<pre class="{kind}" dir="ltr"><code>{"<br>".join(rows)}</code></pre>\n'


def _fix(edit: Edit) -> str:
    span = f"{edit.line}" if edit.end_line <= edit.line else f"{edit.line}-{edit.end_line}"
    lines = text_lines(edit.text)
    verb = "goes in before" if edit.end_line < edit.line else "replaces" if lines else "deletes"
    rows = [f"<span>+</span>{escape(visible(line.removesuffix(chr(13))))}" for line in lines]
    block = f'<pre class="new" dir="ltr"><code>{"<br>".join(rows)}</code></pre>\n' if rows else ""
    return f"<p><b>Fix:</b> {verb} <code>{escape(one_line(edit.path))}:{span}</code></p>\n{block}"
