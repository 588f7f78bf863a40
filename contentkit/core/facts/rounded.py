"""Whether the material has a number of a text more exactly: "almost 1,500" of 1,450, five seconds of 4.8."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from contentkit.core.facts.alike import like, mark_of, may_be
from contentkit.core.facts.measures import hard, telling
from contentkit.core.facts.rounding import Meaning
from contentkit.core.facts.sited import Ladder, Sited
from contentkit.core.facts.verdict import SAID, Verdict
from contentkit.core.text.numbers import Quantity

_MOST_OFF = Fraction(1, 20)
_LARGE = 10_000


class Rounded:
    """The numbers of the material, to be told less exactly.

    Args:
        by_value: all of them.
        by_unit: unit as it is compared -> those that have it.
    """

    def __init__(self, by_value: Ladder, by_unit: Mapping[str, Ladder]) -> None:
        self._by_value = by_value
        self._by_unit = by_unit

    def how(self, one: Quantity, said: Meaning) -> Verdict | None:
        """A number that is meant less exactly than the material has it."""
        value, told = said.value, not said.exact
        if not told and said.step <= 1 and value.denominator == 1 and one.kind != "percent":
            return self._whole(one, value)
        told = told or (value >= _LARGE and not re.search(r"\d{3}", one.text))  # "1.2 million" and 120万 by their form
        whole = said.step == 1 and one.kind == "number"  # so small a step says something of things of one sort only
        for found in self._by_value.between(*said.rounded, value):
            if (
                found.is_model
                or not (like(one, found.quantity) or (told and self._is_beside(one, found)))
                or (whole and telling(found.quantity.unit) != telling(one.unit))
            ):
                continue
            if told or abs(found.value - value) <= _MOST_OFF * abs(value):
                why = f"{mark_of(found)} says {found.shown!r}"
                return SAID if told else Verdict("rounded", why, found.quantity.text)
        return self._cut(one, said)

    def _is_beside(self, one: Quantity, found: Sited) -> bool:
        """Whether the material says a word or two later what it counts: "almost 1,500 steps" of 1,450 stone steps."""
        return one.kind == "number" and may_be(one, found.quantity) and telling(one.unit) in found.near

    def _cut(self, one: Quantity, said: Meaning) -> Verdict | None:
        """99.99 % for 99.9987 %: digits left off, where rounding gives another last one."""
        if not said.exact or (said.value.denominator == 1 and one.kind != "percent"):
            return None
        for found in self._by_value.between(said.value, said.value + said.step, said.value):
            longer = found.value < said.value + said.step and found.value.denominator > said.value.denominator
            if longer and not found.is_model and like(one, found.quantity) and said.step <= _MOST_OFF * said.value:
                return Verdict("rounded", f"{mark_of(found)} says {found.shown!r}", found.quantity.text)
        return None

    def _whole(self, one: Quantity, value: Fraction) -> Verdict | None:
        """Five seconds for 4.8."""
        known = self._by_unit.get(telling(one.unit)) if hard(one.unit) else None
        close = known.between(value * (1 - _MOST_OFF), value * (1 + _MOST_OFF), value) if known else ()
        found = next((found for found in close if found.value.denominator > 1 and round(found.value) == value), None)
        return Verdict("rounded", f"{mark_of(found)} says {found.shown!r}", found.quantity.text) if found else None
