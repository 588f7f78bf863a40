"""Whether the draft fits the places it goes to: lengths, hashtags, links, forbidden characters, chapters."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from contentkit.core.errors import UsageError
from contentkit.core.film import upload
from contentkit.core.nearest import unknown
from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Place, Severity
from contentkit.core.text.counting import Rule, Unit, count, distinct_links, hashtags, size
from contentkit.core.text.outline import Spot, spots
from contentkit.steps._chapters import chapter_faults

CHECK = True

_UNITS = {
    "weighted": "weighted characters",
    "graphemes": "characters",
    "characters": "characters",
    "utf16": "UTF-16 units",
    "bytes": "bytes",
    "words": "words",
    "lines": "lines",
}
_HOW = {
    "weighted": "Chinese, Japanese and Korean characters and emoji count 2",
    "utf16": "most emoji count 2",
    "bytes": "a Japanese character counts 3",
}
_KEYS = {field.name: field.type for field in dataclasses.fields(Rule) if field.name != "name"}
_OTHER_NAMES = {"twitter": "x", "bsky": "bluesky"}
# A mark for what is still to be written: "[price from March on]".
_OPEN = re.compile(r"\[[^\]]*\]|［[^］]*］")
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
                f"The limit {name!r} must be a table of keys.", hint="For example: [limits.mastodon] hard = 1000"
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
    return dataclasses.replace(rule, **new)


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
            named = spot if piece.output is not None else dataclasses.replace(spot, path=piece.name)
            found += _checked(named, name, table)
    piece = piece.found(*found)
    return piece.noticed(*_notices(piece))


def _checked(spot: Spot, name: str, table: Mapping[str, Rule]) -> Iterator[Finding]:
    if name.startswith("$"):
        wanted = str(spot.parent.get(name[1:], "") if isinstance(spot.parent, Mapping) else "").strip().lower()
        name = _OTHER_NAMES.get(wanted, wanted)
        if name not in table:
            yield Finding(
                "limits/unknown", f"No limit is known for {wanted!r}.", place=Place(spot.path), category="limits"
            )
            return
    if name not in table:
        raise unknown("limit", name, table)
    if name == "youtube-chapters":
        yield from (_finding(name, fault, spot.path, repair) for fault, repair in chapter_faults(spot.value, spot.root))
    elif name == "youtube-description" and isinstance(spot.root, Mapping) and isinstance(spot.value, str):
        # It is uploaded with the lines of the chapters, and they count.
        yield from _breaches(upload({**spot.root, "description": spot.value}), table[name], spot.path)
    elif name == "youtube-tags" and isinstance(spot.value, list):
        yield from _breaches(_joined_tags(spot.value), table[name], spot.path)
    elif isinstance(spot.value, str):
        yield from _breaches(spot.value, table[name], spot.path)
        yield from _repeats(spot, name)


def _joined_tags(tags: list[Any]) -> str:
    return ",".join(f'"{tag}"' if " " in str(tag) else str(tag) for tag in tags)


def _breaches(text: str, rule: Rule, path: str) -> Iterator[Finding]:
    length, unit = count(text, rule), _UNITS[rule.unit]
    if rule.hard is not None and length > rule.hard:
        how = [_HOW[rule.unit]] if rule.unit in _HOW else []
        how += [f"any link counts {rule.url}"] if rule.url is not None else []
        details = f"; {', '.join(how)}" if how else ""
        repair = f"Shorten {path} to at most {rule.hard} {unit} (it has {length}{details})."
        yield _finding(rule.name, f"{length} of {rule.hard} {unit}", path, repair)
    elif rule.soft is not None and length > rule.soft:
        repair = f"Shorten {path} to about {rule.soft} {unit} (it has {length})."
        yield _finding(rule.name, f"{length} {unit}, better at most {rule.soft}", path, repair, Severity.MINOR)
    if rule.least is not None and length < rule.least and not _OPEN.fullmatch(text.strip()):
        repair = f"Lengthen {path} to at least {rule.least} {unit} (it has {length}), from the material only."
        yield _finding(rule.name, f"{length} {unit}, better at least {rule.least}", path, repair, Severity.MINOR)
    yield from _other_breaches(text, rule, path)


def _other_breaches(text: str, rule: Rule, path: str) -> Iterator[Finding]:
    if rule.bytes is not None and (octets := size(text)) > rule.bytes:
        repair = f"Shorten {path} to at most {rule.bytes} UTF-8 bytes (it has {octets})."
        yield _finding(rule.name, f"{octets} of {rule.bytes} bytes", path, repair)
    if rule.hashtags is not None and (tags := len(hashtags(text))) > rule.hashtags:
        yield _finding(
            rule.name, f"{tags} of {rule.hashtags} hashtags", path, f"Keep the {rule.hashtags} best hashtags of {path}."
        )
    if rule.links is not None and (links := distinct_links(text)) > rule.links:
        repair = f"Keep at most {rule.links} different links in {path}."
        yield _finding(rule.name, f"{links} of {rule.links} different links", path, repair)
    forbidden = sorted(set(rule.forbidden) & set(text))
    if forbidden:
        named = " ".join({"\r": "line break", "\n": "line break"}.get(sign, sign) for sign in forbidden)
        yield _finding(rule.name, f"may not hold {named}", path, f"Take {named} out of {path}.")


def _repeats(spot: Spot, name: str) -> Iterator[Finding]:
    subject = spot.parent.get("subject") if isinstance(spot.parent, Mapping) else None
    if name == "email-preheader" and isinstance(subject, str) and subject.strip():
        said, again = subject.strip().casefold(), str(spot.value).strip().casefold()
        if again.startswith(said):
            repair = f"Write a {spot.path} that adds to the subject instead of repeating it."
            yield _finding(name, "repeats the subject", spot.path, repair, Severity.MINOR)


def _finding(rule: str, message: str, path: str, repair: str, severity: Severity = Severity.MAJOR) -> Finding:
    return Finding(f"limits/{rule}", f"{rule}: {message}", severity, Place(path), "limits", repair)


def _notices(piece: Piece) -> list[str]:
    """What to mind when a post leaves by LinkedIn's API, which silently cuts the text at a reserved character."""
    for path, name in piece.limits.items():
        for spot in spots(piece.output, path):
            place = spot.parent.get(name[1:]) if name.startswith("$") and isinstance(spot.parent, Mapping) else name
            signs = sorted(_LINKEDIN_RESERVED & set(str(spot.value))) if place == "linkedin" else []
            if signs:
                return [f"LinkedIn's API needs a backslash before {' '.join(signs)} in a post; its website does not."]
    return []
