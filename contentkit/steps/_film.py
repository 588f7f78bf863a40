"""Whether the parts of a film script agree: rows that are whole, narration that can be said and read in its time, an
opening and a call to action that are really heard."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from contentkit.core.captions import cues, faults
from contentkit.core.film import Scene, narration, scenes_of
from contentkit.core.report import Finding, Place, Severity
from contentkit.core.spoken import seconds, units
from contentkit.core.text.gaps import PLACEHOLDER
from contentkit.core.text.prose import detect
from contentkit.core.text.script import SPACELESS

# Narrators hurry and drawl; a script is only called wrong where nobody could follow it.
_HASTE, _IDLE = 1.3, 0.4
# What is read in passing on a small picture: words, or characters in Japanese and Chinese.
_THUMBNAIL_WORDS, _THUMBNAIL_SIGNS = 6, 15
_LETTERS = re.compile(r"[^\W_]+")
_CELLS = {"video": "what is seen", "audio": "what is heard"}


def film_faults(output: Mapping[str, Any], duration: int, language: str) -> Iterator[Finding]:
    """Everything that does not agree in the answer of a script of ``duration`` seconds."""
    rows = [row for row in output.get("scenes", ()) if isinstance(row, Mapping)]
    scenes = scenes_of(output)
    language = detect(narration(scenes)) or language
    yield from _times(rows, duration)
    yield from _cells(scenes, rows)
    yield from _breath(scenes, duration, language)
    yield from _subtitles(scenes, language)
    yield from _echoes(output, scenes, language)


def _times(rows: Sequence[Mapping[str, Any]], duration: int) -> Iterator[Finding]:
    """The first row that does not begin where the one before ends; rows that do not add up to the length of the
    film."""
    end = 0
    for number, row in enumerate(rows):
        start, length = row.get("start"), row.get("seconds")
        if not isinstance(start, int) or not isinstance(length, int):
            return
        if start != end:
            repair = f"Let the scenes follow each other from 0 without gap or overlap, {duration} seconds in all."
            where = "the first scene" if number == 0 else f"scene {number + 1}"
            yield _finding("scenes", f"{where} starts at {start} s, not at {end} s", f"scenes[{number}].start", repair)
            return
        end = start + length
    if end != duration:
        verb = "Shorten or leave out scenes" if end > duration else "Lengthen scenes, or add some"
        repair = f"{verb}, so that all seconds add up to {duration}."
        yield _finding("scenes", f"the scenes last {end} of {duration} s", "scenes", repair)


def _cells(scenes: Sequence[Scene], rows: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    for at, (scene, row) in enumerate(zip(scenes, rows, strict=True)):
        for name, what in _CELLS.items():
            if name in row and not str(row[name] or "").strip():
                place = f"scenes[{at}].{name}"
                yield _finding("scenes", f"row {scene.number} does not say {what}", place, f"Write {place}: {what}.")
        if scene.sounds and not scene.sounds[0].tag:
            repair = f"Begin each part of scenes[{at}].audio with its tag: VO:, SFX: or MUSIC:."
            fault = f"row {scene.number} does not say whether its sound is narration, a noise or music"
            yield _finding("scenes", fault, f"scenes[{at}].audio", repair, Severity.MINOR)


def _breath(scenes: Sequence[Scene], duration: int, language: str) -> Iterator[Finding]:
    """Rows whose narration can't be spoken in their time, and a film in which hardly anything is said."""
    said = [seconds(scene.spoken, language) for scene in scenes]
    for at, (scene, spoken) in enumerate(zip(scenes, said, strict=True)):
        if spoken > scene.seconds * _HASTE + 1:
            place = f"scenes[{at}].audio"
            repair = f"Shorten {place} to what can be said in {scene.seconds:g} seconds."
            fault = f"about {spoken:.0f} s of narration in {scene.seconds:g} s"
            yield _finding("scenes", fault, place, repair, Severity.MINOR)
    marked = any(PLACEHOLDER.search(scene.spoken) for scene in scenes)
    if 0 < sum(said) < duration * _IDLE and not marked:
        repair = "Give the rows more narration, as far as the material carries it."
        fault = f"about {sum(said):.0f} s of narration in {duration} s"
        yield _finding("scenes", fault, "scenes", repair, Severity.MINOR)


def _subtitles(scenes: Sequence[Scene], language: str) -> Iterator[Finding]:
    for fault in faults(cues(scenes, language), language):
        place = f"scenes[{fault.scene - 1}].audio"
        room = f"to about {fault.most} characters" if fault.most else "so that no word of it is that long"
        repair = f"Shorten the narration of {place} {room}, or move a part of it to another row."
        yield _finding("subtitles", f"row {fault.scene}: {fault.message}", place, repair, Severity.MINOR)


def _echoes(output: Mapping[str, Any], scenes: Sequence[Scene], language: str) -> Iterator[Finding]:
    """What is told twice, and must be the same both times."""
    told, last = _letters(narration(scenes)), scenes[-1] if scenes else None
    hook = _letters(_written(output.get("hook")))
    if hook and not told.startswith(hook):
        repair = "Let the narration of scenes[0].audio begin with exactly the words of hook."
        yield _finding("hook", "the first row does not open with the hook", "hook", repair, Severity.MINOR)
    call = _letters(_written(output.get("call_to_action")))
    if call and last and call not in _letters(f"{last.spoken} {last.on_screen}"):
        repair = f"Let the narrator of scenes[{len(scenes) - 1}].audio say exactly the words of call_to_action."
        fault = "the call to action is neither said nor shown in the last row"
        yield _finding("call-to-action", fault, "call_to_action", repair, Severity.MINOR)
    words = _written(output.get("thumbnail"))
    most = _THUMBNAIL_SIGNS if language in SPACELESS else _THUMBNAIL_WORDS
    if units(words, language) > most:
        unit = "characters" if language in SPACELESS else "words"
        fault = f"{units(words, language)} {unit} on the thumbnail, of which at most {most} are read"
        yield _finding("thumbnail", fault, "thumbnail", f"Cut thumbnail to at most {most} {unit}.", Severity.MINOR)


def _written(value: object) -> str:
    """What stands there, without marks of what is still to be written."""
    return PLACEHOLDER.sub(" ", value) if isinstance(value, str) else ""


def _letters(text: str) -> str:
    return "".join(_LETTERS.findall(PLACEHOLDER.sub(" ", text).casefold()))


def _finding(rule: str, message: str, path: str, repair: str, severity: Severity = Severity.MAJOR) -> Finding:
    return Finding(f"form/{rule}", message, severity, Place(path), "form", repair)
