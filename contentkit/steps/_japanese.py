"""How Japanese sentences end."""

from __future__ import annotations

import re
from typing import Literal

Register = Literal["desumasu", "dearu", ""]

_BLANKS = "".join(sign for sign in map(chr, range(0x3001)) if sign.isspace())
_END = f"{_BLANKS}。．！？!?…‥」』）)]】"
_POLITE = re.compile(
    r"(?:です|ます|でした|ました|ません|ませんでした|ましょう|でしょう|ください|下さい|まして|でして|ございます)"
    r"(?:か|ね|よ|な|が|から|ので|けど|けれど|けれども|し|の|わ|とも){0,3}\Z"
)
_PLAIN = re.compile(
    r"(?:だ|である|だった|であった|だろう|であろう|のだ|ではない|でない|なかった|ない|たい|らしい|くない|しい|[ぁ-ゖ一-鿿々][るうくぐすつぬぶむ]"
    r"|[いっんしきれえべけせめてね]た|んだ|よう)"
    r"(?:か|ね|よ|な|が|から|のか){0,2}\Z"
)
_TAIL = 40


def register_of(sentence: str) -> Register:
    """です・ます, だ・である, or "" for what ends in a noun or can be either."""
    words = sentence[-_TAIL:].rstrip(_END)
    if _POLITE.search(words):
        return "desumasu"
    return "dearu" if _PLAIN.search(words) else ""
