"""Looking for what is rare in a long text: lines that hold one of a few words, before a pattern looks at them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence


def rarely(pattern: re.Pattern[str], text: str, words: Sequence[str]) -> Iterator[re.Match[str]]:
    """What ``pattern.finditer`` finds, for a pattern every match of which holds one of ``words`` in any case and spans
    three lines at the most.

    Finding a plain word is some fifty times faster than trying a pattern at every character.

    Args:
        words: in small letters.
    """
    lower = text.lower()
    if len(lower) != len(text):  # a few letters (İ) become two, and offsets would not hold
        yield from pattern.finditer(text)
        return
    for start, end in _around(lower, words):
        yield from pattern.finditer(text, start, end)


def _around(lower: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The lines that hold one of the words, each with its neighbours, joined where they touch."""
    found: set[int] = set()
    for word in words:
        at = lower.find(word)
        while at >= 0:
            found.add(at)
            at = lower.find(word, _line_end(lower, at))
    begin = end = -1
    for at in sorted(found):
        start = _line_start(lower, max(0, _line_start(lower, at) - 1))
        stop = _line_end(lower, min(len(lower), _line_end(lower, at) + 1))
        if start > end:
            if end >= 0:
                yield begin, end
            begin = start
        end = max(end, stop)
    if end >= 0:
        yield begin, end


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end
