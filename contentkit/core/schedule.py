"""Times of a film that add up: whole seconds for every row, and chapters where rows begin."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate

# YouTube's rules for chapters; any breach turns all of them off.
LEAST_CHAPTERS, SHORTEST_CHAPTER = 3, 10


def shared_out(total: int, wishes: Sequence[float], needs: Sequence[float]) -> list[int] | None:
    """``total`` whole seconds shared out by ``wishes``, so that they add up exactly.

    Each gets at least 1 and, as long as there is room for all, the seconds that it ``needs``. None where there are more
    rows than seconds.
    """
    if not wishes or total < len(wishes):
        return None
    floors = [max(1, math.ceil(need)) for need in needs]
    if sum(floors) > total:
        # There is no room for all that is said: each has its part of what there is.
        return _rounded(total, [float(floor) for floor in floors])
    if sum(wishes) < 1:
        wishes = [1.0] * len(wishes)
    over = [max(0.0, total * (wish / sum(wishes)) - floor) for wish, floor in zip(wishes, floors, strict=True)]
    rest = total - sum(floors)
    shares = [rest * (part / sum(over)) for part in over] if sum(over) > 1e-6 else [rest / len(over)] * len(over)
    return [floor + share for floor, share in zip(floors, _whole(rest, shares), strict=True)]


def _rounded(total: int, weights: Sequence[float]) -> list[int]:
    """``total`` by ``weights``, each at least 1."""
    rest = total - len(weights)
    return [1 + share for share in _whole(rest, [rest * weight / sum(weights) for weight in weights])]


def _whole(total: int, shares: Sequence[float]) -> list[int]:
    """Shares that add up to about ``total`` as whole numbers that do so exactly: the largest remainders are rounded
    up."""
    down = [math.floor(share + 1e-9) for share in shares]
    left = total - sum(down)
    order = sorted(range(len(shares)), key=lambda at: (down[at] - shares[at], at))
    for at in order[:left]:
        down[at] += 1
    return down


def moved(
    chapters: Sequence[tuple[float, str]], before: Sequence[float], after: Sequence[float]
) -> list[tuple[float, str]]:
    """The chapters after the rows were given other lengths: each at the start of the row nearest to where it was.

    Args:
        before, after: the lengths of the rows.
    """
    old, new = ([0.0, *accumulate(lengths)][:-1] for lengths in (before, after))
    rows = [min(range(len(old)), key=lambda at: (abs(old[at] - start), at)) for start, _ in chapters]
    return [(new[row], title) for row, (_, title) in zip(rows, chapters, strict=True)]


def kept(chapters: Sequence[tuple[float, str]], end: float) -> list[tuple[float, str]]:
    """Of the chapters those that YouTube takes together: the first at 0, at least three, each at least ten seconds."""
    found: list[tuple[float, str]] = []
    for start, title in chapters:
        if not found:
            found.append((0, title))
        elif start - found[-1][0] >= SHORTEST_CHAPTER:
            found.append((start, title))
    while found and end - found[-1][0] < SHORTEST_CHAPTER:
        found.pop()
    return found if len(found) >= LEAST_CHAPTERS else []
