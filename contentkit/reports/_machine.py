"""What the formats for machines share: where a finding goes, how grave it is, and an id that no other has."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import replace
from typing import Literal, NamedTuple

from contentkit.core.report import Covered, Finding, Place, Report, Severity
from contentkit.reports._wording import judges, wording

Level = Literal["error", "warning", "info"]

# What XML 1.0 and most logs can't hold: controls but tab and line ends, halves of characters, and two non-characters.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


class Anchor(NamedTuple):
    """Where a vendor that knows only lines of the new file shows a finding.

    Attributes:
        exact: the lines are those of the finding; otherwise they are (1, 1), the file's top, and ``said`` tells where.
        said: "deleted line 12", or "".
    """

    path: str
    line: int
    end_line: int
    exact: bool
    said: str


def anchor(report: Report, finding: Finding) -> Anchor:
    """The place of a finding; the first file of the change for one of the whole change, since all formats want one."""
    place = finding.place
    if place is None or not place.path:
        return Anchor(first_file(report), 1, 1, False, "")
    if place.line is None:
        return Anchor(place.path, 1, 1, False, "")
    last = max(place.line, place.end_line or place.line)
    if place.side == "LEFT":
        said = f"deleted line {place.line}" if last == place.line else f"deleted lines {place.line} to {last}"
        return Anchor(place.path, 1, 1, False, said)
    return Anchor(place.path, place.line, last, True, "")


def is_part(report: Report, place: Place) -> bool:
    """Whether the place is one in the draft that was made ("body", "posts[0].text"), which is no file."""
    if judges(report):
        return False
    return place.line is None or re.split(r"[.\[]", place.path)[0] in ("body", *report.fields)


def first_file(report: Report) -> str:
    """The first file that was covered, or "." where none is known."""
    return (file_of(report.coverage[0]) if report.coverage else "") or "."


def file_of(unit: Covered) -> str:
    """The file of a unit of coverage: its name without the hunk."""
    return re.sub(r" @@ -\d+,\d+ \+\d+,\d+ @@$", "", unit.name)


def with_gaps(report: Report) -> Report:
    """The report with a finding for each file that was not looked at, for formats that know nothing but findings.

    Without it "not looked at" would read as "clean" there. What was skipped on purpose is no fault and adds none.
    """
    reasons: dict[tuple[str, str], int] = {}
    for unit in report.coverage:
        if unit.state == "failed":
            why = file_of(unit), unit.reason or "it failed"
            reasons[why] = reasons.get(why, 0) + 1
    gaps = [
        Finding(
            "contentkit/incomplete",
            _gap(report, many, reason),
            Severity.MINOR,
            Place(path),
            fingerprint=_digest(f"contentkit/incomplete\0{path}\0{reason}"),
        )
        for (path, reason), many in reasons.items()
    ]
    return replace(report, findings=(*report.findings, *gaps))


def _gap(report: Report, parts: int, reason: str) -> str:
    words = wording(report)
    many = f" {parts} {'part' if parts == 1 else 'parts'} of" if words.unit == "part" else ""
    return f"Not {words.done}:{many} this file; {reason}"


def message(report: Report, finding: Finding) -> str:
    """The sentence, and what the format has no field for: the deleted line, or the part of the file. Never empty."""
    said = anchor(report, finding).said or (finding.place.part if finding.place else "")
    text = finding.message.strip() or finding.rule or "a finding without words"
    return f"{text} ({said})" if said else text


def level(finding: Finding) -> Level:
    """Error for what fails a run by default. What no second look confirmed fails none and warns at most."""
    if finding.severity is Severity.INFO:
        return "info"
    if finding.severity is Severity.MINOR or finding.verified is False:
        return "warning"
    return "error"


def fingerprints(report: Report) -> list[str]:
    """An id for each finding, unique in the report and the same in the next run. Twins are numbered."""
    seen: Counter[str] = Counter()
    ids = []
    for finding in report.findings:
        mark = finding.fingerprint or _hash(finding)
        seen[mark] += 1
        ids.append(mark if seen[mark] == 1 else _digest(f"{mark}:{seen[mark]}"))
    return ids


def _hash(finding: Finding) -> str:
    place = finding.place
    where = (place.path, place.side, place.quote or str(place.line)) if place else ("", "", "")
    return _digest("\0".join((finding.rule, *where, "" if place and place.quote else finding.message)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def fail_on(report: Report) -> Severity:
    """The threshold that the run had; the default where it tells none."""
    try:
        return Severity(str(report.fields.get("fail_on", "")))
    except ValueError:
        return Severity.MAJOR


def plain(text: str) -> str:
    """Text that XML, UTF-8 and a log can hold: what they can't becomes U+FFFD, line ends become line feeds."""
    return _UNFIT.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """The text on one line."""
    return " ".join(plain(text).split())


def attribute(text: str) -> str:
    """The text as an XML attribute with its quotes."""
    from xml.sax.saxutils import quoteattr  # which loads all of urllib, and every format comes by here

    return quoteattr(plain(text)).replace("##", "#&#35;")  # ##vso[...] is a command wherever Azure's log has it
