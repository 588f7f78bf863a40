"""What each rule of a guide looks at, and how it says what it found."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from contentkit.core.parts import Part
from contentkit.core.report import Finding
from contentkit.core.text.document import Block, Document, Sentence
from contentkit.core.text.phrases import lowered
from contentkit.core.text.sizes import pieces_of
from contentkit.steps._style.guide import Guide

_BOLD = re.compile(r"\s*(\*\*|__)(?:(?!\1)[^\n]){1,300}\1[:：]?\s*\Z")


@dataclass(frozen=True)
class Look:
    """One text under one guide."""

    part: Part
    guide: Guide

    @property
    def document(self) -> Document:
        return self.part.document

    @property
    def shadow(self) -> str:
        return self.part.document.shadow

    @cached_property
    def low(self) -> str:
        """The shadow in lower case."""
        return lowered(self.shadow)

    @cached_property
    def prose(self) -> tuple[Sentence, ...]:
        """The sentences of paragraphs, which is where a text speaks in whole ones. A line in bold is a heading."""
        whole = self._whole
        return tuple(one for one in self.document.sentences if one.block in whole)

    @cached_property
    def _whole(self) -> frozenset[int]:
        """The numbers of the blocks of prose."""
        return frozenset(number for number, block in enumerate(self.document.blocks) if self._speaks(block))

    @cached_property
    def pieces(self) -> Counter[str]:
        """What stands between blanks in the prose, and how often: an expression for words is tried on each once."""
        whole = self._whole
        said = zip(self.document.sentences, pieces_of(self.document), strict=True)
        return Counter(chain.from_iterable(pieces for one, pieces in said if one.block in whole))

    def _speaks(self, block: Block) -> bool:
        return block.kind == "paragraph" and not _BOLD.match(self.document.text, block.start, block.end)

    def finding(
        self,
        rule: str,
        message: str,
        start: int,
        end: int,
        *,
        use: str | None = None,
        fix: bool = False,
        repair: str = "",
    ) -> Finding:
        """A finding of the guide about the characters from ``start`` to ``end``.

        Args:
            use: what to write there instead.
            fix: it can be put in without a look at the sentence.
        """
        safe = fix and use is not None and self.shadow[start:end] == self.document.text[start:end]
        return self.part.finding(
            f"style/{rule}",
            message,
            start,
            end,
            self.guide.severity_of(rule),
            repair=repair or (f"Write “{use}” there." if use else ""),
            suggestion=use or "",
            replacement=use if safe else None,
        )


Rule = Callable[[Look], Iterator[Finding]]
"""A rule of a guide: yields nothing where the guide or the language does not ask for it."""
