"""The bytes of a file or a page to a ``SourceText``, by what they are."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Literal

from contentkit.core.piece import Reading, ReadLimits, SourceText
from contentkit.core.text.decode import Decoded, EmptyText, decode
from contentkit.sources._html import declared_charset, to_markdown
from contentkit.sources._office import docx_text, pdf_text

Kind = Literal["text", "html", "pdf", "docx"]
_SUFFIXES: dict[str, Kind] = {".html": "html", ".htm": "html", ".xhtml": "html", ".pdf": "pdf", ".docx": "docx"}
_PROSE = frozenset(("", ".md", ".markdown", ".mdx", ".mkd", ".qmd", ".txt", ".text", ".rst", ".adoc"))
_ANCHOR = re.compile(r"\s*\{#[^{}]{1,100}\}$")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.{0,65536}?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^#[ \t]+(\S.{0,300}?)[ \t#]*$|^(\S.{0,300})\r?\n={3,}[ \t]*$", re.MULTILINE)
_TEXT_LIKE_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype html|html)\b", re.IGNORECASE | re.DOTALL
)


def _kind_of(name: str, data: bytes, declared: str = "") -> Kind:
    """What to read the bytes as: their signature first, then what was declared, then the name's suffix."""
    if data.startswith(b"%PDF-"):
        return "pdf"
    suffix = _SUFFIXES.get(PurePosixPath(name).suffix.lower())
    if suffix == "docx" or "wordprocessingml" in declared:
        return "docx"
    if declared in ("text/html", "application/xhtml+xml") or suffix in ("html", "pdf"):
        return "html" if suffix != "pdf" else "pdf"
    if declared in ("", "application/octet-stream") and _TEXT_LIKE_HTML.match(data[:4096].decode("latin-1")):
        return "html"
    return "text"


def convert(
    data: bytes, *, name: str, limits: ReadLimits, declared: str = "", charset: str = "", path: str = ""
) -> Reading:
    """The text in ``data``.

    Args:
        name: the origin, as the user called it; also used in errors.
        declared: media type from an HTTP header, or "".
        charset: charset from an HTTP header, or "".
        path: what the suffix is read from, where it is not ``name``.

    Raises:
        NoText: it is empty (``EmptyText``) or binary.
        UsageError: it can't be read; the sentence says why.
    """
    if not data:
        raise EmptyText(name)
    kind = _kind_of(path or name, data, declared)
    if kind == "pdf":
        text, title = pdf_text(data, name=name, most=limits.max_bytes)
        return Reading.of(SourceText(name, text, title or _first_heading(text)))
    if kind == "docx":
        text, title = docx_text(data, name=name, most=limits.max_bytes)
        return Reading.of(SourceText(name, text, title or _first_heading(text)))
    decoded = decode(data, name=name, declared=charset or (declared_charset(data) if kind == "html" else ""))
    if not decoded.text or decoded.text.isspace():
        raise EmptyText(name, decoded.text)
    if kind == "html":
        text, title, language = to_markdown(decoded.text, name=name)
        return Reading.of(SourceText(name, text, title or _first_heading(text), language), *_told(name, decoded))
    source = plain(name, decoded.text)
    if limits.as_written:
        source = replace(source, text=decoded.text)
    return Reading.of(source, *_told(name, decoded))


def plain(name: str, text: str) -> SourceText:
    """Text or Markdown: title, language and licence from its front matter, else the title from its first heading."""
    found = _FRONT_MATTER.match(text) if text.startswith("---") else None
    facts = _facts(found[1]) if found else {}
    if found and facts:
        text = text[found.end() :]
    language = facts.get("lang") or facts.get("language") or ""
    return SourceText(
        name,
        text,
        facts.get("title") or (_first_heading(text) if _is_prose(name) else ""),
        language.lower()[:2] if re.match(r"[A-Za-z]{2}(?:[-_]|\Z)", language) else "",
        facts.get("licence") or facts.get("license") or "",
    )


def _facts(front: str) -> dict[str, str]:
    """The front matter's plain values; {} when it is not a YAML mapping (then it is part of the text)."""
    import yaml

    try:
        data = yaml.safe_load(front)
    except (yaml.YAMLError, ValueError, RecursionError):  # ValueError: a date that does not exist
        return {}
    if not isinstance(data, dict):
        return {}
    facts = {
        str(key).lower(): str(value).strip() for key, value in data.items() if isinstance(value, str | int | float)
    }
    return facts or {"": ""}


def _is_prose(name: str) -> bool:
    """Whether "# words" is a heading there, and no comment of a program or a settings file."""
    return "://" in name or PurePosixPath(name).suffix.lower() in _PROSE


def _first_heading(text: str) -> str:
    found = _HEADING.search(text, 0, 20_000)
    return _ANCHOR.sub("", (found[1] or found[2]).strip()) if found else ""


def _told(name: str, decoded: Decoded) -> tuple[str, ...]:
    return (f"{name} does not say its encoding; it was read as {decoded.encoding}.",) if decoded.guessed else ()
