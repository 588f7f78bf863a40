"""``--format eml``: a draft as an email that opens in any mail program, text and HTML saying the same.

One email is one file. A sequence, and variants, are a folder: ``-o DIR``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from contentkit.core.errors import UsageError
from contentkit.core.mail.letter import Letter, envelope, is_sequence, letters
from contentkit.core.mail.message import message
from contentkit.core.report import Report
from contentkit.reports._wording import judges

_SLUG = 40


def render(report: Report) -> str:
    """The one email of a report.

    Raises:
        UsageError: it holds none, or several.
    """
    found = _letters(report)
    if len(found) > 1:
        raise UsageError(f"{len(found)} emails do not go into one file.", hint="Name a folder: --format eml -o DIR")
    return message(report, found[0], envelope(report.given))


def folder(reports: Sequence[Report]) -> Mapping[str, str]:
    """Emails by the names of their files: those of a sequence, or of each variant; {} for one email by itself."""
    if len(reports) == 1 and not is_sequence(reports[0]):
        return {}
    found: dict[str, str] = {}
    for variant, report in enumerate(reports, 1):
        mails, given = _letters(report), envelope(report.given)
        before = f"variant-{variant}-" if len(reports) > 1 else ""
        for number, letter in enumerate(mails, 1):
            found[f"{before}{number:02}{_named(letter)}.eml"] = message(report, letter, given)
    return found


def notes(reports: Sequence[Report]) -> Sequence[str]:
    """What a mail still lacks that nobody gave, for who wrote it."""
    given = envelope(reports[0].given)
    missing = [name for name, box in (("From", given.sender), ("To", given.to)) if box is None]
    if not missing:
        return ()
    options = ", ".join(f"--mail-{name.lower()}" for name in missing)
    return (f"without {' and '.join(missing)}: what sends the mail adds them, or write it with {options}",)


def _letters(report: Report) -> tuple[Letter, ...]:
    if judges(report):
        raise UsageError(f"A {report.kind} is no email.", hint="Choose another format.")
    return letters(report)


def _named(letter: Letter) -> str:
    """The day and the subject as a part of a file's name, in letters and digits of any language."""
    words = re.sub(r"[^\w]+", "-", unicodedata.normalize("NFC", letter.subject).lower()).strip("-_")
    while len(words.encode("utf-8")) > _SLUG * 2 or len(words) > _SLUG:
        words = words[:-1]
    day = "" if letter.day is None else f"-day-{letter.day}"
    return day + (f"-{words.strip('-_')}" if words.strip("-_") else "")
