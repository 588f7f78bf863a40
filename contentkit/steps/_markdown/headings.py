"""Headings: one title, no level skipped, none twice under the same one."""

from __future__ import annotations

from collections.abc import Iterator

from contentkit.core.parts import Part
from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Severity
from contentkit.core.text.gaps import gaps


def look(part: Part, piece: Piece) -> Iterator[Finding]:
    """Findings for headings."""
    document = part.document
    above: list[tuple[int, str]] = []
    seen: set[tuple[str, ...]] = set()
    titles = 0
    for block in document.blocks:
        if block.kind != "heading":
            continue
        text = " ".join(document.text[block.start : block.end].strip("# \t\n=-").split())
        while above and above[-1][0] >= block.level:
            above.pop()
        before = above[-1][0] if above else 0
        path = (*(title for _, title in above), text.casefold())
        above.append((block.level, text.casefold()))
        titles += block.level == 1
        if not text:
            yield part.finding("markdown/heading", "A heading without words.", block.start, block.end)
        elif path in seen and block.start + block.level + 1 not in gaps(document):
            yield part.finding("markdown/heading", f"The heading {text!r} stands here twice.", block.start, block.end)
        elif before and block.level > before + 1:
            message = f"A heading of level {block.level} under one of level {before}: a level is skipped."
            yield part.finding("markdown/level", message, block.start, block.end)
        elif titles > 1 and block.level == 1:
            message = "A second title: other headings begin with ##."
            yield part.finding("markdown/title", message, block.start, block.end, Severity.INFO)
        seen.add(path)
