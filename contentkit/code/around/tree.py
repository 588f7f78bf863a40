"""The files of a repository after a change: found by name, by folder, by nearness, and the texts read last."""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from posixpath import basename, dirname, splitext
from weakref import WeakKeyDictionary

from contentkit.core.change import Change
from contentkit.core.errors import ContentkitError

_LONGEST = 200_000
"""Characters of a file that is read for context."""

_KEPT = 8_000_000
"""Characters of the texts that are kept, so that memory does not grow with the repository."""


class Tree:
    """Paths, each question about them answered in time that hardly grows with their number."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = sorted(paths)
        self._families: dict[tuple[str, ...], list[str]] = {}

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self._paths)

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        names: dict[str, list[str]] = {}
        for path in self._paths:
            names.setdefault(basename(path), []).append(path)
        return names

    def __contains__(self, path: str) -> bool:
        return path in self._known

    def ending(self, tail: str) -> list[str]:
        """Paths whose last parts are those of ``tail``; the shortest first."""
        named = self._names.get(basename(tail), [])
        return sorted((path for path in named if path == tail or path.endswith(f"/{tail}")), key=len)

    def folder(self, folder: str, suffix: str) -> list[str]:
        """Files right in a folder."""
        return [path for path in self._below(self._family((suffix,)), folder) if dirname(path) == folder]

    def near(self, path: str, suffixes: tuple[str, ...], most: int) -> list[str]:
        """Other files that end so: at most ``most``, those first that share more folders with ``path``."""
        found: dict[str, None] = {}
        folder = path
        while folder and len(found) <= most:
            folder = dirname(folder)
            for each in self._below(self._family(suffixes), folder):
                found[each] = None
                if len(found) > most:
                    break
        found.pop(path, None)
        return list(found)[:most]

    def _family(self, suffixes: tuple[str, ...]) -> list[str]:
        if suffixes not in self._families:
            self._families[suffixes] = [path for path in self._paths if splitext(path)[1] in suffixes]
        return self._families[suffixes]

    def _below(self, paths: Sequence[str], folder: str) -> Iterator[str]:
        start = f"{folder}/" if folder else ""
        at = bisect_left(paths, start)
        while at < len(paths) and paths[at].startswith(start):
            yield paths[at]
            at += 1


class Files:
    """The tree after a change and its texts. One for a change, however many of its files are looked at."""

    def __init__(self, change: Change) -> None:
        self.tree = Tree(change.tree())
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._size = 0

    @classmethod
    def of(cls, change: Change) -> Files:
        if change not in _OPEN:
            _OPEN[change] = cls(change)
        return _OPEN[change]

    def text(self, change: Change, path: str) -> str:
        """A file's text; "" where there is none, or too much of it."""
        if path in self._texts:
            self._texts.move_to_end(path)
            return self._texts[path]
        try:
            text = change.text(path) or ""
        except ContentkitError:
            text = ""  # a blob that a partial clone lacks: context is a help, no duty
        self._texts[path] = text = text if len(text) <= _LONGEST else ""
        self._size += len(text)
        while self._size > _KEPT:
            self._size -= len(self._texts.popitem(last=False)[1])
        return text


_OPEN: WeakKeyDictionary[Change, Files] = WeakKeyDictionary()
"""What was read of the changes that are open; gone with them."""
