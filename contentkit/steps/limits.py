"""Whether the draft fits the places it goes to: lengths, hashtags, links, forbidden characters, chapters."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from contentkit.core.errors import UsageError
from contentkit.core.film import upload
from contentkit.core.nearest import unknown
from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Place, Severity
from contentkit.core.text.counting import Rule, Unit, count
from contentkit.core.text.gaps import PLACEHOLDER
from contentkit.core.text.outline import Spot, spots
from contentkit.steps._breaches import Text, breaches, finding
from contentkit.steps._chapters import chapter_faults, told_chapter_faults
from contentkit.steps._shorter import joined_tags, shorter

CHECK = True

_KEYS = {field.name: field.type for field in dataclasses.fields(Rule) if field.name != "name"}
OTHER_NAMES = {"twitter": "x", "bsky": "bluesky"}
_FAR = 10
_LINKEDIN_RESERVED = frozenset("\\|{}@[]()<>*_~")


def rules(overrides: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Rule]:
    """The rules by name: those shipped, changed key by key by ``overrides``; a new name makes a new rule.

    Raises:
        UsageError: an override has an unknown key or an impossible value. ``false`` lifts a limit.
    """
    known = dict(_shipped())
    for name, keys in (overrides or {}).items():
        if not isinstance(keys, Mapping):
            raise UsageError(
                f"The limit {name!r} must be a table of keys.", hint="For example: [rules.mastodon] hard = 1000"
            )
        known[name] = _changed(known.get(name, Rule(name)), keys)
    return known


@lru_cache(maxsize=1)
def _shipped() -> dict[str, Rule]:
    data = tomllib.loads(Path(__file__).with_name("limits.toml").read_text(encoding="utf-8"))
    return {name: Rule(name=name, **keys) for name, keys in data.items()}


def _changed(rule: Rule, keys: Mapping[str, Any]) -> Rule:
    for key, value in keys.items():
        if key not in _KEYS:
            raise unknown(f"key of a limit (in {rule.name!r})", key, _KEYS)
        if not _fits(key, value):
            raise UsageError(f"{value!r} is not a value for {key!r} of the limit {rule.name!r}.", hint=_wanted(key))
    new: dict[str, Any] = {key: None if _lifts(key, value) else value for key, value in keys.items()}
    return replace(rule, **new)


def _numeric(key: str) -> bool:
    return str(_KEYS[key]).startswith("int")


def _lifts(key: str, value: object) -> bool:
    return _numeric(key) and value is False


def _fits(key: str, value: object) -> bool:
    if key == "unit":
        return value in get_args(Unit)
    if _numeric(key):
        return value is False or (isinstance(value, int) and not isinstance(value, bool) and value >= 0)
    return isinstance(value, bool if "bool" in str(_KEYS[key]) else str)


def _wanted(key: str) -> str:
    if key == "unit":
        return f"Use one of {', '.join(get_args(Unit))}."
    return "Use a whole number, or false for no limit." if _numeric(key) else "See docs/configuration.md."


def after(piece: Piece) -> Piece:
    """Findings for what breaks a limit that ``piece.limits`` names: hard ones are major, soft ones minor."""
    table: Mapping[str, Rule] = piece.fields.get("rules") or rules()
    found: list[Finding] = []
    for path, name in piece.limits.items():
        for spot in spots(piece.output if piece.output is not None else {"body": piece.body}, path):
            named = spot if piece.output is not None else replace(spot, path=piece.name)
            found += _checked(named, name, table)
    piece = piece.found(*found)
    return piece.noticed(*_notices(piece))


def insist(piece: Piece) -> Piece:
    """The piece with every text cut that is still over a hard limit, and a finding on what each cut left out."""
    table: Mapping[str, Rule] = piece.fields.get("rules") or rules()
    tree, found = piece.output if piece.output is not None else {"body": piece.body}, list[Finding]()
    for path, told in piece.limits.items():
        for spot in list(spots(tree, path)):
            if rule := table.get(rule_of(spot, told)):
                numbered = bool(piece.fields.get("numbered"))
                tree, cut = shorter(tree, spot, rule, numbered=numbered, language=piece.language)
                found += cut
    if not found:
        return piece
    piece = replace(piece, body=tree["body"]) if piece.output is None else replace(piece, output=tree)
    return piece.found(*found)


@dataclasses.dataclass(frozen=True, slots=True)
class Measure:
    """How long a text is beside what its place takes.

    Attributes:
        hard: the place takes no more; else it is only wise.
    """

    path: str
    rule: str
    length: int
    most: int
    hard: bool


def measured(piece: Piece) -> Iterator[Measure]:
    """Every text of a piece that has a limit."""
    table: Mapping[str, Rule] = piece.fields.get("rules") or rules()
    tree = piece.output if piece.output is not None else {"body": piece.body}
    for path, told in piece.limits.items():
        for spot in spots(tree, path):
            rule = table.get(rule_of(spot, told))
            most = _felt(rule) if rule else None
            if rule and most and isinstance(spot.value, str):
                yield Measure(spot.path, rule.name, count(spot.value, rule), most, most == rule.hard)


def _felt(rule: Rule) -> int | None:
    """The limit that a writer meets: a subject may be 998 characters, and inboxes cut it at 60."""
    if rule.hard and rule.soft and rule.hard > _FAR * rule.soft:
        return rule.soft
    return rule.hard or rule.soft


def rule_of(spot: Spot, name: str) -> str:
    """The name of the rule for a spot: ``name`` itself, or for "$key" what the sibling ``key`` says, and for
    "$key-alt-text" that with "-alt-text" behind it."""
    if not name.startswith("$"):
        return name
    key, dash, part = name[1:].partition("-")
    said = str(spot.parent.get(key, "") if isinstance(spot.parent, Mapping) else "").strip().lower()
    return f"{OTHER_NAMES.get(said, said)}{dash}{part}"


def _checked(spot: Spot, told: str, table: Mapping[str, Rule]) -> Iterator[Finding]:
    name = rule_of(spot, told)
    if name not in table:
        if not told.startswith("$"):
            raise unknown("limit", name, table)
        if "-" not in told:  # of a part of a post there may be no limit
            said = f"No limit is known for {name!r}."
            yield Finding("limits/unknown", said, place=Place(spot.path), category="limits")
        return
    rule = table[name]
    if name == "youtube-chapters":
        yield from (finding(name, fault, spot.path, repair) for fault, repair in chapter_faults(spot.value, spot.root))
    elif name == "youtube-description" and isinstance(spot.root, Mapping) and isinstance(spot.value, str):
        # It is uploaded with the lines of the chapters, and they count.
        yield from breaches(Text(upload({**spot.root, "description": spot.value}), spot.path), rule)
        faults = told_chapter_faults(spot.value)
        yield from (finding("youtube-chapters", fault, spot.path, repair) for fault, repair in faults)
    elif name == "youtube-tags" and isinstance(spot.value, list | str):
        listed = spot.value
        if isinstance(listed, str):
            listed = [tag.strip() for line in listed.splitlines() for tag in line.split(",") if tag.strip()]
        yield from breaches(Text(joined_tags(listed), spot.path), rule)
    elif isinstance(spot.value, str):
        for one in _texts(spot):
            yield from breaches(one, rule)
        yield from _repeats(spot, name)


def _texts(spot: Spot) -> Iterator[Text]:
    """The text of a spot, or the posts of the thread that it was divided into."""
    parent = spot.parent if isinstance(spot.parent, Mapping) else {}
    parts = parent.get("parts") if spot.path.endswith(".text") else None
    pictured = bool(parent["alt_text"]) if "alt_text" in parent else None
    if isinstance(parts, list) and parts:
        base = spot.path.removesuffix("text")
        for number, part in enumerate(parts):
            yield Text(str(part), f"{base}parts[{number}]", pictured=pictured or number > 0, divided=True)
    else:
        yield Text(spot.value, spot.path, bool(PLACEHOLDER.fullmatch(spot.value.strip())), pictured)


def _repeats(spot: Spot, name: str) -> Iterator[Finding]:
    subject = spot.parent.get("subject") if isinstance(spot.parent, Mapping) else None
    if name == "email-preheader" and isinstance(subject, str) and subject.strip():
        said, again = subject.strip().casefold(), str(spot.value).strip().casefold()
        if again.startswith(said):
            repair = f"Write a {spot.path} that adds to the subject instead of repeating it."
            yield finding(name, "repeats the subject", spot.path, repair, Severity.MINOR)


def _notices(piece: Piece) -> list[str]:
    """What to mind when a post leaves by LinkedIn's API, which silently cuts the text at a reserved character."""
    for path, name in piece.limits.items():
        for spot in spots(piece.output, path):
            signs = sorted(_LINKEDIN_RESERVED & set(str(spot.value))) if rule_of(spot, name) == "linkedin" else []
            if signs:
                return [
                    f"LinkedIn's API needs a backslash before {' '.join(signs)} in a post (--format payload writes "
                    "it); its website does not."
                ]
    return []
