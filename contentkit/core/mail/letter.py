"""What an email says and where it goes: letters out of a report, and the envelope that was given for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from contentkit.core.errors import UsageError
from contentkit.core.mail.headers import Mailbox, mailbox, one_line
from contentkit.core.report import Report
from contentkit.core.text.mergefields import is_field

_TITLE = re.compile(r"^#[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_WEB = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_MAIL = re.compile(r"mailto:[^\s<>\"@]+@[^\s<>\"@]+", re.IGNORECASE)
_CADENCE = (0, 3, 7, 12, 18, 25, 33, 42, 52, 63, 75, 88)
_LONGEST = 900  # characters of an address that still fits a line of a header


@dataclass(frozen=True, slots=True)
class Letter:
    """One email as it is read.

    Attributes:
        body: Markdown.
        day: of its sequence, from 0; None for a mail by itself.
    """

    subject: str
    preheader: str = ""
    body: str = ""
    call_to_action: str = ""
    signature: str = ""
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the user gave of where a mail comes from and goes to. Nothing in it is made up: what was not given is None.

    Attributes:
        unsubscribe: links to leave the list, the web's first.
        postal_address: of the sender, in lines.
        bulk: the mail goes to many.
    """

    sender: Mailbox | None = None
    to: Mailbox | None = None
    reply_to: Mailbox | None = None
    unsubscribe: tuple[str, ...] = ()
    postal_address: str = ""
    bulk: bool = False

    @property
    def one_click(self) -> bool:
        """Whether one request to an https address unsubscribes, which RFC 8058 wants of bulk mail."""
        return any(link.lower().startswith("https://") for link in self.unsubscribe)


def envelope(given: Mapping[str, Any]) -> Envelope:
    """The envelope out of the inputs ``mail_from``, ``mail_to``, ``reply_to``, ``unsubscribe``, ``postal_address`` and
    ``bulk``.

    Raises:
        UsageError: an address or a link is none.
    """

    def box(name: str) -> Mailbox | None:
        text = str(given.get(name) or "")
        return mailbox(text, f"--{name.replace('_', '-')}") if text.strip() else None

    links = given.get("unsubscribe") or ()
    listed = [links] if isinstance(links, str) else list(links)
    postal = "\n".join(one_line(line) for line in re.split(r"\n|\\n|;", str(given.get("postal_address") or "")))
    return Envelope(
        box("mail_from"),
        box("mail_to"),
        box("reply_to"),
        tuple(sorted(map(_unsubscribe, map(str, listed)), key=lambda link: not link.lower().startswith("http"))),
        postal.strip(),
        bool(given.get("bulk")),
    )


def _unsubscribe(link: str) -> str:
    link = link.strip()
    address = f"mailto:{link}" if "@" in link and ":" not in link else link
    address = quote(address, safe="!#$%&'()*+,/:;=?@[]~{}|")
    fits = _WEB.fullmatch(address) or _MAIL.fullmatch(address) or (is_field(link) and " " not in link and "{" in link)
    if not fits or len(address) > _LONGEST:
        raise UsageError(
            f"--unsubscribe takes a link or a mail address, not {link[:80]!r}.",
            hint="For example: https://example.com/leave?id={{id}} (without spaces) or leave@example.com.",
        )
    return address


def usual_days(number: int) -> tuple[int, ...]:
    """Days of the emails of a sequence where nobody chose any: short steps first, then longer ones (practice)."""
    return _CADENCE[:number] + tuple(_CADENCE[-1] + 14 * more for more in range(1, number - len(_CADENCE) + 1))


def letters(report: Report) -> tuple[Letter, ...]:
    """The emails of a report: of a sequence each, of an email one; any other text as the body of one mail."""
    if found := placed_letters(report.fields):
        return tuple(letter for _, letter in found)
    if isinstance(subject := report.fields.get("subject"), str) and "preheader" in report.fields:  # a newsletter
        return (
            Letter(one_line(subject), one_line(_text(report.fields, "preheader")), _plain(_below_head(report.body))),
        )
    title = _TITLE.search(report.body)
    body = report.body.replace(title.group(), "", 1) if title else report.body
    words = re.sub(r"[*_`]", "", title[1]) if title else report.topic or report.kind
    return (Letter(one_line(words), body=_plain(body.strip())),)


def _below_head(body: str) -> str:
    """The text below the line that parts it from subject and preheader."""
    return (body.partition("\n---\n")[2] or body).strip()


def placed_letters(fields: object) -> list[tuple[str, Letter]]:
    """The letters of a structured answer, each with what stands before the names of its parts in paths ("emails[0].");
    [] where the answer is no email."""
    if not isinstance(fields, Mapping):
        return []
    rows = fields.get("emails")
    if isinstance(rows, list | tuple) and rows and all(isinstance(row, Mapping) for row in rows):
        return [(f"emails[{number}].", _letter(row)) for number, row in enumerate(rows)]
    if isinstance(fields.get("subject"), str) and isinstance(fields.get("body"), str) and "call_to_action" in fields:
        return [("", _letter(fields))]
    return []


def is_sequence(report: Report) -> bool:
    """Whether the report holds a sequence of emails, however many."""
    return isinstance(report.fields.get("emails"), list | tuple)


def _letter(row: Mapping[str, Any]) -> Letter:
    day = row.get("day")
    return Letter(
        one_line(_text(row, "subject")),
        one_line(_text(row, "preheader")),
        _text(row, "body"),
        one_line(_text(row, "call_to_action")),
        _text(row, "signature"),
        day if isinstance(day, int) and not isinstance(day, bool) else None,
    )


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name, "")
    return _plain(value) if isinstance(value, str) else ""


def _plain(text: str) -> str:
    """Text without controls and halves of characters, its lines ended by line feeds."""
    whole = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return whole.encode("utf-8", "replace").decode("utf-8")
