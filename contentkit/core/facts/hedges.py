"""Whether the words around a number say that it is not meant exactly: about, more than, almost; 約, 以上, 弱."""

from __future__ import annotations

import re
from typing import Literal

Meant = Literal["exactly", "about", "over", "under"]


def meant(before: str, after: str) -> Meant:
    """How a number between two texts is meant."""
    if _OVER.search(before) or _THEN_OVER.match(after):
        return "over"
    if _UNDER.search(before) or _THEN_UNDER.match(after):
        return "under"
    return "about" if _ABOUT.search(before) or _THEN_ABOUT.match(after) else "exactly"


def is_each(before: str, after: str) -> bool:
    """Whether a number is what comes to one of several: "15 a day", 1日平均400本."""
    return bool(_EACH_BEFORE.search(before) or _THEN_EACH.match(after))


def _ending(words: str, signs: str) -> re.Pattern[str]:
    """Whether a text ends with one of the words, or of the signs, which need no space before them."""
    spoken, written = ("|".join(map(re.escape, given.split(", "))) for given in (words, signs))
    return re.compile(rf"(?:\b(?:{spoken})|{written})(?:\s(?:a|the))?\W{{0,3}}\Z", re.IGNORECASE)


_ABOUT = _ending(
    "about, around, roughly, approximately, approx, some, circa, ca, etwa, rund, ungefähr, environ",
    "~, ≈, 約, およそ, おおよそ, ほぼ, だいたい",
)
_OVER = _ending(
    "over, above, past, at least, more than, upwards of, exceeding, exceeds, über, mehr als, mindestens, plus de",
    ">, ≥",
)
_UNDER = _ending(
    "under, below, nearly, almost, less than, fewer than, close to, up to, at most, just short of, fast, knapp, unter, "
    "weniger als, bis zu",
    "<, ≤, 最大, 最長",
)
# Between the number and the Japanese word a counter may stand: 1,200人以上.
_THEN_ABOUT = re.compile(r"[^\s\d。、]{0,3}(?:程度|ほど|前後|くらい|ぐらい|近く)|-?ish\b| or so\b")
_THEN_OVER = re.compile(
    r"\+|[^\s\d。、]{0,3}(?:以上|超|余り|あまり|強|を(?:わずかに|やや|大きく)?(?:超え|上回))|\s?(?:or more|plus)\b"
)
_THEN_UNDER = re.compile(
    r"[^\s\d。、]{0,3}(?:未満|以下|弱|以内|足らず|を(?:わずかに|やや|大きく)?下回|に(?:迫る|満たな|届か))"
    r"|\s?or (?:less|fewer)\b"
)
_EACH_BEFORE = re.compile(
    r"(?:\b(?:average|averages|averaged|each|every|per \w+)\b[^.;\n]{0,12}"
    r"|平均(?:して|で)?約?|あたり約?|当たり約?|につき約?|ごとに約?)\Z",
    re.IGNORECASE,
)
_THEN_EACH = re.compile(
    r"\A(?:\s?[^\W\d]+){0,2}\s(?:per|each|apiece|every|on average|an?\s(?:day|week|month|year|person|head|piece))\b"
    r"|\A[^\s\d。、]{0,3}(?:ずつ|/)",
    re.IGNORECASE,
)
