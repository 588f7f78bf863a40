"""Lines as a model is shown them, and the place that it meant by what it wrote back.

A line is shown with its number and three hexadecimal digits of a hash. A place is believed when number and hash agree,
or when a quote stands in one place only; otherwise the finding is about the file, or about nothing of it. What comes
out is always on the lines of the hunks that were shown, and touches a line that changed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from contentkit.code.masking import Hide
from contentkit.code.quotes import is_telling, places, plain
from contentkit.code.visible import visible
from contentkit.core.change import FileChange, Hunk, Line, Side
from contentkit.core.report import Place

_FAR = 3
"""A line of context so many lines from a change still means that change."""

_SCREEN = 40
"""A longer range shows nobody where the fault is."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One line as the model reads it; a very long one comes as several that follow each other.

    Attributes:
        mark: kind, number and hash: "+12#a3f", "-10#77c", " 11#0de".
        text: of the line, without secrets, hidden characters spelled out.
        hunk: which of the hunks it belongs to.
    """

    line: Line
    mark: str
    text: str
    hunk: int = 0

    @property
    def rendered(self) -> str:
        return f"{self.mark}| {self.text}"


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a finding stands, and what told it: "" when nothing did, and the finding is to be dropped."""

    place: Place | None
    how: Literal["anchor", "quote", "file", ""]


class Lines(Protocol):
    """What anchors are looked up in: a Chunk."""

    @property
    def file(self) -> FileChange: ...

    @property
    def shown(self) -> tuple[Shown, ...]: ...


def shown(file: FileChange, hunks: Sequence[Hunk], hide: Hide | None) -> tuple[Shown, ...]:
    """The lines of ``hunks``, which are of ``file``. Carriage returns show only where not every line has one."""
    crlf = all_crlf(file)
    text_of: Callable[[Line], str] = hide.line if hide else lambda line: line.text
    return tuple(
        _shown(line, visible(text_of(line).removesuffix("\r") if crlf else text_of(line)), at)
        for at, hunk in enumerate(hunks)
        for line in hunk.lines
    )


def all_crlf(file: FileChange) -> bool:
    """Whether every line of the hunks ends in a carriage return, so that it says nothing."""
    return all(line.text.endswith("\r") for line in file.lines()) and any(file.lines())


def _shown(line: Line, text: str, hunk: int) -> Shown:
    digest = hashlib.sha256(f"{line.side}\0{line.number}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()[:3]
    return Shown(line, f"{line.kind}{line.number}#{digest}", text, hunk)


def resolve(chunk: Lines, *, anchor: str, end: str = "", quote: str = "") -> Placed:
    """The place that a model means by ``anchor`` ("+12#a3f"), the ``end`` of a range, and words that stand there.

    Number and hash that agree are believed, unless the quote stands elsewhere; a quote that stands in one place only
    is believed before a number without its hash. ``place`` is on lines of ``chunk.shown``, of one hunk and side.
    """
    marks, code = _read(anchor, chunk.file)
    ends, _ = _read(end, chunk.file)
    quote = quote or code
    said = [*marks, *ends]
    first, last = (_look_up(chunk, said[at]) if said else None for at in (0, -1))
    first = last if first is None else first
    hits = places(quote, _views(chunk)) if quote.strip() else set()
    if first is not None:
        last = first if last is None or last < first else last
        if not hits or any(begin <= last and first <= stop for begin, stop in hits):
            return _placed(chunk, first, last, "anchor")
    meant = _narrowed(chunk, hits, said[0] if said else None)
    if len(meant) == 1 and is_telling(quote):
        return _placed(chunk, *meant.pop(), "quote")
    known = {str(item.line.number) for item in chunk.shown}
    if first is not None or hits or any(mark.number in known for mark in said):
        return Placed(Place(chunk.file.path), "file")
    return Placed(None, "")


class _Mark(NamedTuple):
    """A mark as it was written back: sign and hash may be missing, number and hash may be wrong."""

    sign: str
    number: str
    digest: str


_ONE = r"([+\u2212-]?)\s*(?:lines?|l)?\s*([0-9]{1,9})\s*(?:#\s*(\w*))?"
_ANCHOR = re.compile(rf"{_ONE}(?:\s*(?:-|\u2013|\u2014|\.{{2,3}}|:|,|~|to|and)\s*{_ONE})?", re.IGNORECASE)


def _read(anchor: str, file: FileChange) -> tuple[list[_Mark], str]:
    """The marks in what a model wrote for an anchor, and the code that it copied behind them."""
    marks: list[_Mark] = []
    code = []
    for line in anchor.strip().split("\n"):
        mark, _, rest = line.partition("|")
        bare = mark.strip(" \t`'\"()[]<>*.,;:").removeprefix(file.path).lstrip(" :")
        if found := _ANCHOR.fullmatch(bare):
            both = found.groups("")
            marks += [
                _Mark(sign, number.lstrip("0") or "0", digest.lower())
                for sign, number, digest in (both[:3], both[3:])
                if number
            ]
            code.append(rest)
    return marks, "\n".join(code)


def _look_up(chunk: Lines, mark: _Mark) -> int | None:
    """Index of the shown line that has this number and this hash; the right side first."""
    if not mark.digest:
        return None
    tail = f"{mark.number}#{mark.digest}"
    found = [at for at, item in enumerate(chunk.shown) if item.mark[1:] == tail]
    return min(found, key=lambda at: (chunk.shown[at].line.side == "LEFT", at), default=None)


def _narrowed(chunk: Lines, hits: set[tuple[int, int]], mark: _Mark | None) -> set[tuple[int, int]]:
    """Of several places of a quote those that the hash tells, or else the sign; the number is not believed here."""
    if mark is None or len(hits) < 2:
        return hits
    by_hash = {hit for hit in hits if mark.digest and chunk.shown[hit[0]].mark.endswith(f"#{mark.digest}")}
    if by_hash:
        return by_hash
    kind = mark.sign.replace("\u2212", "-")
    return {hit for hit in hits if kind and any(item.line.kind == kind for item in chunk.shown[hit[0] : hit[1] + 1])}


def _views(chunk: Lines) -> list[list[tuple[int, str]]]:
    """What can be quoted in one piece: for each hunk the lines as shown, those after, and those before the change."""
    hunks: dict[int, list[tuple[int, str, str]]] = {}
    for at, item in enumerate(chunk.shown):
        if bare := plain(item.text):
            hunks.setdefault(item.hunk, []).append((at, item.line.kind, bare))
    return [
        [(at, text) for at, kind, text in rows if kind in kinds]
        for rows in hunks.values()
        for kinds in ((" +", " -", " +-") if any(kind == "-" for _, kind, _ in rows) else (" +",))
    ]


def _placed(chunk: Lines, first: int, last: int, how: Literal["anchor", "quote"]) -> Placed:
    """The lines ``first`` to ``last`` of those shown as a place that touches a change, or the file alone."""
    hunk = chunk.shown[first].hunk
    while chunk.shown[last].hunk != hunk:
        last -= 1
    items = chunk.shown[first : last + 1]
    side = _side(items)
    if side is None:
        near = _nearest(chunk, first, last)
        if near is None:
            return Placed(Place(chunk.file.path), "file")
        side, items = near.line.side, (near,)
    changed = [item.line.number for item in items if item.line.kind == ("+" if side == "RIGHT" else "-")]
    numbers = [number for item in items if (number := _number(item.line, side)) is not None]
    if numbers[-1] - numbers[0] >= _SCREEN:
        numbers = changed[:1]
    return Placed(Place(chunk.file.path, numbers[0], numbers[-1], side=side), how)


def _number(line: Line, side: Side) -> int | None:
    return line.new if side == "RIGHT" else line.old


def _side(items: Sequence[Shown]) -> Side | None:
    """The side that a range is commented on; None where nothing of it changed."""
    kinds = {item.line.kind for item in items}
    if items[0].line.kind == items[-1].line.kind == "-" or ("-" in kinds and "+" not in kinds):
        return "LEFT"
    return "RIGHT" if "+" in kinds else None


def _nearest(chunk: Lines, first: int, last: int) -> Shown | None:
    """The nearest changed line around lines of context, in the same hunk; an added one if there is one near enough."""
    near = []
    for at, item in enumerate(chunk.shown):
        if item.hunk != chunk.shown[first].hunk or item.line.kind == " ":
            continue
        edge = _number(chunk.shown[first if at < first else last].line, item.line.side)
        if edge is not None and (far := abs(item.line.number - edge)) <= _FAR:
            near.append((item.line.side, far, at))
    return chunk.shown[max(near, key=lambda found: (found[0] == "RIGHT", -found[1], -found[2]))[2]] if near else None
