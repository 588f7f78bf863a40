"""What a subtitle may be, by language."""

from __future__ import annotations

import re
from dataclasses import dataclass

from contentkit.core.spoken import pace_of
from contentkit.core.text.languages import primary
from contentkit.core.text.script import CJK, HANGUL, SPACELESS

SHORTEST, LONGEST = 834, 7000
"""Milliseconds that a cue stands: 5/6 s to 7 s (Netflix, Timed Text Style Guide, general requirements)."""
GAP = 84
"""Milliseconds between cues: two frames of the slowest film, 24 a second."""
LINES = 2


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one language.

    Attributes:
        line: most characters of a line.
        per_second: most characters that can be read in a second.
        wide: a character of full width counts 1 and one of half width 0.5; else every character counts 1.
    """

    line: int
    per_second: float
    wide: bool = False

    @property
    def most(self) -> float:
        """Characters of the longest cue: what two lines hold, and what is read while it may stand."""
        return min(LINES * self.line, self.per_second * LONGEST / 1000)


# Netflix, Timed Text Style Guides by language, for adults. Japanese lines: 13 in subtitles, 16 where all is told (SDH).
_RULES = {
    "en": Rules(42, 20),
    "ja": Rules(16, 4, wide=True),
    "zh": Rules(16, 9, wide=True),
    "ko": Rules(16, 12, wide=True),
}
_OTHERS = Rules(42, 17)


def rules_of(language: str) -> Rules:
    """The rules of a language, "pt-BR" by "pt"."""
    return _RULES.get(primary(language), _OTHERS)


_HALF = re.compile(r"[\uff61-\uffdc]")


def width(text: str, rules: Rules) -> float:
    """The length of a line as its rules count it. What is seen as one character counts once."""
    if text.isascii():
        return len(text) / 2 if rules.wide else len(text)
    import regex

    signs = regex.findall(r"\X", text)
    if not rules.wide:
        return len(signs)
    return sum(1.0 if _is_wide(sign[0]) else 0.5 for sign in signs)


def _is_wide(sign: str) -> bool:
    return (bool(CJK.match(sign) or HANGUL.match(sign)) and not _HALF.match(sign)) or sign > "\U0001f000"


def sayable(language: str) -> int:
    """Words a minute (characters of Japanese and Chinese) that can be said, and read as subtitles, at a calm pace."""
    spoken = pace_of(language).per_minute
    return min(spoken, round(rules_of(language).per_second * 60)) if primary(language) in SPACELESS else spoken
