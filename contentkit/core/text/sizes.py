"""How many words texts have. What stands between two blanks is looked at once, however often a text has it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain

from contentkit.core.text.document import Document


@lru_cache(maxsize=4)
def pieces_of(document: Document) -> Sequence[Sequence[str]]:
    """What stands between blanks in each sentence of a document, found once for all checks."""
    return [document.shadow[one.start : one.end].split() for one in document.sentences]


def sizes(word: re.Pattern[str], texts: Sequence[Sequence[str]]) -> list[int]:
    """How often ``word`` is found in each of the texts, which come as their pieces between blanks.

    Args:
        word: holds no white space, and looks at none beside it.
    """
    found = {piece: len(word.findall(piece)) for piece in set(chain.from_iterable(texts))}
    return [sum(map(found.__getitem__, text)) for text in texts]
