"""What the docs show is what happens: Python examples run, and each command prints what stands below it.

``REWRITE_GOLDEN=1 pytest tests/test_docs.py`` writes the real output into the pages.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONSOLE = re.compile(r"^(````console\n)\$ (contentkit [^\n]+)\n(.*?)^(````)$", flags=re.MULTILINE | re.DOTALL)


def blocks(page: str) -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(r"^```python\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "CONTENTKIT_PROBE": "0", "PYTHONUTF8": "1"}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=env, timeout=60)


@pytest.mark.parametrize("block", blocks("docs/api.md"))
def test_the_python_examples_run(block: str, tmp_path: Path) -> None:
    done = run([sys.executable, "-c", block], tmp_path)
    assert done.returncode == 0, done.stderr
    if "await review" in block:
        assert done.stdout.splitlines() == ["major ruff/F821 2 Undefined name `rate`", "1"]
    elif "asyncio.run" in block:
        assert "The ferry leaves the old harbour at 7:40." in done.stdout
        assert "offline" in done.stdout


@pytest.mark.parametrize("page", ["README.md", "README.ja.md", "docs/kinds.md"])
def test_commands_print_what_the_page_shows(page: str) -> None:
    path = ROOT / page
    text = path.read_text(encoding="utf-8")

    def real(found: re.Match[str]) -> str:
        opening, command, _, closing = found.groups()
        done = run([sys.executable, "-m", *shlex.split(command)], ROOT)
        assert done.returncode == command.startswith(("contentkit review", "contentkit check")), done.stderr
        return f"{opening}$ {command}\n{done.stdout}{closing}"

    fresh = CONSOLE.sub(real, text)
    if os.environ.get("REWRITE_GOLDEN"):
        path.write_text(fresh, encoding="utf-8")
    assert CONSOLE.search(text)
    assert fresh == text or os.environ.get("REWRITE_GOLDEN")


SESSION = re.compile(r"^```console\n((?:\$ [^\n]*\n)+)(.*?)^```", flags=re.MULTILINE | re.DOTALL)


def test_the_session_of_a_review_is_what_happens(tmp_path: Path) -> None:
    path = ROOT / "docs" / "review.md"
    text = path.read_text(encoding="utf-8")
    session = SESSION.search(text)
    assert session
    commands = [line.removeprefix("$ ") for line in session[1].splitlines()]
    program = f"{shlex.quote(sys.executable)} -m contentkit"
    script = "\n".join(command.replace("contentkit", program, 1) for command in commands)
    git = {"GIT_CONFIG_GLOBAL": os.devnull} | {
        f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "author"), ("EMAIL", "author@example.com"))
    }  # fmt: skip
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env={**os.environ, **git}, capture_output=True, text=True
    )
    if os.environ.get("REWRITE_GOLDEN"):
        path.write_text(text[: session.start(2)] + done.stdout + text[session.end(2) :], encoding="utf-8")
    else:
        assert done.stdout == session[2]
    assert done.returncode == 1, done.stderr


def test_both_readmes_show_the_same_commands() -> None:
    pages = [(ROOT / page).read_text(encoding="utf-8") for page in ("README.md", "README.ja.md")]
    commands = [re.findall(r"^(?:\$ )?((?:contentkit|pip) [^#\n]+?) *(?:#.*)?$", page, re.MULTILINE) for page in pages]
    assert len(commands[0]) == len(commands[1])
    links = [sorted(set(re.findall(r"\]\(((?:docs/)[^)]+)\)", page))) for page in pages]
    assert links[0] == links[1]
