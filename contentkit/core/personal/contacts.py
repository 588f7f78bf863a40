"""Mail addresses, telephone numbers and IP addresses, as texts of many countries write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address

from contentkit.core.personal.datum import Datum

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9_.+%-])[A-Za-z0-9_.+%-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9-])"
)
_RESERVED = re.compile(
    r"(?:@|\.)(?:example\.(?:com|org|net|jp|co\.jp)|example|test|invalid|localhost)\Z", re.IGNORECASE
)
_WEB = re.compile(r"\b(?:https?://|www\.)[!-;=?-~]+")
_GAP = r"[ \u00a0.\-/]?"
# Each way begins with a sign as it is, so that all other places of a text are passed over at once.
_NUMBER = (
    # +49 30 1234567, +81-3-1234-5678, +1 (415) 555-2671
    rf"\+(?<![A-Za-z0-9_+]\+)[1-9]\d{{0,2}}(?:{_GAP}\(?\d{{1,5}}\)?){{2,6}}(?![A-Za-z0-9_-])"
    # 03-1234-5678, 090-1234-5678, 0120-123-456, 03(1234)5678
    r"|0(?<![A-Za-z0-9_-]0)[1-9]\d{0,3}(?:-\d{1,4}-\d{3,4}|\(\d{1,4}\)\d{4})(?![A-Za-z0-9_-])"
    # (415) 555-2671, 415-555-2671
    r"|[(2-9](?<![A-Za-z0-9_-].)(?:(?<=\()[2-9]\d{2}\) ?|(?<!\()\d{2}[-.])[2-9]\d{2}[-.]\d{4}(?![A-Za-z0-9_-])"
)
_PHONE = re.compile(_NUMBER)
_CUE = re.compile(r"[tpmcfh電携](?:el|él|hone|obile|ell|ax|andy|話|帯)")
_CUED_PHONE = re.compile(
    rf"{_NUMBER}"
    # Tel. 030 1234567
    rf"|(?i:(?:\b(?:Tel(?:ephone|efon|\.)?|Phone|Mobile|Cell|Fax|Handy|Tél)|電話|携帯)(?:番号)?\s?[.:：]?\s{{0,2}})"
    rf"(?P<cued>\(?\d{{2,5}}\)?(?:{_GAP}\d{{1,5}}){{1,5}})(?![A-Za-z0-9_-])"
)
# Numbers that telephone authorities keep for films and manuals.
_FICTION = re.compile(r"\A1?[2-9]\d{2}55501\d{2}\Z|\A44(?:1632960|7700900)\d{3}\Z")
_IP = re.compile(
    r"\bIP(?:v4)?(?:[ -]?(?:address|Adresse|アドレス))?[^\w\n]{0,4}(?:is |は|von )?((?:\d{1,3}\.){3}\d{1,3})(?![\w.])",
    re.IGNORECASE,
)
_FEWEST, _MOST, _FEWEST_OF_IP = 8, 15, 4


def contacts(text: str, digits: int) -> Iterator[Datum]:
    """How people are reached. Addresses and numbers that are kept for examples are nobody's.

    Args:
        digits: how many the text has.
    """
    for found in _EMAIL.finditer(text) if "@" in text else ():
        if not _RESERVED.search(found[0]):
            yield Datum(found.start(), found.end(), "email", "a mail address", found[0].casefold())
    if digits < _FEWEST_OF_IP:
        return
    hidden = _WEB.sub(lambda found: "x" * len(found[0]), text) if "://" in text or "www." in text else text
    low = hidden.lower()
    phone = _CUED_PHONE if _CUE.search(low) else _PHONE
    for found in phone.finditer(hidden) if digits >= _FEWEST else ():
        group = found.lastindex or 0  # of a cued one only the number
        number = re.sub(r"\D", "", found[group])
        if _FEWEST <= len(number) <= _MOST and len(set(number)) > 2 and not _FICTION.match(number):
            yield Datum(*found.span(group), "phone", "a telephone number", _phone_key(number))
    for found in _IP.finditer(hidden) if "ip" in low else ():
        if _is_public(found[1]):
            yield Datum(*found.span(1), "ip", "an IP address", found[1])


def _phone_key(digits: str) -> str:
    """The end of a number, which is the same with and without the code of the country."""
    return digits.lstrip("0")[-9:]


def _is_public(address: str) -> bool:
    try:
        return IPv4Address(address).is_global
    except AddressValueError:
        return False
