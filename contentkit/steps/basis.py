"""Whether a structured answer rests on what it names: sources that exist, links and quotations that stand there.

Looks at the parts of an answer by their names: ``sources`` (numbers of pieces of the material), ``link``, ``quote``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Place, Severity

CHECK = True

_LEAST_QUOTE = 12  # characters; fewer may come again by accident

_OPEN = re.compile(r"\s*(?:\[[^\[\]]*\]|［[^［］]*］)\s*[.。]?\s*")
_QUOTES = dict.fromkeys(map(ord, "“”„\"«»「」『』‘’'*_"), None)


def after(piece: Piece) -> Piece:
    """Findings for numbers of sources that do not exist, answers without any, and links and quotations of nowhere."""
    if not isinstance(piece.output, Mapping):
        return piece
    ground = Ground.of(piece)
    return piece.found(*(finding for path, part in _objects(piece.output) for finding in _faults(path, part, ground)))


@dataclass(frozen=True, slots=True)
class Ground:
    """What an answer may rest on.

    Attributes:
        pieces: how many pieces of material there are.
        text: their words and origins, and what the user gave, folded for comparing.
    """

    pieces: int
    text: str

    @classmethod
    def of(cls, piece: Piece) -> Ground:
        given = [value for name, value in piece.fields.items() if isinstance(value, str) and name != "rules"]
        texts = [text for source in piece.sources for text in (source.origin, source.text)]
        return cls(len(piece.sources), folded("\n".join((*texts, *given))))

    def holds(self, text: str) -> bool:
        """Whether the words stand there, whatever white space, width and quotation marks do."""
        return folded(text) in self.text


def folded(text: str) -> str:
    """Text for comparing: one width and case, no quotation marks, one space for every run of white space."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold().split())


def _objects(tree: Any, path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(tree, Mapping):
        yield path, tree
        for name, inner in tree.items():
            yield from _objects(inner, f"{path}.{name}".lstrip("."))
    elif isinstance(tree, list):
        for number, inner in enumerate(tree):
            yield from _objects(inner, f"{path}[{number}]")


def _faults(path: str, part: Mapping[str, Any], ground: Ground) -> Iterator[Finding]:
    here = f"{path}." if path else ""
    numbers = part.get("sources")
    if isinstance(numbers, list):
        yield from _numbers(f"{here}sources", numbers, part, ground)
    link = part.get("link")
    if isinstance(link, str) and link.strip() and not ground.holds(link.strip()):
        repair = f"Give {here}link exactly as the material has it, or leave it empty."
        yield _finding("link", f"The link {link.strip()[:80]!r} stands nowhere in the material.", f"{here}link", repair)
    quote = part.get("quote")
    if isinstance(quote, Mapping):
        yield from _quote(f"{here}quote", quote, ground)
        yield from _said_twice(here, str(quote.get("text") or ""), part)


def _numbers(path: str, numbers: list[Any], part: Mapping[str, Any], ground: Ground) -> Iterator[Finding]:
    strange = [number for number in numbers if not isinstance(number, int) or not 1 <= number <= ground.pieces]
    if strange:
        said = ", ".join(map(str, strange))
        there = f"1 to {ground.pieces}" if ground.pieces else "none"
        repair = f"Name in {path} only pieces that exist ({there}), and only what the words rest on."
        yield _finding("source", f"There is no piece of the material with the number {said}.", path, repair)
    answer = part.get("answer")
    if isinstance(answer, str) and not numbers and "answered" not in part and not _OPEN.fullmatch(answer):
        repair = f"Name in {path} what the answer rests on; where the material does not answer, put a placeholder."
        yield _finding("nothing", "An answer rests on no source.", path.removesuffix("sources") + "answer", repair)


def _quote(path: str, quote: Mapping[str, Any], ground: Ground) -> Iterator[Finding]:
    text, speaker = (str(quote.get(name) or "").strip() for name in ("text", "speaker"))
    if text and not _OPEN.fullmatch(text) and not ground.holds(text.strip(" ,.、。")):
        repair = f"Copy {path}.text word for word from the material, or leave {path}.text and {path}.speaker empty."
        yield _finding("quote", "The quotation does not stand in the material.", f"{path}.text", repair, text)
    if text and not speaker:
        repair = f"Name in {path}.speaker who says it, as the material does, or leave the quotation out."
        yield _finding("speaker", "The quotation has no speaker.", f"{path}.speaker", repair)
    name = re.split(r"[,、，(（]", speaker)[0].strip()
    if text and name and not _OPEN.fullmatch(speaker) and not ground.holds(name):
        repair = f"Name in {path}.speaker who says it, as the material does."
        yield _finding("speaker", f"{name!r} stands nowhere in the material.", f"{path}.speaker", repair)


def _said_twice(here: str, quote: str, part: Mapping[str, Any]) -> Iterator[Finding]:
    """A quotation that stands in the text around it too, so that a reader meets it twice."""
    said = folded(quote).strip(" ,.、。")
    for name in ("lead", "text") if len(said) >= _LEAST_QUOTE else ():
        if said in folded(str(part.get(name) or "")):
            message = f"The quotation stands in {here}{name} too, and would be read twice."
            repair = f"Take it out of {here}{name}."
            place = Place(f"{here}{name}", quote=quote[:120])
            yield Finding("basis/twice", message, Severity.MINOR, place, "basis", repair)


def _finding(rule: str, message: str, path: str, repair: str, quote: str = "") -> Finding:
    return Finding(f"basis/{rule}", message, Severity.MAJOR, Place(path, quote=quote[:120]), "basis", repair)
