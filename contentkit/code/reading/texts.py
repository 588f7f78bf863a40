"""Bytes of a file's two sides to a ``FileChange``: encoding, hunks, what is no text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

import pygit2

from contentkit.code.patches.patch import hunks, utf8
from contentkit.core.change import FileChange, Hunk, Status, text_lines
from contentkit.core.errors import UsageError
from contentkit.core.text.decode import decode, looks_binary

LINK, SUBMODULE = 0o120000, 0o160000
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")
_CONTROL = re.compile(r"[\0-\x08\x0e-\x1f\ufffe\uffff]")
_COOKIE = re.compile(rb"coding[:=][ \t]*([-\w.]+)")
# git looks for a zero in so many bytes to tell what is no text.
_HEAD = 8000
_FLAGS = pygit2.enums.DiffOption.INDENT_HEURISTIC | pygit2.enums.DiffOption.FORCE_TEXT
_FEEDS = b"\f\v"
UNKNOWN = "unknown"
"""The encoding of a file whose bytes no encoding explains; it is read as UTF-8 with U+FFFD for the rest."""


class Entry(NamedTuple):
    """One file of a change before it is read. Paths are shown ones; ids are hexadecimal, "" where there is no file."""

    path: str
    status: Status
    old_path: str
    old_mode: int
    new_mode: int
    old_id: str = ""
    new_id: str = ""
    alike: int = 0


@dataclass(frozen=True, slots=True)
class Text:
    """A decoded file. ``plain``: UTF-8 without a byte order mark, so that its bytes and text have the same lines."""

    text: str
    encoding: str
    plain: bool
    mark: bool = False


def text_of(data: bytes, name: str) -> Text | None:
    """The text of a file, or None where it is binary. Never fails: what no encoding explains is read as UTF-8."""
    mark = data.startswith(_MARKS)
    cookie = b"" if mark else _cookie(data)
    if not mark and not cookie and b"\0" not in data[:_HEAD] and b"\x1b" not in data:
        try:
            return Text(data.decode("utf-8"), "utf-8", True)
        except UnicodeDecodeError:
            pass
    zeros = b"\0" in data[:_HEAD]
    if zeros and looks_binary(data):
        return None
    try:
        found = decode(data, name=name, declared=cookie.decode("ascii"))
        if cookie and found.text.count("\n") != data.count(b"\n"):
            found = decode(data, name=name)  # UTF-7, an escape codec: what it declares would move the lines
    except UsageError:
        if zeros:
            return None
        try:
            return Text(data.decode("utf-8"), "utf-8", True)  # many control characters, but text for git
        except UnicodeDecodeError:
            return Text(data.decode("utf-8", "replace"), UNKNOWN, False)
    if zeros and not mark and (len(data) < 16 or _CONTROL.search(found.text)):
        return None  # zeros in every other byte, but no UTF-16
    plain = not mark and found.encoding.lower() == "utf-8"
    return Text(found.text, found.encoding.lower() if plain else found.encoding, plain, mark)


def _cookie(data: bytes) -> bytes:
    """The encoding that a comment in the first two lines states (PEP 263, Emacs, Vim), "" for UTF-8."""
    found = _COOKIE.search(b"\n".join(data[:400].split(b"\n", 2)[:2]))
    name = found[1] if found else b""
    return b"" if name.lower().replace(b"_", b"-") in (b"utf-8", b"utf8") else name


def file_change(entry: Entry, old: bytes | None, new: bytes | None, *, skipped: str = "") -> FileChange:
    """The file, read. ``old`` and ``new`` are its bytes as git stores them, None where there is no file."""
    before = text_of(old, entry.old_path) if old is not None else None
    after = text_of(new, entry.path) if new is not None else None
    size = len(new if new is not None else old or b"")
    if (old is not None and before is None) or (new is not None and after is None):
        return bare(entry, size=size, binary=True, skipped=skipped or "binary")
    shown = after or before
    return FileChange(
        path=entry.path,
        status=entry.status,
        old_path=entry.old_path,
        hunks=_hunks(entry, old, new, before, after),
        old_text=before.text if before else None,
        new_text=after.text if after else None,
        old_mode=entry.old_mode,
        new_mode=entry.new_mode,
        size=size,
        encoding=shown.encoding if shown else "utf-8",
        note=note(entry, before, after),
        skipped=skipped,
    )


def bare(
    entry: Entry, *, size: int = 0, binary: bool = False, skipped: str = "", failed: str = "", said: str = ""
) -> FileChange:
    """The file without its lines."""
    return FileChange(
        path=entry.path,
        status=entry.status,
        old_path=entry.old_path,
        old_mode=entry.old_mode,
        new_mode=entry.new_mode,
        size=size,
        binary=binary,
        note="; ".join(part for part in (note(entry), said) if part),
        skipped=skipped,
        failed=failed,
    )


def _hunks(
    entry: Entry, old: bytes | None, new: bytes | None, before: Text | None, after: Text | None
) -> tuple[Hunk, ...]:
    if old == new:
        return ()
    if entry.status is Status.TYPE and old is not None and new is not None:  # git shows the one go and the other come
        return (*_hunks(entry, old, None, before, None), *_hunks(entry, None, new, None, after))
    if _wide(before) or _wide(after):
        old = before.text.encode("utf-8") if before else None
        new = after.text.encode("utf-8") if after else None
    body = _compared(old, new)
    if not body:
        return ()
    if (before is None or before.plain) and (after is None or after.plain):
        return hunks(body)
    return _retold(hunks(body, _latin), before, after)


def _compared(old: bytes | None, new: bytes | None) -> bytes:
    """git's hunks, from the first ``@@`` on.

    Where a group of changed lines may slide, git looks at the indent. libgit2 takes a form feed and a vertical tab for
    blanks there and git does not, so these are lent another byte that neither file has.
    """
    odd = any(char in side for char in _FEEDS for side in (old or b"", new or b""))
    free = sorted(set(range(128, 256)) - set(old or b"") - set(new or b""))[-2:] if odd else []
    if len(free) == 2:
        lent = bytes.maketrans(_FEEDS, bytes(free))
        old, new = (side if side is None else side.translate(lent) for side in (old, new))
    data = pygit2.Patch.create_from(old, new, flag=_FLAGS).data
    begin = data.find(b"\n@@ -")
    body = data[begin + 1 :] if begin >= 0 else b""
    return body.translate(bytes.maketrans(bytes(free), _FEEDS)) if len(free) == 2 else body


def _latin(data: bytes) -> str:
    return data.decode("latin-1")


def _wide(text: Text | None) -> bool:
    return text is not None and text.encoding.startswith(("utf-16", "utf-32"))


def _retold(found: tuple[Hunk, ...], before: Text | None, after: Text | None) -> tuple[Hunk, ...]:
    """The same lines with the words of the decoded files, each side in its own encoding."""
    old = text_lines(before.text) if before else []
    new = text_lines(after.text) if after else []
    return tuple(
        Hunk(
            hunk.old_start,
            hunk.old_count,
            hunk.new_start,
            hunk.new_count,
            tuple(
                line._replace(text=old[line.old - 1] if line.new is None and line.old else new[(line.new or 0) - 1])
                for line in hunk.lines
            ),
            utf8(hunk.section.encode("latin-1")),
        )
        for hunk in found
    )


_KINDS = {LINK: "symbolic link", SUBMODULE: "submodule", 0o100000: "file", 0: ""}


def note(entry: Entry, before: Text | None = None, after: Text | None = None) -> str:
    """What happened to the file beside its lines."""
    said = []
    if entry.status is Status.RENAMED:
        said.append(f"renamed from {entry.old_path}")
    if entry.status is Status.COPIED:
        said.append(f"copied from {entry.old_path}")
    old, new = entry.old_mode, entry.new_mode
    if old and new and old != new:
        kinds = _KINDS.get(old & 0o170000, "file"), _KINDS.get(new & 0o170000, "file")
        said.append(f"{kinds[0]} to {kinds[1]}" if kinds[0] != kinds[1] else f"mode {old:o} to {new:o}")
    elif new in (LINK, SUBMODULE) or (old in (LINK, SUBMODULE) and not new):
        said.append(_KINDS[new or old])
    if before and after:
        if before.encoding != after.encoding:
            said.append(f"encoding {before.encoding} to {after.encoding}")
        elif before.mark != after.mark:
            said.append("byte order mark added" if after.mark else "byte order mark removed")
    if any(text and text.encoding == UNKNOWN for text in (before, after)):
        said.append("its encoding can't be told; bytes that are no UTF-8 are shown as U+FFFD")
    return "; ".join(said)
