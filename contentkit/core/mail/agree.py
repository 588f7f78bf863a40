"""Whether the text and the HTML of a mail say the same: both are read back, words and links compared in order."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_LINK = re.compile(r"https?://|mailto:|\{\{|\*\||%[A-Z]", re.IGNORECASE)
_TOKEN = re.compile(r"<(?:https?://|mailto:|\{\{|\*\||%[A-Z])[^<>]*>|\w+", re.IGNORECASE)
_BLOCKS = frozenset(
    {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "table", "tr", "td", "th"}
    | {"hr", "br", "article", "section", "header", "footer"}
)
_UNSEEN = frozenset({"style", "script", "title", "head"})
_VOID = frozenset({"br", "hr", "img", "meta", "link", "input"})
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)


def difference(html: str, text: str) -> str:
    """The first words in which the parts differ, as "HTML says ..., the text ..."; "" when they agree."""
    ours, theirs = said(read_html(html)), said(text)
    for at in range(max(len(ours), len(theirs))):
        if ours[at : at + 1] != theirs[at : at + 1]:
            one, other = (" ".join(part[at : at + 5]) or "nothing more" for part in (ours, theirs))
            return f"the HTML says {one!r} where the text says {other!r}"
    return ""


def said(text: str) -> list[str]:
    """The words and the links (in angle brackets) of a text, in order."""
    return _TOKEN.findall(text)


def links(html: str) -> list[str]:
    """Where the links of an HTML part lead, in order."""
    reader = _Reader()
    reader.feed(html)
    return reader.links


def read_html(html: str) -> str:
    """What a reader sees of an HTML part, as text: a link is its words and its address in angle brackets."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.seen)


class _Reader(HTMLParser):
    """Collects what is seen; what stands in the head or is not displayed is not."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self.links: list[str] = []
        self._hidden: list[str] = []
        self._link: tuple[str, int] | None = None
        self._numbers: list[int | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self._hidden or tag in _UNSEEN or _HIDDEN.search(given.get("style") or ""):
            if tag not in _VOID:
                self._hidden.append(tag)
            return
        if tag in _BLOCKS:
            self.seen.append("\n")
        if tag in ("ul", "ol"):
            start = given.get("start") or "1"
            self._numbers.append(int(start) if tag == "ol" and start.isdigit() else 1 if tag == "ol" else None)
        elif tag == "li" and self._numbers and (number := self._numbers[-1]) is not None:
            self.seen.append(f"{number}. ")
            self._numbers[-1] = number + 1
        elif tag == "a" and (address := given.get("href")):
            self._link = (address, len(self.seen))
            self.links.append(address)

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            if tag == self._hidden[-1]:
                self._hidden.pop()
            return
        if tag in _BLOCKS:
            self.seen.append("\n")
        if tag in ("ul", "ol") and self._numbers:
            self._numbers.pop()
        if tag == "a" and self._link:
            address, start = self._link
            self._link = None
            if "".join(self.seen[start:]).strip() != address:
                self.seen.append(f" <{address}>")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.seen.append(data)
