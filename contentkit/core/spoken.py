"""How long a text is when it is read out: a table of paces by language, each with its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from contentkit.core.text.gaps import PLACEHOLDER
from contentkit.core.text.languages import primary
from contentkit.core.text.script import SPACELESS

# A mark for what is still to be written, "[price from March on]": how long it takes nobody knows yet.


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a calm narrator reads.

    Attributes:
        per_minute: words; characters of Japanese and Chinese, see ``units``.
        source: where the figure is from.
    """

    per_minute: int
    unit: Literal["words", "characters"]
    source: str


_PRACTICE = "practice of narrators"
# Trauzettel-Klosinski and Dietz measured the same ten texts read out in 17 languages. They were read faster than a film
# is narrated (English 228 words a minute), so each figure is taken times 145/228.
_IREST = "IReST 2012, doi:10.1167/iovs.11-8284, slowed from 228 words of English a minute to 145"

PACES = {
    "en": Pace(145, "words", f"{_PRACTICE}: 140-150, from 125 to 180"),
    "ja": Pace(300, "characters", f"{_PRACTICE}: about 300, as news are read"),
    "zh": Pace(240, "characters", _PRACTICE),
    "ko": Pace(100, "words", f"{_PRACTICE}: about 300 syllables, three to a word"),
    "de": Pace(120, "words", "Verband Deutscher Sprecher:innen, sprecherverband.de/glossar/textlaenge"),
    "ar": Pace(88, "words", _IREST),
    "es": Pace(139, "words", _IREST),
    "fi": Pace(102, "words", _IREST),
    "fr": Pace(124, "words", _IREST),
    "he": Pace(119, "words", _IREST),
    "it": Pace(120, "words", _IREST),
    "nl": Pace(128, "words", _IREST),
    "pl": Pace(106, "words", _IREST),
    "pt": Pace(115, "words", _IREST),
    "ru": Pace(117, "words", _IREST),
    "sl": Pace(114, "words", _IREST),
    "sv": Pace(127, "words", _IREST),
    "tr": Pace(106, "words", _IREST),
}
_OTHERS = Pace(117, "words", "the mean of the IReST's languages, slowed likewise")


def pace_of(language: str) -> Pace:
    """The row of a language, "pt-BR" by "pt"; a mean for those without one."""
    return PACES.get(primary(language), _OTHERS)


def units(text: str, language: str) -> int:
    """Words, or characters in Japanese and Chinese."""
    if primary(language) in SPACELESS:
        return sum(not sign.isspace() for sign in text)
    return len(text.split())


def pace(language: str) -> float:
    """Units spoken in a second."""
    return pace_of(language).per_minute / 60


def seconds(text: str, language: str) -> float:
    """How long it takes to say ``text``, estimated; what is still to be written takes nothing."""
    return units(PLACEHOLDER.sub(" ", text), language) / pace(language)
