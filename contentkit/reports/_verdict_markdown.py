"""A review or a check as a comment on a pull request. The first line marks it, so that the next run updates it.

All words in it are strangers': of the model, of the change, of analyzers. They go through ``_markup``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from contentkit.core.change import text_lines
from contentkit.core.plural import counted
from contentkit.core.report import Edit, Finding, Place, Report
from contentkit.reports._facts import facts
from contentkit.reports._markup import block, code, line_of, words
from contentkit.reports._verdict import (
    by_reason,
    lines_at,
    named,
    parted,
    place_of,
    severities,
    shown,
    suggested,
    verdict,
    what,
    words_at,
)
from contentkit.reports._wording import wording

MOST = 65_536
"""Characters that GitHub takes of a comment."""

_ROOM = 60_000  # what goes to the findings and above; coverage and account come after
_BODY = 8_000
_LINES = 40  # lines of a fix that are shown
_WIDE = 400  # characters of a code line that are shown
_REASONS = 30
_SHOWN_ABOVE = {"not reviewed", "not checked", "incomplete", "note"}


def page(report: Report) -> str:
    """The comment, at most ``MOST`` characters."""
    head = "\n".join(_head(report)).strip("\n")
    tail = "\n".join(_tail(report))
    found = _findings(report, _ROOM - len(head) - len(tail)).strip("\n")
    return "\n\n".join(filter(None, (head, found, tail)))


def _head(report: Report) -> Iterator[str]:
    found, *rest = verdict(report)
    yield f"<!-- contentkit-{report.kind} -->"
    yield f"### {wording(report).title}: {found}"
    yield ""
    for said in rest:
        yield f"**{said[0].upper()}{said[1:]}.**\n"
    if about := what(report):
        yield f"{line_of(about, 300)}\n"
    yield from _body(report.body)
    if report.body.strip() and report.findings:
        yield "**Findings**\n"  # parts two lists, which would run into one


def _body(body: str) -> Iterator[str]:
    """The summary's lines: lists stay lists, all else is words."""
    used = 0
    for line in text_lines(body.strip("\n")):
        plain = line.strip()
        bullet = plain[:2] in ("- ", "* ")
        text = ("- " + line_of(plain[2:].strip())) if bullet else line_of(plain)
        used += len(text)
        if used > _BODY:
            yield "…"
            break
        yield text
    if body.strip():
        yield ""


def _findings(report: Report, room: int) -> str:
    told, left = shown(report)
    entries: list[str] = []
    used = 0
    for number, finding in enumerate(told):
        entry = _entry(report, finding)
        if used + len(entry) > room:
            entry = _line(report, finding)
        if used + len(entry) > room:
            left = report.findings[number:]
            break
        entries.append(entry)
        used += len(entry) + 1
    if left:
        entries.append(f"\nand {len(left):,} more: {severities(left)}.\n")
    return "\n".join(entries)


def _line(report: Report, finding: Finding) -> str:
    unsure = " *(unverified)*" if finding.verified is False else ""
    place = code(place_of(report, finding)[-300:]) or wording(report).whole
    return f"- **{finding.severity.value}**{unsure} {place}: {words(finding.message)} ({code(finding.rule[:100])})"


def _entry(report: Report, finding: Finding) -> str:
    """The line of a finding, and folded under it the lines, when it goes wrong, and what would mend it."""
    rows = list(_details(report, finding))
    if not rows:
        return _line(report, finding)
    names = [wording(report).subject] * bool(finding.place and finding.place.quote) + ["when"] * bool(finding.scenario)
    names += ["suggested change"] * bool(finding.edits or suggested(finding))
    folded = [f"<details><summary>{', '.join(names).capitalize()}</summary>", "", *rows, "</details>", ""]
    return "\n".join([_line(report, finding), *(f"  {row}".rstrip() for row in folded)])


def _details(report: Report, finding: Finding) -> Iterator[str]:
    place = finding.place
    if report.kind == "check":
        yield from _prose_at(report, finding)
    elif place and place.quote and not (finding.edits and _covers(place, finding.edits)):
        yield from block([_cut(line) for line in text_lines(place.quote + "\n")])
        yield ""
    if finding.scenario:
        yield f"When: {words(finding.scenario)}"
        yield ""
    if said := suggested(finding):
        yield f"Suggested: {words(said)}"
        yield ""
    for edit in finding.edits:
        yield from _change(edit, place)
        yield ""


def _prose_at(report: Report, finding: Finding) -> Iterator[str]:
    """The words at fault, and around them the line of the text, as far as there is room."""
    place, lines = finding.place, lines_at(report, finding)
    if place is None or not (lines or place.quote):
        return
    if len(lines) != 1 or not place.column or not place.end_column:
        yield f"> {line_of(' '.join(lines) if lines else words_at(report, finding), _WIDE)}"
    else:
        before, at, after = parted(lines[0], place.column, place.end_column, _WIDE)
        before, after = before + at[: len(at) - len(at.lstrip())], at[len(at.rstrip()) :] + after
        marked = f"**{words(at)}**" if at.strip() else ""
        yield f"> {_spaced(line_of(before), before)}{marked}{_spaced(words(after), after)}"
    yield ""


def _spaced(shown: str, text: str) -> str:
    """``shown`` with a blank where ``text``, which it shows, begins or ends with one."""
    if not shown:
        return " " * bool(text)
    return f"{' ' * text[0].isspace()}{shown}{' ' * text[-1].isspace()}"


def _change(edit: Edit, place: Place | None) -> Iterator[str]:
    """An edit as a diff; what it takes away is known where the quote holds the same lines."""
    span = f"{edit.line}" if edit.end_line <= edit.line else f"{edit.line}-{edit.end_line}"
    verb = "Before" if edit.end_line < edit.line else "In place of"
    yield f"{verb} {code(f'{edit.path}:{span}')}:"
    yield ""
    old = text_lines(place.quote + "\n") if place and _covers(place, [edit]) else []
    new = text_lines(edit.text)
    rows = [f"-{_cut(line)}" for line in old] + [f"+{_cut(line)}" for line in new[:_LINES]]
    if len(new) > _LINES:
        rows.append(f" … {counted(len(new) - _LINES, 'line')} more")
    yield from block(rows or ["(the lines go away)"], "diff")


def _covers(place: Place, edits: Sequence[Edit]) -> bool:
    """Whether the quote is what one edit replaces."""
    if len(edits) != 1 or place.line is None or place.side == "LEFT":
        return False
    edit = edits[0]
    lines = len(text_lines(place.quote + "\n")) if place.quote else 0
    return (edit.path, edit.line, edit.end_line) == (place.path, place.line, place.line + lines - 1)


def _cut(line: str) -> str:
    return line if len(line) <= _WIDE else f"{line[:_WIDE]}…"


def _tail(report: Report) -> Iterator[str]:
    yield from _coverage(report)
    for notice in report.notices[:20]:
        yield f"> Note: {words(notice, 500)}\n"
    account = (f"{label}: {words(value, 300)}" for label, value in facts(report) if label not in _SHOWN_ABOVE)
    yield f"<sub>{' · '.join(account)}</sub>"


def _coverage(report: Report) -> Iterator[str]:
    if not report.coverage:
        return
    read, unit, done = sum(one.state == "read" for one in report.coverage), wording(report).unit, wording(report).done
    groups = by_reason(report.coverage)
    if not groups:
        yield f"Coverage: all of {counted(read, unit)} {done}.\n"
        return
    yield f"<details><summary>Coverage: {read:,} of {counted(len(report.coverage), unit)} {done}</summary>"
    yield ""
    for group in groups[:_REASONS]:
        files = named(group, show=lambda name: code(name[-200:]))
        yield f"- {counted(len(group.names), unit)} {group.state}: {files}; {words(group.reason, 300)}"
    if len(groups) > _REASONS:
        yield f"- and {len(groups) - _REASONS:,} more reasons"
    yield "\n</details>\n"
