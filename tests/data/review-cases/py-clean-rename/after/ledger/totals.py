"""Totals of a ledger."""

from collections.abc import Iterable


def total(rows: Iterable[tuple[str, int]]) -> int:
    """Sum of all amounts, in cents."""
    return sum(amount for _, amount in rows)


def by_account(rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Sum for each account, in cents."""
    sums: dict[str, int] = {}
    for account, amount in rows:
        sums[account] = sums.get(account, 0) + amount
    return sums
