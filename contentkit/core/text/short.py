"""The language of a few words, such as what a customer wrote: letters alone are too few to tell it."""

from __future__ import annotations

import re
from collections import Counter

from contentkit.core.text.prose import detect, likely
from contentkit.core.text.script import HAN, HANGUL, KANA, script_language
from contentkit.core.text.words import STOPWORDS

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+")
# So many words tell it by themselves; of fewer, so large a share must be small words (the, my, is), and at least two.
_ENOUGH, _SHARE, _LEAST = 20, 0.4, 2
_SURE = 0.95
# What Chinese asks with, and Japanese does not write.
_CHINESE = re.compile(r"[是的吗嗎么麼这這们們您请哪呢吧怎什谁没给]")


def detect_short(text: str) -> str:
    """The ISO 639-1 code of the language of a text of any length; "" when unsure. Deterministic.

    The script comes first, where one is most of the text; then small words, since they tell English, German, French and
    Spanish by two of them. Then kana and hangul, which may stand beside a name in Latin letters ("WiFiは？"); then the
    letters, where they leave no doubt; then a single small word.
    """
    text = _ADDRESS.sub(" ", text)
    if found := script_language(text):
        return found
    words = Counter(_WORD.findall(text.lower()))
    total = words.total()
    if total >= _ENOUGH or not total:
        return detect(text)
    small = {code: sum(words[word] for word in stop) for code, stop in STOPWORDS.items() if code != "ja"}
    first, second = sorted(small, key=small.__getitem__, reverse=True)[:2]
    if small[first] >= _LEAST and small[first] > _SHARE * total and small[first] > small[second]:
        return first
    if found := _by_signs(text):
        return found
    if HAN.search(text):
        return ""
    if total > 1 and (found := likely(text, _SURE)):
        return found
    return first if small[first] > small[second] else ""


def _by_signs(text: str) -> str:
    """What a few signs tell: kana are Japanese, hangul is Korean; of Chinese characters, those that only one of the
    languages has."""
    if KANA.search(text):
        return "ja"
    if HANGUL.search(text):
        return "ko"
    han = "".join(HAN.findall(text))
    if not han:
        return ""
    japanese, chinese = _encodable(han, "shift_jis"), _encodable(han, "gb2312") or _encodable(han, "big5")
    if _CHINESE.search(han) or (chinese and not japanese):
        return "zh"
    return "ja" if japanese and not chinese else ""


def _encodable(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
