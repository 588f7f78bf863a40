"""What a model left to be filled in, such as [price from March on]: it is honest, and must not go out so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from contentkit.core.parts import Part, parts
from contentkit.core.piece import Piece
from contentkit.core.report import Finding

CHECK = True

# Words in brackets; no link, reference, footnote, box to tick, call-out or "[sic]".
_OPEN = re.compile(
    r"(?<![\w\])\[{!])\[(?!sic\]|secret-)(?=[^\[\]\n]*[^\W\d_]{2})[^\[\]\n^!]{2,120}\](?![\](\[{:])"
    r"|［(?=[^［］\n]*[^\W\d_]{2})[^［］\n]{2,120}］"
)


def after(piece: Piece) -> Piece:
    """A finding for each mark where it first stands; not in files, where brackets have other uses, nor offline drafts,
    which tell of theirs."""
    if piece.picked or piece.name != "body":
        return piece
    seen: set[str] = set()
    return piece.found(*(finding for part in parts(piece) for finding in _marks(part, seen)))


def _marks(part: Part, seen: set[str]) -> Iterator[Finding]:
    text = part.document.text
    for found in _OPEN.finditer(text):
        inner = found.start() + 1
        in_code = part.document.shadow[inner : found.end() - 1].isspace()
        if found[0] in seen or in_code or part.document.quotation_at(inner) or f"{found[0]}:" in text:
            continue
        seen.add(found[0])
        yield part.finding("gaps/open", f"{found[0]} is still to be filled in.", *found.span())
