"""What a text says twice: sentences, openings in a row, words; and what several pieces say alike."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from contentkit.core.errors import UsageError
from contentkit.core.facts.tokens import repeated, words_of
from contentkit.core.nearest import unknown
from contentkit.core.parts import Part, parts
from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Severity
from contentkit.core.text.alike import alike
from contentkit.core.text.document import Sentence
from contentkit.core.text.gaps import gaps
from contentkit.core.text.scan import starting
from contentkit.core.text.script import SPACELESS
from contentkit.core.text.words import STOPWORDS

CHECK = True

_WORDS, _SIGNS = 7, 18
"""A sentence of fewer words (of Japanese: characters) may come again."""
_SHINGLE, _WIDE_SHINGLE, _LIKE = 3, 5, 0.6
_IN_A_ROW, _ECHOES = 3, 4
_DOUBLED = re.compile(r"\b([^\W\d_]{2,20}+)(?P<again>[ \t]+\n?[ \t]*\1)\b(?![-'’])", re.IGNORECASE)
# Kana before it may be a word that ends so (なにに, 今までで), and kana after it one that begins so (自分でできる).
_WIDE_DOUBLED = re.compile(
    r"(?<=[^をがのにはで])(を|(?<=[一-龥々ァ-ヶーA-Za-z0-9])[がにで])(?P<again>\1)"
    r"(?:(?<=を)(?=[^をがにで])|(?=[^\u3041-\u309f]))|(という)(?P<more>という)"
)
_MAY_BE_DOUBLED = re.compile(r"[をがにで](?=[をがにで])|と(?=いうという)")
_MAY_BE = "that had very so too no ha bye really many on in is sie die der das vous nous"
_MAY_DOUBLE = frozenset(_MAY_BE.split())
_SETTINGS = {"sentences": bool, "openings": bool, "words": bool}


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence with its words, as they are compared."""

    part: Part
    sentence: Sentence
    keys: tuple[str, ...]


def settings(table: Mapping[str, Any]) -> None:
    """``[check.settings.repetition]``: what is looked at.

    Raises:
        UsageError: an unknown key, or no true or false.
    """
    for key, value in table.items():
        if key not in _SETTINGS:
            raise unknown("setting of the check repetition", key, _SETTINGS)
        if not isinstance(value, bool):
            raise UsageError(f"[check.settings.repetition] {key} must be true or false, not {value!r}.")


def after(piece: Piece) -> Piece:
    """Findings for what comes again in one piece. Posts for several platforms may say the same."""
    wants = {name: piece.settings.get("repetition", {}).get(name, True) for name in _SETTINGS}
    found: list[Finding] = []
    groups: dict[str, list[_Said]] = {}
    for part in parts(piece):
        said = list(_said(part))
        groups.setdefault(_group(piece, part), []).extend(said)
        if wants["openings"]:
            found += _openings(part, said)
        if wants["words"]:
            found += [*_doubled(part), *_echoes(part, said)]
    if wants["sentences"]:
        for group in groups.values():
            found += _again(group)
    return piece.found(*found)


def across(pieces: Sequence[Piece]) -> Iterator[Finding]:
    """Findings for sentences of later pieces that an earlier one has; calls to action and signatures may come again."""
    everything = [
        (number, one)
        for number, piece in enumerate(pieces)
        for part in parts(piece)
        if not part.path.endswith(("signature", "call_to_action", "unsubscribe"))
        for one in _long(list(_said(part)))
    ]
    wide = _is_wide([one for _, one in everything])
    pairs = alike([one.keys for _, one in everything], _WIDE_SHINGLE if wide else _SHINGLE, _LIKE)
    for later, earlier, likeness in pairs:
        (number, one), (other, before) = everything[later], everything[earlier]
        if number != other:
            yield _finding("repetition/across", one, before, likeness, _name(pieces[other], before))


def _name(piece: Piece, one: _Said) -> str:
    return one.part.path if piece.output is None else f"{piece.name}, {one.part.path}"


def _group(piece: Piece, part: Part) -> str:
    """Parts that should not say the same: the same field of all rows; of posts for platforms each its own."""
    if piece.output is None:
        return ""
    rows = re.match(r"(\w+)\[\d+\]", part.path)
    listed = piece.output.get(rows[1]) if rows and isinstance(piece.output, Mapping) else None
    apart = isinstance(listed, list) and any(isinstance(row, Mapping) and "platform" in row for row in listed)
    return part.path if apart else re.sub(r"\[\d+\]", "[]", part.path)


def _said(part: Part) -> Iterator[_Said]:
    """The sentences of the prose, quotations and headings aside, that are long enough to be noticed again."""
    document = part.document
    words, holes = words_of(document), gaps(document)
    for sentence in document.sentences:
        own = document.blocks[sentence.block].kind not in ("heading", "quote", "cell")
        if not own or document.quoted(sentence.start) or sentence.start in holes:
            continue
        yield _Said(part, sentence, tuple(words.between(sentence.start, sentence.end)))


def _is_wide(said: Sequence[_Said]) -> bool:
    return bool(said) and said[0].part.document.language in SPACELESS


def _long(said: Sequence[_Said]) -> list[_Said]:
    """Those that a reader would notice again."""
    least = _SIGNS if _is_wide(said) else _WORDS
    return [one for one in said if len(one.keys) >= least]


def _again(said: Sequence[_Said]) -> Iterator[Finding]:
    long, wide = _long(said), _is_wide(said)
    pairs = alike([one.keys for one in long], _WIDE_SHINGLE if wide else _SHINGLE, _LIKE)
    for later, earlier, likeness in pairs:
        yield _finding("repetition/sentence", long[later], long[earlier], likeness, "")


def _finding(rule: str, one: _Said, before: _Said, likeness: float, where: str) -> Finding:
    line, _ = before.part.document.position(before.sentence.start)
    place = where or (f"line {line}" if before.part.path == one.part.path else before.part.path)
    place = f"{where}, line {line}" if where and one.part.path != where else place
    how = "word for word" if likeness == 1 else "in nearly the same words"
    return one.part.finding(
        rule,
        f"This stands {how} in {place} already.",
        one.sentence.start,
        one.sentence.end,
        repair="Leave this sentence out, or say something here that was not said before.",
    )


def _openings(part: Part, said: Sequence[_Said]) -> Iterator[Finding]:
    """Sentences in a row that begin alike; of a list that is its form."""
    whole = (one for one in said if part.document.blocks[one.sentence.block].kind == "paragraph")
    for opening, group in groupby(whole, _opening):
        run = list(group)
        if opening and len(run) >= _IN_A_ROW:
            last = run[-1].sentence
            alike = ("" if _is_wide(run) else " ").join(opening)
            message = f"{len(run)} sentences in a row begin like this one: {alike!r}."
            yield part.finding("repetition/opening", message, last.start, last.end, Severity.INFO)


def _opening(one: _Said) -> tuple[str, ...]:
    return one.keys[: 4 if _is_wide([one]) else 2]


def _doubled(part: Part) -> Iterator[Finding]:
    """A word that stands twice in a row, which is a slip; where it can't be meant, the second may go."""
    document = part.document
    wide = document.language in SPACELESS
    twice = starting(_WIDE_DOUBLED, _MAY_BE_DOUBLED, document.shadow) if wide else repeated(_DOUBLED, document)
    for found in twice:
        word = found[1] or found[3] if wide else found[1]
        name = "more" if wide and found[3] else "again"
        start, end = found.span(name)
        # Blanked code or markup between them: "the `x` the".
        if document.text[start:end] != found[name] or (not wide and word.casefold() in _MAY_DOUBLE):
            continue
        if not wide and found[name].split()[-1] not in (word, word.lower()):
            continue  # us US
        slip = wide or word.casefold() in STOPWORDS.get(document.language, frozenset())
        if not slip and (word[0].isupper() or len(word) < 3):
            continue
        message = f"{word!r} stands twice."
        severity, gone = (Severity.MINOR, "") if slip else (Severity.INFO, None)
        gone = None if document.quoted(start) else gone  # a quotation is left as it was said
        yield part.finding("repetition/word", message, start, end, severity, replacement=gone)


def _echoes(part: Part, said: Sequence[_Said]) -> Iterator[Finding]:
    """A word that carries meaning and comes again and again within one sentence."""
    document = part.document
    if document.language in SPACELESS:
        return
    common = STOPWORDS.get(document.language, STOPWORDS["en"])
    for one in said:
        if len(one.keys) - len(set(one.keys)) < _ECHOES - 1:
            continue
        telling = [key for key in one.keys if len(key) > 3 and key not in common]
        if len(telling) - len(set(telling)) < _ECHOES - 1:
            continue
        word, number = Counter(telling).most_common(1)[0]
        if number >= _ECHOES:
            start, end = one.sentence.start, one.sentence.end
            message = f"{word!r} stands {number} times in this sentence."
            yield part.finding("repetition/echo", message, start, end, Severity.INFO)
