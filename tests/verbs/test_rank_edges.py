"""Ranking where findings nearly meet: ranges, whole files, the whole change, few words in common."""

from __future__ import annotations

from typing import Any

import pytest

from contentkit.core.report import Edit, Finding, Place, Severity
from contentkit.reviews.rank import fingerprinted, ranked

SAID = "The index runs past the end of the list"


def at(
    first: int | None, last: int | None = None, rule: str = "bugs/bounds", message: str = SAID, **more: Any
) -> Finding:
    place = Place(more.pop("path", "a.py"), first, last, side=more.pop("side", "RIGHT"), quote=more.pop("quote", "x"))
    return Finding(rule, message, more.pop("severity", Severity.MAJOR), place, **{"verified": True, **more})


@pytest.mark.parametrize(
    ("one", "other", "many"),
    [
        (at(3, 6), at(5, 9), 1),
        (at(3, 6), at(6, 6), 1),
        (at(3, 9), at(5, 6), 1),
        (at(3, 5), at(6, 9), 2),
        (at(3), at(3, 4), 1),
        (at(3), at(4, 4), 2),
        (at(3, side="LEFT"), at(3, side="LEFT"), 1),
        (at(3, side="LEFT"), at(3), 2),
        (at(None), at(None), 1),
        (at(None), at(3), 2),
        (at(None), at(None, path="b.py"), 2),
        (Finding("bugs/x", SAID, verified=True), Finding("tests/y", SAID, verified=True), 1),
        (Finding("bugs/x", SAID, verified=True), at(None), 2),
    ],
)
def test_the_same_words_are_one_fault_where_the_places_meet(one: Finding, other: Finding, many: int) -> None:
    assert len(ranked([one, other])) == len(ranked([other, one])) == many


@pytest.mark.parametrize(
    ("one", "other", "code", "many"),
    [
        ("total may be empty here", "An empty total fails here", "x", 1),
        ("total overflows for huge amounts", "Nobody awaits total before closing", "    return total", 2),
        ("total overflows badly", "Nobody awaits total", "    return total", 1),
        ("total overflows badly", "Nobody awaits total", "    return amount", 2),
        ("!", "?", "x", 2),
        ("!", "total", "x", 2),
        ("合計が空です", "合計が空なら失敗します", "x", 1),
    ],
)
def test_how_many_words_in_common_are_the_same(one: str, other: str, code: str, many: int) -> None:
    assert len(ranked([at(3, message=one, quote=code), at(3, message=other, quote=code)])) == many


def test_one_analyzer_that_says_the_same_twice_is_heard_once() -> None:
    twice = [at(3, rule="ruff/F821", verified=None) for _ in range(2)]
    assert len(ranked(twice)) == 1
    assert len(ranked([twice[0], at(3, rule="ruff/F821", message=f"{SAID}!", verified=None)])) == 2
    assert len(ranked([twice[0], at(3, 4, rule="ruff/F821", verified=None)])) == 2
    assert len(ranked([twice[0], at(3, rule="syntax/python", verified=None)])) == 1
    assert len(ranked([twice[0], at(3, rule="ruff/other")])) == 1  # a lens of that name is no linter


def test_what_one_knows_and_the_other_does_not_is_kept() -> None:
    edit = Edit("a.py", 3, 3, "y\n")
    bare = at(3, confidence=0.9)
    full = at(3, confidence=0.4, scenario="an empty list", edits=(edit,))
    (both,) = ranked([full, bare, at(3, confidence=0.1, scenario="later", edits=(Edit("a.py", 1, 1, ""),))])
    assert (both.confidence, both.scenario, both.edits) == (0.9, "an empty list", (edit,))
    (own,) = ranked([at(3, confidence=0.9, scenario="mine", edits=(Edit("a.py", 2, 2, ""),)), full])
    assert (own.scenario, own.edits) == ("mine", (Edit("a.py", 2, 2, ""),))
    (unsure,) = ranked([at(3, verified=False), at(3, verified=False, severity=Severity.CRITICAL)])
    assert unsure.severity is Severity.CRITICAL


def test_of_equal_weight_the_order_is_that_of_the_files() -> None:
    words = iter(("one", "two", "three", "four", "five", "six"))
    said = [
        at(7, message=next(words), path="b.py"), at(2, message=next(words), path="b.py"),
        at(2, message=next(words), path="b.py", side="LEFT"), at(9, message=next(words)),
        at(None, message=next(words), path="b.py"), Finding("bugs/x", next(words), Severity.MAJOR, verified=True),
    ]  # fmt: skip
    places = [(f.place.path, f.place.line, f.place.side) if f.place else None for f in ranked(said)]
    assert places == [
        None, ("a.py", 9, "RIGHT"), ("b.py", None, "RIGHT"), ("b.py", 2, "LEFT"), ("b.py", 2, "RIGHT"),
        ("b.py", 7, "RIGHT"),
    ]  # fmt: skip


def test_a_fault_of_a_whole_file_is_known_by_its_path_and_one_of_the_change_by_who_said_it() -> None:
    def mark(finding: Finding) -> str:
        return fingerprinted([finding])[0].fingerprint

    assert mark(at(None, message="one")) == mark(at(None, message="two"))
    assert mark(at(None)) != mark(at(None, path="b.py"))
    assert mark(at(4, quote=" \n ")) == mark(at(None))  # of blank lines nothing but the file is known
    assert mark(at(4, quote=" \n ")) != mark(at(4, quote=" \n ", path="b.py"))
    assert mark(at(None, quote="x")) == mark(at(None, quote=""))
    assert mark(at(None, rule="ruff/A", verified=None)) != mark(at(None, rule="ruff/B", verified=None))
    assert mark(at(3)) != mark(at(3, side="LEFT"))
    change = Finding("untested/python", SAID)
    assert mark(change) not in (mark(at(None, rule="untested/python", verified=None)), mark(Finding("other/x", SAID)))
    assert len(mark(change)) == 32
