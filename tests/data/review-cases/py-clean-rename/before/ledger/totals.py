"""Totals of a ledger."""

from collections.abc import Iterable


def total(rows: Iterable[tuple[str, int]]) -> int:
    """Sum of all amounts, in cents."""
    return sum(n for _, n in rows)


def by_account(rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Sum for each account, in cents."""
    sums: dict[str, int] = {}
    for a, n in rows:
        sums[a] = sums.get(a, 0) + n
    return sums
