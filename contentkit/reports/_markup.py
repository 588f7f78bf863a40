"""Words of strangers in Markdown: shown as they are, without becoming markup, links, mentions or commands."""

from __future__ import annotations

import re

from contentkit.code.visible import one_line, visible

_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.{1,500}?)(?<!`)\1(?!`)")
# HTML; Markdown's signs; what GitHub and GitLab turn into mentions, references and links without any markup.
_SIGNS = re.compile(r"[&<>]|[\\`*_\[\]|~$]|@|://|www\.|[#!](?=\d)|GH-(?=\d)", re.IGNORECASE)
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_NOTHING = "&#8203;"  # a space without width keeps the parts of a mention or an address apart
_STARTS = re.compile(r"^(?:[#+\-=/:]|\d+[.)])")


def words(text: str, most: int = 2000) -> str:
    """``text`` on one line, at most ``most`` characters of it; its code spans stay code."""
    line = " ".join(visible(text).split())
    if len(line) > most:
        line = line[:most] + "…"
    parts, at = [], 0
    for span in _SPAN.finditer(line):
        parts += [_escaped(line[at : span.start()]), _span(span[2])]
        at = span.end()
    return "".join([*parts, _escaped(line[at:])])


def line_of(text: str, most: int = 2000) -> str:
    """``words`` for the start of a line, where more signs mean something: a heading, a list, GitLab's ``/merge``."""
    return _STARTS.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", words(text, most))


def code(text: str) -> str:
    """A code span that holds the text whatever backticks are in it; "" for none."""
    return _span(one_line(text))


def _span(line: str) -> str:
    if not line.strip():
        return ""
    fence = "`" * (_longest(line) + 1)
    pad = " " if line[0] in "` " or line[-1] in "` " else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def block(lines: list[str], language: str = "") -> list[str]:
    """A fenced block whose fence is longer than any row of backticks in it."""
    shown = [visible(line.removesuffix("\r")) for line in lines]
    fence = "`" * max(3, max((_longest(line) for line in shown), default=0) + 1)
    return [f"{fence}{language}", *shown, fence]


def _longest(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _escaped(text: str) -> str:
    return _SIGNS.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    sign = found[0]
    if sign in _HTML:
        return _HTML[sign]
    if sign == "://":
        return f":{_NOTHING}//"
    if sign in "@#!" or len(sign) > 1:
        return f"{sign}{_NOTHING}" if len(sign) == 1 or sign.endswith("-") else f"{sign[:-1]}{_NOTHING}{sign[-1]}"
    return f"\\{sign}"
