"""What is not reviewed, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from contentkit.core.change import FileChange


class Rules:
    """Skip rules of one change.

    Args:
        read: a file of the side that rules come from (the base, or the user's own work), None where there is none.
        ignore: patterns of the configuration.
    """

    def __init__(self, read: Callable[[str], str | None], ignore: Sequence[str]) -> None:
        self._read = read

    def by_path(self, path: str) -> str:
        """Why a file is skipped for its path and attributes; "" when it isn't."""
        return ""

    def judged(self, file: FileChange) -> FileChange:
        """The file, marked as skipped if its text says that a program wrote it."""
        return file
