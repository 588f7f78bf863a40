"""What follows from numbers that stand together in the material: sums, differences, shares, growth, times as much, a
share of a sum, the time between two dates."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from contentkit.core.facts.measures import based, hard, telling
from contentkit.core.text.numbers import Quantity

_TOGETHER = 400
"""Characters between two numbers that may be reckoned with each other."""
_CLOSE = 60
_MOST = 4_000
_NEIGHBOURS = 12
TIMES = frozenset({"times", "fold", "倍", "x", "mal"})
_COMPARED = frozenset({"more", "fewer", "less", "further", "additional", "mehr", "weniger"})
"""What stands after a number in place of the unit that was named before: "214 people, 46 more than last year"."""
_AGE = ("歳", "才")
_SMALL = 10
_ANYTHING = "*"
_MOST_ADDED = 30
"""Percent that are added to a price, such as a tax."""
_PARTS_OF_A_YEAR = (12, 52, 365)
_MOST_OFF = Fraction(1, 10)
"""By what part of itself a number may be off that is not meant exactly."""
Given = tuple[Quantity, Fraction, int]
"""A number of the material, its value, and the number of its witness."""
Made = tuple[str, Fraction, str]
"""A unit, a value and how it is reckoned."""


class _Values:
    """Values and how each is reckoned, to be asked for a span of them."""

    def __init__(self, made: Iterable[tuple[Fraction, str]]) -> None:
        self._how: dict[Fraction, str] = {}
        for value, how in made:
            self._how.setdefault(value, how)
        self._sorted = sorted(self._how)

    def within(self, low: Fraction, high: Fraction) -> str:
        """How one of the values from ``low`` to ``high`` is reckoned, both included; "" where there is none."""
        at = bisect_left(self._sorted, low)
        there = at < len(self._sorted) and self._sorted[at] <= high
        return self._how[self._sorted[at]] if there else ""


_NOTHING = _Values(())


@dataclass(frozen=True, slots=True)
class Derived:
    """What numbers of the material make together.

    Attributes:
        sums: by unit ("" is no unit), exactly; sums, differences and spans of time.
        products: by unit; shares of sums, which texts round.
        quotients: by unit; what comes to one of several things, and to a month, a week or a day of a year.
        shares: percentages, also of growth.
        ratios: how many times.
    """

    sums: Mapping[str, _Values]
    products: Mapping[str, _Values]
    quotients: Mapping[str, _Values]
    shares: _Values
    ratios: _Values

    def how(self, one: Quantity, value: Fraction, meant: tuple[Fraction, Fraction], half: Fraction) -> str:
        """How a number follows, as part of a sentence; "" where it does not.

        Args:
            meant: from where to where the text means it; both are ``value`` where it is meant exactly.
            half: of what the last digit is worth: so much may have been rounded away.
        """
        most = abs(value) * _MOST_OFF
        low, high = max(meant[0], value - most), min(meant[1], value + most)
        if one.kind == "percent":
            return self.shares.within(*_wider(value, low, high, half)) or self._sum("%", low, high)
        if one.unit in TIMES:
            return self.ratios.within(*_wider(value, low, high, min(half, value / 10)))
        unit = _unit(one)
        if abs(value) < _SMALL and not unit:
            return ""
        made = (self._sum(key, low * by, high * by) for key, by in _bases(one))
        found = next((how for how in made if how), "")
        half = min(half, abs(value) / 200)
        rounded = (low, high) if low < value < high else (value - half, value + half)
        return found or self.products.get(_counted(one, unit), _NOTHING).within(*rounded)

    def each(self, one: Quantity, low: Fraction, high: Fraction) -> str:
        """How what one thing has of a number follows: 11 commits a person of 412 commits by 38 people."""
        return self.quotients.get(_unit(one), _NOTHING).within(low, high)

    def part(self, low: Fraction, high: Fraction) -> str:
        """How a share between two percentages follows."""
        return self.shares.within(low, high)

    def _sum(self, unit: str, low: Fraction, high: Fraction) -> str:
        return self.sums.get(unit, _NOTHING).within(low, high)


def derived_from(given: Sequence[Given], more: Iterable[Made] = ()) -> Derived:
    """What follows from numbers of like unit that stand near each other; of very many, from the first ones.

    Args:
        more: sums that others have reckoned, such as spans of time.
    """
    given = given[:_MOST]
    sums: list[Made] = []
    shares: list[tuple[Fraction, str]] = []
    ratios: list[tuple[Fraction, str]] = []
    for one, other, unit, a, b in _pairs(given):
        first, second = one[0], other[0]
        for value, sign in ((a + b, "+"), (abs(a - b), "−")):
            larger, smaller = (first, second) if a >= b or sign == "+" else (second, first)
            sums.append((unit, value, f"{larger.text} {sign} {smaller.text}"))
        if a and b and unit != "%":
            _divide(first, second, a, b, shares, ratios)
            _divide(second, first, b, a, shares, ratios)
    for one, other in _beside(given):
        (first, a, _), (second, b, _) = (one, other) if one[1] < other[1] else (other, one)
        if 0 < a < b:
            shares.append((100 * a / b, f"{first.text} of {second.text}"))
            if not telling(first.unit):
                shares.append((100 - 100 * a / b, f"{second.text} without {first.text}"))
    shares += [(100 - value, f"100 % − {one.text}") for one, value, _ in given if one.kind == "percent" and value < 100]
    return Derived(
        _by_unit([*sums, *_totals(given), *more]),
        _by_unit(_products(given)),
        _by_unit(_quotients(given)),
        _Values(shares),
        _Values(ratios),
    )


def _wider(value: Fraction, low: Fraction, high: Fraction, half: Fraction) -> tuple[Fraction, Fraction]:
    """From where to where a number is meant that was rounded to what is shown, to a whole one at the most."""
    half = min(half, Fraction(1, 2))
    return min(low, value - half), max(high, value + half)


def _by_unit(made: Iterable[Made]) -> Mapping[str, _Values]:
    found: defaultdict[str, list[tuple[Fraction, str]]] = defaultdict(list)
    for unit, value, how in made:
        found[unit].append((value, how))
    return {unit: _Values(values) for unit, values in found.items()}


def _divide(
    first: Quantity,
    second: Quantity,
    a: Fraction,
    b: Fraction,
    shares: list[tuple[Fraction, str]],
    ratios: list[tuple[Fraction, str]],
) -> None:
    ratio = a / b
    if ratio < 1:
        shares.append((100 * ratio, f"{first.text} of {second.text}"))
    shares.append((abs(100 * (ratio - 1)), f"the step from {second.text} to {first.text}"))
    if ratio > 1:
        ratios.append((ratio, f"{first.text} is so many times {second.text}"))


def _unit(one: Quantity) -> str:
    if one.unit in _AGE:
        return _AGE[0]  # years of somebody are not added to those of something
    return one.unit if one.kind in ("money", "percent") else telling(one.unit)


def _near(given: Sequence[Given]) -> Iterator[tuple[Given, Given]]:
    """Pairs within sight of each other."""
    for at, one in enumerate(given):
        for other in given[at + 1 : at + 1 + _NEIGHBOURS]:
            if other[2] != one[2] or other[0].start - one[0].end > _TOGETHER:
                break
            yield one, other


def _pairs(given: Sequence[Given]) -> Iterator[tuple[Given, Given, str, Fraction, Fraction]]:
    """Pairs of units of one sort within sight of each other, the unit both are brought to, and both values in it."""
    for one, other in _near(given):
        (unit, by), *_ = _bases(one[0])
        (its, factor), *_ = _bases(other[0])
        if other[0].unit in _COMPARED and other[0].start - one[0].end <= _CLOSE:
            its, factor = unit, by
        if unit and unit == its:
            yield one, other, unit, one[1] * by, other[1] * factor


def _bases(one: Quantity) -> Sequence[tuple[str, Fraction]]:
    """What a number may be of, brought to the smallest unit, and how many of them its own unit is."""
    if one.unit in _AGE or one.kind in ("money", "percent"):
        return ((_unit(one), Fraction(1)), *(based(one.unit) if one.kind == "money" else ()))
    return based(one.unit) or ((_unit(one), Fraction(1)),)


def _products(given: Sequence[Given]) -> Iterator[Made]:
    """The share of a number that stands near it, what is left of it, and of a sum what it is with it: 10 % off £50."""
    for one, other in _near(given):
        share, whole = (one, other) if one[0].kind == "percent" else (other, one)
        unit = _unit(whole[0])
        unit = _counted(whole[0], unit)
        if share[0].kind != "percent" or not unit or unit == "%":
            continue
        part = whole[1] * share[1] / 100
        said = f"{share[0].text} of {whole[0].text}"
        yield unit, part, said
        yield unit, whole[1] - part, f"{whole[0].text} less {share[0].text}"
        if whole[0].kind == "money" and share[1] <= _MOST_ADDED:
            yield unit, whole[1] + part, f"{whole[0].text} and {share[0].text}"


def _counted(one: Quantity, unit: str) -> str:
    """The unit of a share of something: 72 % of 1,250 users are 900 people."""
    return _ANYTHING if one.kind == "number" and unit and not hard(one.unit) else unit


def _quotients(given: Sequence[Given]) -> Iterator[Made]:
    for quantity, value, _ in given:
        if unit := _unit(quantity):
            yield from ((unit, value / parts, f"{quantity.text} in {parts} parts") for parts in _PARTS_OF_A_YEAR)
    for pair in _near(given):
        for (whole, value, _), (parts, number, _) in (pair, pair[::-1]):
            unit, its = _unit(whole), _unit(parts)
            if unit and its not in ("", unit, "%") and parts.kind == "number" and number.denominator == 1 < number:
                yield unit, value / number, f"{whole.text} by {parts.text}"


def _beside(given: Sequence[Given]) -> Iterator[tuple[Given, Given]]:
    """Numbers that follow each other so closely that one may be part of the other: "of 240 berths, 60 are let"."""
    for one, other in pairwise(given):
        if one[2] != other[2] or other[0].start - one[0].end > _CLOSE or not one[0].kind == other[0].kind == "number":
            continue
        # In Latin letters the word behind a number may be any: "of the 240 berths, 60 belong to the city".
        units = {_unit(given[0]) for given in (one, other) if hard(given[0].unit) or not given[0].unit.isascii()}
        if len(units) < 2:
            yield one, other


def _totals(given: Sequence[Given]) -> Iterator[Made]:
    """Sums of three and more that follow each other and are of one sort."""
    for at, (first, value, witness) in enumerate(given):
        (unit, by), *_ = _bases(first)
        total, parts = value * by, [first.text]
        if not unit:
            continue
        for other, more, its in given[at + 1 : at + 1 + _NEIGHBOURS]:
            (its_unit, factor), *_ = _bases(other)
            if its != witness or its_unit != unit or other.start - first.end > 2 * _TOGETHER:
                break
            total, parts = total + more * factor, [*parts, other.text]
            if len(parts) > 2:
                yield unit, total, " + ".join(parts)
