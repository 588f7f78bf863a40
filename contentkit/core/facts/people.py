"""Whom the material calls by a name of the text, or nearly so: Jane Smith, Smith, 三浦さん."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache

from contentkit.core.facts.material import Material
from contentkit.core.facts.names import Name, titled_people
from contentkit.core.facts.spellings import CAPITAL, GENITIVE, respelled, shortened
from contentkit.core.facts.tokens import tokens
from contentkit.core.text.document import Document
from contentkit.core.text.scan import one_of
from contentkit.core.text.words import STOPWORDS

_PLAIN_RUN = re.compile(rf"(?<!\w){CAPITAL}(?:[ \u00a0]{CAPITAL})*")
_CALLED = "社長|会長|委員長|部長|課長|教授|氏|記者|議員|市長|知事|監督|選手|所長|院長|校長|代表|弁護士|医師|博士|先生"
_SPACED = re.compile(
    r"(?<![一-龥々])([一-龥々]{1,3})[ \u3000]([一-龥々]{1,3}|[ぁ-ん]{2,4}|[ァ-ヶ]{2,4})(?![一-龥々ァ-ヶー])"
)
_SPACED_CUE = re.compile(r"[一-龥々][ \u3000][一-龥々ぁ-んァ-ヶ]")
_ALIKE, _BEGIN, _TRIED = 0.75, 3, 40
_PAIR = re.compile(rf"\b{CAPITAL}[ \u00a0](?=({CAPITAL})\b)")


def swapped(document: Document, material: Material) -> Iterator[Name]:
    """Japanese names with the last name of one person of the material and the first name of another: 三浦真理子, where
    there are 三浦 健一 and 大谷 真理子. Only names that the material writes with a space can be told apart."""
    people = {pair for one in material.witnesses for pair in _people(one.text)}
    firsts = {first for _, first in people}
    if len(people) < 2:
        return
    either = re.compile(
        rf"({one_of({last for last, _ in people})})[ \u3000]?({one_of(firsts)})(?:(?![一-龥々])|(?={_CALLED}))"
    )
    for found in either.finditer(document.shadow):
        if (found[1], found[2]) not in people:
            yield Name(*found.span(), found[0])


@lru_cache(maxsize=64)
def _people(text: str) -> frozenset[tuple[str, str]]:
    """The last and first names of a Japanese text that stand with a space between."""
    return frozenset((one[1], one[2]) for one in _SPACED.finditer(text)) if _SPACED_CUE.search(text) else frozenset()


@lru_cache(maxsize=64)
def persons(text: str) -> Mapping[str, str]:
    """Last and first names of whoever a text calls by both -> the last name; in Japanese also names before a title."""
    found: dict[str, str] = {}
    for run in _PLAIN_RUN.finditer(text):
        words = [GENITIVE.sub("", word) for word in run[0].split()]
        if len(words) > 1 and words[-2].casefold() not in STOPWORDS["en"]:
            found[words[-1]] = words[-1]
            found.setdefault(words[-2], words[-1])
    for last, first in _people(text):
        names = {last: last, first: last, last + first: last}
        found |= {name: its for name, its in names.items() if len(name) > 1}
    for name in titled_people(text):
        if len(name) > 1:
            found.setdefault(name, name)
    return found


def is_known(name: Name, material: Material) -> bool:
    """Whether the material has the name, or each of its words somewhere, but not the first name of one with the last
    name of another."""
    keys = tokens(name.text).keys
    if material.holds(keys):
        return True
    if any(key > "\u3000" for key in keys):  # words before the name may be taken for a part of it
        least = max(3, len(keys) - 2)
        return any(material.holds(keys[at:]) for at in range(1, len(keys) - least + 1)) or shortened(
            name.text, material
        )
    if _mixed(name.text, material):
        return False
    if name.opening and len(keys) > 1 and _has(keys[1:], material):
        return True
    return _has(keys, material)


def _has(keys: Sequence[str], material: Material) -> bool:
    """Whether each word stands somewhere, be it with or without the ending of a genitive or a plural."""
    forms = ((key, bare := GENITIVE.sub("", key), f"{bare}'s", f"{bare}s", bare.removesuffix("s")) for key in keys)
    return all(
        any(form in one.places for one in material.witnesses for form in said) or respelled(said[1], material)
        for said in forms
    )


def _mixed(name: str, material: Material) -> bool:
    """Whether the material has both words of a name only as parts of other names: "Jane Berg", where there are Jane
    Smith and Anna Berg."""
    first, space, last = name.replace("\u00a0", " ").partition(" ")
    if not space or " " in last:
        return False
    followers, leaders = set[str](), set[str]()
    for one in material.witnesses:
        after, before = _neighbours(one.text)
        followers |= after.get(first, set())
        leaders |= before.get(last, set())
    return bool(followers) and "" not in followers and not leaders <= {""} and first not in leaders


@lru_cache(maxsize=64)
def _neighbours(text: str) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Each word with a capital -> the words of its names after it and before it, "" where it is the last or first."""
    after: defaultdict[str, set[str]] = defaultdict(set)
    before: defaultdict[str, set[str]] = defaultdict(set)
    for run in _PLAIN_RUN.finditer(text):
        words = [GENITIVE.sub("", word) for word in run[0].split()]
        for at, word in enumerate(words):
            after[word].update(words[at + 1 :] or ("",))
            before[word].update(words[:at] or ("",))
    return after, before


def partly(name: Name, material: Material) -> str:
    """What the material calls somebody of whom it has one name: "Jane Smith" for "John Smith"; "" where nobody."""
    wanted = name.text.split()[-1]
    if not wanted[:1].isupper():
        people = (pair for one in material.witnesses for pair in sorted(_people(one.text)))
        return next((f"{last} {first}" for last, first in people if name.text.startswith(last)), "")
    if " " not in name.text:
        return _nearly(wanted, material)
    found = next((said for one in material.witnesses if (said := _pairs(one.text).get(wanted))), "")
    return "" if found == name.text else found


def _nearly(word: str, material: Material) -> str:
    """The name of the material that is written nearly so: "Eriksen" for "Eriksson"."""
    alike = [other for one in material.witnesses for other in _by_begin(one.text).get(word[:_BEGIN], ())[:_TRIED]]
    return next(iter(get_close_matches(word, alike, 1, _ALIKE)), "")


@lru_cache(maxsize=64)
def _by_begin(text: str) -> dict[str, list[str]]:
    """The first letters -> the words of names that begin so, in the order of the text."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for word in _neighbours(text)[0]:
        found[word[:_BEGIN]].append(word)
    return found


@lru_cache(maxsize=64)
def _pairs(text: str) -> dict[str, str]:
    """The second of two words with a capital -> both, as they first stand there."""
    found: dict[str, str] = {}
    for pair in _PAIR.finditer(text):
        found.setdefault(pair[1], pair[0] + pair[1])
    return found
