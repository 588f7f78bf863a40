"""What all formats tell of a review or a check: the result in one line, what was not looked at, what is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from contentkit.code.visible import one_line
from contentkit.core.change import text_lines
from contentkit.core.plural import counted
from contentkit.core.report import Covered, Finding, Report, Severity
from contentkit.reports._machine import fail_on, file_of
from contentkit.reports._wording import wording

_FILES = 3
"""Files that are named of a group before "and N more"."""


class Group(NamedTuple):
    """Units that share a fate."""

    state: Literal["skipped", "failed"]
    reason: str
    names: tuple[str, ...]


def severities(findings: Iterable[Finding]) -> str:
    """``1 critical, 3 minor``."""
    many = Counter(finding.severity for finding in findings)
    return ", ".join(f"{many[severity]:,} {severity.value}" for severity in Severity if many[severity])


def summary(report: Report) -> str:
    """The result in one line: ``2 findings: 1 major, 1 info; incomplete: 1 of 7 parts could not be reviewed``."""
    return "; ".join(verdict(report))


def verdict(report: Report) -> list[str]:
    """The result: what was found, then what was not looked at."""
    many, words = Counter(unit.state for unit in report.coverage), wording(report)
    said = [_found(report.findings), *_failing(report)]
    whole = counted(len(report.coverage), words.unit)
    skipped = f"{many['skipped']:,} of {whole} skipped" if many["skipped"] else ""
    if many["failed"]:
        failed = f"incomplete: {many['failed']:,} of {whole} could not be {words.done}"
        return [*said, failed + (f", {many['skipped']:,} skipped" if skipped else "")]
    return [*said, *(["incomplete"] if report.incomplete else []), *([skipped] if skipped else [])]


def _failing(report: Report) -> list[str]:
    """How many findings fail the run, where it says what fails it."""
    if "fail_on" not in report.fields:
        return []
    bar = fail_on(report)
    many = sum(finding.severity.rank <= bar.rank and finding.verified is not False for finding in report.findings)
    return [f"fails: {counted(many, 'finding')} at or over {bar.value}"] if many else []


def _found(findings: Sequence[Finding]) -> str:
    if not findings:
        return "no findings"
    unsure = sum(finding.verified is False for finding in findings)
    return f"{counted(len(findings), 'finding')}: {severities(findings)}" + (f" ({unsure:,} unverified)" * bool(unsure))


def what(report: Report) -> str:
    """What was looked at: ``staged changes, 4 files, +120 -33``, or ``3 texts, as social, for x``."""
    if report.kind == "check":
        return _texts(report)
    title, numbers = str(report.fields.get("change", "")), {}
    for key in ("files", "added", "deleted"):
        numbers[key] = value if isinstance(value := report.fields.get(key), int) else None
    parts = [
        title,
        "" if numbers["files"] is None else counted(numbers["files"], "file"),
        " ".join(
            f"{sign}{numbers[key]:,}" for sign, key in (("+", "added"), ("-", "deleted")) if numbers[key] is not None
        ),
    ]
    return ", ".join(filter(None, parts))


def _texts(report: Report) -> str:
    number = report.fields.get("texts")
    told = (f"{word} {name}" for key, word in (("as", "as"), ("platform", "for")) if (name := report.fields.get(key)))
    return ", ".join(([counted(number, "text")] if isinstance(number, int) else []) + list(told))


def shown(report: Report) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """The findings that a person is shown, and the rest, of which only the number is told."""
    most = report.fields.get("shown")
    if not isinstance(most, int) or isinstance(most, bool) or most < 0:
        return report.findings, ()
    return report.findings[:most], report.findings[most:]


def by_reason(coverage: Iterable[Covered]) -> list[Group]:
    """What was not looked at, grouped by why: failures first, then as they came."""
    groups: dict[tuple[Literal["skipped", "failed"], str], list[str]] = {}
    for unit in coverage:
        if unit.state != "read":
            reason = unit.reason or ("it failed" if unit.state == "failed" else "it was left out")
            groups.setdefault((unit.state, reason), []).append(unit.name)
    return sorted(
        (Group(state, reason, tuple(names)) for (state, reason), names in groups.items()),
        key=lambda group: group.state != "failed",
    )


def not_reviewed(report: Report) -> list[str]:
    """A line for each reason: ``2 parts failed: src/a.py, src/b.py; no answer in time``."""
    return [
        f"{counted(len(group.names), wording(report).unit)} {group.state}: {named(group)}; {group.reason}"
        for group in by_reason(report.coverage)
    ]


def named(group: Group, *, show: Callable[[str], str] = one_line, most: int = _FILES) -> str:
    """The files of a group, the first few by name, each as ``show`` writes it."""
    files = list(dict.fromkeys(file_of(Covered(name, group.state)) for name in group.names))
    more = f" and {len(files) - most:,} more" if len(files) > most else ""
    return ", ".join(show(name) for name in files[:most]) + more


def place_of(report: Report, finding: Finding) -> str:
    """``src/a.py:12-14`` as a person reads it, with the side where it is the old file's; "" for the whole change.

    Of a text ``post.md:12:40``, since its lines are long, and the part of the file where it has several.
    """
    place = finding.place
    if place is None:
        return ""
    part = f" {place.part}" if place.part else ""
    if place.line is None:
        return f"{place.path}{part}"
    if wording(report).columns and place.column:
        return f"{place.path}:{place.line}:{place.column}{part}"
    last = f"-{place.end_line}" if place.end_line and place.end_line > place.line else ""
    deleted = " (deleted)" if place.side == "LEFT" else ""
    return f"{place.path}:{place.line}{last}{deleted}{part}"


def lines_at(report: Report, finding: Finding) -> list[str]:
    """The lines at the place of a finding, the first of them ``place.line``; [] where they are not known."""
    place = finding.place
    if place is None or place.line is None:
        return []
    known = place.quote if report.kind == "review" else place.context
    return list(text_lines(known + "\n")) if known else []


def words_at(report: Report, finding: Finding) -> str:
    """The words at fault where no line of the file can be shown."""
    return finding.place.quote if finding.place and not lines_at(report, finding) else ""


def suggested(finding: Finding) -> str:
    """Words that would be better; of a replacement that only takes words away, that."""
    if finding.replacement is not None and not finding.replacement.strip():
        return finding.suggestion or "leave it out"
    return finding.suggestion


def parted(line: str, column: int, end: int, most: int) -> tuple[str, str, str]:
    """A line before, at and after the columns ``column`` to ``end``, cut with "…" to about ``most`` characters."""
    before, at, after = line[: column - 1], line[column - 1 : end - 1], line[end - 1 :]
    room = max(20, (most - min(len(at), most)) // 2)
    before = before if len(before) <= room else "…" + before[-room:]
    after = after if len(after) <= room else after[:room] + "…"
    return before, at if len(at) <= most else at[:most] + "…", after


def hidden(report: Report) -> str:
    """Findings that are not in the report and why: ``3 suppressed, 12 in the baseline``; "" without any."""
    words = {
        "suppressed": "suppressed in the code",
        "baseline": "in the baseline",
        "since": "told last time",
        "rejected": "rejected by a second look",
    }
    told = report.fields.get("hidden")
    return _tally({**(told if isinstance(told, Mapping) else {}), "rejected": report.fields.get("rejected")}, words)


def placed(report: Report) -> str:
    """Findings of models that did not stand where they said."""
    words = {
        "dropped": "dropped, being nowhere in the change",
        "demoted": "put on the file as a whole",
        "relocated": "moved to the line they quote",
    }
    return _tally(report.fields.get("anchors"), words)


def _tally(numbers: object, words: Mapping[str, str]) -> str:
    if not isinstance(numbers, Mapping):
        return ""
    found = ((numbers.get(key), word) for key, word in words.items())
    return ", ".join(f"{number:,} {word}" for number, word in found if isinstance(number, int) and number)
