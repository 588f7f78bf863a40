"""Markdown as HTML for mail readers and as plain text, both made from the same tokens, so that they say the same.

Merge fields go through as they are. Links lead to the web, to mail, or where a merge field says; others become their
words. A picture becomes a link to it, since a mail that loads pictures tells the sender who opened it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import count
from typing import TYPE_CHECKING

from contentkit.core.text.links import find_links
from contentkit.core.text.mergefields import merge_fields
from contentkit.core.text.script import CJK

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LINK = "color:#0b57d0;text-decoration:underline"
_URL = re.compile(r"https?://[!#-;=?-~]+", re.IGNORECASE)
_SAFE = re.compile(r"(?:https?://|mailto:)[^\s<>\"]+", re.IGNORECASE)
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
    return _Maker(markdown).blocks()


def lines(text: str) -> Twin:
    """Plain lines (a signature, an address) as one paragraph; only links and merge fields in them mean something."""
    maker = _Maker(text)
    rows = [maker.words(row.strip()) for row in maker.source.strip().split("\n") if row.strip()]
    if not rows:
        return NOTHING
    html = "<br>\n".join(row.html for row in rows)
    return Twin(f'<p dir="auto" style="{_STYLES["p"]}">{html}</p>\n', "\n".join(row.text for row in rows) + "\n\n")


def button(text: str) -> Twin:
    """A call to action: its one link as a button that says the words; without a link, or with several, a paragraph."""
    maker = _Maker(" ".join(text.split()))
    found = maker.inline_of(maker.source)
    if len(found.links) != 1 or _amid(found.text, maker.restored(found.links[0])):
        return Twin(f'<p dir="auto" style="{_STYLES["p"]}"><strong>{found.html}</strong></p>\n', f"{found.text}\n\n")
    link = found.links[0]
    label = maker.label(found.words) or maker.restored(link)
    shown = maker.escaped(label)
    address = maker.restored(link)
    html = f'<p dir="auto" style="margin:24px 0"><a href="{escape(address)}" style="{_BUTTON}">{shown}</a></p>\n'
    return Twin(html, f"{linked(maker.restored(label), address)}\n\n")


def _amid(text: str, address: str) -> bool:
    """Whether a bare address stands between words, which without it would make no sentence."""
    bare = f"<{address}>" not in text
    return bare and not text.startswith(address) and not text.rstrip(" .。!！)）」").endswith(address)


_BUTTON = (
    "display:inline-block;padding:12px 22px;border-radius:6px;background:#0b57d0;color:#ffffff;font-weight:bold;"
    "text-decoration:none"
)


def linked(label: str, link: str) -> str:
    """A link in plain text: its words and then the address, which alone does where it is its own words."""
    return link if label == link else f"{label} <{link}>"


@dataclass(slots=True)
class _Inline:
    """A run of words: HTML, text, and apart the words without any address, and the links."""

    html: str = ""
    text: str = ""
    words: str = ""
    links: tuple[str, ...] = ()


class _Maker:
    """One text on its way to both forms. Merge fields are letters meanwhile, which Markdown leaves alone."""

    def __init__(self, text: str) -> None:
        found = list(merge_fields(text))
        self.sign = next(sign for number in count() if (sign := f"mergefield{number}q") not in text)
        self.fields = [field.raw for field in found]
        self.mark = re.compile(rf"{self.sign}(\d+)x")
        pieces, position = [], 0
        for number, field in enumerate(found):
            pieces += [text[position : field.start], f"{self.sign}{number}x"]
            position = field.end
        self.source = "".join([*pieces, text[position:]])

    def restored(self, text: str) -> str:
        """The text with its merge fields."""
        return self.mark.sub(lambda found: self.fields[int(found[1])], text)

    def escaped(self, text: str) -> str:
        """The text as HTML with its merge fields as they are: nothing in one can be markup."""
        return self.restored(escape(text, quote=False))

    def blocks(self) -> Twin:
        """The whole source."""
        tokens = _parser().parse(self.source)
        made, _ = self._until(tokens, 0, "")
        return made

    def words(self, text: str) -> Twin:
        """Words with bare addresses linked."""
        found = self._bare(text)
        return Twin(found.html, found.text)

    def inline_of(self, text: str) -> _Inline:
        """A single line of inline Markdown."""
        children = _parser().parseInline(text)[0].children or []
        return self._inline(children)

    def label(self, words: str) -> str:
        """What a button says: words without the sign that led to an address."""
        line = re.sub(r"\s*[:：→>\-–—(（]+\s*[.。!！)）」]*\s*$", "", " ".join(words.split()))
        return re.sub(r"\s+([.。!！]+)$", r"\1", line).strip()

    # -- blocks

    def _until(self, tokens: Sequence[Token], at: int, end: str) -> tuple[Twin, int]:
        """The blocks from ``at`` up to the token of type ``end``, and where that stands."""
        made = NOTHING
        while at < len(tokens) and tokens[at].type != end:
            block, at = self._block(tokens, at)
            made += block
        return made, at

    def _block(self, tokens: Sequence[Token], at: int) -> tuple[Twin, int]:
        token = tokens[at]
        match token.type:
            case "paragraph_open":
                return self._paragraph(tokens[at + 1], hidden=token.hidden), at + 3
            case "heading_open":
                found = self._inline(tokens[at + 1].children or [])
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
        found = self._inline(token.children or [])
        if hidden:  # of a tight list
            return Twin(f'<span dir="auto">{found.html}</span>\n', f"{found.text}\n")
        return Twin(f'<p dir="auto" style="{_STYLES["p"]}">{found.html}</p>\n', f"{found.text}\n\n")

    def _list(self, tokens: Sequence[Token], at: int) -> tuple[Twin, int]:
        tag = tokens[at].tag
        end = tokens[at].type.replace("open", "close")
        first = int(tokens[at].attrGet("start") or 1)
        html, text, number, loose = "", "", first, False
        at += 1
        while tokens[at].type != end:
            inner, at = self._until(tokens, at + 1, "list_item_close")
            loose = loose or "\n\n" in inner.text.rstrip("\n")
            bullet = f"{number}. " if tag == "ol" else "- "
            rows = inner.text.rstrip("\n").split("\n")
            text += f"{bullet}{rows[0]}\n" + "".join(f"{' ' * len(bullet)}{row}".rstrip() + "\n" for row in rows[1:])
            html += f'<li style="{_STYLES["li"]}">{inner.html}</li>\n'
            number += 1
            at += 1
        start = f' start="{first}"' if tag == "ol" and first != 1 else ""
        return Twin(f'<{tag}{start} style="{_STYLES[tag]}">\n{html}</{tag}>\n', f"{text}\n"), at + 1

    def _table(self, tokens: Sequence[Token], at: int) -> tuple[Twin, int]:
        html, rows, row = "", [], list[str]()
        while tokens[at].type != "table_close":
            token = tokens[at]
            if token.type == "tr_open":
                html, row = html + "<tr>", []
            elif token.type == "tr_close":
                html += "</tr>\n"
                rows.append(" | ".join(row))
            elif token.type in ("th_open", "td_open"):
                found = self._inline(tokens[at + 1].children or [])
                html += f'<{token.tag} dir="auto" style="{_STYLES["cell"]}">{found.html}</{token.tag}>'
                row.append(found.text)
            at += 1
        return Twin(f'<table style="{_STYLES["table"]}">\n{html}</table>\n', "\n".join(rows) + "\n\n"), at + 1

    # -- inline

    def _inline(self, tokens: Sequence[Token], *, linking: bool = True) -> _Inline:
        """Words with their links; without links inside of one, which can't hold another."""
        made = _Inline()
        at = 0
        while at < len(tokens):
            token = tokens[at]
            match token.type:
                case "link_open":
                    stop = next(place for place in range(at, len(tokens)) if tokens[place].type == "link_close")
                    self._link(made, str(token.attrGet("href") or ""), tokens[at + 1 : stop])
                    at = stop
                case "image":
                    self._picture(made, token, linking=linking)
                case "softbreak":
                    space = self._space(tokens, at)
                    _add(made, space and "\n", space, space)
                case "hardbreak":
                    _add(made, "<br>\n", "\n", " ")
                case "code_inline":
                    code = self.escaped(token.content)
                    _add(made, f"<code>{code}</code>", self.restored(token.content), token.content)
                case "strong_open" | "em_open" | "s_open" | "strong_close" | "em_close" | "s_close":
                    made.html += f"<{'/' if token.nesting < 0 else ''}{token.tag}>"
                case _ if linking:
                    _join(made, self._bare(token.content))
                case _:
                    _add(made, self.escaped(token.content), self.restored(token.content), token.content)
            at += 1
        return made

    def _space(self, tokens: Sequence[Token], at: int) -> str:
        """Where a line went on: a space, but none between Japanese or Chinese characters."""
        before = tokens[at - 1].content[-1:] if at else ""
        after = tokens[at + 1].content[:1] if at + 1 < len(tokens) else ""
        return "" if CJK.match(before) and CJK.match(after) else " "

    def _link(self, made: _Inline, target: str, children: Sequence[Token]) -> None:
        inner = self._inline(children, linking=False)
        if not self.leads(target) or not inner.text.strip():
            _add(made, inner.html, inner.text, inner.words)
            return
        address, label = self.restored(target), self.restored(inner.words)
        if address == f"mailto:{label}":  # the address by itself: what shows mail makes it a link
            _add(made, self.escaped(inner.words), label, inner.words)
            return
        html = f'<a class="link" href="{escape(address)}" style="{LINK}">{inner.html}</a>'
        _add(made, html, linked(inner.text, address), "" if inner.text == address else inner.words)
        made.links += (target,)

    def _picture(self, made: _Inline, token: Token, *, linking: bool) -> None:
        words, source = token.content or "", str(token.attrGet("src") or "")
        if not (linking and self.leads(source) and words.strip()):
            _add(made, self.escaped(words), self.restored(words), words)
            return
        address = self.restored(source)
        html = f'<a class="link" href="{escape(address)}" style="{LINK}">{self.escaped(words)}</a>'
        _add(made, html, linked(self.restored(words), address), words)

    def _bare(self, text: str) -> _Inline:
        """Words in which addresses with a scheme are links."""
        made, position = _Inline(), 0
        for start, end in _addresses(text):
            before, target = text[position:start], text[start:end]
            address = self.restored(target)
            _add(made, self.escaped(before), self.restored(before), before)
            html = f'<a class="link" href="{escape(address)}" style="{LINK}">{escape(address, quote=False)}</a>'
            _add(made, html, address, "")
            made.links += (target,)
            position = end
        _add(made, self.escaped(text[position:]), self.restored(text[position:]), text[position:])
        return made

    def leads(self, target: str) -> bool:
        """Whether a link may stand: to the web, to mail, or where a merge field says."""
        return bool(_SAFE.fullmatch(target)) or bool(re.fullmatch(rf"{self.sign}\d+x[^\s<>\"]*", target))


def _addresses(text: str) -> list[tuple[int, int]]:
    """Where addresses of the web stand in running text: of any domain in ASCII, and of international ones."""
    if "://" not in text:
        return []
    spans = []
    for found in _URL.finditer(text):
        address = found.group().rstrip(".,;:!?'*_~")
        while address.endswith(")") and address.count("(") < address.count(")"):
            address = address[:-1].rstrip(".,;:!?'*_~")
        if len(address) > len("https://"):
            spans.append((found.start(), found.start() + len(address)))
    wide = [(link.start, link.end) for link in find_links(text, wide=True) if link.scheme]
    spans += [span for span in wide if not any(span[0] < end and start < span[1] for start, end in spans)]
    return sorted(spans)


def _add(made: _Inline, html: str, text: str, words: str) -> None:
    made.html += html
    made.text += text
    made.words += words


def _join(made: _Inline, other: _Inline) -> None:
    _add(made, other.html, other.text, other.words)
    made.links += other.links


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]  # as written: a merge field is no address
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # ``leads`` decides
    return parser
