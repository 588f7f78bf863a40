"""What became of a claim that was held against the material."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Standing = Literal["said", "rounded", "derived", "doubtful", "misplaced", "absent"]
"""said: it stands there, in whatever form. rounded: it does, less exactly. derived: it follows from what stands there.
doubtful: only part of it, or with another unit. misplaced: it stands there, of something else. absent: nothing there
carries it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a claim stands.

    Attributes:
        why: what the material has instead, or how the claim follows from it; part of a sentence, or "".
        instead: the words of the material that might be meant, or "".
        weak: what tells so may be wrong.
    """

    standing: Standing
    why: str = ""
    instead: str = ""
    weak: bool = False


SAID = Verdict("said")
