"""The project's own rules for a reviewer, by path: settings, path rules, and files of the repository."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from contentkit.ask import silent
from contentkit.code.masking import Hide
from contentkit.code.reading.patterns import matched, pattern
from contentkit.core.chat import Notice
from contentkit.models.engine import Listen

if TYPE_CHECKING:
    from contentkit.core.change import Change
    from contentkit.kit.config.review import ReviewSettings

MAX_CHARACTERS = 20_000
"""Of one file of instructions; a longer one is cut, in the open."""


def rules(change: Change, settings: ReviewSettings, listen: Listen = silent) -> Callable[[str], str]:
    """A function that gives the rules for a path, "" where there are none.

    Files are read as the base has them, so that a change can't write the rules it is judged by; for one's own work they
    are read as they are now.
    """
    hide = Hide()  # of any text: rules of a project may name the password of its test database
    general = [settings.instructions.strip()]
    for path in settings.instruction_files:
        text = change.text(path, "RIGHT" if change.own else "LEFT")
        if text is None:
            listen(Notice(f"the file of instructions {path} is not in the base of the change and is left out"))
            continue
        if len(text) > MAX_CHARACTERS:
            listen(Notice(f"of the file of instructions {path} only the first {MAX_CHARACTERS:,} characters are used"))
        general.append(text[:MAX_CHARACTERS].strip())
    by_path = [([*filter(None, map(pattern, rule.paths))], rule.instructions.strip()) for rule in settings.rules]

    def of(path: str) -> str:
        own = (instructions for patterns, instructions in by_path if matched(patterns, path))
        return hide("\n\n".join(filter(None, (*general, *own))))

    return of
