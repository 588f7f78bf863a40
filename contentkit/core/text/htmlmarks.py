"""HTML that a model wrote where Markdown was asked for: the few tags of mail and notes, as the Markdown of the same."""

from __future__ import annotations

import re

_KNOWN = re.compile(r"</?(?:br|p|b|strong|i|em|a|ul|ol|li|h[1-6]|div|span)\b[^<>]{0,300}>", re.IGNORECASE)
_CODE = re.compile(r"(```.*?```|~~~.*?~~~|`[^`\n]*`)", re.DOTALL)
_LINK = re.compile(
    r"<a\b[^<>]{0,200}?\bhref\s*=\s*[\"']([^\"'<>\s]{1,2000})[\"'][^<>]{0,200}>(.{1,500}?)</a>",
    re.IGNORECASE | re.DOTALL,
)
_MARKS = (
    (re.compile(r"[ \t]*<br\s*/?>[ \t]*\n?", re.IGNORECASE), "  \n"),
    (re.compile(r"<(b|strong)(?:\s[^<>]{0,200})?>(?=\S)([^<>]{1,2000}?)(?<=\S)</\1>", re.IGNORECASE), r"**\2**"),
    (re.compile(r"<(i|em)(?:\s[^<>]{0,200})?>(?=\S)([^<>]{1,2000}?)(?<=\S)</\1>", re.IGNORECASE), r"*\2*"),
    (re.compile(r"\s*<h([1-6])(?:\s[^<>]{0,200})?>\s*([^<>]{1,300}?)\s*</h\1>\s*", re.IGNORECASE), "\n\n## \\2\n\n"),
    (re.compile(r"\s*<li(?:\s[^<>]{0,200})?>\s*", re.IGNORECASE), "\n- "),
    (re.compile(r"[ \t]*</li>[ \t]*|</?span(?:\s[^<>]{0,200})?>", re.IGNORECASE), ""),
    (re.compile(r"\s*</?(?:p|ul|ol|div)(?:\s[^<>]{0,200})?>\s*", re.IGNORECASE), "\n\n"),
    (re.compile(r"\n{3,}"), "\n\n"),
)


def marked_down(text: str) -> str:
    """The text with its tags as Markdown; what stands in code, and tags that are none of these, stay as they are."""
    if "<" not in text or not _KNOWN.search(text):
        return text
    parts = _CODE.split(text)
    parts[::2] = map(_converted, parts[::2])
    return "".join(parts).strip()


def _converted(text: str) -> str:
    if not _KNOWN.search(text):
        return text
    text = _LINK.sub(lambda found: f"[{' '.join(found[2].split())}]({found[1]})", text)
    for pattern, instead in _MARKS:
        text = pattern.sub(instead, text)
    return text
