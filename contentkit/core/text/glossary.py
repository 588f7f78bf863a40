"""A list of terms and what they are to be called in another language, as people write such lists."""

from __future__ import annotations

import csv
import re

_MOST = 5_000
_BETWEEN = re.compile(r"\t+|\s*(?:=>|->|→|＝|=)\s*")
_TITLE = re.compile(
    r"terms?|source|target|original|translation|[a-z]{2}(?:-[a-z]{2,4})?|用語|原語|原文|訳語|訳文|訳|翻訳",
    re.IGNORECASE,
)
"""The title of a column, or the code of its language."""


def terms(text: str) -> list[tuple[str, str]]:
    """Pairs of a term and its translation: a pair a line, with a tab, "=", "→" or a comma between (as CSV has it).

    A line without a pair, a comment ("#") and a first line of column titles are none. Never raises.
    """
    found: list[tuple[str, str]] = []
    for line in text.splitlines()[:_MOST]:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        cells = _BETWEEN.split(line.strip()) if _BETWEEN.search(line) else _cells(line)
        term, name = (cell.strip() for cell in (*cells, "", "")[:2])
        if term and name:
            found.append((term, name))
    titled = bool(found) and all(map(_TITLE.fullmatch, found[0]))
    return found[titled:]


def _cells(line: str) -> list[str]:
    try:
        return next(csv.reader([line], skipinitialspace=True), [])
    except csv.Error:
        return []
