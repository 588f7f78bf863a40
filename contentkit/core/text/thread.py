"""A long text as a thread: posts that each fit, divided where a reader pauses."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from contentkit.core.text.atoms import atoms, combined
from contentkit.core.text.counting import Rule, count, fits, size
from contentkit.core.text.pieces import Pause, pieces

# How full a post must be to end at such a pause; a better pause may leave more room.
_LEAST_FILLED = {Pause.PARAGRAPH: 0.5, Pause.LINE: 0.5, Pause.SENTENCE: 0.33, Pause.CLAUSE: 0.4,
                 Pause.WORD: 0.0, Pause.LETTER: 0.0}  # fmt: skip
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
        self.pieces = pieces(text, rule, language)
        self.summed = rule.unit not in ("words", "lines")  # there a post counts otherwise than its parts
        self.before, self.after = self.pieces.costs(rule) if self.summed else ((), ())

    def parts(self, mark: str) -> Iterator[Part]:
        start = 0
        while start < len(self.text):
            part = (self._quick(start, mark) if self.summed else None) or self._next(start, mark)
            start += len(part.raw)
            yield part

    def _quick(self, start: int, mark: str) -> Part | None:
        """What ``_next`` would find, told from the sums over the pieces; None where it does not lie between two."""
        starts, stops = self.pieces.starts, self.pieces.stops
        first = bisect_left(starts, start)
        if first == len(starts) or (first and starts[first] != start):
            return None
        over, full = self._fitting(first, mark)
        chosen = len(starts) if over == len(starts) else self._pause_before(first, over, full)
        if chosen <= first:
            return None
        text = self.text[starts[first] : stops[chosen - 1]]
        end = starts[chosen] if chosen < len(starts) else len(self.text)
        return Part(self.text[start:end], text) if fits(text + mark, self.rule) else None

    def _fitting(self, first: int, mark: str) -> tuple[int, int]:
        """The number of the first piece that goes over a post that begins with ``first``, and what would fill the post:
        the pieces before it, and of a run its first letters."""
        made, (most, most_bytes) = self.pieces, self._room(mark)
        base, base_bytes = self.before[first], made.begins(first)
        over, letters = len(made.starts), len(self.text)
        if most is not None:
            over = bisect_right(self.after, base + most, first)
        if most_bytes is not None:
            over = min(over, bisect_right(made.octets, base_bytes + most_bytes, first))
        if over in (first, len(made.starts)):
            return over, 0
        if most is not None:
            letters = base + most - self.before[over]
        if most_bytes is not None:
            letters = min(letters, base_bytes + most_bytes - made.begins(over))
        if made.runs[over] and letters > 0:
            return over, self.before[over] - base + letters
        return over, self.after[over - 1] - base

    def _pause_before(self, first: int, over: int, full: int) -> int:
        """The piece behind the best pause, as ``_best`` has it; -1 where that lies within a word."""
        base = self.before[first]
        for pause in (Pause.PARAGRAPH, Pause.LINE, Pause.SENTENCE, Pause.CLAUSE, Pause.WORD):
            found = self.pieces.last(pause, over)
            if found > first and self.after[found - 1] - base >= _LEAST_FILLED[pause] * full:
                return found
        return -1

    def _room(self, mark: str) -> tuple[int | None, int | None]:
        """What the text of a post may count beside its number, and its bytes; None for any."""
        rule = self.rule
        most = None if rule.hard is None else rule.hard - (count(mark, rule) if mark else 0)
        return most, None if rule.bytes is None else rule.bytes - size(mark)

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
        most, most_bytes = self._room(mark)
        cuts: list[_Cut] = []
        first = stop = -1
        cost = octets = waiting = waiting_bytes = 0
        for atom in atoms(self.text, self.rule, self.pieces.spans, start):
            if atom.blank:
                waiting, waiting_bytes = waiting + atom.cost * (first >= 0), waiting_bytes + atom.bytes * (first >= 0)
                continue
            if first >= 0:
                cuts.append(_Cut(atom.start, stop, cost, self.pieces.pause(stop, atom.start)))
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
        found = (atom for atom in atoms(self.text, self.rule, self.pieces.spans, start) if not atom.blank)
        atom, after = next(found), next(found, None)
        end = after.start if after else len(self.text)
        return Part(self.text[start:end], self.text[atom.start : atom.end], fits=False)


def _best(cuts: Sequence[_Cut], full: int) -> _Cut:
    """The last cut at the best pause that fills enough of the post."""
    if cuts[-1].pause is Pause.PARAGRAPH:
        return cuts[-1]
    for pause, least in _LEAST_FILLED.items():
        found = next((cut for cut in reversed(cuts) if cut.pause == pause and cut.cost >= least * full), None)
        if found:
            return found
    return cuts[-1]
