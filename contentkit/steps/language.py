"""The language guard: what came back must be in the language that was asked for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Place, Severity
from contentkit.core.text.document import Block, Document, document
from contentkit.core.text.languages import language_name, primary
from contentkit.core.text.outline import strings
from contentkit.core.text.prose import at_sight, detect, reads_like

CHECK = True

# Languages that detection mixes up in short texts; an alarm within a family would mostly be false.
_FAMILIES = (
    {"no", "nb", "nn", "da", "sv"}, {"id", "ms"}, {"hr", "sr", "bs", "sl"}, {"cs", "sk"}, {"es", "pt", "gl", "ca"},
    {"nl", "af"}, {"bg", "mk"}, {"ru", "uk", "be"}, {"hi", "mr", "ne"},
)  # fmt: skip
_NOT_WORDS = re.compile(r"[@#＃]\w+|\[[^\[\]\n]*\](?![(\[])|［[^［］\n]*］")
"""Names, hashtags and what is still to be filled in; links and code are blank in a shadow already."""
_NO_LETTERS = bytes(sign for sign in range(128) if not chr(sign).isalpha())
_WIDE = re.compile(r"[^\W\d_\x00-\u2e80]+")
_LEAST_LETTERS = 30
_MOST_PARTS = 60
_FOREIGN_SHARE = 0.3


def after(piece: Piece) -> Piece:
    """A major finding where more than a third or so of the words are in another language than ``piece.language``."""
    if not piece.language:
        return piece
    parts = [(path, text, size) for path, text in _parts(piece) if (size := _letters(text)) >= _LEAST_LETTERS]
    parts = parts[:: max(1, len(parts) // _MOST_PARTS)]
    if _plainly_right(parts, piece.language):
        return piece
    letters: Counter[str] = Counter()
    places: dict[str, str] = {}
    for path, text, size in parts:
        found = detect(text)
        if found:
            found = piece.language if _same(found, piece.language) else found
            letters[found] += size
            places.setdefault(found, path)
    foreign = {code: number for code, number in letters.items() if code != piece.language}
    if not foreign or sum(foreign.values()) < _FOREIGN_SHARE * sum(letters.values()):
        return piece
    code = max(foreign, key=lambda code: (foreign[code], code))
    return piece.found(_finding(code, piece.language, places[code]))


def _plainly_right(parts: Sequence[tuple[str, str, int]], language: str) -> bool:
    """Whether so much is in the language at sight that the rest, whatever it is, is too little to tell of."""
    right = sum(size for _, text, size in parts if _reads_right(text, language))
    return right > (1 - _FOREIGN_SHARE) * sum(size for *_, size in parts)


def _reads_right(text: str, language: str) -> bool:
    found = at_sight(text)
    return _same(found, language) if found else reads_like(text, language)


def _parts(piece: Piece) -> Iterator[tuple[str, str]]:
    """The running text of the result, part by part, each with its path."""
    whole = strings(piece.output) if piece.output is not None else iter(((piece.name, piece.body),))
    for path, text in whole:
        read = document(text, piece.language)
        for block in read.blocks:
            if block.kind in ("paragraph", "item", "heading"):
                yield path, _words(read, block)


def _words(read: Document, block: Block) -> str:
    """A block without code, links, names and what is still to be filled in."""
    said, position = [], block.start
    for found in _NOT_WORDS.finditer(read.text, block.start, block.end):
        said.append(read.shadow[position : found.start()])
        position = found.end()
    return " ".join([*said, read.shadow[position : block.end]])


def _letters(text: str) -> int:
    """Letters, where one of Japanese, Chinese or Korean weighs as much as three."""
    if text.isascii():
        return len(text.encode().translate(None, _NO_LETTERS))
    return sum(map(str.isalpha, text)) + 2 * sum(map(len, _WIDE.findall(text)))


def _same(one: str, other: str) -> bool:
    one, other = (primary(code) for code in (one, other))
    return one == other or any({one, other} <= family for family in _FAMILIES)


def _finding(found: str, wanted: str, path: str) -> Finding:
    is_in, should = (language_name(code) for code in (found, wanted))
    return Finding(
        "language/other",
        f"The text is in {is_in}, not in {should}.",
        Severity.MAJOR,
        Place(path),
        "language",
        f"Write everything in {should}. Keep names, code and links as they are.",
    )
