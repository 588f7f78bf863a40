"""A product text out of sentences and lists of the sources. What follows from a fact for a buyer is marked as open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from contentkit.core.text.counting import Rule, count
from contentkit.core.text.markdown import plain
from contentkit.core.text.script import SPACELESS
from contentkit.providers._offline.article import joined, title_of
from contentkit.providers._offline.email import fitting
from contentkit.providers._offline.material import Material, Sentence
from contentkit.providers._offline.rank import pick
from contentkit.providers._offline.words import Words, units, words_for

_TITLE = Rule("seo-title", "weighted", soft=60)
_SEO_LEAST, _SEO_MOST = 120, 160
_LONGEST_TAGLINE = 80
_MOST_FEATURES, _LONGEST_FEATURE = 6, 160


def product_description(material: Material, score: Mapping[int, float], fields: Mapping[str, Any]) -> dict[str, Any]:
    """All parts, each sentence and feature as the sources have it."""
    words, scores = words_for(str(fields.get("language") or material.language)), dict(score)
    name = str(fields.get("product") or "").strip() or title_of(material, fields) or words.mark("product")
    wished = int(fields.get("length") or 0) or (400 if material.language in SPACELESS else 150)
    stated = [one for one in material.sentences if not (one.asks or one.leans)]
    chosen = pick(stated, scores, room=wished, length=lambda text: units(text, material.language), most=10)
    return {
        "name": name,
        "tagline": _tagline(material, scores, chosen) or words.mark("tagline"),
        "description": f"{words.draft}\n\n{joined([one.raw for one in chosen]) or words.mark('body')}",
        "features": _features(material, words),
        "data": [],
        "seo_title": name if count(name, _TITLE) <= 60 else words.mark("title"),
        "seo_description": _seo(material, scores, chosen) or words.mark("description"),
    }


def _tagline(material: Material, score: dict[int, float], chosen: Sequence[Sentence]) -> str:
    short = [one for one in fitting(material.sentences, score) if count(one.text, _TITLE) <= _LONGEST_TAGLINE]
    fresh = [one for one in short if one not in chosen and not one.asks]
    return next((one.text for one in fresh or short if not one.asks), "")


def _features(material: Material, words: Words) -> list[dict[str, str]]:
    """The items of the first lists; without a list, one for a person to fill."""
    items = [plain(item) for section in material.sections for one in section.listings for item in one.items]
    short = [item for item in dict.fromkeys(items) if 0 < len(item) <= _LONGEST_FEATURE]
    benefit = words.mark("benefit")
    found = [{"feature": item, "benefit": benefit} for item in short[:_MOST_FEATURES]]
    return found or [{"feature": words.mark("feature"), "benefit": benefit}]


def _seo(material: Material, score: dict[int, float], chosen: Sequence[Sentence]) -> str:
    """The best sentence, or two, or the beginning of the text, of the length that search pages show."""
    ranked = [one.text for one in fitting(material.sentences, score) if not one.asks][:30]
    pairs = [joined([first, second]) for at, first in enumerate(ranked) for second in ranked[at + 1 :]]
    begun = [joined([one.text for one in chosen[:number]]) for number in range(1, 6)]
    offered = (*ranked, *begun, *pairs)
    return next((text for text in offered if _SEO_LEAST <= count(text, _TITLE) <= _SEO_MOST), "")
