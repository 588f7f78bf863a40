"""Marks of sources in an article, ``[1]``, and the list at its end: exactly what is cited, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from contentkit.core.piece import SourceText
from contentkit.core.text.document import document
from contentkit.core.text.languages import in_language

# Code is no prose, "[1](url)" is a link, and "[1]: url" at the start of a line says where a link leads.
_MARK = re.compile(
    r"(?P<code>(?<!`)(?P<ticks>`{1,8})(?!`).{1,2000}?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<link>\[[^\[\]\n]{0,200}\]\([^()\n]{0,500}\))"
    r"|(?P<definition>^ {0,3}\[[^\]\n]+\]:)"
    r"|(?<![\\!])\[(?P<number>\d{1,3})\]",
    re.DOTALL | re.MULTILINE,
)
_SPACED = re.compile(r"[ \t]+((?:\[\d{1,3}\])+)(?![(:])")
_HEADINGS = {
    *("sources", "references", "bibliography", "出典", "参考文献", "参考資料", "引用元", "来源", "参考来源", "출처"),
    *("quellen", "literatur", "références", "bibliographie", "fuentes", "referencias", "fonti", "bibliografia"),
    *("bronnen", "fontes", "referências", "источники", "źródła"),
}
_NAMES = {"en": "Sources", "ja": "出典", "de": "Quellen", "fr": "Sources", "es": "Fuentes", "it": "Fonti",
          "nl": "Bronnen",
          "pt": "Fontes", "zh": "来源", "ko": "출처"}  # fmt: skip
# The folders of a path that begins at the root or a drive.
_ABSOLUTE = re.compile(r"^(?:/|[A-Za-z]:[\\/])(?:[^\\/]*[\\/])*(?=[^\\/])")
_MARKUP = re.compile(r"[\\`*_\[\]<>]")


def cited(text: str) -> tuple[int, ...]:
    """The numbers of the marks in a text, each once, from the smallest."""
    numbers: set[int] = set()

    def note(number: int) -> str:
        numbers.add(number)
        return ""

    _replaced(text, note)
    return tuple(sorted(numbers))


def without_marks(text: str) -> str:
    """The text without its marks, and without the space before each."""
    return _replaced(_SPACED.sub(r"\1", text), lambda _: "")


def as_footnotes(text: str, known: int) -> str:
    """The text with footnotes for the marks of the first ``known`` sources; another mark stays what it is.

    A footnote follows the word or stop before it without a space.
    """
    return _replaced(_SPACED.sub(r"\1", text), lambda number: f"[^{number}]" if 1 <= number <= known else f"[{number}]")


def _replaced(text: str, change: Callable[[int], str]) -> str:
    """The text with each mark in its prose replaced."""

    def one(found: re.Match[str]) -> str:
        return change(int(found["number"])) if found["number"] else found[0]

    pieces, position = [], 0
    for block in document(text).blocks:
        pieces += [text[position : block.start], _MARK.sub(one, text[block.start : block.end])]
        position = block.end
    return "".join([*pieces, text[position:]])


def without_list(text: str) -> str:
    """The text without the list of sources that a writer closed it with."""
    headings = [block for block in document(text).blocks if block.kind == "heading"]
    if not headings:
        return text
    last = headings[-1]
    name = text[last.start : last.end].strip("# \t\n").strip("*_：: ").casefold()
    return text[: last.start].rstrip() + "\n" if last.level > 1 and name in _HEADINGS else text


def source_list(sources: Sequence[SourceText], numbers: Sequence[int], language: str) -> str:
    """The closing section with a line for each number, or "" for none."""
    lines = [f"- [{number}] {_named(sources[number - 1])}" for number in numbers if 1 <= number <= len(sources)]
    heading = in_language(_NAMES, language)
    return f"## {heading}\n\n" + "\n".join(lines) if lines else ""


def footnotes(sources: Sequence[SourceText], numbers: Sequence[int]) -> str:
    """What the footnotes say, a line for each number."""
    lines = [f"[^{number}]: {_named(sources[number - 1])}" for number in numbers if 1 <= number <= len(sources)]
    return "\n".join(lines)


def _named(source: SourceText) -> str:
    """Title and origin of a source; where on somebody's machine a file lies is for no reader."""
    origin = _ABSOLUTE.sub("", source.origin)
    title = " ".join(_MARKUP.sub(r"\\\g<0>", source.title).split())
    if origin.startswith(("https://", "http://")) and not set(origin) & set("()<> \\"):
        return f"[{title}]({origin})" if title else f"<{origin}>"
    origin = " ".join(_MARKUP.sub(r"\\\g<0>", origin).split())
    return f"{title} ({origin})" if title and origin else title or origin
