"""Looking for what is rare in a long text: a cheap pattern finds the places at which it is worth to try a dear one.

To try an expression with many ways at every character of a text takes a hundred times as long as to pass over them
with one that begins with a set of signs, or with letters that ``one_of`` has sorted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_ANY_CASE = int(re.IGNORECASE)  # as a number: flags are slow to compare


def one_of(words: Iterable[str]) -> str:
    """An expression for any of the words, the longest first, that reads each character once where a list of words would
    be tried one after the other."""
    tails: dict[str, list[str]] = {}
    for word in sorted(set(words), reverse=True):
        tails.setdefault(word[:1], []).append(word[1:])
    ways = [re.escape(first) + one_of(rest) if first else "" for first, rest in tails.items()]
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


def places(text: str, words: str) -> Iterator[int]:
    """Where these words begin; places where they overlap count once."""
    place = text.find(words)
    while place >= 0:
        yield place
        place = text.find(words, place + len(words))


def word(*ways: str) -> re.Pattern[str]:
    """What stands before a word that begins in one of these ways, each with a small letter of ASCII; at the begin of a
    text nothing does."""
    return re.compile(rf"\W(?=[a-z])(?={'|'.join(ways)})")


def starting(
    pattern: re.Pattern[str], begins: re.Pattern[str], text: str, words: re.Pattern[str] | None = None
) -> Iterator[re.Match[str]]:
    """What ``pattern.finditer`` finds, for a pattern every match of which begins where ``begins`` matches, or a word
    that ``words`` matches.

    Args:
        begins: none of its matches may hide the begin of another. Where ``pattern`` is for any case, this one is for
            small letters.
        words: see ``word``.
    """
    searched = _searched(pattern, text)
    if searched is None:
        yield from pattern.finditer(text)
        return
    places: Iterable[int] = (place.start() for place in begins.finditer(searched))
    if words is not None:
        places = sorted([0, *places, *(place.end() for place in words.finditer(searched))])
    position = 0
    for place in places:
        if place >= position and (found := pattern.match(text, place)):
            yield found
            position = max(found.end(), place + 1)


def rarely(pattern: re.Pattern[str], text: str, holds: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """What ``pattern.finditer`` finds, for a pattern every match of which spans three lines at the most, and holds the
    begin of a match of ``holds``.

    Args:
        holds: for small letters where ``pattern`` is for any case.
    """
    searched = _searched(pattern, text)
    if searched is None:
        yield from pattern.finditer(text)
        return
    for start, end in _around(searched, holds):
        yield from pattern.finditer(text, start, end)


def near(
    pattern: re.Pattern[str], text: str, holds: re.Pattern[str], before: int, behind: int
) -> Iterator[re.Match[str]]:
    """What ``pattern.finditer`` finds, for a pattern every match of which holds the begin of a match of ``holds``.

    Args:
        holds: its first match in one of ``pattern`` begins after the begin of that. None of its matches may hide the
            begin of another.
        before: so many signs before ``holds`` a match of ``pattern`` begins at most.
        behind: so many signs behind the begin of ``holds`` it ends at most, with all that it looks at there.
    """
    position = 0
    for place in holds.finditer(text):
        at = place.start()
        found = pattern.search(text, max(position, at - before), at + behind)
        if found and found.start() < at:
            yield found
            position = found.end()


def filled(text: str, found: Iterable[re.Match[str]], fill: str) -> str:
    """The text with each of these matches as so many ``fill``, place for place."""
    pieces, position = [], 0
    for one in found:
        pieces += [text[position : one.start()], fill * len(one[0])]
        position = one.end()
    return "".join([*pieces, text[position:]]) if pieces else text


def _searched(pattern: re.Pattern[str], text: str) -> str | None:
    """The text as the cheap pattern reads it; None where it can't: a few letters (İ) become two in small letters, and
    offsets would not hold."""
    if not pattern.flags & _ANY_CASE:
        return text
    lower = text.lower()
    return lower if len(lower) == len(text) else None


def _around(text: str, holds: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """The lines that hold a match, each with its neighbours, joined where they touch."""
    begin = end = -1
    found = holds.search(text)
    while found:
        at = found.start()
        following = _line_end(text, at)
        start = _line_start(text, max(0, _line_start(text, at) - 1))
        if start > end:
            if end >= 0:
                yield begin, end
            begin = start
        end = _line_end(text, min(len(text), following + 1))
        beyond = max(following, at + 1)
        found = holds.search(text, beyond) if beyond < len(text) else None
    if end >= 0:
        yield begin, end


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end
