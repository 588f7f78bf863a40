"""A change of source files as values: files, hunks, lines. Nothing here reads; ``code/`` does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, NamedTuple, Protocol

Side = Literal["LEFT", "RIGHT"]
"""LEFT is the file before the change, RIGHT after it (the words of the vendors' review APIs)."""


class Status(StrEnum):
    """What happened to a file; the values are git's letters."""

    ADDED = "A"
    COPIED = "C"
    DELETED = "D"
    MODIFIED = "M"
    RENAMED = "R"
    TYPE = "T"


class Line(NamedTuple):
    """One line of a hunk.

    Attributes:
        kind: " " context, "+" added, "-" deleted.
        old, new: 1-based numbers in the file before and after; None on the side where it is not.
        text: without the line feed; a carriage return stays.
    """

    kind: Literal[" ", "+", "-"]
    old: int | None
    new: int | None
    text: str

    @property
    def side(self) -> Side:
        """Where its number counts: LEFT for a deleted line."""
        return "LEFT" if self.kind == "-" else "RIGHT"

    @property
    def number(self) -> int:
        """The number on its side."""
        number = self.old if self.kind == "-" else self.new
        assert number is not None
        return number


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines that changed together. Starts and counts are those of git's ``@@`` line."""

    old_start: int
    old_count: int
    new_start: int
    new_count: int
    lines: tuple[Line, ...] = ()
    section: str = ""

    @property
    def header(self) -> str:
        """``@@ -10,4 +10,6 @@``, always with both counts: the hunk's name in a file."""
        return f"@@ -{self.old_start},{self.old_count} +{self.new_start},{self.new_count} @@"


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file of a change, read.

    Attributes:
        path: relative, "/" between folders; for a deleted file the path it had.
        old_path: where it was; the same as ``path`` unless renamed or copied.
        hunks: [] for a binary file, a change of mode alone, or a pure rename.
        old_text, new_text: the whole file on each side, decoded; None where there is none, where it is not text, or
            where only a patch is known.
        old_mode, new_mode: git's (0o100644, 0o100755, 0o120000 link, 0o160000 submodule); 0 where there is no file.
        size: bytes of the new file, or of the old one where it was deleted; 0 when unknown.
        encoding: that the text was decoded from.
        note: what happened beside the lines ("mode 100644 to 100755"), or "".
        skipped: why it is not reviewed; "" when it is.
        failed: why it could not be read; "" when it could.
    """

    path: str
    status: Status
    old_path: str = ""
    hunks: tuple[Hunk, ...] = ()
    old_text: str | None = field(default=None, repr=False)
    new_text: str | None = field(default=None, repr=False)
    old_mode: int = 0
    new_mode: int = 0
    size: int = 0
    encoding: str = "utf-8"
    binary: bool = False
    note: str = ""
    skipped: str = ""
    failed: str = ""

    @property
    def units(self) -> tuple[str, ...]:
        """Names of what the coverage ledger counts: each hunk, or the whole file where it has none."""
        return tuple(f"{self.path} {hunk.header}" for hunk in self.hunks) or (self.path,)

    def lines(self, kind: Literal[" ", "+", "-"] | None = None) -> Iterator[Line]:
        """The lines of all hunks, or those of one kind."""
        return (line for hunk in self.hunks for line in hunk.lines if kind is None or line.kind == kind)


@dataclass(frozen=True, slots=True)
class Selection:
    """What the user asks to have reviewed; all empty means: staged, else the work tree, else the branch.

    Attributes:
        range: "A..B", "A...B" or a commit.
        diff: a file with a patch, "-" for standard input.
        paths: paths and globs to narrow to.
    """

    range: str = ""
    staged: bool = False
    worktree: bool = False
    base: str = ""
    diff: str = ""
    paths: tuple[str, ...] = ()


class Change(Protocol):
    """A change that is open for reading. Iterating reads file after file and can be done again; nothing is kept.

    Attributes:
        title: what was taken, for the user ("staged changes", "main...HEAD (3 commits)").
        base: commit id that rules and configuration come from, "" when there is none.
        head: commit id, "index", "worktree", or "" for a patch.
        own: the user's own work (index or work tree), so that rules may come from it.
        root: the work tree's folder as a path, "" for a bare repository or a patch.
        notices: what the user should know of the reading.
        message: the commits' messages; "" where there are none. Data, never shown to a verifying question.
    """

    title: str
    base: str
    head: str
    own: bool
    root: str
    notices: Sequence[str]
    message: str

    def __len__(self) -> int:
        """Number of files."""
        ...

    def __iter__(self) -> Iterator[FileChange]: ...

    def paths(self) -> Sequence[str]:
        """Paths of the files, without reading them, in the order of iteration."""
        ...

    def file(self, path: str) -> FileChange:
        """One file of the change, read again; ``path`` as in ``paths()``. Raises KeyError for any other."""
        ...

    def text(self, path: str, side: Side = "RIGHT") -> str | None:
        """Any file of the tree before or after the change, decoded; None when it is not there or not text."""
        ...

    def tree(self, side: Side = "RIGHT") -> Sequence[str]:
        """Every path of the tree on that side; [] when unknown (a patch)."""
        ...


def text_lines(text: str) -> list[str]:
    """The lines as git counts them: split at line feeds alone, the last one without a line feed included."""
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines
