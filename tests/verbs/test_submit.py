"""``--vendor-batch``: handed over, looked at, fetched; killed at any point nothing is asked twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from batches import command, estimate, look, quick, results, say, topic, write_rows
from batchserver import BatchServer, batch_server

from contentkit.batches import submit

MODELS = {"openai": "openai:gpt-4o", "anthropic": "anthropic:claude-haiku-4-5"}
pytestmark = pytest.mark.parametrize("vendor", sorted(MODELS))


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submit, "FIRST_LOOK", 0.02)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_rows(tmp_path / "rows.csv", 6)
    return tmp_path


def environment(server: BatchServer) -> dict[str, str]:
    return {
        **os.environ, "CONTENTKIT_PROBE": "0", "PYTHONUTF8": "1",
        "OPENAI_BASE_URL": f"{server.url}/v1", "OPENAI_API_KEY": "sk-x",
        "ANTHROPIC_BASE_URL": server.url, "ANTHROPIC_API_KEY": "sk-ant-x",
    }  # fmt: skip


def run(folder: Path, server: BatchServer, *words: str) -> subprocess.CompletedProcess[str]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment(server).items():
            patch.setenv(name, value)
        return quick(folder, *words)


def new(vendor: str, *words: str) -> list[str]:
    return ["rows.csv", "--kind", "article", "--model", MODELS[vendor], "-o", "out", "--vendor-batch", *words]


def states(folder: Path) -> list[str]:
    return [row["state"] for row in results(folder / "out")]


def test_all_rows_go_in_one_batch_at_half_the_price(folder: Path, vendor: str) -> None:
    with batch_server(say, looks=2) as server:
        done = run(folder, server, *new(vendor))
    assert done.returncode == 0, done.stderr
    assert len(server.batches) == 1
    assert set(server.asked.values()) == {1}
    assert not server.alone
    assert "6 questions were handed over" in done.stderr
    assert "6 done, 0 failed, 0 left" in done.stderr
    for number, row in enumerate(results(folder / "out"), 1):
        assert f"row {number}." in (folder / "out" / row["file"]).read_text(encoding="utf-8")
    price = {"openai": (2.5, 10.0), "anthropic": (1.0, 5.0)}[vendor]
    full = (1000 * price[0] + 200 * price[1]) / 1e6
    assert results(folder / "out")[0]["cost"] == pytest.approx(full / 2)


def test_errors_and_lost_results_are_failures_of_their_rows(folder: Path, vendor: str) -> None:
    def answer(body: dict[str, Any]) -> str | dict[str, Any]:
        row = topic(body)
        if row == "row 2":
            error = {"type": "error", "error": {"type": "invalid_request_error", "message": "odd question"}}
            return (
                {"status": 400, "message": "odd question"}
                if vendor == "openai"
                else {"type": "errored", "error": error}
            )
        if row == "row 4":
            expired = {"code": "batch_expired", "message": "not within the window"}
            return expired if vendor == "openai" else {"type": "expired"}
        return {} if row == "row 5" else say(body)

    with batch_server(answer) as server:
        done = run(folder, server, *new(vendor))
        assert done.returncode == 3, done.stderr
        rows = results(folder / "out")
        assert [row["state"] for row in rows] == ["done", "failed", "done", "failed", "failed", "done"]
        assert "odd question" in rows[1]["error"]
        assert "window" in rows[3]["error"] or "expired" in rows[3]["error"]
        assert "no result" in rows[4]["error"]
        server.say = say
        again = run(folder, server, "--resume", "--vendor-batch", "-o", "out")
    assert again.returncode == 0, again.stderr
    assert [server.asked[f"row {row}"] for row in range(1, 7)] == [1, 2, 1, 2, 2, 1]


def test_what_a_check_finds_stays_a_finding(folder: Path, vendor: str) -> None:
    foreign = (
        "# Die Fähre\n\nDie Fähre verlässt den alten Hafen jeden Morgen und bringt viele Menschen über das Wasser."
    )
    with batch_server(lambda body: foreign) as server:
        done = run(folder, server, *new(vendor, "--lang", "en"))
    assert done.returncode == 1, done.stderr
    assert not server.alone, "a repair is not asked for at the usual price"
    assert look(folder / "out", "SELECT count(*) FROM questions WHERE reply IS NULL") == [(0,)]


def test_an_answer_that_does_not_obey_the_schema_is_handed_over_again(folder: Path, vendor: str) -> None:
    good = json.dumps({"subject": "The ferry", "preheader": "It leaves every morning from the old harbour",
                       "body": "Hello,\n\nthe ferry leaves the old harbour every morning at seven.",
                       "call_to_action": "Book", "signature": "The team"})  # fmt: skip
    with batch_server(lambda body: "no JSON") as server:
        words = [
            "rows.csv",
            "--kind",
            "email",
            "--model",
            MODELS[vendor],
            "-o",
            "out",
            "--vendor-batch",
            "--limit",
            "2",
        ]
        assert run(folder, server, *words).returncode == 3
        assert states(folder)[:3] == ["failed", "failed", "left"]
        server.say = lambda body: good
        done = run(folder, server, "--resume", "-o", "out", "--vendor-batch", "--limit", "2")
    assert states(folder)[:3] == ["done", "done", "left"], done.stderr
    assert server.asked == {"row 1": 2, "row 2": 2}
    assert not server.alone


def test_pieces_of_several_questions_do_not_go_this_way(folder: Path, vendor: str) -> None:
    with batch_server(say) as server:
        done = run(folder, server, *new(vendor, "--set", "length=5000"))
    assert done.returncode == 3
    assert "several questions" in done.stderr
    assert not server.batches


def test_the_bound_is_kept_by_half_the_estimate(folder: Path, vendor: str) -> None:
    with batch_server(say) as server:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment(server).items():
                patch.setenv(name, value)
            one = estimate(folder, None, *new(vendor))
        done = run(folder, server, *new(vendor, "--max-cost", f"{3.5 * one:.5f}"))
    assert done.returncode == 3, done.stderr
    assert server.asked.total() == 3
    assert states(folder).count("done") == server.asked.total()
    assert "over the bound" in done.stderr


def test_a_batch_that_the_vendor_does_not_take_fails_its_rows(folder: Path, vendor: str) -> None:
    if vendor != "openai":
        pytest.skip("only OpenAI looks at a batch after taking it")
    with batch_server(say, fail=True) as server:
        done = run(folder, server, *new(vendor))
    assert done.returncode == 3
    assert states(folder) == ["failed"] * 6
    assert "the file is too odd" in done.stderr


def test_large_tables_go_in_several_batches(folder: Path, vendor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submit, "MOST_QUESTIONS", 4)
    with batch_server(say) as server:
        done = run(folder, server, *new(vendor))
    assert done.returncode == 0, done.stderr
    assert len(server.batches) == 2
    assert set(server.asked.values()) == {1}


def test_an_engine_beside_it_and_a_vendor_without_batches_are_refused(folder: Path, vendor: str) -> None:
    with batch_server(say) as server:
        both = run(folder, server, *new(vendor), "--engine", "ray")
        none = run(folder, server, "rows.csv", "--kind", "article", "--model", "offline", "-o", "b", "--vendor-batch")
    assert (both.returncode, none.returncode) == (2, 2)
    assert "can't go together" in both.stderr
    assert "takes no batches" in none.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("with_flag", [True, False])
def test_killed_while_it_waits_it_fetches_and_asks_nothing_again(folder: Path, vendor: str, with_flag: bool) -> None:
    with batch_server(say, looks=10**6) as server:
        child = subprocess.Popen(
            command(*new(vendor)), cwd=folder, env=environment(server), stderr=subprocess.PIPE, text=True
        )
        until = time.monotonic() + 60
        while not any(batch["_looks"] for batch in server.batches.values()) and time.monotonic() < until:
            time.sleep(0.02)
        child.send_signal(signal.SIGKILL)
        child.communicate()
        server.looks = 0
        done = run(folder, server, "--resume", "-o", "out", *(["--vendor-batch"] if with_flag else []))
    assert done.returncode == 0, done.stderr
    assert set(server.asked.values()) == {1}
    assert not server.alone
    assert states(folder) == ["done"] * 6


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_killed_while_it_hands_over_it_finds_its_batch_again(folder: Path, vendor: str) -> None:
    with batch_server(say, slow=3.0) as server:
        child = subprocess.Popen(
            command(*new(vendor)), cwd=folder, env=environment(server), stderr=subprocess.PIPE, text=True
        )
        until = time.monotonic() + 60
        while not server.batches and time.monotonic() < until:
            time.sleep(0.02)
        child.send_signal(signal.SIGKILL)
        child.communicate()
        assert look(folder / "out", "SELECT id FROM uploads") == [("",)]
        server.slow = 0.0
        done = run(folder, server, "--resume", "--vendor-batch", "-o", "out")
    assert done.returncode == 0, done.stderr
    assert "cut off while it was handed over is there" in done.stderr
    assert set(server.asked.values()) == {1}
    assert states(folder) == ["done"] * 6


def test_cut_off_before_it_came_there_it_is_asked_again(
    folder: Path, vendor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from contentkit.core.errors import UnreachableError
    from contentkit.providers import _anthropic_batches
    from contentkit.providers._openai import batches as _openai_batches

    async def broken(*_: object) -> str:
        raise UnreachableError("the line was cut")

    with batch_server(say) as server:
        with monkeypatch.context() as patch:
            for kind in (_openai_batches.OpenAIBatches, _anthropic_batches.AnthropicBatches):
                patch.setattr(kind, "submit", broken)
            first = run(folder, server, *new(vendor))
        assert first.returncode == 17, first.stderr
        done = run(folder, server, "--resume", "--vendor-batch", "-o", "out")
    assert done.returncode == 0, done.stderr
    assert "is not there: its questions are asked again" in done.stderr
    assert set(server.asked.values()) == {1}


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_stopped_while_it_waits_it_says_how_to_go_on(folder: Path, vendor: str) -> None:
    with batch_server(say, looks=10**6) as server:
        child = subprocess.Popen(
            command(*new(vendor)), cwd=folder, env=environment(server), stderr=subprocess.PIPE, text=True
        )
        until = time.monotonic() + 60
        while not any(batch["_looks"] for batch in server.batches.values()) and time.monotonic() < until:
            time.sleep(0.02)
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=30)
    assert child.returncode == 130, said
    assert "Traceback" not in said
    assert "0 done, 0 failed, 6 left" in said
    assert "--resume" in said
