"""Whether the hashtags of a post are such, each once, and can be read out by a screen reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Severity
from contentkit.core.text.hashtags import Advice, advice
from contentkit.core.text.outline import Spot
from contentkit.steps._breaches import Text, place_at
from contentkit.steps._posts import post_spots

CHECK = True

_SAID = {
    "twice": ("{tag} stands twice", Severity.MINOR, "Keep {tag} once in {path}."),
    "cut": ("{tag} ends before the sign in it", Severity.MINOR, "Write {better} in {path} instead of {tag}."),
    "case": ("{tag} is read out as one word; {better} is not", Severity.INFO, ""),
    "number": ("{tag} is no hashtag: one needs a letter", Severity.INFO, ""),
}  # fmt: skip


def after(piece: Piece) -> Piece:
    """Findings for hashtags that are cut, doubled, or hard to read out, and for listed ones that no post shows."""
    found: list[Finding] = []
    for spot, _ in post_spots(piece):
        found += (_finding(one, str(spot.value), spot.path) for one in advice(str(spot.value)))
        found += _missing(spot)
    return piece.found(*found)


def _finding(one: Advice, text: str, path: str) -> Finding:
    said, severity, repair = _SAID[one.name]
    words = {"tag": text[one.start : one.end], "better": one.better, "path": path}
    place = place_at(Text(text, path), one.start)
    return Finding(
        f"hashtags/{one.name}", said.format(**words), severity, place, "hashtags", repair.format(**words),
        suggestion=one.better,
    )  # fmt: skip


def _missing(spot: Spot) -> Iterator[Finding]:
    """Hashtags that the answer lists and does not show."""
    post: Mapping[str, Any] = spot.parent if isinstance(spot.parent, Mapping) else {}
    listed = post.get("hashtags")
    text = str(spot.value)
    shown = text.casefold().replace("＃", "#")
    for tag in listed if isinstance(listed, list) else []:
        name = str(tag).lstrip("#＃").strip()
        if name and f"#{name.casefold()}" not in shown:
            message = f"#{name} is listed under hashtags and does not stand in the post"
            repair = f"Put #{name} into {spot.path}, or leave it out of the hashtags beside it."
            yield Finding(
                "hashtags/missing", message, Severity.MINOR, place_at(Text(text, spot.path), 0), "hashtags", repair
            )
