"""Secret values of a changed file, hidden line by line; names and line numbers stay as they are.

Secrets are looked for in the whole file before and after the change, so that a key whose first line stands above the
hunk is hidden too, and a value that is found once is hidden wherever it stands in the file.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from contentkit.core.change import FileChange, Line, Side, text_lines
from contentkit.core.secrets import find
from contentkit.core.secrets.values import is_wordy
from contentkit.core.text.scan import places

_TAKEN = re.compile(r"\[secret-(\d{1,9}):")
_SHORTEST = 8
_MANY = 50
_CUT = 8
"""git cuts the words behind ``@@`` anywhere; so many characters of a secret at their end are one."""

Segment = tuple[int, int, str]
"""Columns of a line, and the sign that stands there instead."""


@dataclass(frozen=True, slots=True)
class Hide:
    """Hides the secrets of one file: ``hide.line(line)`` for its lines, ``hide(text)`` for any other text.

    Attributes:
        signs: value -> what stands for it, ``[secret-1:github-token]``; numbered as they come in the file.
        lines: for each side, line number -> the line as it was, and what is hidden in it.
        values: those of ``signs``, sorted.
    """

    signs: Mapping[str, str] = field(default_factory=dict, repr=False)
    lines: Mapping[Side, Mapping[int, tuple[str, tuple[Segment, ...]]]] = field(default_factory=dict, repr=False)

    values: Sequence[str] = field(default=(), repr=False)

    def line(self, line: Line) -> str:
        """The text of ``line`` without its secrets. A context line hides what either side hides there."""
        segments: list[Segment] = []
        for side, number in (("RIGHT", line.new), ("LEFT", line.old)):
            known = self.lines.get(side, {}).get(number) if number is not None else None  # type: ignore[call-overload]
            if known is not None and known[0] == line.text:
                segments += known[1]
        return _covered(line.text, segments)

    def __call__(self, text: str) -> str:
        """Any text without secrets, its own and those of the file, with as many lines as before.

        A value that the file does not have is called ``[secret:github-token]``, so that what was hidden before makes
        no difference.
        """
        own = [
            (span.start, span.end, self.signs.get(text[span.start : span.end], f"[secret:{span.rule}]"))
            for span in find(text)
        ]
        spans = _joined([*own, *_elsewhere(text, self.signs)])
        return "\n".join(_covered(line, segments) for line, segments in _by_line(text, spans)) if spans else text

    def rows(self, text: str) -> list[str]:
        """The lines of the whole file after the change, which is ``text``, as ``line`` shows them."""
        rows = text.split("\n")
        for number, (line, segments) in self.lines.get("RIGHT", {}).items():
            if number <= len(rows) and rows[number - 1] == line:
                rows[number - 1] = _covered(line, segments)
        return rows

    def cut(self, text: str) -> str:
        """The same for the words behind ``@@``, which git cuts anywhere, also inside a secret."""
        masked = self(text)
        for size in range(len(masked), _CUT - 1, -1) if self.values else ():
            tail = masked[-size:]
            at = bisect_left(self.values, tail)
            if at < len(self.values) and self.values[at].startswith(tail):
                return masked[:-size] + self.signs[self.values[at]]
        return masked


def hider(file: FileChange) -> Hide:
    """What hides the secrets of ``file``."""
    sides = [(side, list(_texts(file, side))) for side in ("RIGHT", "LEFT")]
    found = {text: find(text) for _, parts in sides for _, text in parts}
    if not any(found.values()):
        return Hide()
    taken = {int(number) for text in found for number in _TAKEN.findall(text)}
    signs: dict[str, str] = {}
    for text, spans in found.items():
        for span in spans:
            _name(signs, text[span.start : span.end], span.rule, taken)
    lines: dict[Side, dict[int, tuple[str, tuple[Segment, ...]]]] = {"RIGHT": {}, "LEFT": {}}
    for side, parts in sides:
        for numbers, text in parts:
            own = [(span.start, span.end, signs[text[span.start : span.end]]) for span in found[text]]
            if covered := _joined([*own, *_elsewhere(text, signs)]):
                masked = zip(numbers, _by_line(text, covered), strict=False)
                lines[side].update((number, (line, tuple(kept))) for number, (line, kept) in masked if kept)  # type: ignore[index]
    return Hide(signs, lines, sorted(signs))


def _texts(file: FileChange, side: str) -> Iterator[tuple[Sequence[int], str]]:
    """The texts of one side and the numbers of their lines: the whole file, or what the hunks show of it."""
    whole = file.new_text if side == "RIGHT" else file.old_text
    if whole is not None:
        yield range(1, whole.count("\n") + 2), whole
        return
    for hunk in file.hunks:
        kept = [line for line in hunk.lines if line.kind != ("-" if side == "RIGHT" else "+")]
        numbers = [line.new if side == "RIGHT" else line.old for line in kept]
        yield [number or 0 for number in numbers], "\n".join(line.text for line in kept)


def _name(signs: dict[str, str], value: str, rule: str, taken: set[int]) -> None:
    """A sign for the value, the same for each line of a long one: a key may lose its first line in the change."""
    if value in signs:
        return
    number = 1
    if signs:
        number = int(next(reversed(signs.values()))[len("[secret-") :].partition(":")[0]) + 1
    while number in taken:
        number += 1
    sign = f"[secret-{number}:{rule}]"
    signs[value] = sign
    if "\n" in value:
        for line in text_lines(value):
            bare = line.strip()
            if not bare.startswith("--"):
                signs.setdefault(bare, sign)


def _elsewhere(text: str, signs: Mapping[str, str]) -> list[tuple[int, int, str]]:
    """Places of known values where nothing around them tells. Plain words are secrets only where something does."""
    telling = [value for value in signs if len(value) >= _SHORTEST and not is_wordy(value)]
    if len(telling) > _MANY:
        return list(_among_many(text, telling, signs))
    return [(place, place + len(value), signs[value]) for value in telling for place in places(text, value)]


def _among_many(text: str, values: Sequence[str], signs: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    """The same in time that does not grow with the number of values, as for a file that is nothing but passwords."""
    lengths: dict[str, set[int]] = {}
    for value in values:
        lengths.setdefault(value[:_SHORTEST], set()).add(len(value))
    for start in range(len(text) - _SHORTEST + 1):
        for length in lengths.get(text[start : start + _SHORTEST], ()):
            if sign := signs.get(text[start : start + length]):
                yield start, start + length, sign


def _joined(spans: Iterable[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    joined: list[tuple[int, int, str]] = []
    for start, end, sign in sorted(spans, key=lambda span: (span[0], -span[1])):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end), joined[-1][2])
        else:
            joined.append((start, end, sign))
    return joined


def _by_line(text: str, spans: Sequence[tuple[int, int, str]]) -> Iterator[tuple[str, list[Segment]]]:
    """Each line of ``text`` with the parts of the spans that lie in it. ``spans`` are sorted and apart."""
    begin, at = 0, 0
    for line in text.split("\n"):
        end = begin + len(line)
        while at < len(spans) and spans[at][1] <= begin:
            at += 1
        segments, here = [], at
        while here < len(spans) and spans[here][0] < end:
            start, stop, sign = spans[here]
            segments.append((max(start, begin) - begin, min(stop, end) - begin, sign))
            here += 1
        yield line, segments
        begin = end + 1


def _covered(line: str, segments: Sequence[Segment]) -> str:
    """``line`` with the signs in place; carriage return and indentation of a line that is hidden whole stay."""
    parts, last = [], 0
    for start, end, sign in _joined(segments):
        bare = line[start:end].strip()
        if not bare:
            continue
        start = line.index(bare, start)
        parts += [line[last:start], sign]
        last = start + len(bare)
    return "".join([*parts, line[last:]]) if parts else line
