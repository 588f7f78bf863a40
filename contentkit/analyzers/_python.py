"""Python as ruff reads it, and the files that only look like today's Python."""

from __future__ import annotations

import re

from contentkit.analyzers._ruff import SYNTAX, Said, Sheets

# A construct of a newer Python than the one ruff takes for granted is no fault of the file.
_VERSION = re.compile(r"on Python 3\.\d+ \(syntax was (?:added|removed|changed)")
_PYTHON_2 = re.compile(
    r"""^\s*(?:print\s+(?:["'\w%]|>>)|exec\s+["'\w]|except\s+[\w.]+(?:\s*\([^)\n]{0,200}\))?\s*,\s*\w+\s*:"""
    r"""|except\s*\([^)\n]{0,200}\)\s*,\s*\w+\s*:|raise\s+[\w.]+\s*,\s*["'\w])|<>|\bur["']"""
    r"""|\A\#!.{0,60}python2|(?<![\w.])0[0-7]+\b|(?<=\d)L\b""",
    re.MULTILINE,
)
_TEMPLATE = re.compile(r"\{\{|\{%|<%|\$\{[A-Za-z_]\w*\}|^@@?\w+@@?$", re.MULTILINE)


def compiles_never(sheets: Sheets) -> dict[str, Said]:
    """Path -> the first thing in it that no Python 3 takes.

    Raises:
        ContentkitError: ruff could not look.
    """
    first: dict[str, Said] = {}
    for said in sheets.ruff("--isolated", "--select", "E902", "--ignore-noqa"):
        if said.code == SYNTAX and not _VERSION.search(said.message):
            known = first.get(said.path)
            if known is None or (said.line, said.column) < (known.line, known.column):
                first[said.path] = said
    return first


def is_python_2(text: str) -> bool:
    """Whether it has what only Python 2 took."""
    return bool(_PYTHON_2.search(text))


def is_template(path: str, text: str) -> bool:
    """Whether it becomes Python (or a document) only when something fills it in."""
    return "{{" in path or bool(_TEMPLATE.search(text))
