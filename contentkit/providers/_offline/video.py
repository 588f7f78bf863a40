"""A video script out of sentences of the sources: hook, rows with times that fill the film, description, chapters,
tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from contentkit.core.captions import rules_of, sayable
from contentkit.core.captions.rules import GAP, width
from contentkit.core.schedule import kept, shared_out
from contentkit.core.spoken import seconds
from contentkit.core.text.counting import Rule, count
from contentkit.core.text.prose import key_terms
from contentkit.core.text.script import SPACELESS
from contentkit.providers._offline.article import joined, title_of
from contentkit.providers._offline.email import call_to_action, fitting
from contentkit.providers._offline.material import Material, Sentence
from contentkit.providers._offline.rank import pick
from contentkit.providers._offline.words import Words, units, words_for

_SHORTEST, _CLOSING = 6, 5
_LONGEST_SCENE = 14
# A heading that can be read while it stands on the screen, in narrow characters.
_LONGEST_HEADING = Rule("on-screen", "weighted", hard=60)
_LONGEST_CHAPTER, _MOST_CHAPTERS = 80, 30
_MOST_TAGS, _LONGEST_TAG = 12, 40
# Pictures may stand so much longer than is spoken; what is left after that is a row to be filled.
_STRETCH, _LEAST_OPEN, _LONGEST_OPEN = 1.25, 4, 60
# Words of a thumbnail; characters in Japanese and Chinese.
_THUMBNAIL_WORDS, _THUMBNAIL_SIGNS = 5, 12


@dataclass(slots=True)
class Scene:
    """Sentences said in one breath, of one section."""

    sentences: list[Sentence] = field(default_factory=list)

    @property
    def text(self) -> str:
        return joined([one.text for one in self.sentences])

    def seconds(self, language: str) -> int:
        """As long as it takes to say it, and to read it as subtitles."""
        return max(2, ceil(max(seconds(self.text, language), _reading(self.text, language)) + 0.4))


def _reading(text: str, language: str) -> float:
    rules = rules_of(language)
    signs = width(text, rules)
    return signs / rules.per_second + GAP / 1000 * ceil(2 * signs / rules.most)


def video_script(material: Material, score: Mapping[int, float], fields: Mapping[str, Any]) -> dict[str, Any]:
    """The script. Pictures and the call to action are marked: the sources do not hold them."""
    language = str(fields.get("language") or material.language)
    words, scores = words_for(language), dict(score)
    duration = max(_SHORTEST, int(fields.get("duration") or 60))
    closing = call_to_action(fields, language)
    last = min(duration // 3, max(_CLOSING, ceil(seconds(closing, language))))
    scenes = _scenes(material, scores, duration - last)
    title = title_of(material, fields, 100)
    rows, chapters = _rows(material, scenes, title, words)
    lengths = [scene.seconds(material.language) for scene in scenes]
    opened = _open_rows(duration - last - sum(lengths), sum(lengths), words)
    rows += [*opened, _row(f"{words.narrator} {closing}", "", words) | {"on_screen": _link(fields)}]
    needs = [*lengths, *(row["seconds"] for row in opened), last]
    times = shared_out(duration, needs, needs) or needs
    starts = [sum(times[:at]) for at in range(len(times))]
    terms = key_terms([one.text for one in material.sentences], material.language, _MOST_TAGS)
    return {
        "title": title if title and not set(title) & set("<>") else words.mark("title"),
        "hook": scenes[0].sentences[0].text if scenes else words.mark("hook"),
        "scenes": [
            {"start": start, **row, "seconds": time} for start, row, time in zip(starts, rows, times, strict=True)
        ],
        "call_to_action": closing,
        "thumbnail": _thumbnail([title, *terms], material.language) or words.mark("thumbnail"),
        "description": _description(material, scores) or words.mark("description"),
        "chapters": _chapters([(float(starts[at]), name) for at, name in chapters], duration),
        "tags": [term for term in terms if len(term) <= _LONGEST_TAG and not set(term) & set("<>")],
    }


def _rows(
    material: Material, scenes: Sequence[Scene], title: str, words: Words
) -> tuple[list[dict[str, Any]], list[tuple[int, str]]]:
    """A row for each scene, still without times, and the rows at which a chapter begins."""
    rows: list[dict[str, Any]] = []
    chapters: list[tuple[int, str]] = []
    shown = -1
    for scene in scenes:
        heading = material.sections[scene.sentences[0].section].title
        opens = scene is scenes[0]
        fresh = not opens and scene.sentences[0].section != shown
        shown = -1 if opens else scene.sentences[0].section
        if fresh or opens:
            chapters.append((len(rows), title if opens else heading))
        rows.append(_row(f"{words.narrator} {scene.text}", heading if fresh else "", words))
    return rows, chapters


def _open_rows(spare: int, filled: int, words: Words) -> list[dict[str, Any]]:
    """Rows for a person to fill where the sources do not last for the film."""
    spare -= int(filled * (_STRETCH - 1))
    if spare < _LEAST_OPEN:
        return []
    number = ceil(spare / _LONGEST_OPEN)
    lengths = shared_out(spare, [1] * number, [1] * number) or []
    return [_row(f"{words.narrator} {words.mark('narration')}", "", words) | {"seconds": length} for length in lengths]


def _row(audio: str, heading: str, words: Words) -> dict[str, Any]:
    short = heading if count(heading, _LONGEST_HEADING) <= 60 else ""
    marks = {"shot": words.mark("shot"), "place": words.mark("place"), "video": words.mark("picture")}
    return {**marks, "audio": audio, "on_screen": short}


def _thumbnail(offered: Sequence[str], language: str) -> str:
    """The first that can be read in passing."""
    most = _THUMBNAIL_SIGNS if language in SPACELESS else _THUMBNAIL_WORDS
    return next((text for text in offered if text and units(text, language) <= most and len(text) <= 60), "")


def _link(fields: Mapping[str, Any]) -> str:
    link = str(fields.get("link") or "")
    return link if len(link) <= 200 else ""


def _scenes(material: Material, score: dict[int, float], duration: int) -> list[Scene]:
    """The hook, then the best sentences in their order, cut into scenes by section and breath.

    Args:
        duration: seconds that all of them may last.
    """
    language = material.language
    room = int(duration * sayable(language) / 60)
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


def _chapters(starts: list[tuple[float, str]], end: int) -> list[dict[str, Any]]:
    """Chapters that YouTube takes, or none; a heading that stands over several rows in a row is one chapter."""
    named: list[tuple[float, str]] = []
    for start, heading in starts:
        fits = 0 < len(heading) <= _LONGEST_CHAPTER and not set(heading) & set("<>")
        if fits and (not named or heading != named[-1][1]):
            named.append((start, heading))
    if not starts or not starts[0][1]:
        return []
    return [{"start": int(start), "title": heading} for start, heading in kept(named, end)[:_MOST_CHAPTERS]]
