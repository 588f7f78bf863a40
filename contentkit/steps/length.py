"""Whether a free text is as long as was asked, within a tenth."""

from __future__ import annotations

from contentkit.core.article.size import written
from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Place, Severity
from contentkit.core.text.languages import primary
from contentkit.core.text.script import SPACELESS

CHECK = True

_SHARE = 0.1
# Of a short text a tenth is a sentence; nobody counts so closely.
_LEAST_WORDS, _LEAST_SIGNS = 15, 40


def after(piece: Piece) -> Piece:
    """A finding for a text that is too long (major: it takes room that is not there), or too short."""
    asked = piece.fields.get("length")
    if piece.output is not None or not isinstance(asked, int) or isinstance(asked, bool) or asked < 1:
        return piece
    spaceless = primary(piece.language) in SPACELESS
    length, unit = written(piece.body, piece.language), "characters" if spaceless else "words"
    slack = max(asked * _SHARE, _LEAST_SIGNS if spaceless else _LEAST_WORDS)
    if length > asked + slack:
        repair = f"Shorten the text to about {asked} {unit} (it has {length}): leave out what matters least, whole."
        return piece.found(_finding("long", f"The text has {length} of {asked} {unit}.", repair, Severity.MAJOR, piece))
    if length < asked - slack:
        # Where the material gives out, to stop is right, and no fault of the text.
        offered = sum(written(source.text, piece.language) for source in piece.sources)
        short = piece.sources and offered < asked
        more = f"; the material has about {offered}" if short else ""
        repair = f"Lengthen the text to about {asked} {unit} (it has {length}), from the material only."
        severity = Severity.INFO if short else Severity.MINOR
        return piece.found(
            _finding("short", f"The text has {length} of {asked} {unit}{more}.", repair, severity, piece)
        )
    return piece


def _finding(rule: str, message: str, repair: str, severity: Severity, piece: Piece) -> Finding:
    return Finding(f"length/{rule}", message, severity, Place(piece.name), "length", repair)
