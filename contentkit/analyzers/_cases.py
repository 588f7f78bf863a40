"""The tests in a text, by the way each language writes them, and what they check."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from contentkit.analyzers._paths import is_test, language

Numbered = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Case:
    """One test.

    Attributes:
        line: 1-based, of its first line.
        body: its other lines, without the white space around them.
        checks: numbers of the lines that check something.
    """

    name: str
    line: int
    body: tuple[str, ...]
    checks: tuple[int, ...]


_STARTS: Mapping[str, re.Pattern[str]] = {
    "python": re.compile(r"\s*(?:async )?def (?P<name>test\w*)\("),
    "javascript": re.compile(
        r"\s*(?:it|test|specify)(?:\.(?:only|concurrent|skip|each|failing|serial)\b[^'\"`\n]{0,80}?)?\s*\(\s*"
        r"(?P<quote>['\"`])(?P<name>.{1,300}?)(?P=quote)"
    ),
    "go": re.compile(r"func (?P<name>(?:Test|Fuzz|Example)\w*)\("),
    "java": re.compile(
        r"\s*(?:(?:public|protected|internal) )?(?:suspend )?(?:void|fun|def) (?P<name>`[^`\n]{1,200}`|\w+)\("
    ),
    "rust": re.compile(r"\s*(?:pub )?(?:async )?fn (?P<name>\w+)\("),
    "ruby": re.compile(r"\s*(?:it ['\"](?P<name>.{1,300}?)['\"]|def (?P<method>test_\w+))"),
    "php": re.compile(r"\s*(?:public )?function (?P<name>test\w*)\("),
    "csharp": re.compile(r"\s*public (?:async )?(?:void|Task) (?P<name>\w+)\("),
}
# Languages where a mark above makes a function a test.
_MARKED: Mapping[str, re.Pattern[str]] = {
    "java": re.compile(r"\s*@(?:org\.junit\.(?:jupiter\.api\.)?)?(?:Test|ParameterizedTest|RepeatedTest|Property)\b"),
    "rust": re.compile(r"\s*#\[(?:\w+::)?test\b"),
    "csharp": re.compile(r"\s*\[(?:Test|Fact|Theory|TestMethod|TestCase)\b"),
}
_CHECK = re.compile(
    r"\bassert|\bexpect\w{0,20}[(.]|\bshould\b|\.(?:to|should)\.|\bt\.(?:Error|Fatal|Fail|is|not|same|equal|deepEqual|throws|ok)"
    r"|\b(?:require|verify|check\w{0,20}|ensure|must\w{0,20})[.(]|\b(?:raises|warns|throws|fail)\w{0,20}\(|\bAssert|\.snapshot\b",
)


def has_tests(path: str) -> bool:
    """Whether tests are looked for in a file: one of tests, or of Rust, where they stand beside the code."""
    what = language(path)
    return what in _STARTS and (is_test(path) or what == "rust")


def cases(path: str, lines: Iterable[Numbered]) -> list[Case]:
    """The tests among numbered lines, in order. Where a test ends is told by the indentation."""
    what = language(path)
    numbered = [(number, text) for number, text in lines if len(text) <= 2000]
    return [_case(name, numbered, at) for name, at in _starts(what, numbered)]


def _starts(what: str, lines: list[Numbered]) -> Iterator[tuple[str, int]]:
    start, mark = _STARTS[what], _MARKED.get(what)
    marked = -10
    for at, (_, text) in enumerate(lines):
        if mark and mark.match(text):
            marked = at
        found = start.match(text)
        if found is None:
            continue
        name = next(value for key, value in found.groupdict().items() if value and key != "quote")
        if mark is None or at - marked <= 6 or (what == "java" and name.startswith("test")):
            yield name, at
            marked = -10


def _case(name: str, lines: list[Numbered], at: int) -> Case:
    indent = _indent(lines[at][1])
    body: list[Numbered] = []
    for number, text in lines[at + 1 :]:
        bare = text.strip()
        if bare and _indent(text) <= indent and bare[0] not in "{)]":
            break
        if bare:
            body.append((number, bare))
        if bare[:1] in ("}", ")") and _indent(text) <= indent and not bare.endswith(("{", ":", "(")):
            break
    first = lines[at]
    checks = tuple(number for number, text in [first, *body] if _CHECK.search(text))
    return Case(name, first[0], tuple(text for _, text in body), checks)


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())
