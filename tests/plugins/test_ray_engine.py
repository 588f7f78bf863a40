"""``--engine ray``: the plugin installed as a user installs it, on a real Ray on this machine."""

from __future__ import annotations

import importlib.util
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from batches import MODEL, asked, command, environment, look, results, say, stored, topic, write_rows
from stubserver import StubServer, stub_server

ROOT = Path(__file__).parents[2]
pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="ray is not installed (pip install ray)"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with contentkit-ray in it, without the network."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("site")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index",
         "--disable-pip-version-check", "--target", str(folder), str(ROOT / "plugins" / "contentkit-ray")],
        check=True,
        timeout=120,
    )  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def server() -> Iterator[StubServer]:
    with stub_server(say, pause=0.005) as running:
        yield running


def run(site: Path, folder: Path, server: StubServer, *words: str) -> subprocess.CompletedProcess[str]:
    child = start(site, folder, server, *words)
    out, said = child.communicate(timeout=180)
    return subprocess.CompletedProcess(words, child.returncode, out, said)


def start(site: Path, folder: Path, server: StubServer, *words: str) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(site), str(ROOT)])
    env = environment(server, PYTHONPATH=path, CONTENTKIT_RAY_ACTORS="2", CONTENTKIT_RAY_CPUS="0.5")
    return subprocess.Popen(
        command(*words), cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


WORDS = ("rows.csv", "--kind", "article", "--model", MODEL, "--concurrency", "4")


def test_results_are_those_of_asyncio(site: Path, tmp_path: Path, server: StubServer) -> None:
    write_rows(tmp_path / "rows.csv", 12)
    server.requests.clear()
    for engine in ("asyncio", "ray"):
        done = run(site, tmp_path, server, *WORDS, "-o", engine, "--engine", engine)
        assert done.returncode == 0, done.stderr
    assert set(asked(server).values()) == {2}
    plain = [[(row["id"], row["state"], row["file"], row["cost"]) for row in results(tmp_path / engine)]
             for engine in ("asyncio", "ray")]  # fmt: skip
    assert plain[0] == plain[1]
    unlike = re.compile(r"\d\d:\d\d|seconds|\d+(\.\d+)? s\b")
    for row in results(tmp_path / "ray"):
        texts = [(tmp_path / engine / row["file"]).read_text(encoding="utf-8") for engine in ("asyncio", "ray")]
        kept = [[line for line in text.splitlines() if not unlike.search(line)] for text in texts]
        assert kept[0] == kept[1]


def test_errors_come_back_as_they_are(site: Path, tmp_path: Path, server: StubServer) -> None:
    write_rows(tmp_path / "rows.csv", 3)
    server.say = lambda body: "" if topic(body) == "row 2" else say(body)
    done = run(site, tmp_path, server, *WORDS, "-o", "out", "--engine", "ray")
    server.say = say
    assert done.returncode == 3, done.stderr
    assert "failed: n2 (exit code 18)" in done.stderr
    assert "Traceback" not in done.stderr


def test_killed_it_goes_on_with_or_without_ray(site: Path, tmp_path: Path, server: StubServer) -> None:
    write_rows(tmp_path / "rows.csv", 60)
    server.requests.clear()
    child = start(site, tmp_path, server, *WORDS, "-o", "out", "--engine", "ray")
    try:
        until = time.monotonic() + 90
        while len(server.requests) < 12 and time.monotonic() < until:
            time.sleep(0.02)
    finally:
        child.send_signal(signal.SIGKILL)
        child.communicate()
    time.sleep(1.0)
    known, then = stored(tmp_path / "out"), asked(server)
    assert known
    (sent,) = look(tmp_path / "out", "SELECT count(*) FROM questions WHERE reply IS NULL")[0]
    done = run(site, tmp_path, server, "--resume", "-o", "out")
    assert done.returncode == 0, done.stderr
    now: Counter[str] = asked(server)
    assert all(now[f"row {row[1:]}"] == then[f"row {row[1:]}"] for row in known)
    assert 60 <= now.total() <= 60 + sent
