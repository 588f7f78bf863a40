"""``contentkit post gitlab`` against a server that keeps GitLab's rules."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from posting import command, finding, gitlab_environment, process, review
from reviewserver import TOKEN, Changed, Fault, ReviewServer

from contentkit.core.errors import AuthenticationError, ContentkitError
from contentkit.core.report import Report, Severity

pytestmark = pytest.mark.usefixtures("plugin")


@pytest.fixture
def server(change: Callable[[], list[Changed]]) -> Iterator[ReviewServer]:
    files = change()
    for file in files:  # GitLab's text ends with a line feed, GitHub's does not
        file.patch += "\n" if file.patch else ""
    with ReviewServer(files) as running:
        yield running


def post(server: ReviewServer, report: Report, *, project: str = "acme/sub.group/shop", **more: Any) -> Any:
    """A run in this process, without a pause between writes."""
    from contentkit_post.api import Api
    from contentkit_post.gitlab import HINT, GitLab
    from contentkit_post.run import run

    header = {more.pop("header", "PRIVATE-TOKEN"): TOKEN}
    api = Api("gitlab", server.gitlab, header, secret=TOKEN, hint=HINT, patience=more.pop("patience", 20.0), pause=0)
    try:
        host = GitLab(api, project, 3, commit=more.pop("commit", ""))
        return run(host, report, least=Severity.MINOR, most=more.pop("most", 50), dry=False)
    finally:
        api.close()


def at(note: dict[str, Any]) -> tuple[object, ...]:
    return tuple(note["position"].get(name) for name in ("old_path", "new_path", "old_line", "new_line"))


CART = "app/cart.py"


def test_each_kind_of_line_has_its_numbers_and_nothing_is_posted_twice(
    site: Path, server: ReviewServer, tmp_path: Path
) -> None:
    report = review(
        finding("Added.", line=5, end=6, edit=(5, 6, "total = price(0)\n")),
        finding("Deleted.", line=5, side="LEFT"),
        finding("Context.", line=8),
        finding("Later context.", line=33),
        finding("Renamed.", "app/new name.py", 3),
        finding("Renamed context.", "app/new name.py", 5),
        finding("New file.", "added.py", 1),
        finding("Gone file.", "gone.py", 2, side="LEFT"),
        finding("A file.", "logo.png", None),
        finding("Elsewhere.", "other.py", 3),
        finding("Perhaps.", verified=False),
    )
    env = gitlab_environment(server)
    first = command(site, tmp_path, report, "gitlab", "review.json", **env)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout == "9 new comments, 0 there before, 2 in the summary; summary created.\n"
    assert [at(note) for note in server.comments] == [
        (CART, CART, None, 6),
        (CART, CART, 5, None),
        (CART, CART, 7, 8),
        (CART, CART, 33, 33),
        ("app/old.py", "app/new name.py", None, 3),
        ("app/old.py", "app/new name.py", 5, 5),
        ("added.py", "added.py", None, 1),
        ("gone.py", "gone.py", 2, None),
        ("logo.png", "logo.png", None, None),
    ]
    assert server.comments[8]["position"]["position_type"] == "file"
    assert "```suggestion:-1+0\ntotal = price(0)\n```\n" in server.comments[0]["body"]
    assert "`other.py:3` Elsewhere." in server.notes[0]["body"]
    assert "Perhaps." in server.notes[0]["body"]
    assert all("%2F" not in asked.path or "/projects/acme%2Fsub" in asked.path for asked in server.asked)

    writes = len(server.writes)
    again = command(site, tmp_path, report, "gitlab", "review.json", **env)
    assert again.stdout == "0 new comments, 9 there before, 2 in the summary; summary unchanged.\n"
    assert len(server.writes) == writes
    command(site, tmp_path, review(*report.findings[1:]), "gitlab", "review.json", **env)
    assert len(server.notes) == 1
    assert "1 finding of earlier runs no longer found." in server.notes[0]["body"]
    assert [asked.method for asked in server.writes[writes:]] == ["PUT"]


def test_a_project_by_its_path(server: ReviewServer) -> None:
    post(server, review(finding("One.")))
    assert len(server.comments) == 1
    with pytest.raises(ContentkitError) as caught:
        post(server, review(finding("One.")), project="acme/other")
    assert "404" in str(caught.value)


def test_what_gitlab_refuses_goes_to_the_file_and_then_to_the_summary(server: ReviewServer) -> None:
    """In a conflict or where the diff was cut, GitLab knows no code of a line that it shows."""
    from contentkit_post.diff import read_patch
    from contentkit_post.gitlab import GitLab

    shown = [read_patch(file.path, file.old_path or file.path, file.patch) for file in server.files]
    for file in server.files:
        file.patch = ""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(GitLab, "files", lambda self: iter(shown))
        post(server, review(finding("One."), finding("Two.", line=31)))
        assert [note["position"]["position_type"] for note in server.comments] == ["file", "file"]
        server.comments.clear()
        server.notes.clear()
        server.old = True
        done = post(server, review(finding("One."), finding("Two.", line=31)))
    assert not server.comments
    assert len(done.refused) == 2
    assert "`app/cart.py:5` One." in server.notes[0]["body"]


def test_an_old_gitlab_and_a_request_that_was_just_opened(server: ReviewServer) -> None:
    server.old, server.unready = True, 2
    post(server, review(finding("One."), finding("Two.", "logo.png", None)))
    assert [at(note) for note in server.comments] == [(CART, CART, None, 5)]
    assert "`logo.png` Two." in server.notes[0]["body"]


def test_a_request_without_a_diff_is_one_sentence(server: ReviewServer) -> None:
    server.unready = 99
    with pytest.raises(ContentkitError, match="has no diff yet") as caught:
        post(server, review(finding("One.")), patience=2)
    assert caught.value.exit_code == 18


@pytest.mark.parametrize(
    "faults",
    [
        [Fault("429", "POST", after=1)],
        [Fault("500", "GET", "discussions")],
        [Fault("drop-late", "POST", "discussions")],
        [Fault("502-late", "POST", "discussions"), Fault("drop", "POST", "discussions")],
        [Fault("drop-late", "POST", "notes")],
    ],
    ids=lambda faults: f"{faults[0].kind} {faults[0].path}",
)
def test_nothing_is_lost_and_nothing_is_said_twice_when_answers_fail(server: ReviewServer, faults: list[Fault]) -> None:
    server.faults = [Fault(f.kind, f.method, f.path, f.times, f.after) for f in faults]
    post(server, review(finding("One."), finding("Two.", line=31), finding("Three.", "logo.png", None)))
    assert not any(fault.times for fault in server.faults)
    assert len(server.comments) == 3
    assert len(server.notes) == 1


def test_killed_in_the_middle_and_run_again(site: Path, server: ReviewServer, tmp_path: Path) -> None:
    report = review(*(finding(f"Finding {line}.", line=line) for line in range(2, 10)))
    env = gitlab_environment(server)
    server.slow = 0.15
    words = process(site, tmp_path, report, "gitlab", "review.json", **env)
    running = subprocess.Popen(**words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 30
    while len(server.comments) < 3 and time.monotonic() < until:
        time.sleep(0.01)
    running.kill()
    running.wait()
    assert 3 <= len(server.comments) < 8
    server.slow = 0
    time.sleep(0.3)
    done = command(site, tmp_path, None, "gitlab", "review.json", **env)
    assert done.returncode == 0, done.stderr
    assert sorted(note["position"]["new_line"] for note in server.comments) == list(range(2, 10))
    assert len(server.notes) == 1


def test_notes_on_later_pages_are_known_and_others_notes_count_for_nothing(server: ReviewServer) -> None:
    report = review(finding("Once."))
    post(server, report)
    mine, note = server.comments.pop(), server.notes.pop()
    for body in (mine["body"], note["body"]):
        server.keep(server.comments, {"body": body, "position": mine["position"]}, by="author")
    for _ in range(230):
        server.keep(server.notes, {"body": "talk"}, by="somebody")
    server.comments.append(mine)
    done = post(server, report)
    assert len(done.plan.old) == 1
    assert done.note == "created"
    server.comments.remove(mine)
    server.notes.pop()
    post(server, report)
    assert len([found for found in server.comments if found["author"]["username"] == "reviewer"]) == 1


def test_a_job_token_acts_for_the_one_who_started_the_pipeline(
    site: Path, server: ReviewServer, tmp_path: Path
) -> None:
    env = gitlab_environment(server, "CI_JOB_TOKEN") | {"GITLAB_USER_LOGIN": "reviewer"}
    for _ in range(2):
        done = command(site, tmp_path, review(finding("One.")), "gitlab", "review.json", **env)
        assert done.returncode == 0, done.stderr
    assert len(server.comments) == 1
    assert all(asked.headers["job-token"] == TOKEN for asked in server.asked)
    assert not any("private-token" in asked.headers for asked in server.asked)


def test_a_token_that_may_not_is_one_sentence(site: Path, server: ReviewServer, tmp_path: Path) -> None:
    server.faults = [Fault("403", "POST", times=9)]
    done = command(site, tmp_path, review(finding("One.")), "gitlab", "review.json", **gitlab_environment(server))
    assert done.returncode == AuthenticationError.exit_code
    assert done.stderr.startswith("contentkit: gitlab: the token may not do this: ")
    assert "Set GITLAB_TOKEN" in done.stderr
    assert done.stderr.count("\n") == 1
    assert TOKEN not in done.stderr


def test_a_merge_request_that_has_moved_on_is_left_alone(site: Path, server: ReviewServer, tmp_path: Path) -> None:
    env = gitlab_environment(server) | {"CI_COMMIT_SHA": "d" * 40}
    done = command(site, tmp_path, review(finding("One.")), "gitlab", "review.json", **env)
    assert done.returncode == 0
    assert "42!3 has moved on from dddddddddddd to aaaaaaaaaaaa; nothing was posted." in done.stderr
    assert not server.writes
    env["CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"] = server.head  # a pipeline of merged results runs on a merge commit
    command(site, tmp_path, None, "gitlab", "review.json", **env)
    assert len(server.comments) == 1


def test_the_rest_of_many_is_in_the_summary(server: ReviewServer) -> None:
    done = post(server, review(*(finding(f"Finding {line}.", line=line) for line in range(2, 10))), most=3)
    assert len(server.comments) == 3
    assert len(done.plan.over) == 5
    assert len(re.findall(r"^- \*\*major", server.notes[0]["body"], re.MULTILINE)) == 5
