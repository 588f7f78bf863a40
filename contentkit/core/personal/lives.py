"""Where people live and when they were born. Cautious: streets and days of which that is sure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from contentkit.core.personal.datum import Datum
from contentkit.core.text.dates import Date
from contentkit.core.text.numbers import quantities
from contentkit.core.text.scan import one_of

_ADDRESS = re.compile(
    r"(?<![\w.,])\d{1,5}[A-Za-z]? (?:[A-Z][\w'’.]{1,20} ){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln"
    r"|Drive|Court|Square|Terrace|Crescent)\b\.?"
    r"|\b[A-ZÄÖÜ][\wäöüß-]{2,30}(?:straße|strasse|str\.|weg|platz|gasse|allee|ufer) \d{1,4} ?[a-z]?\b"
    r"|\b\d{1,4},? (?:rue|avenue|boulevard|place|impasse) (?:de |du |des |de la )?[A-ZÀ-Þ][\w'’-]{2,30}"
    r"|〒 ?\d{3}-?\d{4}"
    r"|(?:東京都|北海道|大阪府|京都府|[一-龥]{2,3}県)[^\s、。,「」\n]{1,12}?[市区町村][^\s、。,「」\n]{0,16}?\d{1,4}(?:丁目|番|号|-\d{1,4})"
)
_BORN_BEFORE = re.compile(
    r"(?:\b(?:born(?: on)?|date of birth|birth ?date|DOB|geboren(?: am)?|Geburtsdatum|née? le)|生年月日)"
    r"[は:：\s]{0,3}(?:the )?\Z",
    re.IGNORECASE,
)
_BORN_AFTER = re.compile(r"(?:に|日)?(?:生まれ|誕生|出生)")
_BESIDE = 40
_CUE = re.compile(r"born|birth|DOB|geboren|Geburt|né|生まれ|誕生|出生|生年月日", re.IGNORECASE)
_STREETS = """
Street St Ave Road Rd Boulevard Blvd Lane Ln Drive Court Square Terrace Crescent straße strasse str. weg platz gasse
allee ufer rue avenue boulevard place impasse 〒 東京都 北海道 大阪府 京都府 県
"""
_MAY_LIVE = re.compile(one_of(_STREETS.split()))
_MAY_BE_BORN = re.compile(one_of(["born", "birth", "dob", "geb", "né", "生", "出生"]))


def lives(text: str) -> Iterator[Datum]:
    """Postal addresses, and days of birth."""
    for found in _ADDRESS.finditer(text) if _MAY_LIVE.search(text) else ():
        yield Datum(*found.span(), "address", "a postal address", re.sub(r"\W", "", found[0]).casefold())
    yield from _births(text) if _MAY_BE_BORN.search(text.lower()) else ()


def _births(text: str) -> Iterator[Datum]:
    end = 0
    for first, last in _around(_CUE, text):
        for one in quantities(text[first:last]):
            day, start, stop = one.value, first + one.start, first + one.end
            if not isinstance(day, Date) or day.day is None or day.month is None or start < end:
                continue
            if _BORN_BEFORE.search(text[max(0, start - _BESIDE) : start]) or _BORN_AFTER.match(text, stop):
                yield Datum(start, stop, "birth", "a day of birth", f"{day.year}-{day.month}-{day.day}")
                end = stop


def _around(cues: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """What stands beside the cues; where they stand close together they share it, so that nothing is read twice."""
    first = last = 0
    for cue in cues.finditer(text):
        if cue.start() - _BESIDE > last:
            if last:
                yield first, last
            first = cue.start() - _BESIDE
        last = cue.end() + _BESIDE
    if last:
        yield first, last
