"""The script that git starts as a hook: POSIX sh that looks for contentkit and never blocks a commit without it."""

from __future__ import annotations

import re
import shlex

HOOKS = ("pre-commit", "pre-push", "commit-msg")
"""The hooks that contentkit has something to do in."""

KEPT = ".before-contentkit"
"""What the name of a hook that was there before ours ends in."""

MARK = "# A hook of contentkit"

_NO_MODULE = 97
"""What the script's Python leaves with when it has no contentkit; not one of contentkit's own codes."""

_SCRIPT = r"""#!/bin/sh
{mark}, made by `contentkit hook install --type {hook}`. Take it away with
# `contentkit hook uninstall --type {hook}`. What was here before is in {hook}{kept} and runs first.
hook={hook}
python={python}
before=$(dirname -- "$0")/{hook}{kept}
start='
import sys
try:
    from contentkit.cli import main
except ImportError:
    sys.exit({no_module})
sys.argv[0] = "contentkit"
main()
'

review() {{
    # -P: a file of this repository called click.py must not be taken for a library.
    if [ -n "$python" ] && [ -x "$python" ]; then
        "$python" -P -c "$start" hook run "$hook" "$@"
        code=$?
        [ "$code" -eq {no_module} ] || return "$code"
    fi
    if command -v contentkit >/dev/null 2>&1; then
        contentkit hook run "$hook" "$@"
        return
    fi
    printf '%s\n' "contentkit: NOT REVIEWED: contentkit is no longer installed (looked for $python, and on PATH)." \
        "contentkit: Install it again, or take this hook away: $0" >&2
}}
{body}"""

_PLAIN = """
if [ -x "$before" ]; then
    "$before" "$@" || exit
fi
review "$@"
"""

_READING = """
# Standard input names what is pushed: for both.
lines=$(cat)
if [ -x "$before" ]; then
    printf '%s' "${lines:+$lines
}" | "$before" "$@" || exit
fi
printf '%s' "${lines:+$lines
}" | review "$@"
"""


def script(name: str, python: str) -> str:
    """The hook's text: POSIX sh, with line feeds alone.

    Args:
        python: the interpreter to try first, "" for none.
    """
    body = _READING if name == "pre-push" else _PLAIN
    return _SCRIPT.format(
        mark=MARK, hook=name, kept=KEPT, python=shlex.quote(python) if python else "", no_module=_NO_MODULE, body=body
    )


def is_ours(text: str) -> bool:
    """Whether a hook's text is a script of ours, of whatever version."""
    return MARK in text[:200]


def python_of(text: str) -> str:
    """The interpreter that a script of ours names, or ""."""
    found = re.search(r"^python=(.*)$", text, flags=re.MULTILINE)
    try:
        return "".join(shlex.split(found[1])) if found else ""
    except ValueError:
        return ""
