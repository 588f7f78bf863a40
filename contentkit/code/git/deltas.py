"""Which files differ between two sides, with renames, as git lists them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

import pygit2
from pygit2.ffi import C, ffi

from contentkit.code.git.renames import kept_names
from contentkit.code.git.repository import shown
from contentkit.code.git.select import Sides
from contentkit.code.reading.narrow import Narrow
from contentkit.code.reading.texts import Entry
from contentkit.core.change import Status

_OPTION = pygit2.enums.DiffOption
_FLAGS = _OPTION.INCLUDE_TYPECHANGE | _OPTION.INDENT_HEURISTIC
_UNTRACKED = _OPTION.INCLUDE_UNTRACKED | _OPTION.RECURSE_UNTRACKED_DIRS | _OPTION.SHOW_UNTRACKED_CONTENT
_KINDS = pygit2.enums.DeltaStatus
_STATUS = {
    _KINDS.ADDED: Status.ADDED,
    _KINDS.UNTRACKED: Status.ADDED,
    _KINDS.DELETED: Status.DELETED,
    _KINDS.MODIFIED: Status.MODIFIED,
    _KINDS.RENAMED: Status.RENAMED,
    _KINDS.COPIED: Status.COPIED,
    _KINDS.TYPECHANGE: Status.TYPE,
    _KINDS.CONFLICTED: Status.MODIFIED,
    _KINDS.UNREADABLE: Status.MODIFIED,
}
_PAIRS = 250_000
"""Pairs of a deleted and an added file that are compared at most, which takes a second or two."""
_EVERY = 1_000_000
"""libgit2's own limit of files that one is compared with: out of the way, since it says nothing when it is reached."""
_NO_ID = "0" * 40
_EXACT = pygit2.enums.DiffFind.FIND_EXACT_MATCH_ONLY


class Delta(NamedTuple):
    """A file that differs.

    Attributes:
        raw: the path's bytes, of the new side or, for a deleted file, the old one.
        at: its place in the diff that it came from.
        failed: why it can't be read, "" when it can.
    """

    entry: Entry
    raw: bytes
    at: int
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Deltas:
    """What differs, ordered by path, and what the user should know of it.

    Attributes:
        deltas: what the user asked for.
        every: all that differs.
    """

    deltas: tuple[Delta, ...]
    every: tuple[Delta, ...]
    diff: pygit2.Diff | None
    notices: tuple[str, ...] = ()


def deltas(repository: pygit2.Repository, sides: Sides, narrow: Narrow) -> Deltas:
    """The files that differ and that the user asked for."""
    diff = _diff(repository, sides)
    notices = []
    whole = True
    copies = _copies(repository)
    try:
        whole = _similar(diff, copies)
    except (pygit2.GitError, KeyError) as error:
        diff = _diff(repository, sides)
        try:
            whole = not any(_pairs(diff, copies))
            diff.find_similar(_find(copies) | _EXACT, rename_limit=_EVERY)
        except (pygit2.GitError, KeyError):
            diff = _diff(repository, sides)
            notices.append(f"Renames were not looked for: {str(error).strip(chr(39))}.")
    every = tuple(
        one
        for at, delta in enumerate(diff.deltas)
        if (one := _delta(delta, at)) is not None and not _hidden(repository, one, sides.kind)
    )
    if not whole:
        every, said = _by_name(repository, every)
        notices += said
    wanted = tuple(one for one in every if narrow.takes(one.entry.path) or narrow.takes(one.entry.old_path))
    return Deltas(wanted, every, diff, tuple(notices))


def _diff(repository: pygit2.Repository, sides: Sides) -> pygit2.Diff:
    if sides.kind == "index":
        staged: pygit2.Diff = repository.index.diff_to_tree(sides.old, _FLAGS)
        return staged
    if sides.kind == "worktree":
        return sides.old.diff_to_workdir(_FLAGS | _UNTRACKED)
    assert sides.new is not None
    return sides.old.diff_to_tree(sides.new, _FLAGS)


def _copies(repository: pygit2.Repository) -> bool:
    """Whether the user has git look for copies as well (diff.renames)."""
    try:
        return str(repository.config["diff.renames"]).lower() in ("copies", "copy")
    except (KeyError, pygit2.GitError):
        return False


def _similar(diff: pygit2.Diff, copies: bool) -> bool:
    """Finds renames as git does: first the same content, then similar ones. False: those are too many to compare."""
    new, old = _pairs(diff, copies)
    if new * old > _PAIRS:
        # libgit2 may stumble the second time, where a file that is gone is like one that was found the first time.
        diff.find_similar(_find(copies) | _EXACT, rename_limit=_EVERY)
        new, old = _pairs(diff, copies)
        if new * old > _PAIRS:
            return False
    if new:
        diff.find_similar(_find(copies), rename_limit=_EVERY)
    return True


def _find(copies: bool) -> pygit2.enums.DiffFind:
    find = pygit2.enums.DiffFind
    return find.FIND_RENAMES | find.FIND_FOR_UNTRACKED | (find.FIND_COPIES if copies else find.FIND_BY_CONFIG)


def _by_name(repository: pygit2.Repository, every: tuple[Delta, ...]) -> tuple[tuple[Delta, ...], list[str]]:
    """With files joined that kept their name, and what the user should know of the others."""
    of = {delta.entry.path: delta for delta in every if delta.entry.status is not Status.DELETED}
    gone = {delta.entry.path: delta for delta in every if delta.entry.status is Status.DELETED}
    joined = kept_names(repository, [delta.entry for delta in every])
    found = tuple(
        (gone if entry.status is Status.DELETED else of)[entry.path]._replace(entry=entry) for entry in joined
    )
    kinds = Counter(entry.status for entry in joined)
    come, left = kinds[Status.ADDED], kinds[Status.DELETED]
    said = (
        f"{come:,} files come and {left:,} go, too many to compare each with each: only files that are the same or "
        "kept their name were taken as renamed."
    )
    return found, [said] if come and left else []


def _pairs(diff: pygit2.Diff, copies: bool) -> tuple[int, int]:
    """How many files come, and from how many others they may come."""
    kinds = Counter(delta.status for delta in diff.deltas)
    new, old = kinds[_KINDS.ADDED] + kinds[_KINDS.UNTRACKED], kinds[_KINDS.DELETED]
    old += kinds[_KINDS.MODIFIED] if copies else 0
    return (new, old) if new and old else (0, 0)


def _delta(delta: pygit2.DiffDelta, at: int) -> Delta | None:
    status = _STATUS.get(delta.status)
    if status is None:
        return None
    old, new = delta.old_file, delta.new_file
    added, deleted = status is Status.ADDED, status is Status.DELETED
    raw = old.raw_path if deleted else new.raw_path
    path = shown(raw)
    moved = status in (Status.RENAMED, Status.COPIED)
    entry = Entry(
        path=path.rstrip("/"),
        status=status,
        old_path=shown(old.raw_path) if moved else path.rstrip("/"),
        old_mode=0 if added else int(old.mode),
        new_mode=0 if deleted else int(new.mode),
        old_id="" if added else _id(old),
        new_id="" if deleted else _id(new),
        alike=delta.similarity,
    )
    if delta.status == _KINDS.CONFLICTED:
        return Delta(entry, raw, at, "it has a merge conflict that is not resolved yet")
    if delta.status == _KINDS.UNREADABLE:
        return Delta(entry, raw, at, "it can't be read")
    return Delta(entry, raw, at)


def _id(file: pygit2.DiffFile) -> str:
    name = str(file.id)
    return "" if name == _NO_ID else name


_VALID = 1 << 15
_INTENT_TO_ADD, _SKIP_WORKTREE = 1 << 13, 1 << 14


def _hidden(repository: pygit2.Repository, delta: Delta, kind: str) -> bool:
    """What git's own diff leaves out.

    That is ``git add -N`` when staged, what a sparse checkout does not check out, and files of the work tree that git
    was told not to look at (``update-index --assume-unchanged``, ``--skip-worktree``).
    """
    if kind == "index" and delta.entry.status is Status.ADDED:
        return bool(_indexed(repository, delta.raw).extended & _INTENT_TO_ADD)
    if kind == "worktree" and delta.entry.status in (Status.DELETED, Status.MODIFIED, Status.TYPE):
        indexed = _indexed(repository, delta.raw)
        gone = delta.entry.status is Status.DELETED
        if indexed.flags & _VALID or (indexed.extended & _SKIP_WORKTREE and (gone or not _is_sparse(repository))):
            # A file that is there although it is not checked out is looked at. What is staged of one can be seen.
            return gone or indexed.name == delta.entry.old_id
    return False


def _is_sparse(repository: pygit2.Repository) -> bool:
    try:
        return repository.config.get_bool("core.sparseCheckout")
    except (KeyError, pygit2.GitError, ValueError):
        return False


class _Indexed(NamedTuple):
    flags: int = 0
    extended: int = 0
    name: str = ""


def _indexed(repository: pygit2.Repository, raw: bytes) -> _Indexed:
    """An entry of the index with its flags, which pygit2's IndexEntry does not carry."""
    entry = C.git_index_get_bypath(repository.index._index, raw, 0)
    if entry == ffi.NULL:
        return _Indexed()
    return _Indexed(int(entry.flags), int(entry.flags_extended), bytes(ffi.buffer(entry.id.id)).hex())
