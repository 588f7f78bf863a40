"""The quantities of a text, each with value, unit and place: 1,200, 1200, 1.2k, 千二百 and 1200人 are one number.

Reads English and Japanese, and the digits, dates and separators of the larger European languages. What a number says is
compared by ``same``; how it is written is not.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from contentkit.core.text.dates import DATE, DATE_SIGNS, DATE_WORDS, TIME, Clock, Date, clock_of, date_of
from contentkit.core.text.identifiers import without_identifiers
from contentkit.core.text.numerals import KANJI, MYRIADS, PARTS, halves, in_words, kanji_value, words_value
from contentkit.core.text.scan import filled, one_of, rarely, starting, word
from contentkit.core.text.units import (
    CODES,
    COUNTER,
    CURRENCIES,
    CURRENCY_CODE,
    CURRENCY_SIGN,
    CURRENCY_WORD,
    DECIMAL_COMMA,
    LONG_SCALE,
    SCALES,
    WORD,
)

Kind = Literal["number", "percent", "money", "date", "time", "version"]
Value = Fraction | Date | Clock | str


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, share, sum, date, time or version that stands in a text.

    Attributes:
        start, end: its span in code points; sign, percent and currency are in it, another unit is not.
        text: exactly what stands there.
        value: exact; of a percentage the number before the sign (30 for 30 % and for 3割), of a version its text.
        unit: "%", an ISO 4217 code where the currency tells it, else the word right after (people, kg, 人), or "".
        spelled: in words or numerals (twelve, 十二), which another text may well write otherwise; so also "in May".
    """

    start: int
    end: int
    text: str
    kind: Kind
    value: Value
    unit: str = ""
    spelled: bool = False


def quantities(text: str, language: str = "") -> list[Quantity]:
    """The quantities of a text in order; none within a word, an identifier (see ``identifiers``), or an address.

    Args:
        language: ISO code; decides whether 1.200 is twelve hundred (de) or one and a fifth (en), and what 3/5/2026 is.
    """
    code = language.lower().partition("-")[0]
    plain = _plain(text)
    english = code in ("", "en")
    read = _Reader(
        text, plain, code in DECIMAL_COMMA, month_first=language.lower() in ("", "en", "en-us"), english=english
    )
    matches = starting(_pattern(read.decimal_comma), _SIGNS, plain, _WORDS)
    found = [one for match in matches if (one := read.quantity(match))]
    found = _merged(found, read.half_years()) if "半" in plain else found
    return _merged(found, read.words() if code in ("", "en") else ())


def same(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities can say the same: values are equal, and percentages and known currencies are too.

    A date agrees with one that says less of it ("3 May" with "3 May 2026"), and a year with its bare number.
    """
    if isinstance(one.value, Date) or isinstance(other.value, Date):
        first, second = _date(one), _date(other)
        return first is not None and second is not None and first.agrees(second)
    if one.value != other.value or (one.kind == "percent") != (other.kind == "percent"):
        return False
    known = all(len(unit) == 3 and unit.isupper() for unit in (one.unit, other.unit))
    return not (one.kind == other.kind == "money" and known and one.unit != other.unit)


def _date(one: Quantity) -> Date | None:
    """Its date; a whole number may be a year."""
    match one.value:
        case Date():
            return one.value
        case Fraction() if one.kind == "number" and one.value.denominator == 1:
            return Date(one.value.numerator)
    return None


# Full-width digits and signs, one for one, so that places stay.
_NARROW = dict(zip("０１２３４５６７８９，．％：／－＄￥＋−", "0123456789,.%:/-$¥+-", strict=True))
_WIDE = re.compile(f"[{''.join(_NARROW)}]")
_ADDRESS = re.compile(r"\b(?:https?://|www\.)[!-;=?-~]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]+\.[\w.-]+", re.IGNORECASE)
_MAY_BE_ADDRESS = re.compile(r"://|www\.|@")
_HIDDEN = "\ufffc"
_MYRIAD = "".join(MYRIADS)
# Numerals that are words of their own, whatever counter seems to follow.
_WORDLY = re.compile(r"一(?:部|般|番|方|定|緒|応|切|体|種の|度に|時的|つひとつ)|十分[にな]|二度と|万一|百科|三角|四角")
_WARI = r"割(?![れっ])"
_HAN = re.compile(r"[\u4e00-\u9fff々]")
_LONG = frozenset("十百千〇零" + _MYRIAD)
_COUNTING_PREFIX = "約第計各全毎後前満延総"
_HALVES = {"½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅛": (1, 8)}
_HALF_YEAR, _HALF = re.compile("(?<![前後上下])半(?=年(?!度)|時間)"), re.compile("半")
_HALVED = ("年", "年間", "か月", "ヶ月", "カ月", "ヵ月", "週間", "日", "時間", "キロ")
_PLACES = frozenset(("st", "nd", "rd", "th"))
_REST_OF_WORD = re.compile(r"[A-Za-z_]*[0-9_]")


def _plain(text: str) -> str:
    """The text with narrow digits, and without addresses and identifiers, place for place."""
    plain = text if text.isascii() else _WIDE.sub(lambda found: _NARROW[found[0]], text)
    plain = filled(plain, rarely(_ADDRESS, plain, _MAY_BE_ADDRESS), _HIDDEN)
    return without_identifiers(plain, _HIDDEN)


# What a quantity can begin with: a sign, or a word.
_SIGNS = re.compile(
    "|".join([*map(re.escape, f"-{DATE_SIGNS}{KANJI}$€£¥₩₹▲△マ½⅓⅔¼¾⅛"), "v(?=[0-9])", r"us(?=\$)", r"minus\s"])
)
_WORDS = word(rf"{one_of(map(str.lower, CODES))}\s?[0-9]", DATE_WORDS)


@lru_cache(maxsize=2)
def _pattern(decimal_comma: bool) -> re.Pattern[str]:
    """Every quantity, the longest reading of a place first. Each part begins with what it can begin with."""
    group, point = (r"\.", ",") if decimal_comma else (",", r"\.")
    spaces = r"[ '’\u00a0\u2009\u202f]" if decimal_comma else r"['’\u00a0\u2009\u202f]"
    indian = "" if decimal_comma else r"|[0-9]{1,2}(?:,[0-9]{2}){1,9},[0-9]{3}(?![0-9])"
    # Runs are bounded, so that a text made of nothing else takes no longer than any other.
    number = (
        rf"(?:[0-9]{{1,3}}(?:{group}[0-9]{{3}}){{1,12}}(?![0-9])|[0-9]{{1,3}}(?:{spaces}[0-9]{{3}}){{1,12}}(?![0-9])"
        rf"{indian}|[0-9]{{1,40}}(?![0-9]))(?:{point}[0-9]{{1,40}})?"
    )
    decimals = r"(?:\.[0-9]{1,20})?"
    japanese = (
        rf"[0-9][0-9,]{{0,30}}{decimals}[十百千]?(?:[{_MYRIAD}][0-9,{KANJI}]{{0,30}}){{1,4}}"
        rf"|[0-9]{{1,20}}{decimals}(?:[十百千][0-9]{{0,3}}){{1,4}}"
    )
    scale = rf"(?:(?P<short>[kmb]|mn|bn|tn)(?![A-Za-z0-9])|\s(?P<long>{LONG_SCALE})(?![A-Za-zÀ-ÿ]))?"
    and_part = r"(?P<and_part>\sand\sa\s(?:half|quarter)(?![-\w]|\sof\b))?"
    before = rf"(?:(?:{CURRENCY_SIGN}|\b(?:{CURRENCY_CODE})(?=\s?[0-9]))\s?)"
    money = rf"{CURRENCY_SIGN}(?![0-9])|(?:{CURRENCY_WORD})(?![A-Za-z0-9])"
    after = rf"\s?(?:%|per\s?cent\b|Prozent\b|パーセント|{_WARI}|{money})"
    grouped = r"(?![0-9]{1,3}(?:\.[0-9]{3}){1,12}(?![.0-9]))" if decimal_comma else ""  # a number there, no version
    initials = "".join({code[0] for code in CODES})
    sign = r"(?P<sign>(?<![\w)\].,])-|マイナス|minus\s|[▲△])"
    return re.compile(
        rf"(?P<date>{DATE})|(?P<time>{TIME})"
        r"|(?=[v0-9])(?P<version>(?<![A-Za-z0-9_.])v[0-9]{1,9}(?:\.[0-9]{1,9}){0,5}(?!\.?[A-Za-z0-9_])"
        rf"|{grouped}(?<![A-Za-z0-9_.,-])[0-9]{{1,9}}(?:\.[0-9]{{1,9}}){{2,5}}(?!\.?[A-Za-z0-9_]))"
        rf"|(?=[0-9{KANJI}])(?P<whole>[0-9{KANJI}]{{1,12}})分の(?P<part>[0-9{KANJI}]{{1,12}})"
        rf"|(?=[-0-9$€£¥₩₹▲△マm½⅓⅔¼¾⅛{initials}])(?<![A-Za-z_0-9]){sign}?(?P<before>{before})?"
        rf"(?:(?P<half>[0-9]{{0,9}}[½⅓⅔¼¾⅛])|(?P<japanese>{japanese})|(?P<number>{number}){scale}{and_part})(?P<after>{after})?"
        rf"|(?=[{KANJI}])(?P<kanji>[{KANJI}]{{1,20}}(?:[{_MYRIAD}][{KANJI}]{{0,20}}){{0,4}})"
        rf"(?P<kanji_after>{_WARI}|パーセント|円|ドル|ユーロ)?",
        re.IGNORECASE,
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Makes quantities of matches in one text."""

    text: str
    plain: str
    decimal_comma: bool
    month_first: bool
    english: bool
    """Whether "250m" may be millions; in other languages it is metres."""

    def quantity(self, match: re.Match[str]) -> Quantity | None:
        """What a match says; None for a word with digits, and for what makes no number."""
        if match["date"]:
            date = date_of(match.__getitem__, month_first=self.month_first)
            return self._at(match, "date", date, spelled=date.year is date.day is None) if date else None
        if match["time"]:
            clock = clock_of(match.__getitem__)
            return self._at(match, "time", clock) if clock else None
        if match["version"]:
            return self._at(match, "version", match["version"].lower().removeprefix("v"))
        return self._kanji(match) if match["kanji"] else self._number(match)

    def words(self) -> Iterator[Quantity]:
        """English numbers in words; a lone "hundred" or "million" says no number."""
        for match in in_words(self.text):
            value = words_value(match[1])
            if value is None or match[1].lower() in SCALES or match[1].lower() == "hundred":
                continue
            whole = Fraction(value, PARTS[match[2].lower()]) if match[2] else Fraction(value)
            whole = whole + Fraction(1, PARTS[match[3].lower()]) if match[3] else whole
            percent = match[4] is not None
            unit = "%" if percent else _unit(self.text, match.end())
            yield self._at(match, "percent" if percent else "number", whole, unit, spelled=True)
        for match, part, its in halves(self.text):
            yield self._at(match, "number", part, its or _unit(self.text, match.end()), spelled=True)

    def half_years(self) -> Iterator[Quantity]:
        """半年 and 半時間."""
        for match in rarely(_HALF_YEAR, self.plain, _HALF):
            yield self._at(match, "number", Fraction(1, 2), _unit(self.plain, match.end()), spelled=True)

    def _at(self, match: re.Match[str], kind: Kind, value: Value, unit: str = "", *, spelled: bool = False) -> Quantity:
        start, end = match.span()
        return Quantity(start, end, self.text[start:end], kind, value, unit, spelled)

    def _number(self, match: re.Match[str]) -> Quantity | None:
        after = (match["after"] or "").strip().lower()
        if not after and _REST_OF_WORD.match(self.plain, match.end(), match.end() + 40):
            return None  # an identifier: 5cf8356
        value = self._value(match)
        if value is None:
            return None
        kind, unit = _kind((match["before"] or "").strip().lower() or after)
        value = value * 10 if after == "割" else value
        value = -value if match["sign"] else value
        spelled = bool(match["whole"] or match["half"])
        unit = unit or ("m" if self._metres(match) else _unit(self.plain, match.end()))
        return self._at(match, kind, self._with_half(value, match.end(), unit), unit, spelled=spelled)

    def _metres(self, match: re.Match[str]) -> bool:
        return not self.english and match["short"] == "m" and not match["before"] and not match["after"]

    def _with_half(self, value: Fraction, end: int, unit: str) -> Fraction:
        """The value with a half that follows the unit: 1年半, 2時間半."""
        more = unit in _HALVED and self.plain.startswith("半", end + len(unit))
        return value + Fraction(1, 2) if more else value

    def _value(self, match: re.Match[str]) -> Fraction | None:
        if match["whole"]:
            below, above = kanji_value(match["whole"]), kanji_value(match["part"])
            return above / below if below and above is not None else None
        if half := match["half"]:
            return int(half[:-1] or 0) + Fraction(*_HALVES[half[-1]])
        if japanese := match["japanese"]:
            return kanji_value(japanese.rstrip(","))
        whole, point, decimals = match["number"].partition("," if self.decimal_comma else ".")
        digits = whole if whole.isdigit() else re.sub(r"[^0-9]", "", whole)
        value = Fraction(int(digits + decimals), 10 ** len(decimals)) if point else Fraction(int(digits))
        scale = "" if self._metres(match) else match["short"] or match["long"]
        value = value * SCALES[scale.lower()] if scale else value
        return value + Fraction(1, PARTS[match["and_part"].lower().split()[-1]]) if match["and_part"] else value

    def _kanji(self, match: re.Match[str]) -> Quantity | None:
        """Numerals without digits: a number only before a counter, or where they are too long to be anything else."""
        signs, after, start, end = match["kanji"], match["kanji_after"], *match.span()
        counter = COUNTER.match(self.plain, end)
        before = self.plain[start - 1 : start]
        inside = _HAN.match(before) and before not in _COUNTING_PREFIX
        long = len(signs) > 1 and not _LONG.isdisjoint(signs) and not inside
        if not (after or counter or long) or _WORDLY.match(self.plain, start):
            return None
        value = None if signs.strip("〇") == "" else kanji_value(signs)  # 〇月〇日 is to be filled in
        if value is None:
            return None
        kind, unit = _kind(after or "")
        value = value * 10 if after == "割" else value
        unit = unit or (counter[0] if counter else "")
        return self._at(match, kind, self._with_half(value, end, unit), unit, spelled=True)


def _kind(sign: str) -> tuple[Kind, str]:
    """What a sign beside a number makes of it: its kind and its unit."""
    if sign in ("%", "prozent", "パーセント", "割") or sign.startswith("per"):
        return "percent", "%"
    return ("money", CURRENCIES.get(sign, sign)) if sign else ("number", "")


def _unit(plain: str, end: int) -> str:
    """The counter or the word right after a number, in lower case."""
    found = COUNTER.match(plain, end)
    if found:
        return found[0]
    word = WORD.match(plain, end)
    if word and word[1] in _PLACES:  # the 31st minute
        word = WORD.match(plain, word.end())
    return word[1].lower() if word else ""


def _merged(found: list[Quantity], words: Iterable[Quantity]) -> list[Quantity]:
    """Both in order; where they overlap, what is written in digits stays."""
    starts = [one.start for one in found]
    fresh: list[Quantity] = []
    for one in words:
        at = bisect_left(starts, one.end)
        if not at or found[at - 1].end <= one.start:
            fresh.append(one)
    return sorted([*found, *fresh], key=lambda one: one.start)
