"""A style guide in a few lines, for a model that is to keep it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from contentkit.steps._style.guide import Guide

_MOST_TERMS = 60
"""A prompt that lists more would be read by nobody; the check finds the rest."""

_EN: Mapping[tuple[str, str], str] = {
    ("spelling", "en-GB"): "British spelling (colour, organise, centre).",
    ("spelling", "en-GB-oxford"): "Oxford spelling (colour, organize, analyse).",
    ("spelling", "en-US"): "American spelling (color, organize, center).",
    ("headings", "sentence"): "Headings in sentence case.",
    ("headings", "title"): "Headings in title case.",
    ("oxford_comma", "require"): "A comma before the last of several (red, green, and blue).",
    ("oxford_comma", "forbid"): "No comma before the last of several (red, green and blue).",
    ("contractions", "avoid"): "No contractions (do not, it is).",
    ("contractions", "use"): "Contractions (don't, it's).",
    ("numbers", "words"): "Zero to nine as words, except with units, versions and dates.",
    ("numbers", "digits"): "Numbers as digits.",
}
_JA: Mapping[tuple[str, str], str] = {
    ("register", "desumasu"): "文末は「です・ます」に統一する。",
    ("register", "dearu"): "文末は「だ・である」に統一する。",
    ("writing", "kana"): "補助動詞・接続詞・副詞はかなで書く（ください、または、すべて）。",
    ("letters", "half"): "英字は半角。",
    ("letters", "full"): "英字は全角。",
    ("digits", "half"): "数字は半角。",
    ("digits", "full"): "数字は全角。",
    ("spaces", "none"): "和文と英数字の間に空白を入れない。",
    ("spaces", "one"): "和文と英数字の間に半角の空白を一つ入れる。",
}


def lines(guide: Guide, language: str) -> Iterator[str]:
    """What a model is told of the guide, a line each; in Japanese for Japanese."""
    yield from _japanese(guide) if language == "ja" else _english(guide, language)


def _english(guide: Guide, language: str) -> Iterator[str]:
    if language == "en":
        yield from (said for (key, value), said in _EN.items() if getattr(guide, key) == value)
    if guide.sentence_words:
        yield f"At most {guide.sentence_words} words a sentence."
    if guide.paragraph_sentences:
        yield f"At most {guide.paragraph_sentences} sentences a paragraph."
    if guide.reading_grade and language == "en":
        yield f"Easy enough for a Flesch-Kincaid grade of {guide.reading_grade:g}: short sentences, short words."
    if guide.passive:
        yield "Active verbs; hardly any passive."
    if guide.inclusive:
        yield "Words that leave nobody out (chair, they, allowlist)."
    if guide.names:
        yield f"Names are written so: {', '.join(guide.names[:_MOST_TERMS])}."
    if swaps := _swaps(guide):
        yield f"Terms: {'; '.join(f'“{use}”, not “{avoid}”' for avoid, use in swaps)}."
    if never := _never(guide):
        yield f"Never: {'; '.join(f'“{term}”' for term in never)}."


def _japanese(guide: Guide) -> Iterator[str]:
    said = guide.japanese
    yield from (line for (key, value), line in _JA.items() if getattr(said, key) == value)
    if said.punctuation != "any":
        yield f"句読点は「{said.punctuation}」。"
    if said.sentence_characters:
        yield f"一文は{said.sentence_characters}字以内。"
    if said.commas:
        yield f"読点は一文に{said.commas}つまで。"
    if said.particle_chain:
        yield f"「の」を{said.particle_chain}回以上続けない。"
    if said.double_negative:
        yield "二重否定を使わない。"
    if said.redundant:
        yield "冗長な言い方（することができる、まず最初に）を使わない。"
    if said.dropped_ra:
        yield "ら抜き言葉を使わない。"
    if guide.names:
        yield f"名前の表記: {'、'.join(guide.names[:_MOST_TERMS])}。"
    if swaps := _swaps(guide):
        yield f"用語: {'、'.join(f'「{avoid}」ではなく「{use}」' for avoid, use in swaps)}。"
    if never := _never(guide):
        yield f"使わない言葉: {'、'.join(f'「{term}」' for term in never)}。"


def _swaps(guide: Guide) -> list[tuple[str, str]]:
    own = [(avoid, term.use) for term in guide.terms if term.use for avoid in term.avoid]
    return [*guide.prefer.items(), *own][:_MOST_TERMS]


def _never(guide: Guide) -> list[str]:
    return [*guide.forbid, *(avoid for term in guide.terms if not term.use for avoid in term.avoid)][:_MOST_TERMS]
