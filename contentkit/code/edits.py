"""Edits of lines: applied to a text, checked, and shown as a patch."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from contentkit.core.change import text_lines
from contentkit.core.errors import UsageError
from contentkit.core.report import Edit

_AROUND = 3
"""Unchanged lines on each side of an edit in a patch."""


_NO_END = "\\ No newline at end of file"


def applied(text: str, edits: Sequence[Edit]) -> str:
    """``text`` with ``edits``, whose line numbers are those of ``text``.

    A text whose last line has no line feed stays so.

    Raises:
        UsageError: two edits overlap, or one does not fit the text.
    """
    missing = _missing(text)
    lines = _lines(text + missing)
    for edit in reversed(_ordered(edits, len(lines))):
        lines[edit.line - 1 : edit.end_line] = _lines(edit.text)
    return "".join(f"{line}\n" for line in lines).removesuffix(missing or "\0")


def trimmed(text: str, edit: Edit) -> Edit:
    """The edit without the lines at its ends that it leaves as they are."""
    old, new = _lines(text)[edit.line - 1 : edit.end_line], _lines(edit.text)
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    kept = "".join(f"{line}\n" for line in new[head : len(new) - tail])
    return replace(edit, line=edit.line + head, end_line=edit.end_line - tail, text=kept)


def parses(path: str, text: str) -> bool:
    """Whether ``text`` is what its path promises: Python, JSON, TOML, YAML. True for every other kind of file."""
    parse = _PARSERS.get(path.rpartition("/")[2].rpartition(".")[2].lower())
    if parse is None:
        return True
    try:
        parse(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return False
    return True


def patch(path: str, text: str, edits: Sequence[Edit]) -> str:
    """The edits as a unified diff in git's form, which ``git apply`` takes; "" when they change nothing.

    Line ends are those of the texts: write it in the file's encoding and without translating them.

    Raises:
        UsageError: as ``applied``.
    """
    old = _lines(text)
    changes = [edit for edit in (trimmed(text, edit) for edit in _ordered(edits, len(old)))
               if edit.text or edit.end_line >= edit.line]  # fmt: skip
    if not changes:
        return ""
    body: list[str] = []
    shift = 0
    for group in _grouped(changes):
        rows, start, last = _rows(old, group)
        if last == len(old) and (missing := _missing(text)):
            rows = _open_ended(rows, missing.removesuffix("\n"))
        before, after = (sum(row[0] in signs for row in rows) for signs in (" -", " +"))
        body += [f"@@ -{start - (not before)},{before} +{start + shift - (not after)},{after} @@", *rows]
        shift += after - before
    names = _quoted(f"a/{path}"), _quoted(f"b/{path}")
    head = [f"diff --git {names[0]} {names[1]}", f"--- {names[0]}", f"+++ {names[1]}"]
    return "".join(f"{line}\n" for line in [*head, *body])


def _lines(text: str) -> list[str]:
    return text_lines(text) if text else []


def _ordered(edits: Sequence[Edit], size: int) -> list[Edit]:
    ordered = sorted(edits, key=lambda edit: (edit.line, edit.end_line))
    for edit in ordered:
        if edit.line < 1 or edit.end_line < edit.line - 1 or edit.end_line > size:
            raise UsageError(f"An edit of lines {edit.line} to {edit.end_line} does not fit {edit.path}.")
        if edit.text and not edit.text.endswith("\n"):
            raise UsageError(f"An edit of {edit.path} ends within a line.")
    for one, other in pairwise(ordered):
        # Two insertions before one line have no order, and one inside or at the start of a replaced range no place.
        if other.line <= one.end_line or other.line == one.line:
            raise UsageError(f"Two edits of {one.path} overlap at line {other.line}.")
    return ordered


def _missing(text: str) -> str:
    """The line end that the last line does not have."""
    if text == "" or text.endswith("\n"):
        return ""
    return "\r\n" if text.rpartition("\n")[0].endswith("\r") else "\n"


def _grouped(edits: Sequence[Edit]) -> list[list[Edit]]:
    """Edits so near each other that they share unchanged lines stand in one hunk."""
    groups: list[list[Edit]] = []
    for edit in edits:
        if groups and edit.line - groups[-1][-1].end_line - 1 <= 2 * _AROUND:
            groups[-1].append(edit)
        else:
            groups.append([edit])
    return groups


def _rows(old: Sequence[str], group: Sequence[Edit]) -> tuple[list[str], int, int]:
    """The rows of one hunk, and the first and last line of the old text that they show."""
    first = max(1, group[0].line - _AROUND)
    last = min(len(old), group[-1].end_line + _AROUND)
    rows: list[str] = []
    at = first
    for edit in group:
        rows += [f" {line}" for line in old[at - 1 : edit.line - 1]]
        rows += [f"-{line}" for line in old[edit.line - 1 : edit.end_line]]
        rows += [f"+{line}" for line in _lines(edit.text)]
        at = edit.end_line + 1
    return [*rows, *(f" {line}" for line in old[at - 1 : last])], first, last


def _open_ended(rows: Sequence[str], carriage: str) -> list[str]:
    """Rows that reach the end of a text without a last line feed, which stays without one.

    Args:
        carriage: the carriage return that its other lines end with, or "".
    """
    old_end, new_end = (max((at for at, row in enumerate(rows) if row[0] != sign), default=-1) for sign in "+-")
    marked: list[str] = []
    for at, row in enumerate(rows):
        if at not in (old_end, new_end):
            marked.append(row)
        elif old_end == new_end:
            marked += [row, _NO_END]
        else:
            # The end of one side alone: the line of the other side has a line feed, so that it is another line.
            marked += [f"-{row[1:]}", *([_NO_END] if at == old_end else [])] if row[0] != "+" else []
            new = row[1:].removesuffix(carriage) if at == new_end else f"{row[1:]}{carriage}"
            marked += [f"+{new}", *([_NO_END] if at == new_end else [])] if row[0] != "-" else []
    return marked


def _quoted(path: str) -> str:
    """A path as git writes it in a patch: in quotes with escapes where it has odd characters."""
    if path.isascii() and path.isprintable() and '"' not in path and "\\" not in path:
        return path
    return '"' + "".join(_escaped(byte) for byte in path.encode("utf-8", "surrogateescape")) + '"'


def _escaped(byte: int) -> str:
    sign = chr(byte)
    if sign in '"\\':
        return f"\\{sign}"
    return sign if 32 <= byte < 127 else f"\\{byte:03o}"


def _python(text: str) -> None:
    import ast
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an odd escape in somebody's string is not ours to tell
        ast.parse(text)


def _toml(text: str) -> None:
    import tomllib

    tomllib.loads(text.replace("\r\n", "\n"))


def _yaml(text: str) -> None:
    import yaml

    try:
        for _ in yaml.parse(text, Loader=yaml.SafeLoader):
            pass
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None


_PARSERS: dict[str, Callable[[str], object]] = {
    "py": _python,
    "pyi": _python,
    "json": json.loads,
    "toml": _toml,
    "yaml": _yaml,
    "yml": _yaml,
}
