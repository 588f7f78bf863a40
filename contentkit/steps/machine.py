"""Whether the text sounds like a machine: stock phrases at their sentences, and habits that only a count shows."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from contentkit.core.parts import Part, parts
from contentkit.core.piece import Piece
from contentkit.core.report import Finding
from contentkit.core.text.phrases import Phrases, lowered
from contentkit.core.text.scan import one_of, rarely
from contentkit.steps._machine.habits import habits, lengths, words

CHECK = True

_WEAK_LEAST, _WEAK_KINDS, _WEAK_RATE = 5, 4, 12.0
"""Weak words are told where so many stand in a text, of so many kinds, and so many for a thousand words."""


@dataclass(frozen=True, slots=True)
class _Group:
    rule: str
    why: str
    repair: str
    weak: bool


@dataclass(frozen=True)
class _List:
    """The list of a language, ready to be looked for at once."""

    group_of: Mapping[str, _Group]
    phrases: Phrases
    patterns: tuple[tuple[re.Pattern[str], re.Pattern[str], _Group], ...]
    """Each with what one of its matches holds, and its group."""


def after(piece: Piece) -> Piece:
    """Findings at sentences with stock phrases, and one for each habit that goes through the text."""
    return piece.found(*(finding for part in parts(piece) for finding in _found(part)))


def _found(part: Part) -> Iterator[Finding]:
    listed = phrases_of(part.document.language)
    if listed is None:
        return
    low = lowered(part.document.shadow)
    long = lengths(part.document)
    size = words(part.document, long)
    yield from _phrases(part, low, listed, size)
    yield from habits(part, size, long)


def _phrases(part: Part, low: str, listed: _List, size: int) -> Iterator[Finding]:
    """Each stock phrase once for its sentence; weak ones together."""
    seen: set[tuple[str, int]] = set()
    weak: dict[str, list[tuple[int, int]]] = {}
    hits = [(hit.start, hit.end, listed.group_of[hit.phrase]) for hit in listed.phrases.find(low)]
    hits += [
        (*found.span(), group) for pattern, holds, group in listed.patterns for found in rarely(pattern, low, holds)
    ]
    for start, end, group in sorted(hits, key=lambda hit: hit[:2]):
        if part.document.quoted(start):
            continue
        sentence = part.document.sentence_at(start)
        key = (group.rule, sentence.start if sentence else start)
        if group.weak:
            weak.setdefault(group.rule, []).append((start, end))
        elif key not in seen:
            seen.add(key)
            shown = " ".join(part.document.text[start:end].split())
            yield part.finding(f"machine/{group.rule}", f"“{shown}”: {group.why}", start, end, repair=group.repair)
    groups = {group.rule: group for group in listed.group_of.values()}
    for rule, spans in weak.items():
        yield from _weak(part, groups[rule], spans, size, low)


def _weak(part: Part, group: _Group, spans: list[tuple[int, int]], size: int, low: str) -> Iterator[Finding]:
    """One finding, at the first of them, where they are many."""
    said = [low[start:end] for start, end in spans]
    rate = 1000 * len(spans) / max(size, 1)
    if len(spans) < _WEAK_LEAST or len(set(said)) < _WEAK_KINDS or rate < _WEAK_RATE:
        return
    shown = ", ".join(f"“{word.strip('、。')}”" for word in dict.fromkeys(said[:6]))
    message = f"{len(spans)} in {size} words, such as {shown}: {group.why}"
    yield part.finding(f"machine/{group.rule}", message, *spans[0], repair=group.repair)


@lru_cache(maxsize=8)
def phrases_of(language: str) -> _List | None:
    """The list of a language; None where there is none."""
    path = Path(__file__).parent / "_machine" / f"{language}.toml"
    if not language.isalpha() or not path.is_file():
        return None
    group_of, patterns = {}, []
    for row in tomllib.loads(path.read_text(encoding="utf-8"))["group"]:
        group = _Group(row["rule"], row["why"], row["repair"], row.get("weak", False))
        group_of.update(dict.fromkeys(row["phrases"], group))
        for pattern in row.get("pattern", ()):
            patterns.append((re.compile(pattern["is"]), re.compile(one_of(pattern["holds"])), group))
    return _List(group_of, Phrases(group_of), tuple(patterns))
