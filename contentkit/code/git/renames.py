"""Renames in a change that is too big to compare every file with every other: those that kept their file name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from posixpath import basename

import pygit2

from contentkit.code.git.repository import Missing, data, size
from contentkit.code.reading.texts import LINK, SUBMODULE, Entry
from contentkit.core.change import Status

_ALIKE = 75
"""Percent that a file of the same name must have in common; git asks for as much (diffcore-rename.c)."""
_LARGEST = 1_000_000


def kept_names(repository: pygit2.Repository, entries: Sequence[Entry]) -> list[Entry]:
    """The entries with files joined that went and came under one name, where that name is the only one of its kind."""
    gone = _unique(entry for entry in entries if entry.status is Status.DELETED)
    come = _unique(entry for entry in entries if entry.status is Status.ADDED)
    pairs: dict[str, Entry] = {}
    for name in gone.keys() & come.keys():
        if alike := _alike(repository, gone[name], come[name]):
            pairs[come[name].path] = gone[name]._replace(alike=alike)
    left = {old.path for old in pairs.values()}
    return [
        _joined(pairs[entry.path], entry) if entry.status is Status.ADDED and entry.path in pairs else entry
        for entry in entries
        if entry.status is not Status.DELETED or entry.path not in left
    ]


def _unique(entries: Iterable[Entry]) -> dict[str, Entry]:
    named: dict[str, Entry | None] = {}
    for entry in entries:
        name = basename(entry.path)
        named[name] = None if name in named else entry
    return {name: entry for name, entry in named.items() if entry is not None}


def _alike(repository: pygit2.Repository, old: Entry, new: Entry) -> int:
    """Percent of the bytes that stand in lines of both files; 0 below what a rename needs."""
    special = (LINK, SUBMODULE)
    if not new.new_id or old.old_mode in special or new.new_mode in special:
        return 0  # of the work tree, or no plain file
    try:
        sizes = size(repository, old.old_id), size(repository, new.new_id)
        if not min(sizes) or max(sizes) > _LARGEST or min(sizes) * 100 < max(sizes) * _ALIKE:
            return 0
        before = Counter(data(repository, old.old_id).split(b"\n"))
        after = Counter(data(repository, new.new_id).split(b"\n"))
    except Missing:
        return 0
    common = sum(min(count, after[line]) * (len(line) + 1) for line, count in before.items() if line in after)
    alike = min(100, common * 100 // max(sizes))
    return alike if alike >= _ALIKE else 0


def _joined(old: Entry, new: Entry) -> Entry:
    return new._replace(
        status=Status.RENAMED, old_path=old.path, old_mode=old.old_mode, old_id=old.old_id, alike=old.alike
    )
