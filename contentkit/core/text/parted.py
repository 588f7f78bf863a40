"""A long Markdown text in parts that can be worked on one after another and put together again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from contentkit.core.spoken import units
from contentkit.core.text.languages import primary
from contentkit.core.text.prose import sentences
from contentkit.core.text.script import SPACELESS

_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
_HEADING = re.compile(r"#{1,6}\s")
# What goes on after a blank line: an item of a list or what is set in below it.
_GOES_ON = re.compile(r"[ \t]+\S|[-*+][ \t]|\d{1,9}[.)][ \t]")


def parted(text: str, most: int, language: str = "") -> list[str]:
    """The text in parts of at most about ``most`` words (characters in Japanese and Chinese).

    Cut before headings where possible, else between paragraphs; never in a code block, a list or a table. Only a
    paragraph that is longer by itself is cut between sentences. Joined by blank lines the parts are the text again.
    """
    parts: list[list[str]] = []
    size = 0
    for block in _blocks(text.strip("\n")):
        for piece in _fitting(block, most, language):
            length = units(piece, language)
            fresh = bool(_HEADING.match(piece)) and size > most // 2
            if not parts or size + length > most or fresh:
                parts.append([])
                size = 0
            parts[-1].append(piece)
            size += length
    return ["\n\n".join(part) for part in _without_lone_headings(parts)]


def _without_lone_headings(parts: list[list[str]]) -> list[list[str]]:
    """A heading goes with what stands under it."""
    for part, following in pairwise(parts):
        while part and _HEADING.match(part[-1]):
            following.insert(0, part.pop())
    return [part for part in parts if part]


def _blocks(text: str) -> Iterator[str]:
    """What stands between blank lines; a code block and a list are one, whatever blank lines are in them."""
    block: list[str] = []
    fence, blank = "", 0
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            block += [*[""] * blank, line]
            blank = 0
            if mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
            continue
        if not line.strip():
            blank += 1
            continue
        if blank and block and not (_GOES_ON.match(line) and _GOES_ON.match(block[0])):
            yield "\n".join(block)
            block, blank = [], 0
        block += [*[""] * (blank if block else 0), line]
        blank = 0
        fence = mark[1] if mark else ""
    if block:
        yield "\n".join(block)


def _fitting(block: str, most: int, language: str) -> Iterator[str]:
    """The block, or its sentences by groups where it is a paragraph far longer than a part may be."""
    plain = not re.match(r"[ \t]*(?:[-*+>|#`~]|\d{1,9}[.)]\s)", block)
    if units(block, language) <= most or not plain:
        yield block
        return
    group: list[str] = []
    between = "" if primary(language) in SPACELESS else " "
    for sentence in sentences(block, language):
        if group and units(between.join([*group, sentence]), language) > most:
            yield between.join(group)
            group = []
        group.append(sentence)
    yield between.join(group)
