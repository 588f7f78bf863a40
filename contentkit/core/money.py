"""US dollars. What costs an unknown sum is None, and never taken for nothing."""

from __future__ import annotations

from collections.abc import Iterable


def total(costs: Iterable[float | None]) -> float | None:
    """All of them together; unknown where one of them is."""
    known = list(costs)
    return None if None in known else sum(cost for cost in known if cost is not None)


def priced(cost: float | None, say: str = "{}") -> str:
    """The sum as it is told, in words such as "about {} in all"."""
    return "price unknown" if cost is None else say.format(f"${cost:.4f}")
