"""Numbers that a name stands right before: Python 3, HTTP 2, section 4."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from contentkit.core.facts.alike import mark_of
from contentkit.core.facts.measures import hard
from contentkit.core.facts.sited import Ladder, Sited
from contentkit.core.facts.verdict import Verdict
from contentkit.core.text.numbers import Quantity
from contentkit.core.text.words import STOPWORDS

_LABEL = re.compile(r"(?:([^\W\d_]{2,20})(?:[.](?:js|py))?[ \u00a0/-]?|([ァ-ヶー]{2,20}|[一-龥々]{2,4}))\Z")
_JOINTS, _SUFFIXES = " \u00a0/-", "sy"
"""What may stand between a name and its number, and the last letters of .js and .py."""
_LONGEST = 24
_NUMBERED = frozenset({"version", "release", "section", "chapter", "page", "rule", "article", "level", "grade"})


class Labels:
    """The names before the numbers of the material."""

    def __init__(self, numbers: Iterable[Sited]) -> None:
        found: dict[str, list[Sited]] = {}
        for one in numbers:
            start = one.quantity.start
            if name := _label(one.witness.text[max(0, start - 30) : start]):
                found.setdefault(name, []).append(one)
        self._by_name = {name: Ladder(numbers) for name, numbers in found.items()}
        self._last = frozenset([*(name[-1] for name in found), *(_SUFFIXES if found else ())])

    def otherwise(self, one: Quantity, value: Fraction, before: str) -> Verdict | None:
        """The number stands there, but behind this name only others do: Python 4, where there is Python 3."""
        name = _label(before) if one.kind == "number" and self._may_end(before) else ""
        known = self._by_name.get(name)
        if known is None or value in known or (other := known.nearest(value)) is None:
            return None
        return Verdict("doubtful", f"{mark_of(other)} says {name} {other.quantity.text!r}", other.quantity.text)

    def _may_end(self, before: str) -> bool:
        """Whether the last letter of a text is that of one of the names."""
        return before.rstrip(_JOINTS)[-1:].lower() in self._last

    def is_release(self, one: Quantity, value: Fraction, before: str) -> bool:
        """Version 2, where there is version 2.6."""
        whole = one.kind == "number" and value.denominator == 1 and not hard(one.unit)
        known = self._by_name.get(_label(before)) if whole else None
        close = known.between(value, value + Fraction(99, 100), value) if known else ()
        return any(found.value.denominator > 1 for found in close)


def _label(before: str) -> str:
    """The name that a text ends with, in small letters; "" where it ends with a common word."""
    found = _LABEL.search(before, max(0, len(before) - _LONGEST))
    if not found:
        return ""
    word = found[1] or found[2]
    named = word[0].isupper() or not word[0].isascii() or word.lower() in _NUMBERED
    return word.lower() if named and word.lower() not in STOPWORDS["en"] else ""
