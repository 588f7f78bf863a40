"""An email out of sentences of the sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contentkit.core.text.counting import Rule, count
from contentkit.core.text.script import SPACELESS
from contentkit.providers._offline.article import joined, title_of
from contentkit.providers._offline.material import Material, Sentence
from contentkit.providers._offline.rank import pick
from contentkit.providers._offline.words import units, words_for

_SUBJECT = Rule("email-subject", "weighted", soft=60)
_ENOUGH = 5
_PREHEADER = Rule("email-preheader", "weighted", soft=140, least=40)


def email(material: Material, score: Mapping[int, float], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Subject, preheader, body, call to action and signature; what only the sender knows is marked."""
    scores = dict(score)
    body = _body(material, scores, fields)
    return letter(material, scores, fields, subject_of(material, scores, fields), body)


def letter(
    material: Material, scores: dict[int, float], fields: Mapping[str, Any], subject: str, body: list[Sentence]
) -> dict[str, Any]:
    """The parts of an email with these sentences as its body; its preheader comes from the material too."""
    language = str(fields.get("language") or material.language)
    words = words_for(language)
    preheader = preheader_of(material, scores, subject, body)
    greeting = words.greeting.format(fields["recipient"]) if fields.get("recipient") else words.mark("greeting")
    sender = str(fields.get("sender") or words.mark("sender"))
    paragraphs = _paragraphs(body) or [words.mark(point) for point in words.outline]
    return {
        "subject": subject or words.mark("subject"),
        "preheader": preheader.text if preheader else words.mark("preheader"),
        "body": "\n\n".join([words.draft, greeting, *paragraphs]),
        "call_to_action": call_to_action(fields, language),
        "signature": sender,
    }


def call_to_action(fields: Mapping[str, Any], language: str) -> str:
    """What the user said the reader should do, and where; else the mark."""
    goal, link = (" ".join(str(fields.get(name) or "").split()) for name in ("goal", "link"))
    wish = goal[:1].upper() + goal[1:] if goal else words_for(language).mark("call_to_action")
    return f"{wish} {link}".strip()


def subject_of(material: Material, score: dict[int, float], fields: Mapping[str, Any]) -> str:
    """The topic, a title, or the best short sentence, as far as an inbox shows it whole."""
    title = title_of(material, fields)
    short = [one for one in fitting(material.sentences, score) if count(one.text, _SUBJECT) <= 60]
    # A subject line ends without a full stop.
    offered = [title, *(one.text.rstrip(".。") for one in short)]
    return next((text for text in offered if text and count(text, _SUBJECT) <= 60), title)


def fitting(pool: list[Sentence], score: dict[int, float]) -> list[Sentence]:
    """Sentences that can stand alone in plain text, best first; those with Markdown in them last."""
    alone = [one for one in pool if not one.refers and not one.leans]
    return sorted(alone, key=lambda one: (not one.plain, -score[one.position], one.position))


def _body(material: Material, score: dict[int, float], fields: Mapping[str, Any]) -> list[Sentence]:
    wished = int(fields.get("length") or 0) or (400 if material.language in SPACELESS else 150)
    stated = [one for one in material.sentences if not one.asks and not one.leans]
    plain = [one for one in stated if one.plain]
    return body_of(plain if len(plain) >= _ENOUGH else stated or material.sentences, score, wished, material.language)


def body_of(pool: list[Sentence], score: dict[int, float], wished: int, language: str) -> list[Sentence]:
    """The best of these sentences for a body of about ``wished`` words or characters."""
    room = min(wished, 1000 if language in SPACELESS else 400)
    return pick(pool, score, room=room, length=lambda text: units(text, language), most=8)


def preheader_of(material: Material, score: dict[int, float], subject: str, body: list[Sentence]) -> Sentence | None:
    """A sentence that adds to the subject and is not the first one of the body."""
    opening = {one.position for one in body[:1]}
    pool = [one for one in fitting(material.sentences, score) if one.position not in opening and not one.asks]
    pool = [one for one in pool if one.text.rstrip(".。") != subject]
    fair = [one for one in pool if 40 <= count(one.text, _PREHEADER) <= 110]
    longer = [one for one in pool if 40 <= count(one.text, _PREHEADER) <= 140]
    unsaid = [one for one in fair if one not in body]
    return next(iter([*unsaid, *fair, *longer]), None)


def _paragraphs(body: list[Sentence]) -> list[str]:
    """At most two sentences each; those of one paragraph of the source together."""
    runs: list[list[Sentence]] = []
    for one in body:
        if runs and len(runs[-1]) < 2 and runs[-1][-1].paragraph == one.paragraph:
            runs[-1].append(one)
        else:
            runs.append([one])
    return [joined([one.text for one in run]) for run in runs]
