"""A file's name from any text: safe on every system, and never a way out of its folder."""

from __future__ import annotations

import unicodedata

_LONGEST = 100  # bytes; most systems take 255, of which endings and numbers want some
# Windows opens these as devices, in any case and with any ending.
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}


def file_name(text: str, otherwise: str) -> str:
    """Letters and digits of any script, "-" and "_"; everything else becomes "-".

    Args:
        otherwise: the name where nothing is left of ``text``.
    """
    plain = unicodedata.normalize("NFC", text)
    kept = "".join(sign if sign.isalnum() or sign in "-_" or _joins(sign) else "-" for sign in plain)
    name = "-".join(part for part in kept.split("-") if part)
    while len(name.encode("utf-8", "replace")) > _LONGEST:
        name = name[:-1]
    name = name.strip("-_")
    if not name:
        return otherwise
    return f"{name}-" if name.casefold() in _DEVICES else name


def _joins(sign: str) -> bool:
    """A vowel or accent that belongs to the letter before it (Devanagari, Thai, decomposed ones without a whole)."""
    return unicodedata.category(sign) in ("Mn", "Mc")
