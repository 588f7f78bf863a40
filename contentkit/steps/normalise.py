"""One form for the same text: Unicode NFC, plain line ends, no control or invisible characters.

What is invisible and meant stays: joiners inside emoji and in scripts that need them, variation selectors behind a
character that has variants (Japanese names, emoji), direction marks beside right-to-left letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from contentkit.core.piece import Piece
from contentkit.core.text.outline import mapped

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Everything that shows nothing by itself; most of it is dropped, some is asked for its neighbours.
_SUSPECT = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Hides text from a reader, or orders it otherwise than it reads.
_HIDING = re.compile("[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
_MOST_ROUNDS = 5
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f")


def before(piece: Piece) -> Piece:
    """Clean the sources and every string among the fields; say so where a source hid text."""
    sources = tuple(replace(source, text=cleaned(source.text), title=cleaned(source.title)) for source in piece.sources)
    hiding = [(source.origin, _hidden(source.text)) for source in piece.sources]
    notices = [
        f"{origin}: took out {number} characters that hide or reorder text" for origin, number in hiding if number
    ]
    return replace(piece, sources=sources, fields=_mapped(piece.fields)).noticed(*notices)


def after(piece: Piece) -> Piece:
    """Clean what came back."""
    return replace(piece, output=mapped(piece.output, cleaned), body=cleaned(piece.body))


def cleaned(text: str) -> str:
    """The text in its one form. Doing it twice changes nothing more."""
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text))
    # What goes can bring marks together, and NFC can put them in another order: until nothing changes any more.
    for _ in range(_MOST_ROUNDS):
        before = text
        text = unicodedata.normalize("NFC", _shown(text))
        if text == before:
            break
    return text


def _shown(text: str) -> str:
    if not _SUSPECT.search(text):
        return text
    flags = {at for found in _FLAG.finditer(text) for at in range(found.start(), found.end())}
    return _SUSPECT.sub(lambda found: _kept(found, flags), text)


def _mapped(fields: Any) -> dict[str, Any]:
    """The fields with clean strings; other values (rules, numbers) as they are."""
    return {
        name: mapped(value, cleaned) if isinstance(value, str | list | dict) else value
        for name, value in fields.items()
    }


def _hidden(text: str) -> int:
    return len(_HIDING.findall(_FLAG.sub("", text)))


def _kept(found: re.Match[str], flags: set[int]) -> str:
    """The character, where its neighbours give it a meaning; else nothing (half a surrogate pair becomes U+FFFD)."""
    sign, text, at = found.group(), found.string, found.start()
    if "\ud800" <= sign <= "\udfff":
        return "\ufffd"
    if at in flags:
        return sign
    wanted = _wanted().get(sign) or _wanted_range(sign)
    return sign if wanted and wanted(text[max(0, at - 2) : at], text[at + 1 : at + 2]) else ""


Neighbours = Callable[[str, str], bool]


def _wanted_range(sign: str) -> Neighbours | None:
    if "\ufe00" <= sign <= "\ufe0d" or "\U000e0100" <= sign <= "\U000e01ef":
        return lambda before, after: bool(_patterns().varied.match(before[-1:]))
    if "\u180b" <= sign <= "\u180f":
        return lambda before, after: "\u1820" <= before[-1:] <= "\u18aa"
    return None


@lru_cache(maxsize=1)
def _wanted() -> dict[str, Neighbours]:
    """Invisible characters that can be meant, each with a test of what stands before and after it."""
    patterns = _patterns()

    def emoji_style(before: str, after: str) -> bool:
        return bool(patterns.emoji.match(before[-1:]))

    def joins_emoji(before: str, after: str) -> bool:
        base = before[-1:] if before[-1:] not in ("\ufe0f", "\ufe0e") else before[:1]
        return bool(patterns.picture.match(base) and patterns.picture.match(after))

    def within_script(before: str, after: str) -> bool:
        return bool(patterns.joining.match(before[-1:]) and patterns.joining.match(after))

    def joins(before: str, after: str) -> bool:
        # At the end of a word too: a joining form is shown by itself.
        return joins_emoji(before, after) or bool(patterns.joining.match(before[-1:]))

    def breaks(before: str, after: str) -> bool:
        return bool(patterns.unspaced.match(before[-1:]) and patterns.unspaced.match(after))

    def directs(before: str, after: str) -> bool:
        return bool(patterns.leftward.match(before[-1:]) or patterns.leftward.match(after))

    return {
        "\ufe0e": emoji_style,
        "\ufe0f": emoji_style,
        "\u200d": joins,
        "\u200c": within_script,
        "\u200b": breaks,
        "\u200e": directs,
        "\u200f": directs,
        "\u061c": directs,
    }


class _Patterns:
    """Single characters by what may stand beside them."""

    def __init__(self) -> None:
        import regex

        self.emoji = regex.compile(r"\p{Emoji}")
        self.picture = regex.compile(r"[\p{Extended_Pictographic}\p{Emoji_Modifier}]")
        self.varied = regex.compile(r"[\p{Han}\p{Myanmar}\p{Phags_Pa}\p{Manichaean}\p{Math}0]")
        self.joining = regex.compile(
            r"[\p{Arabic}\p{Syriac}\p{Nko}\p{Mongolian}\p{Devanagari}\p{Bengali}\p{Gurmukhi}\p{Gujarati}\p{Oriya}"
            r"\p{Tamil}\p{Telugu}\p{Kannada}\p{Malayalam}\p{Sinhala}\p{Khmer}\p{Myanmar}\p{Tibetan}\p{Balinese}]"
        )
        self.unspaced = regex.compile(r"[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}\p{Javanese}\p{Balinese}]")
        self.leftward = regex.compile(r"[\p{Arabic}\p{Hebrew}\p{Syriac}\p{Thaana}\p{Nko}]")


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    return _Patterns()
