"""YouTube's rules for chapters: any breach turns all of them off."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from contentkit.core.film import clock, time
from contentkit.core.schedule import LEAST_CHAPTERS, SHORTEST_CHAPTER

_LISTED = re.compile(r"\s*(?:[-*•・]\s*)?[(\[]?(?P<start>(?:\d{1,2}:)?\d{1,3}:\d{2})[)\]]?(?P<title>(?:\s.*)?)$")


def told_chapters(text: str) -> list[dict[str, str]]:
    """The chapters that a description tells, a line each, as YouTube reads them; [] where it means none.

    Two times in a text may be anything; a line with 0:00, or three lines, are meant as chapters.
    """
    found = [match.groupdict() for line in text.splitlines() if (match := _LISTED.match(line))]
    meant = len(found) >= LEAST_CHAPTERS or any(time(one["start"]) == 0 for one in found)
    return found if meant else []


def told_chapter_faults(text: str) -> Iterator[tuple[str, str]]:
    """What is wrong with the chapters of a description, each with its repair."""
    yield from chapter_faults(told_chapters(text), None)


def chapter_faults(chapters: object, root: object) -> Iterator[tuple[str, str]]:
    """What is wrong with a list of ``{start or time, title}``, each with its repair. No chapters at all is fine.

    Args:
        root: the whole output; the lengths of its scenes tell where the last chapter ends.
    """
    if not isinstance(chapters, list) or not chapters:
        return
    starts = [time(one.get("start", one.get("time"))) if isinstance(one, Mapping) else None for one in chapters]
    times = [start for start in starts if start is not None]
    if len(times) < len(starts):
        yield "a chapter has no readable time", "Give every chapter a start in seconds, or as m:ss."
        return
    if any(not str(one.get("title", "")).strip() for one in chapters):
        yield "a chapter has no title", "Give every chapter a title."
    if times[0] != 0:
        yield f"the first chapter starts at {clock(times[0])}, not at 0:00", "Let the first chapter start at 0:00."
    if len(times) < LEAST_CHAPTERS:
        repair = f"Make at least {LEAST_CHAPTERS} chapters, or none."
        yield f"{len(times)} of at least {LEAST_CHAPTERS} chapters", repair
    end = _length(root)
    for number, (start, following) in enumerate(zip(times, [*times[1:], end], strict=True), 1):
        if following is None:
            continue
        if following - start < SHORTEST_CHAPTER:
            backward = following <= start and number < len(times)
            fault = f"chapter {number} lasts {following - start:g} s"
            fault = f"chapter {number + 1} is not after the one before" if backward else fault
            yield fault, f"Let chapters rise in time, each at least {SHORTEST_CHAPTER} seconds long."


def _length(root: object) -> float | None:
    """Where the video ends, told by its scenes; None when they don't tell."""
    scenes = root.get("scenes") if isinstance(root, Mapping) else None
    if not isinstance(scenes, list) or not scenes:
        return None
    lengths = [time(scene.get("seconds")) if isinstance(scene, Mapping) else None for scene in scenes]
    known = [length for length in lengths if length is not None]
    return sum(known) if len(known) == len(lengths) else None
