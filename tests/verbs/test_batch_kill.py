"""``kill -9`` at any moment loses nothing that had come, and pays for no answer twice."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from batches import MODEL, asked, begun, command, environment, results, run, say, stored, write_rows
from stubserver import StubServer, stub_server

ROUNDS = 40 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 10
ROWS = 15 * ROUNDS
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")


def test_killed_at_random_moments_it_pays_for_nothing_twice(tmp_path: Path) -> None:
    write_rows(tmp_path / "rows.csv", ROWS)
    out, chance, unknown = tmp_path / "out", random.Random(), 0
    seed = chance.randrange(10**6)
    print(f"seed {seed}")  # shown when the test fails
    chance.seed(seed)
    words = ["rows.csv", "--kind", "article", "--model", MODEL, "--concurrency", "3", "-o", "out"]
    known: dict[str, int] = {}
    paid_then: Counter[str] = Counter()
    with stub_server(say, pause=0.004) as server:
        for _ in range(ROUNDS):
            child = subprocess.Popen(
                command(*words, *(["--resume"] if begun(out) else [])),
                cwd=tmp_path,
                env=environment(server),
                stdin=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
            wait_a_while(chance, server, child)
            child.kill()
            _, said = child.communicate()
            assert "Traceback" not in said, said
            unknown += told_unknown(said)
            time.sleep(0.15)  # what the killed process had sent is counted by now
            now = stored(out)
            assert now.keys() >= known.keys(), "an answer that was stored is lost"
            for row in known:
                number = f"row {row[1:]}"
                assert asked(server)[number] == paid_then[number], f"{row} was answered, and asked again"
            known, paid_then = now, asked(server)
        assert known, "no answer came between the kills: give them more time"
        last = run(tmp_path, *words, "--resume", server=server)
        unknown += told_unknown(last.stderr)
        counted = asked(server)
    assert last.returncode == 0, last.stderr
    assert set(stored(out).values()) == {1}
    assert len(stored(out)) == ROWS
    assert set(counted) == {f"row {row}" for row in range(1, ROWS + 1)}
    assert ROWS <= counted.total() <= ROWS + unknown, "more was asked than was told"
    rows = results(out)
    assert [(row["id"], row["state"]) for row in rows] == [(f"n{row}", "done") for row in range(1, ROWS + 1)]
    for row in rows:
        text = (out / row["file"]).read_text(encoding="utf-8")
        assert text.startswith("# The ferry"), row["file"]
        assert f"row {row['row']}." in text, row["file"]
        assert text.rstrip().endswith("-->"), row["file"]
    assert not [path for path in out.iterdir() if path.name.endswith(".partial.md")]


def wait_a_while(chance: random.Random, server: StubServer, child: subprocess.Popen[str]) -> None:
    """Now and then a moment while it starts; else one after some questions more, wherever it then is with each."""
    if chance.random() < 0.25:
        time.sleep(chance.uniform(0, 1.0))
        return
    enough, until = len(server.requests) + chance.randint(1, 14), time.monotonic() + 30
    while len(server.requests) < enough and child.poll() is None and time.monotonic() < until:
        time.sleep(0.002)
    time.sleep(chance.uniform(0, 0.08))


def told_unknown(said: str) -> int:
    found = re.search(r"(\d+) questions? w(?:as|ere) asked when the run was cut off", said)
    return int(found[1]) if found else 0
