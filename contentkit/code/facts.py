"""What prompts are given of a part of a change, and of a finding in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from contentkit.code.chunks import Chunk
from contentkit.core.report import Finding, Place


def facts(chunk: Chunk) -> dict[str, Any]:
    """The part of a change as templates see it."""
    file = chunk.file
    return {
        "path": file.path,
        "old_path": file.old_path or file.path,
        "status": file.status.name.lower(),
        "part": len(chunk.hunks) < len(file.hunks),
        "code": chunk.text,
        "context": tuple(chunk.context),
    }


def claim(chunk: Chunk, finding: Finding) -> dict[str, Any]:
    """A finding as templates see it: its words and the marks of its lines."""
    place = finding.place
    marks = [
        shown.mark.strip()
        for shown in chunk.shown
        if place is not None
        and place.line is not None
        and shown.line.side == place.side
        and place.line <= shown.line.number <= (place.end_line or place.line)
    ]
    first, last = (marks[0], marks[-1]) if marks else ("", "")
    return {"first": first, "last": last, "message": finding.message, "scenario": finding.scenario}


def around(chunk: Chunk, place: Place | None) -> Chunk:
    """The chunk with nothing but the hunk that ``place`` stands in; whole when it names no line."""
    if place is None or place.line is None or len(chunk.hunks) < 2:
        return chunk
    here = (place.side, place.line)
    at = next((shown.hunk for shown in chunk.shown if (shown.line.side, shown.line.number) == here), None)
    if at is None:
        return chunk
    kept = tuple(replace(shown, hunk=0) for shown in chunk.shown if shown.hunk == at)
    return replace(chunk, hunks=(chunk.hunks[at],), shown=kept)
