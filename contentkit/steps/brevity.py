"""Whether a summary is as short as was asked, and has the form that was asked: points, one paragraph, one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from contentkit.core.article.citations import without_marks
from contentkit.core.article.size import written
from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Place, Severity
from contentkit.core.text.gaps import PLACEHOLDER
from contentkit.core.text.languages import primary
from contentkit.core.text.markdown import plain
from contentkit.core.text.prose import sentences
from contentkit.core.text.script import SPACELESS

CHECK = True

_STYLES = ("bullets", "paragraph", "tldr")
_POINT = re.compile(r"^\s*(?:[-*+・•]|\d{1,2}[.)])\s+", re.MULTILINE)
_TLDR, _TLDR_SPACELESS = 30, 60
_LEAST_POINTS, _MOST_POINTS = 3, 7
# Nobody counts a list to the word.
_SLACK = 1.1


def after(piece: Piece) -> Piece:
    """Findings for a summary that is longer than ``length``, or has another form than ``style``."""
    if piece.fields.get("style") not in _STYLES or piece.output is not None:
        return piece
    body = PLACEHOLDER.sub("", without_marks(piece.body)).strip()
    if not re.search(r"\w", body):  # nothing but marks of what is open
        return piece
    faults = [*_length(body, piece), *_form(body, piece)]
    return piece.found(*(replace(fault, place=Place(piece.name)) for fault in faults))


def _length(body: str, piece: Piece) -> Iterator[Finding]:
    spaceless = primary(piece.language) in SPACELESS
    most = int(piece.fields.get("length") or 0)
    if piece.fields.get("style") == "tldr":
        most = _TLDR_SPACELESS if spaceless else _TLDR
    length, unit = written(_POINT.sub("", body), piece.language), "characters" if spaceless else "words"
    if most and length > most * _SLACK:
        repair = f"Shorten it to at most {most} {unit} (it has {length}): leave out what matters least, whole."
        yield _finding("length", f"The summary has {length} of {most} {unit}.", repair)


def _form(body: str, piece: Piece) -> Iterator[Finding]:
    points = len(_POINT.findall(body))
    match piece.fields.get("style"):
        case "bullets" if not points:
            yield _finding("form", "The summary is no list of points.", "Write it as points, each on a line with '- '.")
        case "bullets" if points > _MOST_POINTS:
            repair = f"Keep the {_MOST_POINTS} points that matter most, at least {_LEAST_POINTS}."
            yield _finding("form", f"The summary has {points} points, better at most {_MOST_POINTS}.", repair)
        case "paragraph" if points or len(body.split("\n\n")) > 1:
            yield _finding(
                "form", "The summary is more than one paragraph.", "Write it as one paragraph without lists."
            )
        case "tldr" if len(sentences(plain(body), piece.language)) > 1:
            yield _finding("form", "The summary is more than one sentence.", "Keep the one sentence that matters most.")


def _finding(rule: str, message: str, repair: str) -> Finding:
    return Finding(f"brevity/{rule}", message, Severity.MAJOR, category="brevity", repair=repair)
