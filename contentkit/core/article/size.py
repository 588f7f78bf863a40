"""How long a text is, as somebody who orders one counts it."""

from __future__ import annotations

import re

from contentkit.core.article.citations import without_list, without_marks
from contentkit.core.spoken import units
from contentkit.core.text.document import document
from contentkit.core.text.markdown import plain

# What is still to be written, and the note that a draft was made offline, are no words of the text.
_OPEN = re.compile(r"\[[^\[\]]*\](?!\()|［[^［］]*］")


def written(text: str, language: str) -> int:
    """Words of the running text and its headings, or characters in Japanese and Chinese. Code, addresses, marks and
    list of sources, and marks of what is open count nothing."""
    text = without_marks(without_list(text))
    found = (text[block.start : block.end] for block in document(text, language).blocks)
    return sum(units(_OPEN.sub(" ", plain(part.lstrip("#> \t"))), language) for part in found)
