"""How long a text is, as somebody who orders one counts it."""

from __future__ import annotations

import re

from contentkit.core.article.citations import without_list, without_marks
from contentkit.core.spoken import units
from contentkit.core.text.document import document
from contentkit.core.text.gaps import PLACEHOLDER
from contentkit.core.text.markdown import plain

_LEADER = re.compile(r"\A[ \t]*(?:(?:[-*+]|\d{1,9}[.)]|#{1,6})[ \t]+)*")
_QUOTE_SIGN = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)


def written(text: str, language: str) -> int:
    """Words of the running text and its headings, or characters in Japanese and Chinese. Code, addresses, marks and
    list of sources, signs of lists, and marks of what is open count nothing."""
    text = without_marks(without_list(text))
    found = (_QUOTE_SIGN.sub("", text[block.start : block.end]) for block in document(text, language).blocks)
    return sum(shown(plain(_LEADER.sub("", part, count=1)), language) for part in found)


def shown(text: str, language: str) -> int:
    """Words, or characters in Japanese and Chinese, of a text as a reader sees it."""
    return units(PLACEHOLDER.sub(" ", text), language)
