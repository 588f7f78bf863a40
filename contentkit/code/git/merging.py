"""A merge that is being committed: what of it is new, and not merely the other branch's work."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pygit2

from contentkit.code.git.repository import open_repository, shown, unreadable


def own_part(cwd: Path, env: Mapping[str, str]) -> tuple[str, ...] | None:
    """Patterns of the staged files that are neither as HEAD nor as the merged branch has them; None without a merge.

    That is where a conflict was resolved. All else was reviewed, or not, where it was made.
    """
    repository = open_repository(cwd, env)
    try:
        other = repository.references.get("MERGE_HEAD")
        if other is None or repository.head_is_unborn:
            return None
        sides = (other.peel(pygit2.Tree), repository[repository.head.target].peel(pygit2.Tree))
        ours, theirs = (
            {shown(delta.new_file.raw_path) for delta in repository.index.diff_to_tree(side).deltas} for side in sides
        )
    except (pygit2.GitError, KeyError) as error:
        raise unreadable(str(error).strip("'")) from None
    return tuple(f":(top,literal){path}" for path in sorted(ours & theirs))
