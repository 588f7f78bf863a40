"""The log of a git repository: ``git:v1.0..HEAD``, ``git:HEAD~5..``, ``git:last-tag..`` (since the newest tag before
it) or ``git:`` for what HEAD holds.

Commits come newest first, as Markdown with their ids, so that a draft can name them.
"""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from contentkit.core.errors import UsageError
from contentkit.core.nearest import nearest
from contentkit.core.piece import Reading, ReadLimits, SourceText
from contentkit.core.report import Covered

if TYPE_CHECKING:
    import pygit2

LAST_TAG = "last-tag"
"""In the place of the older end: the newest tag behind the newer one."""

_HEADING = re.compile(r"^(##? )", re.MULTILINE)
_MOST = 500
"""Commits that ``git:`` without a range takes; a range is read whole."""


def takes(reference: str) -> bool:
    """Whether the reference begins with ``git:``."""
    return reference.startswith("git:")


async def read(reference: str, limits: ReadLimits) -> Reading:
    """The log that the range names, of the repository around the working folder.

    Raises:
        UsageError: this is no repository, a name in the range is unknown, or nothing is in it.
    """
    return await asyncio.to_thread(_read, reference, limits)


def _read(reference: str, limits: ReadLimits) -> Reading:
    import pygit2

    repository = _open()
    wanted, told = _resolved(repository, reference.removeprefix("git:").strip())
    include, exclude, symmetric = _ends(repository, wanted)
    walker = repository.walk(include.id, pygit2.enums.SortMode.TOPOLOGICAL | pygit2.enums.SortMode.TIME)
    if exclude is not None:
        walker.hide(_base(repository, exclude, include) if symmetric else exclude.id)
    commits = list(itertools.islice(_commits(walker), None if ".." in wanted else _MOST + 1))
    if not commits:
        raise UsageError(
            f"There is no commit in {reference!r}.", hint="Is the range the right way round? Older..newer."
        )
    notices = (
        [f"{reference} was read from a shallow clone; older commits are missing."] if repository.is_shallow else []
    )
    notices += [told.format(len(commits))] if told else []
    left = len(commits) > _MOST and ".." not in wanted
    text = _markdown(repository, wanted, commits[:_MOST] if left else commits)
    if len(text) > limits.max_bytes:
        raise UsageError(
            f"The log of {reference!r} is longer than {limits.max_bytes:,} characters.", hint="Narrow the range."
        )
    covered = [Covered(reference, "read")]
    if left:
        covered.append(
            Covered(f"{reference} before {commits[_MOST].id!s:.7}", "skipped", f"only {_MOST} commits are read")
        )
        notices.append(
            f"{reference} names no range: the newest {_MOST} commits were read. Give one, like git:v1.0..HEAD."
        )
    return Reading((SourceText(reference, text, f"Git log {wanted or 'HEAD'}"),), tuple(covered), tuple(notices))


def _resolved(repository: pygit2.Repository, wanted: str) -> tuple[str, str]:
    """The range with the name of the last tag in it, and what to tell of that, with "{}" for the number of commits."""
    from contentkit.code.git.repository import branches

    older, dots, newer = wanted.partition("..")
    if older != LAST_TAG or not dots or newer.startswith(".") or LAST_TAG in branches(repository):
        return wanted, ""
    end, tags = _commit(repository, newer or "HEAD"), _tags(repository)
    import pygit2

    walker = repository.walk(end.id, pygit2.enums.SortMode.TOPOLOGICAL | pygit2.enums.SortMode.TIME)
    tagged = next((commit for commit in _commits(walker) if commit.id in tags and commit.id != end.id), None)
    if tagged is None:
        return newer or "HEAD", f"There is no tag before {newer or 'HEAD'}; its whole log was read, {{}} commits."
    tag = sorted(tags[tagged.id])[-1]
    return f"{tag}..{newer or 'HEAD'}", f"Material: the log of {tag}..{newer or 'HEAD'}, {{}} commits."


def _open() -> pygit2.Repository:
    import pygit2

    found = pygit2.discover_repository(str(Path.cwd()))
    if not found:
        raise UsageError("This folder is in no git repository.", hint="Change into one (cd), or give a file.")
    try:
        return pygit2.Repository(found)
    except pygit2.GitError as error:
        raise UsageError(f"The git repository can't be opened: {error}.") from None


def _ends(repository: pygit2.Repository, wanted: str) -> tuple[pygit2.Commit, pygit2.Commit | None, bool]:
    """The newer end, the older end, and whether the range has three dots."""
    dots = "..." if "..." in wanted else ".." if ".." in wanted else ""
    if not dots:
        return _commit(repository, wanted or "HEAD"), None, False
    older, newer = wanted.split(dots, 1)
    return _commit(repository, newer or "HEAD"), _commit(repository, older or "HEAD"), dots == "..."


def _commit(repository: pygit2.Repository, name: str) -> pygit2.Commit:
    import pygit2

    if repository.head_is_unborn and name.startswith("HEAD"):
        raise UsageError("This git repository has no commit yet.")
    try:
        return repository.revparse_single(name).peel(pygit2.Commit)
    except (KeyError, ValueError, pygit2.GitError):
        raise _unknown(repository, name) from None


def _unknown(repository: pygit2.Repository, name: str) -> UsageError:
    from contentkit.code.git.repository import branches

    bare = name.split("~")[0].split("^")[0]
    if repository.is_shallow and bare != name:
        return UsageError(
            f"{name!r} is not in this shallow clone.",
            hint="Get the whole history: git fetch --unshallow (fetch-depth: 0).",
        )
    if bare != name and bare in ("HEAD", *branches(repository)):
        return UsageError(f"{name!r} goes back further than the history.")
    known = {known.lower(): known for known in branches(repository)}
    near = nearest(bare, known)
    hint = f"Did you mean {known[near]!r}?" if near else "See git tag and git branch."
    return UsageError(f"There is no commit, tag or branch called {bare!r}.", hint=hint)


def _base(repository: pygit2.Repository, one: pygit2.Commit, other: pygit2.Commit) -> pygit2.Oid:
    base = repository.merge_base(one.id, other.id)
    if base is None:
        raise UsageError(
            "The two ends of the range have no common history.", hint="In a shallow clone: git fetch --unshallow."
        )
    return base


def _commits(walker: Iterator[pygit2.Commit]) -> Iterator[pygit2.Commit]:
    """A shallow or damaged history may lack a parent: the walk then ends there."""
    try:
        yield from walker
    except KeyError:
        return


def _markdown(repository: pygit2.Repository, wanted: str, commits: list[pygit2.Commit]) -> str:
    tags = _tags(repository)
    parts = [f"# Git log {wanted or 'HEAD'}", *(_entry(commit, tags.get(commit.id, [])) for commit in commits)]
    return "\n\n".join(parts) + "\n"


def _entry(commit: pygit2.Commit, tags: list[str]) -> str:
    from contentkit.code.git.repository import message

    subject, _, body = message(commit).strip().partition("\n")
    when = datetime.fromtimestamp(commit.commit_time, UTC).astimezone(
        timezone(timedelta(minutes=commit.commit_time_offset))
    )
    named = f" [{', '.join(tags)}]" if tags else ""
    lines = [
        f"## {subject.strip() or '(no subject)'}",
        "",
        f"{commit.id!s:.10} · {when:%Y-%m-%d} · {_author(commit)}{named}",
    ]
    # A heading in a message is no other commit.
    body = _HEADING.sub(r"\\\1", body.strip())
    return "\n".join([*lines, "", body] if body else lines)


def _author(commit: pygit2.Commit) -> str:
    """The name, without the address: nothing written from the log needs that."""
    return commit.author.raw_name.decode("utf-8", "replace")


def _tags(repository: pygit2.Repository) -> dict[pygit2.Oid, list[str]]:
    import pygit2

    tags: dict[pygit2.Oid, list[str]] = {}
    for name in repository.references:
        if name.startswith("refs/tags/"):
            try:
                tags.setdefault(repository.references[name].peel(pygit2.Commit).id, []).append(name[10:])
            except (
                KeyError,
                ValueError,
                pygit2.GitError,
            ):  # a tag of a tree, or of a commit that a shallow clone lacks
                continue
    return tags
