"""The commits of a git log as ``sources/git.py`` writes it, and what the subject of each says of its kind."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Group = Literal[
    "breaking",
    "security",
    "added",
    "changed",
    "deprecated",
    "removed",
    "fixed",
    "performance",
    "documentation",
    "other",
]
GROUPS: tuple[Group, ...] = (
    "breaking",
    "security",
    "added",
    "changed",
    "deprecated",
    "removed",
    "fixed",
    "performance",
    "documentation",
    "other",
)
"""Groups of release notes, in the order in which readers want them."""

_ENTRY = re.compile(
    r"^## (?P<subject>[^\n]+)\n\n(?P<id>[0-9a-f]{7,64}) · (?P<date>\d{4}-\d\d-\d\d) · (?P<author>[^\n]*)(?:\n|\Z)",
    re.MULTILINE,
)
# https://www.conventionalcommits.org/en/v1.0.0/
_CONVENTIONAL = re.compile(r"(?P<type>[A-Za-z]{2,20})(?:\((?P<scope>[^()\n]{1,60})\))?(?P<mark>!)?:\s+(?P<text>\S.*)")
_BREAKING = re.compile(r"^BREAKING[ -]CHANGE:\s*(?P<text>.+(?:\n(?![A-Za-z-]+: |\n).+)*)", re.MULTILINE)
_MERGE = re.compile(r"Merge (?:branch|pull request|remote-tracking branch|tag|commit)\b|Merged in\b")
_TYPES: dict[str, Group] = {
    "feat": "added",
    "feature": "added",
    "fix": "fixed",
    "bugfix": "fixed",
    "perf": "performance",
    "docs": "documentation",
    "doc": "documentation",
    "revert": "changed",
    "security": "security",
    "deprecate": "deprecated",
    "remove": "removed",
    **dict.fromkeys(("refactor", "style", "test", "tests", "build", "ci", "chore", "release", "deps"), "other"),
}
# What a plain subject begins with or says, the first that fits. English orders or past tense, and Japanese.
_WORDS: dict[Group, str] = {
    "security": r".*\b(?:CVE-\d{4}|security|vulnerab)|.*(?:脆弱性|セキュリティ)",
    "other": r"(?:bump|release|prepare|lint|format|refactor|tests?\b|ci\b|typo)|.*(?:リファクタ|依存関係|テスト|整形)",
    "documentation": r"(?:doc|document|readme|changelog|explain)|.*(?:文書|ドキュメント|README|説明を)",
    "deprecated": r"deprecat|.*非推奨",
    "removed": r"(?:remov|drop|delet)|.*(?:削除|廃止|取り除)",
    "performance": r"(?:speed|optimi[sz])|.*\b(?:faster|slow)\b|.*(?:高速化|性能)",
    "fixed": r"(?:fix|repair|correct|prevent|avoid|mend|restor)|.*\bno longer\b|.*(?:修正|直す|直した|不具合|バグ)",
    "added": r"(?:add|introduc|implement|support|allow|new\b)|.*(?:追加|導入|できるように|新設)",
}
_PLAIN = {group: re.compile(words, re.IGNORECASE) for group, words in _WORDS.items()}


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit of a log.

    Attributes:
        id: as the log has it, abbreviated or whole.
        date: ISO date.
        body: the message after its subject, or "".
    """

    id: str
    subject: str
    date: str = ""
    author: str = ""
    body: str = ""

    @property
    def merges(self) -> bool:
        """It only joins branches."""
        return bool(_MERGE.match(self.subject))

    @property
    def scope(self) -> str:
        """The part of the project, where the subject names it as Conventional Commits do."""
        found = _CONVENTIONAL.fullmatch(self.subject)
        return (found["scope"] or "").strip() if found and found["type"].lower() in _TYPES else ""

    @property
    def text(self) -> str:
        """What was done, without the type and scope before it; what was taken back still says so."""
        found = _CONVENTIONAL.fullmatch(self.subject)
        if not found or found["type"].lower() not in _TYPES:
            text = self.subject.strip()
        elif found["type"].lower() == "revert":
            text = f"Revert: {found['text'].strip()}"
        else:
            text = found["text"].strip()
        return text[:1].upper() + text[1:]

    @property
    def breaks(self) -> str:
        """What it breaks for callers, as its body says; its text where a "!" alone says so; "" for nothing."""
        if footer := _BREAKING.search(self.body):
            return " ".join(footer["text"].split())
        found = _CONVENTIONAL.fullmatch(self.subject)
        return self.text if found and found["mark"] and found["type"].lower() in _TYPES else ""

    @property
    def group(self) -> Group:
        """Its group in release notes: by its type, else by the words of its subject; a guess that a person may mend."""
        if self.breaks:
            return "breaking"
        found = _CONVENTIONAL.fullmatch(self.subject)
        if found and (known := _TYPES.get(found["type"].lower())):
            return known
        return next((group for group, pattern in _PLAIN.items() if pattern.match(self.subject)), "changed")


def commits(text: str) -> list[Commit]:
    """The commits of a log, in its order; none where the text is no log."""
    found = list(_ENTRY.finditer(text))
    ends = [*(entry.start() for entry in found[1:]), len(text)][: len(found)]
    return [
        Commit(entry["id"], entry["subject"].strip(), entry["date"], entry["author"], text[entry.end() : end].strip())
        for entry, end in zip(found, ends, strict=True)
    ]


def same_commit(one: str, other: str) -> bool:
    """Whether two ids, abbreviated or whole, name one commit."""
    one, other = one.strip().lower(), other.strip().lower()
    return min(len(one), len(other)) >= 7 and (one.startswith(other) or other.startswith(one))
