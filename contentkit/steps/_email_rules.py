"""The rules of one email. Each yields findings with the words at fault."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from contentkit.core.mail.agree import difference, links
from contentkit.core.mail.letter import Envelope, Letter
from contentkit.core.mail.page import CLIP, parts
from contentkit.core.nearest import nearest
from contentkit.core.parts import Part
from contentkit.core.report import Finding, Place, Severity
from contentkit.core.text.document import document
from contentkit.core.text.mergefields import broken_fields, merge_fields

_NAMES = ("subject", "preheader", "body", "call_to_action", "signature")
_REPLY = re.compile(r"\s*(?:re|fwd?|aw|wg|sv|vs|tr|rif|返信|転送|回复|转发|回覆)\s*(?:\[\d+\])?\s*[:：]", re.IGNORECASE)
_SHOUTED = re.compile(r"(?<!\w)[A-ZÀ-ÖØ-Þ]{4,}(?:['’][A-ZÀ-Þ]+)?(?!\w)")
_TELLING = re.compile(r"\w{4,}")
_CRY = re.compile(r"(?<!\w)(?:[A-ZÀ-Þ]{4,}\W+[A-ZÀ-Þ]{6,}|[A-ZÀ-Þ]{6,}\W+[A-ZÀ-Þ]{4,})(?!\w)")
_EXCESS = re.compile(r"[!！?？]{2,}|[$€£¥]{2,}|[★☆◆◇■●♪]{2,}|(?:[.。…]){4,}")
_TARGET = re.compile(r"(?P<image>!?)\[(?P<words>[^\[\]]*)\]\(\s*<?(?P<to>[^\s()<>]+)>?\)?")
_WEB = re.compile(r"https?://[!#-&*-;=?-~]+", re.IGNORECASE)
_ABSOLUTE = re.compile(r"https?://|mailto:|\{\{|\*\||%[A-Z]", re.IGNORECASE)
_NEARLY = 0.9


@dataclass(frozen=True, slots=True)
class Asked:
    """What an email has to keep.

    Attributes:
        fields: names of the known merge fields -> how they are written; {} where none were listed.
        link: where the call must lead, or "".
        goal: what the user asked readers to do, which all calls of a sequence may say; or "".
        emails: how many were asked for.
    """

    envelope: Envelope
    fields: Mapping[str, str]
    link: str = ""
    goal: str = ""
    emails: int = 1
    language: str = ""


def letter_faults(path: str, letter: Letter, asked: Asked) -> Iterator[Finding]:
    """What is wrong with one letter whose parts are called ``path`` and their names."""
    named = {name: Part(f"{path}{name}", document(getattr(letter, name), asked.language)) for name in _NAMES}
    yield from subject_faults(named["subject"])
    for name in ("preheader", "body", "call_to_action"):
        yield from excess(named[name])
    for part in named.values():
        yield from field_faults(part, asked.fields)
    yield from _links(named["body"], named["call_to_action"], asked.link)
    yield from bulk_faults(asked.envelope, path)
    yield from _built(path, letter, asked)


def subject_faults(part: Part) -> Iterator[Finding]:
    """A reply that is none, shouting, and signs in a row."""
    text = part.document.text
    if found := _REPLY.match(text):
        yield part.finding(
            "email/reply-trick",
            f"{found.group().strip()!r} makes the mail look like an answer to one.",
            *found.span(),
            Severity.MAJOR,
            repair=f"Take {found.group().strip()!r} off the beginning of {part.path}.",
        )
    plain = _without_fields(text)
    shouted = list(_SHOUTED.finditer(plain))
    # Some capitals are names: "HTTP" in a long line is none of it, "FREE SHIPPING" and a line of them are.
    loud = 2 * len(shouted) >= len(_TELLING.findall(plain)) or bool(_CRY.search(plain))
    if len(shouted) > 1 and loud:
        yield part.finding(
            "email/capitals",
            "The subject shouts in capitals, as spam does.",
            shouted[0].start(),
            shouted[-1].end(),
            repair=f"Write {part.path} in ordinary small letters; names and abbreviations keep theirs.",
        )
    yield from excess(part)
    marks = [at for at, sign in enumerate(text) if sign in "!！"]
    if len(marks) > 1 and not _EXCESS.search(plain):
        yield _excessive(part, marks[0], marks[-1] + 1)


def excess(part: Part) -> Iterator[Finding]:
    """Signs in a row that filters and readers take for spam; the first of a part."""
    if found := _EXCESS.search(_without_fields(part.document.text)):
        yield _excessive(part, *found.span())


def _excessive(part: Part, start: int, end: int) -> Finding:
    return part.finding(
        "email/punctuation",
        "So many signs in a row look like spam.",
        start,
        end,
        repair=f"Keep one sign, or none, at this place of {part.path}.",
    )


def _without_fields(text: str) -> str:
    pieces, position = [], 0
    for field in merge_fields(text):
        pieces += [text[position : field.start], " " * (field.end - field.start)]
        position = field.end
    return "".join([*pieces, text[position:]])


def field_faults(part: Part, known: Mapping[str, str]) -> Iterator[Finding]:
    """Merge fields that are broken, and ones that nobody listed where some were."""
    text = part.document.text
    for start, end in broken_fields(text, known):
        raw = text[start:end].strip()
        near = nearest(re.sub(r"\W+", " ", raw).strip(), known)
        way = f"write {known[near]}" if near else "write it whole, or take it out"
        yield part.finding(
            "email/merge-field-broken",
            f"{raw!r} is no whole merge field, and would be shown as it is.",
            start,
            end,
            Severity.MAJOR,
            repair=f"In {part.path}, {way}, where {raw!r} stands.",
            suggestion=known[near] if near else "",
        )
    for field in merge_fields(text) if known else ():
        if field.name not in known:
            near = nearest(field.name, known)
            way = f"Write {known[near]} instead of" if near else "Take out"
            yield part.finding(
                "email/merge-field-unknown",
                f"{field.raw} is none of the merge fields: {', '.join(known)}.",
                field.start,
                field.end,
                Severity.MAJOR,
                repair=f"{way} {field.raw} in {part.path}.",
                suggestion=known[near] if near else "",
            )


def unused_fields(letters: Sequence[Letter], asked: Asked) -> Iterator[Finding]:
    """Listed merge fields that stand nowhere."""
    used = {field.name for letter in letters for name in _NAMES for field in merge_fields(getattr(letter, name))}
    if missing := [raw for name, raw in asked.fields.items() if name not in used]:
        said = f"Listed, and not used: {', '.join(missing)}."
        yield Finding("email/merge-field-unused", said, Severity.INFO, category="email")


def _links(body: Part, call: Part, wanted: str) -> Iterator[Finding]:
    """Links that lead nowhere from a mail, pictures without words, more than one thing to click, a changed link."""
    for part in (body, call):
        for found in _TARGET.finditer(part.document.text):
            if not _ABSOLUTE.match(found["to"]):
                yield part.finding(
                    "email/link-relative",
                    f"{found['to']!r} leads nowhere from a mail.",
                    *found.span("to"),
                    Severity.MAJOR,
                    repair=f"Give the whole address in {part.path}, or keep the words without the link.",
                )
            if found["image"] and not found["words"].strip():
                yield part.finding(
                    "email/alt-text", "The picture has no words for those who do not see it.", *found.span()
                )
    text = call.document.text
    if wanted and wanted not in text and text.strip():
        yield call.finding(
            "email/call-link",
            f"The call does not lead to {wanted}.",
            0,
            len(text),
            Severity.MAJOR,
            repair=f"Put exactly this link into {call.path}: {wanted}",
        )
    yield from _calls(body, call)


def _calls(body: Part, call: Part) -> Iterator[Finding]:
    wanted = _targets(call.document.text)
    others = [(to, span) for to, span in _targets(body.document.text).items() if to not in wanted]
    allowed = 0 if wanted else 1
    if len(wanted) > 1:
        yield call.finding(
            "email/calls",
            f"The call has {len(wanted)} links; readers should have one thing to do.",
            0,
            len(call.document.text),
            Severity.MAJOR,
            repair=f"Keep one link in {call.path}.",
        )
    elif len(others) > allowed:
        yield body.finding(
            "email/calls",
            f"{len(others)} link{'s' if len(others) > 1 else ''} beside the one of the call: readers do one thing.",
            *others[allowed][1],
        )


def _targets(text: str) -> dict[str, tuple[int, int]]:
    """Where a text leads -> the place of the first link to it; mail addresses are no calls."""
    found: dict[str, tuple[int, int]] = {}
    for link in _WEB.finditer(text):
        target = link.group().rstrip(".,;:!?")
        found.setdefault(target, (link.start(), link.start() + len(target)))
    return found


def bulk_faults(envelope: Envelope, path: str = "") -> Iterator[Finding]:
    """What mail to many must have (RFC 8058, the rules of large mail services, CAN-SPAM, 特定電子メール法).

    Of a sequence it is told once.
    """
    if not envelope.bulk or path not in ("", "emails[0]."):
        return
    if not envelope.unsubscribe:
        said = "Mail to many needs a way to leave the list: --unsubscribe."
        yield Finding("email/unsubscribe", said, Severity.MAJOR, category="email")
    elif not envelope.one_click:
        said = "Large mail services want to unsubscribe by one request to an https address: --unsubscribe https://..."
        yield Finding("email/one-click", said, Severity.MINOR, category="email")
    if not envelope.postal_address:
        said = "Mail to many must say where its sender is: --postal-address."
        yield Finding("email/postal-address", said, Severity.MAJOR, category="email")


def _built(path: str, letter: Letter, asked: Asked) -> Iterator[Finding]:
    """What shows only when the mail is put together: its size, and whether text and HTML say the same."""
    made = parts(letter, asked.envelope, asked.language)
    yield from built_faults(made.html, made.text, Place(f"{path}body"))


def built_faults(html: str, text: str, place: Place) -> Iterator[Finding]:
    """The same of parts that are put together already."""
    size = len(html.encode("utf-8"))
    if size > _NEARLY * CLIP:
        cut = size > CLIP
        said = f"{size:,} bytes of HTML: Gmail cuts mail off at about {CLIP:,}."
        yield Finding(
            "email/size",
            said,
            Severity.MAJOR if cut else Severity.MINOR,
            place,
            "email",
            f"Shorten {place.path} by about {100 - 80 * CLIP // size} %." if cut else "",
        )
    if unlike := difference(html, text):
        yield Finding("email/parts", f"Text and HTML differ: {unlike}.", Severity.MAJOR, place, "email")
    for link in links(html):
        if not _ABSOLUTE.match(link):
            said = f"{link!r} leads nowhere from a mail."
            yield Finding("email/link-relative", said, Severity.MAJOR, place, "email")
