"""The words of a text as they are compared: without case, punctuation and markup; Japanese and Chinese by character."""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

from contentkit.core.text.document import Document
from contentkit.core.text.script import CJK

_WIDE = (
    r"\u3005-\u3007\u3041-\u3096\u309d-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
    r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
)
_WORD = re.compile(rf"([{_WIDE}\U00020000-\U0003ffff]|[^\W_{_WIDE}\U00020000-\U0003ffff]+(?:['’][^\W_{_WIDE}]+)*)")
# The same for a text that has none of these signs.
_LATIN_WORD = re.compile(r"([^\W_]+(?:['’][^\W_]+)*)")
_ANY_WIDE = re.compile(rf"[{_WIDE}\U00020000-\U0003ffff]")
_TARGET = re.compile(r"\]\([^()\s]{0,2000}(?:\s+\"[^\"\n]{0,500}\")?\)|</?[a-zA-Z][^<>\n]{0,500}>|\[\^?\d{1,3}\]")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of a text in order.

    Attributes:
        keys: what is compared.
        starts, ends: where each stands in the text, in code points.
    """

    keys: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]

    def among(self, start: int, end: int) -> tuple[int, int]:
        """The places of the words that begin in a part of the text, the last exclusive."""
        return bisect_left(self.starts, start), bisect_left(self.starts, end)

    def between(self, start: int, end: int) -> Sequence[str]:
        """The keys of the words that begin in a part of the text."""
        return self.keys[slice(*self.among(start, end))]


def tokens(text: str) -> Tokens:
    """The words of a text; a Japanese or Chinese character is one."""
    word = _LATIN_WORD if text.isascii() or not _ANY_WIDE.search(text) else _WORD
    pieces = word.split(text)  # what stands between words, and words, in turn
    ends = array("I", accumulate(map(len, pieces)))
    said = pieces[1::2]
    fold = {word: folded(word) for word in set(said)}
    return Tokens([fold[word] for word in said], ends[:-1:2], ends[1::2])


@lru_cache(maxsize=4)
def words_of(document: Document) -> Tokens:
    """The words of the prose of a document, found once for all checks."""
    return tokens(document.shadow)


def repeated(pattern: re.Pattern[str], document: Document) -> Iterator[re.Match[str]]:
    """What ``pattern.finditer`` finds in the prose, for the pattern of a word of letters that stands twice in a row."""
    if CJK.search(document.shadow):  # whose words are more than one of ours
        yield from pattern.finditer(document.shadow)
        return
    position = 0
    for start in _twice(document):
        if start >= position and (found := pattern.match(document.shadow, start)):
            yield found
            position = found.end()


@lru_cache(maxsize=4)
def _twice(document: Document) -> Sequence[int]:
    """Where words begin that the next word repeats; the end of one with an apostrophe is a word too."""
    words = words_of(document)
    pairs = enumerate(pairwise(words.keys))
    again = [at for at, (one, other) in pairs if one == other or ("'" in one and one.endswith(f"'{other}"))]
    return [words.ends[at] - (words.ends[at + 1] - words.starts[at + 1]) for at in again]


def spaced(keys: Sequence[str]) -> str:
    """The keys as one string in which a run of them can be looked for: every key has a space on both sides."""
    return f" {' '.join(keys)} "


def without_targets(text: str) -> str:
    """The text with addresses of links, tags and marks of sources blanked out, place for place."""
    return _TARGET.sub(lambda found: " " * len(found[0]), text)


@lru_cache(maxsize=8192)
def folded(word: str) -> str:
    """A word as it is compared: full-width as narrow, capitals as small letters, one apostrophe."""
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFKC", word).casefold().replace("’", "'")


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A folded word without its commonest endings, so that "parsers" and "parsed" are one. English and German."""
    word = word.removesuffix("'s")
    for ending, least in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word.removesuffix("e") if len(word) > 4 else word


_ENDINGS = (
    ("ations", 3), ("ation", 3), ("ings", 3), ("ing", 3), ("ments", 4), ("ment", 4), ("ies", 2), ("ied", 2), ("ers", 4),
    ("ed", 3), ("er", 4), ("ly", 3), ("en", 4), ("es", 3), ("y", 3), ("s", 3), ("e", 3), ("n", 4),
)  # fmt: skip
