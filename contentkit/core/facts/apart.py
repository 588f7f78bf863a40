"""What follows from numbers that may stand far apart in the material, because the text says how it is reckoned: so much
per person, so much for all of them, a percentage of a sum, a price with tax, a share of what it names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import combinations, islice, permutations

from contentkit.core.facts.claims import content
from contentkit.core.facts.measures import TIMES, is_person, telling
from contentkit.core.facts.portions import says_half
from contentkit.core.facts.rates import rates_of, repeated
from contentkit.core.facts.rounding import Meaning
from contentkit.core.facts.sited import Ladder, Sited
from contentkit.core.text.numbers import Quantity
from contentkit.core.text.units import COUNTER

_MOST, _COUNTS, _NAMED = 4_000, 40, 24
_OFTEN = 12
"""A word that stands beside more numbers names none of them."""
_COUNTER = rf"(?P<counter>{COUNTER.pattern})"
_PER = re.compile(
    r"\A(?:\s?[^\W\d]+){0,2}\s(?:per|(?:for )?each|for every|a|an)\s(?P<noun>[a-z]{2,20})\b", re.IGNORECASE
)
_PER_WORDS = (" a ", " per ", " each ", " an ", " every ")
_PER_WIDE = re.compile(
    rf"[1一]{_COUNTER}(?:[（(][^()（）]{{0,16}}[)）])?(?:(?:あたり|当たり|につき)(?:の(?:[^、。\d]{{1,10}}は)?)?|分(?:の[^、。\d]{{1,10}})?は)"
    r"?(?:約|およそ|平均)?\Z"
)
_COUNT = re.compile(r"(?:\ball(?: of)?(?: the)?\s|全)([2-9]|[1-9]\d{1,3})(?![\d,.])")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s?(?:%|％|per\s?cent)")
_TAX_IN, _TAXES = re.compile("税込|消費税"), (8, 10)
"""Percent of the two rates of the Japanese consumption tax (since October 2019)."""
_AROUND = 48
_TOGETHER = re.compile(
    r"[Tt]ogether|\b[Cc]ombined\b|\b[Ii]n (?:all|total)\b|\b[Tt]otals?\b|\bdifference\b|\bnet\b|合わせ|合計|総計|差"
)
_TOGETHER_WORDS = ("gether", "ombined", " all", "otal", "ifference", "net", "合", "計", "差")
_FEW, _PEOPLE = 12, telling("people")
_STOP = re.compile(r"[.!?;]\s|[。！？\n]")


class Apart:
    """The numbers of the material, to reckon with any two of them.

    Args:
        given: those of the material; of very many, the first ones count.
        by_unit: the same by unit, as ``telling`` gives it.
    """

    def __init__(self, given: Sequence[Sited], by_unit: Mapping[str, Ladder]) -> None:
        self._given = given[:_MOST]
        self._by_unit = by_unit

    def how(self, one: Quantity, said: Meaning, before: str, after: str) -> str:
        """How a number follows, as part of a sentence; "" where it does not."""
        if one.kind == "percent" or one.unit in TIMES:
            return self._of_each_other(one, said, before, after)
        known = self._by_unit.get(telling(one.unit))
        if known is None or said.value <= 0:
            return ""
        around = before + after
        ways = (
            self._per(known, said, before, after),
            self._of_all(one, said),
            self._share(known, said, around),
            self._half(known, one, said, around),
            self._for_all(known, one, said, around),
            self._repeated(one, said, around),
            self._together(known, said, around),
        )
        return next((how for way in ways for how in way), "") or self._taxed(known, said, around)

    def _per(self, known: Ladder, said: Meaning, before: str, after: str) -> Iterator[str]:
        """What comes to one of so many."""
        counts = self._counts(each_of(before, after))
        low, high = said.rounded if counts else (said.low, said.high)
        for number in counts:
            if found := known.between(low * number, high * number, said.value * number):
                yield f"{found[0].shown} by {number}"

    def _together(self, known: Ladder, said: Meaning, around: str) -> Iterator[str]:
        """The sum or the difference of two, where the text says that it is one."""
        if not any(word in around for word in _TOGETHER_WORDS) or not _TOGETHER.search(around):
            return
        for one in islice(known.values(), _COUNTS):
            for low, high in ((said.low - one, said.high - one), (said.low + one, said.high + one)):
                if low > 0 and (found := known.between(low, high, (low + high) / 2)):
                    yield f"{found[0].shown} and {float(one):,g}"

    def _repeated(self, one: Quantity, said: Meaning, around: str) -> Iterator[str]:
        """So much a week of what is so much a day."""
        rates = self._rates.get(telling(one.unit))
        return repeated(rates, said, around) if rates else iter(())

    @cached_property
    def _rates(self) -> Mapping[str, Mapping[str, Ladder]]:
        """Unit -> its numbers that come to one day, week or month."""
        found: defaultdict[str, list[Sited]] = defaultdict(list)
        for one in self._given:
            if unit := telling(one.quantity.unit):
                found[unit].append(one)
        return {unit: rates for unit, numbers in found.items() if (rates := rates_of(numbers))}

    def perhaps(self, one: Quantity, value: Fraction) -> str:
        """Two numbers of people that make this one, though they stand apart and nothing says that they belong
        together; "" where there are none."""
        if one.kind != "number" or not is_person(telling(one.unit)):
            return ""
        return self._of_people.get(int(value), "") if value.denominator == 1 else ""

    @cached_property
    def _of_people(self) -> Mapping[int, str]:
        """Sums and differences of the numbers of people, where they are few."""
        counts = [int(count) for count in self._counts(_PEOPLE)[:_FEW]]
        pairs = [(max(pair), min(pair)) for pair in combinations(counts, 2)]
        return {made: f"{a} and {b}" for a, b in pairs for made in (a + b, a - b)}

    def _of_all(self, one: Quantity, said: Meaning) -> Iterator[str]:
        """What so many have that have so much each."""
        low, high = (said.value, said.value) if said.exact else said.rounded
        for each, noun in self._eachs.get(telling(one.unit), ()):
            counts = self._by_unit.get(noun)
            if counts and (found := counts.between(low / each.value, high / each.value, said.value / each.value)):
                yield f"{found[0].shown} × {each.shown}"

    def _share(self, known: Ladder, said: Meaning, around: str) -> Iterator[str]:
        """A percentage of a sum: exactly, or as the text rounds it where it says the percentage too."""
        told = {Fraction(number) for number in _PERCENT.findall(around)} if self._percents else ()
        for share in self._percents:
            low, high = said.rounded if share in told else (said.value, said.value)
            if found := known.between(low * 100 / share, high * 100 / share, said.value * 100 / share):
                yield f"{float(share):g} % of {found[0].shown}"

    def _half(self, known: Ladder, one: Quantity, said: Meaning, around: str) -> Iterator[str]:
        """Half of a sum, where the text or the material speaks of a half: half price, うち半額."""
        if one.kind != "money" or not (self._halved or says_half(around)):
            return
        if found := known.between(2 * said.low, 2 * said.high, 2 * said.value):
            yield f"half of {found[0].shown}"

    def _for_all(self, known: Ladder, one: Quantity, said: Meaning, around: str) -> Iterator[str]:
        """What all of so many cost, where the text says how many: "for all 66 patients it comes to 3,036 euros"."""
        if one.kind != "money" or ("all" not in around and "全" not in around):
            return
        low, high = (said.value, said.value) if said.exact else said.rounded
        for number in map(int, _COUNT.findall(around)):
            if found := known.between(low / number, high / number, said.value / number):
                yield f"{found[0].shown} × {number}"

    @cached_property
    def _halved(self) -> bool:
        """Whether the material speaks of a half."""
        return any(
            says_half(witness.text) for witness in {id(one.witness): one.witness for one in self._given}.values()
        )

    def _taxed(self, known: Ladder, said: Meaning, around: str) -> str:
        low, high = (said.value - 1, said.value + 1) if said.exact else (said.low, said.high)
        for rate in _TAXES if _TAX_IN.search(around) else ():
            if found := known.between(low * 100 / (100 + rate), high * 100 / (100 + rate), said.value):
                return f"{found[0].shown} and {rate} % tax"
        return ""

    def _of_each_other(self, one: Quantity, said: Meaning, before: str, after: str) -> str:
        """A share, a growth or a multiple of two numbers that the text names by words which stand beside them: "11 % of
        revenue went into research"."""
        half = min(said.step / 2, Fraction(1, 2), said.value / 10)
        low, high = min(said.low, said.value - half), max(said.high, said.value + half)
        for part, whole in permutations(self._named(f"{before} {after}"), 2):
            if telling(part.quantity.unit) != telling(whole.quantity.unit) or part.witness is not whole.witness:
                continue
            ratio = part.value / whole.value
            ways = (100 * ratio, 100 * abs(ratio - 1)) if one.kind == "percent" else (ratio,)
            if any(low <= value <= high for value in ways):
                return f"{part.shown} and {whole.shown}"
        return ""

    def _named(self, around: str) -> Sequence[Sited]:
        """The first numbers of the material that stand beside words of a text."""
        words = ((beside, word) for language, beside in self._beside.items() for word in content(around, language))
        here = (one for beside, word in words if len(named := beside.get(word, ())) <= _OFTEN for one in named)
        return list({id(one): one for one in here}.values())[:_NAMED]

    @cached_property
    def _beside(self) -> Mapping[str, Mapping[str, Sequence[Sited]]]:
        """Language and word -> the counts and sums that stand beside it."""
        found: dict[str, dict[str, list[Sited]]] = {}
        for one in self._given:
            if one.value > 0 and one.quantity.kind in ("number", "money") and telling(one.quantity.unit):
                text, start, end, language = (
                    one.witness.text,
                    one.quantity.start,
                    one.quantity.end,
                    one.witness.language,
                )
                before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
                for word in content(f"{_STOP.split(before)[-1]} {_STOP.split(after)[0]}", language):
                    found.setdefault(language, {}).setdefault(word, []).append(one)
        return found

    def share(self, low: Fraction, high: Fraction, around: str) -> str:
        """How a share between two percentages follows from two numbers that a text names by words beside them."""
        for part, whole in permutations(self._named(around), 2):
            alike = telling(part.quantity.unit) == telling(whole.quantity.unit) and part.witness is whole.witness
            if alike and low <= 100 * part.value / whole.value <= high:
                return f"{part.shown} of {whole.shown}"
        return ""

    def _counts(self, noun: str) -> Sequence[Fraction]:
        """How many of something there are, by the material; of people, however they are called."""
        return self._all_counts.get(_PEOPLE if is_person(noun) else noun, ())

    @cached_property
    def _all_counts(self) -> Mapping[str, Sequence[Fraction]]:
        """Unit -> the first of its numbers, each once; those of all people under one."""
        found: defaultdict[str, dict[Fraction, None]] = defaultdict(dict)
        for one in self._given:
            unit = telling(one.quantity.unit)
            if unit and one.quantity.kind == "number" and one.value.denominator == 1 < one.value:
                counts = found[_PEOPLE if is_person(unit) else unit]
                if len(counts) < _COUNTS:
                    counts[one.value] = None
        return {unit: list(counts) for unit, counts in found.items()}

    @cached_property
    def _percents(self) -> Sequence[Fraction]:
        shares = dict.fromkeys(one.value for one in self._given if one.quantity.kind == "percent" and one.value > 0)
        return list(shares)[:_COUNTS]

    @cached_property
    def _eachs(self) -> Mapping[str, Sequence[tuple[Sited, str]]]:
        """Unit -> the numbers of it that are what one has of something, and of what."""
        found: dict[str, list[tuple[Sited, str]]] = {}
        for one in self._given:
            text, start, end = one.witness.text, one.quantity.start, one.quantity.end
            unit = telling(one.quantity.unit)
            if (
                unit
                and one.value
                and (noun := each_of(text[max(0, start - _AROUND) : start], text[end : end + _AROUND]))
            ):
                found.setdefault(unit, []).append((one, noun))
        return found


def each_of(before: str, after: str) -> str:
    """What a number between two texts is said of one of, as ``telling`` gives it: "£12 per seat", 1個あたり54円."""
    found = _PER.match(after) if any(word in after for word in _PER_WORDS) else None
    if found:
        return telling(found["noun"].lower())
    wide = _PER_WIDE.search(before[-_AROUND:]) if before and not before.isascii() else None
    return telling(wide["counter"]) if wide else ""
