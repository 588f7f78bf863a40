"""A verified finding -> the edit that mends it, in a question of its own."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from contentkit.ask import Asker
from contentkit.code.anchors import Shown
from contentkit.code.chunks import Chunk
from contentkit.code.edits import applied, parses, trimmed
from contentkit.code.facts import around, claim, facts
from contentkit.code.visible import visible
from contentkit.core.chat import Notice
from contentkit.core.errors import BudgetError, CancelledError, ProviderError, UsageError
from contentkit.core.report import Edit, Finding

if TYPE_CHECKING:
    from contentkit.kit.prompts import Prompt

EXPECTED = 400
_LONG = 200
"""Longer lines can be shown in part."""

# What stands for a withheld value or for a character that can't be seen.
_SIGN = re.compile(r"\[secret(?:-\d+)?:[^\]\n]{0,60}\]|\\u\{[0-9a-fA-F]{1,6}\}")


async def suggest(
    asker: Asker,
    prompt: Prompt,
    finding: Finding,
    chunk: Chunk,
    *,
    language: str = "en",
    instructions: str = "",
    gate: asyncio.Semaphore | None = None,
) -> Finding:
    """The finding with edits that apply to the reviewed file and leave it well formed; else as it was.

    Nothing is asked where there is nothing to edit: a finding on deleted lines, or on no line, or a file whose whole
    text is not known. That no answer can be had takes nothing from the review.

    Raises:
        CancelledError: stopped by the user.
        UsageError: the prompt file is wrong.
    """
    place, text = finding.place, chunk.file.new_text
    if place is None or place.line is None or place.side == "LEFT" or text is None:
        return finding
    part = around(chunk, place)
    fields = {**facts(part), **claim(chunk, finding), "severity": finding.severity.value}
    fields |= {"instructions": instructions, "language": language, "lens": finding.rule.partition("/")[0]}
    request = asker.request(prompt, fields, {"chunk": chunk, "finding": finding})
    try:
        reply = await asker.whole(request, expected=EXPECTED, gate=gate)
    except CancelledError:
        raise
    except (BudgetError, ProviderError) as error:
        asker.listen(Notice(f"{chunk.file.path}: no suggestion: {error.message}"))
        return finding
    return replace(finding, edits=edits(reply.data["edits"], part))


def edits(items: Sequence[Mapping[str, Any]], chunk: Chunk) -> tuple[Edit, ...]:
    """The edits that a model means; () unless all of them can be taken, change something and leave the file whole."""
    file, text = chunk.file, chunk.file.new_text
    if text is None:
        return ()
    meant = [_edit(chunk, item) for item in items]
    if None in meant or any(_not_real(edit.text, text) for edit in meant if edit is not None):
        return ()
    try:
        found = [trimmed(text, edit) for edit in meant if edit is not None]
        made = applied(text, found)
    except UsageError:
        return ()
    if not parses(file.path, made):
        return ()
    return tuple(edit for edit in found if edit.text or edit.end_line >= edit.line)  # without those that change nothing


def _edit(chunk: Chunk, item: Mapping[str, Any]) -> Edit | None:
    marks = {shown.mark.strip(): shown.line.new for shown in chunk.shown}
    first, last = (_number(marks, str(item.get(name) or "")) for name in ("anchor", "end_anchor"))
    if first is None or last is None or last < first:
        return None
    seen = [shown for shown in chunk.shown if shown.line.new is not None and first <= shown.line.new <= last]
    # A model may not replace what it did not see: a line between, or the rest of a long one.
    if [shown.line.new for shown in seen] != list(range(first, last + 1)) or not all(map(_whole, seen)):
        return None
    text = _whole_lines(str(item.get("replacement") or ""), _line_end(seen[0].line.text, chunk.file.new_text or ""))
    return Edit(chunk.file.path, first, last, text)


def _number(marks: Mapping[str, int | None], anchor: str) -> int | None:
    """The line of a mark, with or without its sign and what was copied behind it."""
    mark = anchor.partition("|")[0].strip().strip("`'\"")
    return marks.get(mark, marks.get(f"+{mark}"))


def _whole(shown: Shown) -> bool:
    return len(shown.line.text) <= _LONG or shown.text == shown.line.text.removesuffix("\r")


def _line_end(line: str, text: str) -> str:
    # A file's last line may have no line end at all; then the others tell.
    return "\r\n" if line.endswith("\r") or (text.endswith(line) and "\r\n" in text) else "\n"


def _whole_lines(text: str, end: str) -> str:
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    return "" if text == "" else "".join(f"{line}{end}" for line in lines)


def _not_real(replacement: str, text: str) -> bool:
    """Whether the replacement has a sign where the file has the value itself, or brings in what nobody would see."""
    if any(sign not in text for sign in _SIGN.findall(replacement)):
        return True
    bare, known = replacement.replace("\r\n", "\n"), set(text.replace("\r\n", "\n"))
    return visible(bare) != bare and any(char not in known for char in bare if visible(char) != char)
