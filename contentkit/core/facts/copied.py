"""Which runs of a text's words stand in the material in the same order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from contentkit.core.facts.material import Material, Witness

_TRIED = 6


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
    if not index:
        return
    at = end = 0
    while at + block <= len(keys):
        found = index.get(hash(tuple(keys[at : at + block])))
        best: Run | None = None
        for number, place in (found or ())[:_TRIED]:
            run = _extended(keys, material.sources[number], at, place, end)
            if run.last - run.first >= least and (best is None or run.last > best.last):
                best = run
        if best is None:
            at += 1
            continue
        yield best
        at = end = best.last


def _extended(keys: Sequence[str], witness: Witness, at: int, place: int, floor: int) -> Run:
    """The longest run of equal words around a place, not before ``floor``. Empty where nothing is equal."""
    known = witness.tokens.keys
    first, there = at, place
    while first > floor and there > 0 and keys[first - 1] == known[there - 1]:
        first, there = first - 1, there - 1
    last, there = at, place
    while last < len(keys) and there < len(known) and keys[last] == known[there]:
        last, there = last + 1, there + 1
    return Run(witness, first, last)


@lru_cache(maxsize=4)
def _index(material: Material, block: int) -> dict[int, list[tuple[int, int]]]:
    """Every block of words of the sources, end to end: a run of twice its length holds at least one of them."""
    found: dict[int, list[tuple[int, int]]] = {}
    for number, witness in enumerate(material.sources):
        keys = witness.tokens.keys
        for at in range(0, len(keys) - block + 1, block):
            found.setdefault(hash(tuple(keys[at : at + block])), []).append((number, at))
    return found
