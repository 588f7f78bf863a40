"""Numbers that a text puts under the head of others: 経常利益は20億円 where that is the 営業利益 of the table.

A head is the first cell of a number's row, the first of its column, or in Japanese the word that は joins to it.
Cautious: a number that stands anywhere without a head may be of anything.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import permutations

from contentkit.core.facts.alike import mark_of
from contentkit.core.facts.implied import TABLE, cells
from contentkit.core.facts.material import Witness
from contentkit.core.facts.measures import telling
from contentkit.core.facts.sited import Sited
from contentkit.core.facts.verdict import Verdict
from contentkit.core.text.numbers import Quantity

_HEAD = re.compile(r"[^\W\d][^|()（）\[\]［］]{1,39}")
_OF = r"(?:(?P<whose>[^、。「」()（）\s\d]{2,12})の)?"
_EACH = r"(?:[1１一]\w{1,2}(?:あたり|当たり|につき)?|約|およそ|計|平均)?"
_JAPANESE = re.compile(rf"{_OF}(?P<what>[一-龥々ァ-ヶー]{{2,12}})(?:[(（][^()（）]{{0,12}}[)）])?[はがも]、?{_EACH}\Z")
_JOINT = re.compile(rf"[はがも]、?{_EACH}\Z")
_FROM = re.compile(r"[\d,.]+[^\s\d、。]{0,4}から\Z")
_SPOKEN = 40
_BETWEEN = re.compile(
    r"\A(?:\s(?!used|once|formerly|than|like|as|with|not|never|without)[a-z]+){0,3}\s(?:[$€£¥]|[A-Z]{3}\s)?\Z"
)
_STEPS = re.compile(
    r"\A[^\s\d、。]{0,4}(?:高|安|増|減|差|上が|下が|値上|値下|の値|引き)|\A\s\w+\s(?:more|less|fewer|higher|lower|up|down)"
)
_TO = ("から", " to ")
_BREAK, _WORD = re.compile(r"[、。「\s]"), re.compile(r"[^\s,;]+")
_LAST, _LONGEST = 10, 6
_FEW = 12
_Heads = tuple[str, str]
"""Of a row, or before は, and of a column; "" where there is none."""


class Headed:
    """The heads of the numbers of the material.

    Attributes:
        sure: the numbers (by ``id``) that stand nowhere without a head.
    """

    def __init__(self, witnesses: Sequence[Witness], numbers: Iterable[Sited]) -> None:
        self._axis: dict[str, int] = {}
        self._tabled = set[str]()
        places = {witness.number: dict(self._of(witness)) for witness in witnesses}
        self._heads: dict[int, _Heads] = {}
        self._under: defaultdict[str, list[Sited]] = defaultdict(list)
        free = set[Fraction]()
        for one in numbers:
            if heads := places[one.witness.number].get(one.quantity.start):
                self._heads[id(one)] = heads
                for axis, head in enumerate(heads):
                    self._axis.setdefault(head, axis)
                    self._under[head].append(one)
            else:
                free.add(one.value)
        self.sure = {id(one) for ones in self._under.values() for one in ones if one.value not in free}

    def _of(self, witness: Witness) -> Iterator[tuple[int, _Heads]]:
        """Where each number that has heads begins, and the heads."""
        text, numbers = witness.text, witness.quantities
        found = dict(_of_tables(text, numbers))
        self._tabled |= {head for heads in found.values() for head in heads if head}
        yield from found.items()
        for one in numbers if not text.isascii() else ():
            if one.start not in found and (head := _JAPANESE.search(text[max(0, one.start - _SPOKEN) : one.start])):
                yield one.start, (head["what"], "")

    def otherwise(
        self, one: Quantity, value: Fraction, known: Sequence[Sited], before: str, after: str
    ) -> Verdict | None:
        """What stands under the head that a text has right before a number, where the number stands under others only.

        Args:
            known: the numbers of the material that are equal to it.
        """
        if not known or id(known[0]) not in self.sure or _is_said(self._heads[id(known[0])], before):
            return None
        head, moved = self._head(before)
        if not head:
            return None
        axis = self._axis[head]
        its = {self._heads[id(other)][axis] for other in known if id(other) in self._heads}
        if "" in its or any(name in head or head in name or name in before + after for name in its):
            return None
        alike = [other for other in self._under[head] if _are_alike(one, other.quantity)]
        if not alike or (not moved and not after.startswith(_TO) and _makes(value, alike, after)):
            return None
        instead = min(alike, key=lambda other: abs(other.value - value))
        why = f"{mark_of(instead)} says it of {sorted(its)[0]}, and {instead.shown!r} of {head}"
        return Verdict("misplaced", why, instead.quantity.text, weak=head not in self._tabled)

    def _head(self, before: str) -> tuple[str, bool]:
        """The head that a text ends with, and whether a number that something was before stands between."""
        if before.isascii():
            return next(
                (name for name, rest in _beginnings(before) if name in self._tabled and _BETWEEN.match(rest)), ""
            ), False
        rest = _FROM.sub("", before)
        found = _JAPANESE.search(rest)
        heads = (found["whose"], found["what"]) if found else ()
        head = next((head for head in heads if head in self._under), "") or self._soft(rest)
        return head, rest != before

    def _soft(self, before: str) -> str:
        """The head of a table, in whatever signs, that a text ends with: ふとんは."""
        found = _JOINT.search(before)
        ended = before[: found.start()] if found else ""
        starts = (0, *(place.end() for place in _BREAK.finditer(ended)))
        return next((ended[start:] for start in starts if ended[start:] in self._tabled), "")


def _beginnings(before: str) -> Iterator[tuple[str, str]]:
    """Every few words of a text that may be a head, and what comes after them."""
    words = [(word.start(), word.end()) for word in _WORD.finditer(before)][-_LAST:]
    for at, (start, _) in enumerate(words):
        for _, end in words[at : at + _LONGEST]:
            yield before[start:end], before[end:]


def _of_tables(text: str, numbers: Sequence[Quantity]) -> Iterator[tuple[int, _Heads]]:
    """Where each number of a table begins, and the heads of its row and column."""
    for table in TABLE.finditer(text) if "|" in text else ():
        top = [_name(cell) for cell in cells(table["head"])]
        start = table.start("rows")
        for row in table["rows"].splitlines(keepends=True):
            side = _name(cells(row)[0])
            first, last = (
                bisect_left(numbers, place, key=lambda one: one.start) for place in (start, start + len(row))
            )
            for one in numbers[first:last]:
                column = row.count("|", 0, one.start - start) - 1
                if column > 0:
                    yield one.start, (side, top[column] if column < len(top) else "")
            start += len(row)


def _is_said(heads: _Heads, before: str) -> bool:
    """Whether a text names the one head of a number before it: most do."""
    return not heads[1] and heads[0] in before


def _name(cell: str) -> str:
    """What a head says, without what stands in brackets; "" for a number or nothing."""
    found = _HEAD.match(cell.strip(" *_`"))
    return found[0].strip(" *_`") if found else ""


def _are_alike(one: Quantity, other: Quantity) -> bool:
    return one.kind == other.kind and telling(other.unit) in ("", telling(one.unit))


def _makes(value: Fraction, numbers: Sequence[Sited], after: str) -> bool:
    """Whether a number may be the sum or the difference of two under the head."""
    pairs = permutations(numbers[:_FEW], 2)
    return bool(_STEPS.match(after)) or any(
        value in (one.value + other.value, one.value - other.value) for one, other in pairs
    )
