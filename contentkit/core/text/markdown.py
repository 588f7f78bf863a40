"""Reading Markdown source text as blocks, so that code, HTML, tables, front matter and badges never pass for prose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from contentkit.core.text.script import CJK

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

Kind = Literal["heading", "paragraph", "item", "quote", "code", "table"]

FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
"""The lines of YAML at the start of a document; group 1 is what stands between the marks."""

_FRONT_LINE = re.compile(r"^([A-Za-z_-]+):[ \t]*(.+?)[ \t]*$", re.MULTILINE)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_CHUNK = 100_000
_CONTINUES = (" ", "\t", "\n", "\r", "-", "*", "+", ">", *"0123456789")
# Inside these a page puts what is not its own running text.
_BESIDE = re.compile(r"<(/?)(aside|blockquote|table|nav|script|style|figure|footer|pre|svg|form)\b", re.IGNORECASE)
_ATTRIBUTES = re.compile(r"\s*(?:\{[#./:][^}]*\}|#+)\s*$")
_FOOTNOTE = re.compile(r"\[\^[^\]]+\]")
_DIRECTIVE = re.compile(r"^:{3,}.*$|^!!!.*$|^\{%.*%\}$", re.MULTILINE)
_UNRESOLVED = re.compile(r"\[([^\[\]]+)\]\[[^\[\]]*\]")
# CommonMark leaves these alone beside Japanese signs; readers take them for bold all the same.
_STRONG = re.compile(r"\*\*([^*\s][^*]*)\*\*")
_CLOSED = frozenset("。！？」』）】、")
_LINE_END = re.compile(r"\r\n?|\n")
_CELL = re.compile(r"[^|\s](?:\\\||[^|\r\n])*")
_MARKS = re.compile(r"[*_`\[\]<>!&\\~]")
_SIGNS = {
    "blockquote": re.compile(">"),
    "code": re.compile("\t|    "),
    "fence": re.compile("```|~~~"),
    "hr": re.compile(r"-[ \t]*-[ \t]*-|\*[ \t]*\*[ \t]*\*|_[ \t]*_[ \t]*_"),
    "html_block": re.compile("<"),
    "lheading": re.compile(r"[-=][ \t]*(?:[\r\n]|\Z)"),
    "reference": re.compile("]:"),
    "table": re.compile("[|]"),
}
"""Rules of blocks that are rare, and what a text must hold for each of them to find anything."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a document.

    Attributes:
        raw: the inline Markdown as written, list and quote marks aside.
        text: the words a reader sees; code blocks keep their code, tables are empty.
        level: of a heading (1 to 6); depth of a list item (0 is outermost).
        group: number of the list an item belongs to; items of one list share it. -1 for others.
        ordered: the item's list is numbered.
    """

    kind: Kind
    raw: str
    text: str
    level: int = 0
    group: int = -1
    ordered: bool = False


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """The simple ``key: value`` lines of a front matter, and the text after it."""
    found = FRONT_MATTER.match(text)
    if not found:
        return {}, text
    fields = {key: value.strip("\"'") for key, value in _FRONT_LINE.findall(found[1])}
    return fields, text[found.end() :]


def chunks(text: str) -> Iterator[str]:
    """The text in pieces of about 100 000 characters, cut only before a line that starts a block of its own."""
    start, position, fence, blank = 0, 0, "", True
    while position < len(text):
        following = text.find("\n", position) + 1 or len(text)
        line = text[position:following]
        mark = _FENCE.match(line)
        if fence:
            fence = "" if mark and line.strip() == mark[1] and mark[1].startswith(fence) else fence
        else:
            own = line.startswith("#") or (blank and not line.startswith(_CONTINUES))
            if position - start >= _CHUNK and own:
                yield text[start:position]
                start = position
            fence = mark[1] if mark else ""
        blank = not line.strip()
        position = following
    yield text[start:]


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a Markdown document, in order. Memory stays with one chunk."""
    _, text = front_matter(text)
    beside = group = 0
    for chunk in chunks(text):
        env: dict[str, Any] = {}
        tokens = _parser().parse(chunk.replace("\0", ""), env)
        reader = _Reader(env, beside, group)
        yield from reader.read(tokens)
        beside, group = reader.beside, reader.group


Place = tuple[int, int, Literal["heading", "paragraph", "item", "quote", "cell"], int]
"""Start and end of a block in the text (code points), its kind, and its level where it is a heading, else 0."""


def placed_blocks(text: str, start: int = 0) -> Iterator[Place]:
    """Where the blocks of prose stand in a document, from ``start`` on, in order; the lines of a table by cell."""
    lines = [start, *(found.end() for found in _LINE_END.finditer(text, start)), len(text)]
    quotes = lists = heading = cells = 0
    parser = _parser(frozenset(rule for rule, sign in _SIGNS.items() if not sign.search(text)))
    for token in parser.parse(text[start:]):
        match token.type:
            case "blockquote_open" | "blockquote_close":
                quotes += token.nesting
            case "bullet_list_open" | "bullet_list_close" | "ordered_list_open" | "ordered_list_close":
                lists += token.nesting
            case "heading_open":
                heading = int(token.tag[1])
            case "heading_close":
                heading = 0
            case "table_open" | "table_close":
                cells += token.nesting
            case "tr_open" if token.map:
                yield from ((first, last, "cell", 0) for first, last in _cells(text, lines[token.map[0]]))
            case "inline" if token.map and not cells:
                kind: Literal["heading", "paragraph", "item", "quote"] = "item" if lists else "paragraph"
                kind = "heading" if heading else "quote" if quotes else kind
                first, last = lines[token.map[0]], lines[min(token.map[1], len(lines) - 1)]
                yield first, first + len(text[first:last].rstrip("\r\n")), kind, heading


def _cells(text: str, start: int) -> Iterator[tuple[int, int]]:
    """The cells of the line of a table that starts at ``start``."""
    line = _LINE_END.search(text, start)
    for found in _CELL.finditer(text, start, line.start() if line else len(text)):
        yield found.span()


def plain(raw: str, env: Mapping[str, Any] | None = None) -> str:
    """Inline Markdown as the words a reader sees: no link targets, pictures or tags; lines joined."""
    from markdown_it.token import Token

    if not _MARKS.search(raw):
        return _joined(raw)
    parser, tokens = _parser(), list[Token]()
    parser.inline.parse(raw, parser, dict(env or {}), tokens)
    words = "".join(map(_words, tokens))
    return _joined(_STRONG.sub(r"\1", _UNRESOLVED.sub(r"\1", words)))


def bold_left(raw: str) -> int | None:
    """Where in inline Markdown a "**" stands that CommonMark leaves as it is; None where all of them are read."""
    from markdown_it.token import Token

    parser, tokens = _parser(), list[Token]()
    parser.inline.parse(raw, parser, {}, tokens)
    if not any(token.type == "text" and "**" in token.content for token in _all(tokens)):
        return None
    left = next(token.content for token in _all(tokens) if token.type == "text" and "**" in token.content)
    around = left[max(0, left.index("**") - 12) : left.index("**") + 14]
    place = raw.find(around)
    return place + around.index("**") if place >= 0 else raw.index("**")


def _all(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()


def _joined(text: str) -> str:
    """Lines as one: with a space between words, with none between Japanese or Chinese characters."""
    lines = [line.strip() for line in text.split("\n")]
    whole = lines[0]
    for line in lines[1:]:
        tight = whole[-1:] in _CLOSED or (CJK.match(whole[-1:]) and CJK.match(line[:1]))
        whole += line if tight else f" {line}"
    return whole.strip()


def _words(token: Token) -> str:
    if token.type in ("text", "code_inline", "text_special"):
        return token.content
    return "\n" if token.type in ("softbreak", "hardbreak") else ""


@lru_cache(maxsize=16)
def _parser(without: frozenset[str] = frozenset()) -> MarkdownIt:
    """A parser of blocks; the inline part is parsed only where it is wanted.

    Args:
        without: rules that would try every line of the text in vain.
    """
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable([*without])
    parser.core.ruler.disable("inline")
    return parser


class _Reader:
    """Tokens to blocks; knows how deep it stands in lists, quotes and HTML."""

    def __init__(self, env: Mapping[str, Any], beside: int, group: int) -> None:
        self.env = env
        self.beside = beside
        self.group = group
        self.lists: list[tuple[int, bool]] = []
        self.quotes = 0

    def read(self, tokens: list[Token]) -> Iterator[Block]:
        heading, in_table = 0, False
        for token in tokens:
            match token.type:
                case "heading_open":
                    heading = int(token.tag[1])
                case "heading_close":
                    heading = 0
                case "bullet_list_open" | "ordered_list_open":
                    self.group += 1
                    self.lists.append((self.group, token.type.startswith("ordered")))
                case "bullet_list_close" | "ordered_list_close":
                    self.lists.pop()
                case "blockquote_open" | "blockquote_close":
                    self.quotes += token.nesting
                case "table_open" | "table_close":
                    in_table = token.nesting > 0
                    if in_table:
                        yield Block("table", "", "")
                case "fence" | "code_block":
                    yield Block("code", token.content, token.content)
                case "html_block":
                    self._html(token.content)
                case "inline" if not in_table:
                    yield from self._inline(token.content, heading)

    def _html(self, content: str) -> None:
        for closing, _ in _BESIDE.findall(content):
            self.beside = max(0, self.beside + (-1 if closing else 1))

    def _inline(self, content: str, heading: int) -> Iterator[Block]:
        raw = _DIRECTIVE.sub("", content).strip()
        if heading:
            # A heading ends whatever HTML was left open by mistake.
            self.beside = 0
            raw = _ATTRIBUTES.sub("", raw)
        if not raw or _FOOTNOTE.match(raw):
            return
        text = plain(raw, self.env)
        if not text:
            return
        if heading:
            yield Block("heading", raw, text, heading)
        elif self.quotes or self.beside:
            yield Block("quote", raw, text)
        elif self.lists:
            group, ordered = self.lists[-1]
            yield Block("item", raw, text, len(self.lists) - 1, group, ordered)
        else:
            yield Block("paragraph", raw, text)
