"""What follows from numbers that stand together in the material: sums, differences, shares, growth, times as much, a
share of a sum, the time between two dates."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import chain

from contentkit.core.facts import reckoning
from contentkit.core.facts.implied import UNNAMED, bare_columns, tables, with_units
from contentkit.core.facts.material import Witness
from contentkit.core.facts.measures import TIMES, hard
from contentkit.core.facts.ordered import Ordered
from contentkit.core.facts.rounding import Meaning
from contentkit.core.facts.speeds import speeds
from contentkit.core.facts.topics import Topics
from contentkit.core.text.numbers import Kind, Quantity

MOST = 4_000
"""Of so many numbers of the material it is seen what they make together."""
_NEARLY = Fraction(1, 25)
_MOST_OFF = Fraction(1, 10)
"""By what part of itself a number may be off that is not meant exactly."""
_SCALED = re.compile(r"illion|[0-9](?:m|mn|bn)\Z|[万億兆]")
_ONCE_MORE = Fraction(9, 10)


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
        witnesses: whose they are.
        more: sums that others have reckoned, such as spans of time.
    """

    def __init__(
        self,
        given: Sequence[reckoning.Given],
        witnesses: Sequence[Witness] = (),
        more: Iterable[reckoning.Made] = (),
    ) -> None:
        self._given = given[:MOST]
        self._witnesses = witnesses
        self._more = more

    def how(self, one: Quantity, said: Meaning) -> str:
        """How a number follows, as part of a sentence; "" where it does not."""
        value, (low, high) = said.value, _bounds(said)
        if one.kind == "percent":
            return self._shares.within(*reach_of(said, one.kind)) or self._sum("%", low, high)
        if one.unit in TIMES:
            return self._ratios.within(*reach_of(said, one.kind))
        unit = reckoning.unit_of(one)
        if not unit:
            sums = self._sum(UNNAMED, low, high) if abs(value) >= reckoning.SMALL else ""
            return sums or self._product("", said, low, high) or self._money(one, low, high)
        found = next((how for key, by in reckoning.bases_of(one) if (how := self._sum(key, low * by, high * by))), "")
        counted = reckoning.counted(one, unit)
        # Of a counter of Japanese, and of a few things, a share is of things that are counted so too.
        if counted != unit and counted not in self._products and unit.isascii() and abs(value) >= reckoning.SMALL:
            counted = reckoning.ANYTHING
        return found or self._product(counted, said, low, high)

    def _money(self, one: Quantity, low: Fraction, high: Fraction) -> str:
        """How so many millions follow where the text says not of which currency: "it fell by 32 million"."""
        if not _SCALED.search(one.text):
            return ""
        return next((how for unit in self._sums if unit.isupper() and (how := self._sum(unit, low, high))), "")

    def each(self, one: Quantity, low: Fraction, high: Fraction) -> str:
        """How what one thing has of a number follows: 11 commits a person of 412 commits by 38 people."""
        return self._quotients.get(reckoning.unit_of(one), _NOTHING).within(low, high)

    def part(self, low: Fraction, high: Fraction, whole: str = "", *, grown: bool = False) -> str:
        """How a share between two percentages follows.

        Args:
            whole: what it is a share of, where that is known: three minutes of ten are no share of the members.
            grown: whether it may be a growth too.
        """
        return self._shares_of(whole, grown).within(low, high)

    def speed(self, said: Meaning, factor: Fraction) -> str:
        """How a speed follows from a way and a time.

        Args:
            factor: how many km/h one of it is.
        """
        half = min(said.step / 2, abs(said.value) / 40)
        return self._speeds.within(
            min(said.low, said.value - half) * factor, max(said.high, said.value + half) * factor
        )

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
        value, half = said.value, min(said.step / 2, abs(said.value) / 200)
        if said.exact:
            low, high = value - half, value + half
        elif said.how != "about":  # "nearly 50" of 48.6, and not of 45
            low, high = max(low, value * (1 - _NEARLY)), min(high, value * (1 + _NEARLY))
        return products.within(low, high)

    @cached_property
    def topics(self) -> Topics:
        """What the shares and multiples are of."""
        return Topics(self._witnesses, self._given, self._paired)

    @cached_property
    def _paired(self) -> Sequence[reckoning.Pair]:
        return list(reckoning.pairs(self._given))

    @cached_property
    def _sums(self) -> Mapping[str, Values]:
        """By unit ("" is no unit), exactly; sums, differences and spans of time."""
        made = (reckoning.sums(self._paired), reckoning.totals(self._given), reckoning.times(self._given), self._more)
        return _by_unit(chain.from_iterable(made))

    @cached_property
    def _products(self) -> Mapping[str, Values]:
        """By unit; shares of sums, which texts round."""
        return _by_unit(reckoning.products(self._given))

    @cached_property
    def _quotients(self) -> Mapping[str, Values]:
        """By unit; what comes to one of several things."""
        return _by_unit(reckoning.quotients(self._given))

    @cached_property
    def _shares(self) -> Values:
        """Percentages, also of growth."""
        return Values([*reckoning.shares(self._paired), *reckoning.parts(self._given), *reckoning.rests(self._given)])

    def _shares_of(self, whole: str, grown: bool) -> Values:
        """The percentages that may be of this."""
        if (whole, grown) not in self._by_whole:
            measured = reckoning.is_measure(whole)
            pairs = [pair for pair in self._paired if measured or self._fits(pair[0], pair[2], whole)]
            parts = reckoning.parts(self._given, lambda unit: measured or reckoning.fits(unit, whole, self._units))
            shares = reckoning.shares(pairs, grown=grown)
            self._by_whole[whole, grown] = Values([*shares, *parts, *reckoning.rests(self._given)])
        return self._by_whole[whole, grown]

    def _fits(self, one: Quantity, unit: str, whole: str) -> bool:
        return not hard(one.unit) and reckoning.fits(unit, whole, self._units)

    @cached_property
    def _by_whole(self) -> dict[tuple[str, bool], Values]:
        return {}

    @cached_property
    def _units(self) -> frozenset[str]:
        return frozenset(reckoning.unit_of(one) for one, _, _ in self._given)

    @cached_property
    def _small(self) -> Values:
        """Sums of two small numbers in a row."""
        return Values(reckoning.rows_of_two(self._given))

    @cached_property
    def _speeds(self) -> Values:
        """In km/h."""
        return Values(speeds(self._given))

    @cached_property
    def _ratios(self) -> Values:
        """How many times."""
        return Values(reckoning.ratios(self._paired))


def reach_of(said: Meaning, kind: Kind) -> tuple[Fraction, Fraction]:
    """From where to where a share ("percent") or a multiple may be that a text has rounded to a number."""
    if kind != "percent" and said.how == "over":  # "more than twice as many" of 2.4 times
        return said.value, said.value + _ONCE_MORE
    half = said.step / 2 if kind == "percent" else min(said.step / 2, said.value / 10)
    return _wider(said.value, *_bounds(said), half)


def _bounds(said: Meaning) -> tuple[Fraction, Fraction]:
    if said.exact:
        return said.low, said.high
    most = abs(said.value) * _MOST_OFF
    return max(said.low, said.value - most), min(said.high, said.value + most)


def _wider(value: Fraction, low: Fraction, high: Fraction, half: Fraction) -> tuple[Fraction, Fraction]:
    """From where to where a number is meant that was rounded to what is shown, to a whole one at the most."""
    half = min(half, Fraction(1, 2))
    return min(low, value - half), max(high, value + half)


def _by_unit(made: Iterable[reckoning.Made]) -> Mapping[str, Values]:
    found: defaultdict[str, list[tuple[Fraction, str]]] = defaultdict(list)
    for unit, value, how in made:
        found[unit].append((value, how))
    return {unit: Values(values) for unit, values in found.items()}


def given(witnesses: Sequence[Witness]) -> Iterator[reckoning.Given]:
    """The numbers of the material in order, each with what it is of by what stands around it; those of a table by rows
    and columns, since what stands across from each other in one makes nothing together."""
    for witness in witnesses:
        lines, tabled = tables(witness.text, witness.quantities), set[int]()
        for line in lines:
            tabled.update(one.start for one in line)
        loose = [one for one in witness.quantities if isinstance(one.value, Fraction) and one.start not in tabled]
        lines += bare_columns(witness.text, loose)
        for place, numbers in enumerate((with_units(witness.text, loose[:MOST]), *lines)):
            for one in numbers:
                if isinstance(one.value, Fraction):
                    yield one, one.value, (witness.number, place)
