"""Numbers that identify people or their money, told from other numbers by their check digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from contentkit.core.personal.datum import Datum

_CARD = re.compile(r"(?<![A-Za-z0-9_.-])(?:\d[ -]?){12,18}\d(?![A-Za-z0-9_-]|\.\d)")
_CARD_KINDS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|3[47]\d{13}|35\d{14}|3[068]\d{12}|6\d{15}"
)
# Those that begin with letters look for such a letter before they look at what stands before it.
_IBAN = re.compile(r"[A-Z](?<![A-Za-z0-9_].)[A-Z]\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9_])")
_IBAN_LENGTHS = {
    "AT": 20, "BE": 16, "CH": 21, "CZ": 24, "DE": 22, "DK": 18, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27,
    "HU": 28, "IE": 22, "IT": 27, "LU": 20, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "SE": 24, "SK": 24, "TR": 26,
}  # fmt: skip
_SSN = re.compile(r"(?<![A-Za-z0-9_-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![A-Za-z0-9_-])")
_NINO = re.compile(
    r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?<!BG|GB|KN|NK|NT|TN|ZZ)(?<![A-Za-z0-9_]..)"
    r"(?: ?\d{2}){3} ?[A-D](?![A-Za-z0-9_])"
)
_MY_NUMBER = re.compile(r"(?:マイナンバー|個人番号|My Number)[^\d\n]{0,12}(\d{4}[ -]?\d{4}[ -]?\d{4})(?!\d)")
_TAX_ID = re.compile(
    r"(?:Steuer-?ID|Steueridentifikationsnummer|IdNr\.?)[^\d\n]{0,12}(\d{2} ?\d{3} ?\d{3} ?\d{3})(?!\d)", re.IGNORECASE
)


def papers(text: str, digits: int) -> Iterator[Datum]:
    """Card numbers, accounts and numbers of persons whose check digits are right.

    Args:
        digits: how many the text has.
    """
    for found in _CARD.finditer(text) if digits >= _FEWEST_OF_CARD else ():
        bare = re.sub(r"\D", "", found[0])
        if _CARD_KINDS.fullmatch(bare) and luhn(bare):
            yield Datum(*found.span(), "card", "a credit card number", bare)
    for found in _IBAN.finditer(text):
        bare = found[0].replace(" ", "")
        if iban(bare):
            yield Datum(*found.span(), "iban", "an account number (IBAN)", bare)
    for pattern, what, fewest in _BARE:
        for found in pattern.finditer(text) if digits >= fewest else ():
            yield Datum(*found.span(), "id", what, re.sub(r"[ -]", "", found[0]))
    for pattern, what, fewest, holds in _NAMED:
        for found in pattern.finditer(text) if digits >= fewest else ():
            bare = re.sub(r"\D", "", found[1])
            if holds(bare):
                yield Datum(*found.span(1), "id", what, bare)


def luhn(digits: str) -> bool:
    """Whether the last digit is right by Luhn's sum (ISO/IEC 7812-1)."""
    total = 0
    for at, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if at % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def iban(bare: str) -> bool:
    """Whether an account number has the length of its country and the rest 1 by 97 (ISO 13616)."""
    if _IBAN_LENGTHS.get(bare[:2], len(bare)) != len(bare):
        return False
    return int("".join(str(int(sign, 36)) for sign in bare[4:] + bare[:4])) % 97 == 1


def my_number(digits: str) -> bool:
    """Whether the last of twelve digits is right (Order No. 85 of 2014 of the Ministry of Internal Affairs, Japan)."""
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    rest = sum(int(digit) * weight for digit, weight in zip(digits[:11], weights, strict=True)) % 11
    return int(digits[11]) == (0 if rest <= 1 else 11 - rest)


def tax_id(digits: str) -> bool:
    """Whether the last of eleven digits is right (ISO 7064, MOD 11,10)."""
    product = 10
    for digit in digits[:10]:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return int(digits[10]) == (11 - product) % 10


_FEWEST_OF_CARD = 13
_BARE = ((_SSN, "a US social security number", 9), (_NINO, "a UK national insurance number", 6))
_NAMED = ((_MY_NUMBER, "a My Number", 12, my_number), (_TAX_ID, "a German tax number", 11, tax_id))
"""Each with the fewest digits of a text that can have one."""
