"""A changed file in pieces that fit into one question each. No line is left out, however long the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from contentkit.code.anchors import Shown, all_crlf, shown
from contentkit.code.around.context import Surroundings
from contentkit.code.around.snippets import BANNER, Snippet
from contentkit.code.masking import Hide
from contentkit.code.visible import one_line
from contentkit.core.change import Change, FileChange, Hunk, Status

Size = Callable[[str], int]

_STATUS = {
    Status.ADDED: "added",
    Status.COPIED: "copied",
    Status.DELETED: "deleted",
    Status.MODIFIED: "modified",
    Status.RENAMED: "renamed",
    Status.TYPE: "type changed",
}
_SHORTEST = 200
"""Characters of a piece of a long line at least, however small the budget."""

_LOOK_BACK = 0.3
"""So much of a piece may be left to the next one, to break where something begins."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Lines of one file that are asked about in one question, and what stands around them.

    Attributes:
        hunks: those that ``shown`` has lines of; a long one may be in several chunks.
        headers: what the model reads above each of them.
        title: the first lines of ``text``: path, status, what else happened to the file.
        context: not part of the change.
    """

    file: FileChange
    hunks: tuple[Hunk, ...]
    shown: tuple[Shown, ...]
    context: tuple[Snippet, ...] = ()
    headers: tuple[str, ...] = ()
    title: str = ""

    @property
    def units(self) -> tuple[str, ...]:
        """Names of the hunks as the coverage ledger has them."""
        return tuple(f"{self.file.path} {hunk.header}" for hunk in self.hunks)

    @property
    def text(self) -> str:
        """What the model reads: file, hunks, context. Every line of code has something before it, so that none can
        be taken for a heading."""
        context = [item.rendered(self.file.path) for item in self.context]
        return "".join([self.title, *_bodies(self.headers, self.shown), *([BANNER] if context else []), *context])


def chunks(
    file: FileChange, change: Change, *, size: Size, budget: int, context: int, hide: Hide | None
) -> tuple[Chunk, ...]:
    """The hunks of ``file`` in as few chunks as fit; none for a file without hunks, or one that is skipped or failed.

    Args:
        size: counts tokens.
        budget: most tokens of ``Chunk.text``. Only the title and a piece of a line may go over it, where it is
            smaller than they are.
        context: most tokens of them for what stands around the hunks.
        hide: what hides the file's secrets (``masking.hider``).
    """
    if file.skipped or file.failed or not file.hunks:
        return ()
    around = Surroundings(file, change, hide) if context > 0 else None
    title, headers = _title(file, hide), tuple(_header(hunk, hide) for hunk in file.hunks)
    room = max(1, budget - size(title))
    found = []
    for lines in _parts(shown(file, file.hunks, hide), headers, size, room):
        if not _asks(lines, file.hunks):
            continue
        first = lines[0].hunk
        hunks = file.hunks[first : lines[-1].hunk + 1]
        own = tuple(replace(line, hunk=line.hunk - first) for line in lines) if first else lines
        chunk = Chunk(file, hunks, own, (), headers[first : first + len(hunks)], title)
        left = min(context, budget - size(chunk.text)) - size(BANNER) if around else 0
        found.append(replace(chunk, context=around.of(chunk.shown, size, left)) if around and left > 0 else chunk)
    return tuple(found)


def _asks(lines: Sequence[Shown], hunks: Sequence[Hunk]) -> bool:
    """Whether anything changed in ``lines``; the context between two parts of a long hunk is no question."""
    return any(line.line.kind != " " for line in lines) or all(line.kind == " " for line in hunks[lines[0].hunk].lines)


def _title(file: FileChange, hide: Hide | None) -> str:
    def name(text: str) -> str:
        return one_line(hide(text) if hide else text)

    lines = [f"File: {name(file.path)} ({_STATUS[file.status]})"]
    if file.old_path and file.old_path != file.path:
        lines.append(f"Was: {name(file.old_path)}")
    if file.note:
        lines.append(f"Note: {name(file.note)}")
    if all_crlf(file):
        lines.append("Line ends: CRLF")
    return "\n".join(lines) + "\n"


def _header(hunk: Hunk, hide: Hide | None) -> str:
    section = one_line(hide.cut(hunk.section) if hide and hunk.section else hunk.section).strip()
    return f"\n{hunk.header} {section}".rstrip() + "\n"


def _bodies(headers: Sequence[str], lines: Sequence[Shown]) -> Iterator[str]:
    before = -1
    for line in lines:
        if line.hunk != before:
            yield headers[line.hunk]
            before = line.hunk
        yield f"{line.rendered}\n"


def _parts(lines: Sequence[Shown], headers: Sequence[str], size: Size, room: int) -> Iterator[tuple[Shown, ...]]:
    """``lines`` in runs whose text fits ``room``: all, else whole hunks, else parts of a hunk, else of a line."""
    if size("".join(_bodies(headers, lines))) <= room:
        yield tuple(lines)
        return
    run: list[Shown] = []
    used = 0
    for hunk in _hunks(lines):
        cost = size("".join(_bodies(headers, hunk)))
        if run and used + cost > room:
            yield from _checked(run, headers, size, room)
            run, used = [], 0
        if cost > room:
            yield from _split(hunk, headers, size, room)
        else:
            run += hunk
            used += cost
    if run:
        yield from _checked(run, headers, size, room)


def _hunks(lines: Sequence[Shown]) -> Iterator[list[Shown]]:
    hunk: list[Shown] = []
    for line in lines:
        if hunk and hunk[-1].hunk != line.hunk:
            yield hunk
            hunk = []
        hunk.append(line)
    if hunk:
        yield hunk


def _checked(lines: Sequence[Shown], headers: Sequence[str], size: Size, room: int) -> Iterator[tuple[Shown, ...]]:
    """``lines``, halved as long as they don't fit: tokens of parts need not add up to those of the whole."""
    if len(lines) > 1 and size("".join(_bodies(headers, lines))) > room:
        half = len(lines) // 2
        yield from _checked(lines[:half], headers, size, room)
        yield from _checked(lines[half:], headers, size, room)
    else:
        yield tuple(lines)


def _split(hunk: Sequence[Shown], headers: Sequence[str], size: Size, room: int) -> Iterator[tuple[Shown, ...]]:
    """One hunk in parts, broken where something begins if there is such a place near the end of a part."""
    left = max(1, room - size(headers[hunk[0].hunk]))
    pieces = [piece for line in hunk for piece in _pieces(line, size, left)]
    costs = [size(f"{piece.rendered}\n") for piece in pieces]
    first, used = 0, 0
    for at, cost in enumerate(costs):
        if at > first and used + cost > left:
            stop = _break(pieces, first, at)
            yield from _checked(pieces[first:stop], headers, size, room)
            first, used = stop, sum(costs[stop:at])
        used += cost
    yield from _checked(pieces[first:], headers, size, room)


def _break(pieces: Sequence[Shown], first: int, stop: int) -> int:
    """Where before ``stop`` to break: behind a blank line, at the least indentation, as late as may be."""
    least = max(first + 1, stop - int((stop - first) * _LOOK_BACK))
    best = [
        (len(text) - len(text.lstrip()), -at)
        for at in range(least, stop + 1)
        if (text := pieces[at].text).strip() and not pieces[at - 1].text.strip()
    ]
    return -min(best)[1] if best else stop


def _pieces(line: Shown, size: Size, room: int) -> Iterator[Shown]:
    """A line that is over ``room`` in pieces that are not, each with its mark."""
    cost = size(f"{line.rendered}\n")
    if cost <= room or len(line.text) <= _SHORTEST:
        yield line
        return
    length = max(_SHORTEST, int(len(line.text) * (room / cost) * 0.8) - len(line.mark))
    for start in range(0, len(line.text), length):
        yield from _halves(replace(line, text=line.text[start : start + length]), size, room)


def _halves(line: Shown, size: Size, room: int) -> Iterator[Shown]:
    if len(line.text) > _SHORTEST and size(f"{line.rendered}\n") > room:
        half = len(line.text) // 2
        yield from _halves(replace(line, text=line.text[:half]), size, room)
        yield from _halves(replace(line, text=line.text[half:]), size, room)
    else:
        yield line
