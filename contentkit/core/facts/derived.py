"""What follows from numbers that stand together in the material: sums, differences, shares, growth, times as much, a
share of a sum, the time between two dates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import chain, pairwise
from math import ceil, floor

from contentkit.core.facts.days import is_year
from contentkit.core.facts.implied import UNNAMED
from contentkit.core.facts.measures import based, hard, is_person, telling
from contentkit.core.facts.ordered import Ordered
from contentkit.core.facts.rounding import Meaning, step_of
from contentkit.core.text.numbers import Quantity

_TOGETHER = 400
"""Characters between two numbers that may be reckoned with each other."""
_CLOSE, _BESIDE = 60, 200
MOST = 4_000
"""Of so many numbers of the material it is seen what they make together."""
_NEIGHBOURS = 12
TIMES = frozenset({"times", "fold", "倍", "x", "mal"})
_COMPARED = frozenset({"more", "fewer", "less", "further", "additional", "mehr", "weniger"})
"""What stands after a number in place of the unit that was named before: "214 people, 46 more than last year"."""
_AGE = ("歳", "才")
_SMALL = 10
_ANYTHING, _ANYBODY = "*", "*person"
_FEW_THINGS = 500
"""Of more of them a percentage without decimals is too many."""
_MOST_ADDED = 30
"""Percent that are added to a price, such as a tax."""
_MOST_OFF = Fraction(1, 10)
"""By what part of itself a number may be off that is not meant exactly."""
Given = tuple[Quantity, Fraction, object]
"""A number of the material, its value, and what it stands in: numbers are reckoned with others of the same."""
Made = tuple[str, Fraction, str]
"""A unit, a value and how it is reckoned."""
Pair = tuple[Quantity, Quantity, str, Fraction, Fraction]
"""Two numbers, the unit both are brought to, and both values in it."""


class Values:
    """Values and how each is reckoned, to be asked for a span of them."""

    def __init__(self, made: Iterable[tuple[Fraction, str]]) -> None:
        self._how: dict[Fraction, str] = {}
        for value, how in made:
            self._how.setdefault(value, how)
        self._values = Ordered(self._how)

    def within(self, low: Fraction, high: Fraction) -> str:
        """How one of the values from ``low`` to ``high`` is reckoned, both included; "" where there is none."""
        values, at = self._values.values, self._values.below(low)
        there = at < len(values) and values[at] <= high
        return self._how[values[at]] if there else ""


_NOTHING = Values(())


class Derived:
    """What numbers of like unit that stand near each other in the material make together; each sort of it is reckoned
    when it is first asked for.

    Args:
        given: the numbers of the material; of very many, the first ones count.
        more: sums that others have reckoned, such as spans of time.
    """

    def __init__(self, given: Sequence[Given], more: Iterable[Made] = ()) -> None:
        self._given = given[:MOST]
        self._more = more

    def how(self, one: Quantity, said: Meaning) -> str:
        """How a number follows, as part of a sentence; "" where it does not."""
        value, low, high = said.value, said.low, said.high
        if not said.exact:
            most = abs(value) * _MOST_OFF
            low, high = max(low, value - most), min(high, value + most)
        if one.kind == "percent":
            return self._shares.within(*_wider(value, low, high, said.step / 2)) or self._sum("%", low, high)
        if one.unit in TIMES:
            return self._ratios.within(*_wider(value, low, high, min(said.step / 2, value / 10)))
        unit = _unit(one)
        if not unit:
            return self._sum(UNNAMED, low, high) if abs(value) >= _SMALL else ""
        found = next((how for key, by in _bases(one) if (how := self._sum(key, low * by, high * by))), "")
        counted = _counted(one, unit)
        # Of a counter of Japanese, and of a few things, a share is of things that are counted so too.
        if counted != unit and counted not in self._products and unit.isascii() and abs(value) >= _SMALL:
            counted = _ANYTHING
        return found or self._product(counted, said, low, high)

    def each(self, one: Quantity, low: Fraction, high: Fraction) -> str:
        """How what one thing has of a number follows: 11 commits a person of 412 commits by 38 people."""
        return self._quotients.get(_unit(one), _NOTHING).within(low, high)

    def part(self, low: Fraction, high: Fraction, whole: str = "") -> str:
        """How a share between two percentages follows.

        Args:
            whole: what it is a share of, where that is known: three minutes of ten are no share of the members.
        """
        return self._shares_of(whole).within(low, high)

    def few(self, value: Fraction) -> str:
        """How a small number follows from two that stand beside each other, whatever they count."""
        return self._small.within(value, value)

    def _sum(self, unit: str, low: Fraction, high: Fraction) -> str:
        sums = self._sums.get(unit)
        return sums.within(low, high) if sums else ""

    def _product(self, unit: str, said: Meaning, low: Fraction, high: Fraction) -> str:
        products = self._products.get(unit)
        if products is None:
            return ""
        half = min(said.step / 2, abs(said.value) / 200)
        return products.within(*((low, high) if low < said.value < high else (said.value - half, said.value + half)))

    @cached_property
    def _paired(self) -> Sequence[Pair]:
        return list(_pairs(self._given))

    @cached_property
    def _sums(self) -> Mapping[str, Values]:
        """By unit ("" is no unit), exactly; sums, differences and spans of time."""
        made = (_sums(self._paired), _totals(self._given), _times(self._given), self._more)
        return _by_unit(chain.from_iterable(made))

    @cached_property
    def _products(self) -> Mapping[str, Values]:
        """By unit; shares of sums, which texts round."""
        return _by_unit(_products(self._given))

    @cached_property
    def _quotients(self) -> Mapping[str, Values]:
        """By unit; what comes to one of several things."""
        return _by_unit(_quotients(self._given))

    @cached_property
    def _shares(self) -> Values:
        """Percentages, also of growth."""
        return Values([*_shares(self._paired), *_parts(self._given), *_rests(self._given)])

    def _shares_of(self, whole: str) -> Values:
        """The percentages that may be of this."""
        if _is_measure(whole):
            return self._shares
        if whole not in self._by_whole:
            pairs = [pair for pair in self._paired if not hard(pair[0].unit) and _fits(pair[2], whole, self._units)]
            parts = _parts(self._given, lambda unit: _fits(unit, whole, self._units))
            self._by_whole[whole] = Values([*_shares(pairs), *parts, *_rests(self._given)])
        return self._by_whole[whole]

    @cached_property
    def _by_whole(self) -> dict[str, Values]:
        return {}

    @cached_property
    def _units(self) -> frozenset[str]:
        return frozenset(_unit(one) for one, _, _ in self._given)

    @cached_property
    def _small(self) -> Values:
        """Sums of two small numbers in a row."""
        return Values((one[1] + other[1], f"{one[0].text} + {other[0].text}") for one, other in pairwise(self._given)
                      if one[2] == other[2] and other[0].start - one[0].end <= _CLOSE
                      and one[0].kind == other[0].kind == "number" and max(one[1], other[1]) <= 2 * _SMALL)  # fmt: skip

    @cached_property
    def _ratios(self) -> Values:
        """How many times."""
        return Values(_ratios(self._paired))


def _wider(value: Fraction, low: Fraction, high: Fraction, half: Fraction) -> tuple[Fraction, Fraction]:
    """From where to where a number is meant that was rounded to what is shown, to a whole one at the most."""
    half = min(half, Fraction(1, 2))
    return min(low, value - half), max(high, value + half)


def _by_unit(made: Iterable[Made]) -> Mapping[str, Values]:
    found: defaultdict[str, list[tuple[Fraction, str]]] = defaultdict(list)
    for unit, value, how in made:
        found[unit].append((value, how))
    return {unit: Values(values) for unit, values in found.items()}


def _sums(pairs: Iterable[Pair]) -> Iterator[Made]:
    for one, other, unit, a, b in pairs:
        if min(a, b) == 1 and one.kind == "number" and not hard(one.unit):
            continue  # a thing and eight things: what "each" is said of
        larger, smaller = (one, other) if a >= b else (other, one)
        yield unit, a + b, f"{one.text} + {other.text}"
        yield unit, abs(a - b), f"{larger.text} − {smaller.text}"


def _times(given: Sequence[Given]) -> Iterator[Made]:
    """So many times a number that stands near, and what it is so many times of: a litre diluted 500 times."""
    for pair in _near(given, _BESIDE):
        for (times, by, _), (one, value, _) in (pair, pair[::-1]):
            if times.unit in TIMES and one.unit not in TIMES and one.kind != "percent" and by > 1 and _unit(one):
                unit, factor = _bases(one)[0]
                yield unit, value * factor * by, f"{times.text} × {one.text}"
                yield unit, value * factor / by, f"{one.text} / {times.text}"


def _divided(pairs: Iterable[Pair]) -> Iterator[tuple[Quantity, Quantity, Fraction]]:
    """Each by the other, and how many times it is the other."""
    for one, other, unit, a, b in pairs:
        if a and b and unit != "%":
            yield one, other, a / b
            yield other, one, b / a


def _shares(pairs: Iterable[Pair]) -> Iterator[tuple[Fraction, str]]:
    for one, other, ratio in _divided(pairs):
        if ratio < 1:
            yield 100 * ratio, f"{one.text} of {other.text}"
        yield abs(100 * (ratio - 1)), f"the step from {other.text} to {one.text}"


def _ratios(pairs: Sequence[Pair]) -> Iterator[tuple[Fraction, str]]:
    for one, other, ratio in _divided(pairs):
        if ratio > 1:
            yield ratio, f"{one.text} is so many times {other.text}"
    for one, other, unit, a, b in pairs:
        if unit == "%" and a and b and abs(other.start - one.start) <= _CLOSE:
            yield max(a, b) / min(a, b), f"{one.text} and {other.text}"


def _parts(given: Sequence[Given], fits: Callable[[str], bool] = bool) -> Iterator[tuple[Fraction, str]]:
    """Shares of numbers one of which may be part of the other.

    Args:
        fits: whether the whole may be of a unit, where it has one.
    """
    for one, other in _beside(given):
        (first, a, _), (second, b, _) = (one, other) if one[1] < other[1] else (other, one)
        if 0 < a < b and (not (unit := _unit(second)) or fits(unit)):
            yield 100 * a / b, f"{first.text} of {second.text}"
            if not telling(first.unit):
                yield 100 - 100 * a / b, f"{second.text} without {first.text}"


def _rests(given: Sequence[Given]) -> Iterator[tuple[Fraction, str]]:
    return ((100 - value, f"100 % − {one.text}") for one, value, _ in given if one.kind == "percent" and value < 100)


def _is_measure(unit: str) -> bool:
    return ":" in unit  # as telling gives those of MEASURES


def _fits(unit: str, whole: str, units: frozenset[str]) -> bool:
    """Whether numbers of a unit may make a share of something: where the material counts that, it is of these."""
    if is_person(whole):
        return is_person(unit)
    return not whole or whole not in units or unit == whole


def _unit(one: Quantity) -> str:
    if one.unit in _AGE:
        return _AGE[0]  # years of somebody are not added to those of something
    return one.unit if one.kind in ("money", "percent") else telling(one.unit)


def _near(given: Sequence[Given], reach: int = _TOGETHER) -> Iterator[tuple[Given, Given]]:
    """Pairs within sight of each other; Japanese says as much in half as many characters."""
    for at, one in enumerate(given):
        far = reach if one[0].text.isascii() and one[0].unit.isascii() else reach // 2
        for other in given[at + 1 : at + 1 + _NEIGHBOURS]:
            if other[2] != one[2] or other[0].start - one[0].end > far:
                break
            yield one, other


def _pairs(given: Sequence[Given]) -> Iterator[Pair]:
    """Pairs of units of one sort within sight of each other."""
    for one, other in _near(given):
        (unit, by), *_ = _bases(one[0])
        (its, factor), *_ = _bases(other[0])
        if other[0].unit in _COMPARED and other[0].start - one[0].end <= _CLOSE:
            its, factor = unit, by
        if unit and unit == its:
            yield one[0], other[0], unit, one[1] * by, other[1] * factor


def _bases(one: Quantity) -> Sequence[tuple[str, Fraction]]:
    """What a number may be of, brought to the smallest unit, and how many of them its own unit is."""
    if one.unit in _AGE or one.kind in ("money", "percent"):
        return ((_unit(one), Fraction(1)), *(based(one.unit) if one.kind == "money" else ()))
    return based(one.unit) or ((_unit(one), Fraction(1)),)


def _products(given: Sequence[Given]) -> Iterator[Made]:
    """The share of a number that stands near it, what is left of it, and of a sum what it is with it: 10 % off £50."""
    for one, other in _near(given, _BESIDE):
        share, whole = (one, other) if _percent(one) else (other, one)
        plain, percent = _unit(whole[0]), _percent(share)
        if not percent or not plain or plain == "%" or _percent(whole):
            continue
        unit = _counted(whole[0], plain)
        said, rest = f"{share[0].text} of {whole[0].text}", f"{whole[0].text} less {share[0].text}"
        for part in _whole_parts(*whole[:2], percent):
            yield unit, part, said
            yield unit, whole[1] - part, rest
            if unit != plain:
                yield _ANYTHING, part, said
                yield _ANYTHING, whole[1] - part, rest
            if whole[0].kind == "money" and percent <= _MOST_ADDED:
                yield unit, whole[1] + part, f"{whole[0].text} and {share[0].text}"


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


def _counted(one: Quantity, unit: str) -> str:
    """The unit of a share of something, of people one for all: 72 % of 1,250 users are 900 people."""
    if one.kind != "number" or not unit or hard(one.unit):
        return unit
    return _ANYBODY if is_person(unit) else f"{_ANYTHING}{unit}"


def _quotients(given: Sequence[Given]) -> Iterator[Made]:
    for pair in _near(given):
        for (whole, value, _), (parts, number, _) in (pair, pair[::-1]):
            unit, its = _unit(whole), _unit(parts)
            if unit and its not in ("", unit, "%") and parts.kind == "number" and number.denominator == 1 < number:
                yield unit, value / number, f"{whole.text} by {parts.text}"


def _beside(given: Sequence[Given]) -> Iterator[tuple[Given, Given]]:
    """Numbers that follow each other so closely that one may be part of the other: "of 240 berths, 60 are let"."""
    for one, other in pairwise(one for one in given if not is_year(one[0])):
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
