"""Names of people and organisations in a text. Cautious: what may be no name is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from contentkit.core.facts.material import Material
from contentkit.core.facts.tokens import tokens
from contentkit.core.text.document import Document
from contentkit.core.text.words import STOPWORDS

_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w’'-]*[\w]"
_JOINT = r"[ \u00a0](?:(?:of|de|van|von|der|la|du|da|di|for|the|and|&)[ \u00a0])?"
_RUN = re.compile(rf"{_CAPITAL}(?:{_JOINT}{_CAPITAL}){{1,5}}")
_CUED = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Dr|Prof|Professor|President|Minister|CEO|Herr|Frau|M|Mme)\.?[ \u00a0](?P<after>{_CAPITAL})"
    rf"|(?P<firm>{_CAPITAL})[ \u00a0]"
    r"(?:Inc|Ltd|LLC|GmbH|AG|Corp|Corporation|plc|S\.A|University|Foundation|Institute)\b"
)
_PERSON = r"(?:[一-龥々]{1,5}|[ァ-ヶー・]{2,20}|[A-Z][A-Za-z]{1,20})"
_JAPANESE = re.compile(
    rf"(?P<person>{_PERSON})(?:さん|氏(?!名)|教授|博士|社長|首相|大統領|(?<=[ァ-ヶー])様)"
    r"|(?:株式会社|有限会社|合同会社)(?P<firm1>[ァ-ヶーA-Za-z一-龥々]{2,20})"
    r"|(?P<firm2>[ァ-ヶーA-Za-z一-龥々]{2,20})(?:株式会社|有限会社|合同会社)"
    r"|(?P<house>[ァ-ヶー]{2,20}|[A-Z][A-Za-z]{1,20})社(?![会員長内外])"
    r"|(?P<school>[一-龥々ァ-ヶー]{2,10})(?:大学|研究所|財団)(?![院生])"
)
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
    for block in document.blocks:
        if block.kind in ("heading", "cell"):
            continue
        text = document.shadow[block.start : block.end]
        for name in _in(text, document.language):
            yield Name(block.start + name.start, block.start + name.end, name.text)


def _in(text: str, language: str) -> Iterator[Name]:
    for found in _JAPANESE.finditer(text):
        group = str(found.lastgroup)
        if not _NOBODY.match(found[group]):
            yield Name(*found.span(group), found[group])
    if language == "ja":
        return
    cued = [(found.span(group := str(found.lastgroup)), found[group]) for found in _CUED.finditer(text)]
    yield from (Name(*span, said) for span, said in cued if said.casefold() not in _WORDS)
    if language == "de":
        return
    for found in _RUN.finditer(text):
        start, said = _without_opening(text, found.start(), found[0], language)
        if " " in said.replace("\u00a0", " ") and not any(start <= at < found.end() for (at, _), _ in cued):
            yield Name(start, found.end(), said)


def _without_opening(text: str, start: int, said: str, language: str) -> tuple[int, str]:
    """A name without the words before it that have their capital only from the start of a sentence."""
    common = STOPWORDS.get(language, STOPWORDS["en"]) | _WORDS
    words = said.split()
    while words and words[0].casefold().replace("’", "'") in common:
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
    pattern = re.compile(rf"\b{_CAPITAL}[ \u00a0]{re.escape(wanted)}\b")
    found = next((hit[0] for one in material.witnesses if (hit := pattern.search(one.text))), "")
    return "" if found == name.text else found
