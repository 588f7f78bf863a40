"""One post for each platform asked, of sentences of the sources, within the platform's exact limit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from contentkit.core.text.counting import Rule, count, size
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
_TAG_SIGNS = re.compile(r"[^\w]+")
_LINKLESS = {"instagram"}
_ROOMY = {"linkedin", "facebook", "instagram"}


def social(material: Material, score: Mapping[int, float], fields: Mapping[str, Any]) -> dict[str, Any]:
    """The posts, in the order asked; each begins with another sentence as far as there are enough."""
    scores = dict(score)
    platforms = [str(name) for name in fields.get("platforms") or ("x", "linkedin")]
    openings = _openings(fitting(material.sentences, scores), _DEEP * len(platforms))
    tags = _hashtags(material)
    rules: Mapping[str, Rule] = fields.get("rules") or {}
    posts = []
    for turn, platform in enumerate(platforms):
        # Each post draws on its own share of the sentences; a long one on those of the others where that gives out.
        own, first = openings[turn :: len(platforms)], turn % max(1, len(openings))
        others = [one for one in openings[first:] + openings[:first] if one not in own]
        rule = rules.get(platform, _SOMEWHERE)
        posts.append(_post(platform, rule, own, others, tags, material, scores, fields))
    return {"posts": posts}


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
    tags = (_tag(term) for term in telling + plain[: max(0, _ENOUGH_TAGS - len(telling))])
    return list(dict.fromkeys(tag for tag in tags if 2 <= len(tag) <= 30 and any(map(str.isalpha, tag))))


def _is_plain(term: str) -> bool:
    """A single common word: no name, no phrase; in Japanese, two Chinese characters."""
    return (term.isascii() and term.islower() and " " not in term) or (len(term) == 2 and bool(HAN.match(term)))


def _tag(term: str) -> str:
    """A phrase as one word with capitals, which screen readers need."""
    words = [word for word in _TAG_SIGNS.split(term) if word]
    if len(words) == 1:
        return words[0]
    return "".join(word[:1].upper() + word[1:] for word in words)


def _post(
    platform: str,
    rule: Rule,
    own: Sequence[Sentence],
    others: Sequence[Sentence],
    tags: Sequence[str],
    material: Material,
    score: dict[int, float],
    fields: Mapping[str, Any],
) -> dict[str, Any]:
    words = words_for(str(fields.get("language") or material.language))
    most, tag_number, room = _HABITS.get(platform, _UNKNOWN)
    link = "" if platform in _LINKLESS else str(fields.get("link") or "")
    kept = list(tags[:tag_number])
    wished = int(fields.get("length") or 0)
    chosen = _chosen(platform, rule, own, others, kept, link, material, score, most, room, wished)
    while not chosen and kept:
        # Words before hashtags, where there is no room for both.
        kept.pop()
        chosen = _chosen(platform, rule, own, others, kept, link, material, score, most, room, wished)
    text = _text(platform, chosen, kept, link) if chosen else _empty(words.mark("post").format(platform), link, rule)
    alt = words.mark("alt_text") if platform == "instagram" else ""
    return {"platform": platform, "text": text, "hashtags": kept if chosen else [], "alt_text": alt}


def _chosen(
    platform: str,
    rule: Rule,
    own: Sequence[Sentence],
    others: Sequence[Sentence],
    tags: Sequence[str],
    link: str,
    material: Material,
    score: dict[int, float],
    most: int,
    room: int,
    wished: int,
) -> list[Sentence]:
    """An opening that fits, what follows it in its paragraph, and more of the best while there is room.

    Args:
        wished: words (in Japanese and Chinese characters) that the sentences should have at most; 0 for no wish.
    """

    def holds(sentences: list[Sentence], bound: int) -> bool:
        text = _text(platform, sentences, tags, link)
        long = count(text, rule) > bound or 0 < wished < sum(units(one.text, material.language) for one in sentences)
        return _fits(text, rule) and (not long or len(sentences) == 1)

    opening = next((one for one in [*own, *others] if holds([one], room)), None)
    opening = opening or next((one for one in fitting(material.sentences, score) if holds([one], room)), None)
    if opening is None:
        return []
    chosen = [opening]
    after = [one for one in material.sentences if one.paragraph == opening.paragraph and one.plain]
    following = [one for one in after if one.position == opening.position + 1]
    roomy = platform in _ROOMY
    more = [one for one in [*following, *own] if one.position > opening.position or roomy]
    more += others if roomy else []
    for one in more:
        fresh = one not in chosen and all(similarity(one, other) < 0.6 for other in chosen)
        if fresh and len(chosen) < most and holds([*chosen, one], room):
            chosen.append(one)
    # What follows the opening stays behind it; the rest comes in the order of the source.
    return [opening, *sorted(chosen[1:], key=lambda one: (one not in following, one.position))]


def _text(platform: str, sentences: Sequence[Sentence], tags: Sequence[str], link: str) -> str:
    """The post as it is published."""
    runs: list[list[Sentence]] = []
    for one in sentences:
        if runs and runs[-1][-1].paragraph == one.paragraph and one.position == runs[-1][-1].position + 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    parts = [joined([one.text for one in run]) for run in runs]
    parts = ["\n\n".join(parts) if platform in _ROOMY else "\n".join(parts)]
    return "\n\n".join(part for part in (*parts, link, " ".join(f"#{tag}" for tag in tags)) if part)


def _fits(text: str, rule: Rule) -> bool:
    if rule.hard is not None and count(text, rule) > rule.hard:
        return False
    return (rule.bytes is None or size(text) <= rule.bytes) and not set(rule.forbidden) & set(text)


def _empty(mark: str, link: str, rule: Rule) -> str:
    """The mark alone, with the link where there is room for it."""
    whole = f"{mark} {link}".strip()
    return whole if _fits(whole, rule) else mark
