"""Many words and phrases looked for at once: one pass over the text, however long the list is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

_LETTER = r"0-9A-Za-z_\u00aa\u00b5\u00ba\u00c0-\u024f\u0370-\u1fff"
"""Letters of writings with spaces between words. Japanese is none: "サーバーはlogin" has the word "login"."""

_IS_LETTER = re.compile(f"[{_LETTER}]")
_SPACES = re.compile(r"\s+")
_SIGNS = {"'": "'’", "-": "\\-\u2010\u2011", " ": r"\s"}
_LIKE = {sign: f"[{signs}]" for sign, signs in _SIGNS.items()} | {" ": r"(?:[^\S\n]+|[^\S\n]*\n[^\S\n]*)"}
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
        self._patterns = [pattern(tree) for pattern, tree in ((_behind, spaced), (_anywhere, others)) if tree]

    def find(self, text: str) -> Iterator[Hit]:
        """The hits in a text, in order and apart.

        Args:
            text: as ``lowered`` gives it.
        """
        begun = f"\n{text}"
        spans = [found.span(1) for pattern in self._patterns for found in pattern.finditer(begun)]
        position = 0
        for start, end in sorted(spans) if len(self._patterns) > 1 else spans:
            if start >= position:
                position = end
                yield Hit(start - 1, end - 1, folded(begun[start:end]))


class _Tree(dict[str, "_Tree"]):
    """Phrases that begin alike share their beginning; ``_END`` marks where one ends."""


def _plant(tree: _Tree, phrase: str) -> None:
    for sign in phrase:
        tree = tree.setdefault(sign, _Tree())
    tree[_END] = _Tree()


# Both begin with a set of signs, so that most places of a text are passed over at once, and take no more than one sign,
# so that no phrase hides another; group 1 is the phrase.


def _behind(tree: _Tree) -> re.Pattern[str]:
    """An expression for phrases that begin with a letter, behind a sign that is none."""
    return re.compile(f"[^{_LETTER}](?={_any_of(tree)})(?=({_whole(tree)}))")


def _anywhere(tree: _Tree) -> re.Pattern[str]:
    """An expression for phrases that begin with another sign, from that on."""
    seconds = set(chain.from_iterable(tree.values()))
    second = f"(?={_any_of(seconds)})" if _END not in seconds else ""
    return re.compile(f"{_any_of(tree)}{second}(?<=(?=({_whole(tree)})).)", re.DOTALL)


def _any_of(signs: Iterable[str]) -> str:
    return f"[{''.join(_SIGNS.get(sign, re.escape(sign)) for sign in signs)}]"


def _whole(tree: _Tree) -> str:
    """Any of the phrases; one that ends with a letter ends a word."""
    return f"{_pattern(tree)}(?:(?<![{_LETTER}])|(?![{_LETTER}]))"


def _pattern(tree: _Tree) -> str:
    """A regular expression that reads each character of a text once, where a list of phrases would be tried in turn."""
    ways = [
        _LIKE.get(sign, re.escape(sign)) + _pattern(tree[sign]) if sign else "" for sign in sorted(tree, reverse=True)
    ]
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"
