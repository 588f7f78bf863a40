"""Whether the draft has the form that was asked for: a post for each platform, a script whose parts agree and fill the
time. A schema can't say it, since it depends on what the user asked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Place, Severity
from contentkit.core.text.counting import Rule
from contentkit.core.text.outline import rows
from contentkit.steps._film import film_faults
from contentkit.steps.limits import rules

CHECK = True

_TAG = re.compile(r"[#＃]\w+|https?://[!-~]+|\s+")
# Share of pairs of letters from which on two versions of a post are the same to a reader.
_SAME = 0.85


def after(piece: Piece) -> Piece:
    """Findings for posts that are missing, unasked or copied, and for a script that can't be filmed as it stands."""
    output = piece.output if isinstance(piece.output, Mapping) else {}
    posts, scenes = (rows(output.get(name)) for name in ("posts", "scenes"))
    platforms, duration = piece.fields.get("platforms"), piece.fields.get("duration")
    if posts and isinstance(platforms, Sequence):
        versions = piece.fields.get("ab")
        versions = versions if isinstance(versions, int) else 1
        piece = piece.found(*_posts(posts, [str(name) for name in platforms], versions))
        piece = piece.found(*(_versions(posts) if versions > 1 else ()), *_unlinked(posts, piece))
    if scenes and isinstance(duration, int):
        piece = piece.found(*film_faults(output, duration, piece.language))
    return piece


def _posts(posts: Sequence[Mapping[str, Any]], wanted: Sequence[str], versions: int) -> Iterator[Finding]:
    made = [str(post.get("platform", "")) for post in posts]
    if missing := [name for name in wanted if name not in made]:
        named = ", ".join(missing)
        repair = f"Add one post to posts for each of: {named}. Leave the others as they are."
        yield _finding("posts", f"no post for {named}", "posts", repair)
    for name in dict.fromkeys(wanted):
        if 0 < (there := made.count(name)) < versions:
            repair = f"Add {versions - there} more to posts for {name}, each with another approach."
            yield _finding("posts", f"{there} of {versions} versions for {name}", "posts", repair)
    said: dict[str, int] = {}
    for number, (post, name) in enumerate(zip(posts, made, strict=True)):
        place = f"posts[{number}]"
        if name not in wanted or made[:number].count(name) >= versions:
            more = "a second post" if versions == 1 else f"more than {versions} versions"
            fault = f"{more} for {name}" if name in wanted else f"a post for {name}, which was not asked for"
            yield _finding("posts", fault, place, f"Leave {place} out.")
        words = _TAG.sub("", str(post.get("text", "")))
        if words and words in said and made[said[words]] != name:
            fault = f"the same words as in posts[{said[words]}]"
            repair = f"Write {place}.text afresh for {name}."
            yield _finding("posts", fault, f"{place}.text", repair, Severity.MINOR)
        said.setdefault(words, number)


def _versions(posts: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """Versions of a post for one platform that are nearly the same, so that a test of them would tell nothing."""
    pairs = [_pairs(str(post.get("text", ""))) for post in posts]
    for number, post in enumerate(posts):
        for other in range(number):
            if post.get("platform") != posts[other].get("platform") or not (pairs[number] and pairs[other]):
                continue
            both = sum((pairs[number] & pairs[other]).values())
            share = 2 * both / (pairs[number].total() + pairs[other].total())
            if share >= _SAME:
                names = [str(posts[place].get("variant") or place + 1) for place in (number, other)]
                fault = f"version {names[0]} is nearly the same as {names[1]} ({share:.0%} of its letters)"
                repair = f"Write posts[{number}].text with another opening and another argument than posts[{other}]."
                yield _finding("versions", fault, f"posts[{number}].text", repair)


def _unlinked(posts: Sequence[Mapping[str, Any]], piece: Piece) -> Iterator[Finding]:
    """Posts without the link that they were to lead to, where links can be clicked."""
    link = piece.fields.get("link")
    if not isinstance(link, str) or not link.strip():
        return
    table: Mapping[str, Rule] = piece.fields.get("rules") or rules()
    whole = re.compile(rf"(?<![\w.%/-]){re.escape(link.strip())}(?![\w%&=#/?-])")
    for number, post in enumerate(posts):
        rule = table.get(str(post.get("platform", "")))
        if not (rule and rule.dead_links) and not whole.search(str(post.get("text", ""))):
            path = f"posts[{number}].text"
            repair = f"Put exactly this link into {path}, once, at its end: {link.strip()}"
            yield _finding("link", f"the post does not lead to {link.strip()}", path, repair)


def _pairs(text: str) -> Counter[str]:
    """Pairs of neighbouring letters, without hashtags, links, signs and capitals; Japanese has them too."""
    letters = "".join(sign for sign in _TAG.sub("", text).casefold() if sign.isalnum())
    return Counter(letters[at : at + 2] for at in range(len(letters) - 1))


def _finding(rule: str, message: str, path: str, repair: str, severity: Severity = Severity.MAJOR) -> Finding:
    return Finding(f"form/{rule}", message, severity, Place(path), "form", repair)
