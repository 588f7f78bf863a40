"""The attributes of .gitattributes that say what is not worth a review: ``diff`` and linguist's.

Read by hand and not by libgit2, whose look-up always takes the work tree's and the index's files too: where the change
under review is checked out, those are its own, and it could hide itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from contentkit.code.reading.patterns import Pattern, pattern

NAMES = ("diff", "linguist-generated", "linguist-vendored")
Value = bool | str | None
_LINE = re.compile(r'\s*("(?:[^"\\]|\\.)*"|\S+)\s*(.*)')


class Attributes:
    """Attributes of one tree.

    Args:
        read: a file of the tree by path, None where there is none.
    """

    def __init__(self, read: Callable[[str], str | None]) -> None:
        self._read = read
        self._files: dict[str, list[tuple[Pattern, Mapping[str, Value]]]] = {}

    def of(self, path: str) -> dict[str, Value]:
        """True, False ("-name"), a word, or None for what nothing is said of."""
        found: dict[str, Value] = dict.fromkeys(NAMES)
        folders = path.split("/")[:-1]
        for depth in range(len(folders) + 1):
            for one, values in self._file("/".join(folders[:depth])):
                if one.regex.fullmatch(path):
                    found.update(values)
        return found

    def _file(self, folder: str) -> list[tuple[Pattern, Mapping[str, Value]]]:
        if folder not in self._files:
            text = self._read(f"{folder}/.gitattributes" if folder else ".gitattributes") or ""
            self._files[folder] = [found for line in text.split("\n") if (found := _rule(line, folder))]
        return self._files[folder]


def _rule(line: str, folder: str) -> tuple[Pattern, Mapping[str, Value]] | None:
    match = _LINE.match(line.rstrip("\r"))
    if not match or match[1].startswith(("#", "!", "[attr]")):
        return None
    glob = re.sub(r"\\(.)", r"\1", match[1][1:-1]) if match[1].startswith('"') else match[1]
    one = pattern(glob, folder)
    values = dict(value for word in match[2].split() for value in _values(word))
    return (one, values) if one and values and not one.folders else None


def _values(word: str) -> list[tuple[str, Value]]:
    if word == "binary":  # git's one macro
        return [("diff", False)]
    name, equals, value = word.partition("=")
    said: Value = value if equals else True
    if name.startswith("-"):
        name, said = name[1:], False
    elif name.startswith("!"):
        name, said = name[1:], None
    return [(name, said)] if name in NAMES else []
