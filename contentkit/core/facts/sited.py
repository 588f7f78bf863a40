"""The numbers of the material in tables that answer at once, however many there are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from contentkit.core.facts.material import Witness
from contentkit.core.facts.measures import telling
from contentkit.core.facts.ordered import Ordered
from contentkit.core.facts.tokens import folded, stem
from contentkit.core.text.numbers import Quantity

_STOP = re.compile(r"[.!?;]\s|[。！？\n]")
_NEAR = re.compile(r"[^\W\d_]+")
MODEL = re.compile(r"[^\W\d_]-\Z")
_MOST_ALIKE, _MOST_CLOSE = 64, 200


@dataclass(frozen=True)
class Sited:
    """A number of the material: which witness has it, and the stems of the words beside it."""

    quantity: Quantity
    witness: Witness
    value: Fraction

    @cached_property
    def near(self) -> frozenset[str]:
        """The words beside it."""
        text, one = self.witness.text, self.quantity
        before, after = text[max(0, one.start - 30) : one.start], text[one.end : one.end + 60]
        beside = f"{_STOP.split(before)[-1]} {_STOP.split(after)[0]}"
        return frozenset(stem(folded(word)) for word in _NEAR.findall(beside))

    @cached_property
    def is_model(self) -> bool:
        """Whether it is part of a name such as TG-300."""
        start = self.quantity.start
        return bool(MODEL.search(self.witness.text[max(0, start - 2) : start]))

    def is_alike(self, other: Quantity) -> bool:
        """Whether an equal number is surely of the same thing."""
        one = self.quantity
        return one.unit == other.unit and one.kind == other.kind and not self.is_model

    @property
    def shown(self) -> str:
        """As messages quote it: with its unit."""
        one = self.quantity
        unit = "" if one.kind in ("percent", "money") or not telling(one.unit) else one.unit
        joint = " " if unit.isascii() and unit else ""
        return f"{one.text}{joint}{unit}"


class Ladder:
    """Numbers by value. Of those that are equal, the first few of each unit stand for all."""

    def __init__(self, numbers: Iterable[Sited]) -> None:
        self._by_value: dict[Fraction, list[Sited]] = {}
        kept: dict[tuple[Fraction, str, str], int] = {}
        for one in numbers:
            alike = self._by_value.setdefault(one.value, [])
            key = (one.value, one.quantity.kind, one.quantity.unit)
            kept[key] = kept.get(key, 0) + 1
            if kept[key] <= _MOST_ALIKE // 8 and len(alike) < _MOST_ALIKE:
                alike.append(one)
        self._values = Ordered(self._by_value)

    def __bool__(self) -> bool:
        return bool(self._values)

    def __contains__(self, value: Fraction) -> bool:
        return value in self._by_value

    def values(self) -> Sequence[Fraction]:
        """Every value, the least first."""
        return self._values.values

    def at(self, value: Fraction) -> Sequence[Sited]:
        """The numbers that are equal to this one."""
        return self._by_value.get(value, ())

    def between(self, low: Fraction, high: Fraction, wanted: Fraction) -> list[Sited]:
        """The numbers from ``low`` to ``high``, both included, those nearest to ``wanted`` first."""
        first, last = self._values.below(low), self._values.upto(high)
        if first == last:
            return []
        at = self._values.below(wanted)
        close = self._values.values[max(first, at - _MOST_CLOSE) : min(last, at + _MOST_CLOSE)]
        close.sort(key=lambda value: abs(value - wanted))
        return [one for value in close for one in self._by_value[value]]

    def nearest(self, wanted: Fraction, other_than: Fraction | None = None) -> Sited | None:
        """The number nearest to this one."""
        value = self._values.nearest(wanted, other_than)
        return self._by_value[value][0] if value is not None else None
