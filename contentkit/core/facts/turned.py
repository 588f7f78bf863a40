"""Changes that a text tells the other way round: "from 30 to 90 seconds", where it goes from 90 to 30."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from contentkit.core.facts.alike import like
from contentkit.core.facts.material import Witness
from contentkit.core.text.numbers import Quantity

_FROM = re.compile(r"\bfrom\s(?:about\s|around\s|some\s|over\s|[$€£¥])?\Z", re.IGNORECASE)
_TO = re.compile(r"\A(?:\s[^\W\d]+){0,3}\sto\s(?:(?:about|around|only|just|some|over)\s)?\Z")
_DOWN_FROM = re.compile(
    r"(?:,|\()?\s?(?:(?:down|up|compared with|instead of)(?: from)?|before:|formerly|previously)\s\Z"
)
_FROM_WIDE, _TO_WIDE = re.compile(r"\A[^\d、。]{0,6}から(?:約|およそ)?\Z"), re.compile(r"\A[^\d、。]{0,4}[にへ]")
_LONGEST = 40
Change = tuple[Quantity, Quantity]
"""What something was, and what it is then."""


def changes(text: str, numbers: Sequence[Quantity]) -> Iterator[Change]:
    """The changes of a text from one number to the next.

    Args:
        numbers: those of the text in order.
    """
    for one, other in pairwise(numbers):
        between = text[one.end : other.start] if other.start - one.end <= _LONGEST else ""
        if not between or not (isinstance(one.value, Fraction) and isinstance(other.value, Fraction)):
            continue
        told: object = None
        if " to " in between:
            told = _TO.match(between) and _FROM.search(text[max(0, one.start - 16) : one.start])
        elif "から" in between:
            told = _FROM_WIDE.match(between) and _TO_WIDE.match(text[other.end : other.end + 8])
        if told:
            yield one, other


class Changes:
    """The changes of the material."""

    def __init__(self, witnesses: Sequence[Witness]) -> None:
        self._known: dict[tuple[Fraction, Fraction], list[tuple[Change, Witness]]] = {}
        for witness in witnesses:
            for was, then in (*changes(witness.text, witness.quantities), *_backwards(witness)):
                assert isinstance(was.value, Fraction)
                assert isinstance(then.value, Fraction)
                self._known.setdefault((was.value, then.value), []).append(((was, then), witness))

    def __bool__(self) -> bool:
        return bool(self._known)

    def turned(self, change: Change) -> str:
        """What the material has, as part of a sentence, where it has a change the other way round only; else ""."""
        was, then = (one.value for one in change)
        assert isinstance(was, Fraction)
        assert isinstance(then, Fraction)
        if was == then or (was, then) in self._known:
            return ""
        for (its_was, its_then), witness in self._known.get((then, was), ()):
            if like(change[1], its_was) and like(change[0], its_then):
                where = f"[{witness.number}]" if witness.number else witness.name
                return f"in {where} it goes from {its_was.text} to {its_then.text}"
        return ""


def _backwards(witness: Witness) -> Iterator[Change]:
    """ "310 MB, down from 480 MB"."""
    for one, other in pairwise(witness.quantities):
        between = witness.text[one.end : other.start] if other.start - one.end <= _LONGEST else ""
        alike = isinstance(one.value, Fraction) and isinstance(other.value, Fraction)
        if alike and between and _DOWN_FROM.search(between):
            yield other, one
