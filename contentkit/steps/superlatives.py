"""Praise that claims to be above all others ("the leading", "No. 1", 業界初) and that the material does not hold.

Such claims must be proved where they are made: the EU's directive 2005/29/EC and Japan's 景品表示法 both treat an
unproved one as misleading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Place, Severity
from contentkit.core.text.outline import strings

CHECK = True

# Where such words are a claim that sells; in a how-to "the best way" is advice.
_KINDS = ("press-release", "product-description")
_ENGLISH = re.compile(
    r"\b(?:(?:world|industry|market|class)[ -]?(?:leading|first|best)"
    r"|(?:the|our|your) (?:best|leading|finest|ultimate|fastest|cheapest|safest|most \w{4,20})(?=\s\w)"
    r"|no\. ?1|number one|second to none|unrivall?ed|unmatched|unparallell?ed|one of a kind|like no other"
    r"|best[ -](?:in[ -]class|selling)|state[ -]of[ -]the[ -]art|100 ?% (?:safe|natural|secure)|guaranteed)(?![\w-])"
    r"|#1\b",
    re.IGNORECASE,
)
_JAPANESE = re.compile(
    r"(?:世界|日本|業界|国内|地域|当社|史上)(?:初|一|最\w|No\.?1|ナンバーワン)|(?:No\.?|ナンバー) ?(?:1|１|ワン)"
    r"|最(?:高|安|強|速|先端|大級|高級|上級)|唯一|究極|完璧|絶対|抜群|他に類を見ない|他社にない"
    r"|(?:100|１００)[%％](?:安全|天然|自然)|必ず(?:痩|治|儲)"
)
_GERMAN = re.compile(
    r"\b(?:marktführend|führend|weltbest|unübertroffen|einzigartig|konkurrenzlos)\w*\b|\b(?:Nr\. ?1|Nummer eins)\b",
    re.IGNORECASE,
)
_PATTERNS = (_ENGLISH, _JAPANESE, _GERMAN)


def after(piece: Piece) -> Piece:
    """A major finding for each superlative that stands in no source and in no field that the user gave."""
    if piece.kind not in _KINDS:
        return piece
    given = [source.text for source in piece.sources]
    given += [value for name, value in piece.fields.items() if isinstance(value, str) and name != "rules"]
    said = _folded("\n".join(given))
    whole = strings(piece.output) if piece.output is not None else [(piece.name, piece.body)]
    return piece.found(*(finding for path, text in whole for finding in _unproved(path, text, said)))


def _unproved(path: str, text: str, said: str) -> Iterator[Finding]:
    for quote in dict.fromkeys(found[0] for pattern in _PATTERNS for found in pattern.finditer(text)):
        if _folded(quote) not in said:
            yield Finding(
                "superlatives/unproved",
                f"“{quote}” claims more than the material does.",
                Severity.MAJOR,
                Place(path, quote=quote),
                "superlatives",
                f"Take “{quote}” out of {path}, or say the fact of the material that stands behind it.",
            )


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
