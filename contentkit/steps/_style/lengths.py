"""How long sentences and paragraphs are, and how hard an English text is to read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from contentkit.core.report import Finding
from contentkit.core.text.document import Sentence
from contentkit.core.text.phrases import lowered
from contentkit.core.text.script import SPACELESS
from contentkit.core.text.sizes import pieces_of, sizes
from contentkit.steps._style.look import Look

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^laeiouy]es?|[^aeiouytd]ed|[aeiouy]led)\Z")
_LEAST_WORDS = 100
"""A grade of fewer words says nothing."""


def sentences(look: Look) -> Iterator[Finding]:
    """Sentences over the bound, in words, or in characters where words have no spaces between them."""
    japanese = look.document.language in SPACELESS
    most = look.guide.japanese.sentence_characters if japanese else look.guide.sentence_words
    if not most:
        return
    for sentence, size in _sized(look, japanese, most):
        if size > most and look.document.blocks[sentence.block].kind not in ("cell", "heading"):
            unit = "characters" if japanese else "words"
            repair = "文を二つ以上に分ける。" if japanese else "Make two or more sentences of it."
            said = f"A sentence of {size} {unit}; the guide allows {most}."
            yield look.finding("sentence-length", said, sentence.start, sentence.end, repair=repair)


def _sized(look: Look, japanese: bool, most: int) -> Iterator[tuple[Sentence, int]]:
    """Sentences with their words; where words have no spaces between them, those that may have more characters."""
    document = look.document
    if not japanese:
        yield from zip(document.sentences, sizes(_WORD, pieces_of(document)), strict=True)
        return
    for one in document.sentences:
        if one.end - one.start > most:
            yield one, len("".join(look.shadow[one.start : one.end].split()))


def paragraphs(look: Look) -> Iterator[Finding]:
    """Paragraphs of more sentences than the guide allows."""
    most = look.guide.paragraph_sentences
    if not most:
        return
    counts: dict[int, int] = {}
    for sentence in look.prose:
        counts[sentence.block] = counts.get(sentence.block, 0) + 1
    for number, count in counts.items():
        if count > most:
            block = look.document.blocks[number]
            said = f"A paragraph of {count} sentences; the guide allows {most}."
            yield look.finding("paragraph-length", said, block.start, block.end, repair="Divide the paragraph.")


def grade(look: Look) -> Iterator[Finding]:
    """One finding where an English text asks for more years of school than the guide allows."""
    most = look.guide.reading_grade
    if not most or look.document.language != "en":
        return
    words = Counter[str]()
    for piece, times in look.pieces.items():
        for word in _WORD.findall(lowered(piece)):
            words[word] += times
    if words.total() < _LEAST_WORDS:
        return
    found = _flesch_kincaid(len(look.prose), words)
    if found > most:
        said = f"The reading grade is {found:.1f} (Flesch-Kincaid); the guide allows {most:g}."
        repair = "Use shorter sentences and shorter words."
        first = look.prose[0]
        yield look.finding("reading-grade", said, first.start, first.end, repair=repair)


def _flesch_kincaid(sentences: int, words: Counter[str]) -> float:
    """The grade of J. P. Kincaid et al., 1975: 0.39 words a sentence + 11.8 syllables a word - 15.59.

    Args:
        words: in lower case, with how often each stands there.
    """
    total = words.total()
    return 0.39 * total / sentences + 11.8 * _syllables_of(words) / total - 15.59


def _syllables_of(words: Counter[str]) -> int:
    """About how many syllables the words have together."""
    return sum(count * syllables(word) for word, count in words.items())


def syllables(word: str) -> int:
    """About how many syllables an English word has: groups of vowels, less the silent endings."""
    count = len(_VOWELS.findall(word))
    if count > 1 and _SILENT.search(word):
        count -= 1
    return max(1, count)
