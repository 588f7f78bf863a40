"""How long a text is by the rules of the place it goes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Unit = Literal["weighted", "graphemes", "characters", "utf16", "bytes", "words", "lines"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One limit of one place, as its data file tells it.

    Attributes:
        name: what prompts and overrides call it ("x", "bluesky", "email-subject").
        unit: how the length is counted.
        hard: the place refuses or cuts what is longer; None when it does not.
        soft: longer than this is unwise; a finding, never an error.
        least: shorter than this is unwise.
        url: what any URL counts, whatever its length; None counts its characters.
        bytes: a second hard limit, in UTF-8 bytes (Bluesky); None when there is none.
        hashtags: hard limit on the number of hashtags; None when there is none.
        links: hard limit on distinct links; None when there is none.
        forbidden: characters that may not stand in the text.
        source: where the rule is documented.
        as_of: the day it was read (ISO date).
    """

    name: str
    unit: Unit = "characters"
    hard: int | None = None
    soft: int | None = None
    least: int | None = None
    url: int | None = None
    bytes: int | None = None
    hashtags: int | None = None
    links: int | None = None
    forbidden: str = ""
    source: str = ""
    as_of: str = ""


def count(text: str, rule: Rule) -> int:
    """The length of ``text`` in the rule's unit, after NFC where the place normalises."""
    raise NotImplementedError
