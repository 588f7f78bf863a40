"""The film in a report: what its formats have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contentkit.core.captions import Cue, cues
from contentkit.core.errors import UsageError
from contentkit.core.film import Scene, narration, scenes_of
from contentkit.core.report import Report
from contentkit.core.text.prose import detect


def takes(properties: Mapping[str, Any]) -> bool:
    """Whether answers by a schema with these properties can be shown."""
    return "scenes" in properties


def scenes(report: Report, form: str) -> tuple[Scene, ...]:
    """The rows of the script.

    Raises:
        UsageError: the report is no script.
    """
    found = scenes_of(report.fields)
    if not found:
        raise UsageError(
            f"--format {form} is for scripts of films; this is {_article(report.kind)}, without scenes.",
            hint="Choose another format, such as markdown or json.",
        )
    return found


def subtitles(report: Report, form: str) -> tuple[Cue, ...]:
    """The cues of the narration, by the rules of the language that is spoken.

    Raises:
        UsageError: the report is no script.
    """
    rows = scenes(report, form)
    return cues(rows, detect(narration(rows)) or report.language)


def clock(milliseconds: int, point: str) -> str:
    """``HH:MM:SS`` and milliseconds behind ``point``."""
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}{point}{thousandths:03}"


def _article(kind: str) -> str:
    return f"{'an' if kind[:1] in 'aeiou' else 'a'} {kind}" if kind else "something else"
