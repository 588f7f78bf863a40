"""How long a text is by the rules of the place it goes to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Unit = Literal["weighted", "graphemes", "characters", "utf16", "bytes", "words", "lines"]

# twitter-text configuration v3: these weigh 1, all else 2.
_LIGHT = re.compile("[\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
_EMOJI_WEIGHT = 2
_MENTION_DOMAIN = re.compile(r"(?<![\w/])(@\w+)@[\w.-]+\w")
_HASHTAG = re.compile(r"(?<![\w&/#＃])[#＃](?!\ufe0f|\u20e3)(?=\w*[^\W\d_])\w+")


@dataclass(frozen=True, slots=True)
class Rule:
    """One limit of one place, as its data file tells it.

    Attributes:
        name: what prompts and overrides call it ("x", "bluesky", "email-subject").
        unit: how the length is counted.
        hard: the place refuses or cuts what is longer; None when it does not.
        soft: longer than this is unwise; a finding, never an error.
        least: shorter than this is unwise.
        url: what any URL counts, whatever its length; None counts its characters.
        bare_urls: a domain without a scheme is a URL too (X).
        mention_domains_free: of @user@host only @user counts (Mastodon).
        emoji_bytes: an emoji counts its UTF-8 bytes (Threads).
        bytes: a second hard limit, in UTF-8 bytes (Bluesky); None when there is none.
        hashtags: hard limit on the number of hashtags; None when there is none.
        links: hard limit on distinct links; None when there is none.
        forbidden: characters that may not stand in the text.
        source: where the rule is documented.
        as_of: the day it was read (ISO date).
    """

    name: str
    unit: Unit = "characters"
    hard: int | None = None
    soft: int | None = None
    least: int | None = None
    url: int | None = None
    bare_urls: bool = False
    mention_domains_free: bool = False
    emoji_bytes: bool = False
    bytes: int | None = None
    hashtags: int | None = None
    links: int | None = None
    forbidden: str = ""
    source: str = ""
    as_of: str = ""


def count(text: str, rule: Rule) -> int:
    """The length of ``text`` in the rule's unit, after NFC where the place normalises (X)."""
    if rule.unit == "weighted":
        text = unicodedata.normalize("NFC", text)
    if rule.mention_domains_free and "@" in text:
        text = _MENTION_DOMAIN.sub(r"\1", text)
    measure = _emoji_as_bytes if rule.emoji_bytes else _MEASURES[rule.unit]
    if rule.url is None:
        return measure(text)
    urls, rest = _without_links(text, rule)
    return urls * rule.url + sum(measure(part) for part in rest)


def size(text: str) -> int:
    """UTF-8 bytes. Half a surrogate pair counts three, so that no text fails."""
    return len(text.encode("utf-8", "surrogatepass"))


def hashtags(text: str) -> list[str]:
    """The hashtags in a text, each with its sign."""
    return [found.group() for found in _HASHTAG.finditer(text)]


def distinct_links(text: str) -> int:
    """How many different links stand in a text, with a scheme or without."""
    from contentkit.core.text.links import find_links

    return len({text[link.start : link.end] for link in find_links(text)})


def _without_links(text: str, rule: Rule) -> tuple[int, list[str]]:
    """The number of links, and what stands around them."""
    from contentkit.core.text.links import find_links

    links = [link for link in find_links(text, wide=not rule.bare_urls) if link.scheme or rule.bare_urls]
    rest, position = [], 0
    for link in links:
        rest.append(text[position : link.start])
        position = link.end
    return len(links), [*rest, text[position:]]


def _weighted(text: str) -> int:
    if text.isascii():
        return len(text)
    from contentkit.core.text.emoji import EMOJI

    plain, emoji = EMOJI.subn("", text)
    return emoji * _EMOJI_WEIGHT + 2 * len(plain) - len(_LIGHT.findall(plain))


def _graphemes(text: str) -> int:
    if text.isascii() and "\r" not in text:
        return len(text)
    import regex

    return sum(1 for _ in regex.finditer(r"\X", text))


def _emoji_as_bytes(text: str) -> int:
    if text.isascii():
        return len(text)
    from contentkit.core.text.emoji import EMOJI

    return len(text) + sum(size(emoji) - len(emoji) for emoji in EMOJI.findall(text))


_MEASURES: dict[Unit, Callable[[str], int]] = {
    "weighted": _weighted,
    "graphemes": _graphemes,
    "characters": len,
    "utf16": lambda text: len(text.encode("utf-16-le", "surrogatepass")) // 2,
    "bytes": size,
    "words": lambda text: len(text.split()),
    "lines": lambda text: len(text.splitlines()),
}
