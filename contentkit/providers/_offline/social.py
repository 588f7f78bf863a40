"""Posts for each platform asked, of sentences of the sources, within the platform's exact limit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from contentkit.core.text.counting import Rule, count, fits
from contentkit.core.text.hashtags import camel
from contentkit.core.text.prose import key_terms
from contentkit.core.text.script import HAN
from contentkit.providers._offline.article import joined
from contentkit.providers._offline.email import fitting
from contentkit.providers._offline.material import Material, Sentence
from contentkit.providers._offline.rank import similarity
from contentkit.providers._offline.words import units, words_for

# How many sentences and hashtags suit a platform, and how much of its room a post should take.
_HABITS = {
    "x": (2, 1, 280),
    "bluesky": (2, 2, 300),
    "mastodon": (3, 3, 450),
    "threads": (3, 1, 450),
    "linkedin": (5, 3, 1100),
    "instagram": (3, 5, 600),
    "facebook": (3, 1, 450),
}
_UNKNOWN = (3, 2, 450)
_SOMEWHERE = Rule("somewhere", "weighted", hard=280, url=23, bare_urls=True)
_PLAIN_LATER = 5
# Sentences looked out for each post; names and phrases that make single common words needless as hashtags.
_DEEP, _ENOUGH_TAGS = 3, 3
_LINKLESS = {"instagram"}
_ROOMY = {"linkedin", "facebook", "instagram"}
# A thread: about so many posts, so many sentences; and no more than a post of the kind's schema may hold.
_POSTS, _SENTENCES, _LONGEST = 4, 12, 2400


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a post goes, and what suits there.

    Attributes:
        rule: what it may be long; of a thread, all of it.
        most, tags: sentences and hashtags.
        room: how much a post should take.
        roomy: paragraphs are set apart.
        apart: sentences of other posts may not come again, since they are tested against each other.
        wished: words (in Japanese and Chinese characters) at most; 0 for no wish.
    """

    platform: str
    rule: Rule
    most: int
    tags: int
    room: int
    roomy: bool
    apart: bool
    link: str
    wished: int


def social(material: Material, score: Mapping[int, float], fields: Mapping[str, Any]) -> dict[str, Any]:
    """The posts, in the order asked; each begins with another sentence as far as there are enough."""
    scores = dict(score)
    named = [str(name) for name in fields.get("platforms") or ("x", "linkedin")]
    platforms = [name for name in named for _ in range(_versions(fields))]
    openings = _openings(fitting(material.sentences, scores), _DEEP * len(platforms))
    tags = _hashtags(material)
    posts = []
    for turn, platform in enumerate(platforms):
        # Each post draws on its own share of the sentences; a long one on those of the others where that gives out.
        own, first = openings[turn :: len(platforms)], turn % max(1, len(openings))
        others = [one for one in openings[first:] + openings[:first] if one not in own]
        posts.append(_post(_place(platform, fields), own, others, tags, material, scores, fields))
    return {"posts": posts}


def _place(platform: str, fields: Mapping[str, Any]) -> _Place:
    known: Mapping[str, Rule] = fields.get("rules") or {}
    rule = known.get(platform, _SOMEWHERE)
    most, tags, room = _HABITS.get(platform, _UNKNOWN)
    tags = min(tags, rule.hashtags if rule.hashtags is not None else tags)
    roomy = platform in _ROOMY
    if (fields.get("thread") or fields.get("numbered")) and rule.threaded and rule.hard is not None:
        most, room, roomy = _SENTENCES, min(rule.hard * _POSTS, _LONGEST), True
        rule = replace(rule, hard=room, bytes=rule.bytes and rule.bytes * _POSTS)
    link = "" if platform in _LINKLESS else str(fields.get("link") or "")
    apart = _versions(fields) > 1
    return _Place(platform, rule, most, tags, room, roomy, apart, link, int(fields.get("length") or 0))


def _versions(fields: Mapping[str, Any]) -> int:
    """How many posts each platform gets."""
    asked = fields.get("ab")
    return max(1, asked) if isinstance(asked, int) else 1


def _openings(pool: list[Sentence], wanted: int) -> list[Sentence]:
    """The best sentences that do not say the same."""
    chosen: list[Sentence] = []
    for one in pool[:80]:
        if len(chosen) >= max(6, wanted):
            break
        if not one.asks and all(similarity(one, other) < 0.6 for other in chosen):
            chosen.append(one)
    return chosen


def _hashtags(material: Material) -> list[str]:
    """Key terms as hashtags, without the sign."""
    texts = [" ".join(one.text for one in section.sentences) for section in material.sections]
    texts += [section.title for section in material.sections] + material.titles
    terms = key_terms([text for text in texts if text], material.language, 12)
    # Names and phrases say more than single common words, as far as they are about as frequent.
    places = {term: place + _PLAIN_LATER * _is_plain(term) for place, term in enumerate(terms)}
    terms.sort(key=lambda term: places[term])
    telling = [term for term in terms if not _is_plain(term)]
    plain = [term for term in terms if _is_plain(term)]
    tags = (camel(term) for term in telling + plain[: max(0, _ENOUGH_TAGS - len(telling))] if re.search(r"\w", term))
    return list(dict.fromkeys(tag for tag in tags if 2 <= len(tag) <= 30 and any(map(str.isalpha, tag))))


def _is_plain(term: str) -> bool:
    """A single common word: no name, no phrase; in Japanese, two Chinese characters."""
    return (term.isascii() and term.islower() and " " not in term) or (len(term) == 2 and bool(HAN.match(term)))


def _post(
    place: _Place,
    own: Sequence[Sentence],
    others: Sequence[Sentence],
    tags: Sequence[str],
    material: Material,
    score: dict[int, float],
    fields: Mapping[str, Any],
) -> dict[str, Any]:
    words = words_for(str(fields.get("language") or material.language))
    kept = list(tags[: place.tags])
    chosen = _chosen(place, own, others, kept, material, score)
    while not chosen and kept:
        # Words before hashtags, where there is no room for both.
        kept.pop()
        chosen = _chosen(place, own, others, kept, material, score)
    text = _text(place, chosen, kept) if chosen else _empty(words.mark("post").format(place.platform), place)
    alt = words.mark("alt_text") if place.rule.media or place.platform == "instagram" else ""
    return {"platform": place.platform, "text": text, "hashtags": kept if chosen else [], "alt_text": alt}


def _chosen(
    place: _Place,
    own: Sequence[Sentence],
    others: Sequence[Sentence],
    tags: Sequence[str],
    material: Material,
    score: dict[int, float],
) -> list[Sentence]:
    """An opening that fits, what follows it in its paragraph, and more of the best while there is room."""

    def holds(sentences: list[Sentence]) -> bool:
        text = _text(place, sentences, tags)
        wordy = 0 < place.wished < sum(units(one.text, material.language) for one in sentences)
        long = count(text, place.rule) > place.room or wordy
        return fits(text, place.rule) and (not long or len(sentences) == 1)

    opening = next((one for one in [*own, *others] if holds([one])), None)
    opening = opening or next((one for one in fitting(material.sentences, score) if holds([one])), None)
    if opening is None:
        return []
    chosen = [opening]
    after = [one for one in material.sentences if one.paragraph == opening.paragraph and one.plain]
    following = [one for one in after if one.position == opening.position + 1]
    more = [one for one in [*following, *own] if one.position > opening.position or place.roomy]
    more += others if place.roomy else []
    more = [one for one in more if not (place.apart and one in others)]
    for one in more:
        fresh = one not in chosen and all(similarity(one, other) < 0.6 for other in chosen)
        if fresh and len(chosen) < place.most and holds([*chosen, one]):
            chosen.append(one)
    # What follows the opening stays behind it; the rest comes in the order of the source.
    return [opening, *sorted(chosen[1:], key=lambda one: (one not in following, one.position))]


def _text(place: _Place, sentences: Sequence[Sentence], tags: Sequence[str]) -> str:
    """The post as it is published."""
    runs: list[list[Sentence]] = []
    for one in sentences:
        if runs and runs[-1][-1].paragraph == one.paragraph and one.position == runs[-1][-1].position + 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    parts = [joined([one.text for one in run]) for run in runs]
    parts = ["\n\n".join(parts) if place.roomy else "\n".join(parts)]
    return "\n\n".join(part for part in (*parts, place.link, " ".join(f"#{tag}" for tag in tags)) if part)


def _empty(mark: str, place: _Place) -> str:
    """The mark alone, with the link where there is room for it."""
    whole = f"{mark} {place.link}".strip()
    return whole if fits(whole, place.rule) else mark
