"""The smallest parts of a narration that a subtitle keeps together, and how well it may break after each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from contentkit.core.captions.rules import Rules, width
from contentkit.core.text.languages import primary
from contentkit.core.text.script import CJK, SPACELESS

if TYPE_CHECKING:
    from budoux import Parser

SENTENCE, CLAUSE, PHRASE, TIGHT = 0, 12, 30, 60
"""What a break costs: after a sentence nothing, after a comma little, within a phrase most."""

_ENDS = re.compile(r"[.!?…。！？](?:[\"'”’»)）」』\]]*)\Z")
_PAUSES = re.compile(r"(?:[,;:–—、，；：・]|-{2,})[\"'”’»)）」』\]]*\Z")
# A line is best broken before these, and not between them and what follows.
_LEADS = {
    "en": """and but or nor so yet because although though while when where which who that if unless until since as than
        about across after against along among around at before behind below between by down during for from in into
        near of off on onto out over through to toward under up upon with without""",
    "de": """und oder aber denn sondern weil dass wenn als ob obwohl damit während bis der die das an auf aus bei durch
        für gegen hinter in mit nach neben ohne seit über um unter von vor zu zum zur zwischen""",
    "fr": """et ou mais car donc que qui dont où quand si comme parce à au aux de du des en dans sur sous par pour sans
        avec entre""",
    "es": """y e o u pero sino porque que quien cuando donde si como a al de del en con sin por para sobre entre desde
        hasta""",
}
_CLINGS = {
    "en": """a an the this that these those my your his her its our their no very is are was were be been have has had
        will to""",
    "de": "ein eine einen einem einer der die das den dem des ist sind war nicht zu sich",
    "fr": "un une le la les l' ce cette ces mon ma mes son sa ses leur ne se est sont",
    "es": "un una el la los las lo su sus mi mis no se es son",
}
_LEADING = {language: frozenset(words.split()) for language, words in _LEADS.items()}
_CLINGING = {language: frozenset(words.split()) for language, words in _CLINGS.items()}
# Neither begins a line, or ends one (Japanese line breaking).
_NOT_FIRST = frozenset("、。，．・：；？！）］｝」』】〕〉》ー々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ!?),.:;]}%％…‥")
_NOT_LAST = frozenset("（［｛「『【〔〈《([{")


@dataclass(frozen=True, slots=True)
class Atom:
    """Attributes:
    glue: what stands between it and the next: " " or "".
    size: its width by the rules.
    cost: of a break after it.
    """

    text: str
    glue: str
    size: float
    cost: int


def atoms(text: str, language: str, rules: Rules) -> list[Atom]:
    """Words; of Japanese and Chinese the phrases in which they are read."""
    code = primary(language)
    pieces = list(_pieces(text, code, rules))
    found = []
    for (piece, glue), (following, _) in pairwise([*pieces, ("", "")]):
        found.append(Atom(piece, glue, width(piece, rules), _cost(piece, following, glue, code)))
    return found


def _pieces(text: str, language: str, rules: Rules) -> Iterator[tuple[str, str]]:
    for word in text.split():
        parts = list(_parts(word, language, rules)) if CJK.search(word) else [word]
        for number, part in enumerate(parts, 1):
            yield part, "" if number < len(parts) else " "


def _parts(word: str, language: str, rules: Rules) -> Iterator[str]:
    for phrase in _phrases(word, language):
        if width(phrase, rules) <= rules.line:
            yield phrase
        else:
            yield from _cut(phrase, rules)


def _phrases(word: str, language: str) -> list[str]:
    """The phrases of a run without spaces, none of which begins or ends with a sign that may not."""
    if language not in SPACELESS:
        return [word]
    found: list[str] = []
    for phrase in _parser(language).parse(word):
        if found and (phrase[0] in _NOT_FIRST or found[-1][-1] in _NOT_LAST):
            found[-1] += phrase
        else:
            found.append(phrase)
    return found


@lru_cache(maxsize=2)
def _parser(language: str) -> Parser:
    import budoux

    return (
        budoux.load_default_simplified_chinese_parser() if language == "zh" else budoux.load_default_japanese_parser()
    )


def _cut(phrase: str, rules: Rules) -> Iterator[str]:
    """A phrase longer than a line, cut where its writing allows: not before small kana, not within Latin words."""
    import regex

    signs: list[str] = []
    for sign in regex.findall(r"\X", phrase):
        holds = signs and (sign[0] in _NOT_FIRST or signs[-1][-1] in _NOT_LAST or _one_word(signs[-1], sign))
        if holds and width(signs[-1] + sign, rules) <= rules.line:
            signs[-1] += sign
        else:
            signs.append(sign)
    yield from signs


def _one_word(before: str, sign: str) -> bool:
    return before[-1].isascii() and before[-1].isalnum() and sign.isascii() and sign.isalnum()


def _cost(piece: str, following: str, glue: str, language: str) -> int:
    """How badly the text breaks between two pieces."""
    if _ENDS.search(piece):
        return SENTENCE
    if _PAUSES.search(piece):
        return CLAUSE
    if not glue:
        return PHRASE
    word, after = piece.casefold().strip("\"'“”‘’«»()"), following.casefold().strip("\"'“”‘’«»()")
    if word in _CLINGING.get(language, frozenset()) or word in _LEADING.get(language, frozenset()):
        return TIGHT
    return PHRASE if after in _LEADING.get(language, frozenset()) else (PHRASE + TIGHT) // 2
