"""What makes a voice, as numbers: sentences, paragraphs, person, marks, and the small words that nobody chooses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import fmean, pstdev

from contentkit.core.text.document import Document, Sentence
from contentkit.core.text.phrases import lowered
from contentkit.steps._japanese import register_of
from contentkit.steps._voice.words import PERSONS, small_words

_WORD = re.compile(r"[^\W_\d]+(?:['’-][^\W_\d]+)*")
_RUN = re.compile(r"[\w']+")
_SIGNS = re.compile(r"[^\W_]+")
_KINDS = {
    "kanji": re.compile(r"[\u3005\u3400-\u4dbf\u4e00-\u9fff]+"),
    "hiragana": re.compile(r"[\u3041-\u3096]+"),
    "katakana": re.compile(r"[\u30a1-\u30fa\u30fc]+"),
}
_HIRAGANA_RUN = re.compile(r"[\u3041-\u3096]{2,}")
_SINGLE = {"commas": ",、，", "semicolons": ";；", "brackets": "(（"}
_MARKS = {
    "colons": re.compile(r"[:：](?=\s|$)"),
    "dashes": re.compile(r"—|――|–(?=\s)|-(?<=\s-)-?(?=\s)"),
    "quotations": re.compile(r"“|«|「|『|\"(?<!\w\")(?=\w)"),
    "ellipses": re.compile(r"……*|\.\.\."),
}
_CONTRACTION = re.compile(r"\b[a-z]+n't\b|\b(?:i|you|we|they|he|she|it|that|there|what|let)'(?:m|re|ve|ll|d|s)\b")
_OPENS_WITH_JOINER = re.compile(
    r"\W*(?:and|but|so|or|yet|still|then|und|aber|doch|だが|しかし|でも|そして|だから|また)\b"
)
_OPENS_WITH_JOINER_JA = re.compile(r"\W*(?:だが|しかし|でも|そして|だから|また|すると|それで|ところが|けれど)")
_SHORT, _LONG = {"ja": 15, "": 7}, {"ja": 80, "": 30}
_WINDOW = 100


@dataclass(frozen=True, slots=True)
class Measures:
    """What was measured of a text.

    Attributes:
        size: words; of Japanese characters.
        habits: name -> value: lengths in words (Japanese: characters), shares from 0 to 1, rates for 1000 words
            (Japanese: characters). One that the text can't tell (the spread of one) is left out.
        words: function word -> times for 1000 words. Of Japanese they are pairs of hiragana, and kana before a comma.
    """

    size: int
    habits: Mapping[str, float]
    words: Mapping[str, float]


def measure(document: Document, sentences: Sequence[Sentence] | None = None) -> Measures:
    """The measures of the running text of a document, or of some of its sentences."""
    said = running(document) if sentences is None else sentences
    low = lowered(document.shadow).replace("’", "'")
    texts = [low[one.start : one.end] for one in said]
    if document.language == "ja":
        return _japanese(texts, said)
    return _spaced(texts, said, document.language)


def running(document: Document) -> list[Sentence]:
    """The sentences of paragraphs that are the writer's own."""
    return [
        one
        for one in document.sentences
        if document.blocks[one.block].kind == "paragraph" and not document.quoted(one.start)
    ]


def parts(document: Document, size: int) -> Iterator[list[Sentence]]:
    """The running sentences in parts of about ``size`` words (Japanese: characters); a short rest joins the last."""
    made: list[list[Sentence]] = []
    part: list[Sentence] = []
    length = 0
    for one in running(document):
        part.append(one)
        length += size_of(document.shadow[one.start : one.end], document.language)
        if length >= size:
            made.append(part)
            part, length = [], 0
    if part and (length >= size / 2 or not made):
        made.append(part)
    elif part:
        made[-1] = [*made[-1], *part]
    yield from made


def size_of(text: str, language: str) -> int:
    """Words; of Japanese characters."""
    return _signs(text) if language == "ja" else len(_WORD.findall(text))


def _signs(text: str) -> int:
    return sum(map(len, _SIGNS.findall(text)))


def _spaced(texts: list[str], said: Sequence[Sentence], language: str) -> Measures:
    # What stands between blanks is looked at once, however often the text has it.
    pieces = [text.split() for text in texts]
    times = Counter(chain.from_iterable(pieces))
    words_of = {piece: _WORD.findall(piece) for piece in times}
    words = list(chain.from_iterable(map(words_of.__getitem__, chain.from_iterable(pieces))))
    count = {piece: len(found) for piece, found in words_of.items()}
    size = max(len(words), 1)
    habits = _shared(texts, said, [sum(map(count.__getitem__, text)) for text in pieces], language, size)
    counts, runs = Counter(words), Counter[str]()
    for piece, number in times.items():
        for run in _RUN.findall(piece):
            runs[run] += number
    habits["word length"] = sum(len(word) * number for word, number in counts.items()) / size
    habits["variety"] = _variety(words)
    patterns = dict(PERSONS.get(language, {})) | ({"contractions": _CONTRACTION} if language == "en" else {})
    for name, pattern in patterns.items():
        habits[name] = 1000 * sum(number * len(pattern.findall(run)) for run, number in runs.items()) / size
    return Measures(len(words), habits, {word: 1000 * counts[word] / size for word in small_words(language)})


def _japanese(texts: list[str], said: Sequence[Sentence]) -> Measures:
    whole, lengths = "\n".join(texts), list(map(_signs, texts))
    size = max(sum(lengths), 1)
    habits = _shared(texts, said, lengths, "ja", size)
    habits |= {name: sum(map(len, kind.findall(whole))) / size for name, kind in _KINDS.items()}
    habits |= {name: 1000 * len(pattern.findall(whole)) / size for name, pattern in PERSONS["ja"].items()}
    ends = Counter(register_of(text) for text in texts)
    total = max(len(texts), 1)
    habits |= {
        "です・ます": ends["desumasu"] / total,
        "だ・である": ends["dearu"] / total,
        "noun endings": ends[""] / total,
    }
    pairs = Counter(run[at : at + 2] for run in _HIRAGANA_RUN.findall(whole) for at in range(len(run) - 1))
    pairs.update(Counter(f"{whole[found.start() - 1]}、" for found in re.finditer("(?<=.)、", whole)))
    return Measures(size if whole else 0, habits, {pair: 1000 * pairs[pair] / size for pair in small_words("ja")})


def _shared(
    texts: list[str], said: Sequence[Sentence], lengths: list[int], language: str, size: int
) -> dict[str, float]:
    """Habits of every language."""
    total = max(len(texts), 1)
    short, long = _SHORT.get(language, _SHORT[""]), _LONG.get(language, _LONG[""])
    whole = "\n".join(texts)
    joiner = _OPENS_WITH_JOINER_JA if language == "ja" else _OPENS_WITH_JOINER
    habits = {
        "sentence length": fmean(lengths) if lengths else 0.0,
        "short sentences": sum(length < short for length in lengths) / total,
        "long sentences": sum(length > long for length in lengths) / total,
        "paragraph length": total / max(len({one.block for one in said}), 1),
        "questions": sum(text.rstrip("\"'”’」』)）*_ ").endswith(("?", "？")) for text in texts) / total,
        "exclamations": sum(text.rstrip("\"'”’」』)）*_ ").endswith(("!", "！")) for text in texts) / total,
        "openings with and, but": sum(bool(joiner.match(text)) for text in texts) / total,
    }
    if len(lengths) > 1:
        habits["spread of sentences"] = pstdev(lengths)
    habits |= {name: 1000 * sum(map(whole.count, signs)) / size for name, signs in _SINGLE.items()}
    habits |= {name: 1000 * len(mark.findall(whole)) / size for name, mark in _MARKS.items()}
    return habits


def _variety(words: list[str]) -> float:
    """The share of different words in a window of 100, averaged over windows (MATTR, Covington and McFall 2010)."""
    if len(words) <= _WINDOW:
        return len(set(words)) / max(len(words), 1)
    windows = range(0, len(words) - _WINDOW + 1, _WINDOW // 4)
    return fmean(len(set(words[at : at + _WINDOW])) / _WINDOW for at in windows)
