"""How much of what a sentence says stands in the material at all: by the stems of its words that carry meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from contentkit.core.facts.material import Material, Witness
from contentkit.core.facts.tokens import folded, stem, tokens, words_of
from contentkit.core.piece import SourceText
from contentkit.core.text.document import Document
from contentkit.core.text.script import SPACELESS
from contentkit.core.text.words import STOPWORDS, is_common

_RUN = re.compile(r"[\u30a1-\u30f6\u30fc]{2,}|[\u3005\u3400-\u4dbf\u4e00-\u9fff]{2,}|[A-Za-z][A-Za-z0-9]+")


def content(text: str, language: str) -> frozenset[str]:
    """The stems of the words that carry meaning; in Japanese and Chinese runs of one script, Han in pairs."""
    return frozenset(_pairs(text, language)) if language in SPACELESS else _stems(tokens(text).keys, language)


def content_of(document: Document, start: int, end: int) -> frozenset[str]:
    """The same of a sentence of a document."""
    if document.language in SPACELESS:
        return frozenset(_pairs(document.shadow[start:end], document.language))
    return _stems(words_of(document).between(start, end), document.language)


def _stems(keys: Sequence[str], language: str) -> frozenset[str]:
    telling = set(keys) - STOPWORDS.get(language, STOPWORDS["en"])
    return frozenset(stem(key) for key in telling if len(key) > 2 and not key.isdigit())


def _pairs(text: str, language: str) -> Iterable[str]:
    for found in _RUN.finditer(text):
        run = folded(found[0])
        if is_common(run, language):
            continue
        if run[0] < "\u3100":
            yield run
        else:
            yield from (run[at : at + 2] for at in range(len(run) - 1))


def share(words: frozenset[str], witnesses: Iterable[Witness], language: str) -> float:
    """The share of the words that the witnesses have between them, 0 to 1; 1 for no words."""
    if not words:
        return 1.0
    left = set(words)
    for witness in witnesses:
        left -= _vocabulary(witness.source, language)
    return 1 - len(left) / len(words)


@lru_cache(maxsize=64)
def _vocabulary(source: SourceText, language: str) -> frozenset[str]:
    return content(f"{source.text}\n{source.title}", language)


def best(words: frozenset[str], material: Material, language: str) -> Witness | None:
    """The source that has most of the words."""
    return max(material.sources, key=lambda one: share(words, (one,), language), default=None)
