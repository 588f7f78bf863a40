"""English endings: the forms of a term, and the same form of the one that takes its place."""

from __future__ import annotations

import re

_IRREGULAR = {
    "begin": ("begins", "began", "beginning"), "buy": ("buys", "bought", "buying"),
    "choose": ("chooses", "chose", "choosing"), "do": ("does", "did", "doing"), "find": ("finds", "found", "finding"),
    "get": ("gets", "got", "getting"), "give": ("gives", "gave", "giving"), "go": ("goes", "went", "going"),
    "have": ("has", "had", "having"), "keep": ("keeps", "kept", "keeping"), "lead": ("leads", "led", "leading"),
    "leave": ("leaves", "left", "leaving"), "let": ("lets", "let", "letting"), "make": ("makes", "made", "making"),
    "mean": ("means", "meant", "meaning"), "put": ("puts", "put", "putting"), "run": ("runs", "ran", "running"),
    "say": ("says", "said", "saying"), "see": ("sees", "saw", "seeing"), "send": ("sends", "sent", "sending"),
    "set": ("sets", "set", "setting"), "show": ("shows", "showed", "showing"), "speed": ("speeds", "sped", "speeding"),
    "spend": ("spends", "spent", "spending"), "take": ("takes", "took", "taking"),
    "tell": ("tells", "told", "telling"), "think": ("thinks", "thought", "thinking"),
    "write": ("writes", "wrote", "writing"),
}  # fmt: skip
_DOUBLES = re.compile(r"\A(?:[^aeiou]*[aeiou][bdglmnprt]|.*(?:fer|mit|pel|gin|cur|trol))\Z")


def forms(term: str) -> tuple[str, ...]:
    """The term, with -s, -ed and -ing at its first word: "log in", "logs in", "logged in", "logging in"."""
    word, space, rest = term.partition(" ")
    return tuple(form + space + rest for form in (word, *_IRREGULAR.get(word.lower(), _regular(word))))


def _regular(word: str) -> tuple[str, str, str]:
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return f"{word}es", f"{word}ed", f"{word}ing"
    if re.search(r"[^aeiou]y\Z", word):
        return f"{word[:-1]}ies", f"{word[:-1]}ied", f"{word}ing"
    if word.endswith("ee"):
        return f"{word}s", f"{word}d", f"{word}ing"
    if word.endswith("e"):
        return f"{word}s", f"{word}d", f"{word[:-1]}ing"
    if _DOUBLES.match(word):
        return f"{word}s", f"{word}{word[-1]}ed", f"{word}{word[-1]}ing"
    return f"{word}s", f"{word}ed", f"{word}ing"


def cased_like(word: str, model: str) -> str:
    """``word`` with the capitals of ``model``: none, the first, or all."""
    letters = [sign for sign in model if sign.isalpha()]
    if len(letters) > 1 and all(map(str.isupper, letters)) and word.islower():
        return word.upper()
    if letters and letters[0].isupper() and word[:1].islower():
        return word[:1].upper() + word[1:]
    return word
