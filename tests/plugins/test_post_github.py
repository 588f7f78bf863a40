"""``contentkit post github`` against a server that keeps GitHub's rules."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from gitrepos import ENV, Repo
from posting import command, finding, github_environment, process, review
from reviewserver import REPO, TOKEN, Changed, Fault, ReviewServer

from contentkit.core.errors import AuthenticationError, ContentkitError, RateLimitError, UsageError
from contentkit.core.report import Covered, Report, Severity

pytestmark = pytest.mark.usefixtures("plugin")


@pytest.fixture
def server(change: Callable[[], list[Changed]]) -> Iterator[ReviewServer]:
    with ReviewServer(change(), login="") as running:
        yield running


def post(server: ReviewServer, report: Report, *, commit: str = "", most: int = 50, **more: Any) -> Any:
    """A run in this process, without a pause between writes."""
    from contentkit_post.api import Api
    from contentkit_post.github import HINT, GitHub, headers
    from contentkit_post.run import run

    patience = more.pop("patience", 20.0)
    least = more.pop("least", Severity.MINOR)
    dry = more.pop("dry", False)
    api = Api("github", server.github, headers(TOKEN), secret=TOKEN, hint=HINT, patience=patience, pause=0)
    try:
        return run(GitHub(api, REPO, 7, commit=commit, **more), report, least=least, most=most, dry=dry)
    finally:
        api.close()


def at(comment: dict[str, Any]) -> tuple[object, ...]:
    return tuple(comment.get(name) for name in ("path", "start_line", "line", "side"))


def test_a_review_is_posted_once_and_updated_after(site: Path, server: ReviewServer, tmp_path: Path) -> None:
    report = review(
        finding("None is no price.", line=5, end=6, edit=(5, 6, "total = price(0)\n"), scenario="the cart is empty"),
        finding("The check went away.", line=5, side="LEFT"),
        finding("Context.", line=8, severity=Severity.MINOR),
        finding("A file.", "logo.png", None),
        finding("Elsewhere.", "other.py", 3),
        finding("Perhaps.", verified=False),
        finding("Nothing.", severity=Severity.INFO),
        body="Prices are computed.",
    )
    env = github_environment(server, tmp_path)
    first = command(site, tmp_path, report, "github", "review.json", **env)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout == "4 new comments, 0 there before, 2 in the summary; summary created.\n"
    assert [at(comment) for comment in server.comments] == [
        ("app/cart.py", 5, 6, "RIGHT"),
        ("app/cart.py", None, 5, "LEFT"),
        ("app/cart.py", None, 8, "RIGHT"),
        ("logo.png", None, None, None),
    ]
    text = server.comments[0]["body"]
    assert text.startswith("**major** `bugs/logic`\n\nNone is no price.\n\nWhen: the cart is empty\n\n")
    assert "\n```suggestion\ntotal = price(0)\n```\n" in text
    assert server.reviews[0]["event"] == "COMMENT"
    assert server.comments[3]["subject_type"] == "file"
    summary = server.notes[0]["body"]
    assert "**7 findings**: 5 major, 1 minor, 1 info. 4 comments beside the code. 1 finding under" in summary
    assert "Prices are computed." in summary
    assert re.search(
        r"### Without a place in the diff\n\n- \*\*major\*\* `other.py:3` Elsewhere\. \(`bugs/logic`\)", summary
    )
    assert re.search(r"### Not verified\n\n- .*Perhaps\.", summary)
    assert "Nothing." not in summary

    writes = len(server.writes)
    again = command(site, tmp_path, report, "github", "review.json", **env)
    assert again.stdout == "0 new comments, 4 there before, 2 in the summary; summary unchanged.\n"
    assert len(server.writes) == writes

    fixed = review(*report.findings[1:5])
    third = command(site, tmp_path, fixed, "github", "review.json", **env)
    assert third.stdout == "0 new comments, 3 there before, 1 in the summary; summary updated.\n"
    assert len(server.comments) == 4
    assert len(server.notes) == 1
    assert "1 finding of earlier runs no longer found." in server.notes[0]["body"]
    assert [asked.method for asked in server.writes[writes:]] == ["PATCH"]


def test_a_dry_run_shows_everything_and_writes_nothing(site: Path, server: ReviewServer, tmp_path: Path) -> None:
    report = review(finding("First\u202e.", line=5, end=7), finding("Second.", "logo.png", None))
    words = ("github", "review.json", "--repo", REPO, "--pull", "7", "--api-url", server.github, "--dry-run")
    done = command(site, tmp_path, report, *words, GH_TOKEN=TOKEN)
    assert done.returncode == 0, done.stderr
    assert "comment app/cart.py:5-7 RIGHT major bugs/logic: First\\u{202e}.\n" in done.stdout
    assert "comment logo.png (file) major bugs/logic: Second.\n" in done.stdout
    assert "summary created\n\n## contentkit review\n" in done.stdout
    assert not server.writes


@pytest.mark.parametrize("bad", ["lines", "path", "hunk"])
def test_what_github_refuses_goes_alone_to_the_file_and_then_to_the_summary(server: ReviewServer, bad: str) -> None:
    """The diff that GitHub checks is not always the one that it shows: the batch fails whole, and nothing is lost."""
    report = review(
        *(finding(f"Finding {number}.", line=number) for number in (2, 3, 4, 5)), finding("Last.", line=29, end=31)
    )
    shown = [Changed(file.path, file.patch, file.old_path, file.status) for file in server.files]
    cart = server.file("app/cart.py")
    assert cart
    from contentkit_post.github import GitHub

    if bad == "path":
        server.files.remove(cart)
    elif bad == "hunk":
        cart.patch = cart.patch.replace("\n line_30", "\n").replace(
            " line_29 = 29\n", " line_29 = 29\n@@ -30,1 +31,1 @@\n"
        )
    else:
        cart.patch = cart.patch.replace("@@ -2,8 +2,9 @@ line_1 = 1\n line_2 = 2\n", "@@ -3,7 +3,8 @@\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(GitHub, "files", lambda self: iter([read(file) for file in shown]))
        done = post(server, report)
        again = post(server, report)
    if bad == "path":
        assert not server.comments
        assert all(f"Finding {number}." in server.notes[0]["body"] for number in (2, 3, 4, 5))
        assert len(done.refused) == 5
    else:
        places = sorted((comment.get("line") or 0, comment.get("subject_type", "")) for comment in server.comments)
        wrong = 2 if bad == "lines" else 31
        assert places == sorted([(0, "file"), *((line, "") for line in {2, 3, 4, 5, 31} - {wrong})])
        alone = next(comment for comment in server.comments if "subject_type" in comment)
        assert (
            f"Line {'2' if bad == 'lines' else '29 to 31'} of what was reviewed, not found in this diff."
            in alone["body"]
        )
        assert not done.refused
        assert len(again.plan.old) == 5
    assert len({comment["body"] for comment in server.comments}) == len(server.comments)


def read(file: Changed) -> Any:
    from contentkit_post.diff import read_patch

    return read_patch(file.path, file.old_path or file.path, file.patch)


def test_a_renamed_and_a_deleted_file_and_one_with_crlf(server: ReviewServer) -> None:
    report = review(
        finding("Renamed.", "app/new name.py", 3, quote="value_3 = 4"),
        finding("Was renamed.", "app/old.py", 3, side="LEFT", quote="value_3 = 3"),
        finding("Deleted.", "gone.py", 1, 3, "LEFT", quote="one\ntwo\nthree"),
        finding("Carriage return.", "crlf.txt", 2, quote="B", edit=(2, 2, "b2\r\n")),
        finding("No end.", "added.py", 2, quote="beta", edit=(1, 2, "gamma\n")),
        finding("Same.", "crlf.txt", 2, edit=(2, 2, "B\n")),
    )
    done = post(server, report)
    assert not done.refused
    assert [at(comment) for comment in server.comments] == [
        ("app/new name.py", None, 3, "RIGHT"),
        ("app/new name.py", None, 3, "LEFT"),
        ("gone.py", 1, 3, "LEFT"),
        ("crlf.txt", None, 2, "RIGHT"),
        ("added.py", 1, 2, "RIGHT"),
        ("crlf.txt", None, 2, "RIGHT"),
    ]
    suggestions = [re.findall(r"```suggestion\n(.*?)```", comment["body"], re.DOTALL) for comment in server.comments]
    assert suggestions == [[], [], [], ["b2\n"], ["gamma\n"], []]


def test_a_suggestion_only_where_it_can_be_applied(server: ReviewServer) -> None:
    report = review(
        finding("fence", line=31, edit=(31, 31, "log = '````'\n")),
        finding("deletes", line=5, end=7, edit=(5, 7, "")),
        finding("wider", line=5, edit=(4, 8, "x\n")),
        finding("left", line=5, side="LEFT", edit=(5, 5, "x\n")),
        finding("over the hunk", line=10, edit=(10, 14, "x\n")),
        finding("elsewhere", line=5, edit=(7, 8, "x\n")),
        finding("inserts", line=5, edit=(5, 4, "x\n")),
        finding("hidden", line=5, edit=(5, 5, "x = '\u202e'\n")),
        finding("masked", line=5, edit=(5, 5, "x = '[secret:token]'\n")),
        finding("two fences", line=31, edit=(31, 31, "~~~\n```suggestion\nx\n```\n")),
    )
    post(server, report)
    found = {comment["body"].split("\n\n")[1]: comment for comment in server.comments}
    assert "`````suggestion\nlog = '````'\n`````\n" in found["fence"]["body"]
    assert "```suggestion\n```\n" in found["deletes"]["body"]
    assert at(found["wider"]) == ("app/cart.py", 4, 8, "RIGHT")
    assert "````suggestion\n~~~\n```suggestion\nx\n```\n````\n" in found["two fences"]["body"]
    for name in ("left", "over the hunk", "elsewhere", "inserts", "hidden", "masked"):
        assert "suggestion" not in found[name]["body"], name


def test_the_code_decides_where_a_comment_stands(server: ReviewServer) -> None:
    """The reviewed tree may be a merge, whose line numbers are others."""
    server.files.append(Changed("twice.py", "@@ -0,0 +1,2 @@\n+same\n+same"))
    report = review(
        finding("Shifted.", line=25, quote="check()"),
        finding("Shifted lines.", line=45, end=46, quote="total = price(\n    None)"),
        finding("Not there.", line=5, quote="something_else()"),
        finding("Masked.", line=5, end=7, quote="total = [secret:token]\n    None)\ncheck()"),
        finding("Partly.", line=9, end=20, quote="line_8 = 8\nline_9 = 9\nline_10 = 10"),
        finding("Across hunks.", line=9, end=30),
        finding("Beyond.", "app/new name.py", 9, quote="value_9 = 9"),
        finding("Twice.", "twice.py", 9, quote="same"),
    )
    post(server, report)
    assert [at(comment)[1:3] for comment in server.comments] == [
        (None, 7),
        (5, 6),
        (5, 7),
        (9, 10),
        (9, 10),
        (None, None),
        (None, None),
        (None, None),
    ]
    assert "Line 5 of what was reviewed" in server.comments[5]["body"]


def test_thirty_a_review_and_fifty_a_run(server: ReviewServer) -> None:
    lines = [2, 3, 4, 5, 6, 7, 8, 9, 10, 28, 29, 30, 31, 32, 33]
    report = review(
        *(finding(f"Finding {number} of many.", line=line) for line in lines for number in range(line, line + 4))
    )
    post(server, report)
    assert [len(body["comments"]) for body in server.reviews] == [30, 20]
    assert "### Over the limit of 50 comments a run" in server.notes[0]["body"]
    assert server.notes[0]["body"].count("\n- **major**") == 10
    post(server, report)
    assert len(server.comments) == 60
    assert "Over the limit" not in server.notes[0]["body"]
    assert len({comment["body"] for comment in server.comments}) == 60


def test_comments_on_later_pages_are_known(server: ReviewServer) -> None:
    report = review(finding("Once."))
    post(server, report)
    mine, note = server.comments.pop(), server.notes.pop()
    for _ in range(230):
        server.keep(server.comments, {"body": "talk", "path": "app/cart.py"}, by="somebody")
        server.keep(server.notes, {"body": "talk"}, by="somebody")
    server.comments.append(mine)
    server.notes.append(note)
    done = post(server, report)
    assert len(done.plan.old) == 1
    assert len(server.comments) == len(server.notes) == 231


@pytest.mark.parametrize("login", ["", "reviewer"])
def test_nobody_else_can_silence_a_finding(server: ReviewServer, login: str) -> None:
    """The marks are no secret: whoever opens the pull request could write them."""
    server.login = login
    report = review(finding("Real."))
    post(server, report)
    server.comments[0]["user"] = server.notes[0]["user"] = {"login": "author", "type": "User"}
    post(server, report)
    assert len(server.comments) == len(server.notes) == 2
    done = post(server, report)
    assert len(done.plan.old) == 1


def test_a_deleted_comment_does_not_come_back(server: ReviewServer) -> None:
    report = review(finding("Unwanted."), finding("Wanted.", line=6))
    post(server, report)
    server.comments.pop(0)
    post(server, report)
    post(server, report)
    assert len(server.comments) == 1
    assert "1 comment deleted here, not repeated." in server.notes[0]["body"]


def test_two_findings_of_one_fingerprint_are_two(server: ReviewServer) -> None:
    from dataclasses import replace

    one = finding("Same words.", line=5)
    report = review(one, replace(one, place=finding("x", line=31).place))
    post(server, report)
    done = post(server, report)
    assert [comment["line"] for comment in server.comments] == [5, 31]
    assert len(done.plan.old) == 2


FAULTS = [
    [Fault("429", after=1)],
    [Fault("secondary", "POST", after=1)],
    [Fault("422", "POST", after=1)],
    [Fault("500", "GET", times=2)],
    [Fault("drop", "GET")],
    [Fault("500", "POST", "reviews")],
    [Fault("502-late", "POST", "reviews")],
    [Fault("drop", "POST", "reviews")],
    [Fault("drop-late", "POST", "reviews")],
    [Fault("drop-late", "POST", "pulls/7/comments")],
    [Fault("drop-late", "POST", "issues")],
    [Fault("502-late", "POST", "issues"), Fault("429", "POST", "reviews", times=2)],
]


@pytest.mark.parametrize(
    "faults", FAULTS, ids=lambda faults: "+".join(f.kind + f.path.replace("/", "-") for f in faults)
)
def test_nothing_is_lost_and_nothing_is_said_twice_when_answers_fail(server: ReviewServer, faults: list[Fault]) -> None:
    server.faults = [Fault(f.kind, f.method, f.path, f.times, f.after) for f in faults]
    report = review(finding("One."), finding("Two.", line=31), finding("Three.", "logo.png", None))
    post(server, report)
    assert not any(fault.times for fault in server.faults)
    assert len(server.comments) == 3
    assert len(server.notes) == 1


def test_an_update_whose_answer_is_lost_is_sent_again(server: ReviewServer) -> None:
    post(server, review(finding("One.")))
    server.faults = [Fault("drop", "PATCH"), Fault("502-late", "PATCH")]
    post(server, review(finding("One."), finding("Two.", line=31)))
    assert len(server.notes) == 1
    assert "**2 findings**" in server.notes[0]["body"]


def test_killed_in_the_middle_and_run_again(site: Path, server: ReviewServer, tmp_path: Path) -> None:
    report = review(
        *(finding(f"Finding {n}.", path, None) for n in range(4) for path in ("logo.png", "crlf.txt")), body="x"
    )
    env = github_environment(server, tmp_path)
    server.slow = 0.15
    running = subprocess.Popen(
        **process(site, tmp_path, report, "github", "review.json", **env),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 30
    while len(server.comments) < 3 and time.monotonic() < until:
        time.sleep(0.01)
    running.kill()
    running.wait()
    assert 3 <= len(server.comments) < 8
    server.slow = 0
    time.sleep(0.3)
    done = command(site, tmp_path, None, "github", "review.json", **env)
    assert done.returncode == 0, done.stderr
    assert len(server.comments) == 8
    assert len({comment["body"] for comment in server.comments}) == 8
    assert len(server.notes) == 1


def test_a_read_only_token_is_one_sentence(site: Path, server: ReviewServer, tmp_path: Path) -> None:
    server.faults = [Fault("403", "POST", times=9)]
    env = github_environment(server, tmp_path)
    done = command(site, tmp_path, review(finding("One.")), "github", "review.json", **env)
    assert done.returncode == AuthenticationError.exit_code
    assert done.stderr.startswith(
        "contentkit: github: the token may not do this: Resource not accessible by integration"
    )
    assert "workflow_run" in done.stderr
    assert done.stderr.count("\n") == 1
    assert TOKEN not in done.stderr + done.stdout


def test_the_waiting_has_an_end(server: ReviewServer) -> None:
    server.faults = [Fault("429", "POST", times=99, after=3600)]
    start = time.monotonic()
    with pytest.raises(RateLimitError) as caught:
        post(server, review(finding("One.")), patience=5)
    assert time.monotonic() - start < 4
    assert caught.value.retry_after == 3600
    assert "--timeout" in str(caught.value)
    assert TOKEN not in str(caught.value)
    server.faults = [Fault("secondary", "POST", times=99, after=None)]  # no header: at least a minute
    with pytest.raises(RateLimitError) as caught:
        post(server, review(finding("One.")), patience=5)
    assert caught.value.retry_after == 60


@pytest.mark.parametrize("kind", ["500", "drop", "429"])
def test_a_server_that_never_answers_is_an_error(server: ReviewServer, kind: str) -> None:
    server.faults = [Fault(kind, times=999)]
    with pytest.raises(ContentkitError) as caught:
        post(server, review(finding("One.")), patience=1)
    assert TOKEN not in str(caught.value)


def test_the_token_goes_to_no_other_server(server: ReviewServer) -> None:
    server.faults = [Fault("redirect", "GET")]
    with pytest.raises(ContentkitError, match="another server"):
        post(server, review(finding("One.")))


def test_a_pull_request_that_has_moved_on_is_left_alone(site: Path, server: ReviewServer, tmp_path: Path) -> None:
    env = github_environment(server, tmp_path, head="d" * 40)
    done = command(site, tmp_path, review(finding("One.")), "github", "review.json", "--pull", "7", **env)
    assert done.returncode == 0
    assert "has moved on from dddddddddddd to aaaaaaaaaaaa; nothing was posted." in done.stderr
    assert not server.writes
    assert not post(server, review(finding("One.")), commit="AAAAAAA").moved


def test_changes_are_requested_only_when_asked(site: Path, server: ReviewServer, tmp_path: Path) -> None:
    env = github_environment(server, tmp_path)
    words = ("github", "review.json", "--request-changes")
    minor = review(finding("Small.", severity=Severity.MINOR))
    assert command(site, tmp_path, minor, *words, **env).returncode == 0
    assert command(site, tmp_path, review(finding("Grave.")), *words, **env).returncode == 0
    assert [body["event"] for body in server.reviews] == ["COMMENT", "REQUEST_CHANGES"]
    server.author = "github-actions[bot]"
    post(server, review(finding("Own.")), request_changes=True)
    assert server.reviews[-1]["event"] == "COMMENT"


def test_a_clean_review_says_nothing_and_an_incomplete_one_does(server: ReviewServer) -> None:
    post(server, review())
    assert not server.writes
    failed = Report(
        "review",
        "",
        coverage=(Covered("a.py @@ -1 +1 @@", "failed", "no answer"), Covered("b.lock", "skipped", "a lock file")),
    )
    post(server, failed)
    assert "**Incomplete: not everything was reviewed.**" in server.notes[0]["body"]
    assert (
        "### Not reviewed (2 of 2)\n\n- failed `a.py @@ -1 +1 @@`: no answer\n- skipped `b.lock`: a lock file"
        in server.notes[0]["body"]
    )


@pytest.mark.parametrize("why", ["incomplete", "since"])
def test_what_was_not_looked_for_is_not_called_gone(server: ReviewServer, why: str) -> None:
    post(server, review(finding("One.")))
    report = (
        review(fields={"hidden": {"since": 1}})
        if why == "since"
        else Report("review", "", coverage=(Covered("a", "failed", "x"),))
    )
    post(server, report)
    assert "no longer" not in server.notes[0]["body"]


def test_a_summary_fits_and_says_what_it_leaves_out(server: ReviewServer) -> None:
    findings = [
        finding(f"{number} " + "x" * 450, f"folder/file{number}.py", 1, scenario="y" * 450) for number in range(400)
    ]
    report = review(*findings, body="z\n" * 20_000, notices=["n" * 3000] * 30)
    post(server, report)
    body = server.notes[0]["body"]
    assert 40_000 < len(body) <= 65_536
    kept = len(re.findall(r"^- \*\*major", body, re.MULTILINE))
    assert f"… and {400 - kept} more, in the report." in body


def test_a_long_suggestion_is_left_out(server: ReviewServer) -> None:
    post(server, review(finding("Long.", edit=(5, 5, "x" * 70_000 + "\n"))))
    assert "suggestion" not in server.comments[0]["body"]
    assert [comment.get("line") for comment in server.comments] == [5]


@pytest.mark.parametrize(
    ("words", "env", "said"),
    [
        (["review.json"], {"GITHUB_TOKEN": TOKEN}, "Which pull request?"),
        (["review.json", "--repo", "../x", "--pull", "1"], {"GITHUB_TOKEN": TOKEN}, "not the name of a repository"),
        (
            ["review.json", "--repo", "a/b", "--pull", "1"],
            {},
            "There is no token: GITHUB_TOKEN and GH_TOKEN are not set.",
        ),
        (["review.json", "--repo", "a/b", "--pull", "1"], {"GITHUB_TOKEN": "a b\nc"}, "GITHUB_TOKEN holds characters"),
        (
            ["review.json", "--repo", "a/b", "--pull", "1", "--commit", "main"],
            {"GH_TOKEN": TOKEN},
            "'main' is not a commit",
        ),
        (["none.json", "--repo", "a/b", "--pull", "1"], {"GH_TOKEN": TOKEN}, "none.json can't be read"),
        (["other.json", "--repo", "a/b", "--pull", "1"], {"GH_TOKEN": TOKEN}, "only a review can be posted"),
        (["list.json", "--repo", "a/b", "--pull", "1"], {"GH_TOKEN": TOKEN}, "does not hold one report"),
        (["review.json", "--repo", "a/b", "--pull", "1", "--api-url", "ftp://x"], {"GH_TOKEN": TOKEN}, "--api-url"),
    ],
)
def test_what_is_asked_wrongly_is_one_sentence(
    plugin: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], env: dict[str, str], said: str
) -> None:
    from contentkit_post.cli import command as post_command

    from contentkit.reports.json import render

    (tmp_path / "review.json").write_text(render(review()), encoding="utf-8")
    (tmp_path / "other.json").write_text(render(Report("article", "x")), encoding="utf-8")
    (tmp_path / "list.json").write_text("[]", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_TOKEN", "GH_TOKEN", "GITHUB_REPOSITORY", "GITHUB_EVENT_PATH", "GITHUB_API_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(UsageError) as caught:
        post_command.main(["github", *words], standalone_mode=False)
    assert said in str(caught.value)
    assert "a b" not in str(caught.value)


@pytest.mark.parametrize(
    "event",
    ["{", "[]", '{"pull_request": 7}', '{"pull_request": {"number": "7"}}', '{"workflow_run": {"pull_requests": []}}'],
)
def test_an_event_of_another_kind_names_no_pull_request(tmp_path: Path, event: str) -> None:
    from contentkit_post.github import Event, read_event

    (tmp_path / "event.json").write_text(event, encoding="utf-8")
    assert read_event(str(tmp_path / "event.json")) == Event()
    assert read_event("") == Event()
    run = {"workflow_run": {"pull_requests": [{"number": 7, "head": {"sha": "e" * 40}}]}}
    (tmp_path / "event.json").write_text(json.dumps(run), encoding="utf-8")
    assert read_event(str(tmp_path / "event.json")) == Event(7, "e" * 40)


def test_one_that_comments_too_quickly_waits(server: ReviewServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """GitHub says 422 there, without a header, and the comment is not at fault."""
    waited: list[float] = []
    monkeypatch.setattr("contentkit_post.api.time.sleep", waited.append)
    server.faults = [Fault("422", "POST", after=None)]
    post(server, review(finding("One.")), patience=100)
    assert [comment["line"] for comment in server.comments] == [5]
    assert waited == [60.0]


def test_a_real_review_is_posted_where_it_found_something(site: Path, tmp_path: Path) -> None:
    """From a repository to comments: the paths, lines and quotes of the product are those that GitHub knows."""
    repo = Repo(tmp_path)
    old = "".join(f"def step_{number}():\n    return {number}\n\n\n" for number in range(12))
    base = repo.commit(
        {"src/steps.py": old, "tests/test_steps.py": "def test_steps():\n    assert 1 == 1\n    assert 2 == 2\n"}
    )
    new = old.replace("    return 7\n", "    return missing_name\n")
    head = repo.commit(
        {"src/steps.py": new, "tests/test_steps.py": "def test_steps():\n    assert 1 == 1\n", "b.json": '{"a": 1,,}\n'}
    )
    words = process(site, tmp_path, None, **ENV)
    words["args"][3:] = ["review", f"{base}..{head}", "--format", "json", "-o", "review.json", "-q"]
    reviewed = subprocess.run(**words, capture_output=True, timeout=60)
    assert reviewed.returncode in (0, 1), reviewed.stderr
    parts = repo.git("diff", base, head).split("diff --git ")[1:]
    files = [
        Changed(part.split(" b/")[1].split("\n")[0], f"@@ {part.partition(chr(10) + '@@ ')[2]}".rstrip("\n"))
        for part in parts
    ]
    with ReviewServer(files, head=head, base=base) as server:
        done = command(site, tmp_path, None, "github", "review.json", **github_environment(server, tmp_path))
        assert done.returncode == 0, done.stderr
        found = {(c["path"], c.get("line")): re.findall("`(.+?)`", c["body"])[0] for c in server.comments}
        assert found["src/steps.py", 30] == "ruff/F821"
        assert found["b.json", 1].startswith("syntax/")
        again = command(site, tmp_path, None, "github", "review.json", **github_environment(server, tmp_path))
        assert again.stdout.startswith("0 new comments, ")
        assert len(server.notes) == 1
