"""Changed files for tests, made of two texts."""

from __future__ import annotations

import difflib
import json
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import pytest

from contentkit.code.patches import patch
from contentkit.core.change import FileChange, Hunk, Line, Side, Status, text_lines


def hunks(before: str, after: str, around: int = 3) -> tuple[Hunk, ...]:
    """The hunks of a change as difflib sees it, with git's numbers."""
    old, new = text_lines(before), text_lines(after)
    found = []
    for group in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_grouped_opcodes(around):
        lines: list[Line] = []
        for tag, old_first, old_end, new_first, new_end in group:
            if tag == "equal":
                lines += [
                    Line(" ", at + 1, at + 1 + new_first - old_first, old[at]) for at in range(old_first, old_end)
                ]
                continue
            lines += [Line("-", at + 1, None, old[at]) for at in range(old_first, old_end)]
            lines += [Line("+", None, at + 1, new[at]) for at in range(new_first, new_end)]
        (_, first, _, new_start, _), (_, _, last, _, new_last) = group[0], group[-1]
        sizes = last - first, new_last - new_start
        found.append(Hunk(first + (sizes[0] > 0), sizes[0], new_start + (sizes[1] > 0), sizes[1], tuple(lines), ""))
    return tuple(found)


def changed(path: str, before: str | None, after: str | None, around: int = 3) -> FileChange:
    """A file that became ``after``; None is no file."""
    status = Status.ADDED if before is None else Status.DELETED if after is None else Status.MODIFIED
    return FileChange(path, status, path, hunks(before or "", after or "", around), before, after, 0o100644, 0o100644)


def touches(file: FileChange, side: Side, first: int, last: int) -> bool:
    """Whether a line that was added (RIGHT) or deleted (LEFT) stands in ``first..last`` of that side."""
    kind: Literal["+", "-"] = "+" if side == "RIGHT" else "-"
    return any(first <= line.number <= last for line in file.lines(kind))


class Made:
    """A Change of given files in a tree of given texts."""

    title, base, head, own, root, message = "made", "", "", True, "", ""
    notices: Sequence[str] = ()

    def __init__(self, *files: FileChange, tree: Mapping[str, str] | None = None) -> None:
        self.files = files
        self.texts = dict(tree or {})
        self.read: list[str] = []
        for file in files:
            if file.new_text is not None:
                self.texts[file.path] = file.new_text

    def __len__(self) -> int:
        return len(self.files)

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self.files)

    def paths(self) -> Sequence[str]:
        return [file.path for file in self.files]

    def file(self, path: str) -> FileChange:
        return next(file for file in self.files if file.path == path)

    def text(self, path: str, side: Side = "RIGHT") -> str | None:
        self.read.append(path)
        if side == "LEFT":
            return next((file.old_text for file in self.files if file.old_path == path), self.texts.get(path))
        return self.texts.get(path)

    def tree(self, side: Side = "RIGHT") -> Sequence[str]:
        return sorted(self.texts)


@cache
def real(shared: Path) -> list[tuple[str, FileChange]]:
    """Id and changed file of each real review case, from git itself; skips where the repositories are not here."""
    mirrors = shared.parent / ".mirror"
    if not mirrors.is_dir():
        pytest.skip("the mirrors of public repositories are not beside the checkout")
    return [
        (case["id"], _real(repository, case, path))
        for case in json.loads((shared / "data" / "review-cases.json").read_text("utf-8"))
        if (repository := mirrors / case["repo"].replace("/", "+") / "repo").is_dir()
        for path in case["paths"]
    ]


def _real(repository: Path, case: Mapping[str, str], path: str) -> FileChange:
    def git(*arguments: str) -> bytes:
        command = ["git", "-C", str(repository), *arguments]
        return subprocess.run(command, capture_output=True, check=False).stdout

    body = git("diff", "--no-ext-diff", "--no-color", "-U3", case["base"], case["head"], "--", path)
    found = patch.hunks(body[body.index(b"\n@@") + 1 :]) if b"\n@@" in body else ()
    old, new = (git("show", f"{case[side]}:{path}").decode("utf-8", "replace") for side in ("base", "head"))
    return FileChange(path, Status.MODIFIED, path, found, old, new, 0o100644, 0o100644)
