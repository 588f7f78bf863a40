"""Text that others will see under our name: models' words made harmless, and the hidden marks that we find again.

A model repeats what stands in the change, so its words are anybody's: they may mention no one, link and load nothing,
hold no HTML and no command of the vendor, and look like none of our marks.
"""

from __future__ import annotations

import hashlib
import re

_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_HIDDEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)
_MARK = re.compile(r"<!-- contentkit:finding ([0-9a-f]{16}) -->\s*\Z")
_SUMMARY = re.compile(r"<!-- contentkit:summary((?: [0-9a-f]{16})*) -->\s*\Z")
_STARTS = tuple("/#-+=")
"""First signs that would make a line an order to GitLab ("/close"), a heading, a list or a rule."""
_CALLS = re.compile(
    r"""@ | &(?=[\w\#]) | [\#!~%$](?=[\w"]) | \bGH-(?=\d)  # people and things
    | :(?=//) | www\.(?=\w)  # addresses
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BREAK = "\u200b"
"""A zero width space after a sign that would call somebody or something: ``@``, ``#``, ``!``, ``~``, ``%``, ``&``."""


def identity(*parts: str) -> str:
    """16 hexadecimal digits that stand for a finding; whatever the parts hold, nothing but digits comes out."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:16]


def mark(name: str) -> str:
    """The hidden last line of a comment."""
    return f"<!-- contentkit:finding {name} -->"


def marked(body: str) -> str | None:
    """The finding that a comment of ours is about. Only the last line counts: above it stand a model's words."""
    found = _MARK.search(body)
    return found[1] if found else None


def summary_mark(posted: list[str]) -> str:
    """The hidden last line of the summary, with the findings that were posted so far."""
    return f"<!-- contentkit:summary{''.join(f' {name}' for name in posted)} -->"


def summarised(body: str) -> list[str] | None:
    """The findings that a summary of ours knows as posted; None where it is no summary."""
    found = _SUMMARY.search(body)
    return found[1].split() if found else None


def seen(text: str) -> str:
    """Hidden characters (direction, zero width, tags, controls) written out as ``\\u{202e}``."""
    return _HIDDEN.sub(lambda found: f"\\u{{{ord(found[0]):04x}}}", text)


def sentence(text: str, most: int = 2000) -> str:
    """Plain words in one line, with code between backticks kept as code."""
    line = seen(" ".join(text.split()))
    line = line if len(line) <= most else line[: most - 1] + "…"
    line = _by_spans(line, r"\\`*_~|")
    return "\\" + line if line.startswith(_STARTS) else line


def prose(text: str, most: int = 10_000) -> str:
    """Markdown of a model, its lists and emphasis kept; no line can begin a command, a block of code or of HTML."""
    text = text if len(text) <= most else text[: most - 1] + "…"
    return "\n".join(_line(seen(line.rstrip())) for line in text.split("\n")).strip("\n")


def code(text: str) -> str:
    """A short text as code in a line, whatever it holds."""
    line = seen(" ".join(text.split())) or " "
    fence = "`" * (_longest(line) + 1)
    room = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{room}{line}{room}{fence}"


def block(text: str, kind: str) -> str:
    """A fenced block whose fence is longer than any run of backticks inside."""
    fence = "`" * max(3, _longest(text) + 1)
    return f"{fence}{kind}\n{text}{'' if text.endswith(chr(10)) or not text else chr(10)}{fence}"


def _longest(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _line(line: str) -> str:
    line = _by_spans(line, r"\\`")
    start = line.lstrip()
    return "\\" + start if start.startswith(("/", "~~~")) else line


def _by_spans(text: str, escaped: str) -> str:
    """Escape what stands between spans of code; inside one nothing has a meaning."""
    out, at = [], 0
    for span in _SPAN.finditer(text):
        out += [_harmless(text[at : span.start()], escaped), span[0]]
        at = span.end()
    return "".join([*out, _harmless(text[at:], escaped)])


def _harmless(text: str, escaped: str) -> str:
    text = _CALLS.sub(lambda found: found[0] + _BREAK, text)  # first: an escape after it would hide a word
    text = re.sub(f"[{escaped}]", lambda found: "\\" + found[0], text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"[\[\]]", lambda found: "\\" + found[0], text)
