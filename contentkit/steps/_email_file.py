"""An email in a file (``.eml``), read back as any mail program would, for the same checks as a draft."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from contentkit.core.mail.headers import HARD
from contentkit.core.mail.letter import Letter
from contentkit.core.parts import Part
from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Place, Severity
from contentkit.core.text.document import document
from contentkit.steps._email_rules import Asked, built_faults, bulk_faults, excess, field_faults, subject_faults

_HEADER = re.compile(r"\A(?:[A-Za-z][\w-]*:[^\n]*\n(?:[ \t][^\n]*\n)*)+\r?\n")
_WANTED = ("From", "Date", "Subject")


@dataclass(frozen=True, slots=True)
class EmailFile:
    """A file with its message read."""

    piece: Piece
    message: EmailMessage
    letter: Letter
    html: str
    asked: Asked

    def faults(self) -> Iterator[Finding]:
        """What is wrong with it, each finding with a line of the file where one can be told."""
        for found in self._found():
            yield replace(found, place=self._place(found))

    def _found(self) -> Iterator[Finding]:
        subject, body = (Part(name, document(text, self.asked.language)) for name, text in self._texts())
        yield from self._headers()
        yield from subject_faults(subject)
        yield from excess(body)
        for part in (subject, body):
            yield from field_faults(part, self.asked.fields)
        if self.html and self.letter.body:
            yield from built_faults(self.html, self.letter.body, Place("body"))
        elif not self.letter.body:
            said = "There is no text for those who do not read HTML."
            yield Finding("email/parts", said, Severity.MAJOR, Place("body"), "email")
        yield from self._bulk()

    def _texts(self) -> tuple[tuple[str, str], tuple[str, str]]:
        return ("Subject", self.letter.subject), ("body", self.letter.body)

    def _headers(self) -> Iterator[Finding]:
        for name in _WANTED:
            if name not in self.message:
                said = f"There is no {name}; what sends the mail must add it."
                yield Finding("email/header", said, Severity.INFO, category="email")
        longest = max(map(len, self.piece.body.encode("utf-8").splitlines()), default=0)
        if longest > HARD:
            said = f"A line of {longest:,} bytes; RFC 5322 allows {HARD}."
            yield Finding("email/line", said, Severity.MAJOR, category="email")

    def _bulk(self) -> Iterator[Finding]:
        links = tuple(re.findall(r"<([^<>\s]+)>", str(self.message.get("List-Unsubscribe", ""))))
        has_post = "one-click" in str(self.message.get("List-Unsubscribe-Post", "")).lower()
        envelope = replace(self.asked.envelope, unsubscribe=links, postal_address="not looked for in a file")
        if envelope.one_click and not has_post and envelope.bulk:
            said = "List-Unsubscribe-Post: List-Unsubscribe=One-Click is missing (RFC 8058)."
            yield Finding("email/one-click", said, Severity.MINOR, Place("List-Unsubscribe"), "email")
        yield from bulk_faults(envelope)

    def _place(self, found: Finding) -> Place:
        """The line of a header, or of the words in the file where they stand there as they are."""
        name, text = self.piece.name, self.piece.body
        if found.place is None:
            return Place(name)
        header = re.search(rf"^{re.escape(found.place.path)}:", text, re.IGNORECASE | re.MULTILINE)
        at = header.start() if header else text.find(found.place.quote) if found.place.quote else -1
        line = text.count("\n", 0, at) + 1 if at >= 0 else None
        return Place(name, line, quote=found.place.quote)


def is_email_file(piece: Piece) -> bool:
    """Whether the text of a piece is a message and not prose."""
    return piece.name.lower().endswith(".eml") and bool(_HEADER.match(piece.body.replace("\r\n", "\n")))


def opened(piece: Piece, asked: Asked) -> EmailFile:
    """The message in the file. Never raises, however broken the file is."""
    message = message_from_bytes(piece.body.encode("utf-8", "replace"), policy=default)
    text, html = _part(message, "plain"), _part(message, "html")
    day = str(message.get("X-Sequence-Day", ""))
    letter = Letter(_subject(message), body=text, day=int(day) if re.fullmatch(r"\d{1,4}", day) else None)
    return EmailFile(piece, message, letter, html, asked)


def _subject(message: EmailMessage) -> str:
    try:
        return str(message.get("Subject", ""))
    except (ValueError, LookupError, IndexError, AttributeError):  # a broken header, where Python's parser gives up
        return ""


def _part(message: EmailMessage, kind: str) -> str:
    for part in message.walk():
        if part.get_content_type() == f"text/{kind}" and part.get_content_disposition() != "attachment":
            data = part.get_payload(decode=True)
            if isinstance(data, bytes):
                try:
                    return data.decode(part.get_content_charset("utf-8"), "replace")
                except LookupError:
                    return data.decode("utf-8", "replace")
    return ""
