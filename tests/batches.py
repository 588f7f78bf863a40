"""Batches as a user runs them: whole processes against a stub that counts what it is asked."""

from __future__ import annotations

import io
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from stubserver import StubServer

from contentkit.cli import main

MODEL = "openai:gpt-5-mini"
ARTICLE = "# The ferry\n\nThe ferry leaves the old harbour every morning and carries many people over the water."


def topic(body: dict[str, Any]) -> str:
    """Which row a question is of: "row 17" of its topic."""
    found = re.search(r"row \d+", json.dumps(body["messages"], ensure_ascii=False))
    assert found
    return found[0]


def say(body: dict[str, Any]) -> str:
    return f"{ARTICLE} This is about {topic(body)}."


def asked(server: StubServer) -> Counter[str]:
    """How often each row was asked."""
    return Counter(map(topic, list(server.requests)))


def write_rows(path: Path, number: int) -> Path:
    lines = [f'n{row},"The ferry, row {row} of the table"' for row in range(1, number + 1)]
    path.write_text("id,topic\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def environment(server: StubServer | None = None, **more: str) -> dict[str, str]:
    env = {**os.environ, "CONTENTKIT_PROBE": "0", "PYTHONUTF8": "1", **more}
    if server:
        env |= {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "sk-of-the-stub"}
    return env


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "contentkit", "batch", *words]


def quick(
    folder: Path, *words: str, server: StubServer | None = None, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """The same in this process: no signals, but a tenth of the time."""
    said, shown = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stderr(said), redirect_stdout(shown):
        patch.chdir(folder)
        for name, value in environment(server).items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["contentkit", "batch", *words])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        with pytest.raises(SystemExit) as left:
            main()
    return subprocess.CompletedProcess(words, int(str(left.value.code)), shown.getvalue(), said.getvalue())


def run(
    folder: Path, *words: str, server: StubServer | None = None, stdin: str | bytes | None = None, **env: str
) -> subprocess.CompletedProcess[str]:
    """A process of its own."""
    done = subprocess.run(
        command(*words),
        cwd=folder,
        env=environment(server, **env),
        input=stdin.encode() if isinstance(stdin, str) else stdin or b"",
        capture_output=True,
        timeout=120,
    )
    return subprocess.CompletedProcess(words, done.returncode, done.stdout.decode(), done.stderr.decode())


def estimate(folder: Path, server: Any, *words: str) -> float:
    """Dollars of one row, as a dry run estimates them."""
    done = quick(folder, *words, "--dry-run", server=server)
    rows, dollars = re.search(r"for (\d+): .*about \$([\d.]+) in all", done.stdout).groups()  # type: ignore[union-attr]
    return float(dollars) / int(rows)


def results(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "results.jsonl").read_text(encoding="utf-8").splitlines()]


def stored(out: Path) -> dict[str, int]:
    """Whole replies in the journal of a run that is not under way, by the row's id."""
    return dict(look(out, "SELECT id, count(*) FROM questions JOIN rows ON rows.number = row WHERE sound GROUP BY row"))


def begun(out: Path) -> bool:
    """The rows are enrolled."""
    return bool(look(out, "SELECT 1 FROM facts"))


def look(out: Path, query: str) -> list[tuple[Any, ...]]:
    """What a query of the journal finds, [] where it was killed before it was made."""
    path = out / "journal.db"
    if not path.exists():
        return []
    with closing(sqlite3.connect(path)) as connection:
        try:
            return connection.execute(query).fetchall()
        except sqlite3.OperationalError:
            return []
