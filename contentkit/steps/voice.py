"""The voice: how far the text is from a profile that ``contentkit voice learn`` has measured, and what differs."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any

from contentkit.core.parts import Part, parts
from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Severity
from contentkit.core.text.document import Sentence
from contentkit.core.text.languages import primary
from contentkit.steps._voice.measure import Measures, measure, running, size_of
from contentkit.steps._voice.page import from_table
from contentkit.steps._voice.profile import Profile, differences, distance, part_size
from contentkit.steps._voice.told import HABITS, lines, number

CHECK = True

_LEAST = {"ja": 300}
_LEAST_WORDS = 120
_MARGIN, _UNKNOWN_OWN = 5.0, 55.0
_TOLD, _FAR = 5, 1.5
"""So many habits are told, each at least so many deviations among authors away."""
_LONGEST = 3
_MARKS = {
    "questions": re.compile(r"[?？]"),
    "exclamations": re.compile(r"[!！]"),
    "semicolons": re.compile(r"[;；]"),
    "dashes": re.compile(r"—|――"),
    "brackets": re.compile(r"[(（]"),
    "ellipses": re.compile(r"…|\.{3}"),
    "contractions": re.compile(r"\w['’](?:t|re|ve|ll|m|d)\b"),
    "you": re.compile(r"(?i)\byour?\b|あなた|皆さん"),
    "I": re.compile(r"\b(?:I|my|me)\b|私|僕"),
    "we": re.compile(r"(?i)\b(?:we|our|us)\b|私たち|我々"),
}


def after(piece: Piece) -> Piece:
    """The distance as a notice; where it is too great, findings that say what differs and where."""
    if not (table := piece.settings.get("voice")):
        return piece
    profile = _profile(json.dumps(table, sort_keys=True, default=str))
    for part in parts(piece):
        if primary(part.document.language) != profile.language:
            piece = piece.noticed(f"{part.path}: not in the language of the voice ({profile.language})")
            continue
        said, size, least = running(part.document), 0, _LEAST.get(profile.language, _LEAST_WORDS)
        for one in said:
            size += size_of(part.document.shadow[one.start : one.end], profile.language)
            if size >= least:
                break
        else:
            piece = piece.noticed(f"{part.path}: too short to compare with the voice ({size} words)")
            continue
        piece = _compared(piece, part, profile, said)
    return piece


def settings(table: Mapping[str, Any]) -> None:
    """Whether the profile can be read.

    Raises:
        UsageError: it is none.
    """
    from_table(table)


def told(table: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """The voice in words, for a model that is to write in it."""
    profile = from_table(table)
    return tuple(lines(profile, language)) if profile.language == language else ()


def _compared(piece: Piece, part: Part, profile: Profile, said: list[Sentence]) -> Piece:
    here = measure(part.document, said)
    far, bar = distance(here, profile.measures, profile.language), _bar(profile, here.size)
    own = f"parts of its samples are at up to {profile.own_most:.0f} from each other" if profile.own_most else ""
    thin = "; the voice rests on little text" if profile.thin else ""
    shown = f"{far:.0f} from the voice (0 is the same{', ' + own if own else ''}{thin})"
    if far <= bar:
        return piece.noticed(f"{part.path}: {shown}")
    first = said[0]
    repair = "Write it in the voice: " + "; ".join(_wanted(here, profile))
    finding = part.finding("voice/distance", f"The text is {shown}.", first.start, first.end, repair=repair)
    return piece.found(finding, *_differs(part, here, profile, said))


def _bar(profile: Profile, size: int) -> float:
    """The distance from which a text is told to be in another voice. A text shorter than the parts of the samples lies
    farther by chance, by about the fourth root of what it is shorter."""
    usual = profile.own_most if profile.own_most is not None else _UNKNOWN_OWN
    short = max(1.0, part_size(profile.language) / max(size, 1))
    return usual * math.sqrt(math.sqrt(short)) + _MARGIN


def _ranked(here: Measures, profile: Profile) -> list[tuple[str, float]]:
    """Habits with the deviations by which the text has more (or less), the farthest first."""
    apart = differences(here, profile.measures, profile.language)
    far = [(name, value) for name, value in apart.items() if abs(value) >= _FAR]
    return sorted(far, key=lambda one: -abs(one[1]))[:_TOLD]


def _wanted(here: Measures, profile: Profile) -> Iterator[str]:
    for name, _ in _ranked(here, profile) or [("sentence length", 0.0)]:
        yield HABITS[name].said.format(number(name, profile.measures.habits[name], profile.language))


def _differs(part: Part, here: Measures, profile: Profile, said: list[Sentence]) -> Iterator[Finding]:
    """What differs most, in words and with its numbers, at the sentences that show it best."""
    for name, apart in _ranked(here, profile):
        habit = HABITS[name]
        found, usual = (number(name, text.habits[name], profile.language) for text in (here, profile.measures))
        message = f"The text has {habit.said.format(found)}; the voice has {usual}."
        repair = f"The voice has {habit.said.format(usual)}."
        for one in _worst(part, name, said, more=apart > 0):
            yield part.finding(
                f"voice/{name.replace(', ', '-').replace(' ', '-')}",
                message,
                one.start,
                one.end,
                Severity.INFO,
                repair=repair,
            )


def _worst(part: Part, name: str, said: list[Sentence], *, more: bool) -> list[Sentence]:
    """The sentences that have most of what the voice has less of; the first where nothing can be pointed at."""
    if name in ("sentence length", "long sentences", "spread of sentences") and more:
        return sorted(said, key=lambda one: one.start - one.end)[:_LONGEST]
    mark = _MARKS.get(name)
    if mark and more:
        having = (one for one in said if mark.search(part.document.shadow, one.start, one.end))
        return [*islice(having, 1)] or said[:1]
    return said[:1]


@lru_cache(maxsize=4)
def _profile(said: str) -> Profile:
    return from_table(json.loads(said))
