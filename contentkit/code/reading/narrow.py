"""Paths and globs that narrow a review."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from contentkit.core.errors import UsageError

_MAGIC = re.compile(r":(?:\((?P<long>[^)]*)\)|(?P<short>[!^/]+))?")
_WORDS = frozenset(("", "!", "^", "exclude", "/", "top", "literal", "glob", "icase"))


class Narrow:
    """Which paths of a repository the user asked for.

    Args:
        paths: files, folders and globs, counted from ``cwd``; ":!glob" leaves out, ":/path" counts from the root, and
            git's other words work too: ":(literal)", ":(glob)", ":(icase)".
        root: the work tree, "" where there is none (then paths count from the root of the tree).

    Raises:
        UsageError: a path outside the work tree, an unknown word.
    """

    def __init__(self, paths: Sequence[str], cwd: Path, root: str) -> None:
        self._named: dict[str, str] = {}  # files and folders, of which a hook may name thousands
        self._in: list[tuple[str, Callable[[str], object]]] = []
        self._out: list[Callable[[str], object]] = []
        for path in paths:
            spec, words = _magic(path)
            relative = _relative(spec, cwd, "" if words & {"/", "top"} else root)
            if words & {"!", "^", "exclude"}:
                self._out.append(_matcher(relative, words))
            elif _is_name(relative, words):
                self._named[relative] = path
            else:
                self._in.append((path, _matcher(relative, words)))

    def takes(self, path: str) -> bool:
        """Whether the path (from the root, "/" between folders) is asked for."""
        if any(out(path) for out in self._out):
            return False
        if not self._in and not self._named:
            return True
        return any(name in self._named for name in _upwards(path)) or any(wanted(path) for _, wanted in self._in)

    def missed(self, paths: Sequence[str]) -> list[str]:
        """What the user asked for and none of the paths is: a notice for each."""
        met = {name for path in paths for name in _upwards(path)} if self._named else set()
        words = [word for name, word in self._named.items() if name not in met]
        words += [word for word, wanted in self._in if not any(map(wanted, paths))]
        return [f"No changed file is in {word}." for word in words]


def _magic(path: str) -> tuple[str, set[str]]:
    """The path without git's signs before it, and what they say."""
    match = _MAGIC.match(path)
    if not match:
        return path, set()
    words = set((match["long"] or "").split(",")) | set(match["short"] or "")
    if odd := sorted(words - _WORDS):
        raise UsageError(
            f"{odd[0]!r} in {path} is not understood here.", hint="Known: top, exclude, literal, glob, icase."
        )
    return path[match.end() :], words


def _relative(path: str, cwd: Path, root: str) -> str:
    if not root:
        return os.path.normpath(path).replace(os.sep, "/").lstrip("/")
    top = os.path.realpath(root)
    here = os.path.realpath(cwd)
    whole = os.path.normpath(os.path.join(here, path))
    if not _below(whole, top):  # the repository may have another name, by way of a link
        whole = os.path.join(os.path.realpath(os.path.dirname(whole)), os.path.basename(whole))
    if not _below(whole, top):
        raise UsageError(f"{path} is outside the repository {top}.")
    return os.path.relpath(whole, top).replace(os.sep, "/")


def _below(path: str, top: str) -> bool:
    return (path + os.sep).startswith(top.rstrip(os.sep) + os.sep)


def _upwards(path: str) -> Iterator[str]:
    """The path and the folders that it is in, the root (".") last."""
    yield path
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
    yield "."


def _is_name(path: str, words: set[str]) -> bool:
    """Whether it stands for itself alone."""
    return "icase" not in words and ("literal" in words or not any(char in path for char in "*?[\\"))


def _matcher(path: str, words: set[str]) -> Callable[[str], object]:
    if _is_name(path, words):
        return lambda other: path in _upwards(other)
    glob = re.escape(path) if "literal" in words else _glob(path, over="glob" not in words)
    flags = re.DOTALL | (re.IGNORECASE if "icase" in words else 0)
    try:
        pattern = re.compile(glob + r"(?:/.*)?", flags)
    except re.error:  # a range from z to a: it matches nothing but its own letters
        return lambda other: path in _upwards(other)
    return lambda other: path in _upwards(other) or pattern.fullmatch(other)


def _glob(path: str, *, over: bool) -> str:
    """git's reading of a path with wildcards: "*" goes ``over`` "/" too, unless ":(glob)" says otherwise."""
    out, at = [], 0
    while at < len(path):
        char = path[at]
        end = path.find("]", at + 2) if char == "[" else -1
        if not over and path.startswith("**/", at):
            out.append("(?:.*/)?")
            at += 2
        elif char == "*":
            out.append(".*" if over or path.startswith("**", at) else "[^/]*")
        elif char == "?":
            out.append("." if over else "[^/]")
        elif char == "\\" and at + 1 < len(path):
            at += 1
            out.append(re.escape(path[at]))
        elif end > 0:
            inner = path[at + 1 : end].replace("\\", r"\\").replace("[", r"\[")
            out.append(f"[{'^' + inner[1:] if inner[0] in '!^' else inner}]")
            at = end
        else:
            out.append(re.escape(char))
        at += 1
    return "".join(out)
