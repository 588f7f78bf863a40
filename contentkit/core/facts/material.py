"""What a text may rest on, its sources and the brief, each read once for all that is asked of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from contentkit.core.facts.multiples import with_multiples
from contentkit.core.facts.tokens import Tokens, spaced, tokens, without_targets
from contentkit.core.piece import Piece, SourceText
from contentkit.core.text.numbers import Quantity, quantities
from contentkit.core.text.prose import detect

NOT_SAID = frozenset({"rules", "sources", "length", "language", "voice", "tone"})
"""Fields that are settings, or ours: what stands in them is no fact."""
_LEADER = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+)?\d{1,3}[.)](?=[ \t])", re.MULTILINE)
_BRIEF = "the brief"


@dataclass(frozen=True, eq=False)
class Witness:
    """One text of the material.

    Attributes:
        number: its mark, from 1; 0 for the brief.
        source: as it was read.
    """

    number: int
    source: SourceText

    @property
    def name(self) -> str:
        """What messages call it: its title, else where it is from."""
        return self.source.title or self.source.origin

    @property
    def text(self) -> str:
        return self.source.text

    @cached_property
    def language(self) -> str:
        """ISO 639-1 code, found where none was given; "" when unsure."""
        return self.source.language or detect(self.text)

    @cached_property
    def plain(self) -> str:
        """The text without addresses and tags, place for place."""
        return without_targets(self.text)

    @cached_property
    def tokens(self) -> Tokens:
        """Its words; the title's stand before the text in ``line`` only."""
        return tokens(self.plain)

    @cached_property
    def line(self) -> str:
        """All words in one string, the title's first: see ``spaced``."""
        return spaced(tokens(self.source.title).keys) + spaced(self.tokens.keys)

    @cached_property
    def places(self) -> Mapping[str, Sequence[int]]:
        """Word -> where it stands among the words."""
        found: dict[str, list[int]] = {}
        for at, key in enumerate(self.tokens.keys):
            found.setdefault(key, []).append(at)
        return found

    @cached_property
    def quantities(self) -> Sequence[Quantity]:
        """Its numbers, dates and sums; the numbers of list items and headings are none."""
        text = _LEADER.sub(lambda found: " " * len(found[0]), f"{self.text}\n\n{self.source.title}")
        return with_multiples(text, quantities(text, self.language))

    def holds(self, keys: Sequence[str]) -> bool:
        """Whether these words stand in it in this order, one after the other."""
        return spaced(keys) in self.line


@dataclass(frozen=True, eq=False)
class Material:
    """All that a text may rest on.

    Attributes:
        witnesses: the sources in their order, then the brief where it says anything.
    """

    witnesses: tuple[Witness, ...]

    @cached_property
    def sources(self) -> tuple[Witness, ...]:
        """The witnesses that are no brief."""
        return tuple(one for one in self.witnesses if one.number)

    @cached_property
    def languages(self) -> frozenset[str]:
        """Of the sources, where they are known."""
        return frozenset(one.language for one in self.sources if one.language)

    def holds(self, keys: Sequence[str]) -> bool:
        """Whether these words stand in a witness in this order, one after the other."""
        return any(one.holds(keys) for one in self.witnesses)

    def numbered(self, number: int) -> Witness | None:
        """The source with this mark."""
        return self.sources[number - 1] if 1 <= number <= len(self.sources) else None


def material(piece: Piece) -> Material:
    """The material of a piece: its sources as they were read, secrets put back, and what the brief says."""
    hidden = tuple(piece.vault.items())
    said = "\n\n".join(said for name, value in piece.fields.items() if name not in NOT_SAID for said in _words(value))
    return _material(piece.originals or piece.sources, said, hidden)


@lru_cache(maxsize=8)
def _material(sources: tuple[SourceText, ...], said: str, hidden: tuple[tuple[str, str], ...]) -> Material:
    texts = [SourceText(one.origin, _shown(one.text, hidden), one.title, one.language, one.licence) for one in sources]
    witnesses = [Witness(number, text) for number, text in enumerate(texts, 1)]
    if said.strip():
        witnesses.append(Witness(0, SourceText(_BRIEF, _shown(said, hidden))))
    return Material(tuple(witnesses))


def _shown(text: str, hidden: tuple[tuple[str, str], ...]) -> str:
    for placeholder, secret in hidden:
        text = text.replace(placeholder, secret)
    return text


def _words(value: object) -> Iterator[str]:
    """The strings of a field; numbers of the kind's own inputs too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)
    elif isinstance(value, Mapping):
        yield from (said for item in value.values() for said in _words(item))
    elif isinstance(value, list | tuple):
        yield from (said for item in value for said in _words(item))
