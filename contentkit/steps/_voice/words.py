"""The small words whose rates tell authors apart (words.toml), and the words of each person."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=8)
def small_words(language: str) -> tuple[str, ...]:
    """The function words of a language that are counted; of Japanese pairs of hiragana, and kana before a comma."""
    lists = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
    before = tuple(f"{kana}、" for kana in lists["before-comma"]) if language == "ja" else ()
    return (*lists.get(language, "").split(), *before)


PERSONS: Mapping[str, Mapping[str, re.Pattern[str]]] = {
    "en": {
        "I": re.compile(r"\b(?:i|me|my|mine|myself|i'(?:m|ve|ll|d))\b"),
        "we": re.compile(r"\b(?:we|us|our|ours|ourselves|we'(?:re|ve|ll|d))\b"),
        "you": re.compile(r"\b(?:you|your|yours|yourself|you'(?:re|ve|ll|d))\b"),
    },
    "de": {
        "I": re.compile(r"\b(?:ich|mich|mir|mein(?:e[mnrs]?)?)\b"),
        "we": re.compile(r"\b(?:wir|uns|unser(?:e[mnrs]?)?)\b"),
        "you": re.compile(r"\b(?:du|dich|dir|dein(?:e[mnrs]?)?|euch|euer)\b"),
    },
    "ja": {
        "I": re.compile(r"私(?!たち|達)|わたし(?!たち)|僕(?!ら)|ぼく(?!ら)|俺|おれ"),
        "we": re.compile(r"私たち|私達|わたしたち|僕ら|ぼくら|我々|われわれ|弊社|当社"),
        "you": re.compile(r"あなた|皆さん|みなさん|皆様|君(?=[はがをにのも、])"),
    },
}
