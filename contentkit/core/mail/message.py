"""A letter as an email message (RFC 5322): headers that were given, and one text in two forms. The same report always
gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from contentkit.core.disclosure import entries, visible_line
from contentkit.core.mail.headers import links_header, mailbox_header, text_header, token_header
from contentkit.core.mail.letter import Envelope, Letter
from contentkit.core.mail.page import parts
from contentkit.core.mail.twins import Twin
from contentkit.core.report import Report

_ASCII = SMTP.clone(cte_type="7bit")  # not every server on the way takes more


def message(report: Report, letter: Letter, envelope: Envelope) -> str:
    """The message as ASCII text, its lines ended by CR and LF.

    A draft is not sent yet: ``X-Unsent`` has mail programs open it to be finished. ``From`` and ``To`` stand only
    where they were given, and so does ``Message-ID``, whose domain must be the sender's; what sends the mail adds them.
    """
    twin = parts(letter, envelope, report.language, visible_line(report))
    body = _body(twin)
    head = "".join(_headers(report, letter, envelope, body))
    return head + body


def _headers(report: Report, letter: Letter, envelope: Envelope, body: str) -> Iterator[str]:
    for name, box in (("From", envelope.sender), ("To", envelope.to), ("Reply-To", envelope.reply_to)):
        if box:
            yield mailbox_header(name, box)
    yield text_header("Subject", letter.subject)
    if day := _date(report.created):
        yield text_header("Date", format_datetime(day))
    if envelope.sender:
        digest = sha256(f"{report.created}\0{letter}\0{body}".encode()).hexdigest()[:32]
        yield f"Message-ID: <{digest}@{envelope.sender.domain}>\r\n"
    if envelope.unsubscribe:
        yield links_header("List-Unsubscribe", envelope.unsubscribe)
    if envelope.one_click:
        yield "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    if report.language:
        yield text_header("Content-Language", report.language)
    if letter.day is not None:
        yield text_header("X-Sequence-Day", str(letter.day))
    told = entries(report)
    if told:
        yield text_header("X-Disclosure", told["disclosure"])
    if "digital-source-type" in told:
        yield token_header("X-Digital-Source-Type", told["digital-source-type"])
    yield "X-Unsent: 1\r\n"


def _date(created: str) -> datetime | None:
    try:
        day = datetime.fromisoformat(created)
    except ValueError:
        return None
    return day if day.tzinfo else day.replace(tzinfo=UTC)


def _body(twin: Twin) -> str:
    """The headers of MIME, an empty line, and both parts, the text first: a reader shows the last that it can."""
    made = EmailMessage(policy=_ASCII)
    made.set_content(twin.text)
    made.add_alternative(twin.html, subtype="html")
    made.set_boundary(sha256(f"{twin.text}\0{twin.html}".encode()).hexdigest()[:32])
    return made.as_bytes().decode("ascii")
