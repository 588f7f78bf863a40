"""Keys, tokens and passwords written into files. Also looks at files that the review skips (lock files, vendored ones).

A finding names the kind and never the value. Made-up values of tests are told by where they stand: a password in a
test harms nobody, a vendor's token there may be real.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from contentkit.analyzers._look import Each, Spot, new_lines, new_text
from contentkit.analyzers._paths import is_example, is_prose, is_test, is_test_data, language
from contentkit.core.change import Change, FileChange
from contentkit.core.contracts import Look
from contentkit.core.report import Finding, Place, Severity
from contentkit.core.secrets import Span, find

skipped_too = True

# Told by the name beside the value or by the place in an address, and not by a form of their own.
_GENERIC = frozenset({"password", "key", "url-password", "basic-auth", "bearer-token", "authorization"})
# Forms that tests are full of: made for them, and worth nothing elsewhere.
_MADE_FOR_TESTS = frozenset({"private-key", "jwt"})
# What stands in a comment shows how a thing is used.
_COMMENTS = ("#", "//", "*", "/*", "<!--", "--", ";")
# Words with signs between them name a key ("app.session_key"), they are none.
_BATCH = re.compile(r"!\w+!|%\w+%")  # a variable of a Windows batch file
_LABEL = re.compile(r"_?(?:[A-Za-z]{1,20}\d{0,2}[._:/-]){1,8}[A-Za-z]{1,20}\d{0,2}")


def begin(change: Change, settings: Mapping[str, Any]) -> Look:
    """A look for secrets in every text that the change touches."""
    return Each(_look)


def _look(file: FileChange) -> Iterator[Finding]:
    text = new_text(file)
    if text is not None:
        yield from _found(file, text, [])
    else:
        lines = list(new_lines(file))
        yield from _found(file, "".join(f"{line}\n" for _, line in lines), [number for number, _ in lines])


def _found(file: FileChange, text: str, numbers: list[int]) -> Iterator[Finding]:
    """``numbers`` are those of the text's lines where they are not simply 1, 2, 3 ..."""
    spot = None
    known: dict[str, bool] = {}
    for span in find(text):
        severity, value = _severity(file, text, span), text[span.start : span.end]
        if severity is None or (known[value] if value in known else known.setdefault(value, _was_there(file, value))):
            continue
        spot = spot or Spot(text)
        (line, column), (last, end) = spot(span.start), spot(max(span.end - 1, span.start))
        if numbers:
            line, last = numbers[line - 1], numbers[last - 1]
        yield Finding(
            f"secrets/{span.rule}",
            f"{_called(span.rule)} is written into the file, and everyone who can read the repository can use it.",
            severity,
            Place(file.path, line, last, column, end + 1),
            "security",
            repair="Take the value out, read it from the environment or a secret store, and revoke it.",
            confidence=0.7 if span.rule in _GENERIC else 0.95,
        )


def _severity(file: FileChange, text: str, span: Span) -> Severity | None:
    """None where it is made up, or no value at all."""
    generic = span.rule in _GENERIC
    if is_test(file.path) or is_test_data(file.path):
        return None if generic or span.rule in _MADE_FOR_TESTS else Severity.MINOR
    if not generic and span.rule != "jwt":
        return Severity.CRITICAL
    if generic and (file.skipped or _is_code(file.path, text, span)):
        return None
    before = _before(text, span).lstrip()
    if before.lower().startswith("set /p"):  # a batch file asks for it
        return None
    shown = is_prose(file.path) or is_example(file.path) or before.startswith(_COMMENTS)
    return Severity.MINOR if shown else Severity.MAJOR


def _is_code(path: str, text: str, span: Span) -> bool:
    """A name, or what a program computes: the value of a key or password in a program is in quotes."""
    value = text[span.start : span.end]
    if (span.rule == "key" and _LABEL.fullmatch(value)) or _BATCH.match(value):
        return True
    if span.rule not in ("key", "password") or language(path) in ("", "shell"):
        return False
    before = _before(text, span)
    return not any(before.count(quote) % 2 for quote in "\"'`")


def _before(text: str, span: Span) -> str:
    """What stands before it in its line, of a very long one the nearest thousand characters."""
    near = max(span.start - 1000, 0)
    return text[max(text.rfind("\n", near, span.start) + 1, near) : span.start]


def _was_there(file: FileChange, value: str) -> bool:
    """The change did not bring it in, it only moved it or touched its line."""
    if file.old_text is not None:
        return value in file.old_text
    return any(value in line.text for line in file.lines("-"))


_NAMED = {"key": "A secret key", "jwt": "A JSON Web Token", "url-password": "The password of an address"}
_WRITTEN = {"github": "GitHub", "gitlab": "GitLab", "aws": "AWS"}


def _called(rule: str) -> str:
    first, *rest = rule.split("-")
    words = " ".join([_WRITTEN.get(first, first), *(word if word != "url" else "URL" for word in rest)])
    return _NAMED.get(rule, f"{'An' if words[0] in 'aeiouA' else 'A'} {words}")
