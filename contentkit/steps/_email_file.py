"""An email in a file (``.eml``), read back as any mail program would, for the same checks as a draft."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
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

_WANTED = ("From", "Date", "Subject")


@dataclass(frozen=True, slots=True)
class EmailFile:
    """A file with its message read."""

    piece: Piece
    message: EmailMessage
    letter: Letter
    text: str
    html: str
    asked: Asked

    def faults(self) -> Iterator[Finding]:
        """What is wrong with it; places name its subject, its body, or the file."""
        subject, body = (
            Part(name, document(text, self.asked.language))
            for name, text in (("subject", self.letter.subject), ("body", self.letter.body))
        )
        yield from self._headers()
        yield from subject_faults(subject)
        yield from excess(body)
        for part in (subject, body):
            yield from field_faults(part, self.asked.fields)
        if self.html and self.text:
            yield from built_faults(self.html, self.text, Place("body"))
        elif not self.text:
            said = "There is no text for those who do not read HTML."
            yield Finding("email/parts", said, Severity.MAJOR, Place("body"), "email")
        yield from self._bulk()

    def _headers(self) -> Iterator[Finding]:
        for name in _WANTED:
            if name not in self.message:
                said = f"There is no {name}; what sends the mail must add it."
                yield Finding("email/header", said, Severity.INFO, Place(self.piece.name), "email")
        longest = max(map(len, self.piece.body.encode("utf-8").splitlines()), default=0)
        if longest > HARD:
            said = f"A line of {longest:,} bytes; RFC 5322 allows {HARD}."
            yield Finding("email/line", said, Severity.MAJOR, Place(self.piece.name), "email")

    def _bulk(self) -> Iterator[Finding]:
        links = tuple(re.findall(r"<([^<>\s]+)>", str(self.message.get("List-Unsubscribe", ""))))
        has_post = "one-click" in str(self.message.get("List-Unsubscribe-Post", "")).lower()
        envelope = replace(self.asked.envelope, unsubscribe=links, postal_address="not looked for in a file")
        if envelope.one_click and not has_post and envelope.bulk:
            said = "List-Unsubscribe-Post: List-Unsubscribe=One-Click is missing (RFC 8058)."
            yield Finding("email/one-click", said, Severity.MINOR, Place(self.piece.name), "email")
        for found in bulk_faults(envelope):
            yield replace(found, place=Place(self.piece.name))


def is_email_file(piece: Piece) -> bool:
    """Whether a piece is a message as it stands in a file, read into its parts."""
    return piece.name.lower().endswith(".eml") and isinstance(piece.output, Mapping) and bool(piece.body)


def opened(piece: Piece, asked: Asked) -> EmailFile:
    """The message in the file. Never raises, however broken the file is."""
    message = message_from_bytes(piece.body.encode("utf-8", "replace"), policy=default)
    said = {name: str(piece.output.get(name, "")) for name in ("subject", "preheader", "body")}
    day = str(message.get("X-Sequence-Day", ""))
    letter = Letter(**said, day=int(day) if re.fullmatch(r"\d{1,4}", day) else None)
    return EmailFile(piece, message, letter, _part(message, "plain"), _part(message, "html"), asked)


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
