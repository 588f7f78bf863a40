"""A summary out of sentences of the sources: points, a paragraph or one sentence, within the length that was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from contentkit.core.text.script import SPACELESS
from contentkit.providers._offline.article import joined
from contentkit.providers._offline.email import fitting
from contentkit.providers._offline.material import Material, Sentence
from contentkit.providers._offline.rank import pick
from contentkit.providers._offline.words import units, words_for

_MOST_POINTS = 7


def summary(material: Material, score: Mapping[int, float], fields: Mapping[str, Any]) -> str:
    """The summary as Markdown, the offline mark first."""
    words, scores = words_for(str(fields.get("language") or material.language)), dict(score)
    style = str(fields.get("style") or "bullets")
    room = int(fields.get("length") or 0) or (300 if material.language in SPACELESS else 120)
    chosen = _chosen(material, scores, style, room)
    if not chosen:
        return f"{words.draft}\n\n{words.mark('summary')}\n"
    marked = bool(fields.get("marks")) and style != "tldr"
    texts = [one.raw + (f" [{one.source}]" if marked else "") for one in chosen]
    body = "\n".join(f"- {text}" for text in texts) if style == "bullets" else joined(texts)
    return f"{words.draft}\n\n{body}\n"


def _chosen(material: Material, score: dict[int, float], style: str, room: int) -> Sequence[Sentence]:
    """The sentences that say most; of a single one, the best that stands alone and is short."""
    stated = [one for one in material.sentences if not (one.asks or one.leans or one.refers)]
    if style != "tldr":
        # The marks of the sources are counted by nobody, but a list of points leans on no neighbour.
        pool = stated if style == "bullets" else [one for one in material.sentences if not (one.asks or one.leans)]
        most = _MOST_POINTS if style == "bullets" else 1000
        return pick(pool, score, room=room, length=lambda text: units(text, material.language), most=most)
    short = 60 if material.language in SPACELESS else 30
    ranked = fitting(stated or material.sentences, score)
    brief = [one for one in ranked if units(one.text, material.language) <= short]
    return brief[:1] or sorted(ranked, key=lambda one: units(one.text, material.language))[:1]
