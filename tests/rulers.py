"""What somebody could check of a draft with a ruler and a pencil, without contentkit: lengths, times, sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import regex

ADDRESS = re.compile(r"https?://[^\s<>()（）、。」]+")
MARK = re.compile(r"\[(?!\d+\])[^\[\]]*\](?![(\[])|\[\d+\]|［[^［］]*］")
SPLIT = re.compile(r"(?<=[.!?])\s+|(?<=[.!?][\"”’)])\s+|(?<=[。！？])(?![」』）)])\s*|(?<=[。！？][」』）)])\s*|\n")
MOST = {"x": 280, "bluesky": 300, "mastodon": 500, "threads": 500, "linkedin": 3000, "instagram": 2200}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
INLINE = {"a", "b", "code", "del", "em", "i", "s", "small", "span", "strong"}
UNSEEN = ("style", "script", "title", "head")


def weighted(text: str) -> int:
    """By X's rules: an address counts 23, an emoji 2, and 2 whatever is not of the narrow writings."""
    narrow = ((0, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
    count = 0
    for sign in regex.findall(r"\X", ADDRESS.sub("a" * 23, text)):
        one = sum(1 if any(low <= ord(part) <= high for low, high in narrow) else 2 for part in sign)
        count += min(one, 2) if len(sign) > 1 and one > 2 else one
    return count


def size(platform: str, text: str) -> int:
    """The length of a post as its platform counts it, or longer by a little."""
    if platform == "x":
        return weighted(text)
    if platform in ("bluesky", "mastodon"):
        return len(regex.findall(r"\X", text))
    if platform == "threads":
        return sum(len(sign.encode()) if ord(sign) > 0xFFFF else 1 for sign in text)
    return len(text.encode("utf-16-le")) // 2


def is_over(platform: str, text: str) -> bool:
    return size(platform, text) > MOST.get(platform, 63_206)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def sentences(answer: Any, *, skip: frozenset[str] = frozenset()) -> Iterator[str]:
    """The sentences of an answer, field by field, without marks of what is open and the signs of lists and headings."""
    if isinstance(answer, str):
        for line in answer.split("\n"):
            words = re.sub(r"^\s*(?:[-*>]|\d+\.|#{1,6})\s+", "", MARK.sub("", line))
            yield from (part for part in SPLIT.split(words) if re.search(r"\w", part))
    elif isinstance(answer, dict):
        for name, inner in answer.items():
            if name not in skip:
                yield from sentences(inner, skip=skip)
    elif isinstance(answer, list):
        for inner in answer:
            yield from sentences(inner, skip=skip)


class Stack(HTMLParser):
    """Whether every tag of a page is closed in order, and what is seen of it."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, bool]] = []
        self.faults: list[str] = []
        self.seen: list[str] = []
        self.language = ""
        self.metas: dict[str, str] = {}
        self.feed(page)
        self.close()
        self.faults += [f"<{tag}> is not closed" for tag, _ in self.open]

    @property
    def text(self) -> str:
        return "".join(self.seen)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if len(given) != len(attrs):
            self.faults.append(f"<{tag}> has an attribute twice")
        if tag == "html":
            self.language = given.get("lang", "")
        if tag == "meta" and "name" in given:
            self.metas[given["name"]] = given.get("content", "")
        if tag not in INLINE:
            self.seen.append("\n")
        if tag not in VOID:
            hidden = tag in UNSEEN or "display:none" in given.get("style", "").replace(" ", "")
            self.open.append((tag, hidden or (bool(self.open) and self.open[-1][1])))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open[-1][0] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1][0] if self.open else 'nothing'}")
            return
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if not (self.open and self.open[-1][1]):
            self.seen.append(data)
