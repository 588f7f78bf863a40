"""Which sentences say most: TextRank and the centroid of terms, with place and topic, and without repeating oneself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from math import log

from contentkit.core.text.words import terms_of
from contentkit.providers._offline.material import Material, Sentence
from contentkit.providers._offline.words import units

# TextRank looks at every pair; of more sentences than this only the best by their terms take part.
_MOST_PAIRED = 300
_MOST_WEIGHED = 400
_LEADING = 6
# Sections of a document that are not what it is about.
ABOUT_ITSELF = re.compile(
    r"licen[cs]e|acknowledg|credits|change ?log|release notes|sponsor|support us|lizenz|danksagung"
    r"|謝辞|ライセンス|変更履歴|更新履歴|スポンサー|支援",
    re.IGNORECASE,
)
_ROUNDS, _DAMPING = 25, 0.85


def scores(material: Material, topic: str) -> dict[int, float]:
    """A score about 0 to 1 for every sentence, by its position. The same material always gives the same."""
    pool = material.sentences
    if not pool:
        return {}
    weights = _term_weights(pool)
    by_terms = _scaled({one.position: _centroid(one, weights) for one in pool})
    best = sorted(pool, key=lambda one: (-by_terms[one.position], one.position))[:_MOST_PAIRED]
    by_rank = _scaled(_textrank(sorted(best, key=lambda one: one.position)))
    wanted = {key for text in (topic, material.title) for key, _ in terms_of(text, material.language) if " " not in key}
    asked = {key for key, _ in terms_of(topic, material.language) if " " not in key}
    found = {}
    for section in material.sections:
        titled = {key for key, _ in terms_of(section.title, material.language) if " " not in key}
        for place, one in enumerate(section.sentences):
            score = 0.45 * by_rank.get(one.position, 0.0) + 0.3 * by_terms[one.position]
            score += 0.15 if place == 0 else 0.07 if place == 1 else 0.0
            score += 0.12 * _share(one.terms, titled) + 0.12 * _share(one.terms, wanted) + 0.8 * _met(one.terms, asked)
            score -= 0.2 if ABOUT_ITSELF.search(section.title) else 0.0
            found[one.position] = score - _drawbacks(one, material.language)
    for number in range(1, len(material.sources) + 1):
        # Texts begin with what they are about.
        for place, one in enumerate([one for one in pool if one.source == number][:_LEADING]):
            found[one.position] += 0.15 * (1 - place / _LEADING)
    return found


def _drawbacks(one: Sentence, language: str) -> float:
    """What speaks against showing a sentence away from its place."""
    loss = 0.3 if one.refers else 0.15 if one.leans else 0.0
    loss += 0.04 if one.place else 0.0
    loss += 0.15 if one.asks else 0.0
    loss += 0.05 if not one.plain else 0.0
    loss += 0.1 if one.text.startswith("@") or "`" in one.raw or "](" in one.raw else 0.0
    loss += 0.15 if one.text[:1] in "\"“「『'" else 0.0
    length, fair = units(one.text, language), 70 if language in ("ja", "zh") else 26
    return loss + 0.15 * max(0.0, (length - fair) / fair)


def _term_weights(pool: Sequence[Sentence]) -> dict[str, float]:
    """Terms that recur weigh most; those in nearly every sentence, and those seen once, little."""
    counts = Counter(term for one in pool for term in one.terms)
    return {term: log(1 + number) * log(1 + len(pool) / number) for term, number in counts.items() if number > 1}


def _centroid(one: Sentence, weights: dict[str, float]) -> float:
    return sum(weights.get(term, 0.0) for term in one.terms) / (4 + len(one.terms)) if one.terms else 0.0


def _scaled(values: dict[int, float]) -> dict[int, float]:
    most = max(values.values(), default=0.0)
    return {key: value / most for key, value in values.items()} if most > 0 else values


def _textrank(pool: Sequence[Sentence]) -> dict[int, float]:
    """PageRank over the sentences, joined by the terms they share (Mihalcea and Tarau, 2004)."""
    links = _links(pool)
    totals = [sum(row.values()) for row in links]
    ranks = [1.0] * len(pool)
    for _ in range(_ROUNDS):
        ranks = [
            (1 - _DAMPING) + _DAMPING * sum(weight * ranks[other] / totals[other] for other, weight in row.items())
            for row in links
        ]
    return {one.position: rank for one, rank in zip(pool, ranks, strict=True)}


def _links(pool: Sequence[Sentence]) -> list[dict[int, float]]:
    links: list[dict[int, float]] = [{} for _ in pool]
    for first, one in enumerate(pool):
        for second in range(first + 1, len(pool)):
            weight = similarity(one, pool[second])
            if weight:
                links[first][second] = links[second][first] = weight
    return links


def similarity(one: Sentence, other: Sentence) -> float:
    """Shared terms by the lengths of both; 0 to about 1."""
    shared = len(one.terms & other.terms)
    return shared / (1 + log(1 + len(one.terms)) * log(1 + len(other.terms))) if shared else 0.0


def _share(terms: Collection[str], wanted: Collection[str]) -> float:
    return sum(term in wanted for term in terms) / max(2, len(wanted)) if wanted else 0.0


def _met(terms: Collection[str], asked: Collection[str]) -> float:
    """How far a sentence is about the topic; two of its words are enough."""
    return min(1.0, sum(term in asked for term in terms) / min(2, len(asked))) if asked else 0.0


def pick(
    pool: Iterable[Sentence],
    score: dict[int, float],
    *,
    room: int,
    length: Callable[[str], int],
    most: int = 1000,
    beside: Sequence[Sentence] = (),
) -> list[Sentence]:
    """The best sentences that fit into ``room``, without near repeats (MMR), in the order of the sources.

    A sentence that leans on the one before it comes only with that one.

    Args:
        length: of a text, in the unit of ``room``.
        beside: sentences shown elsewhere, which the picked ones should not repeat.
    """
    left = sorted(pool, key=lambda one: (-score[one.position], one.position))[:_MOST_WEIGHED]
    chosen: list[Sentence] = []
    while left and len(chosen) < most:
        taken = {one.position for one in chosen}
        open_now = [one for one in left if not one.refers or one.position - 1 in taken]
        open_now = [one for one in open_now if length(one.text) <= room]
        if not open_now:
            break
        best = max(open_now, key=lambda one: (_worth(one, score, chosen, beside), -one.position))
        chosen.append(best)
        left.remove(best)
        room -= length(best.text)
    return sorted(chosen, key=lambda one: one.position)


def _worth(one: Sentence, score: dict[int, float], chosen: Sequence[Sentence], beside: Sequence[Sentence]) -> float:
    repeats = max((similarity(one, other) for other in (*chosen, *beside)), default=0.0)
    follows = any(one.position == other.position + 1 and one.paragraph == other.paragraph for other in chosen)
    # In its place behind the one before it, leaning is no fault and reading on is pleasant.
    bonus = (0.3 if one.refers else 0.12) if follows else 0.0
    return score[one.position] + bonus - 0.5 * repeats
