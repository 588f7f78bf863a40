"""Links and pictures: they lead somewhere, and a picture has words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from contentkit.core.parts import Part
from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Severity
from contentkit.core.text.targets import Linked, anchors, linked, notes, relative, uncoded

_IMG_BEGINS = re.compile("<[iI][mM][gG]")
_IMG = re.compile(r"<img\b[^<>]{0,2000}>", re.IGNORECASE)
_ALT = re.compile(r"\balt\s*=", re.IGNORECASE)


def look(part: Part, piece: Piece) -> Iterator[Finding]:
    """Findings for links, pictures and notes."""
    known = anchors(part.document)
    for one in linked(part.document):
        yield from _link(part, one, piece.missing, known)
    for start, end, name in notes(part.document):
        yield part.finding("markdown/note", f"There is no note [^{name}].", start, end)
    yield from _pictures(part)


def _link(part: Part, one: Linked, missing: frozenset[str], known: frozenset[str]) -> Iterator[Finding]:
    place = one.start, one.end
    if one.image and not one.label.strip():
        repair = "Say between the square brackets what the picture shows."
        yield part.finding("markdown/alt", "A picture without words for those who can't see it.", *place, repair=repair)
    if one.target is None:
        yield part.finding("markdown/reference", f"There is no definition of [{one.name}].", *place)
    elif not one.target.strip("#"):
        what = "picture" if one.image else "link"
        yield part.finding("markdown/link", f"A {what} without an address.", *place)
    elif not one.image and not one.label.strip():
        yield part.finding("markdown/link", "A link without words.", *place)
    elif one.target in missing:
        yield part.finding(
            "markdown/link", f"{one.target} leads to no file, or to no heading of it.", *place, Severity.MAJOR
        )
    elif (there := relative(one.target)) and not there[0] and there[1] not in known and there[1].lower() not in known:
        if there[1].lower() == "top":
            return  # leads to the top of every page
        yield part.finding("markdown/anchor", f"There is no heading for #{there[1]}.", *place)


def _pictures(part: Part) -> Iterator[Finding]:
    """Pictures as HTML; alt="" says that one is an ornament."""
    text = part.document.text
    if not _IMG_BEGINS.search(text):
        return
    for found in _IMG.finditer(uncoded(text)):
        if not _ALT.search(found[0]):
            yield part.finding("markdown/alt", "A picture without an alt text.", found.start(), found.end())
