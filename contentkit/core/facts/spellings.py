"""Names that are written in another way: without the signs on their letters, or shortened."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import combining, normalize

from contentkit.core.facts.material import Material

CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w’'-]*[\w]"
GENITIVE = re.compile(r"['’]s?\Z")
_BODY_ENDS, _LONGEST_SHORT = "省庁会学行", 6


def respelled(key: str, material: Material) -> bool:
    """Whether a word stands somewhere with or without the signs on its letters (Kovac for Kovač, Mueller and Muller
    for Müller), or as the first part of a word of two: Mac of macOS."""
    forms = plain(key)
    return any(not forms.isdisjoint(_plain_words(one.text)) for one in material.witnesses)


def plain(word: str) -> frozenset[str]:
    """A word in small letters of ASCII, each way that it may be written in them."""
    small = word.casefold()
    ways = (small.translate(_ONE_LETTER), small.translate(_TWO_LETTERS))
    return frozenset("".join(sign for sign in normalize("NFD", way) if not combining(sign)) for way in ways)


_ONE_LETTER = str.maketrans(dict(zip("øłđðıæœß", ["o", "l", "d", "d", "i", "ae", "oe", "ss"], strict=True)))
_TWO_LETTERS = str.maketrans(
    dict(zip("äöüøåæœßłđ", ["ae", "oe", "ue", "oe", "aa", "ae", "oe", "ss", "l", "d"], strict=True))
)
_ANY_LATIN = re.compile(rf"(?<!\w){CAPITAL}|\b[a-z]{{2,}}[A-Z]\w*")
_HUMP = re.compile(r"\b[A-Za-z][a-z]+(?=[A-Z])")


@lru_cache(maxsize=64)
def _plain_words(text: str) -> frozenset[str]:
    """The words with a capital of a text as ``plain`` gives them, and the first parts of those of two."""
    words = set(_ANY_LATIN.findall(text))
    humps = (found[0].casefold() for word in words if (found := _HUMP.match(word)))
    return frozenset(way for word in words for way in plain(GENITIVE.sub("", word))) | frozenset(humps)


def shortened(name: str, material: Material) -> bool:
    """Whether the material has an office or a school under its whole name: 厚労省 for 厚生労働省."""
    if name[-1:] not in _BODY_ENDS or len(name) > _LONGEST_SHORT:
        return False
    whole = re.compile("[一-龥々]{0,3}".join(map(re.escape, name)))
    return any(whole.search(one.text) for one in material.witnesses)
