"""Linters of others whose findings become ours: proselint (a library) and textlint (a program)."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from typing import Any

from contentkit.core.errors import ContentkitError, MissingExtra, UsageError
from contentkit.core.nearest import unknown
from contentkit.core.report import Finding
from contentkit.steps._style.look import Look

_TIMEOUT = 120
_BLANKS = 3
"""proselint sees the shadow; a span with so many blanks is a hole where code or markup was."""


def check_installed(tools: tuple[str, ...]) -> None:
    """Refuse tools that can't run, before anything is checked.

    Raises:
        UsageError: a tool is unknown or not installed; the sentence says how to install it.
    """
    for name in tools:
        if name not in TOOLS:
            raise unknown("linter", name, TOOLS)
    if "proselint" in tools and find_spec("proselint") is None:
        raise MissingExtra("The linter proselint", "style")
    if "textlint" in tools and shutil.which("textlint") is None:
        hint = "Install it: npm install -g textlint, and the rules that your .textlintrc names."
        raise UsageError("The linter textlint is not installed.", hint=hint)


def _proselint(look: Look) -> Iterator[Finding]:
    """What proselint finds in an English text."""
    if look.document.language != "en":
        return
    from proselint import checks
    from proselint.registry import CheckRegistry
    from proselint.tools import LintFile

    if not CheckRegistry().checks:
        CheckRegistry().register_many(checks.__register__)
    for result in LintFile("text", look.shadow).lint() if look.shadow.strip() else ():
        found = result.check_result
        # It reads the text with a line end before it, and some of its spans take in the characters around the words.
        start, end = found.span[0] - 1, found.span[1] - 1
        words = look.shadow[max(start, 0) : end]
        start, end = max(start, 0) + len(words) - len(words.lstrip()), end - (len(words) - len(words.rstrip()))
        if start < end and " " * _BLANKS not in look.shadow[start:end]:
            use = found.replacements if isinstance(found.replacements, str) else None
            yield look.finding("proselint", f"{found.message} ({found.check_path})", start, end, use=use)


def _textlint(look: Look) -> Iterator[Finding]:
    """What textlint finds with the rules that its own configuration in this folder names."""
    text = look.document.text
    for message in _messages(text):
        fix = message.get("fix") if isinstance(message.get("fix"), Mapping) else None
        span = (fix or message).get("range")
        if not isinstance(span, list) or len(span) != 2 or not all(isinstance(at, int) for at in span):
            continue
        start, end = (_code_points(text, at) for at in span)
        use = fix.get("text") if fix else None
        said = f"{message.get('message', '')} ({message.get('ruleId', 'textlint')})"
        yield look.finding("textlint", said, start, end, use=use if isinstance(use, str) else None, fix=True)


def _messages(text: str) -> list[dict[str, Any]]:
    program = shutil.which("textlint")
    if program is None:
        raise ContentkitError("textlint is not installed.")
    command = [program, "--stdin", "--stdin-filename", "text.md", "--format", "json"]
    try:
        done = subprocess.run(
            command, input=text.encode("utf-8", "replace"), capture_output=True, timeout=_TIMEOUT, check=False
        )
        read = json.loads(done.stdout or b"[]")
    except subprocess.TimeoutExpired:
        raise ContentkitError(f"textlint took more than {_TIMEOUT} seconds.") from None
    except (OSError, ValueError):
        raise ContentkitError("textlint could not be run, or printed no findings; try it alone.") from None
    if done.returncode not in (0, 1):
        line = done.stderr.decode("utf-8", "replace").strip().split("\n")[0][:200]
        raise ContentkitError(f"textlint ended with {done.returncode}: {line}")
    files = [file for file in read if isinstance(file, dict)] if isinstance(read, list) else []
    return [message for file in files for message in file.get("messages", []) if isinstance(message, dict)]


def _code_points(text: str, units: int) -> int:
    """An offset in UTF-16 units as one in code points."""
    if text.isascii() or max(text) <= "\uffff":
        return min(units, len(text))
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "ignore"))


TOOLS: Mapping[str, Callable[[Look], Iterator[Finding]]] = {"proselint": _proselint, "textlint": _textlint}
