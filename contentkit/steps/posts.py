"""Makes posts ready: hashtags cleaned, versions marked, lengths counted, what is too long divided into a thread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from contentkit.core.piece import Piece
from contentkit.core.text.counting import Rule, count, fits, hashtags
from contentkit.core.text.hashtags import cleaned
from contentkit.core.text.thread import split
from contentkit.steps.limits import OTHER_NAMES, rules

DERIVES = True
_ADDED = ("length", "parts", "variant")


def after(piece: Piece) -> Piece:
    """The piece with its posts made ready; anything but a list of posts under "posts" is left alone.

    Each post gets ``length`` and, where the brief asks for a thread and it is too long for one post, ``parts``; where
    several versions are asked for, ``variant``: "A" for the first of its platform, "B" for the second.
    """
    output = piece.output
    if not isinstance(output, Mapping) or not isinstance(output.get("posts"), list):
        return piece
    table: Mapping[str, Rule] = piece.fields.get("rules") or rules()
    seen: Counter[str] = Counter()
    posts = []
    for post in output["posts"]:
        if not isinstance(post, Mapping) or not isinstance(post.get("text"), str):
            posts.append(post)
            continue
        platform = str(post.get("platform", "")).strip().lower()
        rule = table.get(OTHER_NAMES.get(platform, platform))
        variant = chr(ord("A") + seen[platform] % 26) if _versions(piece) > 1 else ""
        seen[platform] += 1
        posts.append(ready(post, rule, piece, variant))
    return replace(piece, output={**output, "posts": posts})


def answered(output: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answer without what ``after`` adds to its posts."""
    posts = output.get("posts")
    if not isinstance(posts, list):
        return output
    bare = [_bare(post) if isinstance(post, Mapping) else post for post in posts]
    return {**output, "posts": bare}


def _bare(post: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in post.items() if key not in _ADDED}


def ready(post: Mapping[str, Any], rule: Rule | None, piece: Piece, variant: str = "") -> dict[str, Any]:
    """One post with all that code knows of it."""
    made = _bare(post)
    if variant:
        made["variant"] = variant
    listed = post.get("hashtags")
    # Those of the text, which may have been written anew; those that were only listed where it has none.
    shown = hashtags(post["text"]) or (map(str, listed) if isinstance(listed, list) else ())
    made["hashtags"] = cleaned(shown)
    if rule is None:
        return made
    numbered = bool(piece.fields.get("numbered"))
    threaded = rule.threaded and (numbered or bool(piece.fields.get("thread")))
    if threaded and not fits(post["text"], replace(rule, forbidden="")):
        parts = split(post["text"], rule, numbered=numbered, language=piece.language)
        if len(parts) > 1:
            made["parts"] = [part.text for part in parts]
    return {**made, "length": length(post["text"], made.get("parts", ()), rule)}


def length(text: str, parts: list[str] | tuple[()], rule: Rule) -> dict[str, Any]:
    """How long a post is by the rule of its platform, and each post of its thread."""
    told: dict[str, Any] = {"count": count(text, rule), "limit": rule.hard, "unit": rule.unit}
    return {**told, "parts": [count(part, rule) for part in parts]} if parts else told


def _versions(piece: Piece) -> int:
    asked = piece.fields.get("ab")
    return asked if isinstance(asked, int) else 1
