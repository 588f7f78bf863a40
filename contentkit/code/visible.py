"""Characters that a reader would not see, or that change what is seen around them, spelled out."""

from __future__ import annotations

import re
import sys

# By Unicode 15: controls, format characters (bidi, zero width, soft hyphen, tags), odd spaces, line separators, fillers
# that draw nothing, private use, surrogates and noncharacters. Written as ranges, since unicodedata changes between
# Pythons and what a model is asked must not. U+3000 stays: it is wide, and Japanese text is full of it.
_UNSEEN = (
    r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160"
    r"\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3164\ufdd0-\ufdef\ufe00-\ufe0e"
    r"\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\ue000-\uf8ff\U000110bd\U000110cd\U00013430-\U0001345f"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U0010ffff"
)
# A carriage return belongs to its line feed, and the emoji presentation to its sign; both alone are hidden characters.
_HIDDEN = rf"[{_UNSEEN}]|\r(?!\n)|(?<![\u2190-\u2bff\U0001f000-\U0001faff])\ufe0f"
_SPELLED = re.compile(rf"{_HIDDEN}|\\(?=u\{{0*([0-9A-Fa-f]{{1,6}})\}})")
_WE_SPELL = re.compile(rf"[{_UNSEEN}\t\n\r\ufe0f\\]")


def visible(text: str) -> str:
    r"""``text`` with such characters as ``\u{202e}``; tabs and line ends stay.

    No two texts look the same for it: ``\u{202e}`` that stands in the text itself becomes ``\u{5c}u{202e}``.
    """
    return _SPELLED.sub(_spelled, text)


def one_line(text: str) -> str:
    """``visible``, with tabs and line ends spelled out too: for paths and other names."""
    return re.sub(r"[\t\r\n]", lambda found: _escape(found[0]), visible(text))


def _spelled(found: re.Match[str]) -> str:
    if found[0] == "\\":
        code = int(found[1], 16)
        if code > sys.maxunicode or not _WE_SPELL.match(chr(code)):
            return found[0]  # an escape of the language shown, which can't be taken for one of ours
    return _escape(found[0])


def _escape(sign: str) -> str:
    return f"\\u{{{ord(sign):x}}}"
