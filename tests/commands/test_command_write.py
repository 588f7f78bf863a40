"""``contentkit write`` as a user meets it: whole processes, real files, a server on loopback."""

from __future__ import annotations

import io
import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from stubserver import StubServer, stub_server

from contentkit.cli import main
from contentkit.commands._progress import Progress
from contentkit.core.chat import TextDelta

CANARY = "sk-canary-4f1d9b7e2a6c8053d1e9f7a2b4c6d8e0"
ARTICLE = "# The ferry\n\nThe ferry leaves the old harbour every morning and carries many people over the water."
NOTES = """# The ferry

The ferry leaves the old harbour at 7:40 every morning. It carries 120 people and twelve cars.
The crossing takes 35 minutes. In winter it sails only on weekdays, because the ice is thick.
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "notes.md").write_text(NOTES, encoding="utf-8")
    return tmp_path


def environment(server: StubServer | None = None, **more: str) -> dict[str, str]:
    env = {**os.environ, "CONTENTKIT_PROBE": "0", "PYTHONUTF8": "1", **more}
    if server:
        env |= {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": CANARY}
    return env


@pytest.fixture
def run(folder: Path) -> Run:
    def call(
        *words: str, server: StubServer | None = None, stdin: str | None = None, **env: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "contentkit", *words],
            cwd=folder,
            env=environment(server, **env),
            input=stdin,
            stdin=None if stdin is not None else subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )

    return call


@pytest.fixture
def quick(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The same in this process: no signals, no terminal, but a tenth of the time."""

    def call(*words: str) -> subprocess.CompletedProcess[str]:
        monkeypatch.chdir(folder)
        monkeypatch.setenv("CONTENTKIT_PROBE", "0")
        monkeypatch.setattr(sys, "argv", ["contentkit", *words])
        with pytest.raises(SystemExit) as left:
            main()
        shown = capsys.readouterr()
        return subprocess.CompletedProcess(words, int(str(left.value.code)), shown.out, shown.err)

    return call


def test_without_a_model_a_draft_comes_and_says_what_it_is(run: Run) -> None:
    done = run("write", "article", "--from", "notes.md")
    assert done.returncode == 0
    assert "The ferry leaves the old harbour at 7:40 every morning." in done.stdout
    assert "Offline draft" in done.stdout
    assert "offline:draft" in done.stderr
    assert "OPENAI_API_KEY" in done.stderr
    assert "contentkit:" not in done.stdout
    assert done.stderr.count("Offline draft") == 1


@pytest.mark.parametrize("kind", ["article", "email", "social", "video-script"])
@pytest.mark.parametrize("form", ["text", "markdown", "json", "html"])
def test_every_kind_in_every_format(quick: Run, kind: str, form: str) -> None:
    done = quick("write", kind, "--from", "notes.md", "--model", "offline", "--format", form, "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    if form == "json":
        assert json.loads(done.stdout)["kind"] == kind
    else:
        assert "7:40" in done.stdout


def test_standard_input_is_a_source(run: Run) -> None:
    done = run("write", "article", "--from", "-", "-q", stdin=NOTES)
    assert "The crossing takes 35 minutes." in done.stdout


def test_the_output_file_is_whole_and_never_overwritten(run: Run, folder: Path) -> None:
    out = folder / "draft.html"
    assert run("write", "article", "--from", "notes.md", "-o", "draft.html").returncode == 0
    first = out.read_text(encoding="utf-8")
    assert first.lower().startswith("<!doctype html>")
    again = run("write", "article", "--from", "notes.md", "-o", "draft.html")
    assert again.returncode == 2
    assert "--force" in again.stderr
    assert out.read_text(encoding="utf-8") == first
    assert run("write", "social", "--from", "notes.md", "-o", "draft.html", "--force").returncode == 0
    assert out.read_text(encoding="utf-8") != first


def test_a_kind_of_the_project_is_one_file(run: Run, folder: Path) -> None:
    kind = folder / "prompts" / "write" / "announcement.md"
    kind.parent.mkdir(parents=True)
    kind.write_text(
        "---\ndescription: A press release.\ninputs:\n  company: {required: true, description: who speaks}\n---\n"
        "system:\nWrite a press release of {{ company }}.\n\nuser:\n{{ topic }}\n"
        '{% include "partials/sources.md" %}\n',
        encoding="utf-8",
    )
    assert "announcement" in run("write", "--help").stdout
    assert "--company" in run("write", "announcement", "--help").stdout
    missing = run("write", "announcement", "news", "--from", "notes.md")
    assert missing.returncode == 2
    assert "company" in missing.stderr
    done = run("write", "announcement", "news", "--from", "notes.md", "--company", "Acme", "-q")
    assert done.returncode == 0
    assert "7:40" in done.stdout
    with stub_server(lambda body: ARTICLE) as server:
        run("write", "announcement", "news", "--set", "company=Acme {{ 1 }}", server=server)
        assert "Write a press release of Acme {{ 1 }}." in json.dumps(server.requests[0]["messages"])


def test_a_broken_kind_harms_no_other(quick: Run, folder: Path) -> None:
    kind = folder / "prompts" / "write" / "broken.md"
    kind.parent.mkdir(parents=True)
    kind.write_text("---\ninputz: {}\n---\nsystem:\nHi.\n", encoding="utf-8")
    listed = quick("write", "--help")
    assert listed.returncode == 0
    assert "article" in listed.stdout
    called = quick("write", "broken", "--tone", "warm")
    assert called.returncode == 2
    assert "inputs" in called.stderr
    assert quick("write", "article", "--from", "notes.md", "-q").returncode == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("write", "artcle"), "article"),
        (("wirte", "article"), "write"),
        (("write", "article", "--from", "nots.md"), "notes.md"),
        (("write", "article", "--from", "notes.md", "--model", "opnai:x"), "openai"),
        (("write", "article", "--from", "notes.md", "--format", "jsn"), "json"),
        (("write", "article", "--set", "lenght=5"), "length"),
        (("write", "article", "--set", "length"), "KEY=VALUE"),
        (("write", "article", "--length", "0"), "length"),
        (("write", "social", "--platforms", "blusky"), "bluesky"),
        (("write", "article", "--lang", "klingon!"), "language"),
        (("write", "article", "--voice", "nowhere.txt"), "nowhere.txt"),
    ],
)
def test_bad_input_is_one_sentence_with_the_way_out(quick: Run, words: tuple[str, ...], says: str) -> None:
    done = quick(*words)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_hosted_model_streams_and_is_accounted_for(run: Run) -> None:
    with stub_server(lambda body: ARTICLE) as server:
        done = run("write", "article", "the ferry", "--from", "notes.md", "--model", "openai:gpt-4o", server=server)
    assert done.returncode == 0
    assert done.stdout == ARTICLE + "\n"
    assert "openai:gpt-4o" in done.stderr
    assert "100 in" in done.stderr
    assert "estimated" in done.stderr
    assert "7:40" in json.dumps(server.requests[0])
    assert server.keys == [f"Bearer {CANARY}"]


def test_a_dry_run_sends_nothing_and_keeps_nothing(run: Run) -> None:
    with stub_server(lambda body: ARTICLE) as server:
        done = run(
            "write",
            "article",
            "the ferry",
            "--from",
            "notes.md",
            "--model",
            "openai:gpt-4o",
            "--dry-run",
            server=server,
        )
        assert server.requests == []
    assert done.returncode == 0
    assert "7:40" in done.stdout
    assert "Nothing was sent" in done.stderr
    assert "$" in done.stderr
    assert run("history", "list").stdout == ""


def test_a_budget_stops_before_the_first_request(run: Run) -> None:
    with stub_server(lambda body: ARTICLE) as server:
        done = run("write", "article", "x", "--model", "openai:gpt-4o", "--max-cost", "0.0000001", server=server)
        assert server.requests == []
    assert done.returncode == 4
    assert "Nothing was sent" in done.stderr


def test_the_key_appears_nowhere(run: Run, folder: Path, home: Path) -> None:
    with stub_server(lambda body: ARTICLE, status=401) as server:
        done = run("write", "article", "x", "--from", "notes.md", "--model", "openai:gpt-4o", server=server)
    assert done.returncode == 10
    assert "OPENAI_API_KEY" in done.stderr
    with stub_server(lambda body: f"{ARTICLE} The key is {CANARY}, by the way.") as server:
        ok = run("write", "article", "x", "--model", "openai:gpt-4o", "--cache", "-o", "out.json", server=server)
        shown = [run(*words, server=server) for words in (("config", "show"), ("doctor",), ("history", "export"))]
    assert ok.returncode == 1
    assert "unsafe/secret" in ok.stderr
    said = done.stdout + done.stderr + ok.stderr + "".join(page.stdout + page.stderr for page in shown)
    assert CANARY not in said
    for path in home.rglob("*"):
        if path.is_file():
            assert CANARY.encode() not in path.read_bytes(), path


def test_the_cache_answers_without_sending(run: Run) -> None:
    with stub_server(lambda body: ARTICLE) as server:
        words = ("write", "article", "x", "--model", "openai:gpt-4o", "--cache")
        first, second = run(*words, server=server), run(*words, server=server)
        assert len(server.requests) == 1
    assert first.stdout == second.stdout
    assert "cache" in second.stderr


def test_variants_are_written_and_numbered(run: Run) -> None:
    with stub_server(lambda body: ARTICLE) as server:
        words = ("write", "article", "x", "--model", "openai:gpt-4o", "--variants", "2")
        done = run(*words, "--seed", "7", server=server)
        assert [body.get("seed") for body in server.requests] == [7, 8]
        both = run(*words, "--format", "json", server=server)
    assert done.stdout.count("# The ferry") == 2
    assert len(json.loads(both.stdout)) == 2


def test_a_dead_server_is_one_sentence(run: Run) -> None:
    done = run("write", "article", "x", "--model", "ollama:qwen3", OLLAMA_HOST="127.0.0.1:9")
    assert done.returncode == 17
    assert done.stderr.count("\n") <= 3
    assert "Traceback" not in done.stderr


def test_what_can_not_fit_is_never_presented_as_fit(run: Run) -> None:
    def say(body: dict[str, Any]) -> str:
        text = "The ferry sails at dawn. " * 30
        if "passages" in str(body.get("response_format")):
            return json.dumps({"passages": [{"number": 1, "text": text}]})
        return json.dumps({"posts": [{"platform": "x", "text": text, "hashtags": [], "alt_text": ""}]})

    with stub_server(say) as server:
        done = run("write", "social", "x", "--platforms", "x", "--model", "openai:gpt-4o", server=server)
        assert len(server.requests) == 2
    assert done.returncode == 1
    assert "280" in done.stderr


def test_ctrl_c_keeps_what_came(folder: Path) -> None:
    with stub_server(lambda body: "# The ferry\n\n" + "word " * 400, pause=0.05) as server:
        words = ["write", "article", "x", "--model", "openai:gpt-4o", "-o", "part.json"]
        process = subprocess.Popen(
            [sys.executable, "-m", "contentkit", *words],
            cwd=folder,
            env=environment(server),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        deadline = time.monotonic() + 20
        while not server.requests and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        stopped = time.monotonic()
        _, errors = process.communicate(timeout=20)
        assert time.monotonic() - stopped < 12  # the answer would take twenty seconds more
    assert process.returncode == 130
    assert "Traceback" not in errors
    report = json.loads((folder / "part.json").read_text(encoding="utf-8"))
    assert report["finish"] == "cancelled"
    assert report["body"].startswith("# The ferry")


def test_ctrl_c_before_an_answer_leaves_nothing_behind(folder: Path) -> None:
    with stub_server(lambda body: time.sleep(3) or ARTICLE) as server:  # type: ignore[func-returns-value]
        words = ["write", "article", "x", "--model", "openai:gpt-4o", "-o", "part.md"]
        process = subprocess.Popen(
            [sys.executable, "-m", "contentkit", *words], cwd=folder, env=environment(server), stderr=subprocess.PIPE
        )
        deadline = time.monotonic() + 20
        while not server.requests and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert b"Traceback" not in errors
    assert not (folder / "part.md").exists()


def test_a_reader_that_goes_away_is_no_error(folder: Path) -> None:
    command = f"{sys.executable} -m contentkit write article --from notes.md -q | head -c 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment(), capture_output=True, text=True, timeout=60
    )
    assert done.stderr == ""
    assert done.stdout.rstrip().endswith(("0", "141"))


def test_a_terminal_sees_the_text_as_it_comes_once(folder: Path) -> None:
    with stub_server(lambda body: ARTICLE + " \x1b]0;title\x07\x1b[31mred", pause=0.01) as server:
        main, other = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, "-m", "contentkit", "write", "article", "x", "--model", "openai:gpt-4o"],
            cwd=folder,
            env=environment(server),
            stdin=subprocess.DEVNULL,
            stdout=other,
            stderr=subprocess.PIPE,
        )
        os.close(other)
        shown = b""
        while chunk := _read(main):
            shown += chunk
        process.communicate(timeout=20)
    assert process.returncode == 0
    assert shown.count(b"# The ferry") <= 2
    assert b"\x1b]0;" not in shown
    assert b"leaves the old harbour" in shown


def test_variants_on_a_terminal_are_shown_once(folder: Path) -> None:
    with stub_server(lambda body: ARTICLE) as server:
        main, other = pty.openpty()
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "contentkit",
                "write",
                "article",
                "x",
                "--model",
                "openai:gpt-4o",
                "--variants",
                "2",
            ],
            cwd=folder,
            env=environment(server),
            stdin=subprocess.DEVNULL,
            stdout=other,
            stderr=subprocess.DEVNULL,
        )
        os.close(other)
        shown = b""
        while chunk := _read(main):
            shown += chunk
        assert process.wait(timeout=20) == 0
    assert shown.count(b"leaves the old harbour") == 2


def test_an_empty_piece_of_a_stream_ends_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdout", Terminal())
    progress = Progress(quiet=True, stream=True)
    with progress:
        for text in ("The end.\n", ""):
            progress(TextDelta(text))
    assert progress.streamed == "The end.\n"


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # the other end was closed
        return b""


def test_two_at_once_both_stand_in_the_history(folder: Path, run: Run) -> None:
    command = [sys.executable, "-m", "contentkit", "write", "article", "--from", "notes.md", "-q"]
    processes = [subprocess.Popen(command, cwd=folder, env=environment(), stdout=subprocess.DEVNULL) for _ in range(4)]
    assert [process.wait(timeout=60) for process in processes] == [0, 0, 0, 0]
    assert len(run("history", "list").stdout.splitlines()) == 4


def test_quiet_says_nothing_where_nothing_is_wrong(quick: Run, folder: Path) -> None:
    words = ("write", "article", "--from", "notes.md", "-o", "out.md")
    assert "written to out.md" in quick(*words).stderr
    assert quick(*words, "--force", "--quiet").stderr == ""


def test_one_who_asked_for_no_model_is_not_told_how_to_get_one(quick: Run) -> None:
    advice = "for a written text, use a model"
    assert advice in quick("write", "article", "--from", "notes.md").stderr
    assert advice not in quick("write", "article", "--from", "notes.md", "--model", "offline").stderr


def test_what_offline_can_not_do_is_one_sentence(run: Run) -> None:
    done = run("write", "translate", "--from", "notes.md", "--language", "ja")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip().splitlines() == [
        "contentkit: translate needs a model that writes: offline only arranges sentences of the sources. "
        "Choose one with --model (contentkit models suggest)."
    ]
    assert "For example: --language ja" in run("write", "translate", "--from", "notes.md").stderr


def test_a_customers_message_is_typed_piped_or_in_a_file(run: Run, folder: Path) -> None:
    message = "How long does the crossing with the ferry take?"
    (folder / "mail.txt").write_text(message, encoding="utf-8")
    words = ("write", "customer-reply", "--from", "notes.md", "--model", "offline", "--no-history", "-q")
    typed = run(*words, "--message", message)
    assert (typed.returncode, typed.stderr) == (0, "")
    assert "The crossing takes 35 minutes." in typed.stdout
    assert run(*words, "--message", "mail.txt").stdout == typed.stdout
    assert run(*words, "--message", "-", stdin=message).stdout == typed.stdout
    assert run(*words, message).stdout == typed.stdout
    missing = run(*words, "--message", "male.txt")
    assert missing.returncode == 2
    assert "There is no file 'male.txt'." in missing.stderr
