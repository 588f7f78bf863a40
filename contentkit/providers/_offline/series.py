"""Several emails out of one material: each has a part of the sentences to itself, so that none repeats another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from contentkit.core.mail.letter import usual_days
from contentkit.core.text.counting import Rule, count
from contentkit.core.text.script import SPACELESS
from contentkit.providers._offline.article import title_of
from contentkit.providers._offline.email import body_of, email, letter
from contentkit.providers._offline.material import Material, Section

_SUBJECT = Rule("email-subject", "weighted")
_LONGEST = 60
_LEAST = 2
"""Sentences without which there is no email."""


def emails(material: Material, score: Mapping[int, float], fields: Mapping[str, Any]) -> dict[str, Any]:
    """One email, or as many as ``fields`` asks for, each saying what no other does."""
    number = int(fields.get("emails") or 1)
    if number < 2:
        return email(material, score, fields)
    return {"emails": series(material, dict(score), fields, number)}


def series(material: Material, score: dict[int, float], fields: Mapping[str, Any], number: int) -> list[dict[str, Any]]:
    """The emails, fewer than ``number`` where the material gives no more; without material, as many outlines."""
    days = usual_days(number)
    if not material.sentences:
        return [{"day": day, **letter(material, score, fields, "", [])} for day in days]
    wished = int(fields.get("length") or 0) or (400 if material.language in SPACELESS else 150)
    mails: list[dict[str, Any]] = []
    said: set[str] = set()
    for share in _shares(material, score, number):
        own = replace(material, sections=[share])
        body = body_of(share.sentences, score, wished, material.language)
        subject = _subject(own, share, score, fields if not mails else {**fields, "topic": ""}, said)
        said.add(subject.casefold())
        mails.append({"day": days[len(mails)], **letter(own, score, fields, subject, body)})
    return mails


def _shares(material: Material, score: dict[int, float], number: int) -> list[Section]:
    """At most ``number`` parts of the material, in its order and apart: its own sections where there are enough, else
    equal runs of sentences. A sentence that stands in two places is in the first alone."""
    seen: set[str] = set()
    sections: list[Section] = []
    for section in material.sections:
        fresh = [one for one in section.sentences if not (one.asks or one.leans or one.text in seen)]
        seen.update(one.text for one in fresh)
        sections.append(replace(section, sentences=fresh))
    whole = [section for section in sections if len(section.sentences) >= _LEAST]
    if len(whole) >= number:
        best = sorted(range(len(whole)), key=lambda at: (-_worth(whole[at], score), at))[:number]
        return [whole[at] for at in sorted(best)]
    pool = [one for section in sections for one in section.sentences]
    parts = min(number, len(pool) // _LEAST) or 1
    bounds = [len(pool) * part // parts for part in range(parts + 1)]
    titled = {one.position: section.title for section in sections for one in section.sentences}
    return [
        Section(titled[pool[start].position], 2, pool[start].source, pool[start:end])
        for start, end in pairwise(bounds)
        if pool[start:end]
    ]


def _worth(section: Section, score: dict[int, float]) -> float:
    return sum(sorted((score[one.position] for one in section.sentences), reverse=True)[:3])


def _subject(own: Material, share: Section, score: dict[int, float], fields: Mapping[str, Any], said: set[str]) -> str:
    """The topic for the first email, the heading of its part, or its best short sentence; none that was said before."""
    short = sorted(share.sentences, key=lambda one: (not one.plain, -score[one.position], one.position))
    topic = title_of(own, fields) if fields.get("topic") else ""
    offered = [topic, share.title, *(one.text.rstrip(".。") for one in short)]
    free = [text for text in offered if text and text.casefold() not in said]
    return next((text for text in free if count(text, _SUBJECT) <= _LONGEST), "")
