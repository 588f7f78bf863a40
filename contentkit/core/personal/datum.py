"""One datum about a person, and how it is shown without giving it away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Sort = Literal["email", "phone", "card", "iban", "id", "address", "birth", "ip"]


@dataclass(frozen=True, slots=True)
class Datum:
    """A datum in a text.

    Attributes:
        start, end: its span in code points.
        what: what it is, for a message: "a credit card number".
        key: the same for the same datum however it is written.
    """

    start: int
    end: int
    sort: Sort
    what: str
    key: str


def masked(value: str) -> str:
    """A value that whoever has the text can find again, and nobody else can use: its ends, "•" between."""
    flat = " ".join(value.split())
    kept = 2 if len(flat) > 6 else 1
    return f"{flat[:kept]}•••{flat[-kept:]}"
