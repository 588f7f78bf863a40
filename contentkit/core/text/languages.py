"""Languages by their codes: "ja", "pt-BR"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from contentkit.core.errors import UsageError

T = TypeVar("T")

_NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German",
    "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "it": "Italian",
    "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "ms": "Malay", "nl": "Dutch",
    "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "pt-BR": "Brazilian Portuguese", "ro": "Romanian",
    "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili",
    "ta": "Tamil", "te": "Telugu", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese",
    "zh": "Chinese", "zh-TW": "Traditional Chinese", "zh-CN": "Simplified Chinese",
}  # fmt: skip


def language_name(code: str) -> str:
    """English name of a language; the code itself where we have no name."""
    return _NAMES.get(code, _NAMES.get(primary(code), code))


def language_code(language: str) -> str:
    """A language as the user names it, in the usual letters: "pt-br" becomes "pt-BR".

    Raises:
        UsageError: it is no code of a language.
    """
    if language and not re.fullmatch(r"(?i)[a-z]{2,3}(-[a-z]{2,4})?", language):
        raise UsageError(
            f"{language!r} is no code of a language.", hint="Give an ISO 639 code, such as en, ja or pt-BR."
        )
    code, dash, region = language.partition("-")
    return code.lower() + dash + (region.upper() if len(region) == 2 else region.title())


def primary(code: str) -> str:
    """The language without its country or writing: "pt" of "pt-BR"."""
    return code.lower().replace("_", "-").split("-")[0]


def in_language(table: Mapping[str, T], code: str) -> T:
    """The row of a language; that of English where it has none."""
    return table.get(primary(code), table["en"])
