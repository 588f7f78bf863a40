"""A press release out of sentences of the sources. Praise, quotation and contact are never made up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from contentkit.core.text.counting import Rule, count
from contentkit.core.text.markdown import blocks
from contentkit.core.text.prose import sentences
from contentkit.core.text.script import SPACELESS
from contentkit.providers._offline.article import joined, title_of
from contentkit.providers._offline.email import fitting
from contentkit.providers._offline.material import Material, Sentence
from contentkit.providers._offline.rank import pick
from contentkit.providers._offline.words import units, words_for

_HEADLINE = Rule("headline", "weighted", soft=80)
_SHORTEST_QUOTE, _LONGEST_QUOTE = 10, 400
_MOST_READ = 200_000
_SPOKEN = ("paragraph", "quote", "item")
_QUOTED = re.compile(r"“(?P<curly>[^“”]+)”|\"(?P<straight>[^\"]+)\"|「(?P<corner>[^「」]+)」")
_NAME = r"(?P<name>(?:(?:Dr|Prof|Mr|Mrs|Ms)\. )?[A-Z][\w'’-]+(?: (?:van|von|de|der)\b)?(?: [A-Z][\w'’-]+){1,3})"
_SAYS = r"(?:said|says|explained|told|added)"
# Who speaks, as far as the sentence around a quotation says it in so many words.
_SPEAKERS = (
    re.compile(rf"\b{_SAYS} {_NAME}"),
    re.compile(rf"{_NAME},? {_SAYS}\b"),
    re.compile(r"(?:\A|[。、])(?P<name>[^。、「」]{2,20}?)(?:氏|さん)?[はが](?:[^「」。]{0,10}、)?「"),
)


def press_release(material: Material, score: Mapping[int, float], fields: Mapping[str, Any]) -> dict[str, Any]:
    """All parts; what only the company knows is marked."""
    language = str(fields.get("language") or material.language)
    words, scores = words_for(language), dict(score)
    lead = _lead(material, scores)
    text = _text(material, scores, fields, lead)
    return {
        "headline": _headline(material, scores, fields) or words.mark("headline"),
        "subheadline": "",
        "lead": joined([one.raw for one in lead]) or words.mark("lead"),
        "text": f"{words.draft}\n\n{_paragraphs(text) or words.mark('body')}",
        "quote": _quote(material),
        "about": str(fields.get("about") or words.mark("about")),
        "contact": str(fields.get("contact") or words.mark("contact")),
    }


def _headline(material: Material, score: dict[int, float], fields: Mapping[str, Any]) -> str:
    """The topic or a title as far as news pages show it, else the best short sentence."""
    short = [one.text.rstrip(".。") for one in fitting(material.sentences, score) if count(one.text, _HEADLINE) <= 80]
    title = title_of(material, fields)
    return next((text for text in (title, *short) if text and count(text, _HEADLINE) <= 80), title)


def _lead(material: Material, score: dict[int, float]) -> list[Sentence]:
    stated = [one for one in material.sentences if not (one.asks or one.leans or one.refers)]
    room = 160 if material.language in SPACELESS else 55
    return pick(stated, score, room=room, length=lambda text: units(text, material.language), most=2)


def _text(
    material: Material, score: dict[int, float], fields: Mapping[str, Any], lead: list[Sentence]
) -> list[Sentence]:
    wished = int(fields.get("length") or 0) or (800 if material.language in SPACELESS else 350)
    room = wished - sum(units(one.text, material.language) for one in lead)
    pool = [one for one in material.sentences if not (one.asks or one.leans) and one not in lead]
    return pick(pool, score, room=room, length=lambda text: units(text, material.language), most=16, beside=lead)


def _paragraphs(chosen: list[Sentence]) -> str:
    runs: list[list[Sentence]] = []
    for one in chosen:
        if runs and len(runs[-1]) < 3 and runs[-1][-1].paragraph == one.paragraph:
            runs[-1].append(one)
        else:
            runs.append([one])
    return "\n\n".join(joined([one.raw for one in run]) for run in runs)


def _quote(material: Material) -> dict[str, str]:
    """The first quotation of the sources that is a sentence of somebody's, word for word; empty where there is none."""
    for source in material.sources:
        for block in blocks(source.text[:_MOST_READ]):
            for sentence in sentences(block.text, material.language) if block.kind in _SPOKEN else ():
                for found in _QUOTED.finditer(sentence):
                    text = (found["curly"] or found["straight"] or found["corner"]).strip()
                    speaker = next((said["name"] for rule in _SPEAKERS if (said := rule.search(sentence))), "")
                    if speaker and _SHORTEST_QUOTE <= len(text) <= _LONGEST_QUOTE:
                        return {"text": text.rstrip(","), "speaker": speaker}
    return {"text": "", "speaker": ""}
