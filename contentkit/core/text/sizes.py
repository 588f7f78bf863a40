"""How many words texts have. What stands between two blanks is looked at once, however often a text has it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain


def sizes(word: re.Pattern[str], texts: Iterable[str]) -> list[int]:
    """How often ``word`` is found in each of the texts.

    Args:
        word: holds no white space, and looks at none beside it.
    """
    pieces = [text.split() for text in texts]
    found = {piece: len(word.findall(piece)) for piece in set(chain.from_iterable(pieces))}
    return [sum(map(found.__getitem__, text)) for text in pieces]
