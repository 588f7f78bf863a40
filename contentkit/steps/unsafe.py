"""What should not go out: data about people that nobody gave, secrets, forbidden topics, words that offend."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from contentkit.core import secrets
from contentkit.core.errors import UsageError
from contentkit.core.facts.material import Material, material
from contentkit.core.nearest import unknown
from contentkit.core.parts import Part, parts
from contentkit.core.personal import Datum, masked, personal
from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Severity
from contentkit.steps._unsafe import words

CHECK = True

_LISTS = ("words", "allow")
_KEYS = ("topics", *_LISTS, "profanity")
_GRAVE = frozenset({"card", "iban", "id"})
_LOOSE = frozenset({"address", "birth", "ip"})


def settings(table: Mapping[str, Any]) -> None:
    """``[check.settings.unsafe]``: topics and words to leave alone, words that are allowed.

    Raises:
        UsageError: an unknown key, or a value of the wrong form.
    """
    for key, value in table.items():
        if key == "topics":
            if not isinstance(value, list) or not all(map(_is_topic, value)):
                hint = 'For example: topics = ["lottery", {name = "gambling", words = ["casino", "bet"]}]'
                raise UsageError("[check.settings.unsafe] topics must be a list of names or tables.", hint=hint)
        elif key in _LISTS:
            if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
                raise UsageError(f"[check.settings.unsafe] {key} must be a list of words.")
        elif key == "profanity":
            if not isinstance(value, bool):
                raise UsageError("[check.settings.unsafe] profanity must be true or false.")
        else:
            raise unknown("setting of the check unsafe", key, _KEYS)


def _is_topic(value: object) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    if not isinstance(value, Mapping) or not isinstance(value.get("name"), str) or set(value) - {"name", "words"}:
        return False
    listed = value.get("words", [])
    return isinstance(listed, list) and all(isinstance(one, str) and one.strip() for one in listed)


def after(piece: Piece) -> Piece:
    """Findings for what should not go out. Values are shown masked: whoever has the text can find them."""
    said, given = piece.settings.get("unsafe", {}), material(piece)
    found: list[Finding] = []
    for part in parts(piece):
        found += _people(piece, part, given, said)
        found += _secrets(part, given)
        found += words.findings(part, said)
    return piece.found(*found)


def _people(piece: Piece, part: Part, given: Material, said: Mapping[str, Any]) -> Iterator[Finding]:
    text = part.document.text
    allowed = {str(one).casefold() for one in said.get("allow", ())}
    for datum in personal(text):
        value = text[datum.start : datum.end]
        if value.casefold() in allowed or _is_given(datum, value, given):
            continue
        repair = f"Take {datum.what} out of {part.path}: {masked(value)}."
        where = "neither the sources nor the brief have" if given.sources else "nobody gave"
        message = f"{datum.what[0].upper()}{datum.what[1:]} that {where}: {masked(value)}."
        severity = _weight(piece, datum)
        finding = part.finding(f"unsafe/{datum.sort}", message, datum.start, datum.end, severity, repair=repair)
        yield _hidden(finding, value)


def _weight(piece: Piece, datum: Datum) -> Severity:
    """What identifies people always breaks a text; how to reach them only a draft, since a file is its writer's own."""
    if datum.sort in _GRAVE:
        return Severity.MAJOR
    drafted = piece.name == "body"
    return Severity.MAJOR if drafted and datum.sort not in _LOOSE else Severity.MINOR


def _is_given(datum: Datum, value: str, given: Material) -> bool:
    """Whether the material has it, however it is written there."""
    bare = value.casefold()
    return any(datum.key in _known(one.text) or bare in _folded(one.text) for one in given.witnesses)


@lru_cache(maxsize=64)
def _folded(text: str) -> str:
    return text.casefold()


@lru_cache(maxsize=64)
def _known(text: str) -> frozenset[str]:
    found = {datum.key for datum in personal(text)}
    # Any run of digits: what the material writes without a sign of what it is.
    bare = (re.sub(r"\D", "", run) for run in re.findall(r"\d[\d\s()./-]{5,24}\d", text))
    return frozenset({*found, *(digits.lstrip("0")[-9:] for digits in bare), *re.findall(r"\d{8,19}", text)})


def _hidden(finding: Finding, value: str) -> Finding:
    place = finding.place
    return replace(finding, place=replace(place, quote=masked(value))) if place else finding


def _secrets(part: Part, given: Material) -> Iterator[Finding]:
    """Keys and passwords: never to be published, whoever gave them."""
    text = part.document.text
    for span in secrets.find(text):
        value = text[span.start : span.end]
        known = any(value in witness.text for witness in given.witnesses)
        message = f"A secret ({span.rule}) stands in the text{', as in the material' if known else ''}."
        severity = Severity.MINOR if known else Severity.MAJOR
        repair = f"Take the secret out of {part.path}."
        finding = part.finding("unsafe/secret", message, span.start, span.end, severity, repair=repair)
        # Not even its ends: of a short password they would be half of it.
        yield replace(finding, place=finding.place and replace(finding.place, quote="•••"))
