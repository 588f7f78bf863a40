"""The history as several processes, damaged files and secrets meet it."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from contentkit.core.chat import Finish, Usage
from contentkit.core.errors import UsageError
from contentkit.core.model import Secret
from contentkit.core.report import Covered, Finding, Place, Report, Severity
from contentkit.kit.history import History

# Put together here, so that nobody's scanner takes this file for a leak.
AWS = "AKIA" + "Q7DXBMPL34Z2LMNW"
OPENAI = "sk-" + "proj-" + "a8Zk3Qw9Lm2Xc7Vb5Nn1Pp6Rr4Tt0Yy2Uu8Ii3Oo9Ss5Dd7"


def report(topic: str = "a topic", body: str = "Words.", **more: object) -> Report:
    return Report("article", body, topic=topic, **more)  # type: ignore[arg-type]


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "deep" / "history.db")


def test_a_report_comes_back_whole(history: History) -> None:
    whole = Report(
        "social",
        "# 本文\n",
        fields={"posts": [{"text": "こんにちは", "n": 1}]},
        findings=(Finding("limits/x", "Too long.", Severity.MAJOR, Place("posts[0].text", quote="…"), repair="Cut."),),
        coverage=(Covered("a.md", "read"), Covered("b.md", "failed", "not there")),
        notices=("a notice",),
        usage=Usage(1, 2, 3, 4, 5, 0.1, True),
        cost=0.25,
        model="openai:gpt-x",
        answered_by="gpt-x-2026",
        finish=Finish.LENGTH,
        language="ja",
        topic="話題",
        sources=("a.md",),
        prompt="social@1",
        created="2026-11-21T01:02:03+00:00",
        seconds=1.5,
    )
    kept = history.keep(whole)
    assert len(kept.id) == 10
    assert history.show(kept.id[:4]) == kept
    (run,) = history.list()
    assert (run.id, run.kind, run.topic, run.model, run.finish, run.findings, run.cost) == (
        kept.id, "social", "話題", "openai:gpt-x", "length", 1, 0.25,
    )  # fmt: skip


def test_without_a_topic_the_list_tells_the_heading(history: History) -> None:
    for body in ("[a mark]\n\n# Heading #1\n\nText", "Only text\nand more", ""):
        history.add(report("", body))
    assert [run.topic for run in history.list()] == ["", "Only text", "Heading #1"]


@pytest.mark.skipif(os.name != "posix", reason="modes as POSIX has them")
def test_only_the_owner_can_read_it(history: History) -> None:
    old = os.umask(0)
    try:
        history.add(report())
        with history._database.writing():
            names = {path.name: path.stat().st_mode & 0o777 for path in history.path.parent.iterdir()}
    finally:
        os.umask(old)
    assert names == {"history.db": 0o600, "history.db-wal": 0o600, "history.db-shm": 0o600}
    assert history.path.parent.stat().st_mode & 0o777 == 0o700


def test_reading_a_history_that_is_not_there_makes_none(history: History) -> None:
    assert (history.list(), history.search(["x"]), list(history.export())) == ((), (), [])
    for ask in (lambda: history.show("a"), lambda: history.rm(["a"])):
        with pytest.raises(UsageError, match="no run 'a'"):
            ask()
    assert not history.path.parent.exists()


def test_search_in_english_and_japanese(history: History) -> None:
    for topic, body in [
        ("Release notes", "The parser is faster; see café and 100% of it."),
        ("発表", "新しい東京の施設は来年開く。"),
        ("other", "snake_case and C++ and \"quotes\""),
    ]:  # fmt: skip
        history.add(report(topic, body))

    def found(*words: str) -> list[str]:
        return [run.topic for run in history.search(words)]

    assert found("PARSER") == ["Release notes"]
    assert found("parser", "faster") == found("parser faster") == ["Release notes"]
    assert found("parser", "東京") == []
    assert found("東京") == found("東") == found("東京の施設") == found("施設は", "来年") == ["発表"]
    assert found("cafe\u0301") == ["Release notes"]
    assert found("C++") == found('"quotes"') == found("e_c") == ["other"]
    assert found("0%") == ["Release notes"]
    assert found("%%") == found("__") == found("a%b") == found("\\") == found("") == found("*") == []
    assert found("NEAR") == found("parser OR nothing") == []  # words of the index's language are only words
    assert found("and") == ["other", "Release notes"]
    assert found("s") == ["other", "Release notes"]  # the newest first
    assert len(history.search(["e"], limit=1)) == 1


def test_search_works_without_an_index(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    from contentkit.kit import history as module

    history.add(report("one", "a longer sentence"))
    with_index = history.search(["longer"])
    monkeypatch.setattr(module, "_has_index", lambda _: False)
    assert history.search(["longer"]) == with_index != ()


def test_ids_by_unique_beginning(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    from contentkit.kit import history as module

    names = iter(["abc1111111", "abc2222222", "d%_4444444"])
    monkeypatch.setattr(module, "_free_id", lambda _: next(names))
    for topic in ("one", "two", "three"):
        history.add(report(topic))
    assert history.show("ABC1").topic == "one"
    with pytest.raises(UsageError, match="Several runs begin with 'abc': abc2222222, abc1111111"):
        history.show("abc")
    for start in ("", "x", "%", "a_c", "abc11111111"):
        with pytest.raises(UsageError, match="There is no run"):
            history.show(start)
    with pytest.raises(UsageError):
        history.rm(["abc1", "nope"])
    assert len(history.list()) == 3
    assert history.rm(["abc1", "abc1111", "abc2"]) == 2
    assert [run.topic for run in history.list()] == ["three"]


def test_what_is_removed_is_gone_from_the_file(history: History) -> None:
    name = history.add(report("x", "Unmistakable-Phrase-Here qzx " * 300))
    history.add(report("y", "stays"))
    before = b"".join(path.read_bytes() for path in history.path.parent.iterdir()).lower()
    assert b"mistak" in before
    assert b"qzx" in before.replace(b" qzx ", b"")
    history.rm([name])
    left = b"".join(path.read_bytes() for path in history.path.parent.iterdir()).lower()
    assert b"mistak" not in left
    assert b"qzx" not in left  # the index keeps three letters at a time
    assert history.search(["phrase"]) == ()
    assert [run.topic for run in history.search(["stays"])] == ["y"]


def test_no_secret_is_stored(history: History) -> None:
    own = "a-key-that-looks-like-nothing"
    keeper = History(history.path, [Secret(own)])
    keeper.add(
        report(
            f"about {AWS}",
            f"The key is {OPENAI}. And {own}; {OPENAI} again.",
            fields={"deep": [{f"name {AWS}": f"x {own} y"}]},
            findings=(Finding("a/b", f"m {AWS}", place=Place("p", quote=OPENAI)),),
            notices=(own,),
            sources=(f"https://h/?key={AWS}",),
        )
    )
    stored = b"".join(path.read_bytes() for path in history.path.parent.iterdir())
    for secret in (AWS, OPENAI, own):
        assert secret.encode() not in stored
    line = json.loads(next(history.export()))
    assert line["body"].startswith("The key is [api-key]. And [key]; [api-key]")
    assert line["body"].endswith("again.")


def test_export_is_one_report_a_line_oldest_first(history: History) -> None:
    for topic in ("one", "two\u2028\nthree"):
        history.add(report(topic))
    lines = list(history.export())
    assert [json.loads(line)["topic"] for line in lines] == ["one", "two\u2028\nthree"]
    assert not any("\n" in line for line in lines)


def _adder(path: Path, name: int, start: multiprocessing.synchronize.Barrier) -> None:
    start.wait()
    history = History(path)
    for number in range(25):
        history.add(report(f"{name}.{number}", "some words to index " * 20))
        history.list(3)


def test_four_processes_write_at_once_from_the_first_moment(history: History) -> None:
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(4)
    workers = [context.Process(target=_adder, args=(history.path, name, start)) for name in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0] * 4
    runs = history.list(0)
    assert len({run.id for run in runs}) == 100
    assert {run.topic for run in runs} == {f"{name}.{number}" for name in range(4) for number in range(25)}
    assert len(history.search(["index"], limit=0)) == 100


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_a_kill_while_writing_harms_nothing(history: History) -> None:
    history.add(report("before"))
    code = (
        "import sys; from pathlib import Path; from contentkit.core.report import Report\n"
        "from contentkit.kit.history import History\n"
        "history = History(Path(sys.argv[1]))\n"
        "while True:\n"
        "    print(history.add(Report('article', 'word ' * 50_000)), flush=True)\n"
    )
    said: list[str] = []
    for patience in (0.0, 0.01, 0.02):
        child = subprocess.Popen([sys.executable, "-c", code, str(history.path)], stdout=subprocess.PIPE, text=True)
        assert child.stdout
        said.append(child.stdout.readline().strip())
        time.sleep(patience)
        child.send_signal(signal.SIGKILL)
        said += child.communicate()[0].split()
    kept = {run.id for run in history.list(0)}
    assert set(filter(None, said)) <= kept
    assert history.show(said[0]).body == "word " * 50_000
    assert history.search(["word"])
    history.add(report("after"))
    assert sqlite3.connect(history.path).execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_damaged_newer_or_closed_history_is_one_sentence_and_the_run_goes_on(
    history: History, tmp_path: Path
) -> None:
    def damaged() -> str:
        kept = history.keep(report())
        assert kept.id == ""
        (notice,) = kept.notices
        assert notice.startswith("This run is not in the history: The history ")
        assert str(history.path) in notice
        with pytest.raises(UsageError):
            history.list()
        return notice

    history.path.parent.mkdir()
    history.path.write_bytes(b"not a database, but something of the user's" * 100)
    assert "is damaged" in damaged()
    assert "--no-history" in damaged()
    assert history.path.read_bytes().startswith(b"not a database")  # never deleted

    history.path.unlink()
    history.add(report())
    connection = sqlite3.connect(history.path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    assert "newer contentkit (format 99, not 2). Upgrade contentkit" in damaged()

    history = History(tmp_path / "file" / "history.db")
    (tmp_path / "file").touch()
    assert "This run is not in the history" in history.keep(report()).notices[0]


def test_broken_pages_are_told_as_damage(history: History) -> None:
    for number in range(30):
        history.add(report(str(number), "x" * 5000))
    with history._database.reading() as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with history.path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xa5" * 60_000)
    with pytest.raises(UsageError, match="is damaged"):
        list(history.export())


@pytest.mark.parametrize(
    ("report", "listed"),
    [
        (Report("article", "# The ferry\n\nIt sails."), "The ferry"),
        (Report("email", "**Subject:** Hi", fields={"subject": "Sail with us"}), "Sail with us"),
        (Report("social", "## X\n\nIt sails.", fields={"posts": []}, sources=("notes.md",)), "notes.md"),
        (Report("article", "It sails.", topic="ferries"), "ferries"),
    ],
)
def test_a_run_without_a_topic_is_listed_by_what_it_says(tmp_path: Path, report: Report, listed: str) -> None:
    history = History(tmp_path / "history.db")
    history.add(report)
    assert history.list()[0].topic == listed


def test_a_history_of_the_first_format_is_carried_over(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    kept = History(path).keep(report("old", body="An old text."))
    with sqlite3.connect(path) as database:
        for column in ("parent", "series", "variant", "picked", "masked"):
            database.execute(f"ALTER TABLE runs DROP COLUMN {column}")
        database.execute("PRAGMA user_version = 1")
    later = History(path)
    (run,) = later.list()
    assert (run.id, run.parent, run.series, run.picked) == (kept.id, "", "", False)
    assert later.search(["old"]) == (run,)
    assert later.pick([kept.id])[0].picked
    assert later.show(kept.id).body == "An old text."


def test_what_was_masked_is_known(history: History) -> None:
    plain, secret = history.keep(report()), history.keep(report(body=f"The key is {OPENAI}."))
    assert (history.run(plain.id).masked, history.run(secret.id).masked) == (False, True)
