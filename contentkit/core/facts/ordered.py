"""Exact numbers in order. They are compared as floats first: to compare fractions takes ten times as long."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from fractions import Fraction


class Ordered:
    """Numbers in order, to be asked for the place of another one among them.

    Attributes:
        values: the numbers, the least first.
    """

    def __init__(self, values: Iterable[Fraction]) -> None:
        near = sorted((float(value), value) for value in values)
        self.values = [value for _, value in near]
        self._near = [about for about, _ in near]

    def __bool__(self) -> bool:
        return bool(self.values)

    def below(self, value: Fraction) -> int:
        """How many are less."""
        about, values = float(value), self.values
        first, last = bisect_left(self._near, about), bisect_right(self._near, about)
        return first + bisect_left(values[first:last], value)

    def upto(self, value: Fraction) -> int:
        """How many are less or equal."""
        about, values = float(value), self.values
        first, last = bisect_left(self._near, about), bisect_right(self._near, about)
        return first + bisect_right(values[first:last], value)

    def nearest(self, wanted: Fraction, other_than: Fraction | None = None) -> Fraction | None:
        """The number nearest to this one, the lesser of two."""
        at, reach = self.below(wanted), 1 if other_than is None else 2
        close = [value for value in self.values[max(0, at - reach) : at + reach] if value != other_than]
        return min(close, key=lambda value: abs(value - wanted), default=None)
