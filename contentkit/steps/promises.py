"""What a reply to a customer promises: money back, a discount, something free. Only the company's papers can grant it.

Looked at are answers that say how far they are ``answered``. What stands only in the customer's message grants nothing,
and neither do amounts there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Place, Severity
from contentkit.core.text.numbers import Quantity, quantities, same
from contentkit.core.text.prose import sentences

CHECK = True

# Families of words: where the material has one of a family, a promise of that family may rest on it.
_GRANTS = {
    "money back": (
        r"refund\w*|reimburs\w*|money back|pay (?:you )?back|repay\w*",
        r"返金|払い戻|返却いたします",
        r"erstatt\w*",
    ),
    "compensation": (r"compensat\w*|damages", r"補償|賠償|お見舞金", r"entschädig\w*"),
    "a discount": (
        r"discount\w*|voucher\w*|coupon\w*|gift card\w*",
        r"割引|値引|クーポン|商品券|ギフト券",
        r"rabatt\w*|gutschein\w*",
    ),
    "something free": (
        r"free of charge|for free|at no (?:extra )?(?:cost|charge)|waive\w*",
        r"無料|無償",
        r"kostenlos\w*|gratis",
    ),
    "a replacement": (r"replac\w+|exchange\w*|new one", r"交換|代替品|代わりの品", r"umtausch\w*|ersatz\w*"),
    "a guarantee": (r"guarantee\w*|warrant\w*", r"保証", r"garanti\w*"),
}
_PATTERNS = {
    what: re.compile(rf"\b(?:{english}|{german})|{japanese}", re.IGNORECASE)
    for what, (english, japanese, german) in _GRANTS.items()
}
# Sentences that say it is not decided, or refuse it, promise nothing.
_OPEN = re.compile(
    r"\b(?:can(?:no|')t|cannot|not|whether|if|colleague|check|find out|look into|ask(?:ed)? for|request\w*|about)\b"
    r"|かどうか|できません|いたしかね|確認|担当|について|ご要望|お申し出|\b(?:nicht|ob|kein\w*|prüf\w*)\b",
    re.IGNORECASE,
)


def after(piece: Piece) -> Piece:
    """Findings for promises and amounts that the material does not hold, and for answers that rest on nothing."""
    if not isinstance(piece.output, Mapping) or "answered" not in piece.output:
        return piece
    ground = _Ground.of(piece)
    return piece.found(*_rested(piece.output), *_promised(piece.output, ground), *_counted(piece.output, ground))


@dataclass(frozen=True, slots=True)
class _Ground:
    """What may be said: the material, and for what is no money the customer's message and the user's fields too."""

    text: str
    language: str
    material: tuple[Quantity, ...]
    given: tuple[Quantity, ...]

    @classmethod
    def of(cls, piece: Piece) -> _Ground:
        text = "\n".join(source.text for source in piece.sources)
        given = "\n".join(str(value) for name, value in piece.fields.items() if isinstance(value, str))
        tongue = piece.sources[0].language if piece.sources else ""
        return cls(text, piece.language, tuple(quantities(text, tongue)), tuple(quantities(given, piece.language)))


def _rested(output: Mapping[str, Any]) -> Iterator[Finding]:
    answered, named = output.get("answered"), output.get("sources")
    if answered != "no" and not named:
        repair = "Name in sources what the answer rests on. If nothing does, set answered to no and hand it over."
        yield _finding(
            "answered", f"It is said to be answered ({answered}), but rests on no source.", "answered", repair
        )
    if answered != "yes" and not str(output.get("handover") or "").strip():
        repair = "Say in handover what a colleague has to find out or decide."
        yield _finding("handover", "It is not wholly answered, and nothing is handed over.", "handover", repair)


# Places of promises and figures are "answered": taking one out changes what is answered and handed over, so that all of
# the reply is to be written again, and not one sentence.
def _promised(output: Mapping[str, Any], ground: _Ground) -> Iterator[Finding]:
    for sentence in sentences(str(output.get("answer", "")), ground.language):
        if _OPEN.search(sentence):
            continue
        for what, pattern in _PATTERNS.items():
            if pattern.search(sentence) and not pattern.search(ground.text):
                repair = "Take the promise out: say that a colleague will decide, and put the wish into handover."
                message = f"The reply promises {what}, which the material does not grant."
                yield _finding("promise", message, "answered", repair, sentence)


def _counted(output: Mapping[str, Any], ground: _Ground) -> Iterator[Finding]:
    """Figures that stand nowhere; sums and shares must stand in the material, not only in the message."""
    answer = str(output.get("answer", ""))
    for one in quantities(answer, ground.language):
        granted = ground.material if one.kind in ("money", "percent") else ground.material + ground.given
        if one.spelled or any(same(one, other) for other in granted):
            continue
        repair = f"Take {one.text!r} out of answer; where it matters, hand the question over."
        yield _finding("figure", f"{one.text!r} does not stand in the material.", "answered", repair, one.text)


def _finding(rule: str, message: str, path: str, repair: str, quote: str = "") -> Finding:
    return Finding(f"promises/{rule}", message, Severity.MAJOR, Place(path, quote=quote[:120]), "promises", repair)
