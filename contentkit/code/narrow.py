"""Paths and globs that narrow a review."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from contentkit.core.errors import UsageError

_MAGIC = re.compile(r":(?:\((?P<long>[^)]*)\)|(?P<short>[!^/]+))?")


class Narrow:
    """Which paths of a repository the user asked for.

    Args:
        paths: files, folders and globs, counted from ``cwd``; ":!glob" leaves out, ":/path" counts from the root.
        root: the work tree, "" where there is none (then paths count from the root of the tree).
    """

    def __init__(self, paths: Sequence[str], cwd: Path, root: str) -> None:
        self._in: list[Callable[[str], object]] = []
        self._words: list[str] = []
        self._out: list[Callable[[str], object]] = []
        for path in paths:
            spec, leave_out, from_top = _magic(path)
            relative = _relative(spec, cwd, "" if from_top else root)
            (self._out if leave_out else self._in).append(_matcher(relative))
            self._words += [] if leave_out else [path]

    def takes(self, path: str) -> bool:
        """Whether the path (from the root, "/" between folders) is asked for."""
        if any(out(path) for out in self._out):
            return False
        return not self._in or any(wanted(path) for wanted in self._in)

    def missed(self, paths: Sequence[str]) -> list[str]:
        """What the user asked for and none of the paths is: a notice for each."""
        return [
            f"No changed file is in {word}."
            for word, wanted in zip(self._words, self._in, strict=True)
            if not any(map(wanted, paths))
        ]


def _magic(path: str) -> tuple[str, bool, bool]:
    """The path without git's signs before it, whether it leaves out, whether it counts from the root."""
    match = _MAGIC.match(path)
    if not match:
        return path, False, False
    words = set((match["long"] or "").split(",")) | set(match["short"] or "")
    return path[match.end() :], bool(words & {"!", "^", "exclude"}), bool(words & {"/", "top"})


def _relative(path: str, cwd: Path, root: str) -> str:
    if not root:
        return os.path.normpath(path).replace(os.sep, "/").lstrip("/")
    top = os.path.realpath(root)
    here = os.path.realpath(cwd)
    whole = os.path.normpath(os.path.join(here, path))
    if not (whole + os.sep).startswith(top.rstrip(os.sep) + os.sep):
        raise UsageError(f"{path} is outside the repository {top}.")
    return os.path.relpath(whole, top).replace(os.sep, "/")


def _matcher(path: str) -> Callable[[str], object]:
    if path == ".":
        return lambda _: True
    folder = f"{path}/"
    if not any(char in path for char in "*?["):
        return lambda other: other == path or other.startswith(folder)
    pattern = re.compile(_glob(path) + r"(?:/.*)?", re.DOTALL)
    return lambda other: other == path or pattern.fullmatch(other)


def _glob(path: str) -> str:
    """git's reading of a path with wildcards: "*" goes over "/" too."""
    out, at = [], 0
    while at < len(path):
        char = path[at]
        end = path.find("]", at + 2) if char == "[" else -1
        if char == "*":
            out.append(".*")
        elif char == "?":
            out.append("[^/]")
        elif end > 0:
            inner = path[at + 1 : end].replace("\\", r"\\").replace("[", r"\[")
            out.append(f"[{'^' + inner[1:] if inner[0] in '!^' else inner}]")
            at = end
        else:
            out.append(re.escape(char))
        at += 1
    return "".join(out)
