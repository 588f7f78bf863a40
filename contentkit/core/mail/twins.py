"""Markdown as HTML for mail readers and as plain text, both made from the same tokens, so that they say the same.

Merge fields go through as they are. Links lead to the web, to mail, or where a merge field says; others become their
words. A picture becomes a link to it, since a mail that loads pictures tells the sender who opened it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from contentkit.core.mail.inline import Source, linked, parser

if TYPE_CHECKING:
    from markdown_it.token import Token

_STYLES = {
    "p": "margin:0 0 16px",
    "h": "margin:24px 0 12px;line-height:1.3",
    "ul": "margin:0 0 16px;padding-inline-start:24px",
    "ol": "margin:0 0 16px;padding-inline-start:24px",
    "li": "margin:0 0 6px",
    "blockquote": "margin:0 0 16px;padding-inline-start:14px;border-inline-start:3px solid #9aa0a6",
    "pre": "margin:0 0 16px;white-space:pre-wrap;font-family:monospace;font-size:14px",
    "table": "margin:0 0 16px;border-collapse:collapse",
    "cell": "padding:4px 12px 4px 0;text-align:start;vertical-align:top",
}


@dataclass(frozen=True, slots=True)
class Twin:
    """The same piece of a mail as HTML and as text."""

    html: str
    text: str

    def __add__(self, other: Twin) -> Twin:
        return Twin(self.html + other.html, self.text + other.text)


NOTHING = Twin("", "")


def twin(markdown: str) -> Twin:
    """A Markdown text: HTML blocks, and lines of text with blank lines between blocks."""
    return _Blocks(markdown).blocks()


def lines(text: str) -> Twin:
    """Plain lines (a signature, an address) as one paragraph; only links and merge fields in them mean something."""
    maker = _Blocks(text)
    rows = [maker.bare(row.strip()) for row in maker.source.strip().split("\n") if row.strip()]
    if not rows:
        return NOTHING
    html = "<br>\n".join(row.html for row in rows)
    return Twin(f'<p dir="auto" style="{_STYLES["p"]}">{html}</p>\n', "\n".join(row.text for row in rows) + "\n\n")


def button(text: str) -> Twin:
    """A call to action: its one link as a button that says the words; without a link, or with several, a paragraph."""
    maker = _Blocks(" ".join(text.split()))
    found = maker.inline_of(maker.source)
    if len(found.links) != 1 or _amid(found.text, maker.restored(found.links[0])):
        return Twin(f'<p dir="auto" style="{_STYLES["p"]}"><strong>{found.html}</strong></p>\n', f"{found.text}\n\n")
    link = found.links[0]
    label = _label(found.words) or maker.restored(link)
    shown = maker.escaped(label)
    address = maker.restored(link)
    html = f'<p dir="auto" style="margin:24px 0"><a href="{escape(address)}" style="{_BUTTON}">{shown}</a></p>\n'
    return Twin(html, f"{linked(maker.restored(label), address)}\n\n")


def _label(words: str) -> str:
    """What a button says: words without the sign that led to an address."""
    line = re.sub(r"\s*[:：→>\-–—(（]+\s*[.。!！)）」]*\s*$", "", " ".join(words.split()))
    return re.sub(r"\s+([.。!！]+)$", r"\1", line).strip()


def _amid(text: str, address: str) -> bool:
    """Whether a bare address stands between words, which without it would make no sentence."""
    bare = f"<{address}>" not in text
    return bare and not text.startswith(address) and not text.rstrip(" .。!！)）」").endswith(address)


_BUTTON = (
    "display:inline-block;padding:12px 22px;border-radius:6px;background:#0b57d0;color:#ffffff;font-weight:bold;"
    "text-decoration:none"
)


class _Blocks(Source):
    """Blocks of Markdown."""

    def blocks(self) -> Twin:
        """The whole source."""
        tokens = parser().parse(self.source)
        made, _ = self._until(tokens, 0, "")
        return made

    def _until(self, tokens: Sequence[Token], at: int, end: str) -> tuple[Twin, int]:
        """The blocks from ``at`` up to the token of type ``end``, and where that stands."""
        made: list[Twin] = []
        while at < len(tokens) and tokens[at].type != end:
            block, at = self._block(tokens, at)
            made.append(block)
        return Twin("".join(one.html for one in made), "".join(one.text for one in made)), at

    def _block(self, tokens: Sequence[Token], at: int) -> tuple[Twin, int]:
        token = tokens[at]
        match token.type:
            case "paragraph_open":
                return self._paragraph(tokens[at + 1], hidden=token.hidden), at + 3
            case "heading_open":
                found = self.inline(tokens[at + 1].children or [])
                tag = f"h{min(int(token.tag[1]) + 1, 6)}"
                return Twin(
                    f'<{tag} dir="auto" style="{_STYLES["h"]}">{found.html}</{tag}>\n', f"{found.text}\n\n"
                ), at + 3
            case "bullet_list_open" | "ordered_list_open":
                return self._list(tokens, at)
            case "blockquote_open":
                inner, stop = self._until(tokens, at + 1, "blockquote_close")
                quoted = "".join(f"> {line}".rstrip() + "\n" for line in inner.text.strip("\n").split("\n"))
                return Twin(
                    f'<blockquote style="{_STYLES["blockquote"]}">\n{inner.html}</blockquote>\n', quoted + "\n"
                ), stop + 1
            case "fence" | "code_block":
                code = token.content.rstrip("\n")
                shown = "".join(f"    {self.restored(line)}\n" for line in code.split("\n"))
                return Twin(f'<pre style="{_STYLES["pre"]}">{self.escaped(code)}</pre>\n', shown + "\n"), at + 1
            case "hr":
                return Twin('<hr style="border:0;border-top:1px solid #9aa0a6;margin:24px 0">\n', "-----\n\n"), at + 1
            case "table_open":
                return self._table(tokens, at)
        return NOTHING, at + 1

    def _paragraph(self, token: Token, *, hidden: bool) -> Twin:
        found = self.inline(token.children or [])
        if hidden:  # of a tight list
            return Twin(f'<span dir="auto">{found.html}</span>\n', f"{found.text}\n")
        return Twin(f'<p dir="auto" style="{_STYLES["p"]}">{found.html}</p>\n', f"{found.text}\n\n")

    def _list(self, tokens: Sequence[Token], at: int) -> tuple[Twin, int]:
        tag = tokens[at].tag
        end = tokens[at].type.replace("open", "close")
        first = int(tokens[at].attrGet("start") or 1)
        html, text, number = list[str](), list[str](), first
        at += 1
        while tokens[at].type != end:
            inner, at = self._until(tokens, at + 1, "list_item_close")
            bullet = f"{number}. " if tag == "ol" else "- "
            rows = inner.text.rstrip("\n").split("\n")
            text.append(f"{bullet}{rows[0]}\n")
            text += [f"{' ' * len(bullet)}{row}".rstrip() + "\n" for row in rows[1:]]
            html.append(f'<li style="{_STYLES["li"]}">{inner.html}</li>\n')
            number += 1
            at += 1
        start = f' start="{first}"' if tag == "ol" and first != 1 else ""
        whole = "".join(html)
        return Twin(f'<{tag}{start} style="{_STYLES[tag]}">\n{whole}</{tag}>\n', "".join([*text, "\n"])), at + 1

    def _table(self, tokens: Sequence[Token], at: int) -> tuple[Twin, int]:
        html, rows, row = list[str](), list[str](), list[str]()
        while tokens[at].type != "table_close":
            token = tokens[at]
            if token.type == "tr_open":
                html.append("<tr>")
                row = []
            elif token.type == "tr_close":
                html.append("</tr>\n")
                rows.append(" | ".join(row))
            elif token.type in ("th_open", "td_open"):
                found = self.inline(tokens[at + 1].children or [])
                html.append(f'<{token.tag} dir="auto" style="{_STYLES["cell"]}">{found.html}</{token.tag}>')
                row.append(found.text)
            at += 1
        whole = "".join(html)
        return Twin(f'<table style="{_STYLES["table"]}">\n{whole}</table>\n', "\n".join(rows) + "\n\n"), at + 1
