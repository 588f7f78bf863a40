"""Folding lines for a terminal, where a Japanese or Chinese character takes two columns and needs no space to break."""

from __future__ import annotations

import re
import unicodedata

_OPENING = "「『（【〔《〈"
_CLINGING = "、。，．・：；？！ー」』）】〕》〉…ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
_WIDE = r"\u3000-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60"
# A piece is what may not be broken: a word, or one wide character, with the signs that cling to it and its spaces.
_PIECES = re.compile(rf"[{_OPENING}]*(?:[{_WIDE}]|[^\s{_WIDE}]+)?[{_CLINGING}]*\s*")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """Text without what could move a cursor, set a window's title or turn the reading order."""
    return _CONTROLS.sub("", text)


def width(text: str) -> int:
    """Columns that the text takes."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def wrap(text: str, columns: int, *, first: str = "", rest: str = "") -> list[str]:
    """Lines of at most ``columns``, unless one word alone is longer.

    Args:
        first, rest: what stands before the first line, and before the others.
    """
    lines: list[str] = []
    line, used = first, width(first)
    empty = True
    for piece in _pieces(" ".join(printable(text).split())):
        room = width(piece.rstrip())
        if not empty and used + room > columns:
            lines.append(line.rstrip())
            line, used, empty = rest, width(rest), True
        line += piece
        used += width(piece)
        empty = False
    return [*lines, line.rstrip()]


def _pieces(text: str) -> list[str]:
    return [piece for piece in _PIECES.findall(text) if piece]
