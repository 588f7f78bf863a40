"""Units that convert by a plain factor, and what tells a unit from the next word of a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache

from contentkit.core.facts.tokens import folded, stem

_UNITS = {
    "time": {
        "s sec secs second seconds sekunde sekunden 秒 秒間": 1,
        "min mins minute minutes minuten 分 分間": 60,
        "h hr hrs hour hours stunde stunden 時間": 3600,
        "day days tag tage tagen 日 日間": 86400,
        "week weeks woche wochen 週 週間": 604800,
    },
    "months": {
        "month months monat monate monaten か月 ヶ月 カ月 ケ月 か月間 ヶ月間": 1,
        "year years jahr jahre jahren 年 年間 歳 才": 12,
    },
    "length": {
        "mm millimetre millimetres millimeter millimeters": 1,
        "cm centimetre centimetres centimeter centimeters": 10,
        "m metre metres meter meters メートル": 1000,
        "km kilometre kilometres kilometer kilometers キロメートル": 1000000,
    },
    "weight": {
        "g gram grams gramm グラム": 1,
        "kg kilo kilos kilogram kilograms キログラム": 1000,
        "t tonne tonnes tons トン": 1000000,
    },
    "volume": {"ml millilitre millilitres": 1, "l litre litres liter liters リットル": 1000},
    "bytes": {"kb": 1, "mb": 1000, "gb": 1000000, "tb": 1000000000},
}
MEASURES: Mapping[str, tuple[str, int]] = {
    name: (dimension, factor)
    for dimension, units in _UNITS.items()
    for names, factor in units.items()
    for name in names.split()
}
"""A unit as a text writes it, in lower case -> its dimension and how many of the smallest one it is."""

_NO_UNITS_LIST = """
a about after ago all also although an and any are as at be because been before but by can could did do does down each
either else even ever every except far few first for from had has have he her here his how however if in including
into is it its just last later least less like may me might more most much must my near nearly never new next no nor
not now of off often old on once one only or other others our out over own per plus rather same shall she should since
so some still such than that the their them then there these they this those though through thus till times to too
total under until up us use very via was way we well were what when where which while who whose will with within
without would yet you your x der die das den dem des ein eine einem einen einer eines und oder aber als am an auf aus
bei bis für im in ist mit nach nicht noch nur ob sich sie sind so über um unter von vor war waren wie wird wo zu zum
zur
"""
_SAME = {"名": "人", "ヶ所": "か所", "カ所": "か所", "箇所": "か所"}
"""Counters of one thing -> the one of them that stands for all."""
_NO_UNITS = frozenset(_NO_UNITS_LIST.split())


@lru_cache(maxsize=4096)
def telling(unit: str) -> str:
    """The unit as it is compared; "" for a word that only happens to follow a number."""
    if not unit or unit in _NO_UNITS:
        return ""
    unit = _SAME.get(unit, unit)
    measure = MEASURES.get(unit)
    return f"{measure[0]}:{measure[1]}" if measure else stem(folded(unit))


def hard(unit: str) -> bool:
    """Whether the unit makes a measurement of a number, which is no figure of speech."""
    return unit in MEASURES


def related(unit: str) -> Iterator[tuple[str, Fraction]]:
    """The other units of what a unit measures, as ``telling`` gives them, and how many of each one of it is."""
    here = MEASURES.get(unit)
    if here is None:
        return
    factors = {factor for dimension, factor in MEASURES.values() if dimension == here[0]}
    yield from ((f"{here[0]}:{factor}", Fraction(here[1], factor)) for factor in sorted(factors - {here[1]}))


def converted(value: Fraction, unit: str, wanted: str) -> Fraction | None:
    """``value`` of ``unit`` in ``wanted``; None where they measure different things, or are one."""
    here, there = MEASURES.get(unit), MEASURES.get(wanted)
    if here is None or there is None or here[0] != there[0] or here[1] == there[1]:
        return None
    return value * here[1] / there[1]
