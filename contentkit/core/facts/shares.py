"""Whether a part of a whole that a text names in words ("a third of them", "one in four") is in the material."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property

from contentkit.core.facts.apart import Apart
from contentkit.core.facts.derived import Derived, Values
from contentkit.core.facts.material import Witness
from contentkit.core.facts.measures import telling
from contentkit.core.facts.portions import HALF, Portion, portions, reach, says_half
from contentkit.core.facts.rounding import Meaning, meaning
from contentkit.core.facts.sited import Ladder
from contentkit.core.facts.verdict import SAID, Verdict
from contentkit.core.text.numbers import Quantity

_OFF = Fraction(2)
"""Percent by which a third or a quarter may be off."""
_WHOLE = re.compile(r"\A\s(?:of\s)?(?:the\s|its\s|their\s|our\s|all\s|these\s|those\s|his\s|her\s){0,2}(\w+)")


class Shares:
    """The percentages and parts of the material, and what its numbers make of each other.

    Args:
        by_value: its numbers.
        percents: its percentages, where it has any.
        derived, apart: what follows from numbers that stand together, and apart.
    """

    def __init__(
        self, witnesses: Sequence[Witness], by_value: Ladder, percents: Ladder | None, derived: Derived, apart: Apart
    ) -> None:
        self._witnesses = witnesses
        self._by_value = by_value
        self._percents = percents
        self._derived = derived
        self._apart = apart

    def part(self, one: Quantity, said: Meaning, after: str) -> str:
        """The percentage that a third or two fifths stands for; also of growth ("rose by a third")."""
        if not one.spelled or one.kind != "number" or not 0 < said.value < 1 or said.value.denominator > 10:
            return ""
        low, high = reach(said.value, said.how, _OFF)
        return self._said(said.value, low, high) or self._derived.part(low, high, _whole(after), grown=True)

    def look(self, one: Portion, before: str, after: str) -> Verdict:
        """How a part of a whole stands."""
        if one.value == HALF and any(says_half(witness.text) for witness in self._witnesses):
            return SAID
        low, high = reach(one.value, "over" if one.over else meaning(one.value, before, after).how, _OFF)
        how = self._said(one.value, low, high) or self._derived.part(low, high, _whole(after))
        how = how or self._apart.share(low, high, f"{before} {after}")
        return Verdict("derived", how) if how else Verdict("absent")

    def stray(self, one: Portion, before: str, after: str, said: str, own: Sequence[Fraction]) -> str:
        """What the material has of the things that a sentence names, where a part follows from numbers of others only.

        Args:
            said: the sentence.
            own: its other numbers.
        """
        low, high = reach(one.value, "over" if one.over else meaning(one.value, before, after).how, _OFF)
        if self._said(one.value, low, high) or self._apart.share(low, high, said):
            return ""
        return self._derived.topics.other_share(low, high, said, own)

    def _said(self, value: Fraction, low: Fraction, high: Fraction) -> str:
        """The share between two percentages that the material names."""
        if self._percents and (close := self._percents.between(low, high, 100 * value)):
            return close[0].shown
        for one in self._by_value.between(low / 100, high / 100, value):
            if one.quantity.kind == "number":
                return one.shown
        return self._portions.within(low, high)

    @cached_property
    def _portions(self) -> Values:
        """The parts that the material names in words, in percent."""
        named = (one for witness in self._witnesses for one in portions(witness.text, witness.quantities))
        return Values((100 * one.value, one.text) for one in named)


def _whole(after: str) -> str:
    """What it is a part of, as ``telling`` gives it, or ""."""
    found = _WHOLE.match(after)
    return telling(found[1].lower()) if found else ""
