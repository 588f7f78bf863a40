"""What becomes of each finding: a comment on lines, one on the file, a line of the summary, or nothing new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from contentkit.core.report import Edit, Finding, Report, Severity
from contentkit_post import words
from contentkit_post.diff import FileDiff, Spot, by_path, on_edit, place_on, text_of


@dataclass(frozen=True, slots=True)
class Item:
    """A finding on its way.

    Attributes:
        name: 16 digits, the same for the same finding in every run.
        file: its file in the diff, or None.
        spot: the lines a comment is fixed to; None for a comment on the whole file.
        edit: what a suggestion puts in the place of exactly the lines of ``spot``.
    """

    name: str
    finding: Finding
    file: FileDiff | None = None
    spot: Spot | None = None
    edit: Edit | None = None

    def on_file(self) -> Item:
        """The same as a comment on the whole file."""
        return replace(self, spot=None, edit=None)


@dataclass(frozen=True, slots=True)
class Plan:
    """Every finding in one of the lists; ``minor`` counts those under the threshold.

    Attributes:
        post: for new comments, the gravest first.
        old: whose comment stands there from an earlier run.
        deleted: whose comment somebody took away, so that it is not repeated.
        outside, unverified, over: for the summary, by reason: not in the diff, not verified, over the limit.
        gone: findings of earlier runs that were looked for and not found again.
    """

    post: tuple[Item, ...] = ()
    old: tuple[Item, ...] = ()
    deleted: tuple[Item, ...] = ()
    outside: tuple[Item, ...] = ()
    unverified: tuple[Item, ...] = ()
    over: tuple[Item, ...] = ()
    minor: int = 0
    gone: int = 0


def items_of(report: Report) -> list[Item]:
    """The findings with their names. The second finding of one fingerprint is another finding."""
    counts: Counter[str] = Counter()
    items = []
    for finding in report.findings:
        place = finding.place
        parts = (finding.rule, place.path if place else "", place.quote if place else "", finding.message)
        key = words.identity("print", finding.fingerprint) if finding.fingerprint else words.identity(*parts)
        counts[key] += 1
        items.append(Item(key if counts[key] == 1 else words.identity(key, str(counts[key])), finding))
    return items


def make_plan(
    report: Report,
    files: Iterable[FileDiff],
    *,
    there: AbstractSet[str],
    known: Sequence[str] = (),
    least: Severity = Severity.MINOR,
    most: int = 50,
) -> Plan:
    """Sort the findings.

    Args:
        files: the vendor's diff.
        there: names of findings that have a comment now.
        known: names that an earlier summary counted as posted.
        least: lower severities are only counted.
        most: new comments at most.
    """
    items = items_of(report)
    wanted = [item for item in items if item.finding.severity.rank <= least.rank]
    sure = sorted((i for i in wanted if i.finding.verified is not False), key=lambda item: item.finding.severity.rank)
    paths = by_path(files)
    new = [_placed(item, paths) for item in sure if item.name not in there and item.name not in known]
    post = [item for item in new if item.file]
    names = {item.name for item in items}
    return Plan(
        post=tuple(post[:most]),
        old=tuple(item for item in wanted if item.name in there),
        deleted=tuple(item for item in sure if item.name in known and item.name not in there),
        outside=tuple(item for item in new if not item.file),
        unverified=tuple(i for i in wanted if i.finding.verified is False and i.name not in there),
        over=tuple(post[most:]),
        minor=len(items) - len(wanted),
        gone=len(there - names) if _looked_everywhere(report) else 0,
    )


def _looked_everywhere(report: Report) -> bool:
    """Whether a finding that is not in the report is not in the change: nothing failed and nothing was left out."""
    hidden = report.fields.get("hidden")
    left_out = any(hidden.values()) if isinstance(hidden, Mapping) else bool(hidden)
    return not report.incomplete and not left_out


def _placed(item: Item, paths: Mapping[str, FileDiff]) -> Item:
    place = item.finding.place
    file = paths.get(place.path) if place else None
    if place is None or file is None:
        return item
    spot = place_on(file, place)
    if spot is None:
        return Item(item.name, item.finding, file)
    if len(item.finding.edits) == 1:
        edit = item.finding.edits[0]
        wide = on_edit(spot, edit)
        if wide and _worth_suggesting(edit.text, text_of(wide)):
            return Item(item.name, item.finding, file, wide, edit)
    return Item(item.name, item.finding, file, spot)


def _worth_suggesting(text: str, lines: Sequence[str]) -> bool:
    """Whether an edit changes the lines, and with nothing that a person would not see or that was masked."""
    new = text.removesuffix("\n").split("\n") if text else []
    plain = [line.removesuffix("\r") for line in new]
    return plain != list(lines) and words.seen("\n".join(plain)) == "\n".join(plain) and "[secret:" not in text
