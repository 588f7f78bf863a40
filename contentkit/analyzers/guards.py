"""Checks that a change takes away: a condition that left early, a try, a lock, an escape, a part of a condition.

Most such changes are meant, so that only what stays otherwise unchanged is told, on the deleted side and with low
confidence: the guard is gone, what it guarded is still there, and the same check stands nowhere else in the change.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from contentkit.analyzers._blocks import Block, bare, blocks
from contentkit.analyzers._paths import is_test, is_test_data, language
from contentkit.core.change import Change, FileChange, Line, Status
from contentkit.core.contracts import Look
from contentkit.core.report import Finding, Place, Severity

_IF = re.compile(r"(?:\}\s*)?(?:if|unless|guard)\b\s*")
_BRACKETS = re.compile(r"[(){}\[\]:]|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'")
_GOES_ON = re.compile(r"\s*(?:and\b|or\b|is\b|in\b|not\b|if\b|[&|=!<>+*/%.?,-]|\[)")
_EXIT = re.compile(
    r"(?:return|raise|throw|continue|break|panic|abort|exit|goto)\b|.*\b(?:sys\.exit|os\.Exit|process\.exit)\("
)
_HOLDS = re.compile(
    r"(?:try\b\s*[:{]?|finally\b\s*[:{]?|\}\s*finally\b.*|synchronized\s*\(.*"
    r"|(?:async )?with\s+[\w.]*(?:lock|mutex|semaphore)\w*.*:"
    r"|[\w.]*(?:lock|mutex|mu)\.(?:R?Lock|acquire|lock)\(\).*|defer\s+[\w.]+\.R?Unlock\(\))",
    re.IGNORECASE,
)
_ASSERTS = re.compile(
    r"(?:assert\b(?!\s+(?:isinstance\(|.{1,60} is not None))|Validate\.|Preconditions\."
    r"|Objects\.requireNonNull|checkNotNull\(|checkArgument\()"
)
_DEFINES = re.compile(
    r"(?:async\s+)?(?:def|class|func|function|fn)\b|(?:public|private|protected|static|export)\b|@\w|import\b|from\b"
    r"|(?:case|switch|for|while)\b"
)
# What is asked of the machine rather than of the data: dropped with an old version or system.
_MACHINE = re.compile(
    r"version|platform|TYPE_CHECKING|\bPY\d|six\.|python|debug|verbose|deprecat|GOOS|NODE_ENV|__name__|\bsys\."
    r"|\bos\.name|hasattr|feature|typeof|\bwin|compat|experiment|legacy|logg|trace|enabled|disabled",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z_]\w*")
_KEYWORDS = frozenset(
    ("not", "and", "or", "is", "in", "None", "null", "nil", "undefined", "True", "False", "true", "false", "self",
     "this", "len", "if", "err", "instanceof", "isinstance", "typeof", "new")
)  # fmt: skip
_NULL = re.compile(
    r"\bis (?:not )?None\b|[!=]==? ?(?:null|nil|undefined|None)\b|\b(?:null|nil) ?[!=]==?|\bnot \w|^!|[<>]"
    r"|\blen\(|\.length\b|[eE]mpty"
)
_MEANT_SAFE = re.compile(
    r"\b[\w.]*(?:escape|quote|sanitiz|sanitis|purify|encodeURI|secure_filename|abspath|realpath|strip_tags|bleach)\w*\(",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Gone:
    path: str
    line: Line
    check: str
    message: str
    severity: Severity
    rule: str = "removed"


@dataclass(slots=True)
class _Guards:
    gone: list[_Gone] = field(default_factory=list)
    added: array[int] = field(default_factory=lambda: array("q"))  # hashes: a large change adds very many lines

    def file(self, file: FileChange) -> Iterable[Finding]:
        """Note the checks that go, and those that come: a check that moved is not gone."""
        if not language(file.path) or is_test(file.path) or is_test_data(file.path):
            return ()
        for line in file.lines("+"):
            if len(line.text) <= 1000:
                self.added.append(hash(_squeezed(_condition(line.text) or bare(line.text))))
        if file.status is not Status.DELETED:
            for block in blocks(file):
                self.gone += _removed(file.path, block) or _weakened(file.path, block)
        return ()

    def end(self) -> Iterable[Finding]:
        """Tell which checks are gone."""
        came = {hash(_squeezed(one.check)) for one in self.gone}.intersection(self.added)
        for one in self.gone:
            if hash(_squeezed(one.check)) not in came:
                yield Finding(
                    f"guards/{one.rule}",
                    one.message,
                    one.severity,
                    Place(one.path, one.line.number, one.line.number, side="LEFT"),
                    "bug",
                    confidence=0.4,
                )


def begin(change: Change, settings: Mapping[str, Any]) -> Look:
    """A look at the checks on the deleted side."""
    return _Guards()


def _removed(path: str, block: Block) -> list[_Gone]:
    """Checks that went while nothing new came: the lines they guarded stayed as they were."""
    gone = block.gone()
    if not gone or len(gone) > 12 or block.new() or not block.after:
        return []
    texts = [bare(line.text) for line in gone]
    if any(_DEFINES.match(text) for text in texts):
        return []
    found = [
        _check(path, line, text, gone[at + 1 :], block) for at, (line, text) in enumerate(zip(gone, texts, strict=True))
    ]
    return [one for one in found if one is not None][:1]


def _check(path: str, line: Line, text: str, rest: list[Line], block: Block) -> _Gone | None:
    condition, then = _split(line.text)
    if condition and not _MACHINE.search(text):
        leaves = bool(_EXIT.match(then.strip(" {"))) or any(_EXIT.match(bare(one.text)) for one in rest[:5])
        kept = any(bare(one.text) for one in block.added)  # its body stayed, without the condition
        if kept or (leaves and _still_used(condition, block)):
            severity = Severity.MINOR if _NULL.search(condition) else Severity.INFO
            return _Gone(
                path,
                line,
                condition,
                f"The check `{_short(condition)}` is removed, and what it guarded is still there.",
                severity,
            )
    if _HOLDS.fullmatch(text) and any(bare(one.text) for one in block.added):
        return _Gone(path, line, text, f"`{_short(text)}` is removed around code that is still there.", Severity.INFO)
    if _ASSERTS.match(text) and _still_used(text, block):
        return _Gone(path, line, text, f"The check `{_short(text)}` is removed.", Severity.INFO)
    return None


def _weakened(path: str, block: Block) -> list[_Gone]:
    """A line that stayed but for a part of its check."""
    gone, new = block.gone(), block.new()
    if len(gone) != len(new) or len(gone) > 4:
        return []
    for before, after in zip(gone, new, strict=True):
        lost = _lost(bare(before.text), bare(after.text))
        if lost and not _MACHINE.search(lost):
            message = f"`{_short(lost)}` is no longer checked here."
            if _MEANT_SAFE.match(lost):
                message = f"`{_short(lost)}...)` is no longer called on what goes in here."
            return [_Gone(path, before, lost, message, Severity.INFO, "weakened")]
    return []


def _lost(before: str, after: str) -> str:
    """The term, the test for nothing, or the escape that ``after`` lacks and that alone."""
    old, new = _terms(before), {_squeezed(term) for term in _terms(after)}
    if len(old) > len(new) >= 1 and new < {_squeezed(term) for term in old}:
        return next(term for term in old if _squeezed(term) not in new)
    if "?." in before and before.replace("?.", ".") == after:
        return before[: before.index("?.") + 1].split(" ")[-1].split("(")[-1]
    call = _MEANT_SAFE.search(before)
    if call and before[: call.start()] + before[call.end() :].replace(")", "", 1) == after:
        return call[0]
    nothing = re.search(r"([\w.()]+ [!=]==? (?:null|None|nil|undefined)) \? (?:null|None|nil|undefined) : ", before)
    if nothing and before.replace(nothing[0], "") == after:
        return nothing[1]
    return ""


def _terms(text: str) -> list[str]:
    condition = _condition(text) or ""
    return [term.strip() for term in re.split(r"\band\b|\bor\b|&&|\|\|", condition)] if condition else []


def _condition(text: str) -> str:
    """What an ``if`` asks, without what follows it; "" where the line is none."""
    return _split(text)[0]


def _split(text: str) -> tuple[str, str]:
    """The condition of an ``if``, and what else stands in the line."""
    line = bare(text)
    start = _IF.match(line)
    if start is None:
        return "", ""
    rest, depth = line[start.end() :], 0
    for found in _BRACKETS.finditer(rest):
        sign, end = found[0], found.end()
        depth += (sign in ("(", "[", "{")) - (sign in (")", "]", "}"))
        if sign == ")" and depth == 0 and rest.startswith("(") and not _GOES_ON.match(rest, end):
            return rest[1 : end - 1].strip(), rest[end:]
        if (sign == ":" and depth == 0 and rest[end : end + 1] not in ("=", ":")) or (sign == "{" and depth == 1):
            return rest[: end - 1].strip(), rest[end:]
    return rest.strip(), ""


def _squeezed(text: str) -> str:
    return re.sub(r"[\s();{}:]", "", text)


def _still_used(condition: str, block: Block) -> bool:
    words = {word for word in _WORD.findall(condition) if word not in _KEYWORDS}
    later = " ".join(line.text for line in (*block.added, *block.after))
    return bool(words & set(_WORD.findall(later)))


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
