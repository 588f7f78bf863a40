"""Questions and answers out of the sources: questions that stand there, and what is said under a heading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contentkit.core.text.script import SPACELESS
from contentkit.providers._offline.article import joined, title_of
from contentkit.providers._offline.material import Material, Sentence
from contentkit.providers._offline.passages import Passage, best_passage
from contentkit.providers._offline.rank import ABOUT_ITSELF
from contentkit.providers._offline.words import Words, units, words_for

_LONGEST_QUESTION, _MOST_SENTENCES = 200, 3
_ASKS = ("?", "？", "か", "か。")


@dataclass(frozen=True, slots=True)
class Item:
    """A question, or the heading that one is to be made of, and the sentences that answer it."""

    question: str
    heading: str
    answer: tuple[Sentence, ...]


def faq(material: Material, score: Mapping[int, float], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Title and questions. What no question stands for is marked with the heading that it answers."""
    words = words_for(str(fields.get("language") or material.language))
    wanted = {str(question): best_passage(material, str(question)) for question in fields.get("asked") or ()}
    wished = [_found(question, passage, words) for question, passage in wanted.items()]
    told = {one.position for passage in wanted.values() if passage for one in passage.sentences}
    most = int(fields.get("questions") or 6)
    items = [_shown(item, words) for item in _best([*asked(material), *_headed(material)], score, most, told)]
    return {
        "title": title_of(material, fields) or words.mark("title"),
        "questions": [*wished, *items][: max(most, len(wished))] or [_open(words.mark("question").format("…"), words)],
    }


def asked(material: Material) -> Iterator[Item]:
    """Headings that ask, and sentences that do, each with what follows."""
    for section in material.sections:
        if section.title.rstrip().endswith(_ASKS):
            if answer := _answer([one for one in section.sentences if not one.asks], material.language):
                yield Item(section.title, "", answer)
            continue
        for one in section.sentences:
            following = [
                other
                for other in section.sentences
                if other.paragraph == one.paragraph and other.position > one.position and not other.asks
            ]
            if one.asks and one.plain and not one.refers and (answer := _answer(following, material.language)):
                yield Item(one.text, "", answer)


def _headed(material: Material) -> Iterator[Item]:
    """What stands under the other headings, as answers that still want their question."""
    for section in material.sections:
        plain = section.title and not section.title.rstrip().endswith(_ASKS) and not ABOUT_ITSELF.search(section.title)
        stated = [one for one in section.sentences if not one.asks]
        if plain and section.title not in material.titles and (answer := _answer(stated, material.language)):
            yield Item("", section.title, answer)


def _answer(sentences: list[Sentence], language: str) -> tuple[Sentence, ...]:
    """The first sentences as far as they follow each other and make one answer."""
    room = 240 if language in SPACELESS else 80
    taken: list[Sentence] = []
    for one in sentences[:_MOST_SENTENCES]:
        if not taken and (one.refers or one.leans):
            continue
        apart = taken and one.position != taken[-1].position + 1
        if apart or sum(units(other.text, language) for other in [*taken, one]) > room:
            break
        taken.append(one)
    return tuple(taken)


def _best(items: list[Item], score: Mapping[int, float], most: int, told: set[int]) -> list[Item]:
    """Those whose answers say most, real questions first, in the order of the sources; no answer twice.

    Args:
        told: positions of sentences that other answers hold.
    """
    seen = set(told)
    fresh: list[Item] = []
    for item in items:
        positions = {one.position for one in item.answer}
        if not positions & seen and len(item.question) <= _LONGEST_QUESTION:
            fresh.append(item)
            seen |= positions
    worth = {id(item): max(score.get(one.position, 0.0) for one in item.answer) for item in fresh}
    kept = sorted(fresh, key=lambda item: (not item.question, -worth[id(item)]))[:most]
    return sorted(kept, key=lambda item: item.answer[0].position)


def _shown(item: Item, words: Words) -> dict[str, Any]:
    question = item.question or words.mark("question").format(item.heading)
    answer = joined([one.raw for one in item.answer])
    return {"question": question, "answer": answer, "sources": sorted({one.source for one in item.answer})}


def _found(question: str, passage: Passage | None, words: Words) -> dict[str, Any]:
    """A question of the user's with the passage that matches it; open where none does."""
    if passage is None:
        return _open(question, words)
    return {"question": question, "answer": passage.text, "sources": [passage.source]}


def _open(question: str, words: Words) -> dict[str, Any]:
    return {"question": question, "answer": words.mark("answer"), "sources": []}
