"""Capitals of English headings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from contentkit.core.report import Finding
from contentkit.core.text.document import Block
from contentkit.core.text.words import STOPWORDS
from contentkit.steps._style.look import Look

_WORD = re.compile(r"[^\W\d_][\w'’]*(?:-[^\W\d_][\w'’]*)*")
_SMALL_WORD = re.compile(r"\b[a-z][a-z'’-]*\b")
_SMALL = frozenset(
    """
    a an and as at but by en for from if in into nor of off on onto or over per so than the to up via vs with yet
    """.split()  # noqa: SIM905
)
_RESTARTS = ".:!?–—"


def look(look: Look) -> Iterator[Finding]:
    """Headings whose capitals are not those of the guide."""
    wanted = look.guide.headings
    if wanted == "any" or look.document.language != "en":
        return
    lower = _lower_words(look) if wanted == "sentence" else frozenset()
    names = frozenset(part for name in look.guide.names for part in name.split())
    for block in look.document.blocks:
        if block.kind == "heading":
            yield from _heading(look, block, lower, names)


def _lower_words(look: Look) -> frozenset[str]:
    """Words that the running text writes small, so that they are no names."""
    return frozenset(_SMALL_WORD.findall(" ".join(look.pieces))) | STOPWORDS["en"]


def _heading(look: Look, block: Block, lower: frozenset[str], names: frozenset[str]) -> Iterator[Finding]:
    words = list(_WORD.finditer(look.shadow, block.start, block.end))
    for number, found in enumerate(words):
        word = found.group()
        if word in names or word[1:] != word[1:].lower():
            continue  # GitHub, NASA: capitals that mean something
        first = number == 0 or look.shadow[block.start : found.start()].rstrip(" \"'“‘(")[-1:] in _RESTARTS
        use = _title(word, first or number == len(words) - 1) if look.guide.headings == "title" else word
        if look.guide.headings == "sentence":
            use = word[0].upper() + word[1:] if first else word.lower() if word.lower() in lower else word
        if use != word:
            said = f"The guide writes headings in {look.guide.headings} case: “{use}”."
            yield look.finding("heading", said, found.start(), found.end(), use=use, fix=True)


def _title(word: str, edge: bool) -> str:
    if not edge and word.lower() in _SMALL:
        return word.lower()
    parts = word.split("-")
    return "-".join(part if number and part in _SMALL else _capital(part) for number, part in enumerate(parts))


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
