"""Dates and times of day as texts write them: "3 May 2026", 2026年5月3日, 令和8年5月3日, 2026-05-03, "9:30 p.m."."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from contentkit.core.text.scan import one_of


@dataclass(frozen=True, slots=True)
class Date:
    """A day, a month or a year, as far as the text says; None is not said."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def agrees(self, other: Date) -> bool:
        """Whether both can mean one day: what both say is the same, and they say something in common."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        said = [(one, two) for one, two in pairs if one is not None and two is not None]
        return bool(said) and all(one == two for one, two in said)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day, 24 hours."""

    hour: int
    minute: int = 0
    second: int = 0


# Each month as the languages write it, short forms that are used included.
_NAMES = {
    1: "january jan januar januari janvier enero gennaio janeiro",
    2: "february feb februar februari février febrero febbraio fevereiro",
    3: "march mar märz maart mars marzo março",
    4: "april apr avril abril aprile",
    5: "may mai mei mayo maggio maio",
    6: "june jun juni juin junio giugno junho",
    7: "july jul juli juillet julio luglio julho",
    8: "august aug augustus août agosto",
    9: "september sept sep septembre septiembre settembre setembro",
    10: "october oct oktober okt octobre octubre ottobre outubro",
    11: "november nov novembre noviembre novembro",
    12: "december dec dezember dez décembre diciembre dicembre dezembro",
}
_WORDS_TOO = frozenset({"may", "march", "august"})
"""In small letters and alone: "this may help", "an august body"."""
MONTHS = {name: number for number, names in _NAMES.items() for name in names.split()}
_MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
# Words too, or names: as a month they need a day, a year or a preposition.
_ALONE = (
    "(?:" + "|".join(name for name in sorted(MONTHS, key=len, reverse=True) if len(name) > 4 and name != "march") + ")"
)
_BEFORE_MONTH = (
    "in", "by", "of", "since", "until", "till", "from", "before", "after", "through", "during", "last", "next", "this",
    "early", "late", "mid",
)  # fmt: skip
_SAID_ALONE = ("may", "march", "mai", "mars", "june", "july")
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867}
_YEAR, _DAY = r"(?:1[5-9]|20|21)\d\d", r"(?:3[01]|[12]\d|0?[1-9])"
_NO_YEAR = r"\d|-\d|s\b|[.,]\d"
_ORDINAL = r"(?:st|nd|rd|th|er|º|\.)?"
_SIGN = r"0-9A-Za-z_\u00c0-\u024f"
"""Where one of these goes on, it is another word. Japanese goes on without a space, and is none: 2026-05-03に."""
_KANJI = "〇零一二三四五六七八九十"
_MONTH_DAY = (
    r"(?P<ja_month{0}>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月"
    r"(?:(?P<ja_day{0}>3[01]|[12][0-9]|0?[1-9]|[一二三四五六七八九十]{{1,3}})日(?!間))?"
)

# Each begins with what it can begin with, so that most places of a text are passed over at once.
_FROM_DIGIT = "|".join(
    (
        # 2026-05-03, 2026/5/3, 2026.5.3
        rf"(?<![{_SIGN}./-])(?P<iso_year>{_YEAR})(?P<iso>[-/.])(?P<iso_month>1[0-2]|0?[1-9])(?P=iso)(?P<iso_day>{_DAY})"
        rf"(?![{_SIGN}/-]|\.\d)",
        # 3.5.2026, 3/5/2026
        rf"(?<![{_SIGN}./-])(?P<num1>{_DAY})(?P<num>[./-])(?P<num2>{_DAY})(?P=num)(?P<num_year>{_YEAR})"
        rf"(?![{_SIGN}/-]|\.\d)",
        # 3 May 2026, 3rd of May, 3. Mai
        rf"(?<![\w.,/-])(?P<day_first>{_DAY}){_ORDINAL}\s(?:of\s|de\s)?(?P<month_after>{_MONTH})"
        rf"(?:,?\s(?:de\s|del\s)?(?P<year_after>{_YEAR})(?!{_NO_YEAR}))?",
    )
)
_FROM_LETTER = "|".join(
    (
        # May 3, 2026; May 2026
        rf"(?P<month_first>{_MONTH})\s(?:(?P<day_after>{_DAY})(?:st|nd|rd|th)?(?![\d:]|[.,]\d)"
        rf"(?:,?\s(?P<year_end>{_YEAR})(?!{_NO_YEAR}))?|(?:de\s)?(?P<year_only>{_YEAR})(?!{_NO_YEAR}))",
        rf"(?P<month_alone>{_ALONE})\b",
        rf"(?:{'|'.join(_BEFORE_MONTH)})[\s-](?P<month_said>{'|'.join(_SAID_ALONE)})\b(?!\s\d)",
    )
)
# 2026年5月3日, 令和8年5月, 5月3日, 二〇二六年; not 3年間 and 3か月.
_FROM_KANJI = "|".join(
    (
        rf"(?:(?P<era>{'|'.join(_ERAS)})(?P<era_year>元|[0-9]{{1,2}}|[{_KANJI}]{{1,3}})|(?P<ja_year>[0-9]{{4}}|[{_KANJI}]{{4}}))"
        rf"年(?!間)(?:度)?(?:{_MONTH_DAY.format(1)})?",
        rf"(?<![0-9{_KANJI}]){_MONTH_DAY.format(2)}",
    )
)
DATE = (
    rf"(?=[0-9{_KANJI}令平昭大明])(?:{_FROM_KANJI})|(?=[0-9])(?:{_FROM_DIGIT})"
    rf"|\b(?=[A-Za-z])(?=[jfmasondegtluib]\w)(?:{_FROM_LETTER})"
)
TIME = (
    "(?=[0-9午一二三四五六七八九十])(?:"
    + "|".join(
        (
            r"(?P<noon>午前|午後)?(?P<ja_hour>2[0-4]|[01]?\d|[一二三四五六七八九]|十[一二]?)時(?!間|代|期|点|給|計|価|速|差|限|効)"
            r"(?:(?P<ja_minute>[0-5]?\d)分(?:(?P<ja_second>[0-5]?\d)秒)?|(?P<half_past>半))?",
            rf"(?<![{_SIGN}:.])(?P<hour>2[0-4]|[01]?\d):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?![\d:])"
            r"(?:\s?(?P<meridiem>[ap]\.?m\.?)(?![a-z]))?",
            r"(?<![\w.,:])(?P<bare_hour>1[0-2]|0?[1-9])\s?(?P<bare_meridiem>[ap]\.?m\.?)(?![a-z])",
            r"(?<![\w.,:])(?P<uhr>2[0-4]|[01]?\d)(?:[:.](?P<uhr_minute>[0-5]\d))?\sUhr\b",
        )
    )
    + ")"
)
DATE_SIGNS = f"0123456789{_KANJI}令平昭大明午"
DATE_WORDS = rf"{one_of(MONTHS)}|{one_of(_BEFORE_MONTH)}[\s-]{one_of(_SAID_ALONE)}"
"""What dates and times begin with, in small letters: cheap to look for."""
Group = Callable[[str], str | None]
"""What a named group of a match holds."""
_SIGNS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "元": 1}


def date_of(get: Group, *, month_first: bool) -> Date | None:
    """The date of a match of ``DATE``, by its groups; None where it can't be one.

    Args:
        month_first: 3/5/2026 is the fifth of March, as in the United States.
    """
    if get("ja_year") or get("era"):
        year = _ERAS.get(get("era") or "", 0) + _number(get("era_year") or get("ja_year"))
        return Date(year, _number(get("ja_month1")) or None, _number(get("ja_day1")) or None)
    if get("ja_month2"):
        return Date(None, _number(get("ja_month2")), _number(get("ja_day2")) or None)
    if get("iso_year"):
        return Date(_number(get("iso_year")), _number(get("iso_month")), _number(get("iso_day")))
    if get("num_year"):
        return _numeric(_number(get("num1")), _number(get("num2")), _number(get("num_year")), month_first)
    if name := get("month_after") or get("month_first"):
        day = get("day_first") or get("day_after")
        said = get("year_after") or get("year_end") or get("year_only")
        return Date(_number(said) or None, _month(name), _number(day) or None)
    if name := get("month_alone") or get("month_said"):
        return None if name in _WORDS_TOO else Date(None, _month(name))
    return None


def clock_of(get: Group) -> Clock | None:
    """The time of a match of ``TIME``, by its groups; None where it is none."""
    if hour := get("ja_hour"):
        minute = 30 if get("half_past") else _number(get("ja_minute"))
        return Clock(_hour(_number(hour), get("noon") or ""), minute, _number(get("ja_second")))
    if hour := get("hour"):
        return Clock(_hour(int(hour), get("meridiem") or ""), _number(get("minute")), _number(get("second")))
    if hour := get("bare_hour"):
        return Clock(_hour(int(hour), get("bare_meridiem") or ""))
    if hour := get("uhr"):
        return Clock(int(hour), _number(get("uhr_minute")))
    return None


def _numeric(first: int, second: int, year: int, month_first: bool) -> Date | None:
    """Of 3/5/2026 either may be the month; the one that can't be decides, else the custom of the language."""
    day, month = (second, first) if (month_first and first <= 12) or second > 12 else (first, second)
    return Date(year, month, day) if month <= 12 else None


def _hour(hour: int, half: str) -> int:
    if half == "午後" or half[:1].lower() == "p":
        return hour + 12 if hour < 12 else hour
    return 0 if half and hour == 12 else hour


def _month(name: str) -> int:
    return MONTHS[name.rstrip(".").lower()]


def _number(text: str | None) -> int:
    """ASCII digits, or Japanese numerals up to 99 or one digit after the other; 0 for nothing."""
    if not text or text.isdigit():
        return int(text or 0)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return 10 * _SIGNS.get(tens, 1) + _SIGNS.get(ones, 0)
    return int("".join(str(_SIGNS[sign]) for sign in text))
