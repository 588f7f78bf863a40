"""A document of one or several drafts: opened from python-docx's template, filled, told about, saved."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import docx
from docx.enum.text import WD_BREAK

from contentkit.core.disclosure import by_model
from contentkit.core.report import Report
from contentkit.reports._disclosure import core_properties
from contentkit.reports._docx.body import Writer
from contentkit.reports._docx.notes import Notes
from contentkit.reports._docx.styles import prepare
from contentkit.reports._docx.xml import clean
from contentkit.reports._front import title_of
from contentkit.reports._parse import parser

if TYPE_CHECKING:
    from docx.document import Document

_MOST_PROPERTY = 255
"""Characters that a core property takes."""


def written(reports: Sequence[Report]) -> bytes:
    """The drafts, each on a page of its own, as the bytes of a file."""
    document = docx.Document()
    prepare(document, reports[0].language or "en")
    notes = Notes(document)
    markdown = parser()
    for variant, report in enumerate(reports, 1):
        if variant > 1:
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        quotes = report.fields.get("pull_quotes")
        shown = [str(quote) for quote in quotes] if isinstance(quotes, list | tuple) else []
        Writer(document, notes, variant, shown).write(markdown.parse(report.body))
    _tell(document, reports[0])
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _tell(document: Document, report: Report) -> None:
    """The properties: what it is, and how it was made."""
    seo: Any = report.fields.get("seo")
    description = seo.get("description") if isinstance(seo, Mapping) else ""
    told: dict[str, str] = {
        "title": title_of(report),
        "subject": str(description or report.topic),
        "author": _author(report),
        "category": report.kind,
        "language": report.language,
        "comments": "",
        **core_properties(report),
    }
    for name, value in told.items():
        setattr(document.core_properties, name, clean(" ".join(value.split()))[:_MOST_PROPERTY])
    made = _time(report.created)
    document.core_properties.created = document.core_properties.modified = made
    document.core_properties.revision = 1


def _author(report: Report) -> str:
    """Who answers for it, else what made it: an empty author would be filled with the name of whoever opens it."""
    if report.disclosure.reviewer and report.disclosure.reviewed:
        return report.disclosure.reviewer
    return f"contentkit ({report.model})" if report.model and by_model(report) else "contentkit"


def _time(created: str) -> datetime:
    """The time of the run, UTC; that of now where a report has none."""
    try:
        made = datetime.fromisoformat(created)
    except ValueError:
        return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    return (made.astimezone(UTC) if made.tzinfo else made).replace(tzinfo=None)
