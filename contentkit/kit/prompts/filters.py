"""Filters for templates: values laid into text and Markdown so that they stay values."""

from __future__ import annotations

import re
from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.runtime import Undefined


def scalar(value: Any) -> str:
    """The text of a string, number or truth value.

    Raises:
        SecurityError: it is a list or another thing without one text.
    """
    if isinstance(value, Undefined):
        str(value)  # raises the error that names it
    if isinstance(value, str):
        return str(value)
    if value is None:
        return ""
    if isinstance(value, int) and value.bit_length() > 10_000:
        raise SecurityError("the template makes too large a number")
    if isinstance(value, (int, float)):
        return str(value)
    raise SecurityError(f"{type(value).__name__} has no one text; use |join(', ') or |tojson")


def inline(text: Any) -> str:
    """``text`` on one line."""
    return " ".join(part for line in scalar(text).splitlines() if (part := line.strip()))


def cell(text: Any) -> str:
    """``text`` as a cell of a Markdown table, which it can't leave."""
    line = inline(text)
    # Renderers disagree on a backslash before an escaped pipe; the entity means the same to all of them.
    return (line.replace("\\|", "\\&#124;").replace("|", "\\|") or " ") + ("" if not line.endswith("\\") else " ")


def verbatim(text: Any) -> str:
    """``text`` as a Markdown code block that it can't close: every character stays as it is."""
    body = scalar(text).strip("\n")
    longest = max((len(run) for run in re.findall("`+", body)), default=0)
    ticks = "`" * max(3, longest + 1)
    return f"{ticks}text\n{body}\n{ticks}"


def rounded(number: float, places: int = 0) -> float:
    """A number with at most so many decimal places. Jinja's own can be asked for a billion of them."""
    return round(float(number), max(-15, min(int(places), 15)))


def clock(seconds: Any) -> str:
    """Seconds as m:ss, or h:mm:ss from an hour on."""
    whole = max(0, round(float(seconds)))
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
