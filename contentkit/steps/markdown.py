"""Whether Markdown is whole: links that lead somewhere, headings in order, fences, emphasis, tables, HTML and front
matter closed, pictures with words for those who can't see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import PurePath

from contentkit.core.parts import Part, parts
from contentkit.core.piece import Piece
from contentkit.core.report import Finding
from contentkit.steps._markdown import headings, links, syntax

CHECK = True

_FILES = frozenset({"", ".md", ".markdown", ".mdown", ".mkd", ".mdx", ".qmd"})
_LOOKS: tuple[Callable[[Part, Piece], Iterator[Finding]], ...] = (headings.look, links.look, syntax.look)


def after(piece: Piece) -> Piece:
    """Findings for what a reader would stumble over. Files that are no Markdown, and fields of an answer that are one
    line, are passed over."""
    return piece.found(*(finding for part in parts(piece) if _is_markdown(piece, part) for finding in _of(part, piece)))


def _is_markdown(piece: Piece, part: Part) -> bool:
    if piece.output is not None:
        return part.path.rpartition(".")[2] == "body"
    return PurePath(piece.name).suffix.lower() in _FILES


def _of(part: Part, piece: Piece) -> Iterator[Finding]:
    return (finding for look in _LOOKS for finding in look(part, piece))
