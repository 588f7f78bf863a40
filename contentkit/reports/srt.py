"""``--format srt``: the narration of a script as subtitles, SubRip, numbered from 1."""

from __future__ import annotations

from contentkit.core.report import Report
from contentkit.reports._film import clock, subtitles, takes

__all__ = ["render", "takes"]


def render(report: Report) -> str:
    """The subtitles; "" where nobody speaks.

    Raises:
        UsageError: the report is no script.
    """
    found = [
        f"{number}\n{clock(cue.start, ',')} --> {clock(cue.end, ',')}\n" + "\n".join(cue.lines) + "\n"
        for number, cue in enumerate(subtitles(report, "srt"), 1)
    ]
    return "\n".join(found)
