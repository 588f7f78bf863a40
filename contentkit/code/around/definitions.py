"""A function or class of a source file, as every way to read one tells it."""

from __future__ import annotations

from dataclasses import dataclass


def words(text: str) -> frozenset[str]:
    """The words of a list that is too long to quote each."""
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Definition:
    """A function, class or the like. Lines are 1-based and both included.

    Attributes:
        first: line of the first decorator, or of the definition itself.
        head: last line of its signature.
        kind: "class" for what has members, "function" for the rest.
    """

    name: str
    first: int
    head: int
    last: int
    kind: str = "function"
