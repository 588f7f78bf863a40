"""A newsletter out of the sources: a section for each, with its title, its best sentences and its address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contentkit.core.text.script import SPACELESS
from contentkit.providers._offline.article import joined
from contentkit.providers._offline.email import preheader_of, subject_of
from contentkit.providers._offline.material import Material
from contentkit.providers._offline.rank import pick
from contentkit.providers._offline.words import Words, units, words_for

_MOST_SECTIONS, _MOST_SENTENCES = 12, 4


def newsletter(material: Material, score: Mapping[int, float], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Subject, preheader and sections; greeting words and signature are marked."""
    words, scores = words_for(str(fields.get("language") or material.language)), dict(score)
    subject = subject_of(material, scores, fields)
    preheader = preheader_of(material, scores, subject, [])
    sections = _sections(material, scores, fields, words)
    return {
        "subject": subject or words.mark("subject"),
        "preheader": preheader.text if preheader else words.mark("preheader"),
        "intro": f"{words.draft}\n\n{words.mark('intro')}",
        "sections": sections or [_open(words)],
        "closing": str(fields.get("sender") or words.mark("sender")),
    }


def _sections(
    material: Material, score: dict[int, float], fields: Mapping[str, Any], words: Words
) -> list[dict[str, Any]]:
    """One for each source that has something to say, the weightiest first."""
    wished = int(fields.get("length") or 0) or (1000 if material.language in SPACELESS else 400)
    numbers = sorted({one.source for one in material.sentences})
    room = max(wished // max(1, min(len(numbers), _MOST_SECTIONS)), 80 if material.language in SPACELESS else 30)
    made: list[tuple[float, dict[str, Any]]] = []
    for number in numbers:
        stated = [one for one in material.sentences if one.source == number and not (one.asks or one.leans)]
        chosen = pick(
            stated, score, room=room, length=lambda text: units(text, material.language), most=_MOST_SENTENCES
        )
        if not chosen:
            continue
        section = {
            "heading": material.titles[number - 1][:120] or words.mark("heading"),
            "text": joined([one.raw for one in chosen]),
            "link": _link(material.sources[number - 1].origin),
            "sources": [number],
        }
        made.append((max(score[one.position] for one in chosen), section))
    return [section for _, section in sorted(made, key=lambda pair: -pair[0])[:_MOST_SECTIONS]]


def _open(words: Words) -> dict[str, Any]:
    return {"heading": words.mark("heading"), "text": words.mark("body"), "link": "", "sources": [1]}


def _link(origin: str) -> str:
    return origin if origin.startswith(("https://", "http://")) else ""
