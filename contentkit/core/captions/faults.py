"""Which rules of subtitles the narration of a row does not allow to keep."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import ceil

from contentkit.core.captions.cues import Cue
from contentkit.core.captions.rules import GAP, LINES, SHORTEST, Rules, rules_of, width


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the subtitles of one row (``scene``, from 1), in words, and how much of it may be said.

    Attributes:
        most: characters that the row has room for; None where length is not what is wrong.
    """

    scene: int
    message: str
    most: int | None = None


def faults(cues: Sequence[Cue], language: str) -> Iterator[Fault]:
    """At most one for each row: the gravest."""
    rules = rules_of(language)
    close = {one.scene for one, following in pairwise(cues) if following.start - one.end < GAP}
    for scene, group in groupby(cues, key=lambda cue: cue.scene):
        rows = list(group)
        pace = max(_pace(cue) for cue in rows)
        fast = pace > rules.per_second * 1.005
        if fast or any(cue.end - cue.start < SHORTEST for cue in rows) or scene in close:
            time = (rows[-1].end - rows[0].start) / 1000
            shown = f"{ceil(pace * 10) / 10:g}"
            fault = f"subtitles of {shown} characters a second, at most {rules.per_second:g} can be read"
            if not fast:
                fault = "subtitles that come and go too soon to be read"
            yield Fault(scene, fault, max(1, int((time - GAP / 1000 * len(rows)) * rules.per_second)))
        elif any(_breaks(cue, rules) for cue in rows):
            yield Fault(scene, f"a word of the subtitles is longer than a line of {rules.line} characters")


def _pace(cue: Cue) -> float:
    """Characters a second; a row without time has cues without any."""
    return cue.size * 1000 / max(1, cue.end - cue.start)


def _breaks(cue: Cue, rules: Rules) -> bool:
    return len(cue.lines) > LINES or any(width(line, rules) > rules.line for line in cue.lines)
