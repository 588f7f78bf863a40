"""How many times as much something is, where a text says so in a word: "twice as many", "has doubled", 倍増."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from contentkit.core.facts.measures import TIMES
from contentkit.core.text.numbers import Quantity
from contentkit.core.text.scan import rarely

_WORDS = {"twice": 2, "doubl": 2, "double": 2, "tripl": 3, "trebl": 3, "quadrupl": 4, "倍増": 2, "倍に": 2}
_MULTIPLE = re.compile(
    r"\b(?:(?P<twice>twice|double)(?=\s(?:as\s\w+|the\s(?:number|amount|size|price|rate|share|level|length|weight)\b))"
    r"|(?P<grown>doubl|tripl|trebl|quadrupl)ed(?!\s(?:down|up|over|back|as)\b))|(?P<wide>倍増|(?<![0-9０-９一-龥.])倍に)",
    re.IGNORECASE,
)
_MAY_BE = re.compile("wice|ouble|ripled|rebled|uadrupled|倍")
_COMPARED = re.compile(r"\A(?: times|-fold|x) (?:as|more|fewer|less|\w+er)\b")
UNIT = "倍"


def multiples(text: str) -> Iterator[Quantity]:
    """The multiples that a text names in a word, as so many times."""
    if "ouble" not in text and "wice" not in text and "pled" not in text and "bled" not in text and "倍" not in text:
        return
    for found in rarely(_MULTIPLE, text, _MAY_BE):
        word = found["twice"] or found["grown"] or found["wide"]
        yield Quantity(*found.span(), found[0], "number", Fraction(_WORDS[word.lower()]), UNIT, spelled=True)


def with_multiples(text: str, numbers: Sequence[Quantity]) -> Sequence[Quantity]:
    """The numbers of a text with its multiples, in order."""
    more = list(multiples(text))
    return sorted([*numbers, *more], key=lambda one: one.start) if more else numbers


def is_multiple(one: Quantity, after: str) -> bool:
    """Whether a number says how many times as much something is, and not how often it comes."""
    return one.unit == UNIT or (one.unit in TIMES and bool(_COMPARED.match(after)))
