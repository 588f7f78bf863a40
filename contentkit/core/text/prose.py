"""Words and sentences: which language a text is in, where its sentences end, what it talks about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from contentkit.core.text.languages import primary
from contentkit.core.text.scan import starting
from contentkit.core.text.script import HAN, script_language
from contentkit.core.text.words import ABBREVIATIONS, STOPWORDS, is_common, terms_of

_SAMPLE = 3000
_LEAST_LETTERS, _SURE = 20, 0.8
_LEAST_WORDS, _SMALL_KINDS, _SMALL_SHARE = 12, 4, 0.3
_FEWEST_SMALL = 2
_SMALL_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_FENCE = "```"
TAG = r"</?[a-zA-Z][^<>\n]*>"
"""The pattern of a tag of HTML in a text, on one line."""
_NO_PROSE = re.compile(
    rf"{_FENCE}.*?(?:{_FENCE}|\Z)|`[^`\n]*`|https?://[!-~]+|\]\([^()\s]*\)|{TAG}|<!--.*?-->", re.DOTALL
)


def detect(text: str) -> str:
    """The ISO 639-1 code of the language that most of the text is in; "" when unsure. Deterministic.

    Code, tags and addresses count for nothing, unless there is nothing else.
    """
    found, sample = _at_sight(text)
    return found or (likely(sample) if sample else "")


def at_sight(text: str) -> str:
    """What ``detect`` says where the script or small words tell it, which takes hardly any time; "" else."""
    return _at_sight(text)[0]


def _at_sight(text: str) -> tuple[str, str]:
    """The language, or else what may tell it by its letters."""
    for sample in (_prose(text), _sample(text)):
        if found := script_language(sample):
            return found, ""
        if sum(map(str.isalpha, sample)) >= _LEAST_LETTERS:
            return _by_small_words(sample), sample
    return "", ""


def _sample(text: str) -> str:
    return "\n".join(piece for _, piece in _pieces(text))


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Start, middle and end of a long text, each with its place."""
    if len(text) <= 3 * _SAMPLE:
        yield 0, text
        return
    for start in (0, len(text) // 2, len(text) - _SAMPLE):
        yield start, text[start : start + _SAMPLE]


def _prose(text: str) -> str:
    """The sample without code, tags and addresses."""
    kept = []
    for start, piece in _pieces(text):
        within = text.count(_FENCE, 0, start) % 2  # the piece begins in code
        kept.append(_NO_PROSE.sub(" ", f"{_FENCE}\n{piece}" if within else piece))
    return "\n".join(kept)


def _by_small_words(sample: str) -> str:
    """The language whose small words (the, and, of) are so many that it can be no other; "" when that is not so clear.

    Most texts are told by them, in a hundredth of the time that their letters take.
    """
    words = Counter(_SMALL_WORD.findall(sample.lower()))
    counts = _small_words(words)
    first, second = sorted(counts, key=counts.__getitem__, reverse=True)[:2]
    if words.total() < _LEAST_WORDS or len(words.keys() & STOPWORDS[first]) < _SMALL_KINDS:
        return ""
    return first if counts[first] >= max(_SMALL_SHARE * words.total(), 2 * counts[second]) else ""


def reads_like(text: str, language: str) -> bool:
    """Whether a text that is too short for ``at_sight`` has small words of this language, and hardly any of another."""
    counts = _small_words(Counter(_SMALL_WORD.findall(text.lower())))
    own = counts.pop(language, 0)
    return own >= _FEWEST_SMALL and own >= 2 * max(counts.values())


def _small_words(words: Counter[str]) -> dict[str, int]:
    """Language -> how many of the words are small words of it."""
    others = ((language, small) for language, small in STOPWORDS.items() if language != "ja")
    return {language: sum(words[word] for word in words.keys() & small) for language, small in others}


@lru_cache(maxsize=256)
def likely(sample: str, sure: float = _SURE) -> str:
    """The language that the letters tell with so much probability; "" where they do not. Deterministic."""
    from langdetect import DetectorFactory, detect_langs, detector_factory
    from langdetect.lang_detect_exception import LangDetectException

    DetectorFactory.seed = 0
    try:
        best = detect_langs(sample)[0]
    except LangDetectException as error:
        if isinstance(error.__context__, KeyboardInterrupt):  # it takes Ctrl-C for a broken profile of its own
            detector_factory._factory = None  # half loaded
            raise KeyboardInterrupt from None
        return ""
    return primary(str(best.lang)) if best.prob >= sure else ""


_WIDE_END = "。！？｡"
_CLOSERS = "\"'”’»›)）」』】〉》］]*_`~＊"
_END = re.compile(
    rf"(?P<break>\n[^\S\n]*\n\s*|\n(?=[^\S\n]*(?:[-*+•・◦▪]|\d{{1,3}}[.)])[^\S\n]))"
    rf"|(?P<end>[{_WIDE_END}]+|[.!?…‥؟۔।॥]+)(?P<close>[{re.escape(_CLOSERS)}]*)"
)
_END_BEGINS = re.compile(rf"[\n{_WIDE_END}.!?…‥؟۔।॥]")
_OPEN, _SHUT = "「『（【〈《([", "」』）】〉》)]"
_BRACKET = re.compile(f"[{re.escape(_OPEN + _SHUT)}]|\n[^\\S\n]*\n")
_OPENS = re.compile(f"[{re.escape(_OPEN)}]")
_BRACKET_BEGINS = re.compile(f"[{re.escape(_OPEN + _SHUT)}\n]")
_LONGEST_ASIDE = 400
# Signs that open and close alike, in runs.
_TWO_WAYS = {sign: re.compile(f"{re.escape(sign)}+") for sign in '*_`~"'}
# What goes on after a closing quote in Japanese, so that the sentence is not over.
_GOES_ON = re.compile(r"[とのはがをにへでもやかなだっ、，…・]")
_LAST_WORD = re.compile(r"[^\s(\[“\"'«„]+\Z")
_LETTERS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_NEXT_WORD = re.compile(r"\s*[\"'“”‘’«»„(\[*_`]*(\w)?")


def sentences(text: str, language: str = "") -> list[str]:
    """The sentences of a text, each an exact, stripped piece of it; together they hold everything but white space."""
    found, start = [], 0
    for end in cuts(text, language):
        if sentence := text[start:end].strip():
            found.append(sentence)
        start = end
    if rest := text[start:].strip():
        found.append(rest)
    return found


def cuts(text: str, language: str = "") -> Iterator[int]:
    """Where sentences end, as offsets behind the closing sign; the end of the text is none of them."""
    asides = _asides(text)
    aside = start = 0
    for found in starting(_END, _END_BEGINS, text):
        if found["break"]:
            yield (start := found.start())
            continue
        while aside < len(asides) and asides[aside][1] <= found.start():
            aside += 1
        within = aside < len(asides) and asides[aside][0] < found.start()
        if within and found.end() <= asides[aside][1]:
            continue
        close = _closing(text, start, found)
        if _is_end(text, start, found.start("end"), found["end"], close, language):
            yield (start := found.end("end") + len(close))


def _closing(text: str, start: int, found: re.Match[str]) -> str:
    """The signs behind a full stop that close what was opened in the sentence; others open the next one."""
    close = found["close"]
    for at, sign in enumerate(close):
        if sign in _TWO_WAYS and len(_TWO_WAYS[sign].findall(text, start, found.start())) % 2 == 0:
            return close[:at]
    return close


def _asides(text: str) -> list[tuple[int, int]]:
    """Spans in balanced brackets, outermost ones, not too long: a full stop inside does not end the sentence around."""
    if not _OPENS.search(text):
        return []
    spans: list[tuple[int, int]] = []
    opened: list[tuple[str, int]] = []
    for found in starting(_BRACKET, _BRACKET_BEGINS, text):
        sign = found.group()
        if sign in _OPEN:
            opened.append((sign, found.start()))
        elif sign not in _SHUT:
            opened.clear()
        elif opened and _OPEN.index(opened[-1][0]) == _SHUT.index(sign):
            start = opened.pop()[1]
            if found.end() - start <= _LONGEST_ASIDE:
                while spans and spans[-1][0] > start:
                    spans.pop()
                spans.append((start, found.end() - 1))
    return spans


def _is_end(text: str, start: int, stop: int, end: str, close: str, language: str) -> bool:
    """Whether the full stop (or its like) at ``stop`` ends the sentence that begins at ``start``."""
    after = stop + len(end) + len(close)
    following = text[after : after + 1]
    if not following:
        return True
    if close and close[-1] in ")）】]" and not following.isspace():
        # An aside within a sentence, unless all of the sentence stands in brackets.
        return text[start:stop].lstrip()[:1] in "(（【["
    if end[-1] in _WIDE_END:
        return not (close and _GOES_ON.match(following))
    if not following.isspace():
        # Japanese with Latin signs: "ですか?はい" ends, "Yahoo!ニュース" and "3.5" do not.
        before = text[stop - 1 : stop]
        wide = ord(before or "a") > 0x3000 and ord(following) > 0x3000
        return end[-1] in "!?" and wide and following not in "とっ、，"
    next_word = _NEXT_WORD.match(text, after)
    letter = next_word[1] if next_word else None
    if letter and letter.islower():
        return False
    return end != "." or bool(close.strip("*_`~")) or not _abbreviates(text, stop, language, letter)


def _abbreviates(text: str, dot: int, language: str, letter: str | None) -> bool:
    """Whether the full stop at ``dot`` belongs to a short form, an initial or an ordinal number."""
    found = _LAST_WORD.search(text, max(0, dot - 30), dot)
    if not found:
        return False
    word = found.group().lstrip("*_`~")
    if len(word) == 1 and word.isalpha() and word.isupper():
        return word != "I" and letter is not None
    if word.isdigit():
        return _starts(text, found.start()) or (language == "de" and len(word) <= 2)
    name = word.casefold()
    if name in ABBREVIATIONS["any"] or name in ABBREVIATIONS.get(language, ()):
        return True
    # "e.g.", "z.B.", "U.S.": letters with dots between them.
    return "." in word and word.islower() and bool(_LETTERS.fullmatch(word))


def _starts(text: str, position: int) -> bool:
    """Whether a line or a sentence starts at ``position``."""
    before = text[max(0, position - 8) : position].rstrip(" \t*_>#-")
    return not before or before[-1] in "\n.!?:"


def key_terms(texts: Sequence[str], language: str, most: int) -> list[str]:
    """What the texts talk about, most telling first, written as they mostly write it. Phrases count as terms."""
    counts: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = {}
    spread: Counter[str] = Counter()
    for text in texts:
        seen = set()
        for key, form in terms_of(text, language):
            counts[key] += 1
            forms.setdefault(key, Counter())[form] += 1
            seen.add(key)
        spread.update(seen)
    if language == "de":
        # Nouns, which carry the subject, are the words with a capital.
        counts = Counter({key: number for key, number in counts.items() if _capital(forms[key])})
    least = 2 if sum(counts.values()) > 60 else 1
    weigh = {
        key: number * (1 + 0.6 * _parts(key)) * (1 + spread[key] / max(1, len(texts)))
        for key, number in counts.items()
        if number >= (max(2, least) if " " in key else least) and not is_common(key, language)
    }
    ranked = sorted(weigh, key=lambda key: (-weigh[key], key))
    return [min(forms[key], key=lambda form: (-forms[key][form], form)) for key in _not_within(ranked, counts, most)]


def _capital(forms: Counter[str]) -> bool:
    return forms.most_common(1)[0][0][0].isupper()


def _parts(key: str) -> float:
    """How much of a phrase a term is: a word 0, two words 1; a Japanese run by its length."""
    return key.count(" ") if key.isascii() or " " in key else min(1.5, (len(key) - 2) / 4)


def _chained(one: str, other: str) -> bool:
    """Whether two phrases are halves of a longer one: "open source" and "source project", 事件处理 and 件处理函."""
    if HAN.match(one) and len(one) > 3 < len(other):
        return one[-3:] == other[:3] or one[:3] == other[-3:]
    first, second = one.split(" "), other.split(" ")
    return len(first) == len(second) == 2 and (first[0] == second[1] or first[1] == second[0])


def _not_within(ranked: Sequence[str], counts: Counter[str], most: int) -> list[str]:
    """The best terms, without one that hardly ever stands outside another, longer one."""
    kept: list[str] = []
    for key in ranked:
        if len(kept) >= most:
            break
        if any((key in other and counts[other] * 2 > counts[key]) or _chained(key, other) for other in kept):
            continue
        kept = [other for other in kept if not (other in key and counts[key] * 2 > counts[other])]
        kept.append(key)
    return kept
