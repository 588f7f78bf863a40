"""A text that stands inside a file: where each of its characters is there, so that findings in it have a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

from contentkit.core.report import Place
from contentkit.core.text.document import Document

_ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]", re.DOTALL
)
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|[\[\]{},:]|[^\s\[\]{},:"]+', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Placed:
    """Part of a file.

    Attributes:
        start, end: where it stands in the file, in code points; the end is exclusive.
        offsets: for each character of the text, and for its end, where that is in the file; () where only the whole has
            a place (it is encoded there, or no text).
    """

    start: int
    end: int
    offsets: tuple[int, ...] = ()

    def place(self, file: Document, name: str, part: str, start: int, end: int) -> Place:
        """The place in the file of the characters ``start`` to ``end`` of this text."""
        if self.offsets:
            last = len(self.offsets) - 1
            spots = self.offsets[min(start, last)], self.offsets[min(end, last)]
        else:
            spots = self.start, self.end
        return _named(file.place(name, *spots), part)

    def whole(self, file: Document, name: str, part: str) -> Place:
        """The place of all of it."""
        return _named(file.place(name, self.start, self.end), part)


def _named(place: Place, part: str) -> Place:
    return replace(place, part=part)


def straight(start: int, text: str, line_end: str = "\n") -> Placed:
    """A text that stands in the file as it is, from ``start`` on, but for the file's own ends of lines."""
    offsets = tuple(accumulate((len(line_end) if sign == "\n" else 1 for sign in text), initial=start))
    return Placed(start, offsets[-1], offsets)


def json_values(text: str) -> dict[str, Placed]:
    """Where each value of a JSON text stands, by its path ("posts[0].text"); strings to the character.

    The text must be valid JSON. Of a key that stands twice the last counts, as in ``json.loads``.
    """
    return dict(_values(text))


def _values(text: str) -> Iterator[tuple[str, Placed]]:
    """Walks the tokens; a level is its path, where it starts, and the key or number of the value that comes next."""
    levels: list[tuple[str, int, str | int]] = []
    is_key = False
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign in "]}":
            path, start, _ = levels.pop()
            yield path, Placed(start, token.end())
            is_key = False
        elif sign == ",":
            path, start, at = levels[-1]
            is_key = isinstance(at, str)
            levels[-1] = (path, start, at if isinstance(at, str) else at + 1)
        elif is_key and sign[0] == '"':
            path, start, _ = levels[-1]
            levels[-1] = (path, start, _unescaped(token[1]))
            is_key = False
        elif sign in "[{":
            is_key = sign == "{"
            levels.append((_path(levels), token.start(), "" if is_key else 0))
        elif sign != ":":
            is_text = sign[0] == '"'
            offsets = _offsets(token[1], token.start(1)) if is_text else ()
            yield _path(levels), Placed(token.start() + is_text, token.end() - is_text, offsets)


def _path(levels: list[tuple[str, int, str | int]]) -> str:
    if not levels:
        return ""
    path, _, at = levels[-1]
    return f"{path}[{at}]" if isinstance(at, int) else f"{path}.{at}".lstrip(".")


def _unescaped(raw: str) -> str:
    import json

    return str(json.loads(f'"{raw}"', strict=False))


def _offsets(raw: str, start: int) -> tuple[int, ...]:
    """Where each character of a JSON string is; an escape is one character."""
    if "\\" not in raw:
        return tuple(range(start, start + len(raw) + 1))
    return (*(start + found.start() for found in _ESCAPE.finditer(raw)), start + len(raw))
