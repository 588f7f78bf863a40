"""Which writing a character belongs to."""

from __future__ import annotations

import re

KANA = re.compile(r"[\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f]")
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")
# Written without spaces: kana, Han, and their full-width signs.
CJK = re.compile(
    r"[\u3000-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)

_MANY = 10
SPACELESS = frozenset({"ja", "zh"})


def joint(before: str, after: str) -> str:
    """What stands for the end of a line between two texts: a space, but nothing between Japanese or Chinese
    characters."""
    return "" if CJK.match(before[-1:]) and CJK.match(after[:1]) else " "


def script_language(text: str) -> str:
    """The language that the script alone tells, or "" where the script is shared (Latin, Cyrillic, Arabic ...)."""
    kana, han, hangul = (len(signs.findall(text)) for signs in (KANA, HAN, HANGUL))
    letters = sum(map(str.isalpha, text))
    if not letters:
        return ""
    # A character of these stands for three or four letters of the Latin alphabet.
    others = (letters - kana - han - hangul) / 4
    if hangul > others + kana + han:
        return "ko"
    if kana + han > others:
        # A few Chinese characters alone can be either language.
        return "ja" if kana * 10 > han else "zh" if han > _MANY else ""
    for language, first, last in _OWN:
        if len(re.findall(f"[{first}-{last}]", text)) * 2 > letters:
            return language
    return ""


_OWN = (("th", "\u0e00", "\u0e7f"), ("el", "\u0370", "\u03ff"), ("he", "\u0590", "\u05ff"), ("hy", "\u0530", "\u058f"))
