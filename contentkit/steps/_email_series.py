"""What the emails of a sequence may not share: subject, opening, sentences, calls; and that their days go up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from contentkit.core.mail.letter import Letter
from contentkit.core.parts import Part
from contentkit.core.report import Finding, Place, Severity
from contentkit.core.text.document import document
from contentkit.core.text.gaps import PLACEHOLDER
from contentkit.core.text.script import CJK
from contentkit.steps._email_rules import Asked

# Shorter sentences are formulas that every mail may have: "Hello Ann,", 「いつもお世話になっております。」
_LEAST_WORDS, _LEAST_LETTERS = 6, 20
_GRAM_WORDS, _GRAM_LETTERS = 4, 8
_NEARLY = 0.75
"""A mark of what is still to be written, which every email may have."""


def series_faults(placed: Sequence[tuple[str, Letter]], asked: Asked) -> Iterator[Finding]:
    """Findings of letters that belong together, each given with what stands before the names of its parts in paths."""
    if len(placed) < asked.emails:
        said = f"{len(placed)} of {asked.emails} emails: the material gives no more, or the answer ended early."
        yield Finding("email/fewer", said, Severity.INFO, category="email")
    if len(placed) < 2:
        return
    yield from _days(placed)
    yield from _same(placed, asked)
    yield from _said_again(placed, asked)


def _days(placed: Sequence[tuple[str, Letter]]) -> Iterator[Finding]:
    last = -1
    for path, letter in placed:
        if letter.day is None:
            continue
        if letter.day <= last:
            said = f"Day {letter.day} does not come after day {last}."
            repair = "Give the emails days that go up, the first 0."
            yield Finding("email/days", said, Severity.MAJOR, Place(f"{path}day"), "email", repair)
        last = max(last, letter.day)


def _same(placed: Sequence[tuple[str, Letter]], asked: Asked) -> Iterator[Finding]:
    """Subjects and calls that are the same, whatever their signs and capitals."""
    for name, severity in (("subject", Severity.MAJOR), ("call_to_action", Severity.MINOR)):
        seen: dict[str, int] = {}
        for number, (path, letter) in enumerate(placed):
            text = getattr(letter, name)
            key = _key(PLACEHOLDER.sub("", text))
            if not key or (name == "call_to_action" and asked.goal and key.startswith(_key(asked.goal))):
                continue
            if key in seen:
                part = Part(f"{path}{name}", document(text, asked.language))
                what = {"subject": "subject", "call_to_action": "call"}[name]
                yield part.finding(
                    f"email/same-{what}",
                    f"The same {what} as in email {seen[key] + 1}.",
                    0,
                    len(text),
                    severity,
                    repair=f"Write {part.path} afresh, for what this email alone says.",
                )
            seen.setdefault(key, number)


def _said_again(placed: Sequence[tuple[str, Letter]], asked: Asked) -> Iterator[Finding]:
    """Sentences that stood in an earlier email, or nearly did; the first of an email is its opening."""
    sentences: dict[str, int] = {}
    grams: dict[str, int] = {}
    for number, (path, letter) in enumerate(placed):
        body = PLACEHOLDER.sub(lambda found: " " * len(found.group()), letter.body)
        part = Part(f"{path}body", document(body, asked.language))
        own = list(_telling(part))
        for place, (start, end, key) in enumerate(own):
            if key in sentences:
                rule = "same-sentence" if place else "same-opening"
                said = f"{'Says again what stands in' if place else 'Opens as'} email {sentences[key] + 1}."
                yield _again(part, rule, said, start, end, Severity.MAJOR)
            elif (like := _like(key, grams)) is not None:
                said = f"Nearly a sentence of email {like + 1}."
                yield _again(part, "near-sentence", said, start, end, Severity.MINOR)
        for _, _, key in own:
            sentences.setdefault(key, number)
            for gram in _grams(key):
                grams.setdefault(gram, number)


def _again(part: Part, rule: str, said: str, start: int, end: int, severity: Severity) -> Finding:
    repair = f"Replace this sentence of {part.path} by something that no other email says, from the material only."
    return part.finding(f"email/{rule}", said, start, end, severity, repair=repair)


def _telling(part: Part) -> Iterator[tuple[int, int, str]]:
    """Start, end and key of each sentence that is long enough to say something of its own."""
    text = part.document.text
    for one in part.document.sentences:
        key = _key(text[one.start : one.end])
        if len(key.split()) >= _LEAST_WORDS or len(CJK.findall(key)) >= _LEAST_LETTERS:
            yield one.start, one.end, key


def _like(key: str, grams: dict[str, int]) -> int | None:
    """The email that most of the sentence stood in, in the same runs of words."""
    own = _grams(key)
    met = [grams[gram] for gram in own if gram in grams]
    if len(own) < 3 or len(met) < _NEARLY * len(own):
        return None
    return max(set(met), key=lambda number: (met.count(number), -number))


def _grams(key: str) -> list[str]:
    if CJK.search(key):
        letters = key.replace(" ", "")
        return [letters[at : at + _GRAM_LETTERS] for at in range(len(letters) - _GRAM_LETTERS + 1)]
    words = key.split()
    return [" ".join(words[at : at + _GRAM_WORDS]) for at in range(len(words) - _GRAM_WORDS + 1)]


def _key(text: str) -> str:
    """The words alone."""
    return " ".join(re.findall(r"\w+", text.casefold()))
