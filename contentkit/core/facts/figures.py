"""Whether a number of a text stands in the material, or follows from it: by rounding, a sum, a share, another unit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from itertools import chain, islice
from math import ceil, floor

from contentkit.core.facts.alike import about, counts_others, is_of, is_small, mark_of, may_be
from contentkit.core.facts.apart import Apart, each_of
from contentkit.core.facts.days import readings
from contentkit.core.facts.derived import MOST, Derived, given, reach_of
from contentkit.core.facts.direction import otherwise, told
from contentkit.core.facts.durations import durations
from contentkit.core.facts.headed import Headed
from contentkit.core.facts.hedges import is_each
from contentkit.core.facts.implied import noun_after, tables
from contentkit.core.facts.labels import Labels
from contentkit.core.facts.material import Witness
from contentkit.core.facts.measures import TIMES, clash, hard, is_person, related, telling
from contentkit.core.facts.multiples import is_multiple
from contentkit.core.facts.rounded import Rounded
from contentkit.core.facts.rounding import Meaning, converted, meaning
from contentkit.core.facts.shares import Shares
from contentkit.core.facts.sited import MODEL, Ladder, Sited
from contentkit.core.facts.speeds import in_kmh
from contentkit.core.facts.verdict import SAID, Verdict
from contentkit.core.text.numbers import Quantity

_YEAR = telling("year")
_OLDEST = 700
_PARTS_OF_A_YEAR = {
    telling("month"): 12,
    telling("月"): 12,
    telling("か月"): 12,
    telling("week"): 52,
    telling("day"): 365,
}
_OF_A = re.compile(r"\A\sof\san?\s(\w+)")
_AS_MANY = re.compile(r"\A(?:\stimes)?\s(?:as\s(?:many|much)|more|fewer|less)\s(\w+)")
_MORE = re.compile(r"\A\s(?:more|fewer|less|additional)\s")
_POINTS = frozenset({"percentage", "pp", "ポイント"})
"""The unit of a difference of two percentages."""


class Figures:
    """The numbers of the material, to look up those of a text."""

    def __init__(self, witnesses: Sequence[Witness]) -> None:
        self.all = [
            Sited(one, witness, one.value)
            for witness in witnesses
            for one in witness.quantities
            if isinstance(one.value, Fraction)
        ]
        self.all += [
            Sited(one, witness, one.value)
            for witness in witnesses
            for one in {one.start: one for line in tables(witness.text, witness.quantities) for one in line}.values()
            if isinstance(one.value, Fraction)
        ]
        self.witnesses = witnesses
        self.by_value = Ladder(self.all)

    @cached_property
    def by_unit(self) -> Mapping[str, Ladder]:
        """Unit as it is compared -> the numbers that have it."""
        found: dict[str, list[Sited]] = {}
        for one in self.all:
            if unit := telling(one.quantity.unit):
                found.setdefault(unit, []).append(one)
        return {unit: Ladder(numbers) for unit, numbers in found.items()}

    @cached_property
    def by_kind(self) -> Mapping[str, Ladder]:
        """Sort of number -> the numbers of it."""
        kinds = {one.quantity.kind for one in self.all}
        return {kind: Ladder(one for one in self.all if one.quantity.kind == kind) for kind in kinds}

    @cached_property
    def labels(self) -> Labels:
        """The names before numbers."""
        return Labels(self.all)

    @cached_property
    def headed(self) -> Headed:
        """The heads of rows and columns, and what は joins to a number."""
        return Headed(self.witnesses, self.all)

    @cached_property
    def rounded(self) -> Rounded:
        """What the material has more exactly."""
        return Rounded(self.by_value, self.by_unit)

    @cached_property
    def derived(self) -> Derived:
        """What follows from numbers that stand together."""
        return Derived(list(islice(given(self.witnesses), MOST)), self.witnesses, durations(self.witnesses))

    @cached_property
    def apart(self) -> Apart:
        """What follows from any two."""
        return Apart(self.all, self.by_unit)

    @cached_property
    def years(self) -> frozenset[int]:
        """Every year that the material names."""
        read = (day.year for witness in self.witnesses for one in witness.quantities for day in readings(one))
        return frozenset(year for year in read if year is not None)

    def look(self, one: Quantity, before: str = "", after: str = "") -> Verdict:
        """How a number stands.

        Args:
            one: a number, a share or a sum, whose value is a Fraction.
            before, after: the text around it, which tells whether it is meant exactly.
        """
        if one.unit in _POINTS:  # 27 percentage points
            one = replace(one, kind="percent", unit="%")
        elif one.unit in ("", "of") and one.spelled and (found := _OF_A.match(after)) and hard(found[1].lower()):
            one = replace(one, unit=found[1].lower())  # three quarters of a mile
        value = one.value
        assert isinstance(value, Fraction)
        known = self.by_value.at(value)
        for other in known:
            if other.is_alike(one):
                if self.labels.otherwise(one, value, before) is not None:
                    break
                headed = id(known[0]) in self.headed.sure  # nearly none is
                return (headed and self.headed.otherwise(one, value, known, before, after)) or SAID
        alike = [other for other in known if may_be(one, other.quantity)]
        if (hard(one.unit) or not one.unit.isascii() or telling(one.unit) in self.by_unit) and not MODEL.search(before):
            alike = [other for other in alike if not other.is_model]  # TG-300 is no witness for 300 people
        if hard(one.unit):
            alike = [other for other in alike if not counts_others(other, one)]
        if one.unit in TIMES and is_multiple(one, after):
            alike = [other for other in alike if other.quantity.unit in TIMES]
        alike += self._shares(one, value)
        if alike:
            verdict = self.labels.otherwise(one, value, before) or self._with_unit(one, alike)
            if verdict is SAID:
                return self.headed.otherwise(one, value, known, before, after) or SAID
            if not (is_small(one) or hard(one.unit)):
                return verdict
            return self._reckoned(one, value, before, after) or verdict
        return self._reckoned(one, value, before, after) or self._perhaps(one, value) or self._otherwise(one, value)

    def other_way(self, one: Quantity, before: str, after: str) -> Verdict | None:
        """What the material lets fall that the text lets rise, or the other way round."""
        if (one.kind == "number" and not hard(one.unit)) or not isinstance(one.value, Fraction):
            return None
        if not (way := told(before, after)):
            return None
        if not meaning(one.value, before, after).exact:
            return None
        found = otherwise(way, (found for found in self.by_value.at(one.value) if may_be(one, found.quantity)))
        goes = "falls" if way == "up" else "rises"
        return Verdict("doubtful", f"in {mark_of(found)} it {goes}") if found else None

    def strays(self, one: Quantity, before: str, after: str, said: str, own: Sequence[Fraction]) -> Verdict | None:
        """What the material has of the things that a sentence names, where a share, a growth or a multiple follows from
        numbers of other things only.

        Args:
            one: a percentage, or so many times.
            said: the sentence.
            own: its other numbers.
        """
        assert isinstance(one.value, Fraction)
        meant = meaning(one.value, before, after)
        topics = self.derived.topics
        low, high = reach_of(meant, one.kind)
        if one.kind == "percent":
            why = topics.other_share(low, high, said, own)
        else:
            noun = _AS_MANY.match(after)
            why = topics.other_multiple(low, high, said, own, telling(noun[1].lower()) if noun else "")
        return Verdict("doubtful", why) if why and not self.apart.how(one, meant, said, "") else None

    def _perhaps(self, one: Quantity, value: Fraction) -> Verdict | None:
        """What may follow from numbers that nothing brings together."""
        made = self.apart.perhaps(one, value)
        return Verdict("doubtful", f"it may be reckoned from {made}") if made else None

    def _reckoned(self, one: Quantity, value: Fraction, before: str, after: str) -> Verdict | None:
        """The number by way of others."""
        said = meaning(value, before, after)
        found = self.rounded.how(one, said)
        if found is None or (found.standing == "rounded" and hard(one.unit)):  # 80 minutes may well be 84 less 4
            found = self._converted(one, said) or self._follows(one, said, before, after) or found
        found = found or self._each(one, said, before, after)
        return found or (SAID if self.labels.is_release(one, value, before) else None)

    def _each(self, one: Quantity, said: Meaning, before: str, after: str) -> Verdict | None:
        """What comes to one of several, where the text says so."""
        if not is_each(before, after):
            return None
        value = said.value
        half = max(said.step / 2, Fraction(1, 2) if value.denominator == 1 else Fraction(0))
        half = min(half, value / 20)
        noun = each_of(before, after)
        if parts := _PARTS_OF_A_YEAR.get(noun):
            known = self.by_unit.get(telling(one.unit))
            found = known.between((value - half) * parts, (value + half) * parts, value * parts) if known else ()
            return Verdict("derived", f"{found[0].shown} in {parts} parts") if found else None
        if noun and noun in self.by_unit:
            return None  # by so many of them, see ``apart``
        reckoned = self.derived.each(one, value - half, value + half)
        return Verdict("derived", reckoned) if reckoned else None

    def _shares(self, one: Quantity, value: Fraction) -> Iterator[Sited]:
        """A third for 1/3, half for 50 %."""
        if one.kind == "percent":
            alike, kind = self.by_value.at(value / 100) if value < 100 else (), "number"
        else:
            alike, kind = self.by_value.at(value * 100) if value < 1 else (), "percent"
        return (found for found in alike if found.quantity.kind == kind)

    def _with_unit(self, one: Quantity, alike: Sequence[Sited]) -> Verdict:
        """The number stands there; whether of the same thing, where both say of what. A digit alone stands everywhere,
        and is no witness for a unit that the material has with other numbers only."""
        unit = telling(one.unit) if one.kind in ("number", "money") else ""
        others = [telling(found.quantity.unit) for found in alike]
        if not unit or unit in others or any(unit in found.near for found in alike):
            return SAID
        if is_person(unit, anybody=True) and any(map(is_person, chain(others, *(found.near for found in alike)))):
            return SAID
        bare = [found for found, other in zip(alike, others, strict=True) if not other]
        if bare and (not is_small(one) or any(is_of(found, one.unit, unit) for found in bare)):
            return SAID
        if known := self.by_unit.get(unit):
            instead = known.nearest(alike[0].value, alike[0].value)
        else:  # 2 cm, where there are 2 mm
            instead = next((found for found in alike if clash(one.unit, found.quantity.unit)), None)
        if instead is None or alike[0].witness.language != instead.witness.language:
            return SAID
        if not known:
            return Verdict("doubtful", f"{mark_of(instead)} says {instead.shown!r}", "")
        why = f"{mark_of(alike[0])} says {alike[0].shown!r}, and of {one.unit} {instead.shown!r}"
        return Verdict("doubtful", why, instead.quantity.text)

    def _converted(self, one: Quantity, said: Meaning) -> Verdict | None:
        """The number in another unit: 90 minutes for 1.5 hours."""
        for unit, factor, more in related(one.unit):
            if (known := self.by_unit.get(unit)) is None:
                continue
            low, high = (end * factor + more for end in converted(said))
            if close := known.between(low, high, said.value * factor + more):
                return Verdict("derived", f"{mark_of(close[0])} says {close[0].shown!r}")
        return None

    def _follows(self, one: Quantity, said: Meaning, before: str, after: str) -> Verdict | None:
        reckoned = self.derived.how(one, said) or self.shares.part(one, said, after) or self._few(one, said)
        if not reckoned and one.kind == "number" and (noun := noun_after(after)):
            reckoned = self.derived.how(replace(one, unit=noun), said)
            reckoned = reckoned or (self.derived.how(replace(one, unit=""), said) if _MORE.match(after) else "")
        if not reckoned and (factor := in_kmh(one, before, after)):
            reckoned = self.derived.speed(said, factor)
        reckoned = reckoned or self.apart.how(one, said, before, after)
        reckoned = reckoned or (self._span(said.low, said.high) if telling(one.unit) == _YEAR else "")
        return Verdict("derived", reckoned) if reckoned else None

    def _few(self, one: Quantity, said: Meaning) -> str:
        """Seven, where there are five and two."""
        return self.derived.few(said.value) if one.spelled and is_small(one) else ""

    @cached_property
    def shares(self) -> Shares:
        """What is a part of a whole."""
        return Shares(self.witnesses, self.by_value, self.by_kind.get("percent"), self.derived, self.apart)

    def _span(self, low: Fraction, high: Fraction) -> str:
        """The years of the material that lie so many years apart."""
        gaps = range(max(1, ceil(low)), min(floor(high), _OLDEST) + 1)
        years = sorted(self.years) if gaps else []
        first, gap = next(((year, gap) for gap in gaps for year in years if year + gap in self.years), (0, 0))
        return f"the years {first} and {first + gap}" if gap else ""

    def _otherwise(self, one: Quantity, value: Fraction) -> Verdict:
        """What the material has where the text has this number: the nearest one of the same thing, if any."""
        unit = telling(one.unit)
        known = self.by_unit.get(unit) or self.by_kind.get(one.kind)
        best = known.nearest(value) if known else None
        if best is None or (unit not in self.by_unit and not about(best.value, value)):
            return Verdict("absent")
        if not unit or telling(best.quantity.unit) != unit or best.quantity.kind != one.kind:
            # Of other things: worth a look where it is the same sort of sum, but nothing to put in its place.
            return Verdict("absent", f"{mark_of(best)} says {best.shown!r}" if one.kind != "number" else "")
        return Verdict("absent", f"{mark_of(best)} says {best.shown!r}", best.quantity.text)
