"""A text taken apart once, so that it can be divided by the rules of many places: its words, and the pauses between."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from contentkit.core.text.atoms import Span, atom_cost, atoms, blank_cost, is_run, kept_whole
from contentkit.core.text.counting import Rule, size
from contentkit.core.text.prose import cuts as sentence_ends


class Pause(IntEnum):
    """Where a text may be divided, best first."""

    PARAGRAPH = 0
    LINE = 1
    SENTENCE = 2
    CLAUSE = 3
    WORD = 4
    LETTER = 5
    CLINGING = 6
    """Before a sign that should not begin a line: a full stop, a closing bracket, a small kana."""


_CLAUSE_ENDS = frozenset(",;:、，；：—–…)]」』）】〉》］،؛")
_NEEDS_SPACE = frozenset(",;:)]—–")
_HIRAGANA = re.compile(r"[\u3041-\u309f]")
# A new word begins here, where Japanese puts no spaces; and what may not begin a line.
_BEGINS_WORD = re.compile(r"[\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fffA-Za-z0-9「『（【〈《［]")
_CLINGS = re.compile(r"[ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮー々、。，．・：；？！」』）】〉》］…‥.,;:!?)\]}%’”]")


@dataclass(frozen=True, eq=False, slots=True)
class Pieces:
    """The pieces of a text that are no white space: atoms, and runs of plain letters as one. Make them with ``pieces``.

    Attributes:
        spans: what is never divided.
        sentences: where sentences end.
        starts, stops: of each piece, in code points.
        octets: UTF-8 bytes of the text up to the end of each.
        runs: 1 where the piece is a run of plain letters, each of which counts 1.
        pauses: for each kind of pause the numbers of the pieces that it stands before, in order.
    """

    text: str
    spans: Sequence[Span]
    sentences: Sequence[int]
    starts: Sequence[int]
    stops: Sequence[int]
    octets: Sequence[int]
    runs: Sequence[int]
    pauses: Sequence[Sequence[int]]

    def begins(self, number: int) -> int:
        """UTF-8 bytes of the text up to the start of a piece."""
        return self.octets[number] - size(self.text[self.starts[number] : self.stops[number]])

    def pause(self, stop: int, start: int) -> Pause:
        """What lies between an atom that ends at ``stop`` and the next one, at ``start``."""
        return _pause(self.text, self.sentences, stop, start)

    def costs(self, rule: Rule) -> tuple[Sequence[int], Sequence[int]]:
        """What the text counts up to the start of each piece, and up to its end."""
        before, after = array("q"), array("q")
        known, total, end = {"": 0}, 0, 0
        for start, stop, run in zip(self.starts, self.stops, self.runs, strict=True):
            blank, piece = self.text[end:start], "" if run else self.text[start:stop]
            if blank not in known:
                known[blank] = blank_cost(blank, rule)
            if piece not in known:
                known[piece] = atom_cost(piece, rule)
            total += known[blank]
            before.append(total)
            total += stop - start if run else known[piece]
            after.append(total)
            end = stop
        return before, after

    def last(self, pause: Pause, most: int) -> int:
        """The number of the last piece up to ``most`` that stands behind such a pause; -1 for none."""
        at = bisect_right(self.pauses[pause], most)
        return self.pauses[pause][at - 1] if at else -1


def pieces(text: str, rule: Rule, language: str) -> Pieces:
    """The text taken apart; rules that see the same links share it."""
    return _pieces(text, language, rule.url is not None and not rule.bare_urls)


@lru_cache(maxsize=2)
def _pieces(text: str, language: str, wide: bool) -> Pieces:
    rule = Rule("", url=0 if wide else None)
    spans, sentences = kept_whole(text, rule), list(sentence_ends(text, language))
    starts, stops, octets, runs = array("q"), array("q"), array("q"), bytearray()
    pauses = [array("q") for _ in Pause]
    total = 0
    for atom in atoms(text, rule, spans, runs=True):
        total += atom.bytes
        if atom.blank:
            continue
        if stops:
            pauses[_pause(text, sentences, stops[-1], atom.start)].append(len(stops))
        starts.append(atom.start)
        stops.append(atom.end)
        octets.append(total)
        runs.append(is_run(text[atom.start : atom.end]))
    return Pieces(text, spans, sentences, starts, stops, octets, runs, pauses)


def _pause(text: str, sentences: Sequence[int], stop: int, start: int) -> Pause:
    between = text[stop:start]
    lines = between.count("\n") + between.count("\r") - between.count("\r\n")
    if lines > 1 or "\u2029" in between:
        return Pause.PARAGRAPH
    if lines or "\u2028" in between:
        return Pause.LINE
    at = bisect_left(sentences, stop)
    if at < len(sentences) and sentences[at] <= start:
        return Pause.SENTENCE
    last, begins = text[stop - 1], text[start]
    if last in _CLAUSE_ENDS and (between or last not in _NEEDS_SPACE):
        return Pause.CLAUSE
    if between or (_HIRAGANA.match(last) and _BEGINS_WORD.match(begins)):
        return Pause.WORD
    return Pause.CLINGING if _CLINGS.match(begins) else Pause.LETTER
