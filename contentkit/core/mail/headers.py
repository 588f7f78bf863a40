"""Header fields of an email as RFC 5322 and RFC 2047 want them: folded, encoded, and never two in one.

Python's own encoder takes "=?" in a text for a word that is encoded already and loses it; so the few lines are here.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contentkit.core.errors import UsageError

SOFT, HARD = 78, 998
"""Characters of a line without its end: RFC 5322, 2.1.1."""

_WORD_MOST = 45
"""Bytes that an encoded word of at most 75 characters holds in Base64."""

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_PLAIN = re.compile(r"[\x20-\x7e]*")
_MAILBOX = re.compile(r"(?:(?P<name>[^<>]*)<(?P<address>[^<>]+)>|(?P<bare>[^<>\s]+))")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address (ASCII, the domain in its IDNA form) and the name before it, or ""."""

    address: str
    name: str = ""

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


def mailbox(text: str, what: str) -> Mailbox:
    """The mailbox in ``text``: ``ann@example.com`` or ``Ann Lee <ann@example.com>``.

    Args:
        what: the option that it was given with, for the error.

    Raises:
        UsageError: it is none, or would be more than one.
    """
    found = _MAILBOX.fullmatch(text.strip()) if not _CONTROLS.search(text) else None
    address = (found["address"] or found["bare"]).strip() if found else ""
    local, at, domain = address.rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii") if domain else ""
    except UnicodeError:
        domain = ""
    if not (at and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain) and len(address) <= 254):
        raise UsageError(
            f"{what} takes one address, not {text[:80]!r}.", hint="For example: 'Ann Lee <ann@example.com>'."
        )
    name = one_line((found["name"] or "") if found else "")
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    return Mailbox(f"{local}@{domain}", name.strip())


def one_line(text: str) -> str:
    """The text on one line without controls: nothing in it can end a header."""
    whole = " ".join(_CONTROLS.sub(" ", text).split())
    return whole.encode("utf-8", "replace").decode("utf-8")


def text_header(name: str, text: str) -> str:
    """A header of free text, folded, with its line end."""
    return _folded(name, list(_pieces(one_line(text), SOFT - len(name) - 2)))


def mailbox_header(name: str, box: Mailbox) -> str:
    """A header of one mailbox, folded, with its line end."""
    if not box.name:
        return _folded(name, [box.address])
    phrase = '"' + re.sub(r'(["\\])', r"\\\1", box.name) + '"'
    plain = _PLAIN.fullmatch(box.name) and "=?" not in box.name and len(phrase) < SOFT - len(name) - 2
    pieces = [phrase] if plain else list(_encoded(box.name, SOFT - len(name) - 2))
    return _folded(name, [*pieces, f"<{box.address}>"])


def token_header(name: str, token: str) -> str:
    """A header of one ASCII word, such as an address, on a line of its own where it is long; with its line end."""
    return _folded(name, [token])


def links_header(name: str, links: Sequence[str]) -> str:
    """A header of addresses in angle brackets (RFC 2369), one a line, with its line end."""
    return f"{name}: " + ",\r\n ".join(f"<{link}>" for link in links) + "\r\n"


def _folded(name: str, pieces: Sequence[str]) -> str:
    """Pieces joined by spaces, in lines of at most 78 characters where a piece allows it."""
    lines, line = [], f"{name}:"
    for piece in pieces:
        if len(line) + 1 + len(piece) > SOFT and line and len(piece) < SOFT:
            lines.append(line)
            line = ""
        line += f" {piece}"
    return "\r\n".join([*lines, line]) + "\r\n"


def _pieces(text: str, room: int) -> Iterator[str]:
    """The words of a text that is plain and short enough a word, else encoded words."""
    words = text.split(" ")
    if _PLAIN.fullmatch(text) and "=?" not in text and len(words[0]) < room and max(map(len, words)) < SOFT:
        yield from words
    else:
        yield from _encoded(text, room)


def _encoded(text: str, room: int) -> Iterator[str]:
    """Encoded words (RFC 2047), each of whole characters; what reads them joins them without a space.

    Args:
        room: characters that the first of them may have.
    """
    most = min(_WORD_MOST, max(3, (room - len("=?utf-8?B??=")) // 4 * 3))
    chunk, size = "", 0
    for sign in text:
        width = len(sign.encode("utf-8"))
        if size + width > most:
            yield _word(chunk)
            chunk, size, most = "", 0, _WORD_MOST
        chunk += sign
        size += width
    yield _word(chunk)


def _word(chunk: str) -> str:
    return f"=?utf-8?B?{b64encode(chunk.encode('utf-8')).decode('ascii')}?="
