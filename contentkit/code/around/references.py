"""What changed lines call, and who calls what they define; by names, without running or resolving anything more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from posixpath import dirname, splitext

from contentkit.code.around.definitions import Definition, words
from contentkit.code.around.imports import Import, paths
from contentkit.code.around.outline import Outline, outline
from contentkit.code.around.tree import Files, Tree
from contentkit.core.change import Change, FileChange

_WIDEST = 1_000
"""Characters of a line that names are looked for in."""

_DEFINITIONS = 6
_FILES = 60
"""Files that are searched for callers at most, the nearest first."""

_CALLERS = 3
_SHORT = 24
_FIRST = 12
"""A definition of more than ``_SHORT`` lines is shown by so many of its first ones."""

_STRING = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'")
_COMMENT = re.compile(r"(?:^|\s)(?:#|//).*|^\s*(?:\*|--\s).*")
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_CALL = re.compile(
    r"(?<![\w$.])((?:[A-Za-z_$][\w$]{0,80}(?:\.|::|->)){0,6})([A-Za-z_$][\w$]{0,80})(?:<[\w, ]{1,40}>)?\("
)
_WORDS = words(
    "if for while switch catch return def func function fn class with and or not in is print len str int range list"
    " dict set super new await async yield elif except assert raise throw typeof sizeof make append lambda constructor"
)
_GENERIC = words("main init test setup close read write open call apply next update value values items keys toString")
_SCRIPTS = (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".vue", ".svelte")
_OWN = words("self this cls super")


@dataclass(slots=True)
class Reader:
    """Files of the repository after the change, and their outlines. The changed one is taken as it is reviewed."""

    file: FileChange
    change: Change
    _outlines: dict[str, Outline] = field(default_factory=dict)

    def text(self, path: str) -> str:
        """A file's text; "" where there is none, or too much of it."""
        return (self.file.new_text or "") if path == self.file.path else Files.of(self.change).text(self.change, path)

    def outline(self, path: str) -> Outline:
        if path not in self._outlines:
            self._outlines[path] = outline(path, self.text(path))
        return self._outlines[path]

    @property
    def tree(self) -> Tree:
        return Files.of(self.change).tree


def names(lines: Iterable[str]) -> set[str]:
    """Every name in lines of code."""
    return {name for line in lines for name in _NAME.findall(_bare(line))}


def called(reader: Reader, added: Sequence[str], known: Sequence[Import]) -> Iterator[tuple[str, Definition, int, str]]:
    """What the lines call, where the repository defines it: path, definition, its last line to show, and why."""
    calls = dict.fromkeys(found.groups() for line in added for found in _CALL.finditer(_bare(line)))
    left = _DEFINITIONS
    for holder, name in calls:
        if name in _WORDS or left <= 0:
            continue
        for path, found in _defined(reader, re.split(r"\.|::|->", holder)[0], name, known):
            left -= 1
            if found.last - found.first < _SHORT:
                yield path, found, found.last, f"called: {name}"
            else:
                yield path, found, max(found.head, found.first + _FIRST - 1), f"called: {name}, its first lines"


def _defined(reader: Reader, holder: str, name: str, known: Sequence[Import]) -> list[tuple[str, Definition]]:
    """The definitions that a call may mean, if they are few."""
    path = reader.file.path
    told = next((each for each in known if (holder or name) in each.names), None)
    if told is None or holder in _OWN:
        own = reader.outline(path).named(name)
        if own or holder in _OWN:
            return [(path, found) for found in own] if len(own) <= 2 else []
    if told is not None:
        where = paths(path, told, holder or name, reader.tree)
        wanted = name if holder else (told.names[name] or name)
    else:
        where, wanted = _neighbours(reader, path, holder, name), name
    start = re.compile(rf"\b{re.escape(wanted)}\b")
    found = ((each, reader.outline(each).named(wanted)) for each in where if start.search(reader.text(each)))
    for each, definitions in found:
        if definitions:
            return [(each, definitions[0])] if len(definitions) <= 2 else []
    return []


def _neighbours(reader: Reader, path: str, holder: str, name: str) -> list[str]:
    """Files that need no import: of Go those of the package, of Java and its like the class's own."""
    suffix = splitext(path)[1]
    if suffix == ".go" and not holder:
        return [each for each in reader.tree.folder(dirname(path), ".go") if each != path][:_FILES]
    if suffix in (".java", ".kt", ".cs") and (holder or name)[:1].isupper():
        return paths(path, Import(0, 0, ""), holder or name, reader.tree)
    return []


def callers(reader: Reader, name: str) -> list[tuple[str, int]]:
    """Path and line of calls of ``name``, in the changed file and in those of its language that lie nearest."""
    if len(name) < 4 or name.startswith("__") or name in _GENERIC or name in _WORDS:
        return []
    path = reader.file.path
    call = re.compile(rf"(?<![\w$]){re.escape(name)}\s*\(")
    found: list[tuple[str, int]] = []
    suffix = splitext(path)[1]
    family = _SCRIPTS if suffix in _SCRIPTS else (suffix,)
    for each in [path, *reader.tree.near(path, family, _FILES)]:
        text = reader.text(each)
        if name not in text:
            continue
        heads = {line for found in reader.outline(each).named(name) for line in range(found.first, found.head + 1)}
        for number, line in enumerate(text.split("\n"), 1):
            if name in line and number not in heads and call.search(_bare(line)):
                found.append((each, number))
                if len(found) >= _CALLERS:
                    return found
    return found


def _bare(line: str) -> str:
    """A line of code without strings and comments, as far as one line tells."""
    return _COMMENT.sub("", _STRING.sub('""', line[:_WIDEST]))
