"""``--format platforms``: the posts of all platforms side by side: length, thread, hashtags, what breaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from contentkit.core.errors import UsageError
from contentkit.core.report import Report, Severity
from contentkit.core.text.counting import UNIT_NAMES
from contentkit.reports._wrap import printable, width

_COLUMNS = ("platform", "length", "posts", "hashtags", "picture", "what breaks")
_MARKS = {Severity.CRITICAL: "✗ ", Severity.MAJOR: "✗ ", Severity.MINOR: "! ", Severity.INFO: ""}


def takes(properties: Mapping[str, Any]) -> bool:
    """Whether a kind whose answer has these parts has posts."""
    return "posts" in properties


def render(report: Report) -> str:
    """A table in Markdown, in columns that also stand under each other in a terminal.

    Raises:
        UsageError: the report has no posts.
    """
    posts = report.fields.get("posts")
    if not isinstance(posts, list) or not posts:
        raise UsageError(
            "--format platforms has nothing to show: there are no posts.",
            hint="Use it with contentkit write social, or contentkit split.",
        )
    return table(_COLUMNS, [_row(post, report, number) for number, post in enumerate(posts)])


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows as a Markdown table whose columns are padded to one width; no cell can leave its own."""
    cells = [[_cell(cell) for cell in row] for row in (columns, *rows)]
    widths = [max(width(row[at]) for row in cells) for at in range(len(columns))]
    lines = [" | ".join(_padded(cell, room) for cell, room in zip(row, widths, strict=True)) for row in cells]
    rule = "-|-".join("-" * room for room in widths)
    return f"| {lines[0]} |\n|-{rule}-|\n" + "".join(f"| {line} |\n" for line in lines[1:])


def _row(post: object, report: Report, number: int) -> list[str]:
    if not isinstance(post, Mapping):
        return ["?", "", "", "", "", "not a post"]
    name = " ".join(str(post[key]) for key in ("platform", "variant") if post.get(key))
    tags = post.get("hashtags")
    return [
        name,
        _length(post),
        _parts(post),
        " ".join(f"#{tag}" for tag in tags) if isinstance(tags, list) and tags else "–",
        _picture(str(post.get("alt_text") or "")),
        _faults(report, number),
    ]


def _length(post: Mapping[str, Any]) -> str:
    told = post.get("length")
    if not isinstance(told, Mapping):
        return f"{len(str(post.get('text', '')))} characters"
    unit: Any = str(told.get("unit"))
    within = "in posts of" if post.get("parts") else "of"
    return f"{told.get('count')} {within} {told.get('limit')} {UNIT_NAMES.get(unit, unit)}"


def _parts(post: Mapping[str, Any]) -> str:
    parts = post.get("parts")
    if not isinstance(parts, list) or not parts:
        return "1"
    told = post.get("length")
    counts = told.get("parts") if isinstance(told, Mapping) else None
    longest = f" (longest {max(counts)})" if isinstance(counts, list) and counts else ""
    return f"{len(parts)}{longest}"


def _picture(alt: str) -> str:
    """Whether a picture is described, or still to be."""
    if not alt:
        return "–"
    return "to describe" if alt.startswith(("[", "［")) else "described"


def _faults(report: Report, number: int) -> str:
    own = (
        finding
        for finding in report.findings
        if finding.place and finding.place.path.startswith((f"posts[{number}].", f"posts[{number}]"))
    )
    said = (f"{_MARKS[one.severity]}{one.message.partition(': ')[2] or one.message}" for one in own)
    return "; ".join(said) or "nothing"


def _cell(text: str) -> str:
    return printable(" ".join(text.split())).replace("\\", "\\\\").replace("|", "\\|")


def _padded(text: str, room: int) -> str:
    return text + " " * (room - width(text))
