"""Parts of a text that are no statement of its own: what is still to be filled in, and its list of sources."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache

from contentkit.core.text.document import Document, Span

PLACEHOLDER = re.compile(r"\[[^\[\]]*\](?!\()|［[^［］]*］")
"""What is still to be written, such as [price from March on], and a mark of a source: [1]."""
_OPEN = re.compile(r"\[(?!\d{1,3}\])[^\[\]\n]{1,300}\](?![(\[])|［(?![0-9０-９]{1,3}］)[^［］\n]{1,300}］")
"""A placeholder on one line that is no mark of a source."""
_ENTRY = re.compile(
    r"^[ \t]*+(?:(?:[-*+]|\d{1,3}[.)])[ \t]*+)?[\[［][0-9０-９]{1,3}[\]］][:：]?[ \t]+\S.*$", re.MULTILINE
)
"""A line of a list of sources: "- [1] Title (notes.md)"."""


class Spans:
    """Places of a text, to ask whether an offset is in one of them."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans = sorted(spans, key=lambda span: span.start)
        self._starts = [span.start for span in self._spans]

    def __contains__(self, offset: int) -> bool:
        at = bisect_right(self._starts, offset) - 1
        return at >= 0 and offset < self._spans[at].end


@lru_cache(maxsize=16)
def gaps(document: Document) -> Spans:
    """Placeholders, and the lines of the list of sources."""
    return Spans(Span(*one.span()) for pattern in (_OPEN, _ENTRY) for one in pattern.finditer(document.text))
