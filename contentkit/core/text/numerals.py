"""Numbers that are written in words or in signs of their own: "twelve hundred", 千二百, 1億2,000万, 3分の1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from contentkit.core.text.scan import one_of, rarely, starting

KANJI = "〇零一二三四五六七八九十百千"
MYRIADS = {"万": 10**4, "萬": 10**4, "億": 10**8, "亿": 10**8, "兆": 10**12}
_TENS = {"十": 10, "百": 100, "千": 1000}
_DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0}
_TOKEN = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?|.")
_POSITIONAL = re.compile("[〇零一二三四五六七八九]{2,}")

_UNDER_TWENTY = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen
"""
_TENS_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: value for value, word in enumerate(_UNDER_TWENTY.split())}
_SMALL |= {word: 20 + 10 * at for at, word in enumerate(_TENS_WORDS.split())}
_LARGE = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_ANY_WORD = f"(?:{'|'.join(sorted([*_SMALL, 'hundred', *_LARGE], key=len, reverse=True))})"
PARTS = {"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5}
PARTS |= {"tenth": 10, "tenths": 10}
_WORDS = re.compile(
    rf"\b({_ANY_WORD}(?:(?:[ -]|,? and ){_ANY_WORD}){{0,12}})"
    rf"(?:[ -]({'|'.join(PARTS)})|[ -]and[ -]a[ -](half|quarter))?(\sper\s?cent)?\b",
    re.IGNORECASE,
)
_BEGINS = re.compile(one_of([*_SMALL, "hundred", *_LARGE]))
_MEASURED = "hour|day|week|month|year|mile|kilometre|kilometer|metre|meter|litre|liter|kilo|inch|degree"
_HALVES = re.compile(
    rf"\bhalf[ -]an?(?=[ -](?:{_MEASURED}))|\bhalf(?=[ -]hour)|\ban?[ -](?:half|quarter)(?=[ -]hour)"
    rf"|\ban?[ -](?P<unit>{_MEASURED})[ -]and[ -]a[ -](?:half|quarter)\b"
    r"|\ban?[ -](?:quarter|third|fifth|tenth)(?=[ -]of[ -](?:the|its|their|our|all|his|her|these|those)\b)",
    re.IGNORECASE,
)
_MAY_BE_HALF = re.compile(one_of(["half", "quarter", "third", "fifth", "tenth"]))


def in_words(text: str) -> Iterator[re.Match[str]]:
    """Runs of English number words, what part of a whole each counts (two thirds) or is added, percent: groups 1 to
    4."""
    return starting(_WORDS, _BEGINS, text)


def halves(text: str) -> Iterator[tuple[re.Match[str], Fraction, str]]:
    """Parts of one that English names without a number, and the unit where it is in the match: "half an hour", "a year
    and a half", "a third of the costs"."""
    for match in rarely(_HALVES, text, _MAY_BE_HALF):
        said = match[0].lower()
        part = next(Fraction(1, below) for name, below in PARTS.items() if name in said)
        unit = match["unit"] or ""
        yield match, part + 1 if unit else part, unit


def words_value(text: str) -> int | None:
    """The value of English number words ("two hundred and fifty"); None where they make no one number."""
    total = current = 0
    last = ""
    for word in re.findall(r"[a-z]+", text.lower()):
        if word == "and":
            continue
        if word in _SMALL:
            if last in _SMALL and not (_SMALL[last] >= 20 and _SMALL[word] < 10):
                return None
            current += _SMALL[word]
        elif word == "hundred":
            current = max(1, current) * 100
        else:
            total += max(1, current) * _LARGE[word]
            current = 0
        last = word
    return total + current


def kanji_value(text: str) -> Fraction | None:
    """The value of digits and numerals as Japanese and Chinese mix them; None where they make no one number.

    Args:
        text: ASCII digits with commas and a point, ``KANJI`` and ``MYRIADS``; nothing else.
    """
    if _POSITIONAL.fullmatch(text):
        return Fraction(int("".join(str(_DIGITS[sign]) for sign in text)))
    total: int | Fraction = 0
    part: int | Fraction = 0
    number: int | Fraction | None = None
    ceiling = 10**16
    for token in _TOKEN.findall(text):
        if token in MYRIADS:
            if MYRIADS[token] >= ceiling or (number is None and not part):
                return None
            ceiling = MYRIADS[token]
            total += (part + (number or 0)) * ceiling
            part, number = 0, None
        elif token in _TENS:
            part += (1 if number is None else number) * _TENS[token]
            number = None
        elif number is not None:
            return None
        else:
            digits = token.replace(",", "")
            number = _DIGITS[token] if token in _DIGITS else Fraction(digits) if "." in digits else int(digits)
    return Fraction(total + part + (number or 0))
