"""``--format vtt``: the narration of a script as subtitles for web pages, WebVTT."""

from __future__ import annotations

from contentkit.core.report import Report
from contentkit.reports._disclosure import comment
from contentkit.reports._film import clock, subtitles, takes

__all__ = ["render", "takes"]


# Its text is markup; a player would take "<" for a tag and "&" for the start of a character's name.
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def render(report: Report) -> str:
    """The subtitles; only the head of the file where nobody speaks.

    Raises:
        UsageError: the report is no script.
    """
    found = [
        f"{clock(cue.start, '.')} --> {clock(cue.end, '.')}\n" + "\n".join(cue.lines).translate(_MARKUP) + "\n"
        for cue in subtitles(report, "vtt")
    ]
    told = comment(report)
    return "\n".join(["WEBVTT\n", *([f"NOTE {told}\n"] if told else []), *found])
