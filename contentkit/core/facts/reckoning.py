"""Numbers of the material that stand together, in pairs and rows, and what they make: sums, shares, multiples."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from contentkit.core.facts.days import is_year
from contentkit.core.facts.measures import TIMES, based, hard, is_person, telling
from contentkit.core.facts.rounding import step_of
from contentkit.core.text.numbers import Quantity

_TOGETHER = 400
"""Characters between two numbers that may be reckoned with each other."""
CLOSE, _BESIDE = 60, 200
_NEIGHBOURS = 12
_COMPARED = frozenset({"more", "fewer", "less", "further", "additional", "mehr", "weniger"})
"""What stands after a number in place of the unit that was named before: "214 people, 46 more than last year"."""
_AGE = ("歳", "才")
SMALL = 10
ANYTHING, _ANYBODY = "*", "*person"
_LARGE = 1_000
_FEW_THINGS = 500
"""Of more of them a percentage without decimals is too many."""
_MOST_ADDED = 30
"""Percent that are added to a price, such as a tax."""
Given = tuple[Quantity, Fraction, object]
"""A number of the material, its value, and what it stands in: numbers are reckoned with others of the same."""
Made = tuple[str, Fraction, str]
"""A unit, a value and how it is reckoned."""
Pair = tuple[Quantity, Quantity, str, Fraction, Fraction, object]
"""Two numbers, the unit both are brought to, both values in it, and what they stand in."""


def sums(pairs: Iterable[Pair]) -> Iterator[Made]:
    for one, other, unit, a, b, _ in pairs:
        if min(a, b) == 1 and one.kind == "number" and not hard(one.unit):
            continue  # a thing and eight things: what "each" is said of
        larger, smaller = (one, other) if a >= b else (other, one)
        yield unit, a + b, f"{one.text} + {other.text}"
        yield unit, abs(a - b), f"{larger.text} − {smaller.text}"


def times(given: Sequence[Given]) -> Iterator[Made]:
    """So many times a number that stands near, and what it is so many times of: a litre diluted 500 times."""
    for pair in near(given, _BESIDE):
        for (times, by, _), (one, value, _) in (pair, pair[::-1]):
            if times.unit in TIMES and one.unit not in TIMES and one.kind != "percent" and by > 1 and unit_of(one):
                unit, factor = bases_of(one)[0]
                yield unit, value * factor * by, f"{times.text} × {one.text}"
                yield unit, value * factor / by, f"{one.text} / {times.text}"


def _divided(pairs: Iterable[Pair]) -> Iterator[tuple[Quantity, Quantity, Fraction]]:
    """Each by the other, and how many times it is the other."""
    for one, other, unit, a, b, _ in pairs:
        if a and b and unit != "%":
            yield one, other, a / b
            yield other, one, b / a


def shares(pairs: Iterable[Pair], *, grown: bool = True) -> Iterator[tuple[Fraction, str]]:
    """Percentages that one is of another, and with ``grown`` by which one is more or less than another."""
    for one, other, ratio in _divided(pairs):
        if ratio < 1:
            yield 100 * ratio, f"{one.text} of {other.text}"
        if grown:
            yield abs(100 * (ratio - 1)), f"the step from {other.text} to {one.text}"


def ratios(pairs: Sequence[Pair]) -> Iterator[tuple[Fraction, str]]:
    for one, other, ratio in _divided(pairs):
        if ratio > 1:
            yield ratio, f"{one.text} is so many times {other.text}"
    for one, other, unit, a, b, _ in pairs:
        if unit == "%" and a and b and abs(other.start - one.start) <= CLOSE:
            yield max(a, b) / min(a, b), f"{one.text} and {other.text}"


def parts(given: Sequence[Given], fits: Callable[[str], bool] = bool) -> Iterator[tuple[Fraction, str]]:
    """Shares of numbers one of which may be part of the other.

    Args:
        fits: whether the whole may be of a unit, where it has one.
    """
    for one, other in beside(given):
        (first, a, _), (second, b, _) = (one, other) if one[1] < other[1] else (other, one)
        if 0 < a < b and (not (unit := unit_of(second)) or fits(unit)):
            yield 100 * a / b, f"{first.text} of {second.text}"
            if not telling(first.unit):
                yield 100 - 100 * a / b, f"{second.text} without {first.text}"


def rests(given: Sequence[Given]) -> Iterator[tuple[Fraction, str]]:
    return ((100 - value, f"100 % − {one.text}") for one, value, _ in given if one.kind == "percent" and value < 100)


def is_measure(unit: str) -> bool:
    return ":" in unit  # as telling gives those of MEASURES


def fits(unit: str, whole: str, units: frozenset[str]) -> bool:
    """Whether numbers of a unit may make a share of something: where the material counts that, it is of these."""
    if is_person(whole):
        return is_person(unit)
    return not whole or whole not in units or unit == whole


def unit_of(one: Quantity) -> str:
    if one.unit in _AGE:
        return _AGE[0]  # years of somebody are not added to those of something
    return one.unit if one.kind in ("money", "percent") else telling(one.unit)


def near(given: Sequence[Given], reach: int = _TOGETHER) -> Iterator[tuple[Given, Given]]:
    """Pairs within sight of each other; Japanese says as much in half as many characters."""
    for at, one in enumerate(given):
        far = reach if one[0].text.isascii() and one[0].unit.isascii() else reach // 2
        for other in given[at + 1 : at + 1 + _NEIGHBOURS]:
            if other[2] != one[2] or other[0].start - one[0].end > far:
                break
            yield one, other


def pairs(given: Sequence[Given]) -> Iterator[Pair]:
    """Pairs of units of one sort within sight of each other."""
    for one, other in near(given):
        (unit, by), *_ = bases_of(one[0])
        (its, factor), *_ = bases_of(other[0])
        if other[0].unit in _COMPARED and other[0].start - one[0].end <= CLOSE:
            its, factor = unit, by
        if unit and unit == its:
            yield one[0], other[0], unit, one[1] * by, other[1] * factor, one[2]


def bases_of(one: Quantity) -> Sequence[tuple[str, Fraction]]:
    """What a number may be of, brought to the smallest unit, and how many of them its own unit is."""
    if one.unit in _AGE or one.kind in ("money", "percent"):
        return ((unit_of(one), Fraction(1)), *(based(one.unit) if one.kind == "money" else ()))
    return based(one.unit) or ((unit_of(one), Fraction(1)),)


def products(given: Sequence[Given]) -> Iterator[Made]:
    """The share of a number that stands near it, what is left of it, and of a sum what it is with it: 10 % off £50."""
    for one, other in near(given, _BESIDE):
        share, whole = (one, other) if _percent(one) else (other, one)
        plain, percent = unit_of(whole[0]), _percent(share)
        if not percent or not (plain or is_large(whole[0])) or plain == "%" or _percent(whole):
            continue
        unit = counted(whole[0], plain)
        said, rest = f"{share[0].text} of {whole[0].text}", f"{whole[0].text} less {share[0].text}"
        for part in _whole_parts(*whole[:2], percent):
            yield unit, part, said
            yield unit, whole[1] - part, rest
            if unit != plain:
                yield ANYTHING, part, said
                yield ANYTHING, whole[1] - part, rest
            if whole[0].kind == "money" and percent <= _MOST_ADDED:
                yield unit, whole[1] + part, f"{whole[0].text} and {share[0].text}"


def is_large(one: Quantity) -> bool:
    """Whether a number that says not what it counts surely counts something: 41,300 and no year."""
    return isinstance(one.value, Fraction) and one.kind == "number" and one.value >= _LARGE and not is_year(one)


def _percent(one: Given) -> Fraction:
    """The percentage that a number is, as such or in words: two thirds; 0 for another number."""
    quantity, value, _ = one
    if quantity.kind == "percent":
        return value
    return 100 * value if quantity.spelled and quantity.kind == "number" and 0 < value < 1 else Fraction(0)


def _whole_parts(whole: Quantity, value: Fraction, percent: Fraction) -> Iterable[Fraction]:
    """A percentage of a number; of few things the whole numbers of them that are this percentage as it is rounded."""
    part = value * percent / 100
    if whole.kind != "number" or hard(whole.unit) or value.denominator != 1 or value > _FEW_THINGS:
        return (part,)
    off = value * min(step_of(percent), Fraction(1)) / 200
    return map(Fraction, range(ceil(part - off), floor(part + off) + 1))


def counted(one: Quantity, unit: str) -> str:
    """The unit of a share of something, of people one for all: 72 % of 1,250 users are 900 people."""
    if one.kind != "number" or not unit or hard(one.unit):
        return unit
    return _ANYBODY if is_person(unit) else f"{ANYTHING}{unit}"


def quotients(given: Sequence[Given]) -> Iterator[Made]:
    for pair in near(given):
        for (whole, value, _), (parts, number, _) in (pair, pair[::-1]):
            unit, its = unit_of(whole), unit_of(parts)
            if unit and its not in ("", unit, "%") and parts.kind == "number" and number.denominator == 1 < number:
                yield unit, value / number, f"{whole.text} by {parts.text}"


def beside(given: Sequence[Given]) -> Iterator[tuple[Given, Given]]:
    """Numbers that follow each other so closely that one may be part of the other: "of 240 berths, 60 are let"."""
    for one, other in pairwise(one for one in given if not is_year(one[0])):
        if one[2] != other[2] or other[0].start - one[0].end > CLOSE or not one[0].kind == other[0].kind == "number":
            continue
        # In Latin letters the word behind a number may be any: "of the 240 berths, 60 belong to the city".
        units = {unit_of(given[0]) for given in (one, other) if hard(given[0].unit) or not given[0].unit.isascii()}
        if len(units) < 2:
            yield one, other


def rows_of_two(given: Sequence[Given]) -> Iterator[tuple[Fraction, str]]:
    """Sums of two small numbers in a row, whatever they count."""
    for (one, a, its), (other, b, same) in pairwise(given):
        small = one.kind == other.kind == "number" and max(a, b) <= 2 * SMALL
        if small and its == same and other.start - one.end <= CLOSE:
            yield a + b, f"{one.text} + {other.text}"


def totals(given: Sequence[Given]) -> Iterator[Made]:
    """Sums of three and more that follow each other and are of one sort."""
    for at, (first, value, witness) in enumerate(given):
        (unit, by), *_ = bases_of(first)
        total, parts = value * by, [first.text]
        if not unit:
            continue
        for other, more, its in given[at + 1 : at + 1 + _NEIGHBOURS]:
            (its_unit, factor), *_ = bases_of(other)
            if its != witness or its_unit != unit or other.start - first.end > 2 * _TOGETHER:
                break
            total, parts = total + more * factor, [*parts, other.text]
            if len(parts) > 2:
                yield unit, total, " + ".join(parts)
