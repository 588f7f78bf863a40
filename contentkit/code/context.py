"""What stands around a change: the little of the repository that helps to judge it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from contentkit.code.anchors import Shown
from contentkit.code.masking import Hide
from contentkit.code.snippets import Snippet
from contentkit.core.change import Change, FileChange


@dataclass(slots=True)
class Surroundings:
    """Finds context for the chunks of one file; what it read and parsed serves all of them."""

    file: FileChange
    change: Change
    hide: Hide | None

    def of(self, lines: Sequence[Shown], size: Callable[[str], int], budget: int) -> tuple[Snippet, ...]:
        """Snippets of at most ``budget`` tokens together, what helps most first."""
        return ()
