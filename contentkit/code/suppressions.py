"""``contentkit: ignore[rule] reason`` in a comment: which findings a file asks not to report, and why."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from contentkit.core.change import text_lines

_MARK = re.compile(r"contentkit:[ \t]*ignore\[(?P<rules>[^\]\n]{1,200})\](?P<reason>[^\n]*)")
_CLOSERS = re.compile(r"\s*(?:\*/|-->|%\}|#\})\s*$")
_ONLY_COMMENT = re.compile(r"^\s*(?://|#|--|/\*|\*|<!--|;|%|\{[#%])")


@dataclass(frozen=True, slots=True)
class Suppression:
    """One comment. ``rules`` are ids or patterns ("debug/*"); ``reason`` may be missing, and then it does not count."""

    line: int
    rules: tuple[str, ...]
    reason: str

    def covers(self, rule: str) -> bool:
        """Whether it names ``rule``, whole, by its family, or by a pattern."""
        return any(rule == name or rule.partition("/")[0] == name or fnmatchcase(rule, name) for name in self.rules)


def suppressions(text: str) -> Mapping[int, Suppression]:
    """Line (1-based) -> the comment that holds there: on its own line, and on the next one where it stands alone."""
    found: dict[int, Suppression] = {}
    if "contentkit:" not in text:
        return found
    for number, line in enumerate(text_lines(text), 1):
        if mark := _MARK.search(line):
            rules = tuple(rule.strip() for rule in mark["rules"].split(",") if rule.strip())
            reason = _CLOSERS.sub("", mark["reason"]).strip(" \t:-—\r")
            held = Suppression(number, rules, reason)
            found[number] = held
            if _ONLY_COMMENT.match(line):
                found.setdefault(number + 1, held)
    return found
