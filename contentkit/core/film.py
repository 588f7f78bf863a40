"""A film script as rows: what is seen and heard, when, and all that follows from it (narration, text for upload)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_HALF_WIDTH = {code + 0xFEE0: code for code in (*range(ord("A"), ord("Z") + 1), ord("."), ord(":"))}
# "M:" and "G:" are tags of Japanese scripts; after an English word they end it ("vitamin M: ...").
_TAG = re.compile(
    r"(?<![A-Za-z0-9_])(?:(?P<long>V\.?O\.?|NA|SFX|Sfx|SE|MUSIC|Music|GFX|Gfx)|(?<![A-Za-z0-9] )(?P<short>[MG]))"
    r"\s{0,3}(?:\([^()\n]{0,40}\)|（[^（）\n]{0,40}）)?\s{0,3}:"
)
_SAME = {"NA": "VO", "V.O.": "VO", "VO.": "VO", "V.O": "VO", "SE": "SFX", "M": "MUSIC", "G": "GFX"}
# What would break a subtitle file, and what nobody says.
_ARROW = re.compile(r"-{2,}>")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x9f\ud800-\udfff]")
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d{2})")


# Seconds; a row for which less is said lasts one.
_SHORTEST_ROW = 0.1


@dataclass(frozen=True, slots=True)
class Sound:
    """A part of what is heard. ``tag`` is VO, SFX, MUSIC or GFX, also where the script says NA, SE, M or G; "" for
    words before the first tag."""

    tag: str
    text: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A row of the script.

    Attributes:
        number: from 1.
        start, seconds: when it begins and how long it lasts; rows follow each other from 0.
        shot: how it is framed ("close-up"); ``place``: where it is filmed; "" in older scripts.
        sounds: what is heard, part by part.
    """

    number: int
    start: float
    seconds: float
    video: str
    audio: str
    on_screen: str = ""
    shot: str = ""
    place: str = ""
    sounds: tuple[Sound, ...] = ()

    @property
    def end(self) -> float:
        return self.start + self.seconds

    @property
    def spoken(self) -> str:
        """The narrator's words, on one line. Words without a tag are his: better said twice than lost."""
        return " ".join(sound.text for sound in self.sounds if sound.tag in ("VO", "") and sound.text)


def scenes_of(fields: Mapping[str, Any]) -> tuple[Scene, ...]:
    """The rows of a script's answer, one after another; [] and the like give none.

    A row's start is where the one before it ends, whatever it says itself.
    """
    rows = fields.get("scenes")
    found: list[Scene] = []
    start = 0.0
    for row in rows if isinstance(rows, list | tuple) else ():
        if not isinstance(row, Mapping):
            continue
        length = time(row.get("seconds"))
        length = length if length is not None and length >= _SHORTEST_ROW else 1.0
        words = {name: plain(row.get(name)) for name in ("video", "on_screen", "shot", "place")}
        audio = str(row.get("audio") or "")
        found.append(Scene(len(found) + 1, start, length, audio=plain(audio), sounds=tuple(sounds(audio)), **words))
        start += length
    return tuple(found)


def sounds(audio: str) -> Iterator[Sound]:
    """The parts of a row's sound, cut at their tags."""
    tags = list(_TAG.finditer(audio.translate(_HALF_WIDTH)))
    if before := plain(audio[: tags[0].start()] if tags else audio):
        yield Sound("", before)
    ends = [*(found.start() for found in tags[1:]), len(audio)]
    for found, end in zip(tags, ends, strict=False):
        name = (found["long"] or found["short"]).upper()
        yield Sound(_SAME.get(name, name), plain(audio[found.end() : end]))


def narration(scenes: Sequence[Scene]) -> str:
    """What the narrator says, a paragraph for each row in which he speaks."""
    return "\n\n".join(scene.spoken for scene in scenes if scene.spoken)


def upload(fields: Mapping[str, Any]) -> str:
    """The description as it is uploaded: with the lines of the chapters, by which YouTube finds them."""
    lines = [f"{clock(start)} {title}" for start, title in chapters_of(fields)]
    return "\n\n".join(part for part in (str(fields.get("description") or "").strip(), "\n".join(lines)) if part)


def chapters_of(fields: Mapping[str, Any]) -> list[tuple[float, str]]:
    """Start and title of each chapter that has both."""
    rows = fields.get("chapters")
    found = []
    for row in rows if isinstance(rows, list | tuple) else ():
        if isinstance(row, Mapping) and (start := time(row.get("start", row.get("time")))) is not None:
            found.append((start, plain(row.get("title"))))
    return [(start, title) for start, title in found if title]


def plain(value: object) -> str:
    """A value as one line of words; nothing in it can end a line or a subtitle."""
    return " ".join(_CONTROL.sub("", _ARROW.sub("→", str(value if value is not None else ""))).split())


def time(value: object) -> float | None:
    """A time as seconds: a number, or "m:ss" or "h:mm:ss"; None for anything else."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) if abs(value) < 1e9 and math.isfinite(value) else None
    found = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        return None
    hours, minutes, rest = (int(part or 0) for part in found.groups())
    return float(hours * 3600 + minutes * 60 + rest)


def clock(seconds: float) -> str:
    """Seconds as m:ss, or h:mm:ss from an hour on."""
    minutes, second = divmod(max(0, round(seconds)), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
