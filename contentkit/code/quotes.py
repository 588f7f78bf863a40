"""Where the words that a model quotes stand among the lines it was shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_MARK = re.compile(r"^\s*[+-]?\s*L?[0-9]{1,9}(?:#[0-9A-Za-z]{1,8})?\s*[|│:]\s?")
_SIGN = re.compile(r"^[+-](?![+-])")
_ESCAPED = re.compile(r"\\u\{[0-9a-f]{1,6}\}|\\[ntr](?![A-Za-z])|[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\s")
_SPACES = re.compile(r"\s+")
_QUOTED = re.compile(r"\\(?=[\"'`\\])")

Row = tuple[int, str]
"""Index of a line among those shown, and its text after ``plain``."""


def plain(text: str) -> str:
    """A line as it is compared: single spaces, no escapes of quotes, no hidden characters spelled out or not."""
    return _SPACES.sub(" ", _QUOTED.sub("", _ESCAPED.sub(" ", text))).strip()


def is_telling(quote: str) -> bool:
    """Whether so few words in one place only mean that place: ``}`` doesn't."""
    return len(bare := plain(quote)) >= 4 and any(char.isalnum() for char in bare)


def places(quote: str, views: Sequence[Sequence[Row]]) -> set[tuple[int, int]]:
    """First and last index of each place in ``views`` where the quote stands; lines that it is all of before others.

    Args:
        views: runs of lines that may be quoted together, blank ones left out.
    """
    for lines in _readings(quote):
        found = {hit for rows in views for hit in _matches(lines, rows)}
        if found:
            whole = {(first, last) for first, last, complete in found if complete}
            return whole or {(first, last) for first, last, _ in found}
    return set()


def _readings(quote: str) -> Iterator[list[str]]:
    """The quote as it is, without what models copy beside the code, and as one line."""
    lines = quote.strip("\n").split("\n")
    seen: list[list[str]] = []
    for reading in (
        lines,
        [_MARK.sub("", line) for line in lines],
        [_SIGN.sub("", line) for line in lines],
        [quote.strip(" \t\r\n`\"'")],
        [quote],
    ):
        bare = [text for line in reading if (text := plain(line))]
        if bare and bare not in seen:
            seen.append(bare)
            yield bare


def _matches(quote: Sequence[str], rows: Sequence[Row]) -> Iterator[tuple[int, int, bool]]:
    """Where the lines of the quote follow each other in ``rows``. Its ends may be parts of lines."""
    if len(quote) == 1:
        for index, text in rows:
            if text == quote[0]:
                yield index, index, True
            elif _within(quote[0], text):
                yield index, index, False
        return
    for at in range(len(rows) - len(quote) + 1):
        texts = [text for _, text in rows[at : at + len(quote)]] if _ends(rows[at][1], quote[0]) else []
        if texts and texts[1:-1] == list(quote[1:-1]) and _begins(texts[-1], quote[-1]):
            yield rows[at][0], rows[at + len(quote) - 1][0], texts == list(quote)


def _within(part: str, text: str) -> bool:
    """Whether ``part`` stands in ``text`` and doesn't cut a word there."""
    place = text.find(part)
    while place >= 0:
        if not _cuts(text, place) and not _cuts(text, place + len(part)):
            return True
        place = text.find(part, place + 1)
    return False


def _ends(text: str, part: str) -> bool:
    return text.endswith(part) and not _cuts(text, len(text) - len(part))


def _begins(text: str, part: str) -> bool:
    return text.startswith(part) and not _cuts(text, len(part))


def _cuts(text: str, at: int) -> bool:
    return 0 < at < len(text) and _is_word(text[at - 1]) and _is_word(text[at])


def _is_word(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char == "_")  # scripts without spaces may be cut anywhere
