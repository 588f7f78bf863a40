"""Opens a change for reading: of a repository, or (``patchfile.py``) from a patch."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pygit2

from contentkit.code.git.change import GitChange
from contentkit.code.git.deltas import deltas
from contentkit.code.git.repository import find_repository, open_repository, unreadable
from contentkit.code.git.select import candidates, split
from contentkit.code.reading.limits import Limits
from contentkit.code.reading.narrow import Narrow
from contentkit.core.change import Selection
from contentkit.core.errors import UsageError

if TYPE_CHECKING:
    from contentkit.code.patches.change import PatchChange

_MOST = 500_000_000
"""Bytes of a patch that is read."""

__all__ = ["Limits", "open_change", "split"]


def open_change(
    selection: Selection,
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> GitChange | PatchChange:
    """The change that the selection names. Files are read as they are iterated.

    Args:
        env: the process's own by default; git's variables (GIT_INDEX_FILE, GIT_DIR ...) are honoured.

    Raises:
        UsageError: no repository, an unknown name, a patch that can't be read.
    """
    folder = (cwd or Path.cwd()).absolute()
    environment = os.environ if env is None else env
    if selection.diff:
        return _patch(selection, folder, environment, limits)
    try:
        return _of_repository(selection, folder, environment, limits)
    except (pygit2.GitError, KeyError) as error:
        raise unreadable(str(error).strip("'")) from None


def _of_repository(selection: Selection, folder: Path, environment: Mapping[str, str], limits: Limits) -> GitChange:
    repository = open_repository(folder, environment)
    if selection.range and not selection.paths:
        wanted, paths = split([selection.range], cwd=folder, env=environment)
        selection = replace(selection, range=wanted, paths=paths)
    narrow = Narrow(selection.paths, folder, repository.workdir or "")
    change: GitChange | None = None
    for sides in candidates(repository, selection):
        change = GitChange(repository, sides, deltas(repository, sides, narrow), limits)
        if len(change):
            break
    if change is None:
        raise UsageError("This git repository has no commit yet.")
    change.notices = [*change.notices, *narrow.missed(change.paths())]
    if selection.paths:
        change.title += f" in {' '.join(selection.paths)}"
    return change


def _patch(selection: Selection, cwd: Path, env: Mapping[str, str], limits: Limits) -> PatchChange:
    from contentkit.code.patches.change import PatchChange

    if selection.staged or selection.worktree or selection.base:
        raise UsageError("--diff reads a patch; it does not go with --staged, --worktree or --base.")
    paths = tuple(path for path in (selection.range, *selection.paths) if path)
    try:
        if selection.diff == "-":
            data = sys.stdin.buffer.read(_MOST + 1)
        else:
            with (cwd / selection.diff).open("rb") as file:
                data = file.read(_MOST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"The patch {selection.diff} can't be read: {reason}.") from None
    if len(data) > _MOST:
        raise UsageError(
            f"The patch {selection.diff} is larger than {_MOST:,} bytes.", hint="Review the range in its repository."
        )
    title = "from standard input" if selection.diff == "-" else selection.diff
    return PatchChange(data, title, find_repository(cwd, env), Narrow(paths, cwd, ""), limits)
