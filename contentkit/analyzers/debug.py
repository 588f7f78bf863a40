"""What was put in to look for a fault and was not taken out: breakpoints, dumps of values, tests run alone.

Only what has no other use is a finding: a program that prints, prints; and a logger is no leftover.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contentkit.analyzers._look import Each, added_lines
from contentkit.analyzers._paths import is_test, is_test_data, language
from contentkit.core.change import Change, FileChange
from contentkit.core.contracts import Look
from contentkit.core.report import Finding, Place, Severity


@dataclass(frozen=True, slots=True)
class _Leftover:
    rule: str
    severity: Severity
    why: str
    expression: re.Pattern[str]
    tests_only: bool = False


_LONGEST = 1000  # characters of a line that somebody wrote by hand
_STOPS = "stops the program in a debugger"
_DUMPS = "prints a value for whoever looks for a fault"
_ALONE = "makes this test run alone, and all others not at all"
_SAID = "prints a word that says only that this place was reached"
# What is printed to see that a place was reached, and nothing else.
_WORD = r"""\s*["'`](?:(?:got |in |i am |i'm |we are )?here ?\d*[!.]*|x{3,}|asdf\w*|!{3,}\w{0,12}|wtf[!?]*)["'`]"""


def _leftover(rule: str, severity: Severity, why: str, expression: str, *, tests_only: bool = False) -> _Leftover:
    return _Leftover(f"debug/{rule}", severity, why, re.compile(expression, re.IGNORECASE), tests_only)


def _said(call: str) -> _Leftover:
    return _leftover("print", Severity.MINOR, _SAID, rf"\s*(?:{call}){_WORD}\s*[,);\s]")


_TABLE: Mapping[str, tuple[_Leftover, ...]] = {
    "python": (
        _leftover("breakpoint", Severity.MAJOR, _STOPS, r"\s*breakpoint\(\s*\)"),
        _leftover(
            "breakpoint",
            Severity.MAJOR,
            _STOPS,
            r"\s*(?:import \w+; ?|from \w+ import \w+; ?)?"
            r"(?:i?pdb|pudb|wdb|rpdb|ptvsd|debugpy|epdb|celery\.contrib\.rdb"
            r"|(?:import|__import__)\([\"']i?pdb[\"']\))\.(?:set_trace|st|break_into_debugger|breakpoint|wait_for_client)\(",
        ),
        _said(r"(?:pp|p)?print\("),
    ),
    "javascript": (
        _leftover("breakpoint", Severity.MAJOR, _STOPS, r"\s*debugger\s*;?\s*\Z"),
        _leftover(
            "only",
            Severity.MAJOR,
            _ALONE,
            r"\s*(?:it|test|describe|context|suite|specify|bench)\.only(?:\.each)?\s*[(`]",
            tests_only=True,
        ),
        _leftover("only", Severity.MAJOR, _ALONE, r"\s*(?:fit|fdescribe|fcontext)\(\s*[\"'`]", tests_only=True),
        _said(r"console\.\w{3,5}\("),
    ),
    "go": (_leftover("dump", Severity.MINOR, _DUMPS, r"\s*spew\.Dump\("), _said(r"fmt\.Print(?:ln|f)?\(|\s*println\(")),
    "rust": (_leftover("dump", Severity.MINOR, _DUMPS, r"[^/\"]*\bdbg!\("), _said(r"e?println!\(")),
    "ruby": (
        _leftover("breakpoint", Severity.MAJOR, _STOPS, r"\s*(?:binding\.(?:pry|irb|b)|byebug|debugger)\s*\Z"),
        _said(r"(?:puts|p|pp)[ (]"),
    ),
    "php": (
        _leftover("breakpoint", Severity.MAJOR, _STOPS, r"\s*xdebug_break\("),
        _leftover("dump", Severity.MINOR, _DUMPS, r"\s*(?:var_dump|dd|ray)\("),
        _said(r"(?:echo|print)[ (]"),
    ),
    "java": (_said(r"System\.(?:out|err)\.print(?:ln)?\(|\s*println\("),),
    "csharp": (
        _leftover("breakpoint", Severity.MAJOR, _STOPS, r"\s*(?:System\.Diagnostics\.)?Debugger\.(?:Break|Launch)\("),
        _said(r"Console\.Write(?:Line)?\("),
    ),
    "c": (_said(r"f?printf\(|\s*(?:std::)?cout\s*<<"),),
    "swift": (_said(r"print\("),),
}


def begin(change: Change, settings: Mapping[str, Any]) -> Look:
    """A look for leftovers in added lines."""
    return Each(_look)


def _look(file: FileChange) -> Iterator[Finding]:
    table = _TABLE.get(language(file.path), ())
    if not table or is_test_data(file.path):
        return
    for number, text in added_lines(file):
        for leftover in table:
            if len(text) > _LONGEST or (leftover.tests_only and not is_test(file.path)):
                continue
            if leftover.expression.match(text) and _meant(file, number, text):
                yield _finding(file.path, number, text, leftover)
                break


def _meant(file: FileChange, number: int, text: str) -> bool:
    """Whether the line is new, and code rather than part of a string."""
    if any(line.text.strip() == text.strip() for line in file.lines("-")):
        return False
    if language(file.path) != "python" or file.new_text is None or len(file.new_text) > 300_000:
        return True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(file.new_text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True
    return any(isinstance(node, ast.stmt) and node.lineno == number for node in ast.walk(tree))


def _finding(path: str, number: int, text: str, leftover: _Leftover) -> Finding:
    start = len(text) - len(text.lstrip()) + 1
    return Finding(
        leftover.rule,
        f"This line {leftover.why}; it looks left over.",
        leftover.severity,
        Place(path, number, number, start, len(text.rstrip()) + 1),
        "maintenance",
        repair="Take it out.",
        confidence=0.9,
    )
