"""What a push brings to a remote: the lines that git gives a pre-push hook, as ranges that can be reviewed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pygit2

from contentkit.code.git.message import is_shared, unfinished
from contentkit.code.git.repository import EMPTY_TREE, message, open_repository
from contentkit.core.errors import UsageError

_ENDS = 50
"""Places where the new commits meet the old ones that are weighed against each other."""


@dataclass(frozen=True, slots=True)
class Push:
    """What one ref brings that the remote does not have.

    Attributes:
        ref: the remote's name of it ("refs/heads/main").
        base: where the new commits begin, or the empty tree's id where the remote has none of the history.
        head: the newest commit.
        unfinished: (id, subject) of the new commits that are marked so (fixup!, WIP), if others build on the branch.
        commits: how many are new.
    """

    ref: str
    base: str
    head: str
    unfinished: tuple[tuple[str, str], ...] = ()
    commits: int = 0

    @property
    def range(self) -> str:
        return f"{self.base}..{self.head}"


def pushes(text: str, remote: str, cwd: Path, env: Mapping[str, str]) -> list[Push]:
    """What is new on each ref. Deleted refs, tags of something else than commits, and what is known already, are not.

    Args:
        text: what git wrote to the hook: a line for each ref, "LOCAL-REF LOCAL-ID REMOTE-REF REMOTE-ID".
        remote: the remote's name, or its address where it has none.

    Raises:
        UsageError: a line is not of that form, or there is no repository.
    """
    repository = open_repository(cwd, env)
    refs = []
    for line in text.split("\n"):
        if not line.strip():
            continue
        words = line.split(" ")
        if len(words) != 4:
            raise UsageError(f"{line!r:.80} is no line that git gives a pre-push hook.")
        refs.append(words[1:])
    known = list(_remote_ids(repository, remote))
    found: list[Push] = []
    # Branches that others build on come first: more is asked of their commits. What one ref brings, no other does.
    for local, ref, old in sorted(refs, key=lambda words: not is_shared(repository, words[1])):
        push = _push(repository, ref, local, old, known)
        if push is not None:
            found.append(push)
            known.append(pygit2.Oid(hex=push.head))
    return found


def _push(repository: pygit2.Repository, ref: str, local: str, old: str, others: Sequence[pygit2.Oid]) -> Push | None:
    head = _commit(repository, local)
    if head is None:
        return None
    known = [*others, *([here.id] if (here := _commit(repository, old)) else [])]
    walker = repository.walk(head.id, pygit2.enums.SortMode.TOPOLOGICAL)
    for one in known:
        walker.hide(one)
    new = list(walker)
    if not new:
        return None
    base = _base(repository, head, new)
    shared = new if is_shared(repository, ref) else []
    marked = [(str(one.id), _subject(one)) for one in shared if unfinished(_subject(one))]
    return Push(ref, str(base) if base else EMPTY_TREE, str(head.id), tuple(marked), len(new))


def _base(repository: pygit2.Repository, head: pygit2.Commit, new: Sequence[pygit2.Commit]) -> pygit2.Oid | None:
    """The old commit that is nearest to ``head``: where the other branch was merged last, else where this one began."""
    fresh = {one.id for one in new}
    ends = list(dict.fromkeys(parent for one in new for parent in one.parent_ids if parent not in fresh))
    ends = [end for end in ends if end in repository]  # a shallow clone lacks some
    if len(ends) < 2:
        return ends[0] if ends else None
    return min(ends[:_ENDS], key=lambda end: repository.ahead_behind(head.id, end)[0])


def _remote_ids(repository: pygit2.Repository, remote: str) -> Iterable[pygit2.Oid]:
    """What the remote had when it was last asked; of one that has no name here, all that any remote had."""
    names = [name for name in repository.references if name.startswith("refs/remotes/")]
    own = [name for name in names if name.startswith(f"refs/remotes/{remote}/")]
    for name in own or ([] if remote in {one.name for one in repository.remotes} else names):
        if (one := _commit(repository, name)) is not None:
            yield one.id


def _commit(repository: pygit2.Repository, name: str) -> pygit2.Commit | None:
    """The commit of an id or a ref; None for a deleted ref (zeros), what is not here, and what is no commit."""
    if not name.strip("0"):
        return None
    try:
        return repository.revparse_single(name).peel(pygit2.Commit)
    except (KeyError, ValueError, pygit2.GitError):
        return None


def _subject(one: pygit2.Commit) -> str:
    return message(one).strip().partition("\n")[0]
