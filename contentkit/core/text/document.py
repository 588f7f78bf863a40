"""A text with its prose told apart from everything else, every offset being one of the text as it was written.

Checks read ``shadow``: the same length as the text, with code, addresses, markup and front matter blanked out, so that
what they find in it is where it stands in the text.
"""

from __future__ import annotations

import gc
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from contentkit.core.report import Place
from contentkit.core.text.languages import primary
from contentkit.core.text.links import find_links
from contentkit.core.text.markdown import FRONT_MATTER, placed_blocks
from contentkit.core.text.prose import cuts, detect

Kind = Literal["heading", "paragraph", "item", "quote", "cell"]

_QUOTE_MOST = 120
"""Characters of the words at fault that a place shows."""

# Each way begins with a sign as it is, so that all other places of a text are passed over at once.
_INLINE = re.compile(
    "|".join(
        (
            r"`(?<!``)(`{0,7})(?!`).{1,2000}?(?<!`)`\1(?!`)",  # code
            r"<!--(?:(?!<!--).){0,5000}?-->",  # a comment
            r"<(?:[a-z][a-z0-9+.-]{1,31}:[^\s<>]*|[\w.+-]+@[\w.-]+)>",  # an address
            r"</?[a-zA-Z][\w-]*(?:\s[^<>]{0,500})?/?>",  # a tag
            r"\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+(?:\"[^\"\n]*\"|'[^'\n]*'))?\s*\)",  # where a link leads
            r"\]\[[^\[\]\n]{0,200}\]",  # a reference
            r"!(?=\[)",  # a picture
            r"\{\{[^{}]{0,200}\}\}",  # a field
        )
    ),
    re.DOTALL,
)
# Emphasis beside a word (but not in snake_case), brackets and backslashes that are no text themselves: one sign each.
_MARKS = re.compile(
    r"[*_~\[\]\\](?!(?<=\w_)\w)(?:(?<=[*_~])(?:(?=\S)|(?<=\S.))|(?<=[\[\]])(?<!\\.)|(?<=\\)(?=[!-/:-@\[-`{-~]))"
)
_LEADER = re.compile(r"\A[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?|>[ \t]?|#{1,6}[ \t]+)*")
_QUOTE_SIGN = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_DEFINITION = re.compile(r"^ {0,3}\[(?!\^)[^\]\n]+\]:[ \t]*\S.*$", re.MULTILINE)
_QUOTED = re.compile(
    r"“[^“”]{1,600}”|„[^„“”]{1,600}[“”]|«[^«»]{1,600}»|「[^「」]{1,600}」|『[^『』]{1,600}』"
    r"|(?<![\w\"])\"(?=\S)[^\"]{1,600}?(?<=\S)\"(?!\w)"
    # An apostrophe begins a quotation where a capital follows, and ends it beside a mark: 'We don't,' she said.
    r"|(?<![\w'’])'(?=[A-ZÀ-ÖØ-Þ])(?:[^'\n]|\n(?!\n)|(?<=\w)'(?=\w)){8,600}?(?:(?<=[.,!?…])'(?!\w)|(?<=\w)'(?=[.,;:!?)]))"
    r"|(?<![\w‘’])‘(?=\S)[^‘\n]{1,600}?(?<=[\w.,!?…])’(?!\w)"
)
_QUOTE_BEGINS = re.compile(r"[“„«「『\"‘]|'(?=[A-ZÀ-ÖØ-Þ])(?<!\w')")
_NOT_BLANK = re.compile(r"[^\n]")
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Span:
    """Part of a text, in code points; the end is exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block(Span):
    """A block of prose.

    Attributes:
        level: of a heading, 1 to 6; 0 for others.
    """

    kind: Kind = "paragraph"
    level: int = 0


@dataclass(frozen=True, slots=True)
class Sentence(Span):
    """A sentence of a block, its marks of Markdown included, white space around it not.

    Attributes:
        block: the number of its block.
    """

    block: int = 0


@dataclass(frozen=True, eq=False)
class Document:
    """A Markdown or plain text, read once for all checks. Make it with ``document``.

    Attributes:
        text: as written.
        language: ISO 639-1 code, found where none was given; "" when unsure.
        shadow: as long as ``text``; all that is no prose (code, addresses, tags, front matter, marks of Markdown,
            merge fields) is blanks.
        blocks: of prose, in order; code, HTML and front matter are none.
    """

    text: str
    language: str
    shadow: str
    blocks: tuple[Block, ...]

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of the prose that have a word, headings included, each within one block."""
        return tuple(sentence for number in range(len(self.blocks)) for sentence in self._sentences_of(number))

    def _sentences_of(self, number: int) -> Iterator[Sentence]:
        block = self.blocks[number]
        raw, shadow = (text[block.start : block.end] for text in (self.text, self.shadow))
        leader = _LEADER.match(raw) if block.kind != "paragraph" else None
        start = block.start + (leader.end() if leader else 0)
        for cut in (*cuts(shadow, self.language), len(shadow)):
            raw = self.text[start : block.start + cut]
            first = start + len(raw) - len(raw.lstrip())
            last = start + len(raw.rstrip())
            start = max(start, block.start + cut)
            if _WORD.search(self.shadow, first, last):
                yield Sentence(first, last, number)

    @cached_property
    def quotations(self) -> tuple[Span, ...]:
        """What stands between quotation marks, the marks included, and quoted blocks; in order, apart."""
        spans = [Span(block.start, block.end) for block in self.blocks if block.kind == "quote"]
        return tuple(sorted([*spans, *self._marked_quotations()], key=lambda span: span.start))

    def _marked_quotations(self) -> Iterator[Span]:
        position = 0
        for mark in _QUOTE_BEGINS.finditer(self.shadow):
            block = self.block_at(mark.start())
            if mark.start() < position or block is None or block.kind == "quote":
                continue
            if found := _QUOTED.match(self.shadow, mark.start(), block.end):
                yield Span(*found.span())
                position = found.end()

    @cached_property
    def _quotation_starts(self) -> list[int]:
        return [span.start for span in self.quotations]

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    @cached_property
    def _block_starts(self) -> list[int]:
        return [block.start for block in self.blocks]

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    def block_at(self, offset: int) -> Block | None:
        """The block of prose in which the offset lies."""
        at = bisect_right(self._block_starts, offset) - 1
        return self.blocks[at] if at >= 0 and offset < self.blocks[at].end else None

    def sentence_at(self, offset: int) -> Sentence | None:
        """The sentence in which the offset lies."""
        at = bisect_right(self._sentence_starts, offset) - 1
        return self.sentences[at] if at >= 0 and offset < self.sentences[at].end else None

    def quoted(self, offset: int) -> bool:
        """Whether the offset lies in a quotation."""
        return self.quotation_at(offset) is not None

    def quotation_at(self, offset: int) -> Span | None:
        """The outermost quotation that the offset lies in."""
        found, at = None, bisect_right(self._quotation_starts, offset) - 1
        while at >= 0 and offset < self.quotations[at].end:
            found, at = self.quotations[at], at - 1
        return found

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1; columns are code points."""
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and column, both from 1; within the text whatever they are."""
        if line > len(self._lines):
            return len(self.text)
        return max(0, min(self._lines[max(line, 1) - 1] + max(column, 1) - 1, len(self.text)))

    def place(self, path: str, start: int, end: int) -> Place:
        """The place of a part of this text, which is called ``path``."""
        (line, column), (end_line, end_column) = self.position(start), self.position(end)
        quote = " ".join(self.text[start : min(end, start + 4 * _QUOTE_MOST)].split())
        if len(quote) > _QUOTE_MOST:
            quote = quote[: _QUOTE_MOST - 1] + "…"
        return Place(path, line, end_line, column, end_column, quote=quote)

    def span(self, place: Place) -> Span | None:
        """Where in the text a place of it stands; None for a place without a line."""
        if place.line is None:
            return None
        start = self.offset(place.line, place.column or 1)
        line = place.end_line or place.line
        end = self.offset(line, place.end_column) if place.end_column else self.offset(line + 1, 1)
        return Span(start, max(start, end))


@lru_cache(maxsize=16)
def document(text: str, language: str = "") -> Document:
    """The text read as Markdown; plain text is Markdown without marks. Never raises, whatever the text.

    Args:
        language: ISO 639-1 code; "" finds it out.
    """
    front = FRONT_MATTER.match(text)
    start = front.end() if front else 0
    with _uncollected():
        blocks = tuple(Block(*block) for block in placed_blocks(text, start))
    shadow = _shadow(text, blocks)
    return Document(text, primary(language) or detect(shadow), shadow, blocks)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Holds the collector of rings back where many objects are made and no ring: it would look through all that live,
    again and again, for nothing."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _shadow(text: str, blocks: Sequence[Block]) -> str:
    parts, position = [], 0
    for block in blocks:
        parts += [_blank(text[position : block.start]), _inline(text[block.start : block.end], block.kind)]
        position = block.end
    return "".join([*parts, _blank(text[position:])])


def _blank(text: str) -> str:
    return _NOT_BLANK.sub(" ", text)


def _inline(raw: str, kind: Kind) -> str:
    """A block with everything but its words blanked out."""
    if kind == "quote":
        raw = _QUOTE_SIGN.sub(_blanked, raw)
    if kind != "paragraph":
        raw = _LEADER.sub(_blanked, raw)
    raw = _DEFINITION.sub(_blanked, raw) if "]:" in raw else raw
    spans = [found.span() for found in _INLINE.finditer(raw)]
    spans += [(link.start, link.end) for link in find_links(raw)]
    if not spans:
        return _MARKS.sub(" ", raw)
    pieces, position = [], 0
    for start, end in _apart(spans):
        pieces += [_MARKS.sub(" ", raw[position:start]), _blank(raw[start:end])]
        position = end
    return "".join([*pieces, _MARKS.sub(" ", raw[position:])])


def _blanked(found: re.Match[str]) -> str:
    return _blank(found.group())


def _apart(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans in order without overlaps."""
    end = 0
    for start, stop in sorted(spans):
        if stop > end:
            yield max(start, end), stop
            end = stop
