"""Rules of English sentences: the comma before "and", contractions, numbers, doubled words, the passive."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from contentkit.core.facts.tokens import repeated
from contentkit.core.report import Finding
from contentkit.steps._style.inflect import cased_like
from contentkit.steps._style.look import Look

_ITEM = r"(?:[\w'’&-]{1,30}[ \n]){0,2}[\w'’&-]{1,30}"
_LONGEST_ITEM, _MOST_MORE = 3 * 31, 12
_SERIES = re.compile(
    rf"(?<![\w'’&-])(?P<first>{_ITEM}),[ \n](?P<more>(?:{_ITEM},[ \n]){{0,{_MOST_MORE}}})(?P<last>{_ITEM})(?P<comma>,?)"
    r"\Z"
)
_AND = re.compile(r"[ \n](?:and|or)[ \n](?=(?P<end>[\w'’&-]{1,30}))")
_MORE_ITEM = re.compile(rf"[ \n]{_ITEM}")
_LAST_ITEM = re.compile(rf"[ \n]{_ITEM},?\Z")
_ASIDE = re.compile(r"[ \n](?:and|or)[ \n][\w'’&-]{1,30},")
_LONGEST_SERIES = 300

_NOT = {
    "can't": "cannot", "won't": "will not", "shan't": "shall not",
    **{f"{verb}n't": f"{verb} not" for verb in (
        "are", "could", "did", "does", "do", "had", "has", "have", "is", "might", "must", "need", "should", "was",
        "were", "would",
    )},
}  # fmt: skip
_ENDING = re.compile(r"['’](t|re|ve|ll|m|s)(?![a-z])")
_WORD_AT_END = re.compile(r"(?<![\w'’-])[a-z]{1,7}\Z")
_TAKES_VERB = frozenset(("he", "i", "it", "she", "that", "there", "they", "we", "what", "who", "you"))
_UNCLEAR = frozenset(("he", "here", "how", "it", "she", "that", "there", "what", "where", "who"))
"""Before 's, which may be "is" or "has"; after other words it is a genitive."""
_PRONOUNS = frozenset(("he", "i", "it", "she", "they", "we", "you"))
_VERBS = {"re": "are", "ve": "have", "ll": "will", "m": "am"}
_ASKED = re.compile(r"\s+(?:i|you|we|they|he|she|it|this|that|there|the|a|an)\b")
_LONG = re.compile(
    r"\b(?:(?:do|does|did|is|are|was|were|would|could|should|has|have|had) not|can ?not|will not"
    r"|(?:i|you|we|they) (?:are|am|have|will)|(?:it|that|there) is)\b(?!\s*[.?!])"
)
_SMALL_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_DIGIT = re.compile(r"[0-9](?<![\w.,:/$€£¥#%+=<>~^*-].)(?![\w.,:/%°+=<>*^-]|[.,]\d)(?=[ \n]+[a-z]{3,})")
_NAME_BEFORE = re.compile(r"[A-Z]\w*\s+\Z")
_WORD_BEFORE = re.compile(r"([a-z]+)\.?\s+\Z")
_NUMBER_WORD = re.compile(r"(?<![\w-])(?:two|three|four|five|six|seven|eight|nine)\b(?!-)")
_DOUBLED = re.compile(r"(?<![\w'’-])([a-z]{2,}+)([^\S\n]+|[^\S\n]*\n[^\S\n]*)\1(?![\w'’-])")


@dataclass(frozen=True, slots=True)
class _Words:
    """The lists of english.toml."""

    clause: re.Pattern[str]
    numbered: frozenset[str]
    units: frozenset[str]
    may_double: frozenset[str]
    passive: re.Pattern[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    data = tomllib.loads(Path(__file__).with_name("english.toml").read_text(encoding="utf-8"))
    said = {name: words.split() for name, words in data.items()}
    return _Words(
        re.compile(rf"\b(?:{'|'.join(said['clause-words'])})\b"),
        frozenset(said["numbered"]),
        frozenset(said["units"]),
        frozenset(said["may-double"]),
        re.compile(
            # am, are, is, was, were, be, been, being: each letter that may begin one is looked at, and no other.
            r"(?:a(?<!\wa)(?:m|re)|i(?<!\wi)s|w(?<!\ww)(?:as|ere)|b(?<!\wb)e(?:en|ing)?)"
            r"(?:\s+not)?(?:\s+[a-z]{1,20}ly)?\s+"
            rf"(?:[a-z]{{3,20}}[^e\W]ed|{'|'.join(said['participles'])})\b"
        ),
    )


def oxford(look: Look) -> Iterator[Finding]:
    """The comma before "and" in a series of three or more."""
    wanted = look.guide.oxford_comma
    if wanted == "any" or look.document.language != "en":
        return
    for joint in _AND.finditer(look.low):
        found = _series(look, joint)
        if found is None or bool(found["comma"]) == (wanted == "require") or not _is_list(look, found):
            continue
        start, end = found.start("last"), found.end("comma")
        last = look.shadow[start : found.end("last")]
        use = f"{last}," if wanted == "require" else last
        verb = "wants a" if wanted == "require" else "has no"
        said = f"The guide {verb} comma before the last of several: “{' '.join(use.split())}”."
        yield look.finding("oxford-comma", said, start, end, use=use, fix=bool(found["more"]))


def _series(look: Look, joint: re.Match[str]) -> re.Match[str] | None:
    """The items before an "and" that the next word ends; None where a word there makes it a clause."""
    stop = joint.start()
    comma = look.low.rfind(",", max(0, stop - _LONGEST_SERIES), stop - 1)  # one right before the "and" is another
    if comma < 0 or not _LAST_ITEM.match(look.low, comma + 1, stop) or _words().clause.search(joint["end"]):
        return None
    sentence = look.document.sentence_at(stop)
    start = max(0, stop - _LONGEST_SERIES, sentence.start if sentence else 0)
    return _SERIES.search(look.low, _begin(look.low, start, comma), stop)


def _begin(low: str, start: int, comma: int) -> int:
    """From where on the first item may begin of the series to which the comma belongs."""
    before = low.rfind(",", start, comma)
    for _ in range(_MOST_MORE):
        if before < 0 or not _MORE_ITEM.fullmatch(low, before + 1, comma):
            break
        comma, before = before, low.rfind(",", start, before)
    return max(start, before + 1, comma - _LONGEST_ITEM)


def _is_list(look: Look, found: re.Match[str]) -> bool:
    """Whether it is a list, and no clause with a list ("in June, Tom and Ann", "when it rains, we and they")."""
    clause, last, simple = _words().clause, found["last"].split(), not found["more"]
    if any(clause.search(found[name]) for name in ("last", "more")):
        return False
    sentence = look.document.sentence_at(found.start())
    lead = look.low[sentence.start if sentence else found.start() : found.end("first")].split()
    if not lead or (simple and (len(lead) < 2 or len(last) > 2 or _ASIDE.match(look.low, found.end()))):
        return False
    opens = clause.match(lead[0]) and lead[0] not in _PRONOUNS
    return not (opens or lead[0].endswith("ly")) or not simple


def contractions(look: Look) -> Iterator[Finding]:
    """Contractions, where the guide avoids them, or the long forms where it wants them."""
    wanted = look.guide.contractions
    if wanted == "any" or look.document.language != "en":
        return
    if wanted == "use":
        for found in _LONG.finditer(look.low):
            said = f"The guide contracts: “{' '.join(found.group().split())}”."
            yield look.finding("contraction", said, *found.span(), repair="Contract it, unless it is stressed.")
        return
    for found in _ENDING.finditer(look.low):
        word = _WORD_AT_END.search(look.low, max(0, found.start() - 8), found.start())
        form = _long_form(word.group(), found[1]) if word else None
        if not word or form is None:
            continue
        written = look.shadow[word.start() : found.end()]
        use = f"I{form[1:]}" if word.group() == "i" else cased_like(form, written)
        said = f"The guide does not contract: “{use or written}”."
        safe = bool(form) and not (found[1] == "t" and _ASKED.match(look.low, found.end()))
        repair = "Write it out."
        yield look.finding("contraction", said, word.start(), found.end(), use=use or None, fix=safe, repair=repair)


def _long_form(word: str, ending: str) -> str | None:
    """A contraction written out; "" where it could be either of two, None where it is none."""
    if ending == "t":
        return _NOT.get(f"{word}'t")
    if ending == "s":
        return "let us" if word == "let" else "" if word in _UNCLEAR else None
    if (word == "i") != (ending == "m") and ending == "m":
        return None
    return f"{word} {_VERBS[ending]}" if word in _TAKES_VERB else None


def numbers(look: Look) -> Iterator[Finding]:
    """Zero to nine as words or as digits. Measures, versions, dates and what is numbered keep their digits."""
    wanted = look.guide.numbers
    if wanted == "any" or look.document.language != "en":
        return
    pattern = _DIGIT if wanted == "words" else _NUMBER_WORD
    for found in pattern.finditer(look.low if wanted == "digits" else look.shadow):
        if wanted == "digits":
            use = str(_SMALL_NUMBERS.index(found.group()))
        elif _is_number_of(look, found):
            continue
        else:
            use = _SMALL_NUMBERS[int(found.group())]
        yield look.finding("number", f"The guide writes “{use}”.", *found.span(), use=use)


def _is_number_of(look: Look, found: re.Match[str]) -> bool:
    """Whether it numbers something ("step 3", "Python 3") or measures it ("5 minutes")."""
    start = max(0, found.start() - 20)
    before = _WORD_BEFORE.search(look.low, start, found.start())
    after = look.low[found.end() : found.end() + 30].split()[:1]
    return bool(
        _NAME_BEFORE.search(look.shadow, start, found.start())
        or (before and before[1] in _words().numbered)
        or (after and after[0].strip(".,;:!?") in _words().units)
    )


def doubled(look: Look) -> Iterator[Finding]:
    """The same word twice in a row."""
    if not look.guide.repeated_words or look.document.language != "en":
        return
    for found in repeated(_DOUBLED, look.document):
        if found[1] in _words().may_double:
            continue
        said = f"“{found[1]}” stands there twice."
        yield look.finding("repeated-word", said, *found.span(), use=found[1], fix="\n" not in found.group())


def passive(look: Look) -> Iterator[Finding]:
    """One finding where more of the sentences are passive than the guide allows."""
    most = look.guide.passive
    if not most or look.document.language != "en" or len(look.prose) < 10:
        return
    found = [one for one in look.prose if _words().passive.search(look.low, one.start, one.end)]
    share = 100 * len(found) / len(look.prose)
    if share > most:
        counted = f"{len(found)} of {len(look.prose)}"
        said = f"{share:.0f} % of the sentences are passive ({counted}); the guide allows {most:g} %."
        repair = "Say who does it."
        yield look.finding("passive", said, found[0].start, found[0].end, repair=repair)
