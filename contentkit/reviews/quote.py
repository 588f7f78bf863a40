"""Findings with the code they are about, and without those that a comment in the code asks not to report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from contentkit.code.masking import Hide, hider
from contentkit.code.suppressions import Suppression, suppressions
from contentkit.core.change import Line, text_lines
from contentkit.core.report import Finding, Place, Report

if TYPE_CHECKING:
    from contentkit.core.change import Change, FileChange, Side
    from contentkit.kit.config.review import ReviewSettings

MOST_LINES = 8
"""Of the code that a finding shows."""

MOST_CHARACTERS = 500
"""Of one line of it."""


@dataclass(slots=True)
class Quoted:
    """``suppressed`` names every finding that was left out: rule, path, line, reason."""

    findings: list[Finding] = field(default_factory=list)
    suppressed: list[dict[str, Any]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def quoted(findings: Sequence[Finding], change: Change, settings: ReviewSettings) -> Quoted:
    """The findings that are to be reported, each with its lines as ``place.quote``, no secret in any word."""
    result = Quoted()
    head = settings.suppressions == "head" or (not settings.suppressions and change.own)
    for path, group in groupby(sorted(findings, key=_path), key=_path):
        code = _Code(change.file(path)) if path else None
        for finding in group:
            if any(fnmatchcase(finding.rule, rule) for rule in settings.ignore_rules):
                result.suppressed.append(_named(finding, "review.ignore_rules"))
            elif code is None or finding.place is None:
                result.findings.append(finding)
            elif reason := code.suppressed(finding, head, result.notices):
                result.suppressed.append(_named(finding, reason))
            else:
                result.findings.append(code.quoted(finding, finding.place))
    return result


def hidden(finding: Finding, hide: Callable[[str], str]) -> Finding:
    """The finding without a secret in its words, whoever wrote them."""
    return replace(
        finding,
        rule=hide(finding.rule),
        category=hide(finding.category),
        message=hide(finding.message),
        scenario=hide(finding.scenario),
        suggestion=hide(finding.suggestion),
        repair=hide(finding.repair),
    )


def shown(report: Report) -> Report:
    """The report without a secret in what no file's own hiding saw: names of files, titles, rules, reasons, notices."""
    hide = cache(Hide())
    fields = {
        **report.fields,
        "change": hide(str(report.fields.get("change", ""))),
        "suppressed": [
            {name: hide(value) if isinstance(value, str) else value for name, value in item.items()}
            for item in report.fields.get("suppressed", ())
        ],
    }
    return replace(
        report,
        body=hide(report.body),
        topic=hide(report.topic),
        fields=fields,
        findings=tuple(_renamed(finding, hide) for finding in report.findings),
        coverage=tuple(replace(unit, name=hide(unit.name), reason=hide(unit.reason)) for unit in report.coverage),
        notices=tuple(map(hide, report.notices)),
    )


def _renamed(finding: Finding, hide: Callable[[str], str]) -> Finding:
    place = finding.place
    if place is None:
        finding = hidden(finding, hide)
    elif (path := hide(place.path)) != place.path:  # then no edit of it can be shown
        finding = replace(finding, place=replace(place, path=path), edits=())
    return finding


def _path(finding: Finding) -> str:
    return finding.place.path if finding.place else ""


def _named(finding: Finding, reason: str) -> dict[str, Any]:
    line = finding.place.line if finding.place else None
    return {"rule": finding.rule, "path": _path(finding), "line": line, "reason": reason}


class _Code:
    """One file's lines by side and number, and its comments to us."""

    def __init__(self, file: FileChange) -> None:
        self._hide = hider(file)
        self._words = lru_cache(1_000)(self._hide)  # findings say the same again and again
        self._lines: dict[Side, list[str]] = {}
        self._known: dict[tuple[Side, int], str] = {}
        self._added = frozenset(line.number for line in file.lines("+"))
        self._comments: dict[Side, dict[int, Suppression]] = {"LEFT": {}, "RIGHT": {}}
        sides: tuple[tuple[Side, str | None], ...] = (("LEFT", file.old_text), ("RIGHT", file.new_text))
        for side, text in sides:
            if text is not None:
                self._lines[side] = text_lines(text)
                self._comments[side] = dict(suppressions(text))
        for line in file.lines():  # a patch alone knows no more than its lines
            if line.old is not None:
                self._known["LEFT", line.old] = line.text
            if line.new is not None:
                self._known["RIGHT", line.new] = line.text

    def quoted(self, finding: Finding, place: Place) -> Finding:
        finding = hidden(finding, self._words)
        if any(self._hide(edit.text) != edit.text for edit in finding.edits):
            finding = replace(finding, edits=())  # it can't be shown, so nobody could say yes to it
        if place.line is None:
            return finding
        last = min(max(place.end_line or place.line, place.line), place.line + MOST_LINES - 1)
        lines = [self._line(place.side, number) for number in range(place.line, last + 1)]
        return replace(finding, place=replace(place, quote="\n".join(lines)))

    def suppressed(self, finding: Finding, head: bool, notices: list[str]) -> str:
        """The reason of the comment that covers the finding, "" when none counts."""
        place = finding.place
        if place is None or place.line is None:
            return ""
        comment = self._comments[place.side].get(place.line)
        if comment is None or not comment.covers(finding.rule):
            return ""
        where = f"{place.path}:{comment.line}: the ignore comment"
        if not comment.reason:
            notices.append(f"{where} gives no reason, so it does not count")
            return ""
        if not head and place.side == "RIGHT" and comment.line in self._added:
            notices.append(f"{where} comes with this change, so it does not count (--suppressions head lets it)")
            return ""
        return comment.reason

    def _line(self, side: Side, number: int) -> str:
        lines = self._lines.get(side)
        if lines is not None:
            text = lines[number - 1] if number <= len(lines) else ""
        else:
            text = self._known.get((side, number), "")
        line = Line("-", number, None, text) if side == "LEFT" else Line("+", None, number, text)
        return self._hide.line(line).rstrip("\r")[:MOST_CHARACTERS]
