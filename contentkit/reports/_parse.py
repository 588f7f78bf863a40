"""Markdown of drafts read for formats that show it laid out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LOOSE_BOLD = re.compile(r"\*\*([「『（【〈《][^*]*|[^*\s][^*]*[」』）】〉》。、！？…])\*\*")
"""CommonMark leaves these two asterisks as they are beside Japanese brackets and stops; readers take them for bold."""

_SCHEME = re.compile(r"^[a-z][a-z0-9+.\-]*:", re.IGNORECASE)
_SAFE_SCHEMES = ("http:", "https:", "mailto:")


def parser() -> MarkdownIt:
    """A fresh parser: tables and footnotes; HTML is text, and a link that may not stand is text too."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    made = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    made.use(footnote_plugin, inline=False)
    made.validateLink = is_safe  # type: ignore[method-assign]
    return made


def words(token: Token) -> str:
    """The words of a line, without markup."""
    parts = (part.content for part in token.children or () if part.type in ("text", "code_inline", "text_special"))
    return "".join(parts)


def is_safe(url: str) -> bool:
    """Whether a link may stand: no script, no data, no file, and nothing hidden before the scheme."""
    plain = re.sub(r"[\x00-\x20\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202f\ufeff]", "", url)
    scheme = _SCHEME.match(plain)
    return scheme is None or scheme[0].lower() in _SAFE_SCHEMES
