"""Quotations, names and whole sentences of a text against the words of the material."""

from __future__ import annotations

import re
from collections.abc import Iterator

from contentkit.core.facts import claims, names, people, quotes
from contentkit.core.facts.quotes import quoted
from contentkit.core.facts.speakers import REACH, other_speaker
from contentkit.core.parts import Part
from contentkit.core.report import Finding, Severity
from contentkit.core.text.document import Span
from contentkit.core.text.gaps import gaps
from contentkit.core.text.script import SPACELESS
from contentkit.steps._grounding.look import Look, around

_SPEECH = re.compile(
    r"\b(?:said|says|say|told|tells|wrote|writes|explain(?:s|ed)|add(?:s|ed)|note[sd]|state[sd]|according to"
    r"|recall(?:s|ed)|argue[sd]|asked|asks|claim(?:s|ed)|announce[sd]|quote[sd]|called|sagte|sagt|schreibt|schrieb|erklärte?|laut|betont"
    r"|zufolge|a dit|dit|selon)\b",
    re.IGNORECASE,
)
_JA_SPEECH = re.compile(
    r"\A\s?(?:と|って)(?:述べ|話|語|言|い[うっ]|説明|コメント|答え|書い|書か|記し|記さ|指摘|主張|強調|振り返|呼びかけ)"
    r"|\Aとの(?:声|意見|指摘|感想)"
)
_UTTERED = re.compile(
    r"\b(?:(?:said|says|told|wrote|writes|added|adds)\b(?:\s[^\s\"“.;]+){0,4}|call(?:s|ed)\s(?:it|him|her|them|this|that|the\s\w+))[,:]?\s*\Z",
    re.IGNORECASE,
)
_THEN_UTTERED = re.compile(
    r"\A\s?(?:(?:[A-ZÀ-Þ][\w.'’-]*|he|she|they|the|a|an|\w+er)\s){1,4}"
    r"(?:said|says|told|wrote|writes|added|adds|recalled|recalls|explained|asked)\b"
)
_SAID, _SAID_WIDE, _FEW_WIDE = 2, 5, 7
_TERM, _LONG = 3, 8
_TERM_WIDE, _LONG_WIDE = 11, 24
_UNSUPPORTED, _WORDS = 0.25, 5
"""Of a sentence of at least so many words that carry meaning, the material has at most this share."""


def findings(part: Part, look: Look) -> Iterator[Finding]:
    """Quotations that nobody said, names that nobody named, sentences that nothing bears out."""
    if not look.material.sources or look.is_foreign(part):
        return
    yield from _quotations(part, look)
    if look.wants("names"):
        yield from _names(part, look)
    if look.wants("claims"):
        yield from _claims(part, look)


def _quotations(part: Part, look: Look) -> Iterator[Finding]:
    document = part.document
    for span in document.quotations:
        text = document.text[span.start : span.end]
        size = sum(map(len, quoted(text)))
        wide = document.language in SPACELESS
        uttered = size <= (_TERM_WIDE if wide else _TERM) and _uttered(part, span)
        if size <= (_TERM_WIDE if wide else _TERM) and (size < (_SAID_WIDE if wide else _SAID) or not uttered):
            continue  # a term, a title
        short = size <= (_FEW_WIDE if wide else _TERM)
        if span.start in gaps(document) or look.is_known(text):
            continue
        verdict = quotes.look(text, look.material)
        if verdict.standing == "said":
            yield from _speaker(part, span, look)
            continue
        said = uttered or _spoken(part, span) or size >= (_LONG_WIDE if wide else _LONG)
        block = document.block_at(span.start)
        if block is not None and block.kind == "quote" and verdict.standing == "absent" and not _spoken(part, span):
            continue  # a note that stands out, no words of somebody
        message = "These words between quotation marks stand in no source."
        if verdict.why:
            message = f"The quotation is not word for word: {verdict.why}."
        repair = "Quote the words exactly as the material has them, or tell it without quotation marks."
        severity = Severity.MAJOR if (said or verdict.why) and not short else Severity.MINOR
        yield part.finding(
            "grounding/quotation", message, span.start, span.end, severity, repair=repair, suggestion=verdict.instead
        )


def _speaker(part: Part, span: Span, look: Look) -> Iterator[Finding]:
    """Words that the material has, and lets somebody else say."""
    document = part.document
    block = document.block_at(span.start)
    if block is None or not (keys := [key for keys in quoted(document.text[span.start : span.end]) for key in keys]):
        return
    before = document.text[max(block.start, span.start - REACH) : span.start]
    after = document.text[span.end : min(block.end, span.end + REACH)]
    if other := other_speaker(keys, before, after, look.material):
        mine, its, witness = other
        where = f"[{witness.number}]" if witness.number else witness.name
        message = f"{where} has {its} say this, not {mine}."
        repair = f"Name who said it: {its}."
        yield part.finding("grounding/quotation", message, span.start, span.end, Severity.MAJOR, repair=repair)


def _spoken(part: Part, span: Span) -> bool:
    """Whether the words around say that somebody said it."""
    before, after = around(part.document, span.start, span.end)
    return bool(_SPEECH.search(before) or _SPEECH.search(after) or _JA_SPEECH.match(after))


def _uttered(part: Part, span: Span) -> bool:
    """Whether the words right beside say that somebody said it, which makes a quotation of a few words too."""
    before, after = around(part.document, span.start, span.end)
    return bool(_UTTERED.search(before) or _JA_SPEECH.match(after) or _THEN_UTTERED.match(after))


def _names(part: Part, look: Look) -> Iterator[Finding]:
    seen: set[str] = set()
    found = list(names.names(part.document))
    swapped = list(people.swapped(part.document, look.material))
    for name in (*swapped, *found, *names.single(part.document, found)):
        if name.text in seen or name.start in gaps(part.document) or part.document.quoted(name.start):
            continue
        seen.add(name.text)
        if (name not in swapped and people.is_known(name, look.material)) or look.is_known(name.text):
            continue
        other = people.partly(name, look.material)
        hint = f"; they have {other!r}" if other else ""
        repair = f"Name only who the material names: {other or 'leave ' + repr(name.text) + ' out'}."
        yield part.finding(
            "grounding/name",
            f"{name.text!r} is not in the sources{hint}.",
            name.start,
            name.end,
            repair=repair,
            suggestion=other,
        )


def _claims(part: Part, look: Look) -> Iterator[Finding]:
    """Sentences hardly a word of which is in the material. That tells what to look at, not what is false."""
    document = part.document
    if look.piece.picked:
        return
    unsaid = gaps(document)
    for sentence in document.sentences:
        block = document.blocks[sentence.block]
        if block.kind in ("heading", "cell") or sentence.start in unsaid:
            continue
        words = claims.content_of(document, sentence.start, sentence.end)
        if len(words) < _WORDS:
            continue
        share = claims.share(words, look.material.witnesses, document.language)
        if share <= _UNSUPPORTED:
            message = f"Hardly a word of this sentence is in the sources ({share:.0%}): what does it rest on?"
            yield part.finding("grounding/claim", message, sentence.start, sentence.end, Severity.INFO, confidence=0.5)
