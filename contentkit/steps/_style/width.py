"""Full and half width, punctuation marks and spaces of Japanese text. All of it can be put right without a look."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from contentkit.core.report import Finding
from contentkit.core.text.script import KANA
from contentkit.steps._style.look import Look

_WIDE = {"letters": re.compile("[Ａ-Ｚａ-ｚ]+"), "digits": re.compile("[０-９]+")}
_NARROW = {"letters": re.compile("[A-Za-z]+"), "digits": re.compile("[0-9]+")}
_HALF_KANA = re.compile("[\uff66-\uff9f]+")
_JAPANESE = r"[\u3041-\u3096\u30a1-\u30fa\u30fc\u3005\u3400-\u4dbf\u4e00-\u9fff]"
_LATIN = r"[A-Za-z0-9Ａ-Ｚａ-ｚ０-９]"
_SPACED = re.compile(rf" (?<={_JAPANESE} ) *(?={_LATIN})| (?<={_LATIN} ) *(?={_JAPANESE})")
_TIGHT = re.compile(rf"(?<={_JAPANESE})(?={_LATIN})|(?<={_LATIN})(?={_JAPANESE})")
_STOPS = "。．."


def widths(look: Look) -> Iterator[Finding]:
    """Letters and digits of the other width than the guide's, and half-width katakana."""
    said = look.guide.japanese
    if look.document.language != "ja":
        return
    for what, wanted in (("letters", said.letters), ("digits", said.digits)):
        if wanted == "any":
            continue
        for found in (_WIDE if wanted == "half" else _NARROW)[what].finditer(look.shadow):
            use = _narrow(found.group()) if wanted == "half" else _widened(found.group())
            yield look.finding("width", f"The guide writes {what} in {wanted} width.", *found.span(), use=use, fix=True)
    if said.half_width_kana:
        for found in _HALF_KANA.finditer(look.shadow):
            use = unicodedata.normalize("NFKC", found.group())
            fits = KANA.search(use) is not None
            yield look.finding("width", "Katakana in half width.", *found.span(), use=use, fix=fits)


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _widened(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) for sign in text)


def punctuation(look: Look) -> Iterator[Finding]:
    """Commas and full stops of another kind than the guide's, after Japanese characters."""
    wanted = look.guide.japanese.punctuation
    if wanted == "any" or look.document.language != "ja":
        return
    for found in _others(wanted).finditer(look.shadow):
        use = wanted[found.group() in _STOPS]
        yield look.finding("punctuation", f"The guide writes “{use}”.", *found.span(), use=use, fix=True)


@lru_cache(maxsize=8)
def _others(wanted: str) -> re.Pattern[str]:
    """An expression for marks behind Japanese that the guide does not want; those of ASCII in no number or name."""
    wide = "".join(sorted({*"、，。．"} - {*wanted}))
    return re.compile(rf"(?:[{wide}]|[,.](?![A-Za-z0-9./]))(?<=[\u3041-\u30ff\u3005\u3400-\u9fff」』）].)")


def spaces(look: Look) -> Iterator[Finding]:
    """Spaces between Japanese and Latin letters or digits, one or none as the guide has it."""
    wanted = look.guide.japanese.spaces
    if wanted == "any" or look.document.language != "ja":
        return
    if wanted == "none":
        for found in _SPACED.finditer(look.shadow):
            said = "No space between Japanese and Latin letters."
            yield look.finding("spacing", said, *found.span(), use="", fix=True)
        return
    for found in _TIGHT.finditer(look.shadow):
        start = max(0, found.start() - 1)
        use = f"{look.shadow[start]} "
        said = "A space between Japanese and Latin letters."
        yield look.finding("spacing", said, start, found.start(), use=use, fix=True)
