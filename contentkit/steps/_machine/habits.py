"""Habits that only a count shows: dashes, threes, sentences of one length, bullets with bold leads or emoji."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from statistics import fmean, pstdev

from contentkit.core.parts import Part
from contentkit.core.report import Finding, Severity
from contentkit.core.text.document import Document
from contentkit.core.text.emoji import EMOJI
from contentkit.core.text.scan import near, rarely
from contentkit.core.text.script import SPACELESS
from contentkit.core.text.sizes import pieces_of, sizes

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SIGNS = re.compile(r"[^\W_]+")
_SIGNS_A_WORD = 2.2
"""Characters of a Japanese or Chinese word, about, so that rates of a thousand words compare."""

_DASH = re.compile(r"(?<=[^\s|-])(?:[ \u2009]?—[ \u2009]?| – | -- )(?=[^\s|-])")
_TRIPLE = re.compile(r"(?<!, )\b[\w'’-]{3,20}, [\w'’-]{3,20},? (?:and|or|und|oder) [\w'’-]{3,20}\b")
_TRIPLE_JA = re.compile(r"[^\s、。]{1,10}、[^\s、。]{1,10}、(?:そして|および|さらに)[^\s、。]{1,10}")
_BOLD_LEAD = re.compile(
    r"[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+(?:\*\*|__)[^*_\n]{1,60}(?::\s*(?:\*\*|__)|(?:\*\*|__)\s*[:：–—])"
)
_MAY_BE_DASH = re.compile("—|–|--")
_MAY_BE_TRIPLE = re.compile(r", (?=[\w'’-]{3,20},? (?:and|or|und|oder) )|、(?=そして|および|さらに)")
_BEFORE_COMMA, _FROM_COMMA = 21, 50
"""Characters that a list of three may have on both sides of that comma, and one more."""
_DASHES, _DASH_RATE = 5, 8.0
_TRIPLES, _TRIPLE_RATE = 5, 8.0
_SENTENCES, _EVEN = 15, 0.28
"""People's sentences vary in length by half of their mean and more; below this share they march."""
_BULLETS, _BULLET_SHARE = 5, 0.8


def lengths(document: Document) -> list[int]:
    """How long each sentence of the document is: in words, in writings without spaces in characters."""
    if document.language in SPACELESS:
        return [sum(map(len, _SIGNS.findall(document.shadow, one.start, one.end))) for one in document.sentences]
    return sizes(_WORD, pieces_of(document))


def words(document: Document, lengths: Sequence[int]) -> int:
    """The words of sentences of these lengths together; of writings without spaces about as many."""
    return round(sum(lengths) / _SIGNS_A_WORD) if document.language in SPACELESS else sum(lengths)


def habits(part: Part, size: int, lengths: Sequence[int]) -> Iterator[Finding]:
    """One finding for each habit of the text, with its figure.

    Args:
        size: words of the text.
        lengths: of each sentence.
    """
    yield from _dashes(part, size)
    yield from _triples(part, size)
    yield from _even(part, lengths)
    yield from _bullets(part)


def _dashes(part: Part, size: int) -> Iterator[Finding]:
    found = [
        dash for dash in rarely(_DASH, part.document.shadow, _MAY_BE_DASH) if not part.document.quoted(dash.start())
    ]
    rate = 1000 * len(found) / max(size, 1)
    if len(found) >= _DASHES and rate >= _DASH_RATE:
        said = f"{len(found)} dashes in {size} words, {rate:.0f} for a thousand; people rarely use {_DASH_RATE:.0f}."
        repair = "Use commas, full stops or brackets instead of most dashes."
        yield part.finding("machine/dashes", said, *found[0].span(), repair=repair)


def _triples(part: Part, size: int) -> Iterator[Finding]:
    pattern = _TRIPLE_JA if part.document.language == "ja" else _TRIPLE
    found = list(near(pattern, part.document.shadow, _MAY_BE_TRIPLE, _BEFORE_COMMA, _FROM_COMMA))
    rate = 1000 * len(found) / max(size, 1)
    if len(found) >= _TRIPLES and rate >= _TRIPLE_RATE:
        said = f"{len(found)} lists of three in {size} words, such as “{' '.join(found[0].group().split())}”."
        repair = "Name one thing where one is meant, and two where two are."
        yield part.finding("machine/threes", said, *found[0].span(), repair=repair)


def _even(part: Part, lengths: Sequence[int]) -> Iterator[Finding]:
    document = part.document
    told = zip(document.sentences, lengths, strict=True)
    said = [(one, size) for one, size in told if document.blocks[one.block].kind == "paragraph"]
    if len(said) < _SENTENCES:
        return
    first, counts = said[0][0], [size for _, size in said]
    spread = pstdev(counts) / max(fmean(counts), 1)
    if spread < _EVEN:
        figure = f"they vary by {spread:.0%} of their mean of {fmean(counts):.0f}"
        message = f"{len(counts)} sentences of nearly one length ({figure})."
        repair = "Mix short sentences with longer ones."
        yield part.finding("machine/even", message, first.start, first.end, Severity.INFO, repair=repair)


def _bullets(part: Part) -> Iterator[Finding]:
    document = part.document
    items = [block for block in document.blocks if block.kind == "item"]
    if len(items) < _BULLETS:
        return
    lines = [(block, document.text[document.text.rfind("\n", 0, block.start) + 1 : block.end]) for block in items]
    leads = [block for block, line in lines if _BOLD_LEAD.match(line)]
    if len(leads) >= _BULLETS and len(leads) >= _BULLET_SHARE * len(items):
        said = f"{len(leads)} of {len(items)} list items begin with a bold lead and a colon."
        repair = "Write the points as sentences, or drop the leads."
        yield part.finding("machine/bold-leads", said, leads[0].start, leads[0].end, Severity.INFO, repair=repair)
    signs = [block for block, line in lines if _begins_with_emoji(line.lstrip(" \t-*+0123456789.)"))]
    signs += [block for block in document.blocks if block.kind == "heading" and _emoji_heading(document, block.start)]
    if len(signs) >= _BULLETS:
        said = f"{len(signs)} list items or headings begin with an emoji."
        yield part.finding("machine/emoji", said, signs[0].start, signs[0].end, repair="Leave the emoji out.")


def _emoji_heading(document: Document, start: int) -> bool:
    return _begins_with_emoji(document.text[start : start + 40].lstrip("# \t"))


def _begins_with_emoji(line: str) -> bool:
    return not line[:3].isascii() and EMOJI.match(line) is not None
