"""What one text breaks of one rule: findings with exact numbers, and the place where it goes over."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from contentkit.core.report import Finding, Place, Severity
from contentkit.core.text.counting import UNIT_NAMES, Rule, count, distinct_links, hashtags, size
from contentkit.core.text.links import find_links

_HOW = {
    "weighted": "Chinese, Japanese and Korean characters and emoji count 2",
    "utf16": "most emoji count 2",
    "bytes": "a Japanese character counts 3",
}
_QUOTED = 40


@dataclass(frozen=True, slots=True)
class Text:
    """A text on its way to a place.

    Attributes:
        path: where it stands in the draft: "posts[0].text".
        open: it is a mark for what is still to be written, which can't be too short.
        pictured: a picture or video goes with it; None where nothing tells.
        divided: it is a post of a thread, so that what is too long could not be divided further.
    """

    text: str
    path: str
    open: bool = False
    pictured: bool | None = None
    divided: bool = False


def breaches(one: Text, rule: Rule) -> Iterator[Finding]:
    """Hard limits that are broken are major, soft ones minor; what a post should only know of is info."""
    yield from _length(one, rule)
    yield from _bytes(one, rule)
    yield from _hashtags(one, rule)
    yield from _links(one, rule)
    yield from _forbidden(one, rule)
    yield from _shown(one, rule)


def finding(
    rule: str, message: str, place: Place | str, repair: str = "", severity: Severity = Severity.MAJOR
) -> Finding:
    """A finding of this step."""
    where = Place(place) if isinstance(place, str) else place
    return Finding(f"limits/{rule}", f"{rule}: {message}", severity, where, "limits", repair)


def place_at(one: Text, at: int) -> Place:
    """The place from code point ``at`` on, with the words that stand there."""
    starts = _line_starts(one.text)
    line = bisect_right(starts, at)
    start = starts[line - 1]
    quote = " ".join(one.text[at : at + _QUOTED].split())
    more = "…" if quote and at + _QUOTED < len(one.text) else ""
    line_end = one.text.find("\n", at)
    end = min(at + _QUOTED, len(one.text) if line_end < 0 else line_end)
    return Place(one.path, line, line, at - start + 1, max(at, end) - start + 1, quote=f"{quote}{more}")


@lru_cache(maxsize=2)
def _line_starts(text: str) -> list[int]:
    """Where the lines of a text begin; a long one may have thousands of findings."""
    return [0, *(found.end() for found in re.finditer("\n", text))]


def _length(one: Text, rule: Rule) -> Iterator[Finding]:
    length, unit = count(one.text, rule), UNIT_NAMES[rule.unit]
    if rule.hard is not None and length > rule.hard:
        place = place_at(one, _first_over(one, rule, rule.hard))
        if one.divided:
            message = f"{length} of {rule.hard} {unit} in one word, link or hashtag, which can't be divided"
            yield finding(rule.name, message, place, f"Shorten the word, link or hashtag that {one.path} consists of.")
            return
        how = [_HOW[rule.unit]] if rule.unit in _HOW else []
        how += [f"any link counts {rule.url}"] if rule.url is not None else []
        details = f"; {', '.join(how)}" if how else ""
        repair = f"Shorten {one.path} to at most {rule.hard} {unit} (it has {length}{details})."
        yield finding(rule.name, f"{length} of {rule.hard} {unit}", place, repair)
    elif rule.soft is not None and length > rule.soft:
        repair = f"Shorten {one.path} to about {rule.soft} {unit} (it has {length})."
        place = place_at(one, _first_over(one, rule, rule.soft))
        yield finding(rule.name, f"{length} {unit}, better at most {rule.soft}", place, repair, Severity.MINOR)
    elif rule.ideal is not None and length > rule.ideal:
        message = f"{length} {unit}, best up to {rule.ideal}"
        yield finding(rule.name, message, place_at(one, _first_over(one, rule, rule.ideal)), severity=Severity.INFO)
    yield from _too_short(one, rule, length)


def _too_short(one: Text, rule: Rule, length: int) -> Iterator[Finding]:
    unit = UNIT_NAMES[rule.unit]
    if one.open:
        return
    if rule.least is not None and length < rule.least:
        repair = f"Lengthen {one.path} to at least {rule.least} {unit} (it has {length}), from the material only."
        yield finding(rule.name, f"{length} {unit}, better at least {rule.least}", one.path, repair, Severity.MINOR)
    elif rule.ideal_least is not None and length < rule.ideal_least:
        message = f"{length} {unit}, best from {rule.ideal_least} on"
        yield finding(rule.name, message, one.path, severity=Severity.INFO)


def _first_over(one: Text, rule: Rule, limit: int) -> int:
    from contentkit.core.text.atoms import first_over

    return first_over(one.text, rule, limit)


def _bytes(one: Text, rule: Rule) -> Iterator[Finding]:
    if rule.bytes is None or (octets := size(one.text)) <= rule.bytes:
        return
    from contentkit.core.text.atoms import first_over

    place = place_at(one, first_over(one.text, rule, rule.bytes, of="bytes"))
    repair = f"Shorten {one.path} to at most {rule.bytes} UTF-8 bytes (it has {octets})."
    yield finding(rule.name, f"{octets} of {rule.bytes} bytes", place, repair)


def _hashtags(one: Text, rule: Rule) -> Iterator[Finding]:
    most = rule.hashtags if rule.hashtags is not None else rule.soft_hashtags
    if most is None or ("#" not in one.text and "＃" not in one.text):
        return
    tags = len(hashtags(one.text))
    if rule.hashtags is not None and tags > rule.hashtags:
        repair = f"Keep the {rule.hashtags} best hashtags of {one.path}."
        yield finding(rule.name, f"{tags} of {rule.hashtags} hashtags", one.path, repair)
    elif rule.soft_hashtags is not None and tags > rule.soft_hashtags:
        repair = f"Keep the {rule.soft_hashtags} best hashtags of {one.path}."
        message = f"{tags} hashtags, better at most {rule.soft_hashtags}"
        yield finding(rule.name, message, one.path, repair, Severity.MINOR)


def _links(one: Text, rule: Rule) -> Iterator[Finding]:
    if rule.links is not None and (links := distinct_links(one.text)) > rule.links:
        repair = f"Keep at most {rule.links} different links in {one.path}."
        yield finding(rule.name, f"{links} of {rule.links} different links", one.path, repair)
    if rule.dead_links and (first := next(iter(find_links(one.text)), None)):
        message = "a link can't be clicked there; say in words where to find it"
        yield finding(rule.name, message, place_at(one, first.start), severity=Severity.INFO)


def _forbidden(one: Text, rule: Rule) -> Iterator[Finding]:
    signs = sorted(set(rule.forbidden) & set(one.text))
    if signs:
        named = " ".join(dict.fromkeys({"\r": "line break", "\n": "line break"}.get(sign, sign) for sign in signs))
        place = place_at(one, min(one.text.index(sign) for sign in signs))
        yield finding(rule.name, f"may not hold {named}", place, f"Take {named} out of {one.path}.")


def _shown(one: Text, rule: Rule) -> Iterator[Finding]:
    """What the reader sees of it: the part before the fold, and a picture where there must be one."""
    if rule.fold is not None and len(one.text) > rule.fold and not one.open:
        wide = f", {rule.wide_fold} on a wide screen" if rule.wide_fold else ""
        message = f'about {rule.fold} characters are seen before "more" on a phone{wide}'
        yield finding(rule.name, message, place_at(one, rule.fold), severity=Severity.INFO)
    if rule.media and not one.pictured:
        yield finding(rule.name, "needs a picture or a video", one.path, severity=Severity.INFO)
