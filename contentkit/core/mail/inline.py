"""The words and links of an email, in both forms at once. Merge fields go through as they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from itertools import count
from typing import TYPE_CHECKING

from contentkit.core.text.links import find_links
from contentkit.core.text.mergefields import merge_fields
from contentkit.core.text.script import joint

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LINK = "color:#0b57d0;text-decoration:underline"
_URL = re.compile(r"https?://[!#-;=?-~]+", re.IGNORECASE)
_SAFE = re.compile(r"(?:https?://|mailto:)[^\s<>\"]+", re.IGNORECASE)


def linked(label: str, link: str) -> str:
    """A link in plain text: its words and then the address, which alone does where it is its own words."""
    return link if label == link else f"{label} <{link}>"


class Inline:
    """A run of words on its way: HTML, text, and apart the words without any address, and the links."""

    def __init__(self) -> None:
        self._parts: list[tuple[str, str, str]] = []
        self.links: list[str] = []

    def add(self, html: str, text: str, words: str) -> None:
        self._parts.append((html, text, words))

    def join(self, other: Inline) -> None:
        self._parts += other._parts
        self.links += other.links

    @property
    def html(self) -> str:
        return "".join(html for html, _, _ in self._parts)

    @property
    def text(self) -> str:
        return "".join(text for _, text, _ in self._parts)

    @property
    def words(self) -> str:
        return "".join(words for _, _, words in self._parts)


class Source:
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

    def inline_of(self, text: str) -> Inline:
        """A single line of inline Markdown."""
        children = parser().parseInline(text)[0].children or []
        return self.inline(children)

    def inline(self, tokens: Sequence[Token], *, linking: bool = True) -> Inline:
        """Words with their links; without links inside of one, which can't hold another."""
        made = Inline()
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
                    made.add(space and "\n", space, space)
                case "hardbreak":
                    made.add("<br>\n", "\n", " ")
                case "code_inline":
                    code = self.escaped(token.content)
                    made.add(f"<code>{code}</code>", self.restored(token.content), token.content)
                case "strong_open" | "em_open" | "s_open" | "strong_close" | "em_close" | "s_close":
                    made.add(f"<{'/' if token.nesting < 0 else ''}{token.tag}>", "", "")
                case _ if linking:
                    made.join(self.bare(token.content))
                case _:
                    made.add(self.escaped(token.content), self.restored(token.content), token.content)
            at += 1
        return made

    def _space(self, tokens: Sequence[Token], at: int) -> str:
        before = tokens[at - 1].content if at else ""
        return joint(before, tokens[at + 1].content if at + 1 < len(tokens) else "")

    def _link(self, made: Inline, target: str, children: Sequence[Token]) -> None:
        inner = self.inline(children, linking=False)
        if not self.leads(target) or not inner.text.strip():
            made.add(inner.html, inner.text, inner.words)
            return
        address, label = self.restored(target), self.restored(inner.words)
        if address == f"mailto:{label}":  # the address by itself: what shows mail makes it a link
            made.add(self.escaped(inner.words), label, inner.words)
            return
        html = f'<a class="link" href="{escape(address)}" style="{LINK}">{inner.html}</a>'
        made.add(html, linked(inner.text, address), "" if inner.text == address else inner.words)
        made.links.append(target)

    def _picture(self, made: Inline, token: Token, *, linking: bool) -> None:
        words, source = token.content or "", str(token.attrGet("src") or "")
        if not (linking and self.leads(source) and words.strip()):
            made.add(self.escaped(words), self.restored(words), words)
            return
        address = self.restored(source)
        html = f'<a class="link" href="{escape(address)}" style="{LINK}">{self.escaped(words)}</a>'
        made.add(html, linked(self.restored(words), address), words)

    def bare(self, text: str) -> Inline:
        """Words in which addresses with a scheme are links."""
        made, position = Inline(), 0
        for start, end in _addresses(text):
            before, target = text[position:start], text[start:end]
            address = self.restored(target)
            made.add(self.escaped(before), self.restored(before), before)
            html = f'<a class="link" href="{escape(address)}" style="{LINK}">{escape(address, quote=False)}</a>'
            made.add(html, address, "")
            made.links.append(target)
            position = end
        made.add(self.escaped(text[position:]), self.restored(text[position:]), text[position:])
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


@lru_cache(maxsize=1)
def parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    made = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    made.normalizeLink = lambda url: url  # type: ignore[method-assign]  # as written: a merge field is no address
    made.validateLink = lambda url: True  # type: ignore[method-assign]  # ``leads`` decides
    return made
