"""A video script out of sentences of the sources: hook, scenes with times, description, chapters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from contentkit.core.text.counting import Rule, count
from contentkit.core.text.script import SPACELESS
from contentkit.providers._offline.article import joined, title_of
from contentkit.providers._offline.email import call_to_action, fitting
from contentkit.providers._offline.material import Material, Sentence
from contentkit.providers._offline.rank import pick
from contentkit.providers._offline.words import Words, pace, units, words_for

_SHORTEST, _CLOSING = 6, 5
_LONGEST_SCENE = 14
# A heading that can be read while it stands on the screen, in narrow characters.
_LONGEST_HEADING = Rule("on-screen", "weighted", hard=60)
_LONGEST_CHAPTER = 80
# YouTube's rules for chapters.
_LEAST_CHAPTERS, _SHORTEST_CHAPTER = 3, 10


@dataclass(slots=True)
class Scene:
    """Sentences said in one breath, of one section."""

    sentences: list[Sentence] = field(default_factory=list)

    def seconds(self, language: str) -> int:
        spoken = sum(units(one.text, language) for one in self.sentences) / pace(language)
        return max(2, ceil(spoken + 0.4))


def video_script(material: Material, score: Mapping[int, float], fields: Mapping[str, Any]) -> dict[str, Any]:
    """The script. Pictures and the call to action are marked: the sources do not hold them."""
    language = str(fields.get("language") or material.language)
    words, scores = words_for(language), dict(score)
    duration = max(_SHORTEST, int(fields.get("duration") or 60))
    closing = call_to_action(fields, language)
    last = min(duration // 3, max(_CLOSING, ceil(units(closing, language) / pace(language))))
    scenes = _scenes(material, scores, duration - last)
    title = title_of(material, fields, 100)
    rows: list[dict[str, Any]] = []
    chapters: list[tuple[int, str]] = []
    start, shown = 0, -1
    for scene in scenes:
        heading = material.sections[scene.sentences[0].section].title
        opens = scene is scenes[0]
        fresh = not opens and scene.sentences[0].section != shown
        shown = -1 if opens else scene.sentences[0].section
        seconds = scene.seconds(material.language)
        if fresh or opens:
            chapters.append((start, title if opens else heading))
        said = joined([one.text for one in scene.sentences])
        rows.append(_row(start, seconds, f"{words.narrator} {said}", heading if fresh else "", words))
        start += seconds
    rows.append(_row(start, last, f"{words.narrator} {closing}", "", words) | {"on_screen": _link(fields)})
    return {
        "title": title if title and not set(title) & set("<>") else words.mark("title"),
        "hook": scenes[0].sentences[0].text if scenes else words.mark("hook"),
        "scenes": rows,
        "call_to_action": closing,
        "description": _description(material, scores) or words.mark("description"),
        "chapters": _chapters(chapters, start + last),
    }


def _row(start: int, seconds: int, audio: str, heading: str, words: Words) -> dict[str, Any]:
    short = heading if count(heading, _LONGEST_HEADING) <= 60 else ""
    return {"start": start, "seconds": seconds, "video": words.mark("picture"), "audio": audio, "on_screen": short}


def _link(fields: Mapping[str, Any]) -> str:
    link = str(fields.get("link") or "")
    return link if len(link) <= 200 else ""


def _scenes(material: Material, score: dict[int, float], duration: int) -> list[Scene]:
    """The hook, then the best sentences in their order, cut into scenes by section and breath.

    Args:
        duration: seconds that all of them may last.
    """
    language = material.language
    room = int(duration * pace(language))
    # Sentences that are read out are short ones without Markdown.
    longest = 90 if language in SPACELESS else 32
    spoken = [one for one in material.sentences if units(one.text, language) <= min(longest, room)]
    stated = [one for one in spoken if not one.asks and not one.leans]
    plain = [one for one in stated if one.plain]
    pool = plain if len(plain) >= 5 else stated or spoken
    hook = _hook([one for one in pool if Scene([one]).seconds(language) <= duration], score, language)
    if hook is None:
        return []
    rest = [one for one in pool if one is not hook]
    left = room - units(hook.text, language)
    chosen = pick(rest, score, room=left, length=lambda text: units(text, language), beside=[hook])
    scenes = _cut(hook, chosen, language)
    while chosen and sum(scene.seconds(language) for scene in scenes) > duration:
        chosen = _fewer(chosen, score)
        scenes = _cut(hook, chosen, language)
    return scenes


def _fewer(chosen: list[Sentence], score: dict[int, float]) -> list[Sentence]:
    """Without the sentence that says least, and without what leans on it."""
    least = min(chosen, key=lambda one: score[one.position]).position
    gone = {least}
    for one in chosen:
        if one.refers and one.position - 1 in gone:
            gone.add(one.position)
    return [one for one in chosen if one.position not in gone]


def _cut(hook: Sentence, chosen: list[Sentence], language: str) -> list[Scene]:
    scenes = [Scene([hook])]
    for one in chosen:
        last = scenes[-1]
        same = last.sentences[-1].section == one.section and last.sentences[0] is not hook
        if same and Scene([*last.sentences, one]).seconds(language) <= _LONGEST_SCENE:
            last.sentences.append(one)
        else:
            scenes.append(Scene([one]))
    return scenes


def _hook(pool: list[Sentence], score: dict[int, float], language: str) -> Sentence | None:
    """A short sentence that says much."""
    short = 45 if language in SPACELESS else 17
    alone = fitting(pool, score)
    brief = [one for one in alone if units(one.text, language) <= short]
    return next(iter(brief or alone), None)


def _description(material: Material, score: dict[int, float]) -> str:
    pool = [one for one in fitting(material.sentences, score) if not set(one.text) & set("<>") and not one.asks]
    room = 240 if material.language in SPACELESS else 80
    chosen = pick(pool[:60], score, room=room, length=lambda text: units(text, material.language), most=3)
    return joined([one.text for one in chosen])


def _chapters(starts: list[tuple[int, str]], end: int) -> list[dict[str, Any]]:
    """Chapters that YouTube takes, or none: the first at 0:00, at least three, each at least ten seconds long."""
    chapters: list[tuple[int, str]] = []
    for start, heading in starts:
        if not chapters:
            chapters.append((0, heading))
        elif (
            0 < len(heading) <= _LONGEST_CHAPTER
            and heading != chapters[-1][1]
            and start - chapters[-1][0] >= _SHORTEST_CHAPTER
        ):
            chapters.append((start, heading))
    while chapters and end - chapters[-1][0] < _SHORTEST_CHAPTER:
        chapters.pop()
    if len(chapters) < _LEAST_CHAPTERS or not all(heading for _, heading in chapters):
        return []
    return [{"start": start, "title": heading[:_LONGEST_CHAPTER]} for start, heading in chapters[:30]]
