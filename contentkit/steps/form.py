"""Whether the draft has the form that was asked for: a post for each platform, a script whose parts agree and fill the
time. A schema can't say it, since it depends on what the user asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Place, Severity
from contentkit.steps._film import film_faults

CHECK = True

_TAG = re.compile(r"[#＃]\w+|https?://\S+|\s+")


def after(piece: Piece) -> Piece:
    """Findings for posts that are missing, unasked or copied, and for a script that can't be filmed as it stands."""
    output = piece.output if isinstance(piece.output, Mapping) else {}
    posts, scenes = (_rows(output.get(name)) for name in ("posts", "scenes"))
    platforms, duration = piece.fields.get("platforms"), piece.fields.get("duration")
    if posts and isinstance(platforms, Sequence):
        piece = piece.found(*_posts(posts, [str(name) for name in platforms]))
    if scenes and isinstance(duration, int):
        piece = piece.found(*film_faults(output, duration, piece.language))
    return piece


def _rows(value: object) -> list[Mapping[str, Any]]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _posts(posts: Sequence[Mapping[str, Any]], wanted: Sequence[str]) -> Iterator[Finding]:
    made = [str(post.get("platform", "")) for post in posts]
    if missing := [name for name in wanted if name not in made]:
        named = ", ".join(missing)
        repair = f"Add one post to posts for each of: {named}. Leave the others as they are."
        yield _finding("posts", f"no post for {named}", "posts", repair)
    said: dict[str, int] = {}
    for number, (post, name) in enumerate(zip(posts, made, strict=True)):
        place = f"posts[{number}]"
        if name not in wanted or name in made[:number]:
            fault = f"a second post for {name}" if name in wanted else f"a post for {name}, which was not asked for"
            yield _finding("posts", fault, place, f"Leave {place} out.")
        words = _TAG.sub("", str(post.get("text", "")))
        if words and words in said:
            fault = f"the same words as in posts[{said[words]}]"
            repair = f"Write {place}.text afresh for {name}."
            yield _finding("posts", fault, f"{place}.text", repair, Severity.MINOR)
        said.setdefault(words, number)


def _finding(rule: str, message: str, path: str, repair: str, severity: Severity = Severity.MAJOR) -> Finding:
    return Finding(f"form/{rule}", message, severity, Place(path), "form", repair)
