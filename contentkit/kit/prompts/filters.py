"""Filters for templates: values laid into text and Markdown so that they stay values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.runtime import Undefined

from contentkit.core import film
from contentkit.core.captions import sayable
from contentkit.reports._wrap import wrap


def scalar(value: Any) -> str:
    """The text of a string, number or truth value.

    Raises:
        SecurityError: it is a list or another thing without one text.
    """
    if isinstance(value, Undefined):
        str(value)  # raises the error that names it
    if isinstance(value, str):
        return str(value)
    if value is None:
        return ""
    if isinstance(value, int) and value.bit_length() > 10_000:
        raise SecurityError("the template makes too large a number")
    if isinstance(value, (int, float)):
        return str(value)
    raise SecurityError(f"{type(value).__name__} has no one text; use |join(', ') or |tojson")


def inline(text: Any) -> str:
    """``text`` on one line."""
    return " ".join(part for line in scalar(text).splitlines() if (part := line.strip()))


def cell(text: Any) -> str:
    """``text`` as a cell of a Markdown table, which it can't leave."""
    line = inline(text)
    # Renderers disagree on a backslash before an escaped pipe; the entity means the same to all of them.
    return (line.replace("\\|", "\\&#124;").replace("|", "\\|") or " ") + ("" if not line.endswith("\\") else " ")


def verbatim(text: Any) -> str:
    """``text`` as a Markdown code block that it can't close: every character stays as it is."""
    body = scalar(text).strip("\n")
    longest = max((len(run) for run in re.findall("`+", body)), default=0)
    ticks = "`" * max(3, longest + 1)
    return f"{ticks}text\n{body}\n{ticks}"


# What starts a block of Markdown where it stands first on a line.
_BLOCK = re.compile(r"^(\d{0,9})([#>+*\-`~=|_.)<])", re.MULTILINE)
_ITEM = re.compile(r"(?P<mark>\s*(?:[-*+•・]|\d{1,3}[.)])\s+)(?=\S)")
_AS_IT_IS = re.compile(r"\s{4}|\t|\s*(?:\||>|`{3})|[A-Z][A-Za-z-]*(?:-by)?: \S")
"""Code, tables, quotations and trailers (Signed-off-by: ...): their lines are never joined."""


def wrapped(text: Any, columns: int = 72) -> str:
    """Plain text with its paragraphs and list items folded to ``columns``, as commit messages are."""
    lines: list[str] = []
    fenced = False
    paragraph: list[str] = []

    def close() -> None:
        lines.extend(_folded(paragraph, max(20, min(int(columns), 500))))
        paragraph.clear()

    for line in scalar(text).strip().split("\n"):
        fence = line.lstrip().startswith("```")
        if fenced or fence or (_AS_IT_IS.match(line) and not (paragraph and line.startswith(" "))):
            close()
            lines.append(line.rstrip())
            fenced ^= fence
        elif not line.strip():
            close()
            lines.append("")
        else:
            if _ITEM.match(line):
                close()
            paragraph.append(line)
    close()
    return "\n".join(lines)


def _folded(paragraph: list[str], columns: int) -> list[str]:
    if not paragraph:
        return []
    item = _ITEM.match(paragraph[0])
    first = item["mark"] if item else ""
    words = "\n".join([paragraph[0][len(first) :], *paragraph[1:]])
    # Japanese and Chinese need no space where a line ended.
    words = re.sub(r"(?<=[\u3000-\u9fff\uff00-\uffef])\s*\n\s*(?=[\u3000-\u9fff\uff00-\uffef])", "", words)
    return wrap(words, columns, first=first, rest=" " * len(first))


def rounded(number: float, places: int = 0) -> float:
    """A number with at most so many decimal places. Jinja's own can be asked for a billion of them."""
    return round(float(number), max(-15, min(int(places), 15)))


def clock(seconds: Any) -> str:
    """Seconds as m:ss, or h:mm:ss from an hour on."""
    return film.clock(float(seconds))


def narration(scenes: Any) -> str:
    """The spoken words of a script's rows, a paragraph for each; none of them can start a heading, list or fence."""
    said = film.narration(film.scenes_of({"scenes": scenes}))
    return _BLOCK.sub(lambda found: f"{found[1]}\\{found[2]}", said)


def upload(data: Any) -> str:
    """The description of a script's answer with the lines of its chapters, as it is uploaded."""
    return film.upload(data if isinstance(data, Mapping) else {})


def pace(language: Any) -> int:
    """Words that a narrator says in a minute, or characters of Japanese and Chinese; fewer where subtitles could not
    be read as fast (Japanese)."""
    return sayable(scalar(language))
