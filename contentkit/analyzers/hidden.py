"""Characters that a reader does not see, also in files that the review skips (lock files, vendored ones).

- ``hidden/bidi``: controls of the direction of writing, which show code in another order than it runs in
  (CVE-2021-42574; Unicode Technical Standard 55).
- ``hidden/zero-width``: characters without width, inside names or between words.
- ``hidden/tags``: tag characters and runs of variation selectors, which carry text that only a machine reads.

Where a script or an emoji needs such a character it is no finding. Letters that look alike are not looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from contentkit.analyzers._look import Each, added_lines
from contentkit.analyzers._paths import is_data, is_prose, is_test, is_test_data, language
from contentkit.core.change import Change, FileChange
from contentkit.core.contracts import Look
from contentkit.core.report import Finding, Place, Severity

skipped_too = True

_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_MARK = re.compile("[\u200e\u200f\u061c]")
_ZERO = re.compile(
    "[\u200b\u200c\u200d\u2060-\u2064\u180e\u034f\u115f\u1160\u3164\uffa0\ufeff\u206a-\u206f\ufff9-\ufffb]"
)
_TAGS = re.compile("[\U000e0000-\U000e007f\U000e01f0-\U000e0fff]+|[\U000e0100-\U000e01ef]{2,}|[\ufe00-\ufe0f]{2,}")
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{1,32}\U000e007f")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
# Scripts that join or part letters with U+200C and U+200D, or words with U+200B: Arabic to Sinhala, Tibetan, Mongolian,
# Thai, Lao, Myanmar, Khmer, and Han, kana and Hangul, where U+200B allows a line to break.
_NEEDS_JOINERS = re.compile("[\u0600-\u0dff\u0f00-\u0fff\u1000-\u109f\u1780-\u18af\ua840-\uabff\U00011000-\U00011fff]")
_NEEDS_BREAKS = re.compile("[\u0e00-\u0eff\u0f00-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u9fff\uff01-\uff60]")
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff]")


def begin(change: Change, settings: Mapping[str, Any]) -> Look:
    """A look for hidden characters in added lines."""
    return Each(_look)


def _look(file: FileChange) -> Iterator[Finding]:
    removed: set[str] | None = None
    told: dict[str, tuple[Finding, int]] = {}
    for number, text in added_lines(file):
        if text.isascii():
            continue
        for rule, severity, found in _hidden(file, number, text):
            if removed is None:
                removed = {line.text.strip() for line in file.lines("-")}
            if text.strip() in removed:
                continue
            finding = _finding(file.path, number, rule, severity, found)
            if severity is Severity.MAJOR:
                yield finding
            else:  # many in one text have one cause
                told[rule] = (told[rule][0], told[rule][1] + 1) if rule in told else (finding, 0)
    for finding, more in told.values():
        yield (
            replace(finding, message=f"{finding.message} {more} more lines of the file have such.") if more else finding
        )


def _hidden(file: FileChange, number: int, text: str) -> Iterator[tuple[str, Severity, re.Match[str]]]:
    """The first of each kind in a line."""
    program = bool(language(file.path)) or not (is_prose(file.path) or is_data(file.path))
    foreign = bool(_RIGHT_TO_LEFT.search(text))
    if found := _BIDI.search(text):
        excused = not program and (foreign or is_test(file.path) or is_test_data(file.path))
        yield "bidi", Severity.MINOR if excused else Severity.MAJOR, found
    elif (found := _MARK.search(text)) and not foreign:
        yield "bidi", Severity.MINOR, found
    zero = next((one for one in _ZERO.finditer(text) if not _needed(text, one.start(), number)), None)
    if zero:
        joined = _in_name(text, zero.start()) and program
        yield "zero-width", Severity.MAJOR if joined else Severity.MINOR, zero
    flags = {place for flag in _FLAG.finditer(text) for place in range(flag.start() + 1, flag.end())}
    tags = next((one for one in _TAGS.finditer(text) if one.start() not in flags), None)
    if tags:
        yield "tags", Severity.MAJOR, tags


def _needed(text: str, place: int, number: int) -> bool:
    """Whether the script or the emoji around it asks for the character."""
    char, before, after = text[place], text[max(place - 1, 0) : place], text[place + 1 : place + 2]
    if char == "\ufeff":
        return number == 1 and place == 0
    if char in "\u115f\u1160\u3164\uffa0":
        return bool(_HANGUL.match(before) or _HANGUL.match(after))
    if char == "\u200d" and _pictures(before, after):
        return True
    if char in "\u200c\u200d":
        return bool(_NEEDS_JOINERS.match(before) or _NEEDS_JOINERS.match(after))
    if char in "\u200b\u2060":
        return bool(_NEEDS_BREAKS.match(before) or _NEEDS_BREAKS.match(after))
    return char == "\u180e" and bool(_NEEDS_JOINERS.match(before))


def _pictures(before: str, after: str) -> bool:
    """Whether a joiner stands between two emoji (the first perhaps with a skin tone or a selector)."""
    return (before == "\ufe0f" or before >= "\u2190") and after >= "\u2190"


def _in_name(text: str, place: int) -> bool:
    around = text[max(place - 1, 0) : place], text[place + 1 : place + 2]
    return all(char.isalnum() or char == "_" for char in around)


_WHY = {
    "bidi": "can show the line in another order than it is read by a program",
    "zero-width": "is not seen, yet it makes another text",
    "tags": "can carry words that only a machine reads",
}


def _finding(path: str, number: int, rule: str, severity: Severity, found: re.Match[str]) -> Finding:
    count = len(found[0])
    what = f"U+{ord(found[0][0]):04X}" + (f" and {count - 1} more of its kind" if count > 1 else "")
    return Finding(
        f"hidden/{rule}",
        f"A hidden character ({what}) {_WHY[rule]}.",
        severity,
        Place(path, number, number, found.start() + 1, found.end() + 1),
        "security",
        repair="Delete it, or write it as an escape.",
    )
