"""What the sources offer: sections of sentences and lists that can be picked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from contentkit.core.piece import SourceText


def _letters(text: str) -> str:
    return " ".join(text.replace("*", "").replace("_", "").split())


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a source.

    Attributes:
        text: as a reader sees it.
        raw: as written in Markdown; links that lead nowhere outside the source are words only.
        source: number of the source, from 1.
        section, paragraph, position: running numbers over all sources.
        terms: what it talks about.
        place: in its paragraph, from 0.
        refers: it can't stand without the sentence before it.
        leans: it can, but it adds to another or points elsewhere.
    """

    text: str
    raw: str
    source: int
    section: int
    paragraph: int
    position: int
    place: int
    terms: frozenset[str]
    refers: bool
    leans: bool

    @property
    def plain(self) -> bool:
        """Stands in the source word for word: nothing but emphasis is taken off, no link and no code."""
        return _letters(self.text) == _letters(self.raw)

    @property
    def asks(self) -> bool:
        return self.text.rstrip("”」』)）\"'").endswith(("?", "？", "か。"))


@dataclass(frozen=True, slots=True)
class Listing:
    """A whole list of a source, with the line that leads to it; None where it stands right under its heading."""

    lead: Sentence | None
    items: tuple[str, ...]
    ordered: bool
    source: int
    position: int


@dataclass(slots=True)
class Section:
    """A part of a source under one heading."""

    title: str
    level: int
    source: int
    sentences: list[Sentence] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)


# Titles that stand over any text.
_SAYS_NOTHING = re.compile(
    r"read ?me|introduction|overview|preface|foreword|summary|abstract|contents|index|home|untitled|document"
    r"|(?:chapter|part|section)? ?(?:\d+|[ivxlc]+)\.?|einleitung|einführung|überblick|vorwort|inhalt"
    r"|はじめに|はしがき|まえがき|前書き|序[章文論]?|概要|目次|導入|イントロダクション|第[0-9０-９一二三四五六七八九十]+[章部節回]",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Material:
    """Everything the sources offer.

    Attributes:
        titles: of the sources, "" where one has none.
        language: of most of the material.
        read, whole: characters that were looked at closely, and that there are in the language.
        other: origins of sources in another language, which gave no sentences.
    """

    sources: Sequence[SourceText]
    titles: list[str] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    language: str = ""
    read: int = 0
    whole: int = 0
    other: list[str] = field(default_factory=list)

    @property
    def sentences(self) -> list[Sentence]:
        return [sentence for section in self.sections for sentence in section.sentences]

    @property
    def title(self) -> str:
        """The first that says what its source is about."""
        return next((title for title in self.titles if title and not _SAYS_NOTHING.fullmatch(title.strip())), "")
