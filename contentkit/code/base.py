"""The base's own configuration, laid out in a folder, so that a change under review can't bring its own rules."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from contentkit.core.change import Change

_FILES = ("contentkit.toml", "pyproject.toml", ".contentkitignore")
_FOLDER = "prompts"


def base_view(change: Change, cwd: Path, into: Path) -> Path:
    """Writes the configuration files and prompts that the base has, from its root down to ``cwd``, below ``into``.

    An empty ``.git`` folder marks the root, so that nobody looks further up. Where the base is unknown (a patch), the
    folder is otherwise empty.

    Args:
        into: an empty folder.

    Returns:
        the folder below ``into`` that stands for ``cwd``.
    """
    parts = _below(cwd, change.root)
    folders = ["/".join(parts[:depth]) for depth in range(len(parts) + 1)]
    here = into.joinpath(*parts)
    here.mkdir(parents=True, exist_ok=True)
    (into / ".git").mkdir(exist_ok=True)
    for path in change.tree("LEFT"):
        if _wanted(path, folders) and (text := change.text(path, "LEFT")) is not None:
            file = into / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="")
    return here


def _below(cwd: Path, root: str) -> tuple[str, ...]:
    """The folders from the root to ``cwd``; () where ``cwd`` is not below it."""
    if not root:
        return ()
    real, top = Path(os.path.realpath(cwd)), Path(os.path.realpath(root))
    return real.relative_to(top).parts if real.is_relative_to(top) else ()


def _wanted(path: str, folders: list[str]) -> bool:
    parts = PurePosixPath(path).parts
    if not parts or parts[0] == "/" or {".", "..", ".git"} & {part.lower() for part in parts}:
        return False  # no name of a file that git itself would write
    for folder in folders:
        inner = path.removeprefix(f"{folder}/") if folder else path
        if (not folder or inner != path) and (inner in _FILES or inner.startswith(f"{_FOLDER}/")):
            return True
    return False
