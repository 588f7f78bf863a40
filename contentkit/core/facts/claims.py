"""How much of what a sentence says stands in the material at all: by the stems of its words that carry meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from contentkit.core.facts.material import Material, Witness
from contentkit.core.facts.tokens import folded, stem, tokens, words_of
from contentkit.core.text.document import Document
from contentkit.core.text.script import SPACELESS
from contentkit.core.text.words import STOPWORDS, is_common

_NO_STEM = frozenset({""})
_RUN = re.compile(r"[\u30a1-\u30f6\u30fc]{2,}|[\u3005\u3400-\u4dbf\u4e00-\u9fff]{2,}|[A-Za-z][A-Za-z0-9]+")


def content(text: str, language: str) -> frozenset[str]:
    """The stems of the words that carry meaning; in Japanese and Chinese runs of one script, Han in pairs."""
    return _pairs(text, language) if language in SPACELESS else _stems(tokens(text).keys, language)


def content_of(document: Document, start: int, end: int) -> frozenset[str]:
    """The same of a sentence of a document."""
    if document.language in SPACELESS:
        return _pairs(document.shadow[start:end], document.language)
    first, last = words_of(document).among(start, end)
    return frozenset(_stems_of(document)[first:last]) - _NO_STEM


@lru_cache(maxsize=4)
def _stems_of(document: Document) -> Sequence[str]:
    """The stem of each word of the prose; "" of one that carries no meaning."""
    keys = words_of(document).keys
    stems = dict.fromkeys(keys, "") | {key: stem(key) for key in _telling(keys, document.language)}
    return [stems[key] for key in keys]


def _stems(keys: Sequence[str], language: str) -> frozenset[str]:
    return frozenset(map(stem, _telling(keys, language)))


def _telling(keys: Sequence[str], language: str) -> Iterable[str]:
    """The words that carry meaning, each once."""
    telling = set(keys) - STOPWORDS.get(language, STOPWORDS["en"])
    return (key for key in telling if len(key) > 2 and not key.isdigit())


def _pairs(text: str, language: str) -> frozenset[str]:
    return frozenset().union(*(_parts(run, language) for run in set(_RUN.findall(text))))


@lru_cache(maxsize=8192)
def _parts(run: str, language: str) -> Sequence[str]:
    """A run of Latin letters or katakana as it is, one of Han characters in pairs; nothing of one without meaning."""
    run = folded(run)
    if is_common(run, language):
        return ()
    return (run,) if run[0] < "\u3100" else [run[at : at + 2] for at in range(len(run) - 1)]


def share(words: frozenset[str], witnesses: Iterable[Witness], language: str) -> float:
    """The share of the words that the witnesses have between them, 0 to 1; 1 for no words."""
    if not words:
        return 1.0
    left = words.difference(*(_vocabulary(witness, language) for witness in witnesses))
    return 1 - len(left) / len(words)


@lru_cache(maxsize=64)
def _vocabulary(witness: Witness, language: str) -> frozenset[str]:
    return content(f"{witness.source.text}\n{witness.source.title}", language)


def best(words: frozenset[str], material: Material, language: str) -> Witness | None:
    """The source that has most of the words."""
    return max(material.sources, key=lambda one: share(words, (one,), language), default=None)
