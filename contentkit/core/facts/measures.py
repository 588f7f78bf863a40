"""Units that convert by a plain factor, and what tells a unit from the next word of a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from contentkit.core.facts.tokens import folded, stem


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit: how many of the first unit of its dimension one of it is, after ``shift`` was added."""

    dimension: str
    factor: Fraction
    shift: int = 0


# Several words of one unit are joined by "_".
_UNITS: Mapping[str, Mapping[str, int | str]] = {
    "time": {
        "ms msec millisecond milliseconds ミリ秒": "0.001",
        "s sec secs second seconds sekunde sekunden 秒 秒間": 1,
        "min mins minute minutes minuten 分 分間": 60,
        "h hr hrs hour hours stunde stunden 時間": 3600,
        "day days tag tage tagen 日 日間": 86400,
        "week weeks woche wochen 週 週間": 604800,
    },
    "months": {
        "month months monat monate monaten か月 ヶ月 カ月 ヵ月 ケ月 か月間 ヶ月間 カ月間 ヵ月間": 1,
        "year years jahr jahre jahren 年 年間 歳 才": 12,
    },
    "length": {
        "mm millimetre millimetres millimeter millimeters ミリ ミリメートル ㎜": 1,
        "cm centimetre centimetres centimeter centimeters センチ センチメートル ㎝": 10,
        "m metre metres meter meters メートル": 1000,
        "km kilometre kilometres kilometer kilometers キロメートル ㎞": 1000000,
        "inch inches インチ": "25.4",
        "ft foot feet フィート": "304.8",
        "yd yard yards ヤード": "914.4",
        "mi mile miles マイル": 1609344,
    },
    "area": {
        "m² sq_m sqm square_metre square_metres square_meter square_meters 平方メートル ㎡": 1,
        "km² sq_km square_kilometre square_kilometres square_kilometer square_kilometers": 1000000,
        "平方キロメートル 平方キロ": 1000000,
        "ha hectare hectares hektar ヘクタール": 10000,
        "acre acres エーカー": "4046.8564224",
        "ft² sq_ft square_foot square_feet 平方フィート": "0.09290304",
    },
    "weight": {
        "mg milligram milligrams ミリグラム": "0.001",
        "g gram grams gramm グラム": 1,
        "kg kilo kilos kilogram kilograms キログラム ㎏": 1000,
        "t tonne tonnes tons トン": 1000000,
        "oz ounce ounces オンス": "28.349523125",
        "lb lbs": "453.59237",
    },
    "volume": {
        "ml millilitre millilitres milliliter milliliters cc ミリリットル": 1,
        "cl centilitre centilitres centiliter centiliters": 10,
        "dl decilitre decilitres deciliter deciliters デシリットル": 100,
        "l litre litres liter liters リットル": 1000,
        "gallon gallons ガロン": "3785.411784",
    },
    "bytes": {"kb": 1, "mb": 1000, "gb": 1000000, "tb": 1000000000},
    "power": {"kw": 1, "mw": 1000, "gw": 1000000},
    "energy": {"kwh": 1, "mwh": 1000, "gwh": 1000000},
    "food": {"kj kilojoule kilojoules キロジュール": 1, "kcal calories キロカロリー": "4.184"},
    "speed": {"km/h kph kmh": 1, "mph": "1.609344"},
    "temperature": {"°c ℃": 1, "°f ℉": "5/9"},
}
TIMES = frozenset({"times", "fold", "倍", "x", "mal"})
"""What stands behind a number that says how many times as much something is."""
_SHIFTS = {"°f": -32, "℉": -32}
MEASURES: Mapping[str, Measure] = {
    name.replace("_", " "): Measure(dimension, Fraction(factor), _SHIFTS.get(name, 0))
    for dimension, units in _UNITS.items()
    for names, factor in units.items()
    for name in names.split()
}
"""Units as a text writes them, in lower case."""
EITHER = {"キロ": ("キログラム", "キロメートル"), "GBP": ("lb",)}
"""What may be meant by a word that has several meanings; of "pounds" the one that is no currency."""

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
_MONTH = Fraction(1461, 48)
"""The days of a month, on the average of four years."""
_DAYS_AND_MONTHS = {
    "time:86400": (("months:1", 1 / _MONTH, Fraction(0)), ("months:12", 1 / (12 * _MONTH), Fraction(0))),
    "time:604800": (("months:1", 7 / _MONTH, Fraction(0)), ("months:12", 7 / (12 * _MONTH), Fraction(0))),
    "months:1": (("time:86400", _MONTH, Fraction(0)), ("time:604800", _MONTH / 7, Fraction(0))),
    "months:12": (("time:86400", 12 * _MONTH, Fraction(0)), ("time:604800", 12 * _MONTH / 7, Fraction(0))),
}
_ANYBODY_LIST = "people persons person individuals participants humans 人"
_PERSONS_LIST = """
adults children women men girls boys patients employees staff workers colleagues volunteers students pupils teachers
customers users respondents members visitors guests residents inhabitants citizens researchers engineers scientists
players passengers drivers subscribers followers readers voters soldiers nurses doctors spectators fans viewers
listeners attendees attendants runners athletes contributors buyers clients tenants tourists commuters farmers
"""


@lru_cache(maxsize=4096)
def telling(unit: str) -> str:
    """The unit as it is compared; "" for a word that only happens to follow a number."""
    if not unit or unit in _NO_UNITS:
        return ""
    unit = _SAME.get(unit, unit)
    measure = MEASURES.get(unit)
    return _key(measure) if measure else stem(folded(unit))


@lru_cache(maxsize=1)
def _persons() -> tuple[frozenset[str], frozenset[str]]:
    anybody = frozenset(map(telling, _ANYBODY_LIST.split()))
    return anybody, anybody | frozenset(map(telling, _PERSONS_LIST.split()))


def is_person(unit: str, *, anybody: bool = False) -> bool:
    """Whether a unit, as ``telling`` gives it, counts people; with ``anybody``, whether it says no more of them."""
    return unit in _persons()[0 if anybody else 1]


def both_people(unit: str, other: str) -> bool:
    """Whether two units, as ``telling`` gives them, count people, and one of them says no more: people, spectators."""
    return (is_person(unit, anybody=True) and is_person(other)) or (is_person(other, anybody=True) and is_person(unit))


def hard(unit: str) -> bool:
    """Whether the unit makes a measurement of a number, which is no figure of speech."""
    return unit in MEASURES


def clash(unit: str, other: str) -> bool:
    """Whether both units measure the same, such as lengths, or spans of time."""
    here, there = MEASURES.get(unit), MEASURES.get(other)
    return here is not None and there is not None and _quality(here) == _quality(there)


@lru_cache(maxsize=256)
def related(unit: str) -> tuple[tuple[str, Fraction, Fraction], ...]:
    """The other units of what a unit measures, as ``telling`` gives them, how many of each one of it is, and what is
    added then: 1 °C is 9/5 of a degree and 32 more in °F."""
    return tuple(_related(unit))


def _related(unit: str) -> Iterator[tuple[str, Fraction, Fraction]]:
    for here in (MEASURES[name] for name in EITHER.get(unit, (unit,)) if name in MEASURES):
        alike = {one for one in MEASURES.values() if one.dimension == here.dimension}
        others = alike if unit in EITHER else alike - {here}
        yield from _DAYS_AND_MONTHS.get(_key(here), ())
        for there in sorted(others, key=lambda one: one.factor):
            ratio = here.factor / there.factor
            yield _key(there), ratio, here.shift * ratio - there.shift


def based(unit: str) -> tuple[tuple[str, Fraction], ...]:
    """What the unit measures, and how many of the smallest unit of that it is; of a word with several meanings each."""
    meant = (MEASURES[name] for name in EITHER.get(unit, (unit,)) if name in MEASURES)
    return tuple((one.dimension, one.factor) for one in meant)


def converted(value: Fraction, unit: str, wanted: str) -> Fraction | None:
    """``value`` of ``unit`` in ``wanted``; None where they measure different things, or are one."""
    here, there = MEASURES.get(unit), MEASURES.get(wanted)
    if here is None or there is None or here.dimension != there.dimension or here.factor == there.factor:
        return None
    return (value + here.shift) * here.factor / there.factor - there.shift


def _key(measure: Measure) -> str:
    return f"{measure.dimension}:{measure.factor}"


def _quality(measure: Measure) -> str:
    return "time" if measure.dimension == "months" else measure.dimension
