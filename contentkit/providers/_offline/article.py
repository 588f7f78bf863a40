"""An article out of sentences of the sources: title, summary, sections by the sources' own headings, source marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from typing import Any

from contentkit.core.text.markdown import plain
from contentkit.core.text.script import SPACELESS
from contentkit.providers._offline.material import Listing, Material, Section, Sentence
from contentkit.providers._offline.rank import ABOUT_ITSELF, pick
from contentkit.providers._offline.words import units, words_for

_SHORTEST_TITLE, _LONGEST_TITLE = 3, 80
_SUMMARY_SHARE = 0.14
# A source says what it is about in its first sentences; each one further on counts less.
_LEADING, _LATER = 6, 0.15
_SHORT_RUN = 3
_LIST_WORTH = 0.6
_LONG_PART = 24
# Of a source that is only headings (a log, an agenda): more than these become a list.
_MANY_HEADINGS, _MOST_HEADINGS = 8, 60
# Of the material at most this much is taken over: a draft is not a copy.
_MOST_TAKEN = 0.6


@dataclass(slots=True)
class Part:
    """What becomes one section of the article."""

    title: str
    source: int
    sentences: list[Sentence]
    listings: list[Listing]
    weight: float = 0.0


def article(material: Material, score: Mapping[int, float], fields: Mapping[str, Any]) -> str:
    """The article in Markdown; without usable material, an outline with its open points."""
    language = str(fields.get("language") or material.language)
    words = words_for(language)
    title = title_of(material, fields) or words.mark("title")
    if not material.sentences:
        return _outline(title, material, language)
    scores = dict(score)
    room = _room(material, fields)
    summary = _summary(material, scores, room)
    parts = _best_parts(_parts(material, summary), scores, room, material.language)
    mark = _marks(fields)
    lines = [words.draft, f"# {title}", _paragraphs(summary, mark)]
    whole = room - sum(units(one.text, material.language) for one in summary)
    # Nobody counts to the word, and a list is whole or not at all.
    left = whole + max(room // 10, 25 if material.language in SPACELESS else 10) - units(title, material.language)
    named = any(part.title for part in parts)
    for part in parts:
        part.title = part.title or ("" if named or len(parts) == 1 else words.mark("heading"))
        share = part.weight / sum(other.weight for other in parts)
        section, size = _section(part, scores, int(whole * share), left, summary, material.language, mark)
        lines, left = [*lines, *section], left - size
    lines.append(words.mark("ending"))
    if mark:
        lines += [f"## {words.sources}", source_list(material, {one.source for one in material.sentences})]
    return "\n\n".join(line for line in lines if line) + "\n"


def title_of(material: Material, fields: Mapping[str, Any], longest: int = _LONGEST_TITLE) -> str:
    """The user's topic where it can be a title, else the title of a source, else ""."""
    topic = " ".join(str(fields.get("topic") or "").split())
    offered = [topic, material.title]
    return next((title for title in offered if _SHORTEST_TITLE <= len(title) <= longest), "")


def source_list(material: Material, used: set[int]) -> str:
    """One line for each source used: its mark, its title, where it comes from."""
    lines = []
    for number, source in enumerate(material.sources, 1):
        if number in used:
            title = material.titles[number - 1]
            lines.append(f"- [{number}] {f'{title} ({source.origin})' if title else source.origin}")
    return "\n".join(lines)


def _marks(fields: Mapping[str, Any]) -> bool:
    return bool(fields.get("marks", True)) and fields.get("citations") != "none"


def _room(material: Material, fields: Mapping[str, Any]) -> int:
    """Words (or characters) of the whole article."""
    wished = int(fields.get("length") or (1600 if material.language in SPACELESS else 700))
    offered = sum(units(one.text, material.language) for one in material.sentences)
    offered += sum(_list_size(one, material.language) for part in material.sections for one in part.listings)
    short = 700 if material.language in SPACELESS else 280
    return min(wished, max(int(offered * _MOST_TAKEN), min(offered, short)))


def _summary(material: Material, score: dict[int, float], room: int) -> list[Sentence]:
    """How the sources begin, which is where they say what they are about; the best of the rest if that is short."""
    smallest = 150 if material.language in SPACELESS else 55
    room = max(int(room * _SUMMARY_SHARE), min(smallest, room // 2))
    leads = _leads(material, score)[:3]
    while len(leads) > 1 and sum(units(one.text, material.language) for one in leads) > room:
        leads.pop()
    left = room - sum(units(one.text, material.language) for one in leads)
    pool = [one for one in material.sentences if not (one.refers or one.leans or one.asks or one.place)]
    pool = [one for one in pool if one not in leads]
    more = 1 if len(leads) < 2 else 0
    best = pick(pool, score, room=left, length=lambda text: units(text, material.language), most=more, beside=leads)
    return sorted([*leads, *best], key=lambda one: one.position)


def _leads(material: Material, score: dict[int, float]) -> list[Sentence]:
    """One of the first sentences of each source; of a single source, the one that follows it too."""
    leads = []
    for number in range(1, len(material.sources) + 1):
        sections = [section for section in material.sections if section.source == number]
        own: list[Sentence] = []
        alone: list[Sentence] = []
        for section in sections:
            own += section.sentences
            alone = [one for one in own[:_LEADING] if not (one.refers or one.leans or one.asks)]
            if alone or len(own) >= _LEADING:
                break
        if alone:
            leads.append(max(alone, key=lambda one: score[one.position] - _LATER * own.index(one)))
    if len(leads) == 1:
        leads += [one for one in material.sentences if one.position == leads[0].position + 1 and not one.asks]
    return leads


def _parts(material: Material, shown: list[Sentence]) -> list[Part]:
    """What is not shown yet, under the widest headings that divide each source; narrower ones are drawn into them."""
    parts: list[Part] = []
    for number in range(1, len(material.sources) + 1):
        sections = [section for section in material.sections if section.source == number]
        level = _dividing_level(sections)
        fresh: list[Part] = []
        for section in sections:
            if not fresh or (section.title and section.level <= level):
                # What stands under the title of the whole needs no heading of its own.
                title = "" if section.title == material.titles[number - 1] else section.title
                fresh.append(Part(title, number, [], []))
            fresh[-1].sentences += [one for one in section.sentences if one not in shown]
            fresh[-1].listings += section.listings
        parts += fresh
    parts = [part for part in parts if part.sentences or part.listings]
    return _divided(parts[0]) if len(parts) == 1 else parts


def _divided(part: Part) -> list[Part]:
    """A long text without headings in three, for a person to name."""
    if len(part.sentences) < _LONG_PART:
        return [part]
    bounds = [len(part.sentences) * third // 3 for third in range(4)]
    pieces = [part.sentences[start:end] for start, end in pairwise(bounds)]
    return [Part("", part.source, piece, []) for piece in pieces]


def _dividing_level(sections: list[Section]) -> int:
    levels = [section.level for section in sections if section.level]
    return next((level for level in range(1, 7) if levels.count(level) >= 2), 6)


def _best_parts(parts: list[Part], score: dict[int, float], room: int, language: str) -> list[Part]:
    """The parts that say most, in their order, each with its share of the room."""
    for part in parts:
        worth = [score[one.position] for one in part.sentences] + [_LIST_WORTH] * len(part.listings)
        best = sorted(worth, reverse=True)[:3]
        size = sum(units(one.text, language) for one in part.sentences)
        size += sum(_list_size(listing, language) for listing in part.listings)
        part.weight = max(0.05, sum(best) / 3) * sqrt(size) * (0.3 if ABOUT_ITSELF.search(part.title) else 1)
    each = 180 if language in SPACELESS else 70
    most = max(min(4, max(1, 2 * room // each)), min(8, room // each))
    kept = sorted(range(len(parts)), key=lambda at: (-parts[at].weight, at))[:most]
    return [parts[at] for at in sorted(kept)]


def _section(
    part: Part, score: dict[int, float], room: int, left: int, summary: list[Sentence], language: str, mark: bool
) -> tuple[list[str], int]:
    """The section and its size: in about ``room``, and by no means over ``left``."""
    pool = part.sentences
    left -= units(part.title, language)
    listing, room = _listing(part, room, left, language)
    if listing:
        left -= _list_size(listing, language)
    if listing:
        pool = [one for one in pool if one.raw not in list_text(listing)]
    smallest = 60 if language in SPACELESS else 24
    wished = min(max(room, smallest), left)
    chosen = pick(pool, score, room=wished, length=lambda text: units(text, language), beside=summary)
    if not chosen and not listing:
        return [], 0
    size = sum(units(one.text, language) for one in chosen) + units(part.title, language)
    heading = [f"## {part.title}"] if part.title else []
    if not listing:
        return [*heading, _paragraphs(chosen, mark)], size
    before = [one for one in chosen if one.position < listing.position]
    behind = [one for one in chosen if one.position > listing.position]
    texts = [_paragraphs(before, False), list_text(listing, mark), _paragraphs(behind, mark)]
    return [*heading, *texts], size + _list_size(listing, language)


def _listing(part: Part, room: int, left: int, language: str) -> tuple[Listing | None, int]:
    """A list of the part that is worth its room, whole."""
    most = min(max(room * 0.8, 150 if language in SPACELESS else 60), left)
    for listing in part.listings:
        size = _list_size(listing, language)
        if size <= most and not (listing.lead and listing.lead.refers):
            return listing, max(0, room - size)
    return None, room


def _list_size(listing: Listing, language: str) -> int:
    lead = units(listing.lead.text, language) if listing.lead else 0
    return lead + sum(units(plain(item), language) for item in listing.items)


def list_text(listing: Listing, mark: bool = False) -> str:
    """The list with its lead, as Markdown; with the mark of its source."""
    sign = f" [{listing.source}]" if mark else ""
    bullets = [f"{number}. " if listing.ordered else "- " for number in range(1, len(listing.items) + 1)]
    items = "\n".join(bullet + item for bullet, item in zip(bullets, listing.items, strict=True))
    return f"{listing.lead.raw}{sign}\n\n{items}" if listing.lead else f"{items}{sign}"


def _paragraphs(chosen: list[Sentence], mark: bool) -> str:
    """Sentences as paragraphs; where the source changes, and at the end, stands the mark of the source."""
    paragraphs = _runs(chosen)
    texts = []
    for number, run in enumerate(paragraphs, 1):
        ends = mark and (number == len(paragraphs) or paragraphs[number][0].source != run[0].source)
        texts.append(joined([one.raw for one in run]) + (f" [{run[0].source}]" if ends else ""))
    return "\n\n".join(texts)


def _runs(chosen: list[Sentence]) -> list[list[Sentence]]:
    """Sentences of one paragraph together; single ones that stand alone join the one before."""
    runs: list[list[Sentence]] = []
    for one in chosen:
        last = runs[-1] if runs else []
        same = bool(last) and last[-1].paragraph == one.paragraph
        near = bool(last) and last[-1].section == one.section and len(last) < _SHORT_RUN
        if same or (near and not _opens(one, chosen)):
            last.append(one)
        else:
            runs.append([one])
    return runs


def _opens(one: Sentence, chosen: list[Sentence]) -> bool:
    """Whether more sentences of its own paragraph follow it."""
    return any(other.paragraph == one.paragraph and other.position > one.position for other in chosen)


def joined(texts: list[str]) -> str:
    """Sentences in a row: a space between them, none after a Japanese or Chinese full stop."""
    whole = ""
    for text in texts:
        whole += text if not whole or whole[-1] in "。！？」』）" else f" {text}"
    return whole


def _outline(title: str, material: Material, language: str) -> str:
    """What an article needs, with every point open; headings of the sources where there are any."""
    words = words_for(language)
    headings = [section.title for section in material.sections if section.title and section.title != title]
    points = [f"## {heading}\n\n{words.mark('body')}" for heading in headings]
    if len(headings) > _MANY_HEADINGS:
        points = ["\n".join(f"- {heading}" for heading in headings[:_MOST_HEADINGS]), words.mark("body")]
    points = points or [words.mark(point) for point in words.outline]
    lines = [words.draft, f"# {title}", words.mark("summary"), *points, words.mark("ending")]
    if material.sources:
        lines += [f"## {words.sources}", source_list(material, set(range(1, len(material.sources) + 1)))]
    return "\n\n".join(lines) + "\n"
