"""What a source file defines and where: by Python's own parser, a tree-sitter grammar, or else the indentation."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from contentkit.code.around import grammars, indented, pysource
from contentkit.code.around.definitions import Definition

_MOST = 300_000
"""Characters of a file that is parsed; a longer one is read by its indentation, which takes no time."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The definitions of a file in the order of their first lines; one inside another comes after it.

    Attributes:
        parents: for each the index of what it stands in, -1 for the file.
        names: the definitions of each name.
    """

    definitions: tuple[Definition, ...] = ()
    parents: tuple[int, ...] = ()
    names: Mapping[str, list[Definition]] = field(default_factory=dict)

    @classmethod
    def of(cls, definitions: Iterable[Definition]) -> Outline:
        ordered = sorted(definitions, key=lambda each: (each.first, -each.last))
        parents: list[int] = []
        inside: list[int] = []
        names: dict[str, list[Definition]] = {}
        for at, each in enumerate(ordered):
            names.setdefault(each.name, []).append(each)
            while inside and ordered[inside[-1]].last < each.first:
                inside.pop()
            parents.append(inside[-1] if inside else -1)
            inside.append(at)
        return cls(tuple(ordered), tuple(parents), names)

    def around(self, line: int) -> list[Definition]:
        """What encloses the line, from the outside in."""
        at = bisect_right(self.definitions, line, key=lambda found: found.first) - 1
        found: list[Definition] = []
        while at >= 0:
            if self.definitions[at].last >= line:
                found.append(self.definitions[at])
            at = self.parents[at]
        return found[::-1]

    def named(self, name: str) -> list[Definition]:
        return self.names.get(name, [])


def outline(path: str, text: str) -> Outline:
    """The outline of a file; an empty one for what defines nothing that can be told."""
    suffix = PurePosixPath(path).suffix.lower()
    found: Iterable[Definition] | None = None
    if len(text) <= _MOST:
        found = pysource.definitions(text) if suffix in (".py", ".pyi") else grammars.definitions(suffix, text)
    if found is None:
        found = indented.definitions(text) if suffix in indented.SUFFIXES else ()
    return Outline.of(found)
