"""What was opened and not closed, tables with ragged rows, front matter that is no YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator

from contentkit.core.parts import Part
from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Severity
from contentkit.core.text.markdown import FRONT_MATTER, bold_left
from contentkit.core.text.targets import uncoded

# Both begin with the end of the line above, which is looked for faster than the begin of a line.
_FENCE = re.compile(r"\n[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,})([^\n]*)")
_DIVIDER = re.compile(
    r"\n[ \t]{0,3}(?:\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\|?|\|[ \t]*:?-+:?[ \t]*\|)[ \t]*$", re.MULTILINE
)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)\b((?:\"[^\"]{0,2000}\"|'[^']{0,2000}'|[^<>\"']){0,2000})>")
# What must be closed; others may be left open, or have no end.
_CLOSED_TAGS = """
a abbr article aside b blockquote button code details div em figure footer form h1 h2 h3 h4 h5 h6 header i kbd main
mark nav ol pre section small span strong sub summary sup table u ul video
"""
_CLOSED = frozenset(_CLOSED_TAGS.split())
_CELL = re.compile(r"(?<!\\)\|")
_MOST_YAML = 100_000


def look(part: Part, piece: Piece) -> Iterator[Finding]:
    """Findings for syntax."""
    yield from _front(part)
    fences = list(_fences(part.document.text))
    yield from _open_fence(part, fences)
    yield from _bold(part)
    yield from _tables(part)
    yield from _html(part, fences)


def _front(part: Part) -> Iterator[Finding]:
    found = FRONT_MATTER.match(part.document.text)
    if not found or len(found[1]) > _MOST_YAML:
        return
    import yaml

    try:
        loaded = yaml.safe_load(found[1])
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        start = min(part.document.offset((mark.line if mark else 0) + 2, 1), found.end(1))
        why = str(getattr(error, "problem", None) or "it can't be read").strip()
        message = f"The front matter is no YAML: {why}."
        yield part.finding("markdown/front-matter", message, start, _line_end(part, start), Severity.MAJOR)
        return
    if loaded is not None and not isinstance(loaded, dict):
        message = "The front matter is no list of keys."
        yield part.finding("markdown/front-matter", message, found.start(1), found.end(1))


def _line_end(part: Part, start: int) -> int:
    end = part.document.text.find("\n", start)
    return end if end >= 0 else len(part.document.text)


def _fences(text: str) -> Iterator[tuple[int, int]]:
    """The fenced code of a text, from the line of its mark; an open one reaches to the end, and beyond it."""
    opened, start = "", 0
    for begin, end, found in _lines(_FENCE, text):
        sign, rest = found[1], found[2].strip()
        if not opened:
            if not (sign[0] == "`" and "`" in rest):
                opened, start = sign, begin
        elif sign.startswith(opened) and not rest:
            yield start, end
            opened = ""
    if opened:
        yield start, len(text) + 1


def _lines(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int, re.Match[str]]]:
    """Where the lines stand that a pattern matches from the end of the line above on, and the matches."""
    for found in pattern.finditer(f"\n{text}"):
        yield found.start(), found.end() - 1, found


def _open_fence(part: Part, fences: list[tuple[int, int]]) -> Iterator[Finding]:
    if fences and fences[-1][1] > len(part.document.text):
        start = fences[-1][0]
        message = "This code is never closed: all that follows is taken for code."
        yield part.finding("markdown/fence", message, start, _line_end(part, start), Severity.MAJOR)


def _bold(part: Part) -> Iterator[Finding]:
    for block in part.document.blocks:
        raw = part.document.text[block.start : block.end]
        if "**" not in raw or "\\*" in raw:
            continue
        place = bold_left(raw)
        if place is not None:
            start = block.start + place
            message = "These ** stay as they are: not closed, or kept from it by the punctuation beside them."
            yield part.finding("markdown/emphasis", message, start, start + 2)


def _tables(part: Part) -> Iterator[Finding]:
    """Rows with more or fewer cells than the head of their table."""
    text, done = part.document.text, 0
    for begin, stop, _ in _lines(_DIVIDER, text) if "|" in text else ():
        if begin < done:
            continue
        head_start = text.rfind("\n", 0, max(0, begin - 1)) + 1
        block = part.document.block_at(_first_cell(text, head_start))
        if begin == 0 or block is None or block.kind != "cell":
            continue
        wide = _cells(text[head_start:begin])
        start = stop + 1
        while start < len(text):
            end = _line_end(part, start)
            line = text[start:end]
            if "|" not in line:
                break
            if (cells := _cells(line)) != wide:
                message = f"A row of {cells} {'cell' if cells == 1 else 'cells'} in a table of {wide} columns."
                yield part.finding("markdown/table", message, start, end)
            start = done = end + 1


def _first_cell(text: str, start: int) -> int:
    while start < len(text) and text[start] in " \t|":
        start += 1
    return start


def _cells(line: str) -> int:
    inner = uncoded(line).strip()
    inner = inner.removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return len(_CELL.findall(inner)) + 1


def _html(part: Part, fences: list[tuple[int, int]]) -> Iterator[Finding]:
    """Tags that nothing closes, and ends of what was never opened."""
    text = part.document.text
    if "<" not in text:
        return
    opened: list[tuple[str, int, int]] = []
    pieces = _outside(text, fences)
    for start, piece in pieces:
        for found in _TAG.finditer(piece):
            name, place = found[2], (start + found.start(), start + found.end())
            if name not in _CLOSED or found[3].rstrip().endswith("/") or _indented(text, place[0]):
                continue
            if not found[1]:
                opened.append((name, *place))
            elif any(one[0] == name for one in opened):
                while (last := opened.pop())[0] != name:
                    yield part.finding("markdown/html", f"<{last[0]}> is never closed.", *last[1:])
            else:
                yield part.finding("markdown/html", f"</{name}> closes nothing.", *place)
    yield from (part.finding("markdown/html", f"<{one[0]}> is never closed.", *one[1:]) for one in opened)


def _outside(text: str, fences: list[tuple[int, int]]) -> Iterator[tuple[int, str]]:
    """The text without fenced and inline code and comments."""
    position = 0
    for start, end in [*fences, (len(text), len(text))]:
        yield position, uncoded(text[position:start])
        position = min(end, len(text))


def _indented(text: str, offset: int) -> bool:
    """Whether the line is indented as code is, and begins a block."""
    start = text.rfind("\n", 0, offset) + 1
    above = text[text.rfind("\n", 0, max(0, start - 1)) + 1 : start]
    return text.startswith(("    ", "\t"), start) and not above.strip()
