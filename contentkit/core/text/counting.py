"""How long a text is by the rules of the place it goes to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import regex

    from contentkit.core.text.links import Link

Unit = Literal["weighted", "graphemes", "characters", "utf16", "bytes", "words", "lines"]
UNIT_NAMES: dict[Unit, str] = {
    "weighted": "weighted characters",
    "graphemes": "characters",
    "characters": "characters",
    "utf16": "UTF-16 units",
    "bytes": "bytes",
    "words": "words",
    "lines": "lines",
}
"""What people call the units."""

# twitter-text configuration v3: these weigh 1, all else 2.
_LIGHT = re.compile("[\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
_EMOJI_WEIGHT = 2
# Mastodon's MENTION_RE: letters of ASCII before the host, which may hold any.
_MENTION_DOMAIN = re.compile(r"(?<![=/\w])(@[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?)@[\w.-]*\w")
_FIRST_MENTIONS = re.compile(r"\A(?:[@＠][A-Za-z0-9_]{1,15}\s+)+")
# twitter-text: letters with their marks (a vowel of Hindi or Thai is one), digits, "_", joiners, and the signs that
# words of Hebrew, Catalan, Tibetan and Japanese hold. Written for the module regex, which knows the marks.
HASHTAG_SIGNS = (
    r"\w\p{M}\u200c\u200d\ua67e\u05be\u05f3\u05f4\uff5e\u301c\u309b\u309c\u30a0\u30fb\u3003\u0f0b\u0f0c\u00b7"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One limit of one place, as its data file tells it.

    Attributes:
        name: what prompts and overrides call it ("x", "bluesky", "email-subject").
        unit: how the length is counted.
        hard: the place refuses or cuts what is longer; None when it does not.
        soft: longer than this is unwise; a finding, never an error.
        least: shorter than this is unwise.
        ideal: longer than this is still fine, and worth a remark.
        ideal_least: shorter than this, likewise.
        fold, wide_fold: characters shown before "see more", on a phone and on a wide screen.
        url: what any URL counts, whatever its length; None counts its characters.
        bare_urls: a domain without a scheme is a URL too (X).
        mention_domains_free: of @user@host only @user counts (Mastodon).
        free_mentions: mentions at the beginning are free, since the place fills them in itself (replies on X).
        emoji_bytes: an emoji counts its UTF-8 bytes (Threads).
        bytes: a second hard limit, in UTF-8 bytes (Bluesky); None when there is none.
        hashtags: hard limit on the number of hashtags; None when there is none.
        soft_hashtags: more hashtags than this are unwise, or not counted as such.
        links: hard limit on distinct links; None when there is none.
        dead_links: links can't be clicked there (Instagram).
        media: nothing is published there without a picture or a video.
        forbidden: characters that may not stand in the text.
        post: posts go there, so that it stands among "all" platforms.
        threaded: what is longer can go on in a reply.
        source: where the rule is documented.
        as_of: the day it was read (ISO date).
    """

    name: str
    unit: Unit = "characters"
    hard: int | None = None
    soft: int | None = None
    least: int | None = None
    ideal: int | None = None
    ideal_least: int | None = None
    fold: int | None = None
    wide_fold: int | None = None
    url: int | None = None
    bare_urls: bool = False
    mention_domains_free: bool = False
    free_mentions: bool = False
    emoji_bytes: bool = False
    bytes: int | None = None
    hashtags: int | None = None
    soft_hashtags: int | None = None
    links: int | None = None
    dead_links: bool = False
    media: bool = False
    forbidden: str = ""
    post: bool = False
    threaded: bool = True
    source: str = ""
    as_of: str = ""


def count(text: str, rule: Rule) -> int:
    """The length of ``text`` in the rule's unit, after NFC where the place normalises (X)."""
    if rule.unit == "weighted":
        text = unicodedata.normalize("NFC", text)
    if rule.free_mentions:
        text = _FIRST_MENTIONS.sub("", text)
    if rule.mention_domains_free and "@" in text:
        text = _MENTION_DOMAIN.sub(r"\1", text)
    measure = _emoji_as_bytes if rule.emoji_bytes else _MEASURES[rule.unit]
    if rule.url is None:
        return measure(text)
    urls, rest = _without_links(text, rule)
    return urls * rule.url + sum(measure(part) for part in rest)


def fits(text: str, rule: Rule) -> bool:
    """Whether the place takes the text: nothing hard is broken."""
    if rule.hard is not None and count(text, rule) > rule.hard:
        return False
    if rule.bytes is not None and size(text) > rule.bytes:
        return False
    if rule.hashtags is not None and len(hashtags(text)) > rule.hashtags:
        return False
    if rule.links is not None and distinct_links(text) > rule.links:
        return False
    return not set(rule.forbidden) & set(text)


def size(text: str) -> int:
    """UTF-8 bytes. Half a surrogate pair counts three, so that no text fails."""
    return len(text.encode("utf-8", "surrogatepass"))


def find_hashtags(text: str) -> Iterator[tuple[int, int]]:
    """Where hashtags stand, with their signs; not those within a link."""
    spans = [found.span() for found in _hashtag().finditer(text)] if "#" in text or "＃" in text else []
    links, at = _links(text) if spans else (), 0
    for start, end in spans:
        while at < len(links) and links[at].end <= start:
            at += 1
        if at == len(links) or start < links[at].start:
            yield start, end


def hashtags(text: str) -> list[str]:
    """The hashtags in a text, each with its sign."""
    return [text[start:end] for start, end in find_hashtags(text)]


@lru_cache(maxsize=1)
def _hashtag() -> regex.Pattern[str]:
    import regex

    # What goes on with another sign, or is the scheme of an address, is none.
    return regex.compile(
        rf"(?<![&/#＃]|[{HASHTAG_SIGNS}--[\ufe0e\ufe0f]])[#＃](?![\ufe0f\u20e3])"
        rf"(?=[{HASHTAG_SIGNS}]*[[^\W\d_]\p{{M}}])[{HASHTAG_SIGNS}]++(?![#＃]|://)",
        regex.VERSION1,
    )


def distinct_links(text: str) -> int:
    """How many different links stand in a text, with a scheme or without."""
    return len({text[link.start : link.end] for link in _links(text)})


@lru_cache(maxsize=8)
def _links(text: str, *, wide: bool = False) -> tuple[Link, ...]:
    """The links of a text. A long one is counted for one place after the other, and read once."""
    from contentkit.core.text.links import find_links

    return tuple(find_links(text, wide=wide))


def _without_links(text: str, rule: Rule) -> tuple[int, list[str]]:
    """The number of links, and what stands around them."""
    links = [link for link in _links(text, wide=not rule.bare_urls) if link.scheme or rule.bare_urls]
    rest, position = [], 0
    for link in links:
        rest.append(text[position : link.start])
        position = link.end
    return len(links), [*rest, text[position:]]


def _weighted(text: str) -> int:
    """The weight by configuration v3, which X has counted by since 2018: any emoji is 2, of however many code points.

    Of the 44 weights in twitter-text's own conformance/validate.yml (commit 30e2430), 42 are these. The two others
    stand in WeightedTweetsCounterTest, a suite that its tests run by configuration v2, which did not know emoji: there
    a family and a hand with a skin tone weigh the sum of their code points, 11 and 4 where X now says 2.
    """
    if text.isascii():
        return len(text)
    from contentkit.core.text.emoji import EMOJI

    plain, emoji = EMOJI.subn("", text)
    return emoji * _EMOJI_WEIGHT + 2 * len(plain) - len(_LIGHT.findall(plain))


def _graphemes(text: str) -> int:
    if text.isascii() and "\r" not in text:
        return len(text)
    import regex

    return len(regex.findall(r"\X", text))


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
