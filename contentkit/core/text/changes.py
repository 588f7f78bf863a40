"""What differs between two texts, word by word; of Japanese by runs of one script, since nothing parts its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Op = Literal["same", "out", "in"]

# A word of letters and digits (with what belongs to it: 7:40, don't, 1,200.5), a run of kanji, of katakana, of blanks;
# anything else, hiragana and signs, one by one.
_WORDS = re.compile(
    r"\s+|[^\W_぀-ヿ㐀-䶿一-鿿豈-﫿]+(?:['’.,:/@-][^\W_぀-ヿ㐀-䶿一-鿿豈-﫿]+)*"
    r"|[㐀-䶿一-鿿豈-﫿々]+|[゠-ヿ]+|.",
    re.DOTALL,
)
_BLANK_OR_PARTICLE = re.compile(r"\s+|[ \t]?[぀-ゟ、。,.;:]?[ \t]?")
_MOST = 4_000_000
"""Pairs of words that are compared; longer passages are told as a whole."""


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of text that both have ("same"), only the old one ("out") or only the new one ("in")."""

    op: Op
    text: str


def changes(old: str, new: str) -> tuple[Change, ...]:
    """What makes ``new`` of ``old``, in order: "same" and "out" together are the old text, "same" and "in" the new."""
    return tuple(_joined(_calmed(list(_joined(_compared(_lines(old), _lines(new), deeper=True))))))


def likeness(found: Sequence[Change]) -> float:
    """Share of both texts that is the same, 0 to 1; 1 for two empty ones."""
    same = sum(2 * len(change.text) for change in found if change.op == "same")
    whole = same + sum(len(change.text) for change in found if change.op != "same")
    return same / whole if whole else 1.0


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _compared(old: Sequence[str], new: Sequence[str], *, deeper: bool) -> Iterator[Change]:
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        before, after = "".join(old[a:b]), "".join(new[c:d])
        if tag == "equal":
            yield Change("same", before)
        elif tag == "replace" and deeper:
            yield from _by_words(before, after)
        else:
            yield from _replaced(before, after)


def _by_words(before: str, after: str) -> Iterator[Change]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) * len(new) > _MOST:
        yield from _replaced(before, after)
    else:
        yield from _compared(old, new, deeper=False)


def _replaced(before: str, after: str) -> Iterator[Change]:
    if before:
        yield Change("out", before)
    if after:
        yield Change("in", after)


def _calmed(found: list[Change]) -> Iterator[Change]:
    """A blank or one particle that stayed between two changes goes with them: alone it tells a reader nothing."""
    for number, change in enumerate(found):
        between = 0 < number < len(found) - 1
        if change.op == "same" and between and "\n" not in change.text and _BLANK_OR_PARTICLE.fullmatch(change.text):
            yield Change("out", change.text)
            yield Change("in", change.text)
        else:
            yield change


def _joined(found: Iterator[Change]) -> Iterator[Change]:
    """Neighbours of one kind as one; of what was replaced the old words first."""
    out = into = ""
    same = ""
    for change in found:
        if change.op == "same":
            yield from _replaced(out, into)
            out = into = ""
            same += change.text
            continue
        if same:
            yield Change("same", same)
            same = ""
        out += change.text if change.op == "out" else ""
        into += change.text if change.op == "in" else ""
    if same:
        yield Change("same", same)
    yield from _replaced(out, into)
