"""How fast something is that goes a way in a time: "90 km in 2 hours" is 45 km/h."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from contentkit.core.facts.measures import EITHER, MEASURES, based
from contentkit.core.facts.reckoning import Given, near
from contentkit.core.text.numbers import Quantity

_REACH = 200
_AN_HOUR = re.compile(r"\A\s?\w+\s(?:an|per|every|each)\shour\b")
_JAPANESE = re.compile(r"時速(?:約|およそ|平均)?\Z")
_NONE = Fraction(0)
_MILLIMETRES, _SECONDS = 1_000_000, 3600
"""Of a kilometre, of an hour."""


def in_kmh(one: Quantity, before: str, after: str) -> Fraction:
    """How many km/h one of a number's unit is, where the text says that it is a speed; else 0."""
    measure = MEASURES.get(one.unit)
    if measure is None and one.unit not in EITHER:
        return _NONE
    if measure and measure.dimension == "speed":
        return measure.factor
    if _JAPANESE.search(before) or _AN_HOUR.match(after):
        return dict(based(one.unit)).get("length", _NONE) / _MILLIMETRES
    return _NONE


def speeds(given: Sequence[Given]) -> Iterator[tuple[Fraction, str]]:
    """The speeds, in km/h, that a way makes with a time that stands near it, and how each is reckoned."""
    for pair in near(given, _REACH):
        for (way, distance, _), (time, length, _) in (pair, pair[::-1]):
            millimetres, seconds = dict(based(way.unit)).get("length"), dict(based(time.unit)).get("time")
            if millimetres and seconds and min(distance, length) > 0:
                speed = distance * millimetres / _MILLIMETRES / (length * seconds / _SECONDS)
                yield speed, f"{way.text} {way.unit} in {time.text} {time.unit}"
