"""The times of a film script, in code that can be proved: rows follow each other and fill the film to the second, and
its chapters stand where rows begin, as YouTube takes them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil
from typing import Any

from contentkit.core.film import Scene, chapters_of, narration, scenes_of, time
from contentkit.core.piece import Piece
from contentkit.core.schedule import kept, moved, shared_out
from contentkit.core.spoken import seconds
from contentkit.core.text.prose import detect

_TIME = r"[ \t]*[-*•・]?[ \t]*[\[(（]?(?P<at>(?:\d{1,2}:)?\d{1,2}:\d{2})[\])）]?[ \t　]*(?:[-–—:|：][ \t]*)?"
_CHAPTER_LINE = re.compile(rf"^{_TIME}(?P<title>[^\W\d_][^\n]*|[^\w\s][^\n]*)$\n?", re.MULTILINE)
_TIME_BEFORE = re.compile(rf"\A{_TIME}(?=\S)")
_CHAPTERS = re.compile(
    r"^[^\w\n]*(?:chapters?|timestamps?|チャプター|目次|タイムスタンプ)[^\w\n]*$\n?", re.MULTILINE | re.IGNORECASE
)


def after(piece: Piece) -> Piece:
    """The script with exact times; a piece without scenes, or without a length that was asked, as it is."""
    output, duration = piece.output, piece.fields.get("duration")
    if not isinstance(output, Mapping) or not isinstance(duration, int) or isinstance(duration, bool):
        return piece
    scenes = scenes_of(output)
    output = _upload(output, max(duration, sum(scene.seconds for scene in scenes)))
    if not scenes or len(scenes) < len(output["scenes"]):
        return replace(piece, output=output)
    return _timed(piece, output, scenes, duration)


def _upload(output: Mapping[str, Any], end: float) -> Mapping[str, Any]:
    """The answer with chapters in their list alone, whose times are the ones that are kept right, and each tag once.

    Lines of the description that begin with a time of the film are chapters; they become the list where that is empty.

    Args:
        end: seconds; a later time is one of a day.
    """
    changed = dict(output)
    if isinstance(text := output.get("description"), str) and "chapters" in output:
        found = [line for line in _CHAPTER_LINE.finditer(text) if (time(line["at"]) or 0) < end]
        rest = text
        for line in reversed(found):
            rest = rest[: line.start()] + rest[line.end() :]
        rest = re.sub(r"\n{3,}", "\n\n", _CHAPTERS.sub("", rest)).strip()
        if found and rest:
            told = [{"start": time(line["at"]), "title": line["title"].strip()} for line in found]
            changed |= {"description": rest, "chapters": output["chapters"] or told}
    if isinstance(chapters := changed.get("chapters"), list):
        changed["chapters"] = [_untimed(row) for row in chapters]
    if isinstance(tags := output.get("tags"), list):
        names: dict[str, str] = {}
        for name in (str(tag).strip().lstrip("#＃").strip() for tag in tags):
            names.setdefault(name.casefold(), name)
        changed["tags"] = [name for name in names.values() if name]
    return changed


def _untimed(row: Any) -> Any:
    """A chapter without its time in its title."""
    if not isinstance(row, Mapping) or not isinstance(row.get("title"), str):
        return row
    return {**row, "title": _TIME_BEFORE.sub("", row["title"], count=1)}


def _timed(piece: Piece, output: Mapping[str, Any], scenes: Sequence[Scene], duration: int) -> Piece:
    """Rows that follow each other and fill the film to the second. Times that do so already stay as they are."""
    rows = output["scenes"]
    given = [scene.seconds for scene in scenes]
    stated = [time(row.get("start")) for row in rows]
    lengths = given
    if sum(given) != duration or any(length != int(length) for length in given):
        # What is spoken may be in the language of the sources (offline).
        language = detect(narration(scenes)) or piece.language
        shared = shared_out(duration, given, [ceil(seconds(scene.spoken, language)) for scene in scenes])
        if shared is None:
            return piece
        lengths = [float(length) for length in shared]
    starts = [int(sum(lengths[:at])) for at in range(len(lengths))]
    chapters = chapters_of(output)
    fitting = kept(moved(chapters, given, lengths), duration)
    timed = {
        **output,
        "scenes": [
            {**row, "start": start, "seconds": int(length)}
            for row, start, length in zip(rows, starts, lengths, strict=True)
        ],
    }
    if "chapters" in output:
        timed["chapters"] = [{"start": int(start), "title": title} for start, title in fitting]
    piece = replace(piece, output=timed)
    if lengths != given or starts != stated:
        was = f"{sum(given):g}"
        piece = piece.noticed(f"the times of the rows were set anew: they ran {was} s, and fill {duration} s now")
    if len(fitting) < len(chapters):
        gone = "all chapters" if not fitting else f"{len(chapters) - len(fitting)} of {len(chapters)} chapters"
        piece = piece.noticed(f"{gone} were left out: YouTube wants at least three, each at least ten seconds long")
    return piece
