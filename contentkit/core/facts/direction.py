"""Whether a text lets a number rise that falls in the material, or the other way round. Cautious: both must say so in
plain words beside the number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from contentkit.core.facts.sited import Sited

Way = Literal["up", "down", ""]

_UPWARDS = (
    "rise rises risen rising rose grow grows grew grown growing growth increase increases increased increasing climb "
    "climbs climbed climbing jump jumps jumped surge surges surged surging soar soars soared up"
)
_DOWNWARDS = (
    "fall falls fell fallen falling drop drops dropped dropping decline declines declined declining decrease decreases "
    "decreased decreasing shrink shrinks shrank shrunk sank plunge plunges plunged slump slumps slumped reduce reduces "
    "reduced reducing lower lowers lowered down less fewer"
)
_UP, _DOWN = (words.replace(" ", "|") for words in (_UPWARDS, _DOWNWARDS))
_WAYS = frozenset(f"{_UPWARDS} {_DOWNWARDS}".split())
_HEDGE = r"(?:\s(?:about|around|nearly|almost|roughly|some|just|only|more\sthan|over|well|a|an))?"
_BEFORE = re.compile(rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?:\sby|\sof|\sto)?{_HEDGE}\s[$€£¥]?\Z", re.IGNORECASE)
_AFTER = re.compile(r"\A\s(?:(?P<up>increase|rise|growth|jump|surge)|(?P<down>decrease|fall|drop|decline|reduction))\b")
_ANY = re.compile(rf"\b(?:(?P<up>{_UP}|more|higher)|(?P<down>{_DOWN}))\b", re.IGNORECASE)
_WIDE_UP, _WIDE_DOWN = "増|上昇|上が|伸び|高ま|拡大", "減|低下|下が|落ち|縮小|下落"
_WIDE = re.compile(rf"\A[^。、\n\d]{{0,8}}?(?:(?P<up>{_WIDE_UP})|(?P<down>{_WIDE_DOWN}))")
_STOP = re.compile(r"[.!?;]\s|[。！？\n|]")
_LAST = 30
_INITIALS = frozenset("irgjsdf")
"""Of the words of ``_AFTER``."""
_REACH, _NEAR = 120, 24


def told(before: str, after: str) -> Way:
    """Which way a text says that the number between goes."""
    found = None
    if not after.isascii():
        found = _WIDE.match(after)
    elif after[1:2] in _INITIALS:
        found = _AFTER.match(after)
    if found is None and before.isascii() and not _WAYS.isdisjoint(before[-_LAST:].lower().split()):
        found = _BEFORE.search(before)
    return _way(found) if found else ""


def otherwise(way: Way, known: Iterable[Sited]) -> Sited | None:
    """A number of the material that goes the other way, where all of these do; else None."""
    found = None
    for one in known:
        text, start, end = one.witness.text, one.quantity.start, one.quantity.end
        its = _said(text[max(0, start - _REACH) : start], text[end : end + _NEAR])
        if its in ("", way):
            return None
        found = found or one
    return found


def _said(before: str, after: str) -> Way:
    """Which way a number of the material goes, by its sentence; "" where that speaks of both ways, or of none."""
    rest = _STOP.split(after)[0]
    if wide := _WIDE.match(rest):
        return _way(wide)
    ways = {_way(found) for found in _ANY.finditer(f"{_STOP.split(before)[-1]} {rest}")}
    return ways.pop() if len(ways) == 1 else ""


def _way(found: re.Match[str]) -> Way:
    return "up" if found["up"] else "down"
