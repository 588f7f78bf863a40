"""A review or a check as the parts of a page: the result, the findings with their lines, the account."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from contentkit.code.visible import one_line, visible
from contentkit.core.change import text_lines
from contentkit.core.plural import counted
from contentkit.core.report import Edit, Finding, Place, Report
from contentkit.reports._facts import facts
from contentkit.reports._verdict import (
    lines_at,
    place_of,
    severities,
    shown,
    suggested,
    verdict,
    what,
    words_at,
)
from contentkit.reports._wording import wording


def title(report: Report) -> str:
    """The page's title: what was done and the result."""
    return f"{wording(report).title}: {verdict(report)[0]}"


def result(report: Report) -> str:
    """The head of the page."""
    found, *rest = verdict(report)
    lines = [f"<h1>{wording(report).title}: {escape(found)}</h1>\n"]
    lines += [f'<p class="verdict">{escape(said)}</p>\n' for said in rest]
    if about := what(report):
        lines.append(f'<p class="about" dir="auto">{_words(about)}</p>\n')
    return "".join(lines)


def findings(report: Report) -> str:
    """Every finding that is shown, and how many more there are."""
    told, left = shown(report)
    if not told and not left:
        return ""
    lines = ['<ul class="findings">\n', *(_finding(report, finding) for finding in told), "</ul>\n"]
    if left:
        lines.append(f"<p>and {len(left):,} more: {severities(left)}</p>\n")
    return "".join(lines)


def account(report: Report) -> str:
    """What was not reviewed, who looked, what left this machine and what it cost."""
    read = sum(unit.state == "read" for unit in report.coverage)
    words = wording(report)
    rows = [(words.done, f"{read:,} of {counted(len(report.coverage), words.unit)}")] if report.coverage else []
    rows += [(fact.label, fact.value) for fact in facts(report)]
    lines = [f"<div><dt>{escape(label)}</dt><dd>{_words(value)}</dd></div>\n" for label, value in rows]
    return f'<footer lang="en">\n<dl>\n{"".join(lines)}</dl>\n</footer>\n'


def _words(text: str) -> str:
    return escape(" ".join(visible(text).split()))


def _prose(text: str) -> str:
    """Words of which those between backticks are code."""
    return re.sub(r"`([^`]{1,200})`", r"<code>\1</code>", _words(text))


def _finding(report: Report, finding: Finding) -> str:
    severity = finding.severity.value
    place = escape(one_line(place_of(report, finding))) or wording(report).whole
    return "".join(
        [
            f'<li class="{severity}"><h2><b>{severity}</b> <code>{place}</code> <small>{_words(finding.rule)}</small>',
            " <small>unverified</small>" if finding.verified is False else "",
            "</h2>\n",
            f'<p dir="auto">{_prose(finding.message)}</p>\n',
            *_code(report, finding),
            f'<p dir="auto"><b>When:</b> {_prose(finding.scenario)}</p>\n' if finding.scenario else "",
            f'<p dir="auto"><b>Suggested:</b> {_prose(said)}</p>\n' if (said := suggested(finding)) else "",
            *(_fix(edit) for edit in finding.edits),
            "</li>\n",
        ]
    )


def _code(report: Report, finding: Finding) -> Iterator[str]:
    place = finding.place
    if words := words_at(report, finding):
        yield f'<blockquote dir="auto">{_words(words)}</blockquote>\n'
    lines = lines_at(report, finding)
    if place is None or place.line is None or not lines:
        return
    if report.kind == "check":
        yield _prose_at(place, lines)
        return
    sign, kind = ("-", "old") if place.side == "LEFT" else ("", "code")
    rows = [
        f"<span>{sign}{number}</span>{escape(visible(line.removesuffix(chr(13))))}"
        for number, line in enumerate(lines, place.line)
    ]
    yield f'<pre class="{kind}" dir="ltr"><code>{"<br>".join(rows)}</code></pre>\n'


def _prose_at(place: Place, lines: list[str]) -> str:
    """The lines of a text, folded as prose is, the words at fault marked."""
    rows = []
    for number, line in enumerate(lines, place.line or 1):
        first = (place.column or 1) - 1 if number == place.line else 0
        last = (place.end_column or len(line) + 1) - 1 if number == (place.end_line or place.line) else len(line)
        parts = [escape(visible(part)) for part in (line[:first], line[first:last], line[last:].removesuffix("\r"))]
        marked = f"<mark>{parts[1]}</mark>" if place.column and parts[1] else parts[1]
        rows.append(f"<span>{number}</span>{parts[0]}{marked}{parts[2]}")
    return f'<p class="line" dir="auto">{"<br>".join(rows)}</p>\n'


def _fix(edit: Edit) -> str:
    span = f"{edit.line}" if edit.end_line <= edit.line else f"{edit.line}-{edit.end_line}"
    lines = text_lines(edit.text)
    verb = "goes in before" if edit.end_line < edit.line else "replaces" if lines else "deletes"
    rows = [f"<span>+</span>{escape(visible(line.removesuffix(chr(13))))}" for line in lines]
    block = f'<pre class="new" dir="ltr"><code>{"<br>".join(rows)}</code></pre>\n' if rows else ""
    return f"<p><b>Fix:</b> {verb} <code>{escape(one_line(edit.path))}:{span}</code></p>\n{block}"
