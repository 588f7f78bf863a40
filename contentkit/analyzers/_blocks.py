"""Lines that changed together without a line between them that stayed, and what of them is really gone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from contentkit.core.change import FileChange, Line

_COMMENT = re.compile(r"(?:#(?!\[|!)|//|/\*|\*|--).*")
_ELSE_IF = re.compile(r"(?:\}?\s*else\s+if|elif|elsif)\b")
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Block:
    """Deleted and added lines of one place, and the lines that stand after it in the hunk."""

    deleted: tuple[Line, ...]
    added: tuple[Line, ...]
    after: tuple[Line, ...]

    def gone(self) -> list[Line]:
        """Deleted lines that were not put back, perhaps moved in or out."""
        back = Counter(bare(line.text) for line in self.added)
        gone = []
        for line in self.deleted:
            text = bare(line.text)
            if back[text]:
                back[text] -= 1
            elif text:
                gone.append(line)
        return gone

    def new(self) -> list[Line]:
        """Added lines that say something that did not stand here before."""
        before = Counter(bare(line.text) for line in self.deleted)
        new = []
        for line in self.added:
            text = bare(line.text)
            if before[text]:
                before[text] -= 1
            elif text:
                new.append(line)
        return new


def blocks(file: FileChange) -> Iterator[Block]:
    """The blocks of a file in which something was deleted."""
    for hunk in file.hunks:
        at = 0
        lines = hunk.lines
        while at < len(lines):
            start = at
            while at < len(lines) and lines[at].kind != " ":
                at += 1
            run = lines[start:at]
            if any(line.kind == "-" for line in run) and all(len(line.text) <= _LONGEST for line in run):
                deleted = tuple(line for line in run if line.kind == "-")
                added = tuple(line for line in run if line.kind == "+")
                yield Block(deleted, added, lines[at : at + 12])
            at += 1


def bare(text: str) -> str:
    """A line without white space around it, comment or closing bracket alone; ``elif`` counts as ``if``."""
    text = text.strip()
    if _COMMENT.fullmatch(text) or not text.strip("(){}[];,"):
        return ""
    return _ELSE_IF.sub("if", text, count=1) if _ELSE_IF.match(text) else text
