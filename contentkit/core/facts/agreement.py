"""Whether a text keeps the facts of its brief, and whether several texts say the same of one thing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from contentkit.core.facts.claims import content
from contentkit.core.facts.given import Fact
from contentkit.core.facts.hedges import meant
from contentkit.core.facts.measures import converted, telling
from contentkit.core.facts.names import Name, names
from contentkit.core.facts.tokens import spaced, stem, tokens
from contentkit.core.parts import Part
from contentkit.core.text.document import Document, Sentence, document
from contentkit.core.text.numbers import Quantity, quantities, same

_AROUND = 30
_ALIKE = 2
"""Words that two sentences share, besides the number, where they tell of one thing."""
_MOST = 200
"""Numbers of a text that are compared with those of another."""
_LEAST_WORD = 5
_WORD = re.compile(rf"[A-Za-zÀ-ɏ]{{{_LEAST_WORD},}}")
_HAN = re.compile(r"[一-龥々]{3,}|[ァ-ヶー]{4,}")


@dataclass(frozen=True, slots=True)
class Breach:
    """Words that do not agree with a fact.

    Attributes:
        start, end, said: where they stand, and the words.
        label, instead: of the fact: what it is called, and what could stand there.
    """

    start: int
    end: int
    said: str
    label: str
    instead: str


# Against the facts


def breaches(part: Part, facts: Sequence[Fact], known: str = "") -> Iterator[Breach]:
    """Where a text says something else: a sentence that names a fact with another number, date or name.

    Args:
        known: the sources; a number of another unit that stands there is not meant to be the fact's.
    """
    text = part.document
    numbers = quantities(text.shadow, text.language)
    named = list(names(text))
    for sentence in text.sentences:
        words = content(text.shadow[sentence.start : sentence.end], text.language)
        told = [fact for fact in facts if _names(fact, words, text, sentence)]
        for fact in told:
            if fact.quantities:
                yield from _number(fact, told, numbers, text, sentence, known)
            elif _is_name(fact):
                yield from _name(fact, told, facts, named, text, sentence)


def misspelt(part: Part, facts: Sequence[Fact], known: str) -> Iterator[Breach]:
    """Names of the facts that are written a letter or two otherwise, and so stand in no source."""
    text = part.document
    yield from _other_names(text, facts, known)
    wanted = {word for fact in facts if not fact.quantities for value in fact.values for word in _name_words(value)}
    found = {(hit.start(), hit[0]) for pattern in (_WORD, _HAN) for hit in pattern.finditer(text.shadow)}
    for start, word in sorted(found):
        if word in wanted or word in known:
            continue
        for name in wanted:
            at = _slip(word, name)
            if at is not None:
                end = start + at + (len(name) if _HAN.fullmatch(name) else len(word))
                yield Breach(start + at, end, text.text[start + at : end], name, name)
                break


def _other_names(text: Document, facts: Sequence[Fact], known: str) -> Iterator[Breach]:
    """ "Marta Lindqvist" for "Mara Lindqvist"; "Ada Lunt" for "Ada Lund", too short to be looked for alone."""
    people = [value for fact in facts if not fact.quantities for value in fact.values if value.count(" ") == 1]
    for one in (pair for name in names(text) for pair in _pairs(name)):
        first, last = one.text.split()
        for person in people:
            wanted, _, same_last = person.partition(" ")
            short = first == wanted and last != same_last and len(same_last) < _LEAST_WORD
            if ((last == same_last and first != wanted) or short) and one.text not in known:
                slip = (last, same_last) if short else (first, wanted)
                if _distance(*(word.casefold() for word in slip)) <= 2:
                    yield Breach(one.start, one.end, one.text, person, person)
                break


def _pairs(name: Name) -> Iterator[Name]:
    """Each two words of a name that follow each other: of "Mayor Erik Holm" also "Erik Holm"."""
    for one, other in pairwise(re.finditer(r"\S+", name.text)):
        yield Name(name.start + one.start(), name.start + other.end(), f"{one[0]} {other[0]}")


def _names(fact: Fact, words: frozenset[str], text: Document, sentence: Sentence) -> bool:
    """Whether a sentence speaks of the fact: all words of one of its names stand in it."""
    if any(keys <= words for keys in fact.keys):
        return True
    said = text.shadow[sentence.start : sentence.end].casefold()
    return any(len(name) > 1 and name.casefold() in said for name in (fact.label, *fact.also) if not name.isascii())


def _number(
    fact: Fact, told: Sequence[Fact], numbers: Sequence[Quantity], text: Document, sentence: Sentence, known: str
) -> Iterator[Breach]:
    here = [one for one in numbers if sentence.start <= one.start < sentence.end]
    like = [one for one in here if any(_comparable(one, wanted, fact, known) for wanted in fact.quantities)]
    if not like or any(_agree(one, wanted) for one in here for wanted in fact.quantities):
        return
    others = [wanted for other in told if other is not fact for wanted in other.quantities]
    for one in like:
        before, after = text.shadow[max(0, one.start - _AROUND) : one.start], text.shadow[one.end : one.end + _AROUND]
        if meant(before, after) == "exactly" and not any(_agree(one, wanted) for wanted in others):
            end = _with_unit(one, text.text)
            yield Breach(one.start, end, text.text[one.start : end], fact.label, fact.said)
            return


def _with_unit(one: Quantity, text: str) -> int:
    """Where a number ends with its unit, since the fact is told with its own."""
    rest = text[one.end :]
    blank = len(rest) - len(rest.lstrip(" \u00a0"))
    return one.end + blank + len(one.unit) if one.unit and rest.startswith(one.unit, blank) else one.end


def _comparable(one: Quantity, wanted: Quantity, fact: Fact, known: str) -> bool:
    """Whether a number can be meant to be the fact's: of one kind, and counting the same things."""
    if one.kind != wanted.kind:
        return False
    if one.kind != "number":
        return True
    unit, other = telling(one.unit), telling(wanted.unit)
    if other:
        if one.unit.isascii() != wanted.unit.isascii():  # 人 and people: the texts are in two languages
            return bool(unit)
        if unit == other or converted(Fraction(1), one.unit, wanted.unit) is not None:
            return True
        called = bool(unit) and any(stem(one.unit) in keys for keys in fact.keys)
        return called and not re.search(rf"(?<!\d){re.escape(one.text)}(?!\d)", known)
    return not unit or any(stem(one.unit) in keys for keys in fact.keys)


def _agree(one: Quantity, wanted: Quantity) -> bool:
    if same(one, wanted):
        return True
    if isinstance(one.value, Fraction) and isinstance(wanted.value, Fraction):
        return converted(one.value, one.unit, wanted.unit) == wanted.value
    return False


def _is_name(fact: Fact) -> bool:
    return all(next(names(document(f"{value}.", "en")), None) or _HAN.search(value) for value in fact.values)


def _name(
    fact: Fact, told: Sequence[Fact], facts: Sequence[Fact], named: Sequence[Name], text: Document, sentence: Sentence
) -> Iterator[Breach]:
    """Somebody else in the place of the one whom the fact names."""
    said = spaced(tokens(text.shadow[sentence.start : sentence.end]).keys)
    inside = [name for name in named if sentence.start <= name.start < sentence.end]
    if other := next((somebody for name in inside if (somebody := _namesake(name, fact))), None):
        yield Breach(other.start, other.end, other.text, fact.label, fact.said)
        return
    if any(f" {key} " in said for value in fact.values for key in tokens(value).keys if len(key) > 2 or key > "\u3000"):
        return
    labels = {key for other in facts for keys in other.keys for key in keys}
    at = {other.label: _where(other, text, sentence) for other in told}
    for name in inside:
        if {stem(key) for key in tokens(name.text).keys} <= labels:
            continue
        nearest = min(at, key=lambda label: abs(at[label] - name.start))
        if nearest == fact.label:
            yield Breach(name.start, name.end, name.text, fact.label, fact.said)
            return


def _namesake(name: Name, fact: Fact) -> Name | None:
    """Somebody who has the first name of the fact's person and another last name: Ada Smith for Ada Lund."""
    people = {tuple(value.split(" ")) for value in fact.values if value.count(" ") == 1}
    pairs = list(_pairs(name))
    if any(tuple(one.text.split()) in people for one in pairs):
        return None
    return next((one for one in pairs if one.text.split()[0] in {given for given, _ in people}), None)


def _where(fact: Fact, text: Document, sentence: Sentence) -> int:
    """Where a sentence names the fact; its beginning where that can't be told."""
    said = text.shadow[sentence.start : sentence.end].casefold()
    words = [word for name in (fact.label, *fact.also) for word in (name, *name.split())]
    return sentence.start + max((said.find(word.casefold()) for word in words), default=0)


def _name_words(value: str) -> Iterator[str]:
    yield from (word for word in _WORD.findall(value) if word[0].isupper())
    yield from _HAN.findall(value)


def _slip(word: str, name: str) -> int | None:
    """Where in ``word`` a name stands with a slip; None where it does not. A plural or a genitive is no slip."""
    if _HAN.fullmatch(name):
        size = len(name)
        return next((at for at in range(len(word) - size + 1) if _apart(word[at : at + size], name) == 1), None)
    if not word[0].isupper() or stem(word.casefold()) == stem(name.casefold()):
        return None
    most = 2 if len(name) > 7 else 1
    return 0 if abs(len(word) - len(name)) <= most and _distance(word.casefold(), name.casefold()) <= most else None


def _apart(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


def _distance(one: str, other: str) -> int:
    """Letters to put in, take out or change (Levenshtein)."""
    row = list(range(len(other) + 1))
    for number, sign in enumerate(one, 1):
        last, row[0] = row[0], number
        for at, letter in enumerate(other, 1):
            last, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, last + (sign != letter))
    return row[-1]


# Against each other


@dataclass(frozen=True, slots=True)
class Claim:
    """A number of a text with the words of its sentence."""

    part: Part
    quantity: Quantity
    words: frozenset[str]


def claims(parts: Iterable[Part]) -> list[Claim]:
    """The numbers of a piece that count or measure something."""
    found: list[Claim] = []
    for part in parts:
        text = part.document
        for one in quantities(text.shadow, text.language):
            sentence = text.sentence_at(one.start)
            if sentence is None or (one.kind == "number" and not telling(one.unit)) or len(found) == _MOST:
                continue
            words = content(text.shadow[sentence.start : sentence.end], text.language)
            found.append(Claim(part, one, words - {stem(one.unit), one.unit}))
    return found


def differing(one: Sequence[Claim], other: Sequence[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Numbers of two pieces that tell of one thing and differ, where neither piece has the other's number."""
    for claim in one:
        if any(_like(claim, its) and same(claim.quantity, its.quantity) for its in other):
            continue
        for its in other:
            together = claim.words & its.words
            if not _like(claim, its) or len(together) < _ALIKE or any(same(its.quantity, own.quantity) for own in one):
                continue
            if len(together) * 2 >= min(len(claim.words), len(its.words)):
                yield claim, its
                break


def _like(one: Claim, other: Claim) -> bool:
    first, second = one.quantity, other.quantity
    if first.kind != second.kind or one.part.document.language != other.part.document.language:
        return False
    return first.kind != "number" or telling(first.unit) == telling(second.unit)
