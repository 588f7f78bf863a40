"""Whether the draft has the form that was asked for: a post for each platform, scenes that follow each other and end
in time. A schema can't say it, since it depends on what the user asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Place, Severity
from contentkit.core.spoken import pace, units
from contentkit.core.text.prose import detect

CHECK = True

_TAG = re.compile(r"[#＃]\w+|https?://\S+|\s+")
# What is heard besides the narrator, up to the next tag: it takes no breath.
_UNSPOKEN = re.compile(r"\b(?:SFX|SE|MUSIC|M|GFX|G)\s*[:：].*?(?=\b(?:VO|NA)\s*[:：]|\Z)", re.DOTALL)
_SPEAKER = re.compile(r"\b(?:VO|NA)\s*[:：]|\[[^\]]*\]|［[^］]*］")
# Narrators hurry and drawl; a script is only called wrong where nobody could follow it.
_HASTE, _IDLE = 1.3, 0.7


def after(piece: Piece) -> Piece:
    """Findings for posts that are missing, unasked or copied, and for scenes whose times can't be filmed."""
    output = piece.output if isinstance(piece.output, Mapping) else {}
    posts, scenes = (_rows(output.get(name)) for name in ("posts", "scenes"))
    platforms, duration = piece.fields.get("platforms"), piece.fields.get("duration")
    if posts and isinstance(platforms, Sequence):
        piece = piece.found(*_posts(posts, [str(name) for name in platforms]))
    if scenes and isinstance(duration, int):
        piece = piece.found(*_times(scenes, duration), *_breath(scenes, piece.language))
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


def _times(scenes: Sequence[Mapping[str, Any]], duration: int) -> Iterator[Finding]:
    """The first scene that does not begin where the one before ends; a script that is too long, or far too short."""
    end = 0
    for number, scene in enumerate(scenes):
        start, seconds = scene.get("start"), scene.get("seconds")
        if not isinstance(start, int) or not isinstance(seconds, int):
            return
        if start != end:
            repair = f"Let the scenes follow each other from 0 without gap or overlap, {duration} seconds in all."
            where = "the first scene" if number == 0 else f"scene {number + 1}"
            yield _finding("scenes", f"{where} starts at {start} s, not at {end} s", f"scenes[{number}].start", repair)
            return
        end = start + seconds
    if end > duration:
        repair = f"Shorten or leave out scenes, so that all seconds add up to {duration}."
        yield _finding("scenes", f"the scenes last {end} of {duration} s", "scenes", repair)
    elif end < duration * _IDLE:
        repair = f"Let all seconds add up to {duration}, as far as the material carries it."
        yield _finding("scenes", f"the scenes fill {end} of {duration} s", "scenes", repair, Severity.MINOR)


def _breath(scenes: Sequence[Mapping[str, Any]], language: str) -> Iterator[Finding]:
    """Scenes whose narration can't be spoken in their time, at the pace of the language that it is in."""
    told = [_SPEAKER.sub(" ", _UNSPOKEN.sub(" ", str(scene.get("audio", "")))) for scene in scenes]
    language = detect(" ".join(told)) or language
    for number, (scene, words) in enumerate(zip(scenes, told, strict=True)):
        seconds, spoken = scene.get("seconds"), units(words, language) / pace(language)
        if isinstance(seconds, int) and spoken > seconds * _HASTE + 1:
            place = f"scenes[{number}].audio"
            repair = f"Shorten {place} to what can be said in {seconds} seconds."
            fault = f"about {spoken:.0f} s of narration in {seconds} s"
            yield _finding("scenes", fault, place, repair, Severity.MINOR)


def _finding(rule: str, message: str, path: str, repair: str, severity: Severity = Severity.MAJOR) -> Finding:
    return Finding(f"form/{rule}", message, severity, Place(path), "form", repair)
