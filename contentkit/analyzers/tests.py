"""Tests that a change takes away, empties or switches off.

A test that stands elsewhere afterwards, under another name or as a part of another test is not removed, nor is one
whose subject goes with it; so what was removed is told when all files were seen.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from contentkit.analyzers._cases import Case, cases, has_tests
from contentkit.analyzers._paths import is_test, language
from contentkit.core.change import Change, FileChange, text_lines
from contentkit.core.contracts import Look
from contentkit.core.report import Finding, Place, Severity

_WORDS = re.compile(r"[A-Za-z_]\w{3,}")
_DEFINED = re.compile(
    r"(?:\b(?:def|class|func|function|fn|fun|interface|enum|struct|trait|type|const|let|var|void|module)\s+"
    r"(?:\([^)\n]{0,80}\)\s*)?"
    r"|^(?=[A-Z_]{4,}\s*=)|\b(?:public|private|protected|static|final)\s+[\w<>\[\], ]{1,60}?\s)"
    r"(?P<name>[A-Za-z_]\w{3,})"
)
# A check by another function, as far as its name says so.
_HELPER = re.compile(r"(?:test|check|verify|validate|compare|assert|expect|run)\w*\(", re.IGNORECASE)
_OFF: Mapping[str, re.Pattern[str]] = {
    "python": re.compile(
        r"\s*(?:@pytest\.mark\.skip\b(?!if)|@(?:unittest\.)?skip\(|pytestmark\s*=\s*pytest\.mark\.skip\b(?!if))"
    ),
    "javascript": re.compile(
        r"\s*(?:(?:it|test|describe|context|suite)\.skip\s*[(.]|x(?:it|test|describe|context)\(\s*['\"`])"
    ),
    "java": re.compile(r"\s*@(?:Ignore|Disabled)\b(?!On|If|In|For|Until)"),
    "rust": re.compile(r"\s*#\[ignore\b"),
    "go": re.compile(r"\tt\.Skip(?:Now|f)?\("),
    "ruby": re.compile(r"\s*(?:xit|xdescribe|xcontext|pending)[ (]['\"]"),
    "php": re.compile(r"\s{0,8}\$this->markTestSkipped\("),
    "csharp": re.compile(r"\s*\[(?:Ignore|Fact\(Skip|Theory\(Skip)"),
}


@dataclass(slots=True)
class _Removed:
    path: str
    case: Case


@dataclass(slots=True)
class _Tests:
    removed: list[_Removed] = field(default_factory=list)
    added: list[tuple[str, Case]] = field(default_factory=list)
    undefined: set[str] = field(default_factory=set)
    defined: set[str] = field(default_factory=set)

    def file(self, file: FileChange) -> Iterable[Finding]:
        """Note what comes and goes; tell at once what was emptied or switched off."""
        if not has_tests(file.path):
            self._definitions(file)
            return ()
        if file.new_text is None and file.old_text is None and not file.hunks:
            return ()
        if language(file.path) == "rust":
            self._definitions(file)
        old, new = _sides(file)
        self._compare(file, old, new)
        return [*_emptied(file, old, new), *_off(file, old)]

    def end(self) -> Iterable[Finding]:
        """Tell which tests are gone."""
        names = Counter(case.name for _, case in self.added)
        bodies = [frozenset(case.body) for _, case in self.added if case.body]
        gone = self.undefined - self.defined - {one.case.name for one in self.removed}
        rewritten = Counter(path for path, _ in self.added)
        lost = [one for one in self.removed if not self._elsewhere(one, names, bodies, gone)]
        by_file: dict[str, list[_Removed]] = {}
        for one in lost:
            by_file.setdefault(one.path, []).append(one)
        for path, ones in by_file.items():
            if len(ones) > rewritten[path]:
                yield from _gone(path, ones)

    def _definitions(self, file: FileChange) -> None:
        for line in file.lines():
            if line.kind != " " and len(line.text) <= 1000 and (found := _DEFINED.search(line.text)):
                (self.undefined if line.kind == "-" else self.defined).add(found["name"])

    def _compare(self, file: FileChange, old: list[Case], new: list[Case]) -> None:
        before, after = Counter(case.name for case in old), Counter(case.name for case in new)
        deleted = {line.number for line in file.lines("-")}
        for case in old:
            if before[case.name] > after[case.name] and case.line in deleted:
                self.removed.append(_Removed(file.path, case))
                before[case.name] -= 1
        self.added += [(file.path, case) for case in new if after[case.name] > before[case.name]]

    def _elsewhere(self, one: _Removed, names: Mapping[str, int], bodies: list[frozenset[str]], gone: set[str]) -> bool:
        """Whether it was moved, renamed or taken into another test, or what it tested is gone too."""
        if names[one.case.name]:
            return True
        mine = frozenset(one.case.body)
        if mine and any(len(mine & other) * 2 >= len(mine) for other in bodies):
            return True
        return any(not gone.isdisjoint(_WORDS.findall(text)) for text in (one.case.name, *one.case.body))


def begin(change: Change, settings: Mapping[str, Any]) -> Look:
    """A look at the tests on both sides."""
    return _Tests()


def _sides(file: FileChange) -> tuple[list[Case], list[Case]]:
    """Tests before and after; of a bare patch those that its hunks show."""
    if file.old_text is None and file.new_text is None:
        old = [(line.old, line.text) for line in file.lines() if line.old is not None]
        new = [(line.new, line.text) for line in file.lines() if line.new is not None]
    else:
        old = list(enumerate(text_lines(file.old_text or ""), 1))
        new = list(enumerate(text_lines(file.new_text or ""), 1))
    return cases(file.old_path or file.path, old) if has_tests(file.old_path or file.path) else [], cases(
        file.path, new
    )


def _gone(path: str, ones: list[_Removed]) -> Iterator[Finding]:
    """One finding for each test, or one for all where there are many."""
    if len(ones) > 3:
        names = ", ".join(one.case.name for one in ones[:3])
        said = f"{len(ones)} tests are removed, and nothing in this change takes their place: {names}, ..."
        yield _finding("removed", path, ones[0].case.line, said)
        return
    for one in ones:
        said = f"The test {one.case.name} is removed, and nothing in this change takes its place."
        yield _finding("removed", path, one.case.line, said)


def _emptied(file: FileChange, old: list[Case], new: list[Case]) -> Iterator[Finding]:
    """Tests that still stand and check less."""
    before = Counter(case.name for case in old)
    after = {case.name: case for case in new}
    deleted = {line.number for line in file.lines("-")}
    for case in old:
        now = after.get(case.name)
        if now is None or before[case.name] > 1 or len(now.checks) >= len(case.checks):
            continue
        lost = [number for number in case.checks if number in deleted]
        if lost and not now.checks and not any(_HELPER.search(line[:2000]) for line in now.body):
            said = f"The test {case.name} checks nothing any more."
            yield _finding("emptied", file.path, lost[0], said)


def _off(file: FileChange, old: list[Case]) -> Iterator[Finding]:
    expression = _OFF.get(language(file.path))
    if expression is None or not is_test(file.path):
        return
    known = {case.name for case in old}
    lines = {line.new: line.text for line in file.lines() if line.new is not None}
    before = Counter(bool(expression.match(line.text)) for line in file.lines("-"))[True]
    found = [line for line in file.lines("+") if len(line.text) <= 1000 and expression.match(line.text)]
    for line in found[before:] if before < len(found) else []:
        near = " ".join(lines.get(line.number + step, "") for step in range(-2, 6))
        was = any(name in near for name in known)
        yield Finding(
            "tests/skipped",
            "A test is switched off." if was else "A test comes in switched off.",
            Severity.MINOR if was else Severity.INFO,
            Place(file.path, line.number, line.number),
            "tests",
            confidence=0.8,
        )


def _finding(rule: str, path: str, line: int, said: str) -> Finding:
    return Finding(
        f"tests/{rule}",
        said,
        Severity.MINOR,
        Place(path, line, line, side="LEFT"),
        "tests",
        confidence=0.7,
    )
