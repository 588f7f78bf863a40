"""The times of a film script, in code that can be proved: rows follow each other and fill the film to the second, and
its chapters stand where rows begin, as YouTube takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil
from typing import Any

from contentkit.core.film import Scene, chapters_of, narration, scenes_of, time
from contentkit.core.piece import Piece
from contentkit.core.schedule import kept, moved, shared_out
from contentkit.core.spoken import seconds
from contentkit.core.text.prose import detect


def after(piece: Piece) -> Piece:
    """The script with exact times; a piece without scenes, or without a length that was asked, as it is."""
    output, duration = piece.output, piece.fields.get("duration")
    if not isinstance(output, Mapping) or not isinstance(duration, int) or isinstance(duration, bool):
        return piece
    scenes = scenes_of(output)
    if not scenes or len(scenes) < len(output["scenes"]):
        return piece
    return _timed(piece, output, scenes, duration)


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
