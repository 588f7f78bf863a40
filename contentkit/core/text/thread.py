"""A long text as a thread: posts that each fit, divided where a reader pauses."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from contentkit.core.text.atoms import Atom, Span, atoms, combined, kept_whole
from contentkit.core.text.counting import Rule, count, fits, size
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


# How full a post must be to end at such a pause; a better pause may leave more room.
_LEAST_FILLED = {Pause.PARAGRAPH: 0.5, Pause.LINE: 0.5, Pause.SENTENCE: 0.33, Pause.CLAUSE: 0.4,
                 Pause.WORD: 0.0, Pause.LETTER: 0.0}  # fmt: skip
_CLAUSE_ENDS = frozenset(",;:、，；：—–…)]」』）】〉》］،؛")
_NEEDS_SPACE = frozenset(",;:)]—–")
_HIRAGANA = re.compile(r"[\u3041-\u309f]")
# A new word begins here, where Japanese puts no spaces; and what may not begin a line.
_BEGINS_WORD = re.compile(r"[\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fffA-Za-z0-9「『（【〈《［]")
_CLINGS = re.compile(r"[ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮー々、。，．・：；？！」』）】〉》］…‥.,;:!?)\]}%’”]")
_MARK = " {}/{}"


@dataclass(frozen=True, slots=True)
class Part:
    """One post of a thread.

    Attributes:
        raw: its piece of the original, white space at both ends included; all of them joined are the original.
        text: what is published: the piece without that white space, and its number where the thread is numbered.
        fits: False where one link, mention, hashtag or character alone is longer than a post may be.
    """

    raw: str
    text: str
    fits: bool = True


def split(text: str, rule: Rule, *, numbered: bool = False, language: str = "") -> tuple[Part, ...]:
    """The text as posts that fit ``rule``: one where it fits as a whole, else a thread.

    It is divided between paragraphs, else lines, sentences, clauses, words (in Japanese where a word begins), and only
    then within a word; never within a link, a mention, a hashtag or a character as a reader sees it. ``join`` of
    all ``raw`` is the text again, character for character.

    Args:
        numbered: each post ends in its number ("1/5"), which counts; a single one has none.
        language: ISO 639-1 code, for where sentences end; "" goes by signs alone.
    """
    rule = replace(rule, forbidden="")  # dividing does not help against these
    whole = Part(text, _bare(text))
    if fits(whole.text, rule) or (rule.hard is None and rule.bytes is None):
        return (whole,)
    divided = _Text(text, rule, language)
    digits = len(str(count(text, rule) // rule.hard or 1)) if rule.hard else 1
    while True:
        # Room for the longest number that so many digits make.
        mark = _MARK.format(*("9" * digits,) * 2) if numbered else ""
        parts = tuple(divided.parts(mark))
        if not numbered or len(parts) == 1 or len(str(len(parts))) <= digits:
            break
        digits += 1
    if not numbered or len(parts) == 1:
        return parts
    numbers = (_MARK.format(number, len(parts)) for number in range(1, len(parts) + 1))
    return tuple(replace(part, text=part.text + number) for part, number in zip(parts, numbers, strict=True))


def _bare(text: str) -> str:
    """The text without the white space around it, except where a mark combines with it."""
    start = len(text) - len(text.lstrip())
    return text[start - combined(text, start) :].rstrip()


@dataclass(frozen=True, slots=True)
class _Cut:
    """A place where a post could end.

    Attributes:
        end: of the post, with the white space behind it.
        stop: of its text, without that white space.
        cost: of its text.
    """

    end: int
    stop: int
    cost: int
    pause: Pause


class _Text:
    """A text that is being divided by a rule."""

    def __init__(self, text: str, rule: Rule, language: str) -> None:
        self.text = text
        self.rule = rule
        self.spans: Sequence[Span] = kept_whole(text, rule)
        self.sentences = list(sentence_ends(text, language))

    def parts(self, mark: str) -> Iterator[Part]:
        start = 0
        while start < len(self.text):
            part = self._next(start, mark)
            start += len(part.raw)
            yield part

    def _next(self, start: int, mark: str) -> Part:
        """The fullest good post that begins at ``start``."""
        first, cuts = self._cuts(start, mark)
        while cuts:
            chosen = _best(cuts, cuts[-1].cost)
            text = self.text[first : chosen.stop]
            # The sum of the atoms is an estimate; the post as it is published is counted.
            if fits(text + mark, self.rule):
                return Part(self.text[start : chosen.end], text)
            cuts = [cut for cut in cuts if cut.end < chosen.end]
        return self._alone(start)

    def _cuts(self, start: int, mark: str) -> tuple[int, list[_Cut]]:
        """Where the text of the post begins, and every place where it could end."""
        rule = self.rule
        most = None if rule.hard is None else rule.hard - (count(mark, rule) if mark else 0)
        most_bytes = None if rule.bytes is None else rule.bytes - size(mark)
        cuts: list[_Cut] = []
        first = stop = -1
        cost = octets = waiting = waiting_bytes = 0
        for atom in atoms(self.text, rule, self.spans, start):
            if atom.blank:
                waiting, waiting_bytes = waiting + atom.cost * (first >= 0), waiting_bytes + atom.bytes * (first >= 0)
                continue
            if first >= 0:
                cuts.append(_Cut(atom.start, stop, cost, self._pause(stop, atom)))
            else:
                first = atom.start
            cost, octets = cost + waiting + atom.cost, octets + waiting_bytes + atom.bytes
            waiting = waiting_bytes = 0
            if (most is not None and cost > most) or (most_bytes is not None and octets > most_bytes):
                return first, cuts
            stop = atom.end
        if first < 0:  # nothing but white space is left
            return start, [_Cut(len(self.text), start, 0, Pause.PARAGRAPH)]
        return first, [*cuts, _Cut(len(self.text), stop, cost, Pause.PARAGRAPH)]

    def _alone(self, start: int) -> Part:
        """The first atom by itself, longer than a post may be; or a post that breaks another rule than its length."""
        found = (atom for atom in atoms(self.text, self.rule, self.spans, start) if not atom.blank)
        atom, after = next(found), next(found, None)
        end = after.start if after else len(self.text)
        return Part(self.text[start:end], self.text[atom.start : atom.end], fits=False)

    def _pause(self, stop: int, following: Atom) -> Pause:
        """What lies between the text up to ``stop`` and the atom that follows it."""
        between = self.text[stop : following.start]
        lines = between.count("\n") + between.count("\r") - between.count("\r\n")
        if lines > 1 or "\u2029" in between:
            return Pause.PARAGRAPH
        if lines or "\u2028" in between:
            return Pause.LINE
        at = bisect_left(self.sentences, stop)
        if at < len(self.sentences) and self.sentences[at] <= following.start:
            return Pause.SENTENCE
        last, begins = self.text[stop - 1], self.text[following.start]
        if last in _CLAUSE_ENDS and (between or last not in _NEEDS_SPACE):
            return Pause.CLAUSE
        if between or (_HIRAGANA.match(last) and _BEGINS_WORD.match(begins)):
            return Pause.WORD
        return Pause.CLINGING if _CLINGS.match(begins) else Pause.LETTER


def _best(cuts: Sequence[_Cut], full: int) -> _Cut:
    """The last cut at the best pause that fills enough of the post."""
    if cuts[-1].pause is Pause.PARAGRAPH:
        return cuts[-1]
    for pause, least in _LEAST_FILLED.items():
        found = next((cut for cut in reversed(cuts) if cut.pause == pause and cut.cost >= least * full), None)
        if found:
            return found
    return cuts[-1]
