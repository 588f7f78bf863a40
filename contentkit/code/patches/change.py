"""A change that is known from a patch, with the files' texts where they can be found."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import pygit2

from contentkit.code.git.repository import Missing, data, shown
from contentkit.code.patches.file import HINT, Section, sections, unix
from contentkit.code.patches.patch import Broken, applied, hunks
from contentkit.code.reading.limits import Limits
from contentkit.code.reading.narrow import Narrow
from contentkit.code.reading.skip import Rules
from contentkit.code.reading.texts import UNKNOWN, Entry, Text, bare, note, text_of
from contentkit.core.change import FileChange, Hunk, Line, Side, Status, text_lines
from contentkit.core.errors import UsageError


class PatchChange:
    """See ``core.change.Change``. The patch's bytes are held, the files' are not.

    Args:
        repository: where contents are looked up by the ``index`` lines; None outside of one.

    Raises:
        UsageError: the patch can't be read; the line is named.
    """

    def __init__(
        self, content: bytes, title: str, repository: pygit2.Repository | None, narrow: Narrow, limits: Limits
    ) -> None:
        self._data = unix(content)
        every = tuple(sections(self._data))
        if not every and self._data.strip():
            raise UsageError(f"There is no diff in {title}.", hint=HINT)
        self._sections = tuple(
            one for one in every if narrow.takes(shown(one.path)) or narrow.takes(shown(one.old_path))
        )
        self.title = f"patch {title}" if self._sections else f"patch {title} changes no file"
        self.base, self.head, self.own, self.root = "", "", False, ""
        self.message = _message(self._data)
        self._told: list[str] = []
        self.notices: Sequence[str] = self._told  # more may come while files are read
        self._repository = repository
        self.bound(limits)
        twice = sorted(path for path, times in Counter(self.paths()).items() if times > 1)
        if twice:
            self._told.append(
                f"The patch changes {', '.join(twice[:3])} more than once: lines are numbered as of each step."
            )

    def bound(self, limits: Limits) -> None:
        """Read under other limits from now on."""
        self._limits = limits
        self._rules = Rules(self._before, limits.ignore)

    def __len__(self) -> int:
        return len(self._sections)

    def __iter__(self) -> Iterator[FileChange]:
        return (self._file(section) for section in self._sections)

    def paths(self) -> Sequence[str]:
        """See ``Change.paths``."""
        return [shown(section.path) for section in self._sections]

    def file(self, path: str) -> FileChange:
        """See ``Change.file``."""
        return self._file(self._section_of[path])

    @cached_property
    def _section_of(self) -> dict[str, Section]:
        """Every section by its path; the first of several."""
        return {shown(section.path): section for section in reversed(self._sections)}

    def text(self, path: str, side: Side = "RIGHT") -> str | None:
        """See ``Change.text``: of the folders that hold the files, else of the patch's own files."""
        folder = self._limits.after if side == "RIGHT" else self._limits.before
        if folder is not None:
            content = _within(folder, path, self._limits.max_bytes)
            text = text_of(content, path) if content is not None else None
            return text.text if text else None
        try:
            file = self.file(path)
        except KeyError:
            return None
        return file.new_text if side == "RIGHT" else file.old_text

    def tree(self, side: Side = "RIGHT") -> Sequence[str]:
        """See ``Change.tree``."""
        folder = self._limits.after if side == "RIGHT" else self._limits.before
        if folder is None:
            return []
        return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())

    def _before(self, path: str) -> str | None:
        return self.text(path, "LEFT") if self._limits.before is not None else None

    def _file(self, section: Section) -> FileChange:
        entry = _entry(section)
        skipped = self._rules.by_path(entry.path)
        if section.failed:
            return bare(entry, failed=section.failed)
        if section.binary:
            return bare(entry, binary=True, skipped=skipped or "binary")
        body = self._data[section.begin : section.end]
        if len(body) > 4 * self._limits.max_bytes:
            return bare(entry, skipped=skipped or f"{len(body):,} bytes of patch, far over the limit")
        old, new = self._contents(section, entry, body)
        if max(len(old or b""), len(new or b"")) > self._limits.max_bytes:
            said = f"{max(len(old or b''), len(new or b'')):,} bytes, over the limit of {self._limits.max_bytes:,}"
            return bare(entry, size=len(new or old or b""), skipped=skipped or said)
        return self._rules.judged(self._read(section, entry, body, old, new, skipped))

    def _read(
        self, section: Section, entry: Entry, body: bytes, old: bytes | None, new: bytes | None, skipped: str
    ) -> FileChange:
        spoken = text_of(body, entry.path) or Text(body.decode("utf-8", "replace"), UNKNOWN, False)
        try:
            found = _unmarked(hunks(body, lambda _: spoken.text))
        except Broken as error:  # other words than the bytes were counted by
            return bare(entry, failed=f"the patch can't be read: {error.message}")
        before = text_of(old, entry.old_path) if old is not None else None
        after = text_of(new, entry.path) if new is not None else None
        if not self._agree(entry, found, before, after):
            before = after = None
        else:
            found = _in_words_of(found, before, after, section.parents)
        if section.parents > 1:
            before = None  # the first parent's file is not the only one before
        one = after or before or spoken
        said = [note(entry, before, after)]
        if section.parents > 1:
            said.append(f"a merge of {section.parents} parents")
        return FileChange(
            path=entry.path,
            status=entry.status,
            old_path=entry.old_path,
            hunks=found,
            old_text=before.text if before else None,
            new_text=after.text if after else None,
            old_mode=entry.old_mode,
            new_mode=entry.new_mode,
            size=len(new if new is not None else old or b""),
            encoding=one.encoding,
            note="; ".join(part for part in said if part),
            skipped=skipped,
        )

    def _contents(self, section: Section, entry: Entry, body: bytes) -> tuple[bytes | None, bytes | None]:
        """The file on both sides: of the folders, of the repository, or made from the one side by the hunks."""
        added, deleted = section.status is Status.ADDED, section.status is Status.DELETED
        most = self._limits.max_bytes + 1
        old = new = None
        if not added:
            old = _within(self._limits.before, entry.old_path, most) if self._limits.before else None
            old = old if old is not None else self._stored(section.old_id)
        if not deleted:
            new = _within(self._limits.after, entry.path, most) if self._limits.after else None
            new = new if new is not None else self._stored(section.new_id)
        if section.parents > 1:
            return None, new
        try:
            if new is None and not deleted and (added or old is not None):
                new = applied(old or b"", body)
        except Broken:
            pass  # not the file that the patch was made from; _agree says so
        return old, new

    def _stored(self, name: str) -> bytes | None:
        if self._repository is None or not name.strip("0"):
            return None
        try:
            found = self._repository.get(name) if len(name) < 40 else None
            if len(name) < 40:
                return found.data if isinstance(found, pygit2.Blob) else None
            return data(self._repository, name)
        except (Missing, ValueError, KeyError, pygit2.GitError):
            return None

    def _agree(self, entry: Entry, found: Sequence[Hunk], before: Text | None, after: Text | None) -> bool:
        if _fits(found, before, "LEFT") and _fits(found, after, "RIGHT"):
            return True
        said = f"{entry.path} is not the file that the patch was made from; only the patch's lines are reviewed."
        if said not in self._told:
            self._told.append(said)
        return False


def _entry(section: Section) -> Entry:
    path = shown(section.path)
    old_path = shown(section.old_path)
    return Entry(path, section.status, old_path, section.old_mode, section.new_mode)


def _fits(found: Sequence[Hunk], text: Text | None, side: Side) -> bool:
    """Whether the hunks' lines stand where they say in a file; a carriage return may be lost on the way."""
    if text is None or text.encoding.startswith(("utf-16", "utf-32")):
        return True
    whole = text_lines(text.text)
    for line in (line for hunk in found for line in hunk.lines):
        number = _number(line, side)
        if number is None:
            continue
        if not 0 < number <= len(whole):
            return False
        if text.encoding.lower() != "utf-8" or whole[number - 1] == line.text:
            continue  # another encoding may be told from the whole file than from the patch
        if whole[number - 1].rstrip("\r") != line.text.rstrip("\r"):
            return False
    return True


def _unmarked(found: tuple[Hunk, ...]) -> tuple[Hunk, ...]:
    """Without the byte order mark of a first line, which is no part of a file's text."""
    if not found or not any(line.text.startswith("\ufeff") for line in found[0].lines):
        return found
    first = found[0]
    lines = tuple(
        line._replace(text=line.text.removeprefix("\ufeff")) if 1 in line[1:3] else line for line in first.lines
    )
    return (replace(first, lines=lines), *found[1:])


def _number(line: Line, side: Side) -> int | None:
    """Of a line that is on this side; a deleted one is not on the right whatever its number."""
    return line.old if side == "LEFT" else line.new


def _in_words_of(found: tuple[Hunk, ...], before: Text | None, after: Text | None, parents: int) -> tuple[Hunk, ...]:
    """The lines as the files have them where those are in another encoding than the patch was taken for."""
    if (before is None or before.plain) and (after is None or after.plain):
        return found
    old = text_lines(before.text) if before and parents == 1 else []
    new = text_lines(after.text) if after else []

    def word(line: Line) -> Line:
        if line.new and new:
            return line._replace(text=new[line.new - 1])
        return line._replace(text=old[line.old - 1]) if line.old and old and line.new is None else line

    return tuple(replace(one, lines=tuple(map(word, one.lines))) for one in found)


def _within(folder: Path | None, path: str, most: int) -> bytes | None:
    """A file below a folder; never one that a link leads out to."""
    if folder is None:
        return None
    try:
        file = (folder / path).resolve()
        if not file.is_relative_to(folder.resolve()) or not file.is_file():
            return None
        with file.open("rb") as opened:
            return opened.read(most)
    except (OSError, ValueError):
        return None


def _message(patch: bytes) -> str:
    """What the mails of format-patch say: subjects and bodies up to the diffstat."""
    said = []
    for mail in re.split(rb"^From [0-9a-f]{40} .*\n", patch, flags=re.MULTILINE)[1:]:
        head, _, rest = mail.partition(b"\n\n")
        subject = re.search(rb"^Subject: (?:\[PATCH[^\]]*\] )?(.*(?:\n[ \t].*)*)", head, re.MULTILINE)
        body = re.split(rb"^(?:---$|diff --git )", rest, maxsplit=1, flags=re.MULTILINE)[0]
        said.append(((subject[1].replace(b"\n ", b" ") if subject else b"") + b"\n\n" + body.strip()).strip())
    return b"\n\n".join(said).decode("utf-8", "replace")
