"""表記ゆれ: the same Japanese word in several writings, from a list and from the text itself."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from contentkit.core.report import Finding
from contentkit.core.text.phrases import Hit, Phrases
from contentkit.steps._style.look import Look

_KATAKANA = re.compile(r"[\u30a1-\u30fa\u30fc]{3,}")
_HAN_OR_KATAKANA = re.compile(r"([\u30a1-\u30fa\u30fc]{2})|([\u3005\u3400-\u4dbf\u4e00-\u9fff]{2})")
_SOUNDS = (("ヴァ", "バ"), ("ヴィ", "ビ"), ("ヴェ", "ベ"), ("ヴォ", "ボ"), ("ヴ", "ブ"), ("・", ""))


@dataclass(frozen=True, slots=True)
class _Rows:
    """The list: each writing with the number of its row.

    Attributes:
        first: number of a row -> the writing to prefer.
        kana: numbers of the rows that writing = "kana" puts right.
    """

    row_of: Mapping[str, int]
    first: Mapping[int, str]
    kana: frozenset[int]
    phrases: Phrases


def look(look: Look) -> Iterator[Finding]:
    """Writings that differ from how the text mostly writes the word, or from what the guide prefers."""
    wanted = look.guide.japanese.writing
    if wanted == "any" or look.document.language != "ja":
        return
    yield from _listed(look, kana=wanted == "kana")
    yield from _katakana(look)


def _listed(look: Look, *, kana: bool) -> Iterator[Finding]:
    rows = _rows()
    found: dict[int, list[Hit]] = {}
    for hit in rows.phrases.find(look.shadow):
        if not _within_word(look.shadow, hit):
            found.setdefault(rows.row_of[hit.phrase], []).append(hit)
    for number, hits in found.items():
        counts = Counter(hit.phrase for hit in hits)
        if kana and number in rows.kana:
            use = rows.first[number]
        elif len(counts) > 1:
            use = max(counts, key=lambda phrase: (counts[phrase], phrase == rows.first[number]))
        else:
            continue
        for hit in hits:
            if hit.phrase != use:
                yield _finding(look, hit.start, hit.end, use, mixed=len(counts) > 1)


def _within_word(text: str, hit: Hit) -> bool:
    """Whether it is part of a longer word: 更に of 変更に, メモリ of メモリカード."""
    edges = (text[max(0, hit.start - 1) : hit.start + 1], text[hit.end - 1 : hit.end + 1])
    return any(map(_HAN_OR_KATAKANA.fullmatch, edges))


def _katakana(look: Look) -> Iterator[Finding]:
    """Words that differ by a last ー, by ヴ or by a dot: サーバ and サーバー."""
    words: dict[str, list[tuple[int, int]]] = {}
    for found in _KATAKANA.finditer(look.shadow):
        words.setdefault(found.group(), []).append(found.span())
    alike: dict[str, list[str]] = {}
    for word in words:
        alike.setdefault(_key(word), []).append(word)
    for writings in alike.values():
        if len(writings) > 1 and not any(word in _rows().row_of for word in writings):
            use = max(writings, key=lambda word: (len(words[word]), len(word)))
            for word in writings:
                if word != use:
                    yield from (_finding(look, start, end, use, mixed=True) for start, end in words[word])


def _key(word: str) -> str:
    for sound, same in _SOUNDS:
        word = word.replace(sound, same)
    return word.rstrip("ー")


def _finding(look: Look, start: int, end: int, use: str, *, mixed: bool) -> Finding:
    written = look.shadow[start:end]
    said = f"The text also writes 「{use}」." if mixed else f"「{use}」 instead of 「{written}」."
    return look.finding("writing", said, start, end, use=use, fix=True)


@lru_cache(maxsize=1)
def _rows() -> _Rows:
    data = tomllib.loads(Path(__file__).with_name("writing.toml").read_text(encoding="utf-8"))
    rows = [*data["kana"], *data["same"]]
    row_of = {writing: number for number, row in enumerate(rows) for writing in row}
    first = {number: row[0] for number, row in enumerate(rows)}
    return _Rows(row_of, first, frozenset(range(len(data["kana"]))), Phrases(row_of))
