"""``contentkit report`` and where reports of reviews go: files by their ending, terminals, the summary of a step."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import threading
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from reviews import CLEAN, EVIL, MANY, MIXED, REVIEWS

from contentkit.cli import main
from contentkit.commands._deliver import deliver, format_of
from contentkit.core.errors import UsageError
from contentkit.core.report import Report
from contentkit.reports import json as json_report
from contentkit.reports import markdown

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    for name, report in REVIEWS.items():
        (tmp_path / f"{name}.json").write_text(json_report.render(report), "utf-8")
    return tmp_path


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command in this process."""

    def call(*words: str) -> subprocess.CompletedProcess[str]:
        monkeypatch.setattr(sys, "argv", ["contentkit", "report", *words])
        with pytest.raises(SystemExit) as left:
            main()
        shown = capsys.readouterr()
        return subprocess.CompletedProcess(words, int(str(left.value.code)), shown.out, shown.err)

    return call


def test_a_saved_report_is_shown_again(run: Run) -> None:
    done = run("mixed.json")
    assert done.returncode == 0
    assert done.stderr.startswith("contentkit: anthropic:claude-sonnet-5-5")
    assert "about $0.0421, estimated" in done.stderr
    assert done.stdout.startswith("6 findings: 1 critical")
    assert "src/users.py:57" in done.stdout


@pytest.mark.parametrize("form", ["sarif", "gitlab", "rdjson", "json"])
@pytest.mark.parametrize("name", REVIEWS)
def test_every_format_from_a_file(run: Run, name: str, form: str) -> None:
    done = run(f"{name}.json", "--format", form)
    assert done.returncode == 0
    json.loads(done.stdout)
    assert done.stderr.startswith("contentkit: ")
    assert "finding" in done.stderr


def test_json_again_is_the_same(run: Run, folder: Path) -> None:
    for name in REVIEWS:
        assert run(f"{name}.json", "--format", "json").stdout == (folder / f"{name}.json").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "bar", "code"),
    [
        ("clean", "info", 0),
        ("mixed", "critical", 1),
        ("mixed", "major", 1),
        ("many", "info", 1),
        ("cut", "major", 3),
        ("evil", "critical", 3),
        ("evil", "major", 1),
    ],
)
def test_the_exit_code_is_the_reports_where_it_is_asked(run: Run, name: str, bar: str, code: int) -> None:
    expected = {3: 130}.get(code, code) if name == "cut" else code
    assert run(f"{name}.json", "--fail-on", bar).returncode == expected
    assert run(f"{name}.json").returncode == 0


def test_the_threshold_is_told(run: Run) -> None:
    assert "fails: 4 findings at or over minor" in run("mixed.json", "--fail-on", "minor").stdout


def test_all_shows_what_was_only_counted(run: Run) -> None:
    assert run("many.json").stdout.count("[ruff/") == 20
    assert run("many.json", "--all").stdout.count("[ruff/") == 300


def test_a_file_by_its_ending_and_never_over_another(run: Run, folder: Path) -> None:
    done = run("mixed.json", "-o", "out.sarif")
    assert done.stdout == ""
    assert "written to out.sarif" in done.stderr
    assert "6 findings" in done.stderr
    assert json.loads((folder / "out.sarif").read_text("utf-8"))["version"] == "2.1.0"
    again = run("mixed.json", "-o", "out.sarif")
    assert (again.returncode, "exists already" in again.stderr) == (2, True)
    assert run("clean.json", "-o", "out.sarif", "--force").returncode == 0
    assert run("mixed.json", "-o", "junit-review.xml").returncode == 0
    assert ET.parse(folder / "junit-review.xml").getroot().tag == "testsuites"


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("r.sarif", "sarif"), ("r.sarif.json", "sarif"), ("R.SARIF", "sarif"), ("r.json", "json"), ("r.md", "markdown"),
        ("r.rdjson", "rdjson"), ("checkstyle.xml", "checkstyle"), ("TEST-junit.xml", "junit"), ("r.html", "html"),
        ("r.txt", "text"), ("r", "text"), ("v1.2", "text"), ("github", "text"),
    ],
)  # fmt: skip
def test_endings(name: str, form: str) -> None:
    assert format_of("", Path(name)) == form
    assert format_of("gitlab", Path(name)) == "gitlab"


@pytest.mark.parametrize("name", ["article.pdf", "記事.ODT", "a.b.xlsx"])
def test_a_text_is_never_called_a_pdf(name: str) -> None:
    with pytest.raises(UsageError, match="no format that is written here"):
        format_of("", Path(name))
    assert format_of("markdown", Path(name)) == "markdown"


def test_an_ending_of_several_formats_asks() -> None:
    with pytest.raises(UsageError, match="--format junit or --format checkstyle"):
        format_of("", Path("review.xml"))
    with pytest.raises(UsageError, match="sarif"):
        format_of("sarrif", None)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not JSON"),
        (b"not json", "is not JSON"),
        (b"\xff\xfe\x00", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"[]", "holds no report"),
        (b"[1]", "holds no report"),
        (b"3", "holds no report"),
        (b"{}", "not a contentkit report"),
        (b'{"contentkit": 99}', "Upgrade contentkit"),
    ],
)
def test_what_is_no_report_is_one_sentence(run: Run, folder: Path, content: bytes, said: str) -> None:
    (folder / "bad.json").write_bytes(content)
    done = run("bad.json")
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_there(run: Run) -> None:
    done = run("nowhere.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "nowhere.json can't be read" in done.stderr


def test_several_reports_of_one_file(run: Run, folder: Path) -> None:
    (folder / "both.json").write_text(json_report.join([json_report.render(CLEAN), json_report.render(MIXED)]), "utf-8")
    assert run("both.json", "--fail-on", "major").returncode == 1
    assert len(json.loads(run("both.json", "--format", "gitlab").stdout)) == 7  # six findings, and a file that failed


def test_a_draft_keeps_its_text_clean(run: Run, folder: Path) -> None:
    (folder / "post.json").write_text(json_report.render(Report("email", "Hello.", model="offline:draft")), "utf-8")
    done = run("post.json")
    assert done.stdout == "Hello.\n"
    assert "offline draft" in done.stderr


def test_standard_input_in_a_pipe(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "contentkit", "report", "-", "--format", "github"],
        input=json_report.render(MIXED).encode(),
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 0
    assert done.stdout.count(b"::error ") == 3
    assert b"\x1b" not in done.stdout


@pytest.mark.parametrize("plain", [False, True])
def test_colour_on_a_terminal_alone(folder: Path, plain: bool) -> None:
    ours, theirs = pty.openpty()
    env = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "90", **({"NO_COLOR": "1"} if plain else {})}
    if not plain:
        env.pop("NO_COLOR", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "contentkit", "report", "mixed.json"], stdout=theirs, stderr=theirs, env=env
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            if not (more := os.read(ours, 65536)):
                break
        except OSError:
            break
        shown += more
    assert process.wait(timeout=60) == 0
    assert (b"\x1b[1;31mcritical" in shown) is not plain
    assert (b"\x1b" in shown) is not plain
    assert b"src/users.py:57" in shown


# The summary of a step in GitHub Actions


def test_the_summary_of_the_step_has_the_comment(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    summary = folder / "summary.md"
    summary.write_text("before\n", "utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    deliver([MIXED], "github", None)
    assert summary.read_text("utf-8") == "before\n\n" + markdown.render(MIXED)
    deliver([MIXED], "sarif", None)
    assert summary.read_text("utf-8").count("contentkit-review") == 1
    assert "::error" in capsys.readouterr().out


def test_a_full_summary_is_left_as_it_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    summary = folder / "summary.md"
    summary.write_bytes(b"x" * (1024 * 1024 - 10))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    deliver([MIXED], "github", None)
    assert summary.stat().st_size == 1024 * 1024 - 10
    shown = capsys.readouterr()
    assert "is full" in shown.err
    assert "::error" in shown.out


def test_a_summary_that_cannot_be_written_costs_no_result(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder))
    deliver([EVIL], "github", None)
    shown = capsys.readouterr()
    assert "can't be written" in shown.err
    assert shown.out.count("\n::error ") == 10


def test_two_at_once_add_whole_summaries(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = folder / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    threads = [threading.Thread(target=deliver, args=([MANY], "github", None)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert summary.read_text("utf-8") == ("\n" + markdown.render(MANY)) * 8


def test_quiet_says_no_result(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    deliver([MIXED], "sarif", Path("q.sarif"), quiet=True)
    deliver([replace(MIXED, kind="email")], "json", None)
    assert capsys.readouterr().err == ""
