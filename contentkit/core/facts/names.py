"""Names of people and organisations in a text. Cautious: what may be no name is none."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from contentkit.core.facts.material import Material
from contentkit.core.facts.tokens import tokens
from contentkit.core.text.document import Document
from contentkit.core.text.scan import one_of, rarely
from contentkit.core.text.words import STOPWORDS

_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w’'-]*[\w]"
_JOINT = r"[ \u00a0](?:(?:of|de|van|von|der|la|du|da|di|for|the|and|&)[ \u00a0])?"
_RUN = re.compile(rf"{_CAPITAL}(?:{_JOINT}{_CAPITAL}){{1,5}}")
_PAIR = re.compile(rf"\b{_CAPITAL}[ \u00a0](?=({_CAPITAL})\b)")
_TITLES = ("Mr", "Mrs", "Ms", "Dr", "Prof", "Professor", "President", "Minister", "CEO", "Herr", "Frau", "M", "Mme")
_FIRMS = (
    "Inc",
    "Ltd",
    "LLC",
    "GmbH",
    "AG",
    "Corp",
    "Corporation",
    "plc",
    "S.A",
    "University",
    "Foundation",
    "Institute",
)
_CUED = re.compile(
    rf"\b(?:{'|'.join(_TITLES)})\.?[ \u00a0](?P<after>{_CAPITAL})"
    rf"|(?P<firm>{_CAPITAL})[ \u00a0](?:{'|'.join(map(re.escape, _FIRMS))})\b"
)
_CUE = re.compile(one_of([*_FIRMS, *(title + end for title in _TITLES for end in (" ", ". ", "\u00a0", ".\u00a0"))]))
_PERSON = r"(?:[一-龥々]{1,5}|[ァ-ヶー・]{2,20}|[A-Z][A-Za-z]{1,20})"
_JAPANESE = re.compile(
    rf"(?P<person>{_PERSON})(?:さん|氏(?!名)|教授|博士|社長|首相|大統領|(?<=[ァ-ヶー])様)"
    r"|(?:株式会社|有限会社|合同会社)(?P<firm1>[ァ-ヶーA-Za-z一-龥々]{2,20})"
    r"|(?P<firm2>[ァ-ヶーA-Za-z一-龥々]{2,20})(?:株式会社|有限会社|合同会社)"
    r"|(?P<house>[ァ-ヶー]{2,20}|[A-Z][A-Za-z]{1,20})社(?![会員長内外])"
    r"|(?P<school>[一-龥々ァ-ヶー]{2,10})(?:大学|研究所|財団)(?![院生])"
)
_JAPANESE_CUE = re.compile("さん|氏|教授|博士|社長|首相|大統領|様|社|大学|研究所|財団")
_NOBODY = re.compile(
    r"\A(?:皆|お客|客|患者|読者|店員|お?母|お?父|お?兄|お?姉|お?姫|お?嬢|奥|娘|息子|子供|赤ちゃん|先輩|後輩|隣|彼|同|両|各|某|諸|新人|担当者"
    r"|医者|大工|職人|業者|先生|ユーザー|スタッフ|メンバー|エンジニア|デザイナー|カスタマー|お|副|前|元|現|国立|私立|公立|市立|県立|短期|総合)\Z"
)
# Words with a capital that make no name by themselves.
_WORDS_LIST = """
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
october november december i mr mrs ms dr prof english german french spanish italian japanese chinese korean european
american british asian african internet web api url html css json xml yaml sql pdf csv ai ok faq ceo cto usa uk eu
"""
_WORDS = frozenset(_WORDS_LIST.split())


@dataclass(frozen=True, slots=True)
class Name:
    """A name that stands in a text."""

    start: int
    end: int
    text: str


def names(document: Document) -> Iterator[Name]:
    """The names of the prose. Headings, where every word may have a capital, are left out; in German, where nouns do,
    only names that a title or a legal form tells."""
    placed = []
    for order, name in _in(document.shadow, document.language):
        block = document.block_at(name.start)
        if block is not None and block.kind not in ("heading", "cell"):
            placed.append((block.start, order, name.start, name))
    yield from (name for *_, name in sorted(placed, key=lambda one: one[:3]))


def _in(text: str, language: str) -> Iterator[tuple[int, Name]]:
    """Names with what tells them: 0 a Japanese word beside them, 1 a title or a legal form, 2 their capitals."""
    for found in rarely(_JAPANESE, text, _JAPANESE_CUE):
        group = str(found.lastgroup)
        if not _NOBODY.match(found[group]):
            yield 0, Name(*found.span(group), found[group])
    if language == "ja":
        return
    cued = [Name(*found.span(group := str(found.lastgroup)), found[group]) for found in rarely(_CUED, text, _CUE)]
    yield from ((1, name) for name in cued if name.text.casefold() not in _WORDS)
    if language == "de":
        return
    starts = [name.start for name in cued]
    for found in _RUN.finditer(text):
        start, said = _without_opening(text, found.start(), found[0], language)
        told = bisect_left(starts, start) < bisect_left(starts, found.end())
        if " " in said.replace("\u00a0", " ") and not told:
            yield 2, Name(start, found.end(), said)


def _without_opening(text: str, start: int, said: str, language: str) -> tuple[int, str]:
    """A name without the words before it that have their capital only from the start of a sentence."""
    common = STOPWORDS.get(language, STOPWORDS["en"])
    words = said.split()
    while words and ((word := words[0].casefold().replace("’", "'")) in common or word in _WORDS):
        words.pop(0)
    rest = said[said.index(words[0]) :] if words else ""
    return start + len(said) - len(rest), rest


def is_known(name: Name, material: Material) -> bool:
    """Whether the material has the name, or each of its words somewhere."""
    keys = tokens(name.text).keys
    if material.holds(keys):
        return True
    cjk = any(key > "\u3000" for key in keys)
    return not cjk and all(any(key in one.places for one in material.witnesses) for key in keys)


def partly(name: Name, material: Material) -> str:
    """What the material calls somebody of whom it has one name: "Jane Smith" for "John Smith"; "" where nobody."""
    wanted = name.text.split()[-1]
    if not wanted[:1].isupper():
        return ""
    found = next((said for one in material.witnesses if (said := _pairs(one.text).get(wanted))), "")
    return "" if found == name.text else found


@lru_cache(maxsize=64)
def _pairs(text: str) -> dict[str, str]:
    """The second of two words with a capital -> both, as they first stand there."""
    found: dict[str, str] = {}
    for pair in _PAIR.finditer(text):
        found.setdefault(pair[1], pair[0] + pair[1])
    return found
