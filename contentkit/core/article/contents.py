"""A table of contents, with anchors as GitHub, Hugo and Astro make them, and a name of the text for its address."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from contentkit.core.text.document import Block, document
from contentkit.core.text.languages import in_language, primary
from contentkit.core.text.markdown import plain
from contentkit.core.text.script import CJK

_DEEPEST = 3
_NAMES = {"en": "Contents", "ja": "目次", "de": "Inhalt", "fr": "Sommaire", "es": "Contenido"}
_LONGEST_SLUG, _LONGEST_SPACELESS = 60, 30
# Latin letters that do not fall apart into a plain letter and an accent.
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ŋ": "n"}
)
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")


def headings(text: str) -> list[tuple[Block, str]]:
    """The headings of a Markdown text with their words."""
    found = (block for block in document(text).blocks if block.kind == "heading")
    return [(block, _heading_text(text[block.start : block.end])) for block in found]


def _heading_text(raw: str) -> str:
    """The words of a heading as written: without its signs."""
    line = re.sub(r"\n[ \t]*[=-]+[ \t]*\Z", "", raw.strip())
    return plain(re.sub(r"^#{1,6}[ \t]+|[ \t]+#+[ \t]*$", "", line))


def anchors(names: Sequence[str]) -> list[str]:
    """The anchors of headings, in their order: lower case, no punctuation, hyphens for spaces, numbers for what is
    there."""
    import regex

    found: list[str] = []
    taken: dict[str, int] = {}
    for name in names:
        base = regex.sub(r"[^\p{L}\p{M}\p{Nd}\p{Pc}\- ]", "", name.strip().lower()).replace(" ", "-")
        anchor = base
        while anchor in taken:
            taken[base] += 1
            anchor = f"{base}-{taken[base]}"
        taken[anchor] = 0
        found.append(anchor)
    return found


def contents(text: str, language: str) -> str:
    """A list of links to the sections of the text, under a line that names it; "" for a text without sections."""
    known = headings(text)
    names = anchors([name for _, name in known])
    lines = []
    for (block, name), anchor in zip(known, names, strict=True):
        if 1 < block.level <= _DEEPEST and name:
            label = re.sub(r"[\\\[\]*_`<>]", r"\\\g<0>", name)
            lines.append(f"{'  ' * (block.level - 2)}- [{label}](#{anchor})")
    if not lines:
        return ""
    return f"**{contents_name(language)}**\n\n" + "\n".join(lines)


def contents_name(language: str) -> str:
    """What a table of contents is called."""
    return in_language(_NAMES, language)


def slug(title: str, language: str = "") -> str:
    """A name for the address of a text, the same for the same title: ASCII of Latin letters; other writing stays.

    Japanese keeps its characters, which every browser shows as they are: any spelling in Latin letters would be a
    guess at the reading. What is too long ends at a word.
    """
    text = _APOSTROPHE.sub("", unicodedata.normalize("NFKC", title).casefold())
    text = text.translate(_GERMAN if primary(language) == "de" else {}).translate(_LETTERS)
    words = re.findall(r"[^\W_]+", "".join(map(_unaccented, text)))
    longest = _LONGEST_SPACELESS if CJK.search(text) else _LONGEST_SLUG
    name = ""
    for word in words:
        longer = f"{name}-{word}" if name else word
        if len(longer) > longest:
            break
        name = longer
    return name or (words[0][:longest] if words else "untitled")


def _unaccented(sign: str) -> str:
    """A Latin letter without its accents; every other sign as it is."""
    if not unicodedata.name(sign, "").startswith("LATIN"):
        return sign
    return "".join(part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part))
