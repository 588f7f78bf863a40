"""What prompts are given of a part of a change, and of a finding in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from contentkit.code.anchors import Shown
from contentkit.code.chunks import Chunk
from contentkit.code.visible import visible
from contentkit.core.report import Finding, Place


def facts(chunk: Chunk) -> dict[str, Any]:
    """The part of a change as templates see it."""
    lines = sum(len(hunk.lines) for hunk in chunk.file.hunks)
    return {"code": chunk.text, "part": len({shown.line for shown in chunk.shown}) < lines}


def claim(chunk: Chunk, finding: Finding) -> dict[str, Any]:
    """A finding as templates see it: the marks of its lines and its words, which a model may have copied from the code,
    hidden characters and all."""
    marks = [shown.mark.strip() for shown in chunk.shown if _holds(finding.place, shown)]
    first, last = (marks[0], marks[-1]) if marks else ("", "")
    words = {"message": visible(finding.message), "scenario": visible(finding.scenario)}
    return {"first": first, "last": last, **words}


def near(chunk: Chunk, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Those of ``findings`` that stand on lines of the chunk, or on the whole file; hidden characters spelled out."""
    return tuple(
        replace(finding, message=visible(finding.message), rule=visible(finding.rule))
        for finding in findings
        if finding.place is None
        or finding.place.line is None
        or any(_holds(finding.place, shown) for shown in chunk.shown)
    )


def around(chunk: Chunk, place: Place | None) -> Chunk:
    """The chunk with nothing but the hunk that ``place`` stands in; whole when it names no line."""
    if place is None or place.line is None or len(chunk.hunks) < 2:
        return chunk
    at = next((shown.hunk for shown in chunk.shown if _holds(place, shown)), None)
    if at is None:
        return chunk
    kept = tuple(replace(shown, hunk=0) for shown in chunk.shown if shown.hunk == at)
    return replace(chunk, hunks=(chunk.hunks[at],), shown=kept, headers=(chunk.headers[at],))


def _holds(place: Place | None, shown: Shown) -> bool:
    """Whether the line stands within ``place``, by its number on that side."""
    if place is None or place.line is None:
        return False
    number = shown.line.old if place.side == "LEFT" else shown.line.new
    return number is not None and place.line <= number <= (place.end_line or place.line)
