"""Facts that a brief gives by name: "first trip" is 2026-12-01. Every text made of the brief is held against them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from contentkit.core.errors import UsageError
from contentkit.core.facts.claims import content
from contentkit.core.nearest import unknown
from contentkit.core.text.numbers import Quantity, quantities
from contentkit.core.text.prose import detect

_KEYS = ("value", "also")
_EXAMPLE = 'For example: seats = "120 people", or seats = {value = "120 people", also = ["定員"]}'


@dataclass(frozen=True)
class Fact:
    """One fact.

    Attributes:
        label: what it is called.
        values: what is so, as text; several where each of them is.
        also: other words for it, perhaps in another language.
    """

    label: str
    values: tuple[str, ...]
    also: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """The values as a reader is told them."""
        return ", ".join(self.values)

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """The numbers, dates and sums of the values."""
        return tuple(one for value in self.values for one in quantities(value, detect(value)))

    @cached_property
    def keys(self) -> tuple[frozenset[str], ...]:
        """For each of its names the words that tell it."""
        named = (self.label, *self.also)
        return tuple(words for name in named if (words := content(name, detect(name) or "en")))

    def __hash__(self) -> int:
        return hash((self.label, self.values, self.also))


def facts_of(table: Mapping[str, Any], where: str = "facts") -> tuple[Fact, ...]:
    """The facts of a TOML table.

    Args:
        where: how sentences call the table.

    Raises:
        UsageError: a value is no fact.
    """
    if not isinstance(table, Mapping):
        raise UsageError(f"{where} must be a table.", hint=_EXAMPLE)
    return tuple(_fact(str(label), said, where) for label, said in table.items())


def _fact(label: str, said: Any, where: str) -> Fact:
    also: tuple[str, ...] = ()
    if isinstance(said, Mapping):
        for key in said:
            if key not in _KEYS:
                raise unknown(f"key of a fact (in {where}.{label})", key, _KEYS)
        names = said.get("also", ())
        if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
            raise UsageError(f"{where}.{label}.also must be a list of texts.", hint=_EXAMPLE)
        also, said = tuple(names), said.get("value")
    values = tuple(_values(said))
    if not label.strip() or not values or not all(value.strip() for value in values):
        raise UsageError(f"{where}.{label} has no value that could be a fact.", hint=_EXAMPLE)
    return Fact(label, values, also)


def _values(said: Any) -> Iterator[str]:
    if isinstance(said, bool) or said is None:
        return
    if isinstance(said, list | tuple):
        for one in said:
            yield from _values(one)
    elif isinstance(said, datetime):
        yield said.isoformat(" ", "minutes")
    elif isinstance(said, date):
        yield said.isoformat()
    elif isinstance(said, time):
        yield said.isoformat("minutes")
    elif isinstance(said, str | int | float):
        yield str(said)


def as_text(facts: tuple[Fact, ...]) -> str:
    """The facts as a list that a model, and the check of sources, can read."""
    return "".join(f"- {fact.label}{_others(fact)}: {fact.said}\n" for fact in facts)


def _others(fact: Fact) -> str:
    return f" ({', '.join(fact.also)})" if fact.also else ""
