"""How well findings meet known defects: matching by place, then precision, recall and F1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contentkit.core.change import FileChange, Hunk
from contentkit.core.report import Finding, Place

TOLERANCE = 3
"""Lines by which a finding may stand beside the defect: a reviewer points at the call or at the line above it."""


@dataclass(frozen=True, slots=True)
class Defect:
    """A fault that is known to be in a change.

    Attributes:
        path: of the file, relative.
        start_line, end_line: 1-based lines of the file after the change.
        anchor: "added" where a line that was put in is at fault; "deleted" where one that was taken out is missing, and
            then any line of that hunk points at it.
    """

    path: str
    start_line: int
    end_line: int
    description: str = ""
    severity: str = ""
    anchor: str = "added"


@dataclass(frozen=True, slots=True)
class Match:
    """A finding that points at a defect, ``distance`` lines away from it; both by their numbers in what was given."""

    defect: int
    finding: int
    distance: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of findings and defects, and what follows from them; None where there is nothing to divide by."""

    cases: int = 0
    defects: int = 0
    findings: int = 0
    matched: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.cases + other.cases,
            self.defects + other.defects,
            self.findings + other.findings,
            self.matched + other.matched,
        )

    @property
    def false_alarms(self) -> int:
        """Findings that point at no known defect, and second ones for the same."""
        return self.findings - self.matched

    @property
    def precision(self) -> float | None:
        """Share of the findings that point at a defect."""
        return self.matched / self.findings if self.findings else None

    @property
    def recall(self) -> float | None:
        """Share of the defects that a finding points at."""
        return self.matched / self.defects if self.defects else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of both; 0 where defects are known and nothing was found."""
        if not self.defects:
            return None
        return 2 * self.matched / (self.findings + self.defects)


def match(
    findings: Sequence[Finding], defects: Sequence[Defect], files: Iterable[FileChange], *, tolerance: int = TOLERANCE
) -> tuple[Match, ...]:
    """As many pairs as can be made of a finding and a defect near it, each used once; nearer ones go first.

    A finding without a line points at no defect. One on a deleted line counts as standing where that line was.
    """
    hunks = {file.path: file.hunks for file in files}
    near = [sorted(_near(defect, findings, hunks.get(defect.path, ()), tolerance)) for defect in defects]
    taken: dict[int, int] = {}

    def place(defect: int, seen: set[int]) -> bool:
        """Find a finding for ``defect``, moving other defects to other findings where that helps (Kuhn)."""
        for _, finding in near[defect]:
            if finding in seen:
                continue
            seen.add(finding)
            if finding not in taken or place(taken[finding], seen):
                taken[finding] = defect
                return True
        return False

    for defect in sorted(range(len(defects)), key=lambda number: near[number][:1] or [(tolerance + 1, 0)]):
        place(defect, set())
    distances = [{finding: distance for distance, finding in pairs} for pairs in near]
    return tuple(
        Match(defect, finding, distances[defect][finding])
        for finding, defect in sorted(taken.items(), key=lambda pair: (pair[1], pair[0]))
    )


def _near(
    defect: Defect, findings: Sequence[Finding], hunks: Sequence[Hunk], tolerance: int
) -> Iterable[tuple[int, int]]:
    """(distance, number) of each finding that points at the defect."""
    spans = [(defect.start_line, max(defect.start_line, defect.end_line))]
    if defect.anchor == "deleted":
        spans += [span for hunk in hunks if _touch(span := _span(hunk), spans[0], tolerance)]
    for number, finding in enumerate(findings):
        if finding.place is None or finding.place.path != defect.path or finding.place.line is None:
            continue
        own = _after(finding.place, hunks)
        distance = min(_distance(own, span) for span in spans)
        if distance <= tolerance:
            yield distance, number


def _span(hunk: Hunk) -> tuple[int, int]:
    return hunk.new_start, max(hunk.new_start, hunk.new_start + hunk.new_count - 1)


def _touch(one: tuple[int, int], other: tuple[int, int], tolerance: int) -> bool:
    return _distance(one, other) <= tolerance


def _distance(one: tuple[int, int], other: tuple[int, int]) -> int:
    """Lines between two spans; 0 where they overlap."""
    return max(0, one[0] - other[1], other[0] - one[1])


def _after(place: Place, hunks: Sequence[Hunk]) -> tuple[int, int]:
    """The lines of the place in the file after the change."""
    assert place.line is not None
    first, last = place.line, max(place.line, place.end_line or place.line)
    if place.side == "RIGHT":
        return first, last
    return _where(first, hunks), _where(last, hunks)


def _where(old: int, hunks: Sequence[Hunk]) -> int:
    """The line after the change at which line ``old`` stands, or stood."""
    shift = 0
    for hunk in hunks:
        if old < hunk.old_start:
            break
        here = hunk.new_start
        for line in hunk.lines:
            if line.old == old:
                return here if line.new is None else line.new
            here = here if line.new is None else line.new + 1
        shift = _next(hunk.new_start, hunk.new_count) - _next(hunk.old_start, hunk.old_count)
    return max(1, old + shift)


def _next(start: int, count: int) -> int:
    """The first line behind a hunk; of an empty side git names the line before it."""
    return start + max(1, count)
