"""The text of PDF and Word files."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

from contentkit.core.errors import MissingExtra, UsageError

if TYPE_CHECKING:
    from docx.table import Table
    from docx.text.paragraph import Paragraph

_RATIO = 200
"""A Word file's XML packs to a tenth; beyond this it was made to fill the memory."""


def pdf_text(data: bytes, *, name: str, most: int) -> tuple[str, str]:
    """The text of all pages, and the title.

    Args:
        most: characters that the text may have.

    Raises:
        MissingExtra: pypdf is not installed.
        UsageError: it is encrypted, broken, too long, or holds pictures only.
    """
    try:
        from pypdf import PdfReader
        from pypdf.errors import DependencyError, FileNotDecryptedError
    except ImportError:
        raise MissingExtra(f"Reading the PDF {name}", "documents") from None
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UsageError(f"The PDF {name} is encrypted.", hint="Save a copy without a password.")
        text = _pages(reader, name, most)
        title = (reader.metadata.title if reader.metadata else "") or ""
    except UsageError:
        raise
    except (DependencyError, FileNotDecryptedError):
        raise UsageError(f"The PDF {name} is encrypted.", hint="Save a copy without a password.") from None
    except Exception as error:  # pypdf meets broken files with many kinds of exceptions
        raise UsageError(
            f"The PDF {name} is damaged: {type(error).__name__}.", hint="Save it again, or as text."
        ) from None
    if not text.strip():
        raise UsageError(
            f"The PDF {name} has no text; it may be a scan.", hint="Run OCR over it first (ocrmypdf, say)."
        )
    return text, str(title).strip()


def _pages(reader: Any, name: str, most: int) -> str:
    pages: list[str] = []
    size = 0
    for page in reader.pages:
        pages.append(page.extract_text().strip())
        size += len(pages[-1])
        if size > most:
            raise UsageError(f"The text of the PDF {name} is longer than {most:,} characters.")
    return "\n\n".join(page for page in pages if page) + "\n"


def docx_text(data: bytes, *, name: str, most: int) -> tuple[str, str]:
    """The document as Markdown (headings, lists, tables), and its title.

    Args:
        most: bytes that the unpacked document may have.

    Raises:
        MissingExtra: python-docx is not installed.
        UsageError: it is encrypted, broken or too large, or has no text.
    """
    try:
        import docx
    except ImportError:
        raise MissingExtra(f"Reading the Word file {name}", "documents") from None
    _check_zip(data, name, most)
    try:
        document = docx.Document(io.BytesIO(data))
        blocks = [_block(block) for block in document.iter_inner_content()]
        title = document.core_properties.title or ""
    except Exception as error:  # python-docx lets lxml's and zipfile's errors through, and KeyError for missing parts
        raise UsageError(f"The Word file {name} is damaged: {type(error).__name__}.", hint="Save it again.") from None
    text = "\n\n".join(block for block in blocks if block)
    if not text:
        raise UsageError(f"The Word file {name} has no text.")
    return text + "\n", title.strip()


def _check_zip(data: bytes, name: str, most: int) -> None:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UsageError(
            f"{name} is encrypted, or an old Word file (.doc).", hint="Save it as .docx without a password."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise UsageError(f"The Word file {name} is damaged.", hint="Save it again.") from None
    if unpacked > most or unpacked > max(10_000_000, _RATIO * len(data)):
        raise UsageError(f"The Word file {name} unpacks to {unpacked:,} bytes, more than is read.")


def _block(block: Paragraph | Table) -> str:
    from docx.table import Table

    return _table(block) if isinstance(block, Table) else _paragraph(block)


def _paragraph(paragraph: Paragraph) -> str:
    text = paragraph.text.strip()
    style = (paragraph.style.name or "") if paragraph.style else ""
    if not text:
        return ""
    if style == "Title":
        return f"# {text}"
    if style.startswith("Heading") and style[-1:].isdigit():
        return f"{'#' * min(int(style[-1]), 6)} {text}"
    if style.startswith("List"):
        return f"{'1.' if 'Number' in style else '-'} {text}"
    return text


def _table(table: Table) -> str:
    rows = [[" ".join(cell.text.split()).replace("|", "\\|") for cell in row.cells] for row in table.rows]
    if not rows:
        return ""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])
