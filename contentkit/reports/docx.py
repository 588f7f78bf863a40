"""``--format docx``: the text as a document of Word, LibreOffice and Pages, by its own styles, so that a house style
fits it.

Headings, lists, tables, quotes, code, links and footnotes are real ones. Links lead only to the web, to mail or inside
the document; a picture becomes a link to it. How the text was made stands in the document's properties.
"""

from __future__ import annotations

from collections.abc import Sequence

from contentkit.core.errors import MissingExtra
from contentkit.core.report import Report

BINARY = True


def require() -> None:
    """Find out before the work whether documents can be written.

    Raises:
        MissingExtra: python-docx is not installed.
    """
    from importlib.util import find_spec

    if find_spec("docx") is None:
        raise MissingExtra("Writing Word files", "documents")


def render(report: Report) -> bytes:
    """The document.

    Raises:
        MissingExtra: python-docx is not installed.
    """
    return together([report])


def together(reports: Sequence[Report]) -> bytes:
    """Variants in one document, each on a page of its own.

    Raises:
        MissingExtra: python-docx is not installed.
    """
    require()
    from contentkit.reports._docx.document import written

    return written(reports)
