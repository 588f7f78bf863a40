"""A profile of a voice, and how far a text is from it."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from statistics import fmean

from contentkit.core.text.document import Document
from contentkit.steps._voice.measure import Measures, measure, parts

PART = {"ja": 1500}
"""Size of the parts in which samples are compared with each other, in words (Japanese: characters)."""
_PART = 600
_FEW, _ENOUGH = 2, 6
_WORDS_WEIGHT = 0.7
"""The small words tell more than habits do, which a writer may change with the occasion; see docs/voice.md."""
_FARTHEST_WORDS, _FARTHEST_HABITS = 1.2, 2.0

Deviations = Mapping[str, tuple[float, float]]
"""Name -> mean and deviation among many texts by many authors."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A voice.

    Attributes:
        language: ISO 639-1 code.
        size: words that it rests on (Japanese: characters).
        texts: files that it rests on.
        parts: parts of the samples that were compared.
        own: how far the parts are from the rest of the samples, on average; None where there is one part.
        own_most: how far the farthest but one in twenty is.
    """

    language: str
    size: int
    texts: int
    parts: int
    own: float | None
    own_most: float | None
    measures: Measures

    @property
    def thin(self) -> bool:
        """It rests on too little to be trusted."""
        return self.parts < _ENOUGH


def part_size(language: str) -> int:
    """Words (Japanese: characters) of one part of a sample."""
    return PART.get(language, _PART)


def learn(documents: Sequence[Document], language: str) -> Profile:
    """The profile of everything that the documents say.

    Raises:
        ValueError: there is no running text in them.
    """
    pieces = [
        measure(document, sentences)
        for document in documents
        for sentences in parts(document, part_size(language))
        if sentences
    ]
    pieces = [piece for piece in pieces if piece.size]
    if not pieces:
        raise ValueError("there is no running text in the samples")
    whole = joined(pieces)
    own = (
        sorted(
            distance(piece, joined([*pieces[:number], *pieces[number + 1 :]]), language)
            for number, piece in enumerate(pieces)
        )
        if len(pieces) > 1
        else []
    )
    most = own[math.ceil(0.95 * len(own)) - 1] if own else None
    return Profile(
        language,
        whole.size,
        len(documents),
        len(pieces),
        round(fmean(own), 1) if own else None,
        most and round(most, 1),
        whole,
    )


def joined(pieces: Sequence[Measures]) -> Measures:
    """The measures of several texts together, each weighing as much as it is long."""
    size = sum(piece.size for piece in pieces)

    def mean(values: Sequence[tuple[float, int]]) -> float:
        return sum(value * weight for value, weight in values) / max(sum(weight for _, weight in values), 1)

    habits = {
        name: mean([(piece.habits[name], piece.size) for piece in pieces if name in piece.habits])
        for name in dict.fromkeys(name for piece in pieces for name in piece.habits)
    }
    words = {word: mean([(piece.words.get(word, 0.0), piece.size) for piece in pieces]) for word in pieces[0].words}
    return Measures(size, habits, words)


def distance(one: Measures, other: Measures, language: str) -> float:
    """How far two texts are apart: 0 the same, 100 as far as it goes. Symmetric.

    Seven tenths are the cosine delta of the small words (Evert et al., 2017), three tenths the mean difference of
    habits, both in deviations among many authors.
    """
    habits = differences(one, other, language)
    mean = fmean(min(abs(value), 3.0) for value in habits.values()) if habits else 0.0
    apart = min(mean, _FARTHEST_HABITS) / _FARTHEST_HABITS
    words = _cosine(one, other, language)
    if words is None:
        return 100 * apart
    return 100 * (_WORDS_WEIGHT * min(words, _FARTHEST_WORDS) / _FARTHEST_WORDS + (1 - _WORDS_WEIGHT) * apart)


def differences(one: Measures, other: Measures, language: str) -> dict[str, float]:
    """Habit -> how many deviations among authors ``one`` has more of it than ``other``."""
    _, spread = background(language)
    return {
        name: (value - other.habits[name]) / deviation
        for name, value in one.habits.items()
        if name in other.habits and name in spread and (deviation := spread[name][1]) > 0
    }


def _cosine(one: Measures, other: Measures, language: str) -> float | None:
    """1 - cosine of the two in deviations from the mean of many authors: 0 alike, about 1 unrelated."""
    usual, _ = background(language)
    if not usual:
        return None
    first, second = (
        [(text.words.get(word, 0.0) - mean) / deviation for word, (mean, deviation) in usual.items() if deviation > 0]
        for text in (one, other)
    )
    length = math.hypot(*first) * math.hypot(*second)
    return 1 - sum(a * b for a, b in zip(first, second, strict=True)) / length if length else 0.0


@lru_cache(maxsize=8)
def background(language: str) -> tuple[Deviations, Deviations]:
    """Small words and habits with their mean and deviation among many authors; of other languages only habits, as in
    English."""
    data = tomllib.loads(Path(__file__).with_name("background.toml").read_text(encoding="utf-8"))
    said = data.get(language, {})

    def pairs(table: Mapping[str, Sequence[float]]) -> Deviations:
        return {name: (row[0], row[1]) for name, row in table.items()}

    return pairs(said.get("words", {})), pairs(said.get("habits", data["en"]["habits"]))
