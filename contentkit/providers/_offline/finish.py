"""What stands around an article, picked from it: a title and a description, sentences to show large, questions it
asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contentkit.core.article.citations import without_list, without_marks
from contentkit.core.piece import SourceText
from contentkit.core.text.counting import Rule, count
from contentkit.core.text.script import SPACELESS
from contentkit.providers._offline.article import joined
from contentkit.providers._offline.email import fitting
from contentkit.providers._offline.faq import asked
from contentkit.providers._offline.material import Material, Sentence
from contentkit.providers._offline.words import units

_TITLE = Rule("seo-title", "weighted", soft=60)
_DESCRIPTION = Rule("seo-description", "weighted", soft=160)
_MOST_QUOTED, _MOST_QUOTED_SPACELESS = 25, 60


def finished_text(fields: Mapping[str, Any]) -> tuple[SourceText, ...]:
    """The article as the material of this question."""
    return (SourceText("article", without_marks(without_list(str(fields.get("draft") or "")))),)


def finish(material: Material, score: Mapping[int, float], fields: Mapping[str, Any]) -> dict[str, Any]:
    """The extras that are wished, of whole sentences of the article; what it does not hold is left out."""
    wishes = fields.get("wishes")
    wishes = wishes if isinstance(wishes, Mapping) else {}
    named = bool(fields.get("named"))
    answers = [
        {"question": item.question, "answer": joined([one.text for one in item.answer])} for item in asked(material)
    ]
    return {
        "seo_title": _title(material) if named else "",
        "seo_description": _description(material) if named else "",
        "pull_quotes": _quotes(material, dict(score), int(wishes.get("pull_quotes") or 0)),
        "faq": answers[: int(wishes.get("faq") or 0)],
    }


def _title(material: Material) -> str:
    """The title as far as a search page shows it; one that is longer ends at a word."""
    title = material.title
    words = title.split(" ")
    while len(words) > 1 and count(title, _TITLE) > 60:
        words.pop()
        title = " ".join(words).rstrip(",;:–—-")
    return title


def _description(material: Material) -> str:
    """The first sentences that stand alone, as many as a search page shows."""
    said = ""
    for one in [one for one in material.sentences if not (one.refers or one.leans or one.asks)][:8]:
        longer = joined([said, one.text]) if said else one.text
        if count(longer, _DESCRIPTION) <= 160:
            said = longer
    return said


def _quotes(material: Material, score: dict[int, float], most: int) -> list[str]:
    """The best sentences that stand alone and are read at a glance, each of another section, rather
    none of the opening."""
    longest = _MOST_QUOTED_SPACELESS if material.language in SPACELESS else _MOST_QUOTED
    chosen: list[Sentence] = []
    firsts = {section.sentences[0].position for section in material.sections if section.sentences}
    # One that opens its section would stand twice at the same place.
    titled = [one for one in material.sentences if material.sections[one.section].title not in ("", material.title)]
    for one in sorted(fitting(titled or material.sentences[1:], score), key=lambda one: one.position in firsts):
        short = units(one.text, material.language) <= longest and not one.asks
        if short and len(chosen) < most and one.section not in [other.section for other in chosen]:
            chosen.append(one)
    return [one.text for one in sorted(chosen, key=lambda one: one.position)]
