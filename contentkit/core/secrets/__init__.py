"""Where secrets stand in a text: tokens by their published form, and values by the name beside them.

Only values are found, never names, nor what stands for a value (``<your-key>``, ``${TOKEN}``, ``os.environ[...]``), nor
digests, UUIDs and commit ids. Works on any text (code, settings, logs, diffs, prose) of any size in linear time:
literals are searched first, and what is tried at each place is bounded.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from contentkit.core.secrets.assignments import assigned
from contentkit.core.secrets.formats import formats_of, inner_formats
from contentkit.core.secrets.values import is_placeholder, is_random, is_strong, is_wordy
from contentkit.core.text.scan import places


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """One secret: ``text[start:end]``, and what it is ("github-token", "password")."""

    start: int
    end: int
    rule: str


def find(text: str) -> list[Span]:
    """The secrets in ``text``, sorted; no two overlap."""
    by_form = chain(_private_keys(text), _formats(text), _jwts(text), _urls(text), _headers(text), _commands(text))
    return _merged([*by_form, *(Span(start, end, rule) for start, end, rule in assigned(text))])


def mask(text: str) -> str:
    """``text`` with each secret replaced by its kind in brackets; for logs, errors and what is kept."""
    parts, last = [], 0
    for span in find(text):
        parts += [text[last : span.start], f"[{span.rule}]"]
        last = span.end
    return "".join([*parts, text[last:]]) if parts else text


def _merged(spans: list[Span]) -> list[Span]:
    """Overlapping spans become one, called by the rule of the longest (the more exact rule first among equals)."""
    found: list[Span] = []
    longest = 0
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if found and span.start < found[-1].end:
            last = found[-1]
            rule = span.rule if span.end - span.start > longest else last.rule
            longest = max(longest, span.end - span.start)
            found[-1] = Span(last.start, max(last.end, span.end), rule)
        else:
            found.append(span)
            longest = span.end - span.start
    return found


_KEY_BEGIN = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----|---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----"
)
_KEY_END = re.compile(
    r"-----END (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----|---- END SSH2 ENCRYPTED PRIVATE KEY ----"
)
_KEY_BODY = re.compile(r"(?:(?:\\r)?\\n|[A-Za-z0-9+/=:,. \t\r\n>|+-]){1,20000}")
_PUTTY = re.compile(r"Private-Lines: [0-9]{1,3}\r?\n((?:[A-Za-z0-9+/=]{1,80}\r?\n?){1,100})")


def _private_keys(text: str) -> Iterator[Span]:
    """From the BEGIN line to the END line; without one, as far as the text looks like a key."""
    done, ends_known = 0, True
    for place in places(text, "-- BEGIN" if "---- BEGIN" in text and "-----BEGIN" not in text else "--BEGIN"):
        begin = _KEY_BEGIN.match(text, max(place - (3 if text[place + 2] == "B" else 2), 0))
        if begin is None or begin.start() < done or text[begin.end() : begin.end() + 1] in ("'", '"', "`"):
            continue
        end = _KEY_END.search(text, begin.end(), begin.end() + 100_000) if ends_known else None
        if end is None and len(text) - begin.end() <= 100_000:
            ends_known = False
        if end is not None:
            done = end.end()
        else:
            body = _KEY_BODY.match(text, begin.end())
            done = body.end() if body else begin.end()
            done -= len(text[begin.end() : done]) - len(text[begin.end() : done].rstrip())
            if done - begin.end() < 40:
                continue
        yield Span(begin.start(), done, "private-key")
    for place in places(text, "Private-Lines: "):
        if lines := _PUTTY.match(text, place):
            yield Span(lines.start(1), lines.start(1) + len(lines[1].rstrip()), "private-key")


def _formats(text: str) -> Iterator[Span]:
    for form in formats_of(_words(text)):
        for place in places(text, form.literal):
            if (
                place
                and (text[place - 1].isalnum() and text[place - 1].isascii())
                and not text.endswith("\\n", 0, place)
            ):
                continue
            rest = form.rest.match(text, place + len(form.literal))
            if rest is None:
                continue
            value = rest[0].rstrip(".") if not form.plain else rest[0]
            if form.plain or (is_random(value) and not (form.rule == "api-key" and is_wordy(value))):
                yield Span(place, rest.start() + len(value), form.rule)
    for rule, part, expression in inner_formats():
        if part.search(text):
            for found in expression.finditer(text):
                group = "value" if "value" in expression.groupindex else 0
                if is_random(found[group]):
                    yield Span(found.start(group), found.end(group), rule)


_BEHIND_LINE_END = re.compile(rb"\\n([A-Za-z0-9]+)")
_PARTED = bytes(sign if chr(sign).isalnum() and sign < 128 else 32 for sign in range(256))


def _words(text: str) -> set[bytes]:
    """The runs of ASCII's letters and digits, also as they are behind a line end that is spelled out."""
    raw = text.encode("ascii", "replace")
    words = set(raw.translate(_PARTED).split())
    words.update(_BEHIND_LINE_END.findall(raw))
    return words


_JWT = re.compile(r"(eyJ[A-Za-z0-9_-]{8,4000})={0,2}\.[A-Za-z0-9_-]{2,20000}(?:={0,2}\.[A-Za-z0-9_-]{0,20000}){0,3}")


def _jwts(text: str) -> Iterator[Span]:
    """A JSON Web Token, known by a header that decodes to JSON with an algorithm."""
    done = 0
    for place in places(text, "eyJ"):
        if place < done or (place and text[place - 1].isalnum() and text[place - 1].isascii()):
            continue
        found = _JWT.match(text, place)
        if found is None:
            continue
        try:
            header = base64.urlsafe_b64decode(found[1] + "=" * (-len(found[1]) % 4))
        except (binascii.Error, ValueError):
            continue
        if b'"alg"' in header or b'"typ"' in header or b'"enc"' in header:
            done = found.start() + len(found[0].rstrip("."))
            yield Span(place, done, "jwt")


_URL_PASSWORD = re.compile(r"://([^\s/?#:@\"'<>`|]{0,256}):([^\s/?#\"'<>`|]{1,512})@(?=[A-Za-z0-9\[$%{_*])")
_URL_TEMPLATE = re.compile(
    r"[<\[{*xX.…$%]+$|\$\{?\w|\$\(|\{\{|\{[A-Za-z_][\w.]*\}|%[A-Za-z_]\w*%|%[sd(]|<|[*xX•.]{3,}$"
)


def _urls(text: str) -> Iterator[Span]:
    """The password of ``scheme://user:password@host``; any that is written out."""
    for place in places(text, "://"):
        found = _URL_PASSWORD.match(text, place)
        if found and not _URL_TEMPLATE.match(found[2]) and "://" not in found[2]:
            yield Span(found.start(2), found.end(2), "url-password")


_AUTHORIZATION = re.compile(
    r"uthorization\\{0,3}[\"'`]?\]?\s{0,4}(?:=>|:|=|,)\s{0,4}(?:[fFbBrR]?\\{0,3}[\"'`])?"
    r"(?:([A-Za-z][A-Za-z0-9-]{2,24})[ \t]{1,4})?"
    r"(?:(?:token|key|apikey|api_key|credential)=)?[\"']?([A-Za-z0-9._~+/=-]{6,8192})",
    re.IGNORECASE,
)
_BEARER = re.compile(r"earer[ \t]{1,4}([A-Za-z0-9._~+/=-]{16,8192})")


def _headers(text: str) -> Iterator[Span]:
    """The value of an Authorization header, and a bearer token wherever it stands."""
    for literal in ("uthorization", "UTHORIZATION"):
        for place in places(text, literal):
            found = _AUTHORIZATION.match(text, place)
            if found is None or is_placeholder(found[2]):
                continue
            if (found[1] or "").lower() == "basic":
                if ":" in _unbased(found[2]):
                    yield Span(found.start(2), found.end(2), "basic-auth")
            elif is_strong(found[2]) or (len(found[2]) >= 16 and is_random(found[2]) and not is_wordy(found[2])):
                yield Span(found.start(2), found.end(2), "authorization")
    for place in places(text, "earer "):
        found = _BEARER.match(text, place)
        if found and text[max(place - 1, 0)] in "bB" and is_strong(found[1]) and not is_placeholder(found[1]):
            yield Span(found.start(1), found.end(1), "bearer-token")


def _unbased(value: str) -> str:
    try:
        return base64.b64decode(value + "=" * (-len(value) % 4), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""


_COMMANDS = (
    (
        "curl ",
        re.compile(
            r"curl [^\n]{0,400}?\s(?:-u|--user|-U|--proxy-user)[ =]?[\"']?[^\s:\"'<>$]{1,128}:([^\s\"'<>]{6,256})"
        ),
    ),
    ("mysql", re.compile(r"mysql(?:dump|admin)?\s[^\n]{0,300}?\s-p([^\s\"']{6,128})")),
    (
        "machine ",
        re.compile(r"machine\s{1,4}\S{1,128}\s{1,8}login\s{1,4}\S{1,128}\s{1,8}password\s{1,4}(\S{6,256})"),
    ),  # netrc
    ("sshpass ", re.compile(r"sshpass\s{1,4}-p[ \t]{0,4}[\"']?([^\s\"']{6,128})")),
)


def _commands(text: str) -> Iterator[Span]:
    """Passwords given to well-known programs on their command line."""
    for literal, expression in _COMMANDS:
        for place in places(text, literal):
            found = expression.match(text, place)
            if found and is_strong(found[1]) and not is_placeholder(found[1]):
                yield Span(found.start(1), found.end(1), "password")
