"""What a text refers to against the material: marks of sources, works, identifiers, web addresses, unnamed studies."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache

from contentkit.core.facts import addresses, claims
from contentkit.core.facts.citations import Citation, identifiers, is_known, marks, unnamed, works
from contentkit.core.facts.tokens import tokens
from contentkit.core.parts import Part
from contentkit.core.report import Finding, Severity
from contentkit.core.text.document import Document
from contentkit.core.text.gaps import gaps
from contentkit.core.text.links import find_links
from contentkit.steps._grounding.look import Look

_CODE = re.compile(r"`(?<!``)(`{0,7})(?!`).{1,2000}?(?<!`)`\1(?!`)", re.DOTALL)
_OWN_LIST = re.compile(r"^[ \t]*(?:[-*+][ \t]+)?(?:[\[［](\d{1,3})[\]］]|(\d{1,3})[.)])[:：]?[ \t]+\S", re.MULTILINE)
_WORD = re.compile(r"[^\W_]")
_LITTLE, _MOST, _ENOUGH = 0.15, 0.5, 5
"""Of the words of a marked sentence: so few in the source that is marked, so many in another, of at least so many."""


def findings(part: Part, look: Look) -> Iterator[Finding]:
    """References that nothing in the material bears out."""
    prose = list(_prose(part.document))
    yield from _marks(part, look, prose)
    yield from _works(part, look, prose)
    yield from _addresses(part, look, prose)
    yield from _unnamed(part, look)


_Prose = Sequence[tuple[int, str]]


def _prose(document: Document) -> Iterator[tuple[int, str]]:
    """The blocks of prose with their start, code blanked out and addresses left."""
    for block in document.blocks:
        raw = document.text[block.start : block.end]
        yield block.start, _CODE.sub(lambda found: " " * len(found[0]), raw) if "`" in raw else raw


def _marks(part: Part, look: Look, prose: _Prose) -> Iterator[Finding]:
    document = part.document
    own = {int(one or two) for one, two in _OWN_LIST.findall(document.text)}
    for start, raw in prose:
        before = 0
        for mark in marks(raw):
            place = start + mark.start, start + mark.end
            wrong = [number for number in mark.numbers if not _resolves(number, look, own)]
            if wrong:
                yield _dangling(part, look, wrong, *place)
            elif start + mark.start not in gaps(document):
                said = raw[before : mark.start]
                if _WORD.search(said):
                    yield from _misplaced(part, look, mark, said, *place)
                    before = mark.end


def _resolves(number: int, look: Look, own: set[int]) -> bool:
    """A draft marks the sources that it was given; a file may have a list of its own."""
    return number <= len(look.material.sources) or (not look.drafted and number in own)


def _dangling(part: Part, look: Look, wrong: list[int], start: int, end: int) -> Finding:
    there = len(look.material.sources)
    names = ", ".join(f"[{number}]" for number in wrong)
    have = "there is no source" if not there else f"there {'is 1 source' if there == 1 else f'are {there} sources'}"
    bare = not look.drafted and not there
    message = f"{names} leads to nothing; {'the text has no list with it' if bare else have}."
    if copied := [one.number for one in look.material.sources if set(wrong) <= _numbers_of(one.text)]:
        message = f"{names} is the own mark of source [{copied[0]}], and leads to nothing here; {have}."
    repair = f"Take {names} out; if nothing in the material bears the sentence out, take out the sentence."
    severity = Severity.MINOR if bare else Severity.MAJOR
    return part.finding("grounding/mark", message, start, end, severity, repair=repair)


@lru_cache(maxsize=64)
def _numbers_of(text: str) -> frozenset[int]:
    """The marks of sources that a source has itself."""
    return frozenset(number for mark in marks(text) for number in mark.numbers)


def _misplaced(part: Part, look: Look, mark: Citation, said: str, start: int, end: int) -> Iterator[Finding]:
    """A mark whose source shares hardly a word with what it stands behind."""
    if look.is_foreign(part):
        return
    language = part.document.language
    named = [source for number in mark.numbers if (source := look.material.numbered(number))]
    words = claims.content(said, language)
    if not named or len(words) < _ENOUGH or claims.share(words, named, language) > _LITTLE:
        return
    numbers = ", ".join(f"[{source.number}]" for source in named)
    other = claims.best(words, look.material, language)
    fits = other is not None and claims.share(words, (other,), language) >= _MOST
    hint = f"; it reads like [{other.number}]" if fits and other else ""
    yield part.finding(
        "grounding/mark",
        f"What stands before {numbers} has hardly a word in common with that source{hint}.",
        start,
        end,
        Severity.MAJOR if fits else Severity.MINOR,
        repair=f"Put the mark of the source that says it in place of {numbers}, or take the sentence out.",
        suggestion=f"[{other.number}]" if fits and other else "",
    )


def _works(part: Part, look: Look, prose: _Prose) -> Iterator[Finding]:
    document = part.document
    found = [(0, works(document.shadow))]
    named = [one.start for one in identifiers(document.text)]
    found += [(start, identifiers(raw)) for start, raw in prose if _any_in(named, start, start + len(raw))]
    for start, citations in found:
        for citation in citations:
            place = start + citation.start, start + citation.end
            if place[0] in gaps(document) or is_known(citation, look.material):
                continue
            said = document.text[slice(*place)]
            if look.is_known(said) or (not look.drafted and _listed(citation, document, *place)):
                continue
            yield _invented(part, look, said, *place)


def _any_in(places: Sequence[int], start: int, end: int) -> bool:
    return bisect_left(places, start) < bisect_left(places, end)


def _listed(citation: Citation, document: Document, start: int, end: int) -> bool:
    """Whether a file has the work in a list of its own: all that names it, once more, in one line elsewhere."""
    rest = f"{document.text[:start]}\n{document.text[end:]}"
    first = citation.words[0]
    return any(
        all(word in line for word in citation.words)
        for line in rest.split("\n")
        if first in line and (line.lstrip()[:1] in "-*+[0123456789" or line.startswith(first))
    )


def _invented(part: Part, look: Look, said: str, start: int, end: int) -> Finding:
    bare = not look.drafted and not look.material.sources
    why = "no source has it" if look.material.sources else "there is no source"
    why = "the text lists no such work, and no source was given" if bare else why
    message = f"The reference {said!r} can't be found: {why}."
    repair = f"Take the reference {said!r} out, and what rests on it alone."
    return part.finding(
        "grounding/citation", message, start, end, Severity.MINOR if bare else Severity.MAJOR, repair=repair
    )


def _addresses(part: Part, look: Look, prose: _Prose) -> Iterator[Finding]:
    """Addresses that nobody gave. Those of a file are its writer's own, unless sources say what it rests on."""
    if not look.drafted and not look.material.sources:
        return
    for start, raw in prose:
        for link in find_links(raw) if "/" in raw and "." in raw else ():
            said = raw[link.start : link.end]
            known = addresses.is_known(said, look.pages) or look.is_known(said)
            if known or addresses.is_example(said) or not (link.scheme or "/" in said):
                continue
            if next(identifiers(said), None):
                continue  # found as what it identifies
            yield part.finding(
                "grounding/link",
                f"The address {said} is in no source.",
                start + link.start,
                start + link.end,
                Severity.MAJOR if look.drafted else Severity.MINOR,
                repair=f"Take the address {said} out, or put one that the material gives.",
            )


_ONE_STUDY = re.compile(
    r"\b(?:a|an|one)\s(?:\w+\s){0,2}(?P<noun>study|survey|report)\b|\A(?P<wide>研究|調査|統計)(?:結果|データ)?",
    re.IGNORECASE,
)


def _is_told(said: str, look: Look) -> bool:
    """Whether it is one study, and the material tells of one: "according to a survey"."""
    found = _ONE_STUDY.search(said)
    if found is None:
        return False
    return any((found["noun"] or found["wide"]).lower() in one.text.casefold() for one in look.material.sources)


def _unnamed(part: Part, look: Look) -> Iterator[Finding]:
    document = part.document
    for start, end in unnamed(document.shadow):
        sentence = document.sentence_at(start)
        if sentence is None or document.quoted(start) or start in gaps(document):
            continue
        said = document.text[start:end]
        keys = tokens(said).keys
        # A mark, an address or a work in the sentence, or right behind it, says which study.
        whole = document.text[sentence.start : sentence.end + 12]
        if (
            look.material.holds(keys)
            or _is_told(said, look)
            or next(marks(whole), None)
            or "](" in whole
            or "http" in whole
        ):
            continue
        if next(works(document.shadow[sentence.start : sentence.end]), None):
            continue
        message = f"{said!r} names nobody: which one, and where does it say so?"
        repair = f"Say in place of {said!r} who found it, as the material names them, or take the claim out."
        yield part.finding("grounding/unnamed", message, start, end, repair=repair)
