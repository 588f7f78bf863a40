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


def wrap(text: str, columns: int, *, first: str = "", rest: str = "", split: bool = False) -> list[str]:
    """Lines of at most ``columns``, unless one word alone is longer.

    Args:
        first, rest: what stands before the first line, and before the others.
        split: a word that no line holds is broken.
    """
    lines: list[str] = []
    line, used = first, width(first)
    empty = True
    pieces = _pieces(" ".join(printable(text).split()))
    if split:
        most = max(columns - max(width(first), width(rest)), 1)
        pieces = [part for piece in pieces for part in _parts(piece, most)]
    for piece in pieces:
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


def _parts(piece: str, most: int) -> list[str]:
    """The piece in parts of at most ``most`` columns; a character wider than that stands alone."""
    if width(piece.rstrip()) <= most:
        return [piece]
    parts, part, used = [], "", 0
    for char in piece:
        room = width(char)
        if part and used + room > most and char != " ":
            parts.append(part)
            part, used = "", 0
        part += char
        used += room
    return [*parts, part]


def clipped(line: str, room: int, *, around: int = 0) -> tuple[str, int]:
    """The part of a line that fits, with "…" where it was cut, and how many columns are gone before it.

    Args:
        around: the column, from 0, that must be seen.
    """
    if width(line) <= room:
        return line, 0
    start = 0 if around < room - 2 else around - room // 3  # what must be seen may be two columns wide
    kept: list[str] = []
    at, gone = 0, -1
    limit = room - 1 - (start > 0)
    for char in line:
        size = width(char)
        if at >= start:
            gone = at if gone < 0 else gone
            if at + size - gone > limit:
                return ("…" if gone else "") + "".join(kept) + "…", max(gone - 1, 0)
            kept.append(char)
        at += size
    return "…" + "".join(kept), gone - 1
