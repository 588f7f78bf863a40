"""Which runs of a text's words stand in the material in the same order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from contentkit.core.facts.material import Material, Witness

_TRIED = 6
_STRIDE = 16
"""Words that are compared at once."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words of a text that a source has too.

    Attributes:
        first, last: places among the words of the text, the last exclusive.
    """

    witness: Witness
    first: int
    last: int


def runs(keys: Sequence[str], material: Material, least: int) -> Iterator[Run]:
    """The runs of at least ``least`` words, the longest at each place, in order and apart.

    Args:
        keys: the words of the text; "" for one that may be in no run.
    """
    block = max(2, least // 2)
    index = _index(material, block)
    begins = {begin for begin, _ in index}
    end = 0
    for at, begin in enumerate(zip(*(islice(keys, start, None) for start in range(_begin(block))), strict=False)):
        if at < end or begin not in begins:
            continue
        places = index.get((begin, hash(tuple(keys[at : at + block]))), ())
        found = [_extended(keys, material.sources[number], at, place, end) for number, place in places[:_TRIED]]
        if long := [run for run in found if run.last - run.first >= least]:
            best = max(long, key=lambda run: run.last)
            yield best
            end = best.last


def _extended(keys: Sequence[str], witness: Witness, at: int, place: int, floor: int) -> Run:
    """The longest run of equal words around a place, not before ``floor``. Empty where nothing is equal."""
    known = witness.tokens.keys
    first, there = at, place
    while first > floor and there > 0 and keys[first - 1] == known[there - 1]:
        first, there = first - 1, there - 1
    last, there = at, place
    while keys[last : last + _STRIDE] == known[there : there + _STRIDE] and there + _STRIDE <= len(known):
        last, there = last + _STRIDE, there + _STRIDE
    while last < len(keys) and there < len(known) and keys[last] == known[there]:
        last, there = last + 1, there + 1
    return Run(witness, first, last)


def _begin(block: int) -> int:
    """How many words of a block are looked at first."""
    return min(4, block)


@lru_cache(maxsize=4)
def _index(material: Material, block: int) -> dict[tuple[tuple[str, ...], int], list[tuple[int, int]]]:
    """Every block of words of the sources, end to end, by its first words and its hash: a run of twice its length holds
    at least one of them."""
    found: dict[tuple[tuple[str, ...], int], list[tuple[int, int]]] = {}
    size = _begin(block)
    for number, witness in enumerate(material.sources):
        keys = witness.tokens.keys
        for at in range(0, len(keys) - block + 1, block):
            known = tuple(keys[at : at + size]), hash(tuple(keys[at : at + block]))
            found.setdefault(known, []).append((number, at))
    return found
