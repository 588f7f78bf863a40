"""Output that can't be written, numbers that are none, samples without an end: said before anything is sent."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from stubserver import StubServer, stub_server

from contentkit.cli import main
from contentkit.kit.config import load
from contentkit.kit.history import History

TEXT = "# The ferry\n\nThe ferry leaves the old harbour every morning and carries many people over the water."
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def server() -> Iterator[StubServer]:
    with stub_server(lambda body: TEXT) as running:
        yield running


@pytest.fixture
def run(tmp_path: Path, server: StubServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    (tmp_path / "notes.md").write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CONTENTKIT_PROBE", "0")
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-0123456789abcdef0123")

    def call(*words: str) -> subprocess.CompletedProcess[str]:
        asked = ["contentkit", "write", "article", "--model", "openai:gpt-4.1", "--from", "notes.md", *words]
        monkeypatch.setattr(sys, "argv", asked)
        with pytest.raises(SystemExit) as left:
            main()
        shown = capsys.readouterr()
        return subprocess.CompletedProcess(words, int(str(left.value.code)), shown.out, shown.err)

    return call


@pytest.mark.parametrize("name", ["none/x.md", "notes.md", "notes.md/x", "x" * 300, ".", "loop", "dangling"])
def test_an_output_that_cannot_be_is_said_before_asking(
    run: Run, server: StubServer, tmp_path: Path, name: str
) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "dangling").symlink_to("none/y")
    done = run("-o", name)
    assert (done.returncode, server.requests) == (2, [])
    assert (tmp_path / "notes.md").read_text(encoding="utf-8") == TEXT


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_text_whose_file_fails_late_is_shown_instead(run: Run) -> None:
    done = run("-o", "/dev/full")
    assert (done.returncode, TEXT in done.stdout) == (2, True)
    assert "No space left" in done.stderr


@pytest.mark.parametrize("option", ["--max-cost", "--timeout", "--temperature"])
def test_nan_passes_under_no_bound(run: Run, server: StubServer, option: str) -> None:
    assert (run(option, "nan").returncode, server.requests) == (2, [])


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no /dev/zero here")
def test_a_sample_without_an_end(run: Run, server: StubServer) -> None:
    done = run("--voice", "/dev/zero")
    assert (done.returncode, "longer than" in done.stderr, server.requests) == (2, True, [])


def test_set_reaches_the_topic_and_the_language(run: Run, server: StubServer) -> None:
    run("--set", "topic=Lighthouse keepers", "--set", "language=en")
    assert "Lighthouse keepers" in str(server.requests[0])


def test_variants_before_a_failure_are_delivered(run: Run, server: StubServer) -> None:
    def say(body: object) -> str:
        server.status = 401 if len(server.requests) == 2 else 200
        return TEXT

    server.say = say
    done = run("--variants", "3", "-o", "out.md")
    assert done.returncode == 10
    assert "variant 3 of 3" in done.stderr
    assert Path("out.md").read_text(encoding="utf-8").count("# The ferry") == 2


def test_a_folder_that_may_not_be_read_is_no_fault_of_ours(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(self: object) -> list[str]:
        raise PermissionError(13, "Permission denied", "prompts/write")

    monkeypatch.setattr("contentkit.kit.prompts.Prompts.kinds", closed)
    done = run()
    assert (done.returncode, "prompts/write may not be used by you" in done.stderr) == (2, True)


def test_a_history_that_another_process_keeps_locked_is_waited_for_once_and_the_texts_are_there(run: Run) -> None:
    path = load().history_path
    run("-q")  # which makes it
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    started = time.monotonic()
    done = run("--variants", "2")
    waited = time.monotonic() - started
    other.close()
    assert done.returncode == 0
    assert done.stdout.count("leaves the old harbour") == 2
    assert "another process keeps it locked for more than 5 s" in done.stderr
    assert "--no-history" in done.stderr
    assert 4 < waited < 9
    assert run("-q").returncode == 0
    assert len(History(path).list()) == 2
