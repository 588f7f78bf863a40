"""``--format csv``: the rows of an answer as a table for a spreadsheet: the scenes of a script, or posts, or whatever
list of things a kind's answer has.

RFC 4180 (commas, CR LF, quotes doubled). A file begins with a byte order mark: without it Excel takes UTF-8 for the
old character set of the machine, and breaks every Japanese text. What goes down a pipe has none, since programs there
would take it for a part of the first heading. A cell that a spreadsheet would take for a formula gets an apostrophe.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from contentkit.core.errors import UsageError
from contentkit.core.film import Scene, clock, scenes_of
from contentkit.core.report import Report

_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠\t\r]")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*%?")
_SCRIPT = ("scene", "start", "end", "seconds", "shot", "place", "video", "audio", "narration", "on_screen")
_LONGEST_WORD = 60
Table = tuple[Sequence[str], Iterable[Sequence[object]]]


def takes(properties: Mapping[str, Any]) -> bool:
    """Whether answers by a schema with these properties have rows."""
    parts = [part for part in properties.values() if isinstance(part, Mapping)]
    return any("properties" in part["items"] for part in parts if isinstance(part.get("items"), Mapping))


def render(report: Report) -> str:
    """The table, its first line the names of the columns.

    Raises:
        UsageError: the answer has no rows.
    """
    return _text([_table(report)])


def join(pages: Sequence[str]) -> str:
    """Variants as one table: the rows of one after those of the other; the names of the columns stand once."""
    first, *others = pages
    bodies = [page for page in pages if page.partition("\r\n")[0] != first.partition("\r\n")[0]]
    if bodies:
        return "\r\n".join(pages)
    return first + "".join(page.partition("\r\n")[2] for page in others)


def encoded(text: str) -> bytes:
    """What stands in a file."""
    return b"\xef\xbb\xbf" + text.encode("utf-8", "replace")


def _table(report: Report) -> Table:
    if scenes := scenes_of(report.fields):
        return _SCRIPT, map(_scene, scenes)
    for value in report.fields.values():
        rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list | tuple) else []
        if rows:
            names = list(dict.fromkeys(str(name) for row in rows for name in row))
            return names, [[_one(row.get(name, "")) for name in names] for row in rows]
    raise UsageError(
        f"--format csv is for answers with rows, such as scenes or posts; {report.kind or 'this'} has none.",
        hint="Choose another format, such as markdown or json.",
    )


def _scene(scene: Scene) -> Sequence[object]:
    times = clock(scene.start), clock(scene.end), f"{scene.seconds:g}"
    return scene.number, *times, scene.shot, scene.place, scene.video, scene.audio, scene.spoken, scene.on_screen


def _one(value: Any) -> object:
    """A value as a cell; a list of words with commas between them, of texts below each other; of the length of a post
    its count; what else is nested as JSON."""
    if isinstance(value, Mapping) and {"count", "limit", "unit"} <= set(value):
        return value["count"]
    if isinstance(value, list | tuple) and all(isinstance(item, str | int | float) for item in value):
        long = any(len(str(item)) > _LONGEST_WORD or "\n" in str(item) for item in value)
        return ("\n\n" if long else ", ").join(map(str, value))
    if isinstance(value, Mapping | list | tuple):
        import json

        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else value


def _text(tables: Iterable[Table]) -> str:
    import csv
    import io

    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    for names, rows in tables:
        writer.writerow(list(map(_safe, names)))
        writer.writerows(list(map(_safe, row)) for row in rows)
    return buffer.getvalue()


def _safe(value: object) -> object:
    """A cell that no spreadsheet calculates; numbers stay numbers."""
    if not isinstance(value, str):
        return value
    text = value.replace("\0", "")
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
