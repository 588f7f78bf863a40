"""What of a text may never be divided: links, mentions, hashtags, and characters as a reader sees them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import regex

from contentkit.core.text.counting import Rule, count, find_hashtags, size
from contentkit.core.text.links import find_links

Span = tuple[int, int]

# Addresses of any scheme, of local servers too; of mail; and names with "@", on a server of their own or not.
_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9+.\-])[A-Za-z][A-Za-z0-9+.\-]{0,30}://[!-~]+"
    r"|(?<![A-Za-z0-9._+\-])[A-Za-z0-9._+\-]{1,64}@[A-Za-z0-9][A-Za-z0-9.\-]*[A-Za-z0-9]"
    r"|[@＠][A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_])?(?:@[\w.\-]*\w)?"
)
_CLUSTER = regex.compile(r"\X")
# What follows a letter may belong to it, as an accent does, unless it is of ASCII too.
_RUN_OR_CLUSTER = regex.compile(r"[A-Za-z0-9]+(?![^\x00-\x7f])|\X")
_LINE_ENDS = frozenset("\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")


@dataclass(frozen=True, slots=True)
class Atom:
    """A piece of a text that stays whole.

    Attributes:
        start, end: its span in code points.
        cost: what it counts by the rule that was asked.
        bytes: its length in UTF-8.
        blank: white space, which a post neither begins nor ends with.
    """

    start: int
    end: int
    cost: int
    bytes: int
    blank: bool


def kept_whole(text: str, rule: Rule) -> list[Span]:
    """Links, mentions, addresses and hashtags, in order; what overlaps is one."""
    spans = [found.span() for found in _ADDRESS.finditer(text)]
    spans += find_hashtags(text)
    spans += ((link.start, link.end) for link in find_links(text, wide=rule.url is not None and not rule.bare_urls))
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def atoms(text: str, rule: Rule, spans: Sequence[Span], start: int = 0, *, runs: bool = False) -> Iterator[Atom]:
    """The atoms of a text from ``start`` on, which must be the end of one (or 0).

    Args:
        spans: what ``kept_whole`` found in all of the text.
        runs: letters and digits of ASCII in a row come as one, though they could be divided.
    """
    at = bisect_right(spans, (start, len(text) + 1))
    at -= bool(at and spans[at - 1][1] > start)
    begin, before = start, "\n"
    for cluster in (_RUN_OR_CLUSTER if runs else _CLUSTER).finditer(text, start):
        end = cluster.end()
        while at < len(spans) and spans[at][1] <= begin:
            at += 1
        if at < len(spans) and spans[at][0] < end < spans[at][1]:
            continue  # the end of this character lies within a link
        piece = text[begin:end]
        yield Atom(begin, end, _cost(piece, rule, before), size(piece), piece.isspace())
        begin, before = end, piece[-1]


def _cost(piece: str, rule: Rule, before: str) -> int:
    """What an atom adds to the count; ``before`` is the character in front of it."""
    if rule.unit == "words":
        return int(before.isspace() and not piece.isspace())
    if rule.unit == "lines":
        return int(before in _LINE_ENDS)
    return atom_cost(piece, rule)


def is_run(piece: str) -> bool:
    """Whether an atom is of letters and digits of ASCII only, each of which counts 1 by every rule of characters."""
    return piece.isascii() and piece.isalnum()


def blank_cost(blank: str, rule: Rule) -> int:
    """What the white space between two atoms counts by a rule of characters."""
    return sum(atom_cost(cluster.group(), rule) for cluster in _CLUSTER.finditer(blank))


def atom_cost(piece: str, rule: Rule) -> int:
    """What an atom counts by a rule of characters."""
    if len(piece) == 1 and piece.isascii():
        return 1
    return count(piece, rule) if len(piece) > _LONGEST_CLUSTER else _cluster_cost(piece, rule)


_LONGEST_CLUSTER = 16


@lru_cache(maxsize=20_000)
def _cluster_cost(piece: str, rule: Rule) -> int:
    return count(piece, rule)


def first_over(text: str, rule: Rule, limit: int, *, of: Literal["cost", "bytes"] = "cost") -> int:
    """Where the first atom begins that goes over ``limit``; the end of the text when none does."""
    near = 64 * limit + 10_000  # a long text is looked at no further than needed
    for part in (text[:near], text) if len(text) > near else (text,):
        total = 0
        for atom in atoms(part, rule, kept_whole(part, rule)):
            total += atom.cost if of == "cost" else atom.bytes
            if total > limit:
                return atom.start
    return len(text)


def combined(text: str, at: int) -> bool:
    """Whether the character in front of ``at`` and what follows are one to a reader."""
    cluster = _CLUSTER.match(text, at - 1) if 0 < at < len(text) else None
    return bool(cluster and cluster.end() > at)
