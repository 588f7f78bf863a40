"""Words that offend, words that the user forbids, and topics that are to be left alone."""

from __future__ import annotations

import base64
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, compress, count
from pathlib import Path
from typing import Any

from contentkit.core.facts.tokens import Tokens, spaced, stem, tokens, words_of
from contentkit.core.parts import Part
from contentkit.core.report import Finding, Severity
from contentkit.core.text.script import CJK, HAN

_KATAKANA = frozenset(map(chr, range(0x30A1, 0x30FD)))


@dataclass(frozen=True, slots=True)
class Entry:
    """A word or a run of words that is looked for.

    Attributes:
        keys: as the words of a text are compared.
        name: what messages call it.
        stems: other forms of the words count too.
    """

    keys: tuple[str, ...]
    name: str
    rule: str
    severity: Severity
    stems: bool = False


def findings(part: Part, said: Mapping[str, Any]) -> Iterator[Finding]:
    """Where the words of the lists stand. In a quotation, which is somebody else's, they weigh less."""
    document = part.document
    words = words_of(document)
    allowed = {key for one in said.get("allow", ()) for key in tokens(str(one)).keys}
    entries = [*_topics(said), *_forbidden(said)]
    if said.get("profanity", True):
        language = document.language.partition("-")[0]
        entries += [one for one in _offensive(frozenset({"en", language})) if not set(one.keys) <= allowed]
    for entry, first, last in _hits(words, entries):
        start, end = words.starts[first], words.ends[last - 1]
        if _inside(document.shadow, start, end):
            continue
        severity = Severity.MINOR if document.quoted(start) else entry.severity
        yield _finding(part, entry, start, end, severity)


def _finding(part: Part, entry: Entry, start: int, end: int, severity: Severity) -> Finding:
    messages = {
        "topic": (f"This touches {entry.name!r}, a topic that is to be left alone.", "Leave the topic out."),
        "word": (f"{entry.name!r} is not to be used.", f"Say it without {entry.name!r}."),
        "profanity": ("A word that offends.", "Say it without this word."),
    }
    message, repair = messages[entry.rule]
    return part.finding(f"unsafe/{entry.rule}", message, start, end, severity, repair=repair)


def _hits(words: Tokens, entries: Sequence[Entry]) -> Iterator[tuple[Entry, int, int]]:
    """Where each entry stands, as places among the words."""
    known = set(words.keys)
    single = {one.keys[0]: one for one in reversed(entries) if len(one.keys) == 1 and not one.stems}
    for at in _places(words.keys, single.keys() & known):
        yield single[words.keys[at]], at, at + 1
    yield from _runs(words.keys, [one for one in entries if not one.stems and len(one.keys) > 1], known)
    if stems := [replace(one, keys=tuple(map(stem, one.keys))) for one in entries if one.stems]:
        stemmed = {key: stem(key) for key in known}
        yield from _runs([stemmed[key] for key in words.keys], stems, set(stemmed.values()))


def _places(keys: Sequence[str], wanted: AbstractSet[str]) -> Iterator[int]:
    """Where one of a few words stands."""
    return compress(count(), map(wanted.__contains__, keys)) if wanted else iter(())


def _runs(keys: Sequence[str], entries: Sequence[Entry], known: set[str]) -> Iterator[tuple[Entry, int, int]]:
    """Where the entries stand whose words the text has."""
    line, starts = "", list[int]()
    for one in entries:
        if not known.issuperset(one.keys):
            continue
        line, wanted = line or spaced(keys), spaced(one.keys)
        place = line.find(wanted)
        while place >= 0:
            starts = starts or _starts(keys)
            first = bisect_left(starts, place)
            yield one, first, first + len(one.keys)
            place = line.find(wanted, place + 1)


def _starts(keys: Sequence[str]) -> list[int]:
    """Where the space before each key stands in the line of all of them."""
    return list(accumulate((len(key) + 1 for key in keys), initial=0))[:-1]


def _inside(text: str, start: int, end: int) -> bool:
    """Whether a Japanese or Chinese word is part of a longer one in the same script."""
    for edge, beside in ((text[start], text[start - 1 : start]), (text[end - 1], text[end : end + 1])):
        if edge in _KATAKANA and beside in _KATAKANA and beside:
            return True
        if HAN.match(edge) and HAN.match(beside) and edge not in "糞":
            return True
    return False


def _topics(said: Mapping[str, Any]) -> Iterator[Entry]:
    for topic in said.get("topics", ()):
        name = topic if isinstance(topic, str) else str(topic["name"])
        words = [name] if isinstance(topic, str) else topic.get("words", [name])
        yield from _entries(words, name, "topic", stems=True)


def _forbidden(said: Mapping[str, Any]) -> Iterator[Entry]:
    for word in said.get("words", ()):
        yield from _entries([word], word, "word")


def _entries(words: Iterable[str], name: str, rule: str, *, stems: bool = False) -> Iterator[Entry]:
    for word in words:
        if keys := tuple(tokens(word).keys):
            yield Entry(keys, name, rule, Severity.MAJOR, stems and not CJK.search(word))


@lru_cache(maxsize=16)
def _offensive(languages: frozenset[str]) -> tuple[Entry, ...]:
    """The words that offend in these languages."""
    return tuple(entry for language, entry in _listed() if language in languages)


@lru_cache(maxsize=1)
def _listed() -> tuple[tuple[str, Entry], ...]:
    listed = []
    for line in Path(__file__).with_name("words.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        language, weight, code = line.split()
        word = base64.b64decode(code).decode("utf-8")
        severity = Severity.MAJOR if weight == "slur" else Severity.MINOR
        listed.append((language, Entry(tuple(tokens(word).keys), "", "profanity", severity)))
    return tuple(listed)
