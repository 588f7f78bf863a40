"""Many words and phrases looked for at once: one pass over the text, however long the list is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_LETTER = r"0-9A-Za-z_\u00aa\u00b5\u00ba\u00c0-\u024f\u0370-\u1fff"
"""Letters of writings with spaces between words. Japanese is none: "サーバーはlogin" has the word "login"."""

_IS_LETTER = re.compile(f"[{_LETTER}]")
_SPACES = re.compile(r"\s+")
_LIKE = {"'": "['’]", "-": "[-\u2010\u2011]", " ": r"(?:[^\S\n]+|[^\S\n]*\n[^\S\n]*)"}
_FOLDS = str.maketrans({"’": "'", "\u2010": "-", "\u2011": "-"})
_END = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a phrase stands.

    Attributes:
        phrase: as ``folded`` writes it.
    """

    start: int
    end: int
    phrase: str


def lowered(text: str) -> str:
    """The text in lower case and of the same length, so that offsets hold."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(one if len(one := sign.lower()) == 1 else sign for sign in text)


def folded(phrase: str) -> str:
    """A phrase as it is compared: lower case, single spaces, plain apostrophes and hyphens."""
    return _SPACES.sub(" ", lowered(phrase.strip()).translate(_FOLDS))


class Phrases:
    """Phrases to look for, whatever their case, spaces and apostrophes. The longest at a place is found.

    A phrase that begins or ends with a letter begins or ends a word there; Japanese phrases stand anywhere.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        spaced, others = _Tree(), _Tree()
        for phrase in {folded(phrase) for phrase in phrases} - {""}:
            _plant(spaced if _IS_LETTER.match(phrase) else others, phrase)
        ways = [f"(?<![{_LETTER}]){_pattern(spaced)}"] if spaced else []
        ways += [_pattern(others)] if others else []
        if len(ways) == 2:  # what no phrase begins with is passed over before both are tried
            ways = [_begin(spaced) + ways[0], _begin(others) + ways[1]]
        self._pattern = re.compile("|".join(ways)) if ways else None

    def find(self, text: str) -> Iterator[Hit]:
        """The hits in a text, in order and apart.

        Args:
            text: as ``lowered`` gives it.
        """
        if self._pattern is not None:
            for found in self._pattern.finditer(text):
                yield Hit(found.start(), found.end(), folded(found.group()))


class _Tree(dict[str, "_Tree"]):
    """Phrases that begin alike share their beginning; ``_END`` marks where one ends."""


def _plant(tree: _Tree, phrase: str) -> None:
    for sign in phrase:
        tree = tree.setdefault(sign, _Tree())
    tree[_END] = _Tree()


def _begin(tree: _Tree) -> str:
    return f"(?=[{''.join(map(re.escape, tree))}])"


def _pattern(tree: _Tree, before: str = "") -> str:
    """A regular expression that reads each character of a text once, where a list of phrases would be tried in turn."""
    ways = []
    for sign in sorted(tree, reverse=True):
        if sign == _END:
            ways.append(f"(?![{_LETTER}])" if _IS_LETTER.match(before) else "")
        else:
            ways.append(_LIKE.get(sign, re.escape(sign)) + _pattern(tree[sign], sign))
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"
