"""Long runs of words that a text takes from a source without quotation marks, and their share of the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from contentkit.core.errors import UsageError
from contentkit.core.facts.copied import Edits, Run, runs
from contentkit.core.facts.material import Witness, material
from contentkit.core.facts.tokens import Tokens, words_of
from contentkit.core.nearest import unknown
from contentkit.core.parts import Part, parts
from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Place, Severity
from contentkit.core.text.document import Document
from contentkit.core.text.script import SPACELESS

CHECK = True

_WORDS, _CHARACTERS = 12, 40
_EDITS, _EDITS_WIDE = Edits(most=2, least=4), Edits(most=4, least=8)
"""Of words, and of characters of Japanese or Chinese."""
_LEAST = {"words": 4, "characters": 10}


def settings(table: Mapping[str, Any]) -> None:
    """``[check.settings.originality]``: from how many words on a run counts, and how much may be copied.

    Raises:
        UsageError: an unknown key, or a value that can't be.
    """
    for key, value in table.items():
        if key in _LEAST:
            if not isinstance(value, int) or isinstance(value, bool) or value < _LEAST[key]:
                sentence = f"[check.settings.originality] {key} must be a whole number of at least {_LEAST[key]}."
                raise UsageError(sentence)
        elif key == "share":
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
                raise UsageError("[check.settings.originality] share must lie between 0 and 1, such as 0.2.")
        else:
            raise unknown("setting of the check originality", key, (*_LEAST, "share"))


def after(piece: Piece) -> Piece:
    """A finding for each run, and how much of the text such runs are. Of an offline draft, which is made of sentences
    of the sources, only how much."""
    given = material(piece)
    if not given.sources:
        return piece
    said = piece.settings.get("originality", {})
    found, copied, whole = list[Finding](), 0, 0
    for part in parts(piece):
        least = _least(part.document, said)
        words = words_of(part.document)
        keys = _own(part.document, words)
        whole += len(words.keys)
        for run in runs(keys, given, least, _EDITS_WIDE if part.document.language in SPACELESS else _EDITS):
            copied += run.same
            found.append(_finding(part, words, run))
    if not copied:
        return piece
    share = copied / whole
    if piece.picked:
        return piece.noticed(f"{share:.0%} of the words stand in long runs of the sources, as in every offline draft.")
    return piece.found(*found, _share(piece, share, copied, whole, said.get("share")))


def _least(document: Document, said: Mapping[str, Any]) -> int:
    if document.language in SPACELESS:
        return int(said.get("characters", _CHARACTERS))
    return int(said.get("words", _WORDS))


def _own(document: Document, words: Tokens) -> Sequence[str]:
    """The words that say they are the writer's: headings, tables and quotations do not."""
    keys = list(words.keys)
    blocks = (block for block in document.blocks if block.kind in ("heading", "cell"))
    for span in (*blocks, *document.quotations):
        first, last = words.among(span.start, span.end)
        keys[first:last] = [""] * (last - first)
    return keys


def _finding(part: Part, words: Tokens, run: Run) -> Finding:
    number, whole = run.same, run.last - run.first
    unit = "characters" if part.document.language in SPACELESS else "words"
    return part.finding(
        "originality/copied",
        f"{number}{f' of {whole}' if number < whole else ''} {unit} stand word for word in {_named(run.witness)}.",
        words.starts[run.first],
        words.ends[run.last - 1],
        repair="Tell this in your own words, or put it between quotation marks and say whose words they are.",
    )


def _named(witness: Witness) -> str:
    licence = f", {witness.source.licence}" if witness.source.licence else ""
    title, origin = witness.source.title, witness.source.origin
    return f"{title!r} ({origin}{licence})" if title else f"{origin}{licence and f' ({licence[2:]})'}"


def _share(piece: Piece, share: float, copied: int, whole: int, most: float | None) -> Finding:
    over = most is not None and share > most
    bound = f", more than the {most:.0%} that may be" if over else ""
    counted = f"{copied:,} of {whole:,} words or characters"
    return Finding(
        "originality/share",
        f"{share:.0%} of the text ({counted}) stands in the sources word for word{bound}.",
        Severity.MAJOR if over else Severity.INFO,
        Place(piece.name),
        "originality",
    )
