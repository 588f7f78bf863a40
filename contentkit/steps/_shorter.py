"""The last resort of limits: what is still too long for its place is cut, and the reader is told what was left out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from contentkit.core.film import upload
from contentkit.core.report import Finding, Place, Severity
from contentkit.core.schedule import LEAST_CHAPTERS
from contentkit.core.text.counting import UNIT_NAMES, Rule, count, size
from contentkit.core.text.outline import Spot, put
from contentkit.core.text.shorten import divisible, shortened, without_tags

# What the chapters may take of a description, before the last of them are left out.
_CHAPTERS_SHARE = 0.5
_PIECES, _MOST_PIECES = re.compile(r"[#＃]?\w+|\W"), 1000
_NO_WORDS = re.compile(r"[#＃]\w+|(?:(?![#＃]\w)[\W_])+")


def shorter(tree: Any, spot: Spot, rule: Rule, *, numbered: bool, language: str) -> tuple[Any, list[Finding]]:
    """The answer with the text of a spot as its place takes it, and what was cut for it; as it is where it fits.

    Args:
        numbered: posts of a thread end in their number.
        language: ISO 639-1 code of the text.
    """
    match rule.name, spot.value:
        case "youtube-tags", list() as tags:
            return _fewer_tags(tree, spot, tags, rule)
        case "youtube-description", str() as text if isinstance(tree, Mapping):
            tree, found = _fewer_chapters(tree, rule)
            around = size(upload({**tree, "description": "."})) - 1
            room = replace(rule, hard=rule.hard and max(0, rule.hard - around))
            tree, cut = _cut(tree, spot, shortened(text, room, language), rule)
            return tree, found + cut
        case _, str() as text if isinstance(spot.parent, Mapping) and spot.parent.get("parts"):
            return _cut(tree, spot, divisible(text, rule, numbered=numbered, language=language), rule)
        case _, str() as text:
            return _cut(tree, spot, shortened(text, rule, language), rule)
    return tree, []


def _cut(tree: Any, spot: Spot, text: str, rule: Rule) -> tuple[Any, list[Finding]]:
    if text == spot.value or not text.strip():
        return tree, []
    gone = _gone(spot.value, text)
    lengths = f" from {count(spot.value, rule)} to {count(text, rule)} {UNIT_NAMES[rule.unit]}"
    return put(tree, spot.path, text), [_finding(rule, f"cut{lengths}, to fit", gone, spot.path)]


def _gone(old: str, new: str) -> str:
    """What of the old text is not in the new one, which has nothing else."""
    from difflib import SequenceMatcher

    start = _alike(old, new)
    kept = _alike(old[start:][::-1], new[start:][::-1])  # at the end: links and hashtags
    before, after = (_PIECES.findall(text[start : len(text) - kept]) for text in (old, new))
    if not after or len(before) > _MOST_PIECES:
        return "".join(before)
    changes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return " ".join("".join(before[first:last]) for kind, first, last, _, _ in changes if kind != "equal")


def _alike(one: str, other: str) -> int:
    """How many characters both begin with."""
    different = (at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right)
    return next(different, min(len(one), len(other)))


def _fewer_tags(tree: Any, spot: Spot, tags: Sequence[Any], rule: Rule) -> tuple[Any, list[Finding]]:
    kept = list(tags)
    while kept and rule.hard is not None and count(joined_tags(kept), rule) > rule.hard:
        kept.pop()
    if len(kept) == len(tags):
        return tree, []
    gone = ", ".join(map(str, tags[len(kept) :]))
    return put(tree, spot.path, kept), [_finding(rule, f"{len(kept)} of {len(tags)} tags fit", gone, spot.path)]


def _fewer_chapters(tree: Mapping[str, Any], rule: Rule) -> tuple[Mapping[str, Any], list[Finding]]:
    """The answer without the last chapters where they leave the description no room; with none rather than two."""
    rows = tree.get("chapters")
    if rule.hard is None or not isinstance(rows, list):
        return tree, []
    kept = rows
    while kept and size(upload({"chapters": kept})) > rule.hard * _CHAPTERS_SHARE:
        kept = kept[:-1] if len(kept) > LEAST_CHAPTERS else []
    if len(kept) == len(rows):
        return tree, []
    gone = upload({"chapters": rows[len(kept) :]})
    message = f"{len(kept)} of {len(rows)} chapters leave room for the description"
    return {**tree, "chapters": kept}, [_finding(rule, message, gone, "chapters")]


def joined_tags(tags: Sequence[Any]) -> str:
    """Tags as YouTube counts them: with commas, and quotes around one with a space."""
    return ",".join(f'"{tag}"' if " " in str(tag) else str(tag) for tag in tags)


def _finding(rule: Rule, message: str, gone: str, path: str) -> Finding:
    """What was cut, with all of its words. It is minor where no word was lost: a bracket, a line break, a hashtag."""
    severity = Severity.MAJOR if _NO_WORDS.sub("", without_tags(gone)) else Severity.MINOR
    told = " ".join(gone.split())
    left_out = f"; left out: “{told}”" if told else ""
    return Finding("limits/cut", f"{rule.name}: {message}{left_out}", severity, Place(path), "limits")
