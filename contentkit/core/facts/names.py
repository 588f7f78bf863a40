"""Names of people and organisations in a text. Cautious: what may be no name is none."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from contentkit.core.facts.material import Material
from contentkit.core.facts.spellings import CAPITAL, GENITIVE, respelled, shortened
from contentkit.core.facts.tokens import tokens
from contentkit.core.text.document import Block, Document, Span
from contentkit.core.text.gaps import Spans
from contentkit.core.text.scan import one_of, rarely
from contentkit.core.text.words import STOPWORDS

_JOINT = r"[ \u00a0](?:(?:of|de|van|von|der|la|du|da|di|for|the|and|&)[ \u00a0])?"
_PLAIN_RUN = re.compile(rf"(?<!\w){CAPITAL}(?:[ \u00a0]{CAPITAL})*")
_SINGLE = re.compile(r"[A-ZÀ-ÖØ-Þ](?<=[a-zß-ÿ,;)”’][ \u00a0].)[\w’'-]*\w(?![\w’'-]|[ \u00a0](?:[A-ZÀ-ÖØ-Þ]\w|\d))")
_CALLED = "社長|会長|委員長|部長|課長|教授|氏|記者|議員|市長|知事|監督|選手|所長|院長|校長|代表|弁護士|医師|博士|先生"
_SPACED = re.compile(
    r"(?<![一-龥々])([一-龥々]{1,3})[ \u3000]([一-龥々]{1,3}|[ぁ-ん]{2,4}|[ァ-ヶ]{2,4})(?![一-龥々ァ-ヶー])"
)
_SPACED_CUE = re.compile(r"[一-龥々][ \u3000][一-龥々ぁ-んァ-ヶ]")
_NO_SINGLES = ("", "de", "lb", "ja", "zh", "ko")
"""Languages that give capitals to other words too, or have none."""
_ALIKE, _BEGIN, _TRIED = 0.75, 3, 40
# It begins with the capital, and looks back then, so that all other places of a text are passed over at once.
_RUN = re.compile(rf"[A-ZÀ-ÖØ-Þ](?<!\w.)[\w’'-]*\w(?:{_JOINT}{CAPITAL}){{1,5}}")
_PAIR = re.compile(rf"\b{CAPITAL}[ \u00a0](?=({CAPITAL})\b)")
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
    for told in rarely(_JAPANESE, text, _JAPANESE_CUE):
        if (
            told.lastgroup in ("person", "officer")
            and len(name := told[told.lastgroup]) > 1
            and not _NOBODY.match(name)
        ):
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
