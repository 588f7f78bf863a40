"""Outlines by words and indentation, for any language whose blocks are indented. Rough, and never wrong by much."""

from __future__ import annotations

import re
from typing import NamedTuple

from contentkit.code.around.definitions import Definition, words

SUFFIXES = words(
    ".py .pyi .js .jsx .mjs .cjs .ts .mts .cts .tsx .go .java .kt .kts .scala .groovy .rs .c .h .cc .cpp .hpp .m .mm"
    " .cs .rb .php .swift .dart .lua .pl .pm .sh .bash .ex .exs .jl .r .vue .svelte .zig .nim .cr"
)
_WORD = r"[A-Za-z_$][\w$]{0,120}"
_BEFORE = r"(?:[a-z]{2,12}(?:\([\w:]{1,40}\))?[ \t]+){0,6}"
_DEFINED = re.compile(
    rf"[ \t]*{_BEFORE}(?:(?P<class>class|interface|struct|enum|trait|impl|namespace|module|object|protocol|type)"
    rf"|def|func|function\*?|fn|fun|sub)[ \t]+(?:\([^)]{{0,120}}\)[ \t]*|self\.)?(?P<name>{_WORD})"
)
_ASSIGNED = re.compile(
    rf"[ \t]*(?:export[ \t]+)?(?:(?:const|let|var)[ \t]+|(?:[\w$]{{1,40}}\.){{1,4}})(?P<name>{_WORD})[^=\n]{{0,120}}="
    rf"[ \t]*(?:async\b[ \t]*)?(?:function\b|\([^\n]{{0,400}}=>|{_WORD}[ \t]*=>|\([ \t]*$)"
)
_METHOD = re.compile(
    rf"[ \t]+(?:[\w<>\[\],.?*&@]{{1,80}}[ \t]+){{0,6}}[*&]?(?P<name>{_WORD})[ \t]*\((?![\"'`])[^;\n]{{0,400}}"
    r"\)[^;=\n]{0,200}\{[ \t]*$"
)
_FREE = re.compile(
    rf"(?:[\w<>\[\],.:?*&]{{1,80}}[ \t]+){{1,6}}[*&]?(?:\w{{1,80}}::)?~?(?P<name>{_WORD})[ \t]*\([^;\n]{{0,400}}"
    r"\)[^;=\n]{0,80}\{?[ \t]*$"
)
_NO_NAME = words("if for while switch catch return else elif do try function with case new throw await assert")
_CLOSES = re.compile(r"[ \t]*(?:[)\]}]|end\b|fi\b|done\b)")
_OPENS = ("{", ":", "(", "=>")
_LONG = 1000


class _Open(NamedTuple):
    depth: int
    first: int
    name: str
    kind: str


def definitions(text: str) -> list[Definition]:
    """What looks like a function or a class, each as far as the lines below are indented more."""
    lines = [line.rstrip() for line in text.split("\n")]
    waiting: list[_Open] = []
    found: list[Definition] = []
    written = 0
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        depth = _depth(line)
        while waiting and depth <= waiting[-1].depth:
            closes = depth == waiting[-1].depth and _CLOSES.match(line)
            if closes and line.endswith(_OPENS):
                break  # the last line of a long signature
            found.append(_closed(lines, waiting.pop(), number if closes else written))
            if closes:
                break
        if len(line) <= _LONG and (match := _opened(line)):
            kind = "class" if match.groupdict().get("class") else "function"
            waiting.append(_Open(depth, number, match["name"], kind))
        written = number
    return found + [_closed(lines, each, written) for each in waiting]


def _opened(line: str) -> re.Match[str] | None:
    for form in (_DEFINED, _ASSIGNED, _METHOD, _FREE):
        match = form.match(line)
        if match and match["name"] not in _NO_NAME and line.split(None, 1)[0].strip("({") not in _NO_NAME:
            return match
    return None


def _depth(line: str) -> int:
    wide = line.expandtabs(4)
    return len(wide) - len(wide.lstrip())


def _closed(lines: list[str], opened: _Open, last: int) -> Definition:
    """The signature ends with the first line that opens the block."""
    first = opened.first
    near = range(first, min(last, first + 20) + 1)
    head = next((number for number in near if lines[number - 1].endswith(("{", ":"))), first)
    return Definition(opened.name, first, head, max(first, last), opened.kind)
