"""Whether a share, a growth or a multiple that follows from numbers of the material is of what the sentence speaks of.

Any few numbers make so many shares that one of them fits by accident. So the words of the sentence must stand beside
one of the two, unless they stand beside no two numbers that could be compared.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import islice

from contentkit.core.facts import reckoning
from contentkit.core.facts.claims import content
from contentkit.core.facts.material import Witness
from contentkit.core.facts.measures import telling
from contentkit.core.text.numbers import Quantity

_MOST, _OFTEN, _NAMED = 200, 12, 40
"""So many ways to reckon a number say nothing; a word beside more numbers than this names none of them."""
_AROUND = 160
_ROWS = 60
_STOP = re.compile(r"[.!?;](?=\s)|[。！？]|\n\s*\n|\n(?=[-*#|])")


@dataclass(frozen=True, slots=True)
class _Relation:
    """One number, or two that are compared, and which witness has them."""

    value: float
    numbers: tuple[Quantity, ...]
    place: object


class Topics:
    """What the shares and multiples of the material are of.

    Args:
        given: its numbers, with what each stands in.
        pairs: those of them that can be compared.
    """

    def __init__(
        self, witnesses: Sequence[Witness], given: Sequence[reckoning.Given], pairs: Sequence[reckoning.Pair]
    ) -> None:
        self._witnesses = {witness.number: witness for witness in witnesses}
        self._given = given
        self._pairs = pairs
        self._words: dict[tuple[int, int], frozenset[str]] = {}

    def other_share(self, low: Fraction, high: Fraction, said: str, own: Sequence[Fraction]) -> str:
        """What the material has of the things that a sentence names, where a percentage between two bounds follows from
        numbers of other things only; "" where all is well.

        Args:
            said: the sentence.
            own: its other numbers, which may be what is compared.
        """
        return self._other(self._shares, low, high, said, own, 100)

    def other_multiple(self, low: Fraction, high: Fraction, said: str, own: Sequence[Fraction], unit: str = "") -> str:
        """The same for so many times as much.

        Args:
            unit: what there are so many times as many of, as ``telling`` gives it, where the text says it.
        """
        counted = (
            [one for one in self._ratios if any(telling(each.unit) == unit for each in one.numbers)] if unit else []
        )
        return self._other(counted or self._ratios, low, high, said, own, 1)

    def _other(
        self, known: Sequence[_Relation], low: Fraction, high: Fraction, said: str, own: Sequence[Fraction], scale: int
    ) -> str:
        first = bisect_left(known, float(low) - 1e-9, key=_value)
        last = bisect_right(known, float(high) + 1e-9, key=_value)
        if last - first > _MOST:
            return ""
        words = {language: content(said, language) for language in {one.language for one in self._witnesses.values()}}
        if any(self._touches(one, words) for one in known[first:last]):
            return ""
        named = list(islice(self._named(words), _NAMED))
        others = [one.value for one, _ in named if isinstance(one.value, Fraction)]
        if any(_makes(a, b, low, high, scale) for a in own for b in (*own, *others)):
            return ""
        return self._instead(named)

    def _instead(self, named: Sequence[tuple[Quantity, tuple[int, int]]]) -> str:
        """Two numbers that can be compared, of what a sentence names."""
        starts = {place for _, place in named}
        for one, other, *_, place in self._pairs:
            number = _number(place)
            if {(number, one.start), (number, other.start)} <= starts:
                return f"of this [{number}] says {one.text!r} and {other.text!r}"
        return ""

    def _named(self, words: dict[str, frozenset[str]]) -> Iterator[tuple[Quantity, tuple[int, int]]]:
        """The numbers that share a word with a sentence which stands beside few."""
        for one, _, place in self._given:
            number = _number(place)
            beside = self._beside(one, number)
            here = words[self._witnesses[number].language]
            if any(self._often[word] <= _OFTEN for word in beside & here):
                yield one, (number, one.start)

    def _touches(self, one: _Relation, words: dict[str, frozenset[str]]) -> bool:
        number = _number(one.place)
        here = words[self._witnesses[number].language]
        return any(not self._beside(each, number).isdisjoint(here) for each in one.numbers)

    def _beside(self, one: Quantity, number: int) -> frozenset[str]:
        """The words of the sentence that a number stands in; in a table those of its row's and its columns' heads."""
        key = (number, one.start)
        if key not in self._words:
            witness = self._witnesses[number]
            self._words[key] = content(_around(witness.text, one.start, one.end), witness.language)
        return self._words[key]

    @cached_property
    def _often(self) -> Counter[str]:
        """Beside how many numbers each word stands."""
        places = {(_number(place), one.start): one for one, _, place in self._given}
        return Counter(word for (number, _), one in places.items() for word in self._beside(one, number))

    @cached_property
    def _shares(self) -> Sequence[_Relation]:
        found = [
            _Relation(float(value), (one, other), place)
            for one, other, _, a, b, place in self._pairs
            if a and b
            for ratio in (a / b, b / a)
            for value in (100 * ratio, 100 * abs(ratio - 1))
        ]
        for one, other in reckoning.beside(self._given):
            if one[1] and other[1]:
                small, large = sorted((one[1], other[1]))
                part = 100 * small / large
                found += [_Relation(float(value), (one[0], other[0]), one[2]) for value in (part, 100 - part)]
        for number, value, place in self._given:
            if number.kind == "percent":
                found.append(_Relation(float(100 - value), (number,), place))
        return sorted(found, key=_value)

    @cached_property
    def _ratios(self) -> Sequence[_Relation]:
        found = [
            _Relation(float(max(a, b) / min(a, b)), (one, other), place)
            for one, other, _, a, b, place in self._pairs
            if min(a, b) > 0
        ]
        return sorted(found, key=_value)


def _value(one: _Relation) -> float:
    return one.value


def _number(place: object) -> int:
    assert isinstance(place, tuple)
    return int(place[0])


def _makes(one: Fraction, other: Fraction, low: Fraction, high: Fraction, scale: int) -> bool:
    """Whether two numbers make a share, a growth or a multiple between two bounds."""
    if one <= 0 or other <= 0:
        return False
    ratios = (one / other, other / one)
    growth = [abs(ratio - 1) for ratio in ratios] if scale == 100 else []
    return any(low <= scale * value <= high for value in (*ratios, *growth))


def _around(text: str, start: int, end: int) -> str:
    """The sentence that a number stands in, as far as it is near; in a table its row's first cell and the head."""
    line = text.rfind("\n", 0, start) + 1
    if text.startswith("|", line):
        return f"{text[line:start].split('|')[1]} {_head(text, line)}"
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    return f"{_STOP.split(before)[-1]} {text[start:end]} {_STOP.split(after)[0]}"


def _head(text: str, line: int) -> str:
    """The first row of a table, and the line above it."""
    for _ in range(_ROWS):
        above = text.rfind("\n", 0, max(0, line - 1)) + 1
        if line == 0 or not text.startswith("|", above):
            break
        line = above
    return text[line : text.find("\n", line)]
