"""How much of a change is read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read.

    Attributes:
        max_bytes: of one file, on either side; a larger one is skipped, saying so.
        ignore: patterns of paths to skip, written as in .gitignore and counted from the root.
        before, after: folders with the files on each side of a ``--diff`` patch.
    """

    max_bytes: int = 1_000_000
    ignore: tuple[str, ...] = ()
    before: Path | None = None
    after: Path | None = None
