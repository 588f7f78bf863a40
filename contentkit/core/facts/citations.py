"""What a text refers to: marks of sources, works by author and year, DOIs and their like, studies without a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from contentkit.core.facts.material import Material
from contentkit.core.facts.tokens import tokens
from contentkit.core.text.scan import one_of, rarely

Sort = Literal["mark", "work", "identifier"]

_MARK = re.compile(
    r"[\[［](?P<numbers>[0-9０-９]{1,3}(?:\s?[,，、–-]\s?[0-9０-９]{1,3}){0,9})[\]］](?![(\[:]|\s?[:：]\s?\S)"
)
_NAME = r"[A-ZÀ-ÖØ-Þ][\w'’-]{1,30}"
_AUTHORS = rf"{_NAME}(?:,? (?:(?:and|&|und|et) {_NAME}|et al\.?)|, {_NAME}(?:,? (?:and|&) {_NAME})?)?"
_YEAR = r"(?:1[5-9]|20)\d\d[a-z]?"
_WORK = re.compile(
    rf"[(（](?:see |cf\. |vgl\. )?(?P<inside>{_AUTHORS}),? (?P<year1>{_YEAR})"
    r"(?:[,:;] ?(?:pp?\. ?)?[^()（）\n]{0,60})?[)）]"
    rf"|(?P<before>{_AUTHORS}) \((?P<year2>{_YEAR})(?:, ?pp?\. ?\d[\d–-]*)?\)"
    r"|[(（](?P<ja_inside>[一-龥々ァ-ヶー]{1,12})(?:ほか|ら|他)?[、,，]\s?(?P<year3>(?:1[5-9]|20)\d\d)年?[)）]"
    r"|(?P<ja_before>[一-龥々]{1,6})(?:ほか|ら|他)?[ \u3000]?[（(](?P<year4>(?:1[5-9]|20)\d\d)年?[)）]"
)
# Its bracket, as far as the year; the longest names are three of thirty characters.
_BRACKET = re.compile(r"[(（][^()（）]{0,120}?(?:1[5-9]|20)\d\d")
_IDENTIFIER = re.compile(
    r"\b(?:doi:\s?|https?://(?:dx\.)?doi\.org/)?(?P<doi>10\.\d{4,9}/[^\s\"<>()\]]{1,100}[^\s\"<>()\].,;。、])"
    r"|\barxiv:\s?(?P<arxiv>\d{4}\.\d{4,5})|\bISBN(?:-1[03])?:?\s?(?P<isbn>97[89][\d -]{10,14}|[\d-]{9,12}[\dX])"
    r"|\bPMID:?\s?(?P<pmid>\d{6,9})",
    re.IGNORECASE,
)
_IDENTIFIED = re.compile(r"10\.\d{4}|arxiv:|isbn|pmid")
_NO_AUTHORS_LIST = """
January February March April May June July August September October November December Spring Summer Autumn Fall Winter
Version Since Until Before After About Around Circa From In On By Copyright Figure Table Chapter Section Januar
Februar März Mai Juni Juli Oktober Dezember
"""
_NO_AUTHORS = frozenset(_NO_AUTHORS_LIST.split())
_AUTHORITIES = (
    r"(?:stud(?:y|ies)|research|surveys?|reports?|statistics|scientists?|researchers?|experts?|analysts?|economists?)"
)
_FINDS = (
    r"(?:show(?:s|n|ed)?|suggest(?:s|ed)?|finds?|found|indicate[sd]?|prove[sdn]?|confirm(?:s|ed)?|reveal(?:s|ed)?"
    r"|demonstrate[sd]?|agree|say|believe|warn)"
)
_VAGUE = re.compile(
    rf"\b(?:(?:recent|new|many|several|numerous|multiple|other|some|countless)\s)?{_AUTHORITIES}\s"
    rf"(?:(?:have|has|also|consistently)\s)?{_FINDS}\b"
    r"|\b(?:according to|as shown (?:by|in)|based on)\s(?:a|an|one|recent|several|many|some|new)\s(?:\w+\s){0,2}"
    rf"{_AUTHORITIES}\b"
    r"|\bit is (?:widely |well |generally )?(?:known|proven|documented) that\b"
    r"|\b(?:Studien|Untersuchungen|Umfragen|Experten|Forscher|Fachleute)\s"
    r"(?:zeigen|belegen|beweisen|sagen|bestätigen|fanden|warnen)\b"
    r"|\blaut (?:einer|mehreren|neuen|aktuellen)\s(?:\w+\s)?(?:Studien?|Umfragen?|Untersuchung(?:en)?)\b"
    r"|(?:ある|最近の|近年の|複数の|多くの|各種)?(?:研究|調査|統計|専門家)(?:結果|データ)?(?:によると|によれば|では|から|は)[、,]?"
    r"(?=[^。\n]{0,60}(?:わかっ|分かっ|明らか|示さ|示し|報告さ|とされ|と言われ|証明|指摘))"
    r"|と(?:言|い)われてい(?:る|ます)|ことが(?:知られてい|証明されてい)(?:る|ます)",
    re.IGNORECASE,
)


_VAGUE_WORDS = (  # every match of _VAGUE holds one of them
    "stud", "research", "survey", "report", "statistic", "scientist", "expert", "analyst", "economist",
    "known that", "proven that", "documented that",
    "untersuchung", "umfrage", "forscher", "fachleute",
    "研究", "調査", "統計", "専門家", "われてい", "知られ", "証明",
)  # fmt: skip
_MAY_BE_VAGUE = re.compile(one_of(_VAGUE_WORDS))


@dataclass(frozen=True, slots=True)
class Citation:
    """A reference to something that is no part of the text.

    Attributes:
        numbers: of a mark, the sources that it names.
        words: of a work, what the material must hold together: names and year.
    """

    start: int
    end: int
    sort: Sort
    numbers: tuple[int, ...] = ()
    words: tuple[str, ...] = ()


def marks(text: str) -> Iterator[Citation]:
    """Marks such as [1], [1, 2], [1–3] and ［1］; addresses of links and footnotes are none."""
    for found in _MARK.finditer(text):
        numbers = _numbers(found["numbers"])
        if numbers and 0 not in numbers:
            yield Citation(found.start(), found.end(), "mark", numbers)


def works(shadow: str) -> Iterator[Citation]:
    """Works by author and year."""
    for found in rarely(_WORK, shadow, _BRACKET):
        names = found["inside"] or found["before"] or found["ja_inside"] or found["ja_before"]
        year = found["year1"] or found["year2"] or found["year3"] or found["year4"]
        surnames = [name for name in re.findall(rf"{_NAME}|[一-龥々ァ-ヶー]+", names) if name != "al"]
        if not any(name in _NO_AUTHORS for name in surnames):
            yield Citation(found.start(), found.end(), "work", words=(*surnames, year[:4]))


def identifiers(text: str) -> Iterator[Citation]:
    """DOIs, arXiv numbers, ISBNs and PubMed numbers."""
    for found in rarely(_IDENTIFIER, text, _IDENTIFIED):
        said = found["doi"] or found["arxiv"] or found["isbn"] or found["pmid"]
        yield Citation(found.start(), found.end(), "identifier", words=(said,))


def unnamed(shadow: str) -> Iterator[tuple[int, int]]:
    """ "Studies show" and its like: an authority that nobody can look up."""
    return (found.span() for found in rarely(_VAGUE, shadow, _MAY_BE_VAGUE))


def is_known(citation: Citation, material: Material) -> bool:
    """Whether one witness holds all that names the work."""
    if citation.sort == "identifier":
        wanted = _bare(citation.words[0])
        return any(wanted in _bare(one.text) for one in material.witnesses)
    keys = [tokens(word).keys for word in citation.words]
    return any(all(one.holds(part) for part in keys) for one in material.witnesses)


def _bare(text: str) -> str:
    return text.replace("-", "").replace(" ", "").casefold()


def _numbers(text: str) -> tuple[int, ...]:
    if text.isdigit():
        return (int(text),)
    found: list[int] = []
    for part in re.split(r"\s?[,，、]\s?", text):
        first, *last = (int(number) for number in re.split(r"\s?[–-]\s?", part))
        found += range(first, min(last[0], first + 20) + 1) if last else [first]
    return tuple(found)
