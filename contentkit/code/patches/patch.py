"""The one reader of unified diff text: git's, a mail's, a plain one, a combined one.

Lines are counted by the ``@@`` line, never told from their looks: a deleted line may read ``--- a`` and an added one
``@@ -1 +1 @@``. Paths and prefixes are the business of ``patchfile.py``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from contentkit.core.change import Hunk, Line
from contentkit.core.errors import UsageError

_AT = re.compile(r"@@ -(\d{1,18})(?:,(\d{1,18}))? \+(\d{1,18})(?:,(\d{1,18}))? @@ ?(.*)", re.DOTALL)
_COMBINED = re.compile(r"(@@@+)((?: -\d{1,18}(?:,\d{1,18})?)+) \+(\d{1,18})(?:,(\d{1,18}))? (@@@+) ?(.*)", re.DOTALL)
_RANGE = re.compile(r"-(\d+)(?:,(\d+))?")


class Broken(UsageError):
    """A line that can't stand where it stands. ``line`` counts from 0 at the first ``@@``."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


class CutOff(Broken):
    """The text ends, or another file begins, before a hunk has all the lines that its ``@@`` line counts.

    ``at`` is where it breaks off, as an offset, where ``measured`` found it.
    """

    at = 0


def utf8(data: bytes) -> str:
    """As UTF-8, bytes that are none shown as U+FFFD."""
    return data.decode("utf-8", "replace")


def hunks(body: bytes, decode: Callable[[bytes], str] = utf8) -> tuple[Hunk, ...]:
    """The hunks of one file.

    Args:
        body: from the first ``@@`` line on.
        decode: makes text of the whole body; must keep line feeds where they are.

    Raises:
        CutOff: a hunk has too few lines.
        Broken: a line is none of a hunk.
    """
    lines = decode(body).split("\n")
    if lines[-1] == "":
        lines.pop()
    found: list[Hunk] = []
    at = 0
    while at < len(lines):
        if lines[at].startswith("@@@"):
            hunk, at = _combined(lines, at)
        else:
            hunk, at = _hunk(lines, at)
        found.append(hunk)
        if at < len(lines) and lines[at].startswith("\\"):
            at += 1
    return tuple(found)


def _hunk(lines: list[str], at: int) -> tuple[Hunk, int]:
    match = _AT.match(lines[at])
    if not match:
        raise Broken("this is no line of a hunk", at)
    old_start, new_start = int(match[1]), int(match[3])
    old_count = 1 if match[2] is None else int(match[2])
    new_count = 1 if match[4] is None else int(match[4])
    old, new = old_start, new_start
    old_end, new_end = old + old_count, new + new_count
    found: list[Line] = []
    add, end = found.append, len(lines)
    make = tuple.__new__  # twice as fast as Line(...), and most of reading a change is making lines
    at += 1
    while old < old_end or new < new_end:
        if at >= end:
            raise CutOff("the patch ends inside a hunk", at)
        line = lines[at]
        mark = line[:1]
        if mark == " ":
            add(make(Line, (" ", old, new, line[1:])))
            old += 1
            new += 1
        elif mark == "+":
            add(make(Line, ("+", None, new, line[1:])))
            new += 1
        elif mark == "-":
            add(make(Line, ("-", old, None, line[1:])))
            old += 1
        elif not mark or line == "\r":  # context that lost its blank on the way
            add(make(Line, (" ", old, new, line)))
            old += 1
            new += 1
        elif mark != "\\":
            _foreign(line, at)
        if old > old_end or new > new_end:
            raise Broken("the hunk has more lines than its @@ line says", at)
        at += 1
    return Hunk(old_start, old_count, new_start, new_count, tuple(found), match[5].rstrip("\r")), at


def _foreign(line: str, at: int) -> None:
    if line.startswith(("diff --", "@@ -", "@@@ -", "Index: ")):
        raise CutOff("a hunk has fewer lines than its @@ line says", at)
    raise Broken("this is no line of a hunk: it begins with neither a blank nor + nor -", at)


def _combined_head(line: str, at: int) -> re.Match[str]:
    match = _COMBINED.match(line)
    if not match:
        raise Broken("this is no line of a hunk", at)
    if len(match[1]) != len(_RANGE.findall(match[2])) + 1 or match[5] != match[1]:
        raise Broken("the @@ line names another number of parents than it has @ signs", at)
    return match


def _combined(lines: list[str], at: int) -> tuple[Hunk, int]:
    """A hunk with a column for each parent. A line that is new for any parent counts as added, one lost as deleted.

    Old numbers are those of the first parent that has the line; start and count are the first parent's.
    """
    match = _combined_head(lines[at], at)
    ranges = [(int(one), 1 if two == "" else int(two)) for one, two in _RANGE.findall(match[2])]
    parents = len(ranges)
    new_start, new_count = int(match[3]), 1 if match[4] is None else int(match[4])
    olds, ends = [start for start, _ in ranges], [start + count for start, count in ranges]
    new, new_end = new_start, new_start + new_count
    found: list[Line] = []
    at += 1
    while new < new_end or any(old < end for old, end in zip(olds, ends, strict=True)):
        if at >= len(lines):
            raise CutOff("the patch ends inside a hunk", at)
        line = lines[at]
        if line.startswith("\\"):
            at += 1
            continue
        columns = line[:parents] if line.strip("\r") else " " * parents
        if len(columns) < parents or columns.strip(" +-") or ("+" in columns and "-" in columns):
            _foreign(line, at)
        gone = "-" in columns
        has = [column == "-" if gone else column == " " for column in columns]
        kind: Literal[" ", "+", "-"] = "-" if gone else "+" if "+" in columns else " "
        first = next((old for old, there in zip(olds, has, strict=True) if there), None)
        found.append(Line(kind, None if kind == "+" else first, None if gone else new, line[parents:]))
        olds = [old + there for old, there in zip(olds, has, strict=True)]
        new += not gone
        if new > new_end or any(old > end for old, end in zip(olds, ends, strict=True)):
            raise Broken("the hunk has more lines than its @@ line says", at)
        at += 1
    return Hunk(ranges[0][0], ranges[0][1], new_start, new_count, tuple(found), match[6].rstrip("\r")), at


def measured(data: bytes, begin: int) -> tuple[int, int]:
    """Where the hunk that begins at an offset ends, and how many lines that is; its counts decide.

    Raises:
        CutOff, Broken: as ``hunks``.
    """
    at, head = _line(data, begin)
    olds, new = _counts(head)
    parents, count = len(olds), 1
    while new or any(olds):
        if at >= len(data):
            raise _cut("the patch ends inside a hunk", count, at)
        after, line = _line(data, at)
        columns = line[:parents] if line.strip("\r") else " " * parents
        if not line.startswith("\\"):
            if len(columns) < parents or columns.strip(" +-") or ("+" in columns and "-" in columns):
                try:
                    _foreign(line, count)
                except CutOff as error:
                    raise _cut(error.message, count, at) from None
            gone = "-" in columns
            for parent, column in enumerate(columns):
                olds[parent] -= column == ("-" if gone else " ")
            new -= not gone
            if new < 0 or min(olds) < 0:
                raise Broken("the hunk has more lines than its @@ line says", count)
        at, count = after, count + 1
    if data.startswith(b"\\", at):
        at, count = _line(data, at)[0], count + 1
    return at, count


def _line(data: bytes, at: int) -> tuple[int, str]:
    """Where the next line begins, and this one."""
    end = data.find(b"\n", at)
    end = len(data) if end < 0 else end
    return end + 1, data[at:end].decode("latin-1")


def _counts(head: str) -> tuple[list[int], int]:
    """How many lines a hunk takes of each parent, and of the new file."""
    if match := _AT.match(head):
        return [1 if match[2] is None else int(match[2])], 1 if match[4] is None else int(match[4])
    match = _combined_head(head, 0)
    return [1 if two == "" else int(two) for _, two in _RANGE.findall(match[2])], 1 if not match[4] else int(match[4])


def _cut(message: str, line: int, at: int) -> CutOff:
    error = CutOff(message, line)
    error.at = at
    return error


def applied(old: bytes, body: bytes) -> bytes:
    """The file after the change, from the file before it and the hunks as text (one parent).

    Raises:
        Broken: the hunks are not of this file.
    """
    before = old.split(b"\n")
    tail = before.pop()  # what stands after the last line feed: "" for most files
    source = [line + b"\n" for line in before] + ([tail] if tail else [])
    out: list[bytes] = []
    done = 0
    lines = body.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    kept = False
    for number, line in enumerate(lines):
        mark = line[:1]
        if mark == b"@" and (match := _AT.match(line.decode("latin-1"))):
            start = int(match[1]) - (match[2] != "0")  # a hunk without old lines names the line before it
            if not done <= start <= len(source):
                raise Broken("the hunk lies outside the file", number)
            out += source[done:start]
            done = start
        elif mark == b"\\":
            if kept and out:
                out[-1] = out[-1].removesuffix(b"\n")
        elif mark == b"+":
            out.append(line[1:] + b"\n")
            kept = True
        else:
            if done >= len(source) or source[done].removesuffix(b"\n") != line[1:]:
                raise Broken("the hunk does not fit the file", number)
            kept = mark != b"-"
            if kept:
                out.append(source[done])
            done += 1
    return b"".join(out + source[done:])
