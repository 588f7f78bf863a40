"""Names of people and organisations in a text. Cautious: what may be no name is none."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from contentkit.core.facts.spellings import CAPITAL, GENITIVE
from contentkit.core.text.document import Block, Document, Span
from contentkit.core.text.gaps import Spans
from contentkit.core.text.scan import one_of, rarely
from contentkit.core.text.words import STOPWORDS

_JOINT = r"[ \u00a0](?:(?:of|de|van|von|der|la|du|da|di|for|the|and|&)[ \u00a0])?"
_SINGLE = re.compile(r"[A-ZÀ-ÖØ-Þ](?<=[a-zß-ÿ,;)”’][ \u00a0].)[\w’'-]*\w(?![\w’'-]|[ \u00a0](?:[A-ZÀ-ÖØ-Þ]\w|\d))")
_NO_SINGLES = ("", "de", "lb", "ja", "zh", "ko")
"""Languages that give capitals to other words too, or have none."""
# It begins with the capital, and looks back then, so that all other places of a text are passed over at once.
_RUN = re.compile(rf"[A-ZÀ-ÖØ-Þ](?<!\w.)[\w’'-]*\w(?:{_JOINT}{CAPITAL}){{1,5}}")
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
    rf"\b(?:{'|'.join(_TITLES)})\.?[ \u00a0](?P<after>{CAPITAL}(?:[ \u00a0]{CAPITAL}){{0,2}})"
    rf"|(?P<firm>{CAPITAL})[ \u00a0](?:{'|'.join(map(re.escape, _FIRMS))})\b"
)
_CUE = re.compile(one_of([*_FIRMS, *(title + end for title in _TITLES for end in (" ", ". ", "\u00a0", ".\u00a0"))]))
_PERSON = r"(?:[一-龥々]{1,5}|[ァ-ヶー・]{2,20}|[A-Z][A-Za-z]{1,20})"
_OFFICES = "所長|会長|市長|知事|監督|選手|議員|院長|校長|学長|店長|記者|代表(?![的者取作団権質選])"
_JAPANESE = re.compile(
    rf"(?P<person>{_PERSON})(?:さん|氏(?!名)|教授|博士|社長|首相|大統領|(?<=[ァ-ヶー])様)"
    rf"|(?P<officer>[一-龥々]{{3,5}})(?:{_OFFICES})"
    r"|(?:株式会社|有限会社|合同会社)(?P<firm1>[ァ-ヶーA-Za-z一-龥々]{2,20})"
    r"|(?P<firm2>[ァ-ヶーA-Za-z一-龥々]{2,20})(?:株式会社|有限会社|合同会社)"
    r"|(?P<house>[ァ-ヶー]{2,20}|[A-Z][A-Za-z]{1,20})社(?![会員長内外])"
    r"|(?P<school>[一-龥々ァ-ヶー]{2,10}(?:大学|研究所|財団))(?![院生])"
    r"|(?P<tongue>[ァ-ヶー]{2,10}語)|(?P<body>(?![某同各両当本])[一-龥々]{1,10}(?:(?<![帰反内])省(?![エ力略電人内都])|(?<![官県市区支])庁(?![舎内])|協会|連盟|学会|新聞社?|銀行))"
    r"|(?P<place>(?:(?![市県])[一-龥々]){1,4}(?:(?<![都朝各両同当本他隣全国])[市県]|(?<![寄各両同当])(?:駅|空港)))"
    r"(?![場民長販内外立営境政庁前員議域街況])"
)
_JAPANESE_CUE = re.compile(
    f"さん|氏|教授|博士|社長|首相|大統領|様|社|大学|研究所|財団|語|省|庁|協会|連盟|学会|新聞|銀行|市|県|駅|空港|{_OFFICES}"
)
_NOBODY = re.compile(
    r"\A(?:皆|お客|客|患者|読者|店員|お?母|お?父|お?兄|お?姉|お?姫|お?嬢|奥|娘|息子|子供|赤ちゃん|先輩|後輩|隣|彼|同|両|各|某|諸|新人|担当者"
    r"|.*(?:代表|取締役|委員|営業|研究|事務|支部|議会|競技|球団)|医者|大工|職人|業者|先生|ユーザー|スタッフ|メンバー|エンジニア|デザイナー|カスタマー|お|副|前|元|現|国立|私立|公立|市立|県立|短期|総合)\Z"
)
# Words with a capital that make no name by themselves.
_WORDS_LIST = """
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
october november december i mr mrs ms dr prof english german french spanish italian japanese chinese korean european
american british asian african indian canadian australian irish scottish welsh dutch belgian swedish norwegian danish
finnish polish portuguese greek turkish russian ukrainian brazilian mexican swiss austrian israeli arabic latin
western eastern mon tue tues wed thu thur thurs fri sat sun celsius fahrenheit dear hello hi hey reader readers
christmas easter halloween thanksgiving earth god facebook instagram linkedin twitter youtube tiktok bluesky mastodon
threads google internet web api url html css json xml yaml sql pdf csv ai ok faq ceo cto usa uk eu
"""
_LONG_WORD, _LEAST_LONG, _LONGEST_TITLE = re.compile(r"[^\W\d_]{4,}"), 4, 200
_WORDS = frozenset(_WORDS_LIST.split())


@dataclass(frozen=True, slots=True)
class Name:
    """A name that stands in a text.

    Attributes:
        opening: it begins a sentence, so that its first word may be one with a capital for that reason only.
    """

    start: int
    end: int
    text: str
    opening: bool = False


def names(document: Document) -> Iterator[Name]:
    """The names of the prose. Headings and lines like them, where every word may have a capital, are left out; in
    German, where nouns do, only names that a title or a legal form tells."""
    placed = []
    for order, name in _in(document.shadow, document.language):
        block = document.block_at(name.start)
        if (
            block is not None
            and block.kind not in ("heading", "cell")
            and not (order == 2 and _titled(document, block))
        ):
            placed.append((block.start, order, name.start, name))
    yield from (name for *_, name in sorted(placed, key=lambda one: one[:3]))


def _titled(document: Document, block: Block) -> bool:
    """Whether all that could have a capital has one, as in a headline: there it tells no name."""
    if block.end - block.start > _LONGEST_TITLE:
        return False
    said = document.text[block.start : block.end]
    long = _LONG_WORD.findall(said)
    loud = said.isupper() and len(said.split()) >= _LEAST_LONG
    return loud or (len(long) >= _LEAST_LONG and all(word[0].isupper() for word in long))


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
            yield 2, Name(start, start + len(said), said, _opens(text, found.start()))


def _without_opening(text: str, start: int, said: str, language: str) -> tuple[int, str]:
    """A name without the words before it that have their capital only from the start of a sentence."""
    common = STOPWORDS.get(language, STOPWORDS["en"])
    words = said.split()
    while words and ((word := words[0].casefold().replace("’", "'")) in common or word in _WORDS):
        words.pop(0)
    while words and (words[-1].casefold() in _WORDS or words[-1][0].islower()):
        said = said[: said.rindex(words.pop())].rstrip()
    rest = said[said.index(words[0]) :] if words else ""
    return start + len(said) - len(rest), GENITIVE.sub("", rest)


def _opens(text: str, start: int) -> bool:
    """Whether a sentence begins here."""
    before = text[max(0, start - 40) : start]
    said = before.rstrip(" \t\n*_“\"'‘(")
    return not said or said[-1] in ".!?:;…—–|•" or "\n\n" in before[len(said) :]


def single(document: Document, told: Iterable[Name]) -> Iterator[Name]:
    """Words with a capital in the middle of a sentence.

    Args:
        told: what ``names`` has found; no part of it is found again.
    """
    if document.language in _NO_SINGLES:
        return
    runs = Spans(Span(name.start, name.end) for name in told)
    for found in _SINGLE.finditer(document.shadow):
        word = GENITIVE.sub("", found[0])
        block = document.block_at(found.start())
        if block is None or block.kind in ("heading", "cell") or found.start() in runs or _titled(document, block):
            continue
        plain = word.casefold()
        acronym = word.removesuffix("s").isupper() or len(word) < 3
        if (
            not acronym
            and not {plain, plain.removesuffix("s")} & _WORDS
            and plain not in STOPWORDS["en"]
            and word[:2] not in ("I'", "I’")
        ):
            yield Name(found.start(), found.start() + len(word), word)


def titled_people(text: str) -> Iterator[str]:
    """The Japanese names of people that stand before a title or an office: 坂井 of 坂井氏."""
    for found in rarely(_JAPANESE, text, _JAPANESE_CUE):
        if found.lastgroup in ("person", "officer") and not _NOBODY.match(name := found[found.lastgroup]):
            yield name
