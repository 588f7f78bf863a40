"""A change of this git repository: ``diff:`` for what is staged (else the work tree, else the branch), ``diff:A..B``,
``diff:A...B``, ``diff:COMMIT``, ``diff:--staged``, ``diff:--worktree``.

It becomes a list of the files and one unified diff; what is binary, generated or too long is listed and not shown. The
log of the same commits is ``git:A..B``.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from contentkit.core.change import FileChange, Hunk, Selection, Status
from contentkit.core.errors import UsageError
from contentkit.core.piece import Reading, ReadLimits, SourceText
from contentkit.core.plural import counted
from contentkit.core.report import Covered

_FLAGS = {"": Selection(), "--staged": Selection(staged=True), "--worktree": Selection(worktree=True)}
_MOST = 600_000
"""Characters of diff that are shown: about as many tokens as large windows hold."""


def takes(reference: str) -> bool:
    """Whether the reference begins with ``diff:``."""
    return reference.startswith("diff:")


async def read(reference: str, limits: ReadLimits) -> Reading:
    """The change that the reference names, of the repository around the working folder.

    Raises:
        UsageError: this is no repository, a name in the range is unknown, or nothing has changed.
    """
    return await asyncio.to_thread(_read, reference, limits)


def _read(reference: str, limits: ReadLimits) -> Reading:
    from contentkit.code.diff import open_change

    wanted = reference.removeprefix("diff:").strip()
    change = open_change(_FLAGS.get(wanted) or Selection(range=wanted))
    page = _Page(min(_MOST, limits.max_bytes))
    for file in change:
        page.add(file)
    if not page.rows:
        raise UsageError(
            f"Nothing has changed in {reference!r} ({change.title}).",
            hint="Stage something (git add), or name a range: diff:main...HEAD.",
        )
    title = f"{change.title}: {page.summary}"
    return Reading(
        (SourceText(reference, page.text(title), title),),
        (Covered(reference, "read"), *page.left_out),
        (f"Material: {title} ({reference}).", *change.notices),
    )


@dataclass(slots=True)
class _Page:
    """The diff as it is read, file by file.

    Attributes:
        room: characters that may still be shown.
    """

    room: int
    rows: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    left_out: list[Covered] = field(default_factory=list)
    added: int = 0
    deleted: int = 0

    def add(self, file: FileChange) -> None:
        """Take one file in: shown, or listed with the reason why it is not."""
        added, deleted = (sum(1 for _ in file.lines(kind)) for kind in ("+", "-"))
        self.added, self.deleted = self.added + added, self.deleted + deleted
        body = "".join(_hunk(hunk) for hunk in file.hunks)
        reason = file.failed or file.skipped
        if not reason and len(body) > self.room:
            reason = f"the diff is longer than {_MOST:,} characters"
        count = f"+{added} -{deleted}" if file.hunks else file.note
        self.rows.append("  ".join(part for part in (_name(file), count, reason and f"(not shown: {reason})") if part))
        if reason:
            self.left_out.append(Covered(file.path, "failed" if file.failed else "skipped", reason))
        else:
            self.room -= len(body)
        self.parts.append(_header(file, shown=not reason) + ("" if reason else body))

    @property
    def summary(self) -> str:
        """``3 files, +12 -4``."""
        return f"{counted(len(self.rows), 'file')}, +{self.added} -{self.deleted}"

    def text(self, title: str) -> str:
        return "\n".join([f"# {title}", "", *self.rows, "", "".join(self.parts)])


def _name(file: FileChange) -> str:
    moved = f"{file.old_path} -> " if file.old_path not in ("", file.path) else ""
    return f"{file.status}  {moved}{file.path}"


def _header(file: FileChange, *, shown: bool) -> str:
    """What git writes above the hunks, so that any reader of diffs can read it again."""
    old, new = file.old_path or file.path, file.path
    lines = [f"diff --git a/{old} b/{new}"]
    if file.status is Status.ADDED:
        lines.append(f"new file mode {file.new_mode or 0o100644:06o}")
    elif file.status is Status.DELETED:
        lines.append(f"deleted file mode {file.old_mode or 0o100644:06o}")
    elif file.old_mode and file.new_mode and file.old_mode != file.new_mode:
        lines += [f"old mode {file.old_mode:06o}", f"new mode {file.new_mode:06o}"]
    if file.status in (Status.RENAMED, Status.COPIED):
        word = "rename" if file.status is Status.RENAMED else "copy"
        lines += [f"{word} from {old}", f"{word} to {new}"]
    if file.binary:
        lines.append(f"Binary files a/{old} and b/{new} differ")
    elif shown and file.hunks:
        lines.append("--- /dev/null" if file.status is Status.ADDED else f"--- a/{old}")
        lines.append("+++ /dev/null" if file.status is Status.DELETED else f"+++ b/{new}")
    return "\n".join(lines) + "\n"


def _hunk(hunk: Hunk) -> str:
    head = f"{hunk.header} {hunk.section}".rstrip()
    return "\n".join([head, *(f"{line.kind}{line.text}" for line in hunk.lines)]) + "\n"
