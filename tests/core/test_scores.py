"""Findings matched with known defects, and the figures of it."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentkit.code.patches.patch import hunks
from contentkit.core.change import FileChange, Status
from contentkit.core.report import Finding, Place
from contentkit.core.scores import Defect, Figures, match

# Old lines 11 to 13 went away; what was line 14 is line 12 now.
FILE = FileChange(
    "a.py",
    Status.MODIFIED,
    "a.py",
    hunks(b"@@ -9,7 +9,5 @@\n nine\n ten\n-eleven\n-twelve\n-thirteen\n+new\n fourteen\n fifteen\n"),
)


def at(line: int | None, end: int | None = None, path: str = "a.py", side: str = "RIGHT") -> Finding:
    return Finding("bugs/bug", "wrong", place=Place(path, line, end, side=side))  # type: ignore[arg-type]


def pairs(findings: list[Finding], defects: list[Defect], tolerance: int = 3) -> list[tuple[int, int]]:
    return [(one.defect, one.finding) for one in match(findings, defects, [FILE], tolerance=tolerance)]


@pytest.mark.parametrize(
    ("line", "end", "hit"), [(7, None, True), (6, None, False), (15, None, True), (16, None, False), (2, 40, True)]
)
def test_a_finding_hits_within_the_tolerance(line: int, end: int | None, hit: bool) -> None:
    assert bool(pairs([at(line, end)], [Defect("a.py", 10, 12)])) is hit


def test_another_file_the_whole_file_or_no_place_hit_nothing() -> None:
    findings = [at(10, path="b.py"), at(None), Finding("a/b", "wrong")]
    assert pairs(findings, [Defect("a.py", 10, 10)]) == []


def test_a_finding_counts_once_and_so_does_a_defect() -> None:
    assert pairs([at(10)], [Defect("a.py", 10, 10), Defect("a.py", 11, 11)]) == [(0, 0)]
    assert pairs([at(11), at(10)], [Defect("a.py", 10, 10)]) == [(0, 1)]


def test_pairs_are_made_so_that_as_many_as_can_be_are() -> None:
    # The first finding is the nearest to both; taken for the first defect alone, the second one finds a partner too.
    assert pairs([at(12), at(8)], [Defect("a.py", 11, 11), Defect("a.py", 13, 13)]) == [(0, 1), (1, 0)]


@given(st.lists(st.integers(1, 30), max_size=5), st.lists(st.integers(1, 30), max_size=5), st.integers(0, 5))
def test_no_other_way_makes_more_pairs(lines: list[int], starts: list[int], tolerance: int) -> None:
    made = pairs([at(line) for line in lines], [Defect("a.py", start, start) for start in starts], tolerance)
    assert len({defect for defect, _ in made}) == len({finding for _, finding in made}) == len(made)
    assert all(abs(lines[finding] - starts[defect]) <= tolerance for defect, finding in made)
    few, many = sorted((lines, starts), key=len)
    best = max(sum(abs(a - b) <= tolerance for a, b in zip(few, way, strict=False)) for way in permutations(many))
    assert len(made) == best


def test_a_deleted_line_counts_where_it_stood() -> None:
    # Line 12 before the change stood at what is line 11 now; line 40 before is line 38 now.
    assert pairs([at(12, side="LEFT")], [Defect("a.py", 11, 11)], 0) == [(0, 0)]
    assert pairs([at(40, side="LEFT")], [Defect("a.py", 38, 38)], 0) == [(0, 0)]
    assert pairs([at(40, side="LEFT")], [Defect("a.py", 40, 40)], 0) == []


def test_of_a_defect_that_was_deleted_any_line_of_the_hunk_will_do() -> None:
    deleted = Defect("a.py", 11, 11, anchor="deleted")
    assert pairs([at(13)], [deleted], 0) == [(0, 0)]
    assert pairs([at(9, side="LEFT")], [deleted], 0) == [(0, 0)]
    assert pairs([at(14)], [deleted], 0) == []
    assert pairs([at(13)], [Defect("a.py", 11, 11)], 0) == []


def test_figures_say_nothing_where_nothing_can_be_said() -> None:
    empty, clean, missed = Figures(1), Figures(1, 0, 2, 0), Figures(1, 2, 0, 0)
    assert (empty.precision, empty.recall, empty.f1) == (None, None, None)
    assert (clean.precision, clean.recall, clean.f1, clean.false_alarms) == (0.0, None, None, 2)
    assert (missed.precision, missed.recall, missed.f1) == (None, 0.0, 0.0)


def test_figures_add_up() -> None:
    total = Figures(1, 2, 3, 1) + Figures(1, 2, 1, 1)
    assert (total.cases, total.precision, total.recall, total.f1) == (2, 0.5, 0.5, 0.5)
