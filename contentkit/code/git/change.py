"""A change between two sides of a repository, read file by file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

import pygit2

from contentkit.code.git.deltas import Delta, Deltas
from contentkit.code.git.repository import Missing, data, shown, size
from contentkit.code.git.select import Sides
from contentkit.code.patches.patch import Broken, applied
from contentkit.code.reading.limits import Limits
from contentkit.code.reading.skip import Rules
from contentkit.code.reading.texts import LINK, SUBMODULE, bare, file_change, text_of
from contentkit.core.change import FileChange, Side, Status
from contentkit.core.errors import UsageError

_FOLDER = 0o040000
_WORK = "work tree"


class GitChange:
    """See ``core.change.Change``. Nothing of a file is kept once it was yielded."""

    def __init__(self, repository: pygit2.Repository, sides: Sides, found: Deltas, limits: Limits) -> None:
        self.title = sides.title if found.deltas else sides.nothing
        self.base, self.head = sides.base, sides.head
        self.own = sides.kind != "tree"
        self.root = "" if repository.is_bare else str(repository.workdir)
        self.notices: Sequence[str] = [*sides.notices, *found.notices]
        self.message = sides.message
        self._repository = repository
        self._sides = sides
        self._diff = found.diff
        self._deltas = found.deltas
        self._every = found.every
        self._trees: dict[Side, dict[str, str]] = {}
        self.bound(limits)

    def bound(self, limits: Limits) -> None:
        """Read under other limits from now on. They may come from settings that only an open change leads to."""
        self._limits = limits
        self._rules = Rules(self._rule_file, limits.ignore)

    def __len__(self) -> int:
        return len(self._deltas)

    def __iter__(self) -> Iterator[FileChange]:
        return (self._file(delta) for delta in self._deltas)

    def paths(self) -> Sequence[str]:
        """See ``Change.paths``."""
        return [delta.entry.path for delta in self._deltas]

    def file(self, path: str) -> FileChange:
        """See ``Change.file``."""
        return self._file(self._delta_of[path])

    @cached_property
    def _delta_of(self) -> dict[str, Delta]:
        """What the user asked for by its path; the first of two, where a file went and another took its place."""
        return {delta.entry.path: delta for delta in reversed(self._deltas)}

    @cached_property
    def _every_of(self) -> dict[str, Delta]:
        return {delta.entry.path: delta for delta in reversed(self._every)}

    def tree(self, side: Side = "RIGHT") -> Sequence[str]:
        """See ``Change.tree``."""
        return list(self._tree(side))

    def text(self, path: str, side: Side = "RIGHT") -> str | None:
        """See ``Change.text``."""
        name = self._tree(side).get(path)
        if not name:
            return None
        try:
            content = self._of_work(path) if name == _WORK else self._limited(name)
        except (UsageError, OSError, pygit2.GitError, KeyError):  # not there, not readable, in conflict
            return None
        text = text_of(content, path) if content is not None else None
        return text.text if text else None

    def _limited(self, name: str) -> bytes | None:
        small = size(self._repository, name) <= self._limits.max_bytes
        return data(self._repository, name) if small else None

    def _of_work(self, path: str) -> bytes | None:
        """A file of the work tree that differs from HEAD."""
        delta = self._every_of[path]
        small = max(self._sizes(delta)) <= self._limits.max_bytes
        return self._sides_of(delta)[1] if small else None

    def _tree(self, side: Side) -> dict[str, str]:
        """Every file's id by path; submodules are none. Links, and changed files of the work tree, have no id."""
        if side not in self._trees:
            if side == "RIGHT" and self._sides.kind == "index":
                index = self._repository.index
            else:
                index = pygit2.Index()
                index.read_tree(self._sides.new if side == "RIGHT" and self._sides.new else self._sides.old)
            files = {
                _path(entry.path): "" if mode == LINK else str(entry.id)
                for entry in index
                if (mode := int(entry.mode)) != SUBMODULE
            }
            if side == "RIGHT" and self._sides.kind == "worktree":
                for delta in self._every:
                    if delta.entry.status is not Status.COPIED:
                        files.pop(delta.entry.old_path, None)
                for delta in self._every:
                    if delta.entry.new_mode not in (0, SUBMODULE, _FOLDER):
                        files[delta.entry.path] = "" if delta.entry.new_mode == LINK else _WORK
            self._trees[side] = files
        return self._trees[side]

    def _rule_file(self, path: str) -> str | None:
        """A file that rules come from: the user's own for their own work, else the base's, never the head's."""
        if self.own and self.root:
            file = Path(self.root, path)
            try:
                return file.read_text(encoding="utf-8", errors="replace") if file.is_file() else None
            except OSError:
                return None
        try:
            found = self._sides.old[path]
        except KeyError:
            return None
        return found.data.decode("utf-8", "replace") if isinstance(found, pygit2.Blob) else None

    def _file(self, delta: Delta) -> FileChange:
        entry = delta.entry
        if delta.failed:
            return bare(entry, failed=delta.failed)
        if entry.new_mode == _FOLDER:
            return bare(entry, skipped="another git repository inside this one")
        skipped = self._rules.by_path(entry.path)
        try:
            before, after = self._sizes(delta)
            if max(before, after) > self._limits.max_bytes:
                said = f"{max(before, after):,} bytes, over the limit of {self._limits.max_bytes:,}"
                return bare(entry, size=after or before, skipped=skipped or said)
            old, new = self._sides_of(delta)
            return self._rules.judged(file_change(entry, old, new, skipped=skipped))
        except Missing as error:
            return bare(entry, failed=error.message)
        except Broken as error:
            return bare(entry, failed=f"git's diff of it can't be read: {error.message}")
        except (OSError, pygit2.GitError, KeyError) as error:
            return bare(entry, failed=f"it can't be read: {error}")

    def _sizes(self, delta: Delta) -> tuple[int, int]:
        entry = delta.entry
        work = self._sides.kind == "worktree"
        before = size(self._repository, entry.old_id) if entry.old_mode not in (0, SUBMODULE) else 0
        if entry.new_mode in (0, SUBMODULE):
            return before, 0
        return before, self._path(delta).lstat().st_size if work else size(self._repository, entry.new_id)

    def _path(self, delta: Delta) -> Path:
        return Path(os.fsdecode(os.path.join(os.fsencode(self.root), delta.raw)))

    def _sides_of(self, delta: Delta) -> tuple[bytes | None, bytes | None]:
        entry = delta.entry
        old = self._stored(entry.old_mode, entry.old_id)
        if self._sides.kind == "worktree" and entry.new_mode not in (0, SUBMODULE):
            return old, self._work(delta, old)
        return old, self._stored(entry.new_mode, entry.new_id)

    def _stored(self, mode: int, name: str) -> bytes | None:
        if not mode:
            return None
        return f"Subproject commit {name}\n".encode() if mode == SUBMODULE else data(self._repository, name)

    def _work(self, delta: Delta, old: bytes | None) -> bytes:
        """A file of the work tree as git would store it (line ends converted): what git's own diff says of it."""
        assert self._diff is not None
        path = self._path(delta)
        if delta.entry.new_mode == LINK:
            return os.fsencode(os.readlink(path))
        if delta.entry.status is Status.TYPE:
            return path.read_bytes()
        patch = self._diff[delta.at]
        if patch is None or patch.delta.is_binary:
            return path.read_bytes()
        begin = patch.data.find(b"\n@@ -")
        return applied(old or b"", patch.data[begin + 1 :] if begin >= 0 else b"")


def _path(path: str) -> str:
    """An entry's path as paths are shown; pygit2 keeps bytes that are no UTF-8 as lone surrogates."""
    return path if path.isascii() else shown(path.encode("utf-8", "surrogateescape"))
