"""How wide the columns of a table are: as wide as what stands in them, together no wider than the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from contentkit.reports._wrap import width

# Points of one Latin letter of 11 points, as bold and in the widest of the fonts that stand in for Calibri; and of the
# margins of a cell.
_LETTER, _MARGINS = 7.0, 11.0
# A word is not divided up to so many letters; an address is. A line of so many stays one, as a price or a time does,
# where that leaves most of the room to the others.
_LONGEST_WORD, _SHORT_LINE, _MOST_KEPT = 18, 16, 0.75
_FEWEST, _BOLD = 3, 1
_WIDE_SIGN = re.compile(
    r"[\u3000-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60]+"
)


def columns(rows: Sequence[Sequence[str]], room: float) -> list[float]:
    """The width of each column in points, from the words of its cells.

    Where all fit on a line each, they get what they need. Otherwise each gets its longest word or short line, and the
    rest of the room goes to those that have more to say.

    Args:
        rows: the words of each cell; every row has as many.
        room: points between the margins of the page.
    """
    cells = list(zip(*rows, strict=True))
    wished = [_points(_most(_longest_line, column)) for column in cells]
    if sum(wished) <= room:
        return wished
    words = [min(_points(_most(_longest_word, column)), wish) for column, wish in zip(cells, wished, strict=True)]
    kept = [wish if wish <= _points(_SHORT_LINE) else word for word, wish in zip(words, wished, strict=True)]
    least = kept if sum(kept) <= room * _MOST_KEPT else words
    if sum(least) >= room:
        return _capped(least, room)
    more = [wish - one for wish, one in zip(wished, least, strict=True)]
    left = room - sum(least)
    return [one + left * wish / sum(more) for one, wish in zip(least, more, strict=True)]


def _capped(widths: Sequence[float], room: float) -> list[float]:
    """The widths with the widest ones made alike, so that all fit into the room."""
    left, many = room, len(widths)
    for one in sorted(widths):
        if one * many > left:
            return [min(other, left / many) for other in widths]
        left, many = left - one, many - 1
    return list(widths)


def _most(measure: Callable[[str], int], column: Sequence[str]) -> int:
    """The longest of a column, whose first cell is its bold header."""
    return max(measure(column[0]) + _BOLD, *map(measure, column))


def _points(letters: int) -> float:
    return max(letters, _FEWEST) * _LETTER + _MARGINS


def _longest_line(text: str) -> int:
    return max(map(width, text.split("\n")))


def _longest_word(text: str) -> int:
    """Letters of the longest word; Japanese and Chinese are divided at any sign, though not into single ones."""
    words = [word for part in text.split() for word in _WIDE_SIGN.split(part)]
    # Four signs of Japanese beside each other can be read.
    wide = max((width(found[0]) for found in _WIDE_SIGN.finditer(text)), default=0)
    return min(max((*map(width, words), min(wide, 8))), _LONGEST_WORD)
