"""Whether the material has the characters of a number somewhere, or as many things as it says."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from contentkit.core.facts.material import Witness
from contentkit.core.facts.measures import hard
from contentkit.core.text.dates import Clock, Date
from contentkit.core.text.document import Document, Span
from contentkit.core.text.gaps import Spans
from contentkit.core.text.numbers import Quantity
from contentkit.steps._grounding.look import Look

_LISTED = 50
_ITEM_OR_OTHER = re.compile(r"^[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]|^(?=[^ \t\n])(?=.*\S)", re.MULTILINE)
"""The mark of a list item, or nothing at the begin of another line of text."""
_RUN = re.compile(r"\d+(?:[.,]\d+)*")
_JOINT = r"(?:[-–—〜～~/・&,、]|to|and|or|until|through|bis|und|から)"
_RANGE_BEFORE, _RANGE_AFTER = re.compile(rf"\d\w{{0,2}}\s?{_JOINT}\s?\Z"), re.compile(rf"\s?{_JOINT}\s?\d")


@lru_cache(maxsize=128)
def versions(text: str) -> frozenset[str]:
    """The numbers that follow a "v" or a name: "V8", "React 19"."""
    return frozenset(re.findall(r"(?:\b[vV]\.?\s?|\b[A-Z][\w.+#-]*\s)(\d+(?:\.\d+)*)\b", text, re.ASCII))


def literally(one: Quantity, look: Look, *, tied: bool, ranged: bool) -> bool:
    """Whether the material has exactly these characters as part of a word, a date or a version: 4.2 of 4.2.1.

    Args:
        tied: the number has a unit that says what it counts, so that only a version may say the same.
        ranged: it stands beside another number, as the first or last day of "14–16 April".
    """
    digits = one.text.strip("vV%$€£¥ ")
    if sum(map(str.isdigit, digits)) < 2:
        return False
    if any(digits in _dotted(text) for text in look.material.witnesses):
        return True
    return not tied and any(digits in _loose(text, ranged) for text in look.material.witnesses)


def ranged(before: str, after: str) -> bool:
    return bool(_RANGE_BEFORE.search(before) or _RANGE_AFTER.match(after))


@lru_cache(maxsize=128)
def _dotted(text: Witness) -> frozenset[str]:
    """The versions of a text, and what they begin with: 4.2.1, 4.2; of the brief also a bare 2.0 (``--release``)."""
    versions = [str(one.value).split(".") for one in text.quantities if one.kind == "version"]
    if text.number == 0:
        versions += [one.text.split(".") for one in text.quantities if one.kind == "number" and not one.unit]
    return frozenset(".".join(parts[:size]) for parts in versions for size in range(2, len(parts) + 1))


@lru_cache(maxsize=128)
def _loose(text: Witness, dates: bool) -> frozenset[str]:
    """The runs of digits, points and commas of a text that are no number, share or sum of their own."""
    counted = Spans(
        Span(one.start, one.end)
        for one in text.quantities
        if isinstance(one.value, Fraction) or (isinstance(one.value, Date | Clock) and not dates)
    )
    runs = [run[0] for run in _RUN.finditer(text.text) if run.start() not in counted]
    return frozenset([*runs, *_RUN.findall(text.source.origin)])


def is_count(one: Quantity, look: Look, document: Document) -> bool:
    """Whether a number counts the items of a list, here or in a source."""
    value = one.value
    if one.kind != "number" or hard(one.unit) or not isinstance(value, Fraction) or not 2 <= value <= _LISTED:
        return False
    texts = (document.text, *(witness.text for witness in look.material.sources))
    return any(value in _counts_of(text) for text in texts)


@lru_cache(maxsize=64)
def _counts_of(text: str) -> frozenset[int]:
    runs, run = set(), 0
    for line in _ITEM_OR_OTHER.finditer(text):
        if line[0]:
            run += 1
        else:
            runs.add(run)
            run = 0
    levels: dict[str, int] = {}
    for found in re.finditer(r"^(#{1,6})[ \t]", text, re.MULTILINE):
        levels[found[1]] = levels.get(found[1], 0) + 1
    return frozenset({*runs, run, *levels.values()})
