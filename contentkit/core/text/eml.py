"""A message as it is sent (.eml) -> its subject, preheader and body, each with its place in the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_string, policy
from email.errors import MessageError
from email.message import EmailMessage
from html.parser import HTMLParser

from contentkit.core.text.placed import Placed, straight
from contentkit.core.text.prose import detect

_HEADER = re.compile(r"^subject:[ \t]*([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)", re.MULTILINE | re.IGNORECASE)
_PLAIN, _PAGE = (re.compile(rf"^content-type:[ \t]*text/{kind}\b.*", re.M | re.I) for kind in ("plain", "html"))
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_NAMED = re.compile(r"pre-?(?:header|view)", re.IGNORECASE)
_PADDING = re.compile(r"[\s\u00a0\u034f\u00ad\u200b-\u200d\u2007\ufeff]+\Z")
_BREAKS = frozenset(("p", "br", "div", "tr", "li", "h1", "h2", "h3", "h4", "table"))
_EMPTY = frozenset(("br", "img", "hr", "meta", "link", "input", "col", "wbr", "source", "area", "base"))
_UNSEEN = frozenset(("style", "script", "head", "title"))


@dataclass(frozen=True, slots=True)
class Mail:
    """``output`` has subject, body and, where the page of the message has one, preheader; ``language`` is an ISO 639-1
    code, as the message says or its words tell, or ""."""

    output: Mapping[str, str]
    parts: Mapping[str, Placed]
    language: str = ""


def read_mail(text: str) -> Mail:
    """The words of a message. Never raises: what can't be decoded is read as it stands."""
    message = message_from_string(text, policy=policy.default)
    assert isinstance(message, EmailMessage)
    subject = _header(message, "subject")
    page = _page(_content(message, "html"))
    body = _content(message, "plain").replace("\r\n", "\n") or page.words
    output = {"subject": subject, **({"preheader": page.hidden} if page.hidden else {}), "body": body}
    said = re.match(r"\s*([a-zA-Z]{2,3})(?:-[\w-]+)?\s*\Z", _header(message, "content-language"))
    language = said[1].lower() if said else detect(f"{subject}\n\n{body}")
    return Mail(output, {name: _place(text, name, words) for name, words in output.items()}, language)


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message[name] or "")
    except (MessageError, ValueError, IndexError, AttributeError, TypeError):  # the parser of headers has its faults
        return ""


def _content(message: EmailMessage, kind: str) -> str:
    try:
        part = message.get_body(preferencelist=(kind,))
        content = part.get_content() if part is not None else ""
    except (MessageError, LookupError, ValueError, AttributeError, TypeError):
        return ""
    return content if isinstance(content, str) else ""


def _place(text: str, name: str, words: str) -> Placed:
    """To the character where the words stand as they are; else the header, or the line that names their part."""
    head = re.search(r"\r?\n\r?\n", text)
    below = head.end() if head else len(text)
    if name == "subject" and (line := _HEADER.search(text, 0, below)):
        return straight(line.start(1), words) if line[1] == words else Placed(line.start(1), line.end(1))
    words = words.rstrip("\n")
    for end in ("\n", "\r\n") if words.strip() else ():
        if (at := text.find(words.replace("\n", end), below)) >= 0:
            return straight(at, words, end)
    part = (_PAGE if name == "preheader" else _PLAIN).search(text)
    return Placed(part.start(), part.end()) if part else Placed(below, _line_end(text, below))


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return end if end >= 0 else len(text)


@dataclass(slots=True)
class _Page:
    hidden: str = ""
    words: str = ""


def _page(html: str) -> _Page:
    """The words of a page that are seen, and those at its start that only a list of messages shows."""
    if not html:
        return _Page()
    reader = _Reader()
    reader.feed(html)
    reader.close()
    hidden = " ".join(_PADDING.sub("", "".join(reader.hidden)).split())
    lines = (" ".join(line.split()) for line in "".join(reader.seen).split("\n"))
    return _Page(hidden, "\n".join(line for line in lines if line))


class _Reader(HTMLParser):
    """Parts what is seen from what is hidden; ``depth`` counts the open elements below a hidden one."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self.hidden: list[str] = []
        self.depth = 0
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag in _BREAKS:
            self.seen.append("\n")
        if tag in _EMPTY:
            return
        self.silent += tag in _UNSEEN
        named = _NAMED.search(f"{said.get('class', '')} {said.get('id', '')}")
        if self.depth or named or _HIDDEN.search(said.get("style", "")):
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in _EMPTY:
            return
        self.silent -= tag in _UNSEEN and self.silent > 0
        self.depth -= self.depth > 0

    def handle_data(self, data: str) -> None:
        if not self.silent:
            (self.hidden if self.depth else self.seen).append(data)
