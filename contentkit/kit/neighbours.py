"""Which relative links of a file lead nowhere: the files beside it are looked for, and their headings read."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from contentkit.core.text.document import Document, document
from contentkit.core.text.targets import anchors, linked, relative

_MARKDOWN = frozenset({".md", ".markdown", ".mdown", ".mkd", ".mdx", ".qmd"})
# A site's pages are often named without what their files end with.
_MAY_END = ("", ".md", ".mdx", "/index.md", "/README.md")
_MOST = 5_000_000


def missing(origin: str, text: Document) -> frozenset[str]:
    """The targets, as written, of links and pictures that lead to no file, or to no heading of one.

    Args:
        origin: the path of the file that holds the text; of what is no Markdown file nothing is missing.
    """
    if Path(origin).suffix.lower() not in _MARKDOWN or not os.path.isfile(origin):
        return frozenset()
    folder = os.path.dirname(origin)
    targets = {one.target for one in linked(text) if one.target}
    return frozenset(target for target in targets if (there := relative(target)) and not _leads(folder, *there))


def _leads(folder: str, path: str, anchor: str) -> bool:
    if not path:
        return True  # within the text itself: the check of Markdown sees to it
    wanted = os.path.join(folder, path)
    found = next(
        (name for end in _MAY_END if os.path.exists(name := f"{wanted.rstrip('/') if end else wanted}{end}")), ""
    )
    if not found or not anchor or Path(found).suffix.lower() not in _MARKDOWN:
        return bool(found)
    known = _anchors(found)
    return known is None or anchor in known or anchor.lower() in known


@lru_cache(maxsize=256)
def _anchors(path: str) -> frozenset[str] | None:
    """What can be linked to in a file; None where it can't be read."""
    try:
        if os.path.getsize(path) > _MOST:
            return None
        return anchors(document(Path(path).read_text(encoding="utf-8-sig")))
    except (OSError, UnicodeDecodeError):
        return None
