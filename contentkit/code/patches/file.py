"""Which files a patch changes: git's format, plain ``---``/``+++``, ``--cc``, mails of format-patch.

The text is walked once, hunks by their counts, and only offsets are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from contentkit.code.patches.names import NULL, both_paths, path_of, unquoted, without_prefixes
from contentkit.code.patches.patch import Broken, CutOff, measured
from contentkit.core.change import Status
from contentkit.core.errors import UsageError

_INDEX = re.compile(rb"index ([0-9a-f]{4,64}(?:,[0-9a-f]{4,64})*)\.\.([0-9a-f]{4,64})(?: (\d{6}))?")
_SUBMODULE = re.compile(rb"Submodule (.+?) (?:[0-9a-f]{7,40}\.{2,3}[0-9a-f]{7,40}|contains |\d)")
HINT = "Give the output of git diff, diff -u or git format-patch."


@dataclass(slots=True)
class Section:
    """One file of a patch.

    Attributes:
        line: where it begins, 1-based.
        path, old_path: as bytes, without a prefix.
        begin, end: the hunks' place in the patch's bytes; the same where it has none.
        old_id, new_id: of the ``index`` line, often shortened.
        parents: more than 1 for a combined diff.
        failed: why its hunks are not all there.
    """

    line: int
    path: bytes = b""
    old_path: bytes = b""
    status: Status = Status.MODIFIED
    old_mode: int = 0
    new_mode: int = 0
    old_id: str = ""
    new_id: str = ""
    begin: int = 0
    end: int = 0
    binary: bool = False
    parents: int = 1
    failed: str = ""
    git: bool = True
    names: tuple[bytes, bytes] = field(default=(b"", b""), repr=False)


class Lines:
    """A cursor over the lines of a patch, without splitting it."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.number = 1

    def peek(self, ahead: int = 0) -> bytes | None:
        """The line that comes (or one after it) without its line feed; None after the last."""
        at = self.at
        for _ in range(ahead):
            at = self.data.find(b"\n", at) + 1
            if not at:
                return None
        if at >= len(self.data):
            return None
        end = self.data.find(b"\n", at)
        return self.data[at:] if end < 0 else self.data[at:end]

    def step(self) -> None:
        """Goes on to the next line."""
        end = self.data.find(b"\n", self.at)
        self.at = len(self.data) if end < 0 else end + 1
        self.number += 1


def unix(data: bytes) -> bytes:
    """The patch with line feeds alone, if it was saved with CRLF as a whole: its own header lines tell."""
    heads = re.findall(rb"^(?:diff --git |--- |\+\+\+ )[^\n]*", data[:200_000], re.MULTILINE)
    return data.replace(b"\r\n", b"\n") if heads and heads[0].endswith(b"\r") else data


def sections(data: bytes) -> Iterator[Section]:
    """The files of a patch in its order.

    Raises:
        UsageError: a line can't be understood; it is named.
    """
    lines = Lines(data)
    while (line := lines.peek()) is not None:
        if line.startswith(b"diff --git "):
            yield _git(lines, line[11:])
        elif line.startswith((b"diff --cc ", b"diff --combined ")):
            yield _git(lines, line.split(b" ", 2)[2], combined=True)
        elif _begins_plain(lines):
            yield _plain(lines)
        elif line.startswith((b"@@ -", b"@@@ -")):
            raise _error(lines.number, "a hunk without the file that it is of")
        elif match := _SUBMODULE.match(line):
            yield Section(lines.number, match[1], match[1], old_mode=0o160000, new_mode=0o160000)
            lines.step()
        else:
            lines.step()  # a mail's words, a diffstat


def _begins_plain(lines: Lines) -> bool:
    first = lines.peek()
    if first is None or not first.startswith(b"--- "):
        return False
    second, third = lines.peek(1), lines.peek(2)
    return bool(second and second.startswith(b"+++ ") and third and third.startswith((b"@@ -", b"@@@ -")))


def _error(line: int, said: str) -> UsageError:
    return UsageError(f"The patch can't be read at line {line}: {said}.", hint=HINT)


def _plain(lines: Lines) -> Section:
    section = Section(lines.number, git=False)
    old = path_of((lines.peek() or b"")[4:])
    lines.step()
    new = path_of((lines.peek() or b"")[4:])
    lines.step()
    section.names = (old, new)
    _body(lines, section)
    first = lines.data[section.begin : section.end].split(b"\n", 1)[0]
    if old == NULL or first.startswith(b"@@ -0,0 "):
        section.status = Status.ADDED
    elif new == NULL or b" +0,0 @@" in first:
        section.status = Status.DELETED
    section.old_path, section.path = without_prefixes(old, new)
    return section


def _git(lines: Lines, names: bytes, *, combined: bool = False) -> Section:
    section = Section(lines.number)
    moved: dict[str, bytes] = {}
    lines.step()
    while (line := lines.peek()) is not None and not line.startswith((b"diff --", b"@@")):
        if line.startswith(b"--- ") and (lines.peek(1) or b"").startswith(b"+++ "):
            moved["---"] = path_of(line[4:])
            lines.step()
            moved["+++"] = path_of((lines.peek() or b"")[4:])
        elif line == b"GIT binary patch":
            section.binary = True
            _over_binary(lines)
            continue
        elif not _header(line, section, moved):
            break
        lines.step()
    _body(lines, section)
    _place(section, names, moved, combined)
    return section


def _header(line: bytes, section: Section, moved: dict[str, bytes]) -> bool:
    """Takes one line of git's header in; False if it is none."""
    if match := _INDEX.match(line):
        section.old_id, section.new_id = match[1].split(b",")[0].decode(), match[2].decode()
        section.parents = match[1].count(b",") + 1
        if match[3]:
            section.old_mode = section.new_mode = int(match[3], 8)
    elif line.startswith(b"new file mode "):
        section.status, section.new_mode = Status.ADDED, _mode(line)
    elif line.startswith(b"deleted file mode "):
        section.status, section.old_mode = Status.DELETED, _mode(line)
    elif line.startswith(b"old mode "):
        section.old_mode = _mode(line)
    elif line.startswith(b"new mode "):
        section.new_mode = _mode(line)
    elif line.startswith(b"mode "):  # combined: "mode 100644,100644..100755"
        section.new_mode = _mode(line.replace(b"..", b" "))
    elif line.startswith((b"rename from ", b"rename old ", b"copy from ")):
        moved["from"] = unquoted(line.split(b" ", 2)[2])
    elif line.startswith((b"rename to ", b"rename new ", b"copy to ")):
        moved["to"] = unquoted(line.split(b" ", 2)[2])
        section.status = Status.COPIED if line.startswith(b"copy") else Status.RENAMED
    elif line.startswith(b"Binary files "):
        section.binary = True
    else:
        return line.startswith((b"similarity index ", b"dissimilarity index "))
    return True


def _mode(line: bytes) -> int:
    word = line.rsplit(b" ", 1)[-1].split(b",")[0].strip()
    return int(word, 8) if re.fullmatch(rb"[0-7]{1,6}", word) else 0


def _over_binary(lines: Lines) -> None:
    """Skips the two blocks of a binary patch: each ends with an empty line."""
    lines.step()
    while (line := lines.peek()) is not None and line.startswith((b"literal ", b"delta ")):
        while lines.peek():
            lines.step()
        lines.step()


def _body(lines: Lines, section: Section) -> None:
    """Walks over the hunks, by their counts."""
    section.begin = section.end = lines.at
    while (line := lines.peek()) is not None and line.startswith(b"@@"):
        start = lines.number
        try:
            lines.at, count = measured(lines.data, lines.at)
        except CutOff as error:
            section.failed = f"the patch is cut off at its line {start + error.line}: {error.message}"
            lines.at, count = error.at, error.line
            lines.number = start + count
            return
        except Broken as error:
            raise _error(start + error.line, error.message) from None
        if line.startswith(b"@@@"):
            section.parents = len(line) - len(line.lstrip(b"@")) - 1
        lines.number = start + count
        section.end = lines.at
        after = lines.peek() or b""
        if after[:1] in (b"+", b" ", b"-") and not after.startswith(b"--"):
            raise _error(lines.number, "the hunk has more lines than its @@ line says")


def _place(section: Section, names: bytes, moved: dict[str, bytes], combined: bool) -> None:
    """Paths and status, from whatever of the header states them."""
    header = both_paths(names)
    if combined:
        section.old_path = section.path = unquoted(names)
    elif "from" in moved and "to" in moved:
        section.old_path, section.path = moved["from"], moved["to"]
    elif header and (pair := without_prefixes(*header))[0] == pair[1]:
        section.old_path, section.path = pair
    elif "---" in moved:
        section.old_path, section.path = without_prefixes(moved["---"], moved["+++"])
    elif header:
        section.old_path, section.path = without_prefixes(*header)
    else:
        raise _error(section.line, "the file's name can't be told")
    old, new = section.old_mode, section.new_mode
    if section.status is Status.ADDED:
        section.old_mode, section.old_path = 0, section.path
    elif section.status is Status.DELETED:
        section.new_mode, section.path = 0, section.old_path
    elif section.status is Status.MODIFIED:
        if section.old_path != section.path:
            section.status = Status.RENAMED
        elif old and new and old & 0o170000 != new & 0o170000:
            section.status = Status.TYPE
    if not section.path:
        raise _error(section.line, "the file's name is empty")
