"""Passages of the material that a question is about, found by the words that both have; none where hardly any match."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log

from contentkit.core.text.prose import sentences
from contentkit.core.text.script import SPACELESS
from contentkit.core.text.words import STOPWORDS, is_common, terms_of
from contentkit.providers._offline.article import joined, list_text
from contentkit.providers._offline.material import Listing, Material, Section, Sentence
from contentkit.providers._offline.words import units

# A question and the passage that answers it share at least so many words, of at least this weight in the question.
_LEAST_WORDS, _LEAST_SHARE, _ALONE_SHARE = 2, 0.4, 0.6
_MOST_SENTENCES = 3
# A sentence that meets so much of what the best one meets is shown with it.
_NEAR = 0.5
_ENDINGS = re.compile(r"(?:ings?|ed|es|s|ly|ments?|ations?|e)\Z")
_HAN = re.compile(r"[\u3005\u3400-\u4dbf\u4e00-\u9fff]{2,}")
# Said in any message to a company, and about nothing.
_POLITE = {
    "en": """
please thank thanks hello hi dear regards sincerely question ask asking answer reply tell wonder like want know possible
help team sir madam bought buy order company
""",
    "ja": "質問 回答 連絡 返信 お世話 お願い 教え 問い合わせ 貴社 御社 弊社",
    "de": "bitte danke hallo frage antwort grüße geehrte damen herren",
}


@dataclass(frozen=True, slots=True)
class Passage:
    """What a source says to a question: sentences of one section, or a whole list of it.

    Attributes:
        share: how much of the question's weight is met, 0 to 1.
    """

    title: str
    source: int
    share: float
    sentences: tuple[Sentence, ...] = ()
    listing: Listing | None = None

    @property
    def text(self) -> str:
        """The passage as Markdown."""
        return list_text(self.listing) if self.listing else joined([one.raw for one in self.sentences])


def questions_of(message: str, language: str) -> list[str]:
    """The sentences of a message that ask something; all of it where none does."""
    found = [" ".join(one.split()) for one in sentences(message, language)]
    asked = [one for one in found if one.rstrip("”」』)）\"'").endswith(("?", "？", "か。", "か"))]
    return asked or [" ".join(message.split())]


def best_passage(material: Material, question: str) -> Passage | None:
    """The passage that meets most of the question's words; None where too few are met to call it an answer."""
    asked = _words(question, material.language)
    if not asked:
        return None
    offered = list(_offered(material))
    held = [_words(text, material.language) for _, _, text in offered]
    weights = _weights(asked, held)
    whole = sum(weights.values())
    found = [(sum(weights[word] for word in asked & words) / whole, at) for at, words in enumerate(held)]
    share, at = max(found, key=lambda pair: (pair[0], -pair[1]), default=(0.0, 0))
    matched = len(asked & held[at]) if held else 0
    if not matched or share < (_LEAST_SHARE if matched >= _LEAST_WORDS else _ALONE_SHARE):
        return None
    section, listing, _ = offered[at]
    if listing:
        return Passage(section.title, section.source, share, listing=listing)
    chosen = _chosen(section, asked, weights, material.language)
    return Passage(section.title, section.source, share, chosen) if chosen else None


def _offered(material: Material) -> Iterator[tuple[Section, Listing | None, str]]:
    """Every section and every list, each with the words that it can be found by."""
    for section in material.sections:
        if section.sentences:
            yield section, None, " ".join([section.title, *(one.text for one in section.sentences)])
        for listing in section.listings:
            yield section, listing, " ".join([section.title, listing.lead.text if listing.lead else "", *listing.items])


def _weights(asked: set[str], held: Sequence[set[str]]) -> dict[str, float]:
    """Words that few sections have weigh most; so do those that none has, since they can't be met."""
    spread = Counter(word for words in held for word in words & asked)
    return {word: log(1 + (1 + len(held)) / max(1, spread[word])) for word in asked}


def _chosen(section: Section, asked: set[str], weights: dict[str, float], language: str) -> tuple[Sentence, ...]:
    """The sentences that meet the question, and what follows the best of them in its paragraph; where only the heading
    meets it, how the section begins."""
    pool = [one for one in section.sentences if not one.asks]
    worth = {one.position: sum(weights[word] for word in asked & _words(one.text, language)) for one in pool}
    best = max(pool, key=lambda one: (worth[one.position], -one.position), default=None)
    if best is None:
        return ()
    wanted = [one for one in pool if worth[one.position] > 0 and worth[one.position] >= _NEAR * worth[best.position]]
    behind = [one for one in pool if one.paragraph == best.paragraph and one.position > best.position]
    ranked = [*sorted(wanted, key=lambda one: -worth[one.position]), *behind] if worth[best.position] else pool[:2]
    return _fitting(ranked, 300 if language in SPACELESS else 110, language)


def _fitting(ranked: list[Sentence], room: int, language: str) -> tuple[Sentence, ...]:
    """As many of the sentences as have room, in their order; a leaning one only behind its own."""
    taken: list[Sentence] = []
    for one in dict.fromkeys(ranked):
        led = not one.refers or any(other.position == one.position - 1 for other in taken)
        if led and len(taken) < _MOST_SENTENCES and units(one.text, language) <= room:
            taken.append(one)
            room -= units(one.text, language)
    return tuple(sorted(taken, key=lambda one: one.position))


def _words(text: str, language: str) -> set[str]:
    """What a text talks about, in forms that a question and its answer share."""
    polite = set(_POLITE.get(language, "").split())
    stop = STOPWORDS.get(language, frozenset())
    keys = {key for key, _ in terms_of(text, language) if " " not in key}
    keys = {key for key in keys if key not in polite and key not in stop and not is_common(key, language)}
    if language in SPACELESS:
        runs = [run for key in keys for run in _HAN.findall(key)]
        pairs = {run[at : at + 2] for run in runs for at in range(len(run) - 1)}
        return {key for key in keys if not _HAN.fullmatch(key)} | {pair for pair in pairs if pair not in stop | polite}
    return {_stem(key) for key in keys}


def _stem(word: str) -> str:
    """Roughly without its ending, so that "refunded" meets "refund"."""
    short = _ENDINGS.sub("", word)
    return short if len(short) >= 3 else word
