"""Findings as they are shown: with the lines that they stand in, and without a secret or data about people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import accumulate
from typing import get_args

from contentkit.core.personal import masked, personal
from contentkit.core.personal.datum import Sort
from contentkit.core.report import Finding, Place
from contentkit.core.secrets import find, mask

MOST_LINES = 8
MOST_CHARACTERS = 4_000
"""Of the lines of a finding together; where they are longer, only the words at fault are shown."""

_PRIVATE = frozenset(f"unsafe/{name}" for name in (*get_args(Sort), "secret"))
_NOTHING = "•••"
_Cover = tuple[int, int, str]
"""A span that may not be shown, and what stands for it in a sentence."""


class Excerpts:
    """One file's lines. What may not be shown is covered by as many signs, so that columns stay what they are.

    Data about people are covered whoever gave them: a report goes into logs that others read.

    Args:
        findings: of this file; the places of those about private data are covered too, since a value may be written
            in a form that only the check has undone (escapes of JSON).
    """

    def __init__(self, text: str, findings: Iterable[Finding] = ()) -> None:
        self._text = text
        self._known: dict[str, str] = {}
        self._places = [one.place for one in findings if one.rule in _PRIVATE and one.place is not None]

    @cached_property
    def _covers(self) -> list[_Cover]:
        """Spans in order, none over another; what overlaps is one, with nothing of it left to see."""
        text = self._text
        spans = [(span.start, span.end, f"[{span.rule}]") for span in find(text)]
        spans += ((one.start, one.end, masked(text[one.start : one.end])) for one in personal(text))
        covers: list[_Cover] = []
        for start, end, sign in sorted((*spans, *self._told())):
            if covers and start < covers[-1][1]:
                before, last, shown = covers[-1]
                shown = shown if shown == sign else next((one for one in (shown, sign) if one[0] == "["), _NOTHING)
                covers[-1] = (before, max(last, end), shown)
            else:
                covers.append((start, end, sign))
        return covers

    def _told(self) -> Iterator[_Cover]:
        """What the findings themselves say is private."""
        starts = [0, *accumulate(len(line) + 1 for line in self._text.split("\n"))] if self._places else []
        for place in self._places:
            line, last = place.line or 0, place.end_line or 0
            if 0 < line <= last < len(starts) and place.column and place.end_column:
                start, end = starts[line - 1] + place.column - 1, starts[last - 1] + place.end_column - 1
                if start < end <= len(self._text):
                    yield start, end, place.quote or _NOTHING

    @cached_property
    def _values(self) -> dict[str, str]:
        """What may not be shown -> what is shown instead, the longest first."""
        found = {self._text[start:end]: sign for start, end, sign in self._covers}
        return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))

    @cached_property
    def _lines(self) -> list[str]:
        shown, last = list[str](), 0
        for start, end, sign in self._covers:
            shown += [self._text[last:start], _covered(self._text[start:end], sign)]
            last = end
        return "".join([*shown, self._text[last:]]).split("\n")

    def shown(self, finding: Finding) -> Finding:
        """The finding with its lines as ``place.context``."""
        place = finding.place
        if place is not None:
            place = replace(place, quote=self._hidden(place.quote), context=self._context(place))
        words = finding.replacement
        if words is not None and self._hidden(words) != words:
            words = None  # it can't be shown, so nobody could say yes to it
        return replace(
            finding,
            place=place,
            message=self._hidden(finding.message),
            repair=self._hidden(finding.repair),
            scenario=self._hidden(finding.scenario),
            suggestion=self._hidden(finding.suggestion),
            replacement=words,
        )

    def _context(self, place: Place) -> str:
        if place.line is None:
            return ""
        last = place.end_line or place.line
        if place.end_column == 1 and last > place.line:
            last -= 1  # it ends with a line feed
        lines = [
            line.removesuffix("\r") for line in self._lines[place.line - 1 : min(last, place.line + MOST_LINES - 1)]
        ]
        text = "\n".join(lines)
        if place.part and place.quote.partition("\n")[0].rstrip("…") not in text:
            return ""  # the words stand there encoded, as in a mail: they are shown themselves
        return text if len(text) <= MOST_CHARACTERS else ""

    def _hidden(self, text: str) -> str:
        """The text of a message without what may not be shown; findings of one rule share most of theirs."""
        if text not in self._known:
            self._known[text] = self._masked(text) if text else ""
        return self._known[text]

    def _masked(self, text: str) -> str:
        for value, sign in self._values.items():
            text = text.replace(value, sign)
        text = mask(text)
        for datum in reversed(personal(text)):
            text = text[: datum.start] + masked(text[datum.start : datum.end]) + text[datum.end :]
        return text


class Files:
    """The lines of files by their paths, for findings with a place in one of them, or in none.

    Args:
        findings: of all of them.
    """

    def __init__(self, texts: Mapping[str, str], findings: Iterable[Finding]) -> None:
        found: defaultdict[str, list[Finding]] = defaultdict(list)
        for finding in findings:
            if finding.place:
                found[finding.place.path].append(finding)
        self._files = {path: Excerpts(text, found[path]) for path, text in texts.items()}
        self._none = Excerpts("")

    def shown(self, finding: Finding) -> Finding:
        """The finding as it is shown."""
        path = finding.place.path if finding.place else ""
        return self._files.get(path, self._none).shown(finding)


def _covered(value: str, sign: str) -> str:
    """A value as it stands in its line: every character of a secret hidden, of a person's datum all but its ends."""
    first, dots, last = sign.partition(_NOTHING)
    shown = (len(first), len(value) - len(last)) if dots and sign != _NOTHING else (0, len(value))
    hidden = "•" if dots else "*"
    return "".join(one if one == "\n" or not shown[0] <= at < shown[1] else hidden for at, one in enumerate(value))
