"""The style guide: terms, spelling, capitals, lengths, register. Little holds without a guide."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from contentkit.core.errors import ContentkitError
from contentkit.core.parts import Part, parts
from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Severity
from contentkit.steps._style import english, headings, japanese, lengths, spelling, width, writing
from contentkit.steps._style.guide import Guide, read_guide
from contentkit.steps._style.look import Look, Rule
from contentkit.steps._style.terms import Terms
from contentkit.steps._style.told import lines
from contentkit.steps._style.tools import TOOLS, check_installed

CHECK = True

_RULES: tuple[Rule, ...] = (
    spelling.look,
    headings.look,
    english.oxford,
    english.contractions,
    english.numbers,
    english.doubled,
    english.passive,
    lengths.sentences,
    lengths.paragraphs,
    lengths.grade,
    japanese.register,
    japanese.dropped_ra,
    japanese.double_negative,
    japanese.redundant,
    japanese.commas,
    japanese.chain,
    writing.look,
    width.widths,
    width.punctuation,
    width.spaces,
)


def after(piece: Piece) -> Piece:
    """Findings where the text is not as the guide wants it. Quotations, code, addresses and markup are left alone."""
    said = json.dumps(piece.settings.get("style", {}), sort_keys=True, default=str)
    doubled = {_end(one) for one in piece.findings if one.rule == "repetition/word" and one.severity is Severity.MINOR}
    for part in parts(piece):
        found = (one for one in _found(part, said) if one.rule != "style/repeated-word" or _end(one) not in doubled)
        piece = piece.found(*found)
        for tool in _guide(said).tools:
            piece = _linted(piece, part, said, tool)
    return piece


def _end(finding: Finding) -> tuple[str, int, int] | None:
    """Where a finding ends; of two that tell of a word that stands twice one is enough."""
    place = finding.place
    return (place.path, place.end_line or 0, place.end_column or 0) if place else None


def settings(table: Mapping[str, Any]) -> None:
    """Whether the guide can be read, and the linters run that the user wants.

    Raises:
        UsageError: a key is unknown, its value can't be, or a linter is not installed.
    """
    check_installed(read_guide(table).tools)


def told(table: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """The guide in a few lines, for a model that is to keep it."""
    return tuple(lines(read_guide(table), language))


def _found(part: Part, said: str) -> Iterator[Finding]:
    guide, language = _guide(said), part.document.language
    look = Look(part, guide)
    for rule in (_terms(said, language).look, *_RULES):
        yield from (finding for finding in rule(look) if not _quoted(part, finding))


def _linted(piece: Piece, part: Part, said: str, tool: str) -> Piece:
    """The piece with what a linter of others finds, or with a notice that it failed."""
    try:
        found = list(TOOLS[tool](Look(part, _guide(said))))
    except ContentkitError as error:
        return piece.noticed(f"{part.path}: {error}")
    return piece.found(*(finding for finding in found if not _quoted(part, finding)))


def _quoted(part: Part, finding: Finding) -> bool:
    """What others said is not ours to put right."""
    place = finding.place
    if place is None or place.line is None:
        return False
    return part.document.quoted(part.document.offset(place.line, place.column or 1))


@lru_cache(maxsize=8)
def _guide(said: str) -> Guide:
    return read_guide(json.loads(said))


@lru_cache(maxsize=8)
def _terms(said: str, language: str) -> Terms:
    return Terms.of(_guide(said), language)
