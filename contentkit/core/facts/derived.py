"""What follows from numbers that stand together in the material: sums, differences, shares, growth, times as much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from contentkit.core.facts.measures import telling
from contentkit.core.text.numbers import Quantity

_TOGETHER = 400
"""Characters between two numbers that may be reckoned with each other."""
_CLOSE = 60
_MOST = 4_000
_NEIGHBOURS = 12
_TIMES = frozenset({"times", "fold", "倍", "x", "mal"})
_SMALL = 10
Given = tuple[Quantity, Fraction, int]
"""A number of the material, its value, and the number of its witness."""


@dataclass(frozen=True, slots=True)
class Derived:
    """What numbers of the material make together.

    Attributes:
        sums: unit ("" is no unit) and value -> how it is reckoned; sums and differences.
        shares: percentage, to a tenth -> how; also of growth.
        ratios: how many times, to a tenth -> how.
    """

    sums: Mapping[tuple[str, Fraction], str]
    shares: Mapping[Fraction, str]
    ratios: Mapping[Fraction, str]

    def how(self, one: Quantity, value: Fraction) -> str:
        """How a number follows, as part of a sentence; "" where it does not."""
        if one.kind == "percent":
            return self.shares.get(value, "") or self.sums.get(("%", value), "")
        if one.unit in _TIMES:
            return self.ratios.get(value, "")
        unit = _unit(one)
        if abs(value) < _SMALL and not unit:
            return ""
        return self.sums.get((unit, value), "")


def derived_from(given: Sequence[Given]) -> Derived:
    """What follows from numbers of like unit that stand near each other; of very many, from the first ones."""
    sums: dict[tuple[str, Fraction], str] = {}
    shares: dict[Fraction, str] = {}
    ratios: dict[Fraction, str] = {}
    for one, other, unit in _pairs(given[:_MOST]):
        (first, a, _), (second, b, _) = one, other
        for value, sign in ((a + b, "+"), (abs(a - b), "−")):
            larger, smaller = (first, second) if a >= b or sign == "+" else (second, first)
            sums.setdefault((unit, value), f"{larger.text} {sign} {smaller.text}")
        if a and b and unit != "%":
            _divide(first, second, a, b, shares, ratios)
            _divide(second, first, b, a, shares, ratios)
    for one, other in _beside(given[:_MOST]):
        (first, a, _), (second, b, _) = (one, other) if one[1] < other[1] else (other, one)
        for places in (0, 1):
            if 0 < a < b:
                shares.setdefault(_to(100 * a / b, places), f"{first.text} of {second.text}")
    for value, unit, how in _totals(given[:_MOST]):
        sums.setdefault((unit, value), how)
    return Derived(sums, shares, ratios)


def _divide(
    first: Quantity,
    second: Quantity,
    a: Fraction,
    b: Fraction,
    shares: dict[Fraction, str],
    ratios: dict[Fraction, str],
) -> None:
    ratio = a / b
    for places in (0, 1):
        if ratio < 1:
            shares.setdefault(_to(100 * ratio, places), f"{first.text} of {second.text}")
        shares.setdefault(_to(abs(100 * (ratio - 1)), places), f"the step from {second.text} to {first.text}")
        if ratio > 1:
            ratios.setdefault(_to(ratio, places), f"{first.text} is so many times {second.text}")


def _to(value: Fraction, places: int) -> Fraction:
    return Fraction(round(value * 10**places), 10**places)


def _unit(one: Quantity) -> str:
    return one.unit if one.kind in ("money", "percent") else telling(one.unit)


def _pairs(given: Sequence[Given]) -> Iterator[tuple[Given, Given, str]]:
    """Pairs of one unit within sight of each other, and that unit."""
    for at, one in enumerate(given):
        unit = _unit(one[0])
        for other in given[at + 1 : at + 1 + _NEIGHBOURS]:
            if other[2] != one[2] or other[0].start - one[0].end > _TOGETHER:
                break
            if unit and _unit(other[0]) == unit:
                yield one, other, unit


def _beside(given: Sequence[Given]) -> Iterator[tuple[Given, Given]]:
    """Numbers that follow each other so closely that one may be part of the other: "of 240 berths, 60 are let"."""
    for one, other in pairwise(given):
        if one[2] == other[2] and other[0].start - one[0].end <= _CLOSE and one[0].kind == other[0].kind == "number":
            yield one, other


def _totals(given: Sequence[Given]) -> Iterator[tuple[Fraction, str, str]]:
    """Sums of three and more that follow each other and have one unit."""
    for at, (first, value, witness) in enumerate(given):
        unit, total, parts = _unit(first), value, [first.text]
        if not unit:
            continue
        for other, more, its in given[at + 1 : at + 1 + _NEIGHBOURS]:
            if its != witness or _unit(other) != unit or other.start - first.end > 2 * _TOGETHER:
                break
            total, parts = total + more, [*parts, other.text]
            if len(parts) > 2:
                yield total, unit, " + ".join(parts)
