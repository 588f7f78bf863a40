"""Whether alternative texts say what is seen: one for each picture, none for decoration, no "image of"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Place, Severity

CHECK = True

# A screen reader says "image" before it reads.
_ANNOUNCES = re.compile(
    r"\s*(?:(?:an? |the )?(?:image|picture|photo(?:graph)?|graphic|screenshot|illustration) (?:of|showing|that shows)\b"
    r"|(?:ein )?(?:Bild|Foto) (?:von|mit)\b|(?:画像|写真|図)[：:、は])",
    re.IGNORECASE,
)
_ANNOUNCES_AFTER = re.compile(r"(?:の(?:画像|写真|イラスト|スクリーンショット))[。．.]?\s*\Z")
_FILE = re.compile(r"\S+\.(?:png|jpe?g|gif|webp)\Z", re.IGNORECASE)


def after(piece: Piece) -> Piece:
    """Findings for pictures without a text, texts of no picture, and texts that do not do their work."""
    rows = piece.output.get("pictures") if isinstance(piece.output, Mapping) else None
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) and "decorative" in row for row in rows):
        return piece
    names = [PurePath(source.origin).stem.casefold() for source in piece.sources if source.picture]
    return piece.found(*_each_once(rows, len(names)), *_texts(rows, names))


def _each_once(rows: Sequence[Mapping[str, Any]], pictures: int) -> Iterator[Finding]:
    numbers = [row.get("number") for row in rows]
    for number in range(1, pictures + 1):
        if numbers.count(number) != 1:
            fault = "no alternative text" if number not in numbers else "more than one alternative text"
            repair = f"Give each of the {pictures} pictures one entry, by its number."
            yield _finding("number", f"Picture {number} has {fault}.", "pictures", repair)
    for at, said in enumerate(numbers):
        if not isinstance(said, int) or not 1 <= said <= pictures:
            repair = f"Leave pictures[{at}] out, or give it the number of its picture."
            yield _finding("number", f"There is no picture {said}.", f"pictures[{at}].number", repair)


def _texts(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Iterator[Finding]:
    for at, row in enumerate(rows):
        alt, path = str(row.get("alt") or "").strip(), f"pictures[{at}].alt"
        if row.get("decorative") is True and alt:
            repair = f"Empty {path}, or say that the picture is not decorative."
            yield _finding("decorative", "A decorative picture has an alternative text.", path, repair)
        elif row.get("decorative") is False and not alt:
            yield _finding("empty", "A picture has no alternative text.", path, f"Say in {path} what is seen.")
        elif _ANNOUNCES.match(alt) or _ANNOUNCES_AFTER.search(alt):
            repair = f"Begin {path} with what is seen; that it is a picture is announced anyway."
            yield _finding("announces", "The text says that it is a picture.", path, repair, Severity.MINOR)
        elif alt and (_FILE.search(alt) or alt.casefold() in names):
            yield _finding("name", "The text is a file name.", path, f"Say in {path} what is seen.")


def _finding(rule: str, message: str, path: str, repair: str, severity: Severity = Severity.MAJOR) -> Finding:
    return Finding(f"alt/{rule}", message, severity, Place(path), "alt", repair)
