"""Paths as a patch writes them: in quotes for odd characters, behind a/ and b/, two of them parted by a blank."""

from __future__ import annotations

import re

_OLD_PREFIXES, _NEW_PREFIXES = ("a", "i", "c", "o", "1"), ("b", "w", "i", "c", "2")
NULL = b"/dev/null"
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_ESCAPES = {b"a": b"\a", b"b": b"\b", b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f", b"r": b"\r"}


def path_of(text: bytes) -> bytes:
    """The path of a ``---`` or ``+++`` line; what a tab sets apart is the time."""
    if text.startswith(b'"'):
        return unquoted(text)
    return text.split(b"\t", 1)[0].rstrip(b"\r")


def unquoted(text: bytes) -> bytes:
    """A path that git wrote in quotes for its odd characters."""
    end = _quoted_end(text)
    if end < 0:
        return text.rstrip(b"\r")

    def char(match: re.Match[bytes]) -> bytes:
        code = match[1]
        return bytes([int(code, 8) & 255]) if code.isdigit() and code < b"8" else _ESCAPES.get(code, code)

    return _ESCAPE.sub(char, text[1:end])


def _quoted_end(text: bytes) -> int:
    """Where a quoted path ends, -1 if it is none."""
    if not text.startswith(b'"'):
        return -1
    match = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL).match(text)
    return match.end() - 1 if match else -1


def both_paths(text: bytes) -> tuple[bytes, bytes] | None:
    """Both paths of ``diff --git``, which parts them with a blank that paths may hold too."""
    text = text.rstrip(b"\r")
    end = _quoted_end(text)
    if end > 0:
        return unquoted(text), unquoted(text[end + 1 :].lstrip(b" "))
    if text.endswith(b'"') and b' "' in text:
        cut = text.index(b' "')
        return text[:cut], unquoted(text[cut + 1 :])
    found = None
    at = text.find(b" ")
    while at >= 0:
        pair = text[:at], text[at + 1 :]
        if all(pair):
            old, new = without_prefixes(*pair)
            if old == new:
                return pair
            found = found or (pair if pair[1].startswith(b"b/") else None)
        at = text.find(b" ", at + 1)
    return found or _halves(text)


def _halves(text: bytes) -> tuple[bytes, bytes] | None:
    parts = text.split(b" ")
    return (parts[0], parts[1]) if len(parts) == 2 and all(parts) else None


def without_prefixes(old: bytes, new: bytes) -> tuple[bytes, bytes]:
    """Both paths without what git or diff -r puts before them (a/ b/, i/ w/, orig/ new/), if it does."""
    if old == NULL or new == NULL:
        name = new if old == NULL else old
        first, _, rest = name.partition(b"/")
        known = _NEW_PREFIXES if old == NULL else _OLD_PREFIXES
        name = rest if rest and first.decode("latin-1") in known else name
        return name, name
    old_first, _, old_rest = old.partition(b"/")
    new_first, _, new_rest = new.partition(b"/")
    if old_first == new_first or not old_rest or not new_rest:
        return old, new
    known_pair = old_first.decode("latin-1") in _OLD_PREFIXES and new_first.decode("latin-1") in _NEW_PREFIXES
    return (old_rest, new_rest) if old_rest == new_rest or known_pair else (old, new)
