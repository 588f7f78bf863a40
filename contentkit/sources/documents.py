"""PDF and Word files on disk. Those that a folder holds or a server sends are read by the same code."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from contentkit.core.piece import Reading, ReadLimits
from contentkit.sources._convert import convert
from contentkit.sources._files import is_pattern, read_bytes


def takes(reference: str) -> bool:
    """A path that ends in .pdf or .docx and is no pattern, folder or address."""
    if "://" in reference or not reference.lower().endswith((".pdf", ".docx")):
        return False
    path = os.path.expanduser(reference)
    return not is_pattern(path) and not os.path.isdir(path)


async def read(reference: str, limits: ReadLimits) -> Reading:
    """The document's text.

    Raises:
        MissingExtra: the reader is not installed.
        UsageError: it is missing, encrypted, broken, too large, or has no text.
    """
    return await asyncio.to_thread(_read, Path(reference).expanduser(), limits)


def _read(path: Path, limits: ReadLimits) -> Reading:
    return convert(read_bytes(path, limits.max_bytes), name=path.as_posix(), limits=limits)
