"""Sentences that say the same in the same words, or nearly so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

_COMMON = 12
"""A shingle that so many sentences have tells nothing; what has only such is a formula."""


def shingles(keys: Sequence[str], size: int) -> frozenset[tuple[str, ...]]:
    """Every run of ``size`` words."""
    return frozenset(zip(*(keys[start:] for start in range(size)), strict=False))


def alike(sentences: Sequence[Sequence[str]], size: int, least: float) -> Iterator[tuple[int, int, float]]:
    """For each sentence the earlier one that is most like it, and how much (1 is the same): later, earlier, likeness.

    Args:
        sentences: their words, in order.
        size: of the shingles that are compared.
        least: likeness (shared shingles of all shingles) from which on a pair is given.
    """
    sets: dict[int, frozenset[tuple[str, ...]]] = {}
    exact: dict[tuple[str, ...], int] = {}
    first: dict[tuple[str, ...], int] = {}
    more: dict[tuple[str, ...], list[int]] = {}
    for number, keys in enumerate(sentences):
        same = exact.setdefault(tuple(keys), number)
        if same != number:
            yield number, same, 1.0
            continue
        own = sets[number] = shingles(keys, size)
        known = first.keys() & own
        if known:
            shared = Counter(chain((first[one] for one in known), *(more.get(one, ()) for one in known)))
            other, common = max(shared.items(), key=lambda pair: (pair[1], -pair[0]))
            likeness = common / max(1, len(own) + len(sets[other]) - common)
            if likeness >= least:
                yield number, other, likeness
        first.update(dict.fromkeys(own - known, number))  # most stand in one sentence only
        for shingle in known:
            held = more.setdefault(shingle, [])
            if len(held) < _COMMON - 1:
                held.append(number)
