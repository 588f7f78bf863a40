"""Digits that name something and count nothing: telephone numbers, postal codes, ISBN, DOI, accounts.

None of them is a quantity: half of a telephone number says nothing of the world. Cautious, since a number that is taken
for one of these is held against no source: what may be a range, a date or a sum is left.
"""

from __future__ import annotations

import re

from contentkit.core.text.scan import filled, one_of, starting, word

_GAP = r"[ \u00a0./-]?"
_NUMBER = (
    rf"(?=(?:[^\d\n]{{0,2}}\d){{6}})(?!\d{{4}}-\d\d-\d\d)\(?\d{{2,5}}\)?(?:{_GAP}\d{{2,5}}){{1,5}}(?![0-9A-Za-z_-])"
)
_STATES = (
    "A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]"
)
# Each group begins with what it can begin with, so that most places of a text are passed over at once.
_FROM_DIGIT = (
    # 0120-123-456, 03(1234)5678, 03-1234-5678; not 03-05-2026
    r"(?<![\w.-])(?!\d\d-\d\d-(?:1[5-9]|20)\d\d\b)0\d{1,4}(?:-\d{1,4}-|\(\d{1,4}\))\d{3,4}(?![\w-])",
    # +49 30 1234567, +1 (415) 555-2671
    rf"(?<![\w+])\+[1-9]\d{{0,2}}(?:{_GAP}\(?\d{{1,5}}\)?){{2,6}}(?![\w-])",
    # (415) 555-2671, 415-555-2671
    r"(?<![\w.-])(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[-.])[2-9]\d{2}[-.]\d{4}(?![\w-])",
    # 〒150-0001; 150-0001, since no range ends with a zero first; 神宮前1-2-3
    r"〒 ?\d{3}-?\d{4}(?!\d)",
    r"(?<![\w.-])\d{3}-0\d{3}(?![\w-])",
    r"(?<=[一-龥])\d{1,4}-\d{1,4}-\d{1,4}(?![\w-])",
    # 978-4-87311-778-2
    r"(?<![\w.-])97[89](?:[ -]?\d){10}(?![\w-])",
    r"(?<![\w./])10\.\d{4,9}/[^\s\"<>()\]]{1,100}",
    # cards
    r"(?<![\w.-])\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?![\w-])",
)
_FROM_LETTER = (
    r"(?:tel(?:ephone|efon|\.)?|phone|(?:mobile|cell|handy)(?=:)|fax|tél|call|ext\.?)"
    rf"(?:\s(?:us|me|them|number|now))?(?:\s(?:on|at|unter))?\s?[.:]?\s{{0,2}}{_NUMBER}",
    r"ISBN(?:-1[03])?[:：]?\s?[\d -]{9,16}[\dX]\b|ISSN[:：]?\s?\d{4}-\d{3}[\dX]\b",
    r"arxiv:\s?\d{4}\.\d{4,5}|PMID:?\s?\d{6,9}",
)
_FROM_KANJI = rf"(?:電話|携帯|内線|ファックス|☎|☏)(?:番号)?[はを]?\s?[.:：]?\s{{0,2}}{_NUMBER}"
_IDENTIFIER = re.compile(
    f"(?=[+(0-9〒])(?:{'|'.join(_FROM_DIGIT)})|\\b(?=[A-Z])(?:{'|'.join(_FROM_LETTER)})|(?=[電携内フ☎☏]){_FROM_KANJI}",
    re.IGNORECASE,
)
# A digit begins one where a sign and more digits follow, or where there are thirteen.
_SIGNS = re.compile("[+(0-9〒電携内フ☎☏](?<![0-9][0-9])(?:(?<![0-9])|(?=[0-9]*+(?<=[0-9]{13})|[0-9]*+[-. (/][(0-9]))")
_CALLED = "tel fax tél phone mobile cell handy call ext isbn issn arxiv pmid"
_WORDS = word(one_of(_CALLED.split()))
# In capitals: IL 62704-1234, SW1A 1AA, D-10115, IBAN.
_CODE = re.compile(
    rf"\b(?:(?:{_STATES}) \d{{5}}(?:-\d{{4}})?(?![\w-])|[A-Z]{{1,2}}\d[A-Z\d]? \d[A-Z]{{2}}\b|(?:D|A|CH|F)-\d{{4,5}}\b"
    r"|[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b)"
)
_CODE_BEGINS = re.compile(r"[A-Z](?=[A-Z]?[- ]?\d)")


def without_identifiers(text: str, fill: str) -> str:
    """The text with each identifier as so many ``fill``, place for place; full-width digits must be narrow already."""
    text = filled(text, starting(_CODE, _CODE_BEGINS, text), fill)
    return filled(text, starting(_IDENTIFIER, _SIGNS, text, _WORDS), fill)
