"""What a number is of where a text says so elsewhere: in the head of its table, or with the number beside it.

"| NOK million | 2023 |", "3,640 arms, compared with 2,912", "from 6.3 to 5.8 litres".
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from contentkit.core.facts.days import is_year
from contentkit.core.facts.measures import hard, is_person, telling
from contentkit.core.text.numbers import Kind, Quantity
from contentkit.core.text.numerals import kanji_value
from contentkit.core.text.units import COUNTER, CURRENCIES, CURRENCY_CODE, CURRENCY_SIGN, LONG_SCALE, SCALES

TABLE = re.compile(r"^(?P<head>\|.*)\n\|[ \t:|-]+\n(?P<rows>(?:\|.*(?:\n|\Z))+)", re.MULTILINE)
_CAPTION = 80
"""Characters before a table in which a line may say what its numbers are of."""
_SCALE = rf"(?:(?P<scale>{LONG_SCALE}|[km]|mn|bn|tn)\b|'?(?P<thousands>000)s?\b)"
_MONEY = re.compile(
    rf"(?<![A-Za-z])(?:(?P<sign>{CURRENCY_SIGN}|(?:{CURRENCY_CODE})\b)\s?(?:in\s)?{_SCALE}?"
    rf"|(?P<first>{LONG_SCALE})s?\s(?:of\s)?(?P<behind>{CURRENCY_CODE})\b)"
)
_YEN = re.compile(r"(?P<scale>[十百千]?[万億兆]|[百千])?(?P<unit>円|ドル|ユーロ)")
_BRACKET = re.compile(
    r"[(（\[［](?:in\s|単位[:：]?\s?)?(?P<said>[^()（）\[\]［］]{1,24})[)）\]］]|単位[:：]\s?(?P<called>\S{1,12})"
)
_ONLY_SCALE = re.compile(rf"(?:in\s)?(?P<scale>{LONG_SCALE})s?\Z")

UNNAMED = "#"
"""The unit of numbers that are compared with each other, and nobody says what they count: "from 279 to 186"."""
_THAN = re.compile(
    r"\b(?:compared (?:with|to)|against|(?:up|down) from|versus|vs\.?|than|from|to|and|or|before:|formerly|previously)"
    r"(?:\s(?:about|only|just|around|roughly|nearly|almost|their|its|his|her|the|\w+[’']s?))?\s\Z"
)
_TO = re.compile(r"(?:st|nd|rd|th)?\s?(?:to|and|or|or even|[-–—〜～~])(?:\sthe)?\s?\Z")
_BETWEEN = 12
"""Characters between two numbers that such words join."""
_STOP = re.compile(r"[.;:!?]\s|\n\s*\n|\|")
_CLOSE, _FEW_ROWS = 60, 12
_COMPARED = "more|fewer|less|further|additional|extra|new"
_NOUN = re.compile(rf"\A[\s-](?:(?P<more>{_COMPARED})\s)?(?P<word>[a-z]{{2,20}})(?:[ -](?P<plural>[a-z]{{2,20}}s)\b)?")


@dataclass(frozen=True, slots=True)
class _Unit:
    """What the head of a table makes of a number."""

    factor: Fraction
    kind: Kind
    unit: str

    def of(self, one: Quantity) -> Quantity:
        assert isinstance(one.value, Fraction)
        return replace(one, value=one.value * self.factor, kind=self.kind, unit=self.unit)


def tables(text: str, numbers: Sequence[Quantity]) -> list[list[Quantity]]:
    """The numbers of each row and each column of the tables, with what the head of their column or row, or the line
    above the table, says they are of. Each stands in two of them."""
    found: list[list[Quantity]] = []
    for table in TABLE.finditer(text) if "|" in text else ():
        columns: defaultdict[int, list[Quantity]] = defaultdict(list)
        for row in _rows(table, text, numbers):
            for column, one in row:
                columns[column].append(one)
            found.append([one for _, one in row])
        found += columns.values()
    return found


def bare_columns(text: str, numbers: Sequence[Quantity]) -> list[list[Quantity]]:
    """The numbers of each column of small tables that say not what they count: they can be compared with each other."""
    found: list[list[Quantity]] = []
    for table in TABLE.finditer(text) if "|" in text else ():
        columns: defaultdict[int, list[Quantity]] = defaultdict(list)
        start, rows = table.start("rows"), table["rows"].splitlines(keepends=True)
        for row in rows if len(rows) <= _FEW_ROWS else ():
            first, last = (bisect_left(numbers, at, key=lambda one: one.start) for at in (start, start + len(row)))
            for one in numbers[first:last]:
                if _bare(one) and not is_year(one) and (column := row.count("|", 0, one.start - start) - 1) > 0:
                    columns[column].append(replace(one, unit=UNNAMED))
            start += len(row)
        found += columns.values()
    return found


def _rows(table: re.Match[str], text: str, numbers: Sequence[Quantity]) -> Iterator[list[tuple[int, Quantity]]]:
    """The numbers of each row with their columns."""
    head = [_unit_of(cell) for cell in cells(table["head"])]
    above = _unit_of(text[max(0, table.start() - _CAPTION) : table.start()].rstrip().rpartition("\n")[2], bare=False)
    at, start = bisect_left(numbers, table.start("rows"), key=lambda one: one.start), table.start("rows")
    for row in table["rows"].splitlines(keepends=True):
        label, found = _unit_of(cells(row)[0]), list[tuple[int, Quantity]]()
        while at < len(numbers) and numbers[at].start < start + len(row):
            one, at = numbers[at], at + 1
            column = row.count("|", 0, one.start - start) - 1
            unit = (head[column] if 0 < column < len(head) else None) or label or head[0] or above
            if unit and column > 0 and _bare(one):
                found.append((column, unit.of(one)))
        yield found
        start += len(row)


def cells(row: str) -> list[str]:
    return row.strip().strip("|").split("|")


def _unit_of(cell: str, *, bare: bool = True) -> _Unit | None:
    """What a cell says that numbers are of.

    Args:
        bare: whether it may say so outside brackets.
    """
    brackets = _BRACKET.search(cell)
    said = (brackets["said"] or brackets["called"]).strip() if brackets else cell if bare else ""
    if money := _MONEY.search(said):
        scale = money["scale"] or money["first"] or ("k" if money["thousands"] else "")
        code = (money["sign"] or money["behind"]).lower()
        return _Unit(Fraction(SCALES[scale.lower()] if scale else 1), "money", CURRENCIES[code])
    if yen := _YEN.search(said):
        return _Unit(kanji_value(f"1{yen['scale'] or ''}") or Fraction(1), "money", CURRENCIES[yen["unit"]])
    if "%" in said or "％" in said:
        return _Unit(Fraction(1), "percent", "%")
    if not brackets:
        return None
    if scale_only := _ONLY_SCALE.match(said):
        return _Unit(Fraction(SCALES[scale_only["scale"]]), "number", "")
    return _Unit(Fraction(1), "number", said.lower()) if hard(said.lower()) or COUNTER.fullmatch(said) else None


def _bare(one: Quantity) -> bool:
    return isinstance(one.value, Fraction) and one.kind == "number" and not telling(one.unit)


def with_units(text: str, numbers: Sequence[Quantity]) -> list[Quantity]:
    """The numbers, each that says not what it counts with what the number beside it counts, and nouns of two words
    with the one that is counted: "robot arms" are arms."""
    found = list(numbers)
    for at, one in enumerate(found):
        if not isinstance(one.value, Fraction):
            continue
        if (
            one.kind == "number"
            and one.unit
            and not hard(one.unit)
            and (noun := noun_after(text[one.end : one.end + 48]))
        ):
            found[at] = one = replace(one, unit=noun)
        if not _bare(one) or is_year(one):
            continue
        after = found[at + 1] if at + 1 < len(found) else None
        if after and after.start - one.end < _BETWEEN and _TO.match(text, one.end, after.start) and _counted(after):
            found[at] = replace(one, kind=after.kind, unit=after.unit)
        elif (before := _compared(text, found, at)) is not None:
            other = found[before]
            if _counted(other):
                found[at] = replace(one, kind=other.kind, unit=other.unit)
            elif _bare(other):
                found[at], found[before] = replace(one, unit=UNNAMED), replace(other, unit=UNNAMED)
    return found


def _compared(text: str, numbers: Sequence[Quantity], at: int) -> int | None:
    """Which number before this one it is compared with; a year between is passed over."""
    start = numbers[at].start
    for before in range(at - 1, max(at - 3, -1), -1):
        other = numbers[before]
        if start - other.end > _CLOSE:
            return None
        if not is_year(other):
            between = text[other.end : start]
            than = _THAN.search(between)
            return before if than and not _STOP.search(between, 0, than.start()) else None
    return None


def _counted(one: Quantity) -> bool:
    """Whether what stands behind a number is surely what it counts: in Latin letters a plural, or a measure."""
    if not isinstance(one.value, Fraction) or one.kind != "number":
        return isinstance(one.value, Fraction)
    unit = one.unit
    return bool(telling(unit)) and (not unit.isascii() or hard(unit) or unit.endswith("s") or is_person(telling(unit)))


def noun_after(after: str) -> str:
    """The noun that a number counts where another word stands between: "728 more arms", "3,640 robot arms"; else ""."""
    found = _NOUN.match(after)
    if not found or not (found["more"] or found["plural"]):
        return ""
    word, plural = found["word"], found["plural"]
    if plural and not word.endswith("s") and telling(word) and telling(plural):
        return plural
    return word if found["more"] and telling(word) else ""
