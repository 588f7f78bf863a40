"""A profile as a TOML file that a person can read, and back."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from contentkit.core.errors import UsageError
from contentkit.core.nearest import unknown
from contentkit.steps._voice.measure import Measures
from contentkit.steps._voice.profile import Profile, background
from contentkit.steps._voice.words import small_words

VERSION = 1
_KEYS = ("version", "language", "words", "texts", "parts", "own", "own_most", "habits", "small_words")


def to_toml(profile: Profile) -> str:
    """The file of a profile."""
    return "\n".join(_lines(profile)) + "\n"


def _lines(profile: Profile) -> Iterator[str]:
    unit = "characters" if profile.language == "ja" else "words"
    yield "# A voice, measured by contentkit voice learn. Check a text: contentkit check TEXT --voice THIS."
    yield f"version = {VERSION}"
    yield f'language = "{profile.language}"'
    yield f"words = {profile.size}  # {unit} that it rests on"
    yield f"texts = {profile.texts}"
    yield f"parts = {profile.parts}"
    if profile.own is not None and profile.own_most is not None:
        yield f"own = {profile.own:g}  # how far the parts are from each other, on average (0 to 100)"
        yield f"own_most = {profile.own_most:g}  # how far nearly all of them are at most"
    yield ""
    yield f"# Lengths in {unit}; shares from 0 to 1; all else for 1000 {unit}."
    yield "[habits]"
    yield from (f"{_quoted(name)} = {value:.4g}" for name, value in profile.measures.habits.items())
    yield ""
    yield f"# Times for 1000 {unit}."
    yield "[small_words]"
    yield from (f"{_quoted(word)} = {rate:.4g}" for word, rate in profile.measures.words.items())


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def from_table(table: Mapping[str, Any]) -> Profile:
    """The profile of a file.

    Raises:
        UsageError: it is none, or one of another version.
    """
    for key in table:
        if key not in _KEYS:
            raise unknown("key of a voice", key, _KEYS)
    if table.get("version") != VERSION:
        hint = "Learn it again: contentkit voice learn SAMPLES... -o voice.toml."
        raise UsageError(f"This voice is of version {table.get('version')!r:.20}, not {VERSION}.", hint=hint)
    language = table.get("language")
    if not isinstance(language, str) or not language.isalpha():
        raise _wrong("language", "a code such as en or ja")
    habits, words = (_numbers(table, name) for name in ("habits", "small_words"))
    for known, given, what in (
        (background(language)[1], habits, "habit"),
        (small_words(language), words, "small word"),
    ):
        for name in given:
            if name not in known:
                raise unknown(what, name, known)
    size, texts, parts = (_count(table, name) for name in ("words", "texts", "parts"))
    own, most = (_number(table, name) if name in table else None for name in ("own", "own_most"))
    return Profile(language, size, texts, parts, own, most, Measures(size, habits, words))


def _numbers(table: Mapping[str, Any], name: str) -> dict[str, float]:
    said = table.get(name)
    if not isinstance(said, Mapping):
        raise _wrong(name, "a table of numbers")
    return {key: _number(said, key) for key in said}


def _number(table: Mapping[str, Any], name: str) -> float:
    value = table.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise _wrong(name, "a number from 0 on")
    return float(value)


def _count(table: Mapping[str, Any], name: str) -> int:
    return int(_number(table, name))


def _wrong(name: str, wanted: str) -> UsageError:
    hint = "Learn it again: contentkit voice learn SAMPLES... -o voice.toml."
    return UsageError(f"In the voice {name!r} must be {wanted}.", hint=hint)
