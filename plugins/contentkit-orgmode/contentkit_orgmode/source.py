"""``--from notes.org``: an Org file as Markdown text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from contentkit.core.errors import UsageError
from contentkit.core.piece import Reading, ReadLimits, SourceText

_HEADING = re.compile(r"(\*+) +(?:(?:TODO|NEXT|WAITING|DONE|CANCELLED) +)?(?:\[#[A-Z]\] +)?(.*?)(?: +:[\w@#%:]+:)? *$")
_LINK = re.compile(r"\[\[([^\]\[]+)\](?:\[([^\]\[]+)\])?\]")
_MARKS = re.compile(r"(?<![\w*/=~+])([*/=~+])(?=\S)([^\n]*?\S)\1(?![\w*/=~+])")
_MARKDOWN = {"*": "**", "/": "*", "=": "`", "~": "`", "+": "~~"}
_PLANNING = re.compile(r"\s*(?:SCHEDULED|DEADLINE|CLOSED|CLOCK):\s*[<\[]")


def takes(reference: str) -> bool:
    """A path that ends in .org; a pattern or an address is somebody else's."""
    return reference.lower().endswith(".org") and "://" not in reference and not re.search(r"[*?\[]", reference)


async def read(reference: str, limits: ReadLimits) -> Reading:
    """The file as one text.

    Raises:
        UsageError: it can't be read, is too large, or is not UTF-8.
    """
    path = Path(reference).expanduser()
    try:
        with path.open("rb") as file:
            data = file.read(limits.max_bytes + 1)
        if len(data) > limits.max_bytes:
            raise UsageError(f"{path} is larger than {limits.max_bytes:,} bytes.", hint="Raise read.max_bytes.")
        org = data.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path} can't be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8.", hint="Save it as UTF-8 in Emacs: C-x RET f utf-8.") from None
    title = re.search(r"(?im)^#\+title:[ \t]*(\S.*?)[ \t]*$", org)
    language = re.search(r"(?im)^#\+language:[ \t]*([a-z]{2,3})\b", org)
    return Reading.of(
        SourceText(
            path.as_posix(),
            to_markdown(org),
            title=title[1] if title else "",
            language=language[1] if language else "",
        )
    )


def to_markdown(org: str) -> str:
    """The words and their structure; what only Org needs (drawers, planning, settings, comments) is left out."""
    text = "\n".join(_lines(org.splitlines()))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _lines(lines: list[str]) -> Iterator[str]:
    block = drawer = ""
    for line in lines:
        word = line.strip().lower()
        begin = re.match(r"#\+begin_(\w+)(?: +(\S+))?", word)
        if drawer:
            drawer = "" if word == ":end:" else drawer
        elif block and word == f"#+end_{block}":
            yield "```" if block in ("src", "example") else ""
            block = ""
        elif block == "comment":
            continue
        elif block in ("src", "example"):
            yield line.removeprefix(",") if line.startswith((",*", ",#")) else line
        elif block == "quote":
            yield f"> {_inline(line.strip())}"
        elif begin:
            block = begin[1]
            yield f"```{begin[2] or ''}" if block == "src" else "```" if block == "example" else ""
        elif re.fullmatch(r":[\w-]+:", word) and word != ":end:":
            drawer = word
        elif re.match(r"#(\+\w+:|\+\w+\[| |$)", word) or _PLANNING.match(line):
            continue
        else:
            yield _line(line)
    if block in ("src", "example"):
        yield "```"


def _line(line: str) -> str:
    if line.startswith("\u200b"):  # prose that Org would take for a heading or a setting
        return "\\" + _inline(line[1:])
    if heading := _HEADING.match(line):
        return f"\n{'#' * min(len(heading[1]), 6)} {_inline(heading[2])}\n"
    if re.match(r"\s*\|[-+|]+\|?\s*$", line):  # the rule of a table
        return line.replace("+", "|")
    if re.match(r"\s*-{5,}\s*$", line):
        return "\n---\n"
    item = re.match(r"(\s*)(?:[-+]|(\d+)[.)]) +(?:\[[ X-]\] +)?", line)
    if item:
        return f"{item[1]}{f'{item[2]}.' if item[2] else '-'} {_inline(line[item.end() :])}"
    return _inline(line)


def _inline(text: str) -> str:
    """Links and emphasis. What stands in a link's target is left as it is."""
    parts: list[str] = []
    last = 0
    for link in _LINK.finditer(text):
        target = link[1].removeprefix("file:")
        parts += [_marks(text[last : link.start()]), f"[{_marks(link[2] or target)}]({target})"]
        last = link.end()
    return "".join([*parts, _marks(text[last:])]).replace("[fn:", "[^").replace("\\vert{}", "\\|")


def _marks(text: str) -> str:
    return _MARKS.sub(lambda found: f"{_MARKDOWN[found[1]]}{found[2]}{_MARKDOWN[found[1]]}", text)
