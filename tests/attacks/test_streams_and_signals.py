"""Closed streams, full disks, vanished folders, Ctrl-C at bad moments: a sentence, a right code, nothing lost."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from stubserver import StubServer, stub_server

from contentkit.commands._at_once import in_order, unhurried

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and closed streams of POSIX")

TEXT = "# The ferry\n\nThe ferry leaves the old harbour every morning and carries many people over the water."
OFFLINE = "write article --model offline --no-history --from notes.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "notes.md").write_text(TEXT, encoding="utf-8")
    return tmp_path


def environment(server: StubServer | None = None) -> dict[str, str]:
    env = {**os.environ, "CONTENTKIT_PROBE": "0", "PYTHONUTF8": "1"}
    return env | ({"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "sk-0123456789abcdef0123"} if server else {})


def shell(folder: Path, line: str) -> subprocess.CompletedProcess[str]:
    line = line.replace("contentkit", f"{sys.executable} -m contentkit", 1)
    return subprocess.run(
        ["/bin/sh", "-c", line], cwd=folder, env=environment(), capture_output=True, text=True, timeout=30
    )


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_is_no_fault(folder: Path, closed: str) -> None:
    done = shell(folder, f"contentkit {OFFLINE} -o out.md {closed}")
    assert done.returncode == 0, done.stderr
    assert "ferry" in (folder / "out.md").read_text(encoding="utf-8")


def test_a_reader_that_left_is_141_from_every_command(folder: Path) -> None:
    for words in ("models list", "write article --help", OFFLINE):
        done = shell(folder, f"(contentkit {words}; echo code $? >&2) | true")
        assert "code 141" in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_under_standard_output_is_a_sentence(folder: Path) -> None:
    done = shell(folder, f"contentkit {OFFLINE} -q >/dev/full")
    assert (done.returncode, "can't be written (No space left" in done.stderr) == (2, True)
    assert "Exception" not in done.stderr


def test_a_folder_that_is_gone_is_a_sentence(folder: Path) -> None:
    done = shell(folder, "mkdir gone && cd gone && rmdir ../gone && contentkit write article --model offline")
    assert (done.returncode, "does not exist any more" in done.stderr) == (2, True)


def stopped(
    folder: Path, server: StubServer, ready: Callable[[], object], *words: str, stdin: int = subprocess.DEVNULL
) -> tuple[int, str, str]:
    """``contentkit write article WORDS``, interrupted once as soon as ``ready`` says so."""
    process = subprocess.Popen(
        [sys.executable, "-m", "contentkit", "write", "article", "--model", "openai:gpt-4.1", *words],
        cwd=folder,
        env=environment(server),
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    patience = time.monotonic() + 20
    while not ready() and time.monotonic() < patience:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    try:
        out, err = process.communicate(timeout=15)
    finally:
        process.kill()
    return process.returncode, out, err


def test_stopping_a_silent_pipe_ends_python_in_order(folder: Path) -> None:
    reader, writer = os.pipe()
    begun = time.monotonic()
    with stub_server(lambda body: TEXT) as server:
        code, _, err = stopped(folder, server, lambda: time.monotonic() > begun + 1.5, "--from", "-", stdin=reader)
    os.close(writer)
    assert (code, err.strip()) == (130, "contentkit: stopped.")


def test_stopping_while_a_named_pipe_is_silent(folder: Path) -> None:
    os.mkfifo(folder / "voice")
    begun = time.monotonic()
    with stub_server(lambda body: TEXT) as server:
        code, _, _ = stopped(folder, server, lambda: time.monotonic() > begun + 1.5, "--voice", "voice")
    assert code == 130


def test_stopping_the_second_variant_keeps_the_first(folder: Path) -> None:
    with stub_server(lambda body: TEXT, pause=0.02) as server:
        code, out, err = stopped(
            folder, server, lambda: len(server.requests) == 2, "--from", "notes.md", "--variants", "3"
        )
    assert (code, len(server.requests)) == (130, 2)
    assert TEXT in out
    assert "Traceback" not in err


def test_stopping_a_repair_stops_the_variants_too(folder: Path) -> None:
    with stub_server(lambda body: TEXT, pause=0.02) as server:
        code, out, _ = stopped(
            folder,
            server,
            lambda: len(server.requests) == 2,
            *("--from", "notes.md", "--lang", "ja", "--variants", "3"),
        )
    assert (code, len(server.requests)) == (130, 2)
    assert TEXT in out


def interrupted(
    folder: Path, number: signal.Signals, ready: Callable[[float], bool], *words: str, behind: bool = False
) -> tuple[float, str]:
    """``contentkit WORDS``, told to stop once ``ready`` (which hears of the seconds since the start) says so.

    Args:
        behind: it runs as behind "&" in a script, where Ctrl-C is ignored.

    Returns:
        The seconds until it had ended, and what it said on standard error.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "contentkit", *words],
        cwd=folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_ignore_ctrl_c if behind else None,
    )
    try:
        started = time.monotonic()
        while not ready(time.monotonic() - started) and time.monotonic() < started + 30:
            time.sleep(0.01)
        assert process.poll() is None, "it was over too soon to be stopped"
        told = time.monotonic()
        process.send_signal(number)
        said = process.communicate(timeout=30)[1]
    finally:
        process.kill()
    # Stopped in the middle of an import, Python ends itself by the signal; a shell says 130 of that too.
    assert process.returncode in (130, -signal.SIGINT), said
    assert "contentkit: stopped" in said
    assert "Traceback" not in said
    return time.monotonic() - told, said


def _ignore_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@pytest.mark.parametrize(
    "words", [("check", "long.md", "--fix"), ("write", "article", "--from", "long.md", "--model", "offline")]
)
def test_behind_an_ampersand_it_is_told_to_end_and_hears_no_ctrl_c(folder: Path, words: tuple[str, ...]) -> None:
    long_text(folder)
    started, nowhere = time.monotonic(), subprocess.DEVNULL
    command = [sys.executable, "-m", "contentkit", *words]
    process = subprocess.Popen(
        command, cwd=folder, env=environment(), stdout=nowhere, stderr=nowhere, preexec_fn=_ignore_ctrl_c
    )
    try:
        while time.monotonic() < started + 2:
            process.send_signal(signal.SIGINT)
            time.sleep(0.1)
        assert process.poll() is None
    finally:
        process.kill()
        process.wait()
    waited, _ = interrupted(folder, signal.SIGTERM, lambda passed: passed > 1.2, *words, behind=True)
    assert waited < 4


def long_text(folder: Path, days: int = 40_000) -> None:
    lines = (
        f"On day {day} the ferry {day} carries {day + 7} people over the water to town {day}.\n\n"
        for day in range(days)
    )
    (folder / "long.md").write_text("# The ferry\n\n" + "".join(lines), encoding="utf-8")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    "words",
    [
        ("check", "long.md", "--from", "notes.md", "-o", "out.json"),
        ("check", "long.md", "--fix"),
        ("split", "long.md", "--platform", "all", "-o", "out.json"),
        ("voice", "learn", "long.md", "-o", "out.toml"),
        ("write", "article", "--from", "long.md", "--model", "offline", "-o", "out.md"),
    ],
    ids=lambda words: " ".join(words[:3]),
)
def test_what_computes_is_stopped_at_once_and_leaves_nothing(
    folder: Path, number: signal.Signals, words: tuple[str, ...]
) -> None:
    long_text(folder)
    before = (folder / "long.md").read_bytes()
    waited, _ = interrupted(folder, number, lambda passed: passed > 1.2, *words)
    assert waited < 4, "not at the end of its work"
    assert sorted(path.name for path in folder.iterdir()) == ["long.md", "notes.md"]
    assert (folder / "long.md").read_bytes() == before


def test_an_answer_that_was_paid_for_is_kept_when_its_checks_are_stopped(folder: Path) -> None:
    long_text(folder, 28_000)
    answered = 0.0

    def checking() -> bool:
        nonlocal answered
        answered = answered or (time.monotonic() if server.requests else 0.0)
        return bool(answered) and time.monotonic() > answered + 0.3

    with stub_server(lambda body: TEXT) as server:
        code, out, err = stopped(folder, server, checking, "--from", "long.md", "--max-cost", "9")
    assert time.monotonic() - answered < 4.5, "not at the end of its work"
    assert (code, TEXT in out) == (130, True)
    assert "stopped before all checks were made" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("gap", [9.0, 0.1])
def test_a_stop_is_raised_once_so_that_what_there_is_can_be_kept_and_told(gap: float) -> None:
    done = []

    async def work() -> int:
        try:
            time.sleep(5)  # noqa: ASYNC251  it computes
        except KeyboardInterrupt:
            time.sleep(0.8)  # noqa: ASYNC251  longer than a stop waits
            done.append("told")
        return 0

    signs = [threading.Timer(after, os.kill, (os.getpid(), signal.SIGINT)) for after in (0.1, 0.1 + gap)]
    for sign in signs:
        sign.start()
    try:
        assert (in_order(work()), done) == (130, ["told"])
    finally:
        for sign in signs:
            sign.cancel()


@pytest.mark.parametrize(("times", "whole"), [(1, True), (2, False)])
def test_what_hands_an_answer_over_is_stopped_by_a_second_sign_only(times: int, whole: bool) -> None:
    done = []

    async def work() -> int:
        with unhurried():
            for at in range(times):
                threading.Timer(0.1 + at / 5, os.kill, (os.getpid(), signal.SIGINT)).start()
            time.sleep(0.9)  # noqa: ASYNC251  it computes
            done.append("handed over")
        return 0

    before = signal.getsignal(signal.SIGINT)
    with contextlib.suppress(KeyboardInterrupt):
        assert in_order(work()) == 130
    assert bool(done) == whole
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_campaign_that_is_stopped_keeps_whole_pieces_and_goes_on(folder: Path, number: signal.Signals) -> None:
    pieces = "".join(f'[[pieces]]\nkind = "article"\nname = "piece{at}"\nlength = 100\n\n' for at in range(30))
    (folder / "plan.toml").write_text(f'topic = "Ferries"\nsources = ["notes.md"]\n\n{pieces}', encoding="utf-8")
    campaign, out = ("campaign", "plan.toml", "-o", "out", "--model", "offline"), folder / "out"
    interrupted(folder, number, lambda _: len(list(out.glob("*.json"))) > 3, *campaign)
    kept = sorted(out.glob("piece*.json"))
    assert 3 <= len(kept) < 30
    for path in kept:
        assert json.loads(path.read_text(encoding="utf-8"))["body"]
    for path in out.iterdir():
        assert path.stat().st_size
        assert not path.name.endswith(("~", ".tmp", ".part"))
    done = shell(folder, "contentkit " + " ".join(campaign) + " --resume")
    assert done.returncode in (0, 1), done.stderr
    assert done.stderr.count(": kept") >= 3
    assert len(list(out.glob("piece*.json"))) == 30


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_evaluation_that_is_stopped_writes_no_half_result(folder: Path, number: signal.Signals) -> None:
    (folder / "large.md").write_text(f"{TEXT}\n\n" * 3000, encoding="utf-8")
    case = '[[case]]\nid = "case{}"\nkind = "article"\nsources = ["large.md"]\ncontains = ["ferry"]\n\n'
    (folder / "cases.toml").write_text("".join(map(case.format, range(40))), encoding="utf-8")
    words = ("evaluate", "write", "cases.toml", "--model", "offline", "-o", "out.json")
    waited, _ = interrupted(folder, number, lambda passed: passed > 1.5, *words)
    assert waited < 6
    assert not (folder / "out.json").exists()
