"""One look of the check of grounding: the material, what the user says, and which places of a text claim nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from contentkit.core.facts.addresses import pages
from contentkit.core.facts.calendar import Calendar
from contentkit.core.facts.citations import identifiers, marks, works
from contentkit.core.facts.days import Days
from contentkit.core.facts.figures import Figures
from contentkit.core.facts.frequencies import Frequencies
from contentkit.core.facts.material import Material
from contentkit.core.facts.periods import Periods
from contentkit.core.facts.relative import Relative
from contentkit.core.facts.tokens import spaced, tokens
from contentkit.core.facts.turned import Changes
from contentkit.core.parts import Part
from contentkit.core.piece import Piece
from contentkit.core.text.document import Document, Span
from contentkit.core.text.gaps import Spans
from contentkit.core.text.prose import detect

_CONTEXT = 40
_LONG_ENOUGH = 80


@dataclass(frozen=True)
class Look:
    """What one run of the check knows.

    Attributes:
        said: ``[check.settings.grounding]``.
    """

    piece: Piece
    material: Material
    said: Mapping[str, Any]

    @property
    def drafted(self) -> bool:
        """Whether a model or the engine wrote the text just now; a file is its writer's own."""
        return self.piece.name == "body"

    @property
    def figures(self) -> Figures:
        return _figures(self.material)

    @property
    def days(self) -> Days:
        return _days(self.material)

    @property
    def relative(self) -> Relative:
        return _relative(self.material)

    @property
    def periods(self) -> Periods:
        return _periods(self.material)

    @property
    def frequencies(self) -> Frequencies:
        return _frequencies(self.material)

    @property
    def changes(self) -> Changes:
        return _changes(self.material)

    @property
    def calendar(self) -> Calendar:
        return _calendar(self.material)

    @cached_property
    def pages(self) -> frozenset[str]:
        """The addresses that the material names."""
        return pages([text for one in self.material.witnesses for text in (one.text, one.source.origin)])

    @cached_property
    def known(self) -> str:
        """What the user says needs no source, as one line of words."""
        return "".join(spaced(tokens(one).keys) for one in self.said.get("known", ()))

    def wants(self, what: str, default: bool = True) -> bool:
        """Whether this is to be looked at."""
        return bool(self.said.get(what, default))

    def is_known(self, text: str) -> bool:
        """Whether the user says that this needs no source."""
        return bool(self.known) and spaced(tokens(text).keys) in self.known

    def is_foreign(self, part: Part) -> bool:
        """Whether the text is in a language that no source is in, so that words can't be compared."""
        languages, own = self.material.languages, language_of(part.document)
        return bool(languages) and bool(own) and own not in languages


@lru_cache(maxsize=16)
def language_of(document: Document) -> str:
    """The language that a text is in, which may not be the one that was asked for."""
    found = detect(document.shadow) if len(document.text) > _LONG_ENOUGH else ""
    return found or document.language


@lru_cache(maxsize=4)
def _figures(material: Material) -> Figures:
    return Figures(material.witnesses)


@lru_cache(maxsize=4)
def _days(material: Material) -> Days:
    return Days(material.witnesses)


@lru_cache(maxsize=4)
def _relative(material: Material) -> Relative:
    return Relative(material.witnesses)


@lru_cache(maxsize=4)
def _periods(material: Material) -> Periods:
    return Periods(material.witnesses, _days(material).known)


@lru_cache(maxsize=4)
def _frequencies(material: Material) -> Frequencies:
    return Frequencies(material.witnesses)


@lru_cache(maxsize=4)
def _changes(material: Material) -> Changes:
    return Changes(material.witnesses)


@lru_cache(maxsize=4)
def _calendar(material: Material) -> Calendar:
    return Calendar(material.witnesses)


@lru_cache(maxsize=16)
def marked(document: Document) -> Spans:
    """Where marks of sources and references stand; their numbers are no numbers of the text."""
    found = [*marks(document.text), *works(document.shadow), *identifiers(document.text)]
    return Spans([Span(one.start, one.end) for one in found])


def around(document: Document, start: int, end: int) -> tuple[str, str]:
    """The words before and after a place, within its block."""
    block = document.block_at(start)
    first, last = (block.start, block.end) if block else (start, end)
    shadow = document.shadow
    return shadow[max(first, start - _CONTEXT) : start], shadow[end : min(last, end + _CONTEXT)]
