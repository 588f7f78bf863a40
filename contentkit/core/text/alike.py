"""Sentences that say the same in the same words, or nearly so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

_COMMON = 12
"""A shingle that so many sentences have tells nothing; what has only such is a formula."""


def shingles(keys: Sequence[str], size: int) -> frozenset[tuple[str, ...]]:
    """Every run of ``size`` words."""
    return frozenset(tuple(keys[at : at + size]) for at in range(len(keys) - size + 1))


def alike(sentences: Sequence[Sequence[str]], size: int, least: float) -> Iterator[tuple[int, int, float]]:
    """For each sentence the earlier one that is most like it, and how much (1 is the same): later, earlier, likeness.

    Args:
        sentences: their words, in order.
        size: of the shingles that are compared.
        least: likeness (shared shingles of all shingles) from which on a pair is given.
    """
    sets: dict[int, frozenset[tuple[str, ...]]] = {}
    exact: dict[tuple[str, ...], int] = {}
    holders: dict[tuple[str, ...], list[int]] = {}
    for number, keys in enumerate(sentences):
        first = exact.setdefault(tuple(keys), number)
        if first != number:
            yield number, first, 1.0
            continue
        own = sets[number] = shingles(keys, size)
        shared = Counter(other for shingle in own for other in holders.get(shingle, ()))
        if shared:
            other, common = max(shared.items(), key=lambda pair: (pair[1], -pair[0]))
            likeness = common / max(1, len(own) + len(sets[other]) - common)
            if likeness >= least:
                yield number, other, likeness
        for shingle in own:
            held = holders.setdefault(shingle, [])
            if len(held) < _COMMON:
                held.append(number)
