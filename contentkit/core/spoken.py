"""How long a text is, as it is read or spoken."""

from __future__ import annotations

from contentkit.core.text.script import SPACELESS

# Words a minute of a calm narrator; characters in Japanese and Chinese. The prompts for video tell models the same.
_PER_MINUTE = {"en": 145, "ja": 300, "zh": 240, "de": 125, "fr": 150, "es": 150, "it": 145, "pt": 145, "nl": 135}
_OTHERS = 140


def units(text: str, language: str) -> int:
    """Words, or characters in Japanese and Chinese."""
    if language.split("-")[0] in SPACELESS:
        return sum(not sign.isspace() for sign in text)
    return len(text.split())


def pace(language: str) -> float:
    """Units spoken in a second."""
    return _PER_MINUTE.get(language.split("-")[0], _OTHERS) / 60
