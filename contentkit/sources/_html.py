"""The article of an HTML page as Markdown, by trafilatura; used for pages of the web and on disk."""

from __future__ import annotations

import re
from html import unescape

from contentkit.core.errors import MissingExtra, UsageError

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)
_LANG = re.compile(r"""<html[^>]{0,500}?\s(?:xml:)?lang\s*=\s*["']?([A-Za-z]{2,3})\b""", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{0,500})", re.IGNORECASE)
_MOST = 20_000_000
"""Characters; trafilatura takes minutes for more."""


def declared_charset(data: bytes) -> str:
    """What the page's own <meta> says, looked for where the HTML standard does (its beginning)."""
    found = _CHARSET.search(data[:4096])
    return found[1].decode("ascii") if found else ""


def to_markdown(html: str, *, name: str) -> tuple[str, str, str]:
    """The page's article, title and language ("" where it does not tell).

    Raises:
        MissingExtra: trafilatura is not installed.
        UsageError: there is no article to be found, or the page is too long.
    """
    try:
        import trafilatura
    except ImportError:
        raise MissingExtra(f"Reading the page {name}", "web") from None
    if len(html) > _MOST:
        raise UsageError(f"The page {name} is longer than {_MOST // 1_000_000} million characters.")
    text = trafilatura.extract(html, output_format="markdown", include_tables=True, include_comments=False) or ""
    if not text.strip():
        text = trafilatura.html2txt(html) or ""
    if not text.strip():
        raise UsageError(
            f"No text was found in the page {name}.",
            hint="It may be drawn by scripts; save what you see as text, and give that file.",
        )
    title, language = _TITLE.search(html), _LANG.search(html)
    return (
        text.strip() + "\n",
        " ".join(unescape(title[1]).split()) if title else "",
        language[1].lower()[:2] if language else "",
    )
