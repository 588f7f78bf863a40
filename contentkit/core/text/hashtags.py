"""Hashtags as platforms read them: what is one, what is cut, and what a screen reader can read out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import regex

from contentkit.core.text.counting import HASHTAG_SIGNS, find_hashtags

_SIGN = re.compile(r"^[#＃\s\ufe0f\u20e3]+")
_BETWEEN = regex.compile(rf"[^{HASHTAG_SIGNS}]+", regex.VERSION1)
# What goes on without a space behind a hashtag that has ended: "#open-source", "#R&D".
_GOES_ON = re.compile(r"(?:[-‐–&+]\w+)+")
# A year or the like is meant as a hashtag; "#1" is a number.
_NUMBER = re.compile(r"(?<![\w&/#＃])[#＃]\d{4,}(?![\w%\ufe0f\u20e3]|[.,:/]\d)")
_WORD = re.compile(r"[^\W\d_]+")
_LEAST_WORD, _MOST_WORDS = 2, 4


@dataclass(frozen=True, slots=True)
class Advice:
    """What is wrong with a hashtag in a text.

    Attributes:
        name: "twice", "cut", "number" or "case".
        start, end: its span.
        better: what would be better; "" where it should go.
    """

    name: str
    start: int
    end: int
    better: str = ""


def cleaned(tags: Iterable[str]) -> list[str]:
    """Tags as they can be used, without the sign: several words as one with capitals, signs taken out, each once.

    What has no letter is none, and left out.
    """
    made: dict[str, str] = {}
    for tag in tags:
        if any(map(str.isalpha, joined := camel(_SIGN.sub("", tag)))):
            made.setdefault(joined.casefold(), joined)
    return list(made.values())


def camel(words: str) -> str:
    """Words as one tag, each with a capital, which screen readers need to tell them apart; a single word as it is."""
    parts = [word for word in _BETWEEN.split(words) if word]
    return parts[0] if len(parts) == 1 else "".join(word[:1].upper() + word[1:] for word in parts)


def advice(text: str) -> Iterator[Advice]:
    """What is wrong with the hashtags of a text, in order of kind."""
    spans = list(find_hashtags(text))
    seen: set[str] = set()
    plain = {tag for start, end in spans if (tag := text[start + 1 : end]).islower() and tag.isascii()}
    phrases = _phrases(text, plain) if plain else {}
    for start, end in spans:
        tag = text[start + 1 : end]
        key = tag.casefold()
        if key in seen:
            yield Advice("twice", start, end)
        seen.add(key)
        if rest := _GOES_ON.match(text, end):
            yield Advice("cut", start, rest.end(), f"#{camel(text[start + 1 : rest.end()])}")
        elif tag in phrases:
            yield Advice("case", start, end, f"#{phrases[key]}")
    for number in _NUMBER.finditer(text):
        yield Advice("number", number.start(), number.end())


def _phrases(text: str, tags: Collection[str]) -> dict[str, str]:
    """Which of the tags are neighbouring words of the text, run together -> with capitals: so "#opensource" is known to
    be two words."""
    found: dict[str, str] = {}
    begun = {tag[:_LEAST_WORD] for tag in tags}
    words = [word.group() for word in _WORD.finditer(text) if word.group().isascii()]
    for first, word in enumerate(words):
        if word[:_LEAST_WORD].casefold() not in begun:
            continue
        for number in range(2, _MOST_WORDS + 1):
            run = words[first : first + number]
            key = "".join(run).casefold()
            if key in tags and len(run) == number and all(len(word) >= _LEAST_WORD for word in run):
                found.setdefault(key, camel(" ".join(run)))
    return found
