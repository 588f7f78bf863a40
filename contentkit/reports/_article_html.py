"""What makes an article of a page: headings that can be linked to, its contents as navigation, quotes that stand
out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from contentkit.core.article.contents import anchors
from contentkit.core.report import Report
from contentkit.core.text.markdown import plain
from contentkit.reports._parse import words

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token


def seo(report: Report) -> Mapping[str, str]:
    """Title and description for search pages, as far as there are any."""
    given = report.fields.get("seo")
    given = given if isinstance(given, Mapping) else {}
    return {name: str(given[name]) for name in ("title", "description") if given.get(name)}


def description(report: Report) -> str:
    """The line of the head that search pages show, or ""."""
    words = seo(report).get("description")
    return f'<meta name="description" content="{escape(words)}">\n' if words else ""


def teach(parser: MarkdownIt) -> None:
    """Let the parser show what ``arrange`` marks."""
    parser.add_render_rule("heading_open", _heading)
    parser.add_render_rule("heading_close", _heading)
    parser.add_render_rule("bullet_list_open", _list)
    parser.add_render_rule("bullet_list_close", _list)
    parser.add_render_rule("footnote_caption", _caption)


def arrange(tokens: Sequence[Token], quotes: Collection[str], label: str) -> None:
    """Give headings their anchors, and mark the title, the contents and the quotes that were pulled out.

    Args:
        quotes: the words of the pull quotes.
        label: what the contents are called, for those who do not see them.
    """
    opened = [number for number, token in enumerate(tokens) if token.type == "heading_open"]
    names = anchors([plain(tokens[number + 1].content) for number in opened])
    for number, anchor in zip(opened, names, strict=True):
        if anchor:
            tokens[number].attrSet("id", anchor)
    if opened and tokens[opened[0]].tag == "h1":
        tokens[opened[0]].meta["header"] = tokens[opened[0] + 2].meta["header"] = True
    for number, token in enumerate(tokens):
        if (
            token.type == "inline"
            and number > 1
            and tokens[number - 2].type == "blockquote_open"
            and words(token) in quotes
        ):
            tokens[number - 2].attrSet("class", "pull")
        if token.type == "bullet_list_open" and token.level == 0 and (end := _end_of_contents(tokens, number)):
            token.meta["contents"] = tokens[end].meta["contents"] = label


def _end_of_contents(tokens: Sequence[Token], start: int) -> int:
    """Where the list that begins at ``start`` ends if it holds nothing but links into the page, else 0."""
    for number in range(start, len(tokens)):
        token = tokens[number]
        if token.type == "inline" and not _leads_inside(token):
            return 0
        if token.type == "bullet_list_close" and token.level == 0:
            return number
    return 0


def _leads_inside(token: Token) -> bool:
    """Whether a line is a link into the page, and nothing else."""
    parts = token.children or []
    links = [part for part in parts if part.type == "link_open"]
    return len(links) == 1 and parts[0] is links[0] and str(links[0].attrGet("href") or "").startswith("#")


def _caption(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """The number of a footnote, the same wherever it is called."""
    return f"[{tokens[index].meta['id'] + 1}]"


def _heading(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    shown = str(self.renderToken(tokens, index, options, env))
    if not tokens[index].meta.get("header"):
        return shown
    return f"<header>\n{shown}" if tokens[index].nesting > 0 else f"{shown}</header>\n"


def _list(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    shown = str(self.renderToken(tokens, index, options, env))
    label = tokens[index].meta.get("contents")
    if label is None:
        return shown
    return f'<nav aria-label="{escape(label)}">\n{shown}' if tokens[index].nesting > 0 else f"{shown}</nav>\n"
