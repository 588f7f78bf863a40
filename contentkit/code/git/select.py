"""What the user asks to have reviewed, as two sides of a repository."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Literal

import pygit2

from contentkit.code.git.repository import (
    DEEPER,
    EMPTY_TREE,
    commit,
    find_repository,
    is_cut,
    known,
    message,
)
from contentkit.core.change import Selection
from contentkit.core.errors import UsageError
from contentkit.core.plural import counted

_MOST = 200
"""Commits whose messages are kept and that are counted exactly."""
_MAIN = ("origin/HEAD", "upstream/HEAD", "origin/main", "origin/master", "main", "master")


_GIVE = "Give a range, like main..topic."


@dataclass(frozen=True, slots=True)
class Sides:
    """Two sides of a repository.

    Attributes:
        old: the folder before the change.
        new: the folder after it; None where ``kind`` says index or work tree.
        nothing: the title when they turn out to be the same.
    """

    kind: Literal["tree", "index", "worktree"]
    old: pygit2.Tree
    new: pygit2.Tree | None
    title: str
    nothing: str
    base: str = ""
    head: str = ""
    notices: tuple[str, ...] = ()
    message: str = ""


def split(
    words: Sequence[str], *, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> tuple[str, tuple[str, ...]]:
    """``[RANGE] [--] [PATHS...]`` as typed, apart: the range ("" for none) and the paths.

    The first word is a range if it is written like one or names a commit; a branch wins over a file of the same name.
    """
    folder = cwd or Path.cwd()
    before, after = (list(words), [])
    if "" in before:
        raise UsageError("An empty word is neither a range nor a path.", hint="A variable in your script may be empty.")
    if "--" in before:
        cut = before.index("--")
        before, after = before[:cut], before[cut + 1 :]
        if len(before) > 1:
            raise UsageError(f"Before -- stands one range, not {len(before)} words.")
        return (before[0] if before else ""), tuple(after)
    if not before:
        return "", ()
    repository = find_repository(folder, os.environ if env is None else env)
    if repository is None or _is_path(repository, before[0], folder):
        return "", tuple(before)
    return before[0], tuple(before[1:])


def _is_path(repository: pygit2.Repository, word: str, cwd: Path) -> bool:
    if known(repository, word):
        return False
    if _there(cwd, word) or word.startswith(":("):
        return True
    return ".." not in word and any(char in word for char in "*?[")


def _there(cwd: Path, word: str) -> bool:
    try:
        return bool(word) and os.path.lexists(cwd / word)
    except (ValueError, OSError):
        return False


def candidates(repository: pygit2.Repository, selection: Selection) -> Iterator[Sides]:
    """The sides that a selection may mean, the first that differ are taken. Selection.diff is none of this module's.

    Raises:
        UsageError: contradictory wishes, unknown names, no common history, no work tree.
    """
    wishes = [
        name
        for name, wish in (
            ("a range", selection.range),
            ("--staged", selection.staged),
            ("--worktree", selection.worktree),
            ("--base", selection.base),
        )
        if wish
    ]
    if len(wishes) > 1:
        raise UsageError(f"Choose one of {' and '.join(wishes)}.")
    if selection.staged:
        yield _staged(repository)
    elif selection.worktree:
        yield _worktree(repository)
    elif selection.base:
        yield _since(repository, selection.base)
    elif selection.range:
        yield _range(repository, selection.range)
    else:
        yield from _meant(repository)


def _meant(repository: pygit2.Repository) -> Iterator[Sides]:
    """Staged, else the work tree, else what the branch adds."""
    nothing = "nothing is staged"
    if not repository.is_bare:
        yield replace(_staged(repository), nothing=f"{nothing} and there is no commit yet")
        yield replace(_worktree(repository), nothing=f"{nothing} or changed")
        nothing += " or changed"
    else:
        nothing = "this bare repository has no work tree"
    if repository.head_is_unborn:
        return
    name = "HEAD" if repository.head_is_detached else repository.head.shorthand
    for other in _others(repository):
        base = repository.merge_base(commit(repository, other).id, repository.head.target)
        if base is None:
            continue
        sides = _from(repository, base, repository[repository.head.target].peel(pygit2.Commit))
        yield replace(
            sides,
            title=f"{name} against {other}{_counted(repository, base, sides.head)}",
            nothing=f"{nothing}, and {name} has nothing that {other} lacks",
        )
    if repository.is_bare or not _others(repository):
        head = str(repository.head.target)
        tree = repository[repository.head.target].peel(pygit2.Tree)
        yield Sides("tree", tree, tree, "", f"{nothing}, and there is no branch to compare {name} with", head, head)


def _others(repository: pygit2.Repository) -> list[str]:
    """What the current branch is compared with: its upstream, then the default branch; without the branch itself."""
    found = []
    here = ""
    if not repository.head_is_detached:
        here = repository.head.shorthand
        branch = repository.branches.local.get(here)
        try:
            upstream = branch.upstream if branch is not None else None
        except (KeyError, ValueError):
            upstream = None  # it is configured, and gone
        if upstream is not None:
            found.append(upstream.shorthand)
    found += [name for name in _MAIN if name not in (here, *found) and known(repository, name)]
    return found


def _head(repository: pygit2.Repository) -> pygit2.Commit | None:
    return None if repository.head_is_unborn else commit(repository, "HEAD")


def _empty(repository: pygit2.Repository) -> pygit2.Tree:
    return repository[EMPTY_TREE].peel(pygit2.Tree)


def _staged(repository: pygit2.Repository) -> Sides:
    if repository.is_bare and not len(repository.index):
        raise UsageError("In a bare repository nothing is staged.", hint=_GIVE)
    head = _head(repository)
    old = head.tree if head else _empty(repository)
    title = "staged changes" if head else "staged changes before the first commit"
    return Sides("index", old, None, title, "nothing is staged", str(head.id) if head else "", "index")


def _worktree(repository: pygit2.Repository) -> Sides:
    if repository.is_bare:
        raise UsageError("A bare repository has no work tree.", hint=_GIVE)
    head = _head(repository)
    old = head.tree if head else _empty(repository)
    title = "work tree against HEAD" if head else "work tree before the first commit"
    nothing = "the work tree is as HEAD has it" if head else "the work tree is empty"
    return Sides("worktree", old, None, title, nothing, str(head.id) if head else "", "worktree")


def _since(repository: pygit2.Repository, name: str) -> Sides:
    head = commit(repository, "HEAD")
    base = _merge_base(repository, commit(repository, name), head, name, "HEAD")
    sides = _from(repository, base, head)
    title = f"HEAD since {name}"
    return replace(
        sides,
        title=f"{title}{_counted(repository, base, sides.head)}",
        nothing=f"HEAD has nothing that {name} lacks",
    )


def _range(repository: pygit2.Repository, wanted: str) -> Sides:
    if wanted.startswith("-"):
        raise UsageError(f"{wanted!r} is no range.")
    wanted = wanted.removesuffix("^!")  # git's word for a commit without its parents
    dots = "" if known(repository, wanted) else "..." if "..." in wanted else ".." if ".." in wanted else ""
    if not dots:
        return _one(repository, wanted)
    left, right = wanted.split(dots, 1)
    if left == EMPTY_TREE:  # a first push: all of the history is new
        newer = commit(repository, right)
        title = f"everything up to {newer.id!s:.10}"
        return Sides("tree", _empty(repository), newer.tree, title, f"{title}", "", str(newer.id))
    older, newer = commit(repository, left or "HEAD"), commit(repository, right or "HEAD")
    base = older.id
    if dots == "...":
        base = _merge_base(repository, older, newer, left or "HEAD", right or "HEAD")
    sides = _from(repository, base, newer)
    return replace(
        sides,
        title=f"{wanted}{_counted(repository, base, sides.head)}",
        nothing=f"there is no difference in {wanted}",
    )


def _one(repository: pygit2.Repository, name: str) -> Sides:
    """A commit against its first parent."""
    one = commit(repository, name)
    title = f"commit {one.id!s:.10}" if str(one.id).startswith(name) else f"{name} (commit {one.id!s:.10})"
    if is_cut(repository, one):
        raise UsageError(f"What {name} changed can't be told: its parent is not in this shallow clone.", hint=DEEPER)
    notices: tuple[str, ...] = ()
    nothing = f"{title} changes no file"
    if not one.parent_ids:
        return Sides(
            "tree", _empty(repository), one.tree, f"{title}, the first", nothing, "", str(one.id), (), message(one)
        )
    if len(one.parent_ids) > 1:
        notices = (f"{title} is a merge: it is compared with its first parent.",)
    parent = commit(repository, str(one.parent_ids[0]))
    return Sides("tree", parent.tree, one.tree, title, nothing, str(parent.id), str(one.id), notices, message(one))


def _from(repository: pygit2.Repository, base: pygit2.Oid, newer: pygit2.Commit) -> Sides:
    older = repository[base].peel(pygit2.Commit)
    said = "\n\n".join(message(one).strip() for one in islice(_walk(repository, base, newer.id), _MOST))
    return Sides("tree", older.tree, newer.tree, "", "", str(older.id), str(newer.id), message=said)


def _merge_base(
    repository: pygit2.Repository, one: pygit2.Commit, two: pygit2.Commit, left: str, right: str
) -> pygit2.Oid:
    base = repository.merge_base(one.id, two.id)
    if base is None:
        where = " in this shallow clone" if repository.is_shallow else ""
        hint = DEEPER if repository.is_shallow else f"Compare the two as they are: {left}..{right}"
        raise UsageError(f"{left} and {right} have no common history{where}.", hint=hint)
    return base


def _walk(repository: pygit2.Repository, base: pygit2.Oid, head: pygit2.Oid) -> Iterator[pygit2.Commit]:
    """Newest first. A shallow or damaged history may lack a parent: the walk then ends there."""
    try:
        walker = repository.walk(head, pygit2.enums.SortMode.TOPOLOGICAL | pygit2.enums.SortMode.TIME)
        walker.hide(base)
        yield from walker
    except (KeyError, pygit2.GitError):
        return


def _counted(repository: pygit2.Repository, base: pygit2.Oid, head: str) -> str:
    count = sum(1 for _ in islice(_walk(repository, base, pygit2.Oid(hex=head)), _MOST + 1))
    if not count:
        return ""
    return f" ({'more than ' * (count > _MOST)}{counted(min(count, _MOST), 'commit')})"
