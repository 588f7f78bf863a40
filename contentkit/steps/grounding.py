"""Whether what a text says stands in its sources or the brief: numbers, dates, quotations, citations, names.

What a person would have to look up is told as it is: the words of the text, and what the sources have instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from contentkit.core.errors import UsageError
from contentkit.core.facts.material import material
from contentkit.core.nearest import unknown
from contentkit.core.parts import Part, parts
from contentkit.core.piece import Piece
from contentkit.core.report import Finding
from contentkit.steps._grounding import numbers, references, words
from contentkit.steps._grounding.look import Look, language_of

CHECK = True

_SWITCHES = ("names", "claims", "derived")


def settings(table: Mapping[str, Any]) -> None:
    """``[check.settings.grounding]``: what is looked at, and what needs no source.

    Raises:
        UsageError: an unknown key, or a value of the wrong type.
    """
    for key, value in table.items():
        if key in _SWITCHES:
            if not isinstance(value, bool):
                raise UsageError(f"[check.settings.grounding] {key} must be true or false, not {value!r}.")
        elif key == "known":
            if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
                sentence = "[check.settings.grounding] known must be a list of texts."
                raise UsageError(sentence, hint='For example: known = ["ACME Inc"]')
        else:
            raise unknown("setting of the check grounding", key, (*_SWITCHES, "known"))


def after(piece: Piece) -> Piece:
    """Findings for what the material does not carry. Without a source, only what is wrong whatever the source says."""
    said = piece.settings.get("grounding", {})
    look = Look(piece, material(piece), said)
    findings, unchecked, foreign = list[Finding](), False, set[str]()
    for part in parts(piece):
        findings += _of(part, look)
        unchecked = unchecked or (not look.material.sources and numbers.any_claim(part, look))
        if look.is_foreign(part):
            foreign.add(language_of(part.document))
    piece = piece.found(*findings)
    if unchecked:
        piece = piece.noticed("There is no source: numbers, dates, names and quotations were held against nothing.")
    if foreign:
        other = ", ".join(sorted(look.material.languages))
        own = ", ".join(sorted(foreign))
        piece = piece.noticed(
            f"The text is in {own}, the sources in {other}: its numbers and dates were held against them."
        )
    return piece


def _of(part: Part, look: Look) -> Iterator[Finding]:
    yield from numbers.findings(part, look)
    yield from references.findings(part, look)
    yield from words.findings(part, look)
