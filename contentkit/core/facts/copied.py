"""Which runs of a text's words stand in the material in the same order, be it with a few of them changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress, count, islice

from contentkit.core.facts.material import Material, Witness

_TRIED = 6
_STRIDE = 16
"""Words that are compared at once."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words of a text that a source has too.

    Attributes:
        first, last: places among the words of the text, the last exclusive.
        there, end: places among the words of the source.
        same: how many of the words are the source's.
    """

    witness: Witness
    first: int
    last: int
    there: int
    end: int
    same: int


@dataclass(frozen=True, slots=True)
class Edits:
    """What a copy may have had done to it.

    Attributes:
        most: so many words may be others, left out or put in at one place.
        least: between two such places so many are the source's.
    """

    most: int
    least: int


def runs(keys: Sequence[str], material: Material, least: int, edits: Edits) -> Iterator[Run]:
    """The runs of at least ``least`` words, the longest at each place, in order and apart; of half as many more, where
    some of them were changed.

    Args:
        keys: the words of the text; "" for one that may be in no run.
    """
    block = max(2, least // 3)
    size = _begin(block)
    index = _index(material, block)
    begins = {begin for begin, _ in index}
    # All words are looked at here, nearly all of them in vain: no line of ours is run for those.
    known = map(begins.__contains__, zip(*(islice(keys, start, None) for start in range(size)), strict=False))
    end = begun = 0
    for at in compress(count(), known):
        if at < begun:
            continue
        places = index.get((tuple(keys[at : at + size]), hash(tuple(keys[at : at + block]))), ())
        if not places:
            continue
        longest = _longest(keys, material, at, places[:_TRIED], end)
        edited = _edited(keys, longest, end, edits)
        best = edited if edited.same * 2 >= least * 3 else longest
        if best.same >= least:
            yield best
            end = begun = best.last
        else:  # what begins in it and goes on beyond it has a block there
            begun = max(begun, longest.last - block + 1)


def _longest(keys: Sequence[str], material: Material, at: int, places: Sequence[tuple[int, int]], floor: int) -> Run:
    """The run that goes farthest around one of these places of the sources."""
    (number, place), *others = places
    longest = _extended(keys, material.sources[number], at, place, floor)
    for number, place in others:
        witness, beyond = material.sources[number], place + longest.last - at
        if keys[longest.last : longest.last + 1] == witness.tokens.keys[beyond : beyond + 1]:
            longest = max(longest, _extended(keys, witness, at, place, floor), key=lambda run: run.last)
    return longest


def _extended(keys: Sequence[str], witness: Witness, at: int, place: int, floor: int) -> Run:
    """The longest run of equal words around a place, not before ``floor``. Empty where nothing is equal."""
    known = witness.tokens.keys
    first, there = at, place
    while first > floor and there > 0 and keys[first - 1] == known[there - 1]:
        first, there = first - 1, there - 1
    last, stop = at, place
    while keys[last : last + _STRIDE] == known[stop : stop + _STRIDE] and stop + _STRIDE <= len(known):
        last, stop = last + _STRIDE, stop + _STRIDE
    while last < len(keys) and stop < len(known) and keys[last] == known[stop]:
        last, stop = last + 1, stop + 1
    return Run(witness, first, last, there, stop, last - first)


def _edited(keys: Sequence[str], run: Run, floor: int, edits: Edits) -> Run:
    """The run with those before and after it that only few other words keep apart from it."""
    while more := _next(keys, run, edits):
        run = Run(run.witness, run.first, more.last, run.there, more.end, run.same + more.same)
    while more := _previous(keys, run, floor, edits):
        run = Run(run.witness, more.first, run.last, more.there, run.end, run.same + more.same)
    return run


def _next(keys: Sequence[str], run: Run, edits: Edits) -> Run | None:
    known, size = run.witness.tokens.keys, edits.least
    here_most, there_most = len(keys) - size - run.last, len(known) - size - run.end
    for here, there in _gaps(edits.most):
        if here <= here_most and there <= there_most:
            at, place = run.last + here, run.end + there
            if keys[at] == known[place] and keys[at : at + size] == known[place : place + size]:
                return _extended(keys, run.witness, at, place, at)
    return None


def _previous(keys: Sequence[str], run: Run, floor: int, edits: Edits) -> Run | None:
    known, size = run.witness.tokens.keys, edits.least
    here_most, there_most = run.first - size - floor, run.there - size
    for here, there in _gaps(edits.most):
        if here <= here_most and there <= there_most:
            at, place, last = run.first - here - size, run.there - there - size, run.first - here
            if keys[at] == known[place] and keys[at:last] == known[place : place + size]:
                found = _extended(keys, run.witness, at, place, floor)
                return Run(run.witness, found.first, last, found.there, place + size, last - found.first)
    return None


@lru_cache(maxsize=8)
def _gaps(most: int) -> Sequence[tuple[int, int]]:
    """How many words lie between two runs in the text and in the source, the fewest first."""
    pairs = [(here, there) for here in range(most + 1) for there in range(most + 1) if here or there]
    return sorted(pairs, key=sum)


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
