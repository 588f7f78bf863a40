"""What can be clicked in a text, by bytes, as Bluesky wants it told.

Bluesky draws nothing by itself: a link, a mention or a hashtag is one only where the post says so, with offsets in
UTF-8 bytes, the start included and the end not (atproto, lexicons/app/bsky/richtext/facet.json).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from contentkit.core.text.counting import Rule, count, find_hashtags, size
from contentkit.core.text.links import find_links
from contentkit.core.text.tlds import TLDS

# A handle is a domain (atproto, "Handle"); what stands in front of its "@" must not be part of a word or an address.
_HANDLE = re.compile(
    r"(?<![A-Za-z0-9_@/.\-])@((?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+([A-Za-z][A-Za-z0-9\-]{0,61}))"
)
_TAG = Rule("tag", "graphemes", hard=64, bytes=640)
_LONGEST_HANDLE = 253


@dataclass(frozen=True, slots=True)
class Facet:
    """A link, a mention or a hashtag.

    Attributes:
        start, end: in UTF-8 bytes; the end is the first byte behind it.
        value: the whole address, the handle without "@", or the hashtag without its sign.
    """

    kind: Literal["link", "mention", "tag"]
    start: int
    end: int
    value: str


def facets(text: str) -> list[Facet]:
    """The facets of a text, in order; none overlaps another."""
    found = sorted((*_links(text), *_mentions(text), *_tags(text)))
    made: list[Facet] = []
    taken = position = octets = 0
    for start, end, kind, value in found:
        if start < taken:
            continue
        octets += size(text[position:start])
        length = size(text[start:end])
        made.append(Facet(kind, octets, octets + length, value))
        octets, position, taken = octets + length, end, end
    return made


_Found = tuple[int, int, Literal["link", "mention", "tag"], str]


def _links(text: str) -> Iterator[_Found]:
    for link in find_links(text):
        shown = text[link.start : link.end]
        yield link.start, link.end, "link", shown if link.scheme else f"https://{shown}"


def _mentions(text: str) -> Iterator[_Found]:
    for found in _HANDLE.finditer(text):
        if len(found[1]) <= _LONGEST_HANDLE and found[2].lower() in TLDS:
            yield found.start(), found.end(), "mention", found[1]


def _tags(text: str) -> Iterator[_Found]:
    for start, end in find_hashtags(text):
        tag = text[start + 1 : end]
        if count(tag, _TAG) <= 64 and size(tag) <= 640:
            yield start, end, "tag", tag
