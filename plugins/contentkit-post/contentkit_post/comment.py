"""The text of one comment and of the summary, within the vendor's limit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from contentkit.core.plural import counted
from contentkit.core.report import Finding, Report, Severity
from contentkit_post import words
from contentkit_post.plan import Item, Plan

_KNOWN = 500
"""At most so many names of posted findings are kept in the summary, 17 characters each."""


def comment(item: Item, suggestion: str, limit: int) -> str:
    """A comment on one finding.

    Args:
        suggestion: the info string of the vendor's suggestion block ("suggestion"), used where the item has an edit.
        limit: most characters; a suggestion that does not fit is left out.
    """
    finding = item.finding
    parts = [_head(finding), words.sentence(finding.message)]
    if finding.scenario:
        parts.append(f"When: {words.sentence(finding.scenario)}")
    if finding.repair:
        parts.append(f"Repair: {words.sentence(finding.repair)}")
    if item.spot is None and finding.place and finding.place.line:
        parts.insert(1, f"Line {_lines(finding)} of what was reviewed, not found in this diff.")
    block = words.block(item.edit.text.replace("\r\n", "\n"), suggestion) if item.edit else ""
    tail = words.mark(item.name)
    if block and sum(len(part) + 2 for part in (*parts, block, tail)) <= limit:
        parts.append(block)
    return "\n\n".join([*parts, tail])


def summary(report: Report, plan: Plan, refused: Sequence[Item], limit: int, most: int) -> str:
    """The one comment that every run writes anew.

    Args:
        refused: findings whose comment the vendor did not take.
        limit: most characters.
        most: comments that one run may make, for the reason why some were not made.
    """
    names = {item.name for item in refused}
    posted = {item.name for item in (*plan.old, *plan.deleted, *plan.post)} - names
    tail = words.summary_mark(sorted(posted)[:_KNOWN])
    top = ["## contentkit review", _counts(report, plan, len(refused)), words.prose(report.body)]
    lists = [
        _findings("Without a place in the diff", (*plan.outside, *refused)),
        _findings(f"Over the limit of {most} comments a run", plan.over),
        _findings("Not verified", plan.unverified),
        _notices(report),
        _coverage(report),
    ]
    end = words.sentence(_footer(report))
    room = limit - sum(len(part) + 2 for part in (*top, end, tail)) - 200
    return "\n\n".join(part for part in (*top, *_fitting(lists, room), end, tail) if part)


def worth_saying(report: Report, plan: Plan) -> bool:
    """Whether a change without a summary gets one: not where all is well and there is nothing to tell."""
    return bool(report.findings or report.body.strip() or report.incomplete or plan.gone or plan.old)


def _head(finding: Finding) -> str:
    return f"**{finding.severity.value}** {words.code(finding.rule)}"


def _lines(finding: Finding) -> str:
    place = finding.place
    assert place is not None
    last = place.end_line or place.line
    return f"{place.line}" if last == place.line else f"{place.line} to {last}"


def _counts(report: Report, plan: Plan, refused: int) -> str:
    counts = Counter(finding.severity for finding in report.findings)
    each = [f"{counts[severity]} {severity.value}" for severity in Severity if counts[severity]]
    said = [f"**{counted(len(report.findings), 'finding')}**{': ' if each else ''}{', '.join(each)}."]
    if report.incomplete:
        said.append("**Incomplete: not everything was reviewed.**")
    if beside := len(plan.post) + len(plan.old) - refused:
        said.append(f"{counted(beside, 'comment')} beside the code.")
    if plan.deleted:
        said.append(f"{counted(len(plan.deleted), 'comment')} deleted here, not repeated.")
    if plan.minor:
        said.append(f"{counted(plan.minor, 'finding')} under the threshold, only counted.")
    if plan.gone:
        said.append(f"{counted(plan.gone, 'finding')} of earlier runs no longer found.")
    return " ".join(said)


def _findings(title: str, items: Iterable[Item]) -> tuple[str, list[str]]:
    return f"### {title}", [_row(item.finding) for item in items]


def _row(finding: Finding) -> str:
    place = finding.place
    where = "" if place is None else f" {words.code(place.path + (f':{place.line}' if place.line else ''))}"
    when = f" When: {words.sentence(finding.scenario, 500)}" if finding.scenario else ""
    said = f"{words.sentence(finding.message, 500)} ({words.code(finding.rule)})"
    return f"- **{finding.severity.value}**{where} {said}{when}"


def _notices(report: Report) -> tuple[str, list[str]]:
    return "### Notices", [f"- {words.sentence(notice, 500)}" for notice in report.notices]


def _coverage(report: Report) -> tuple[str, list[str]]:
    left = [unit for unit in report.coverage if unit.state != "read"]
    left.sort(key=lambda unit: unit.state)  # failed before skipped
    rows = [f"- {unit.state} {words.code(unit.name)}: {words.sentence(unit.reason, 200)}" for unit in left]
    return f"### Not reviewed ({len(left)} of {len(report.coverage)})", rows


def _fitting(lists: Iterable[tuple[str, list[str]]], room: int) -> Iterable[str]:
    """Each list with its title, cut with a sentence that says so where the room ends."""
    for title, rows in lists:
        if not rows:
            continue
        room -= len(title) + 60
        kept: list[str] = []
        for row in rows:
            room -= len(row) + 1
            if room < 0:
                break
            kept.append(row)
        if more := len(rows) - len(kept):
            kept.append(f"- … and {more} more, in the report.")
        yield f"{title}\n\n" + "\n".join(kept)


def _footer(report: Report) -> str:
    fields: Mapping[str, object] = report.fields
    parts = ["contentkit", report.model or "without a model"]
    parts += [f"{name} {str(fields[name])[:12]}" for name in ("base", "head") if fields.get(name)]
    if report.model and report.cost is not None:
        parts.append(f"{'about ' if report.cost_estimated else ''}{report.cost:.4f} USD")
    return ", ".join(parts)
