"""Links and pictures of a Markdown text with where they lead, and what can be linked to in it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from contentkit.core.text.document import Document

_LINK = re.compile(
    r"(?:(?P<image>!)\[|\[)(?P<label>(?:[^\[\]\\]|\\.|\[[^\[\]]{0,300}\]){0,1000})\]"
    r"(?:\((?P<target>\s*(?:<[^<>\n]{0,2000}>|[^\s()<>]{0,2000}(?:\([^\s()]{0,500}\)[^\s()]{0,1000}){0,4})"
    r"(?:\s+(?:\"[^\"\n]{0,500}\"|'[^'\n]{0,500}'))?\s*)\)|\[(?P<name>[^\[\]\n]{0,200})\])"
)
_DEFINED = re.compile(r"\n {0,3}\[(?!\^)([^\[\]\n]{1,200})\]:[ \t]*(\S+)")
_NOTE = re.compile(r"\[\^([^\[\]\s]{1,60})\](?!:)")
_NOTE_DEFINED = re.compile(r"\n {0,3}\[\^([^\[\]\s]{1,60})\]:")
_CODE = re.compile(r"`(?<!``)(`{0,7})(?!`).{1,2000}?(?<!`)`\1(?!`)|<!--.{0,5000}?-->", re.DOTALL)
_SIGN = re.compile(r"[^\n]")
_OWN_ID = re.compile(
    r"\{#([\w:.-]+)[^{}]*\}|\{/\*([\w:.-]+)\*/\}|id=(?<!\wid=)[\"']([^\"']{1,200})[\"']"
    r"|name=(?<!\wname=)[\"']([^\"']{1,200})[\"']"
)
_ATTRIBUTES = re.compile(r"\s*\{[#./:][^{}]*\}\s*\Z|\s#+\s*\Z")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|/|\{\{|\{%|<|\$", re.IGNORECASE)
_TAG_OR_TARGET = re.compile(r"\]\([^()\s]*\)|\]\[[^\[\]]*\]|<[^<>]*>|[\[\]*`]")


@dataclass(frozen=True, slots=True)
class Linked:
    """A link or a picture.

    Attributes:
        start, end: its span in the text, in code points.
        label: what a reader sees; of a picture, its alternative text.
        target: where it leads; of a reference without a definition None.
        name: of the definition that it refers to, or "".
    """

    start: int
    end: int
    image: bool
    label: str
    target: str | None
    name: str = ""


def uncoded(raw: str) -> str:
    """Inline Markdown with code and comments blanked out, place for place."""
    return _CODE.sub(_blank, raw) if "`" in raw or "<!--" in raw else raw


def _blank(found: re.Match[str]) -> str:
    return _SIGN.sub(" ", found[0]) if "\n" in found[0] else " " * len(found[0])


def linked(document: Document) -> Iterator[Linked]:
    """The links and pictures of the prose, in order; those in the label of another are not given again."""
    if "](" not in document.text and "][" not in document.text:
        return
    known = definitions(document.text)
    for block in document.blocks:
        written = document.text[block.start : block.end]
        if "](" in written or "][" in written:
            for found in _LINK.finditer(uncoded(written)):
                yield from _read(found, written, block.start, known)


def _read(found: re.Match[str], written: str, start: int, known: dict[str, str]) -> Iterator[Linked]:
    label, place = written[slice(*found.span("label"))], (start + found.start(), start + found.end())
    if found["target"] is not None:
        target = found["target"].strip()
        target = target[1:].partition(">")[0] if target.startswith("<") else target.partition(" ")[0]
        yield Linked(*place, bool(found["image"]), label, target)
    else:
        name = found["name"] or label
        yield Linked(*place, bool(found["image"]), label, known.get(_named(name)), name)
    for inner in _LINK.finditer(label) if "![" in label else ():
        yield from _read(inner, label, start + found.start("label"), known)


def definitions(text: str) -> dict[str, str]:
    """The reference definitions of a text: name -> target."""
    found = _DEFINED.findall(f"\n{text}") if "]:" in text else ()
    return {_named(name): target for name, target in found}


def _named(name: str) -> str:
    return " ".join(name.split()).casefold()


def notes(document: Document) -> Iterator[tuple[int, int, str]]:
    """Footnote marks that no note stands for: their span and name."""
    if "[^" not in document.text:
        return
    defined = set(_NOTE_DEFINED.findall(f"\n{document.text}"))
    for block in document.blocks:
        raw = document.text[block.start : block.end]
        for found in _NOTE.finditer(uncoded(raw)) if "[^" in raw else ():
            if found[1] not in defined:
                yield block.start + found.start(), block.start + found.end(), found[1]


def anchors(document: Document) -> frozenset[str]:
    """What "#..." may name in this text: its headings, as forges and site builders make anchors of them, and ids."""
    found, times = set[str](), Counter[str]()
    for block in document.blocks:
        if block.kind == "heading":
            slug = fresh = _slugged(document.text[block.start : block.end])
            while fresh in found:
                times[slug] += 1
                fresh = f"{slug}-{times[slug]}"
            found.add(fresh)
    found.update(one for ids in _OWN_ID.findall(document.text) for one in ids if one)
    return frozenset(found)


def _slugged(heading: str) -> str:
    """The anchor of a heading: small letters, no punctuation, a hyphen for each space."""
    line = heading.strip().lstrip("#").split("\n")[0].strip()
    words = unicodedata.normalize("NFC", _TAG_OR_TARGET.sub("", _ATTRIBUTES.sub("", line)).lower().strip())
    return re.sub(r"[^\w\- ]", "", words).replace(" ", "-")


def relative(target: str) -> tuple[str, str] | None:
    """The path and the anchor of a link within a folder ("" where it has none); None for one that leads elsewhere."""
    if not target or _ELSEWHERE.match(target):
        return None
    path, _, anchor = target.partition("#")
    return unquote(path.partition("?")[0]), unquote(anchor)
