"""Patterns of paths as .gitignore and .gitattributes write them.

Read by hand: what packages on the index make of brackets that are never closed, of a name inside an ignored folder that
"!" names, and of "*/**/" is not what ``git check-ignore`` makes of them, and they know no attributes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern.

    Attributes:
        source: as it was written.
        keep: written with "!": the path is not ignored after all.
        folders: written with "/" at its end: only a folder, and so what is in it.
    """

    source: str
    regex: re.Pattern[str]
    keep: bool = False
    folders: bool = False


def pattern(line: str, folder: str = "") -> Pattern | None:
    """The pattern of a line of a file in ``folder`` ("" for the root), None for an empty line or a comment."""
    text = re.sub(r"(?<!\\)[ \t]+$", "", line.rstrip("\r\n"))
    if not text or text.startswith("#"):
        return None
    keep = text.startswith("!")
    body = text[1:] if keep else text
    folders = body.endswith("/")
    body = body.rstrip("/")
    if not body:
        return None
    anchored = "/" in body
    start = f"{re.escape(folder)}/" if folder else ""
    inner = _regex(body.lstrip("/"))
    try:
        return Pattern(text, re.compile(start + ("" if anchored else "(?:.*/)?") + inner, re.DOTALL), keep, folders)
    except re.error:
        return None  # "[z-a]": git takes it for a pattern that nothing matches


def _regex(body: str) -> str:
    """``*`` and ``?`` stay between slashes; ``**`` goes over them."""
    out, at = [], 0
    while at < len(body):
        char = body[at]
        if body.startswith("**/", at) and (at == 0 or body[at - 1] == "/"):
            out.append("(?:.*/)?")
            at += 3
            continue
        if body.startswith("**", at) and at + 2 == len(body) and (at == 0 or body[at - 1] == "/"):
            out.append(".+")
            break
        end = body.find("]", at + 2) if char == "[" else -1
        if char == "*":
            while body.startswith("*", at + 1):
                at += 1
            out.append("[^/]*")
        elif char == "?":
            out.append("[^/]")
        elif end > 0:
            inner = body[at + 1 : end].replace("\\", r"\\").replace("[", r"\[")
            out.append(f"(?!/)[{'^' + inner[1:] if inner[0] in '!^' else inner}]")
            at = end
        elif char == "[":
            return "(?!)"  # it is never closed: git takes it for a pattern that nothing matches
        elif char == "\\" and at + 1 < len(body):
            at += 1
            out.append(re.escape(body[at]))
        else:
            out.append(re.escape(char))
        at += 1
    return "".join(out)


def matched(patterns: Sequence[Pattern], path: str) -> Pattern | None:
    """The pattern that takes a path: the last one that matches it or a folder above it; None where that is a "!".

    As git reads .gitignore: what is in an ignored folder can't be kept by a later "!".
    """
    parts = path.split("/")
    for depth in range(1, len(parts) + 1):
        here = "/".join(parts[:depth])
        last = depth == len(parts)
        fitting = (one for one in reversed(patterns) if one.regex.fullmatch(here) and not (one.folders and last))
        one = next(fitting, None)
        if one and not one.keep:
            return one
    return None
