"""A reply to a customer out of passages of the folder; where none matches, the refusal and a hand-over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contentkit.core.text.languages import primary
from contentkit.core.text.prose import key_terms
from contentkit.providers._offline.material import Material
from contentkit.providers._offline.passages import Passage, best_passage, questions_of
from contentkit.providers._offline.reply_words import mood_of, reply_words
from contentkit.providers._offline.words import words_for

_MOST_QUESTIONS = 4


def customer_reply(material: Material, score: Mapping[int, float], fields: Mapping[str, Any]) -> dict[str, Any]:
    """At best "partly": whether a passage answers the question, nobody has judged."""
    message = str(fields.get("message") or fields.get("topic") or "")
    language = str(fields.get("language") or material.language)
    frame, words = reply_words(language), words_for(language)
    found = _found(material, message, language)
    name = " ".join(str(fields.get("customer") or "").split())
    parts = [words.draft, frame.greeting_named.format(name) if name else frame.greeting]
    if found:
        parts += [frame.found, *(passage.text for passage in found)]
    else:
        parts.append(frame.refusal)
    sender = str(fields.get("sender") or words.mark("sender"))
    return {
        "language": language,
        "mood": mood_of(message),
        "topic": _topic(found, message, language) or words.mark("topic"),
        "answered": "partly" if found else "no",
        "answer": "\n\n".join([*parts, frame.colleague, f"{frame.closing}\n{sender}"]),
        "sources": sorted({passage.source for passage in found}),
        "handover": frame.handover_found if found else frame.handover,
    }


def _found(material: Material, message: str, language: str) -> list[Passage]:
    """A passage for each question that has one; none in another language than the customer's."""
    if material.language != primary(language):
        return []
    passages = [best_passage(material, question) for question in questions_of(message, language)[:_MOST_QUESTIONS]]
    fresh: list[Passage] = []
    for passage in passages:
        if passage and passage.text not in [other.text for other in fresh]:
            fresh.append(passage)
    return fresh


def _topic(found: list[Passage], message: str, language: str) -> str:
    """The heading of the passage, else what the message talks about most."""
    titled = next((passage.title for passage in found if passage.title), "")
    return (titled or next(iter(key_terms([message], primary(language), 1)), ""))[:120]
