"""``contentkit review`` and its hook against repositories in odd states: whole processes, made by git itself."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from gitrepos import ENV, Repo

CLEAN = "def first():\n    return 1\n"
BROKEN = "def first():\n    return missing\n"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    repo = Repo(tmp_path / "repo")
    repo.commit({"a.py": CLEAN, "test_a.py": CLEAN, "src/a.py": CLEAN}, "first")
    return repo


def contentkit(cwd: Path, *words: str, stdin: str | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        [sys.executable, "-m", "contentkit", *words],
        cwd=cwd,
        env={**clean, **ENV, "CONTENTKIT_PROBE": "0", **env},
        input=stdin,
        stdin=None if stdin is not None else subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode in (0, 1, 2, 3), done.stderr
    return done


def review(cwd: Path, *words: str, **env: str) -> dict[str, Any]:
    """The report, as JSON."""
    done = contentkit(cwd, "review", "--format", "json", "-q", "--no-history", *words, **env)
    assert done.stdout, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def units(report: dict[str, Any]) -> list[str]:
    return [unit["name"] for unit in report["coverage"]]


def files(report: dict[str, Any]) -> set[str]:
    return {name.partition(" @@")[0] for name in units(report)}


# states of a repository


@pytest.mark.parametrize("setting", ["core.splitIndex", "index.sparse"])
def test_an_index_that_only_git_reads(repo: Repo, setting: str) -> None:
    repo.commit({"kept/b.py": CLEAN, "other/c.py": CLEAN})
    if setting == "index.sparse":
        repo.git("sparse-checkout", "init", "--cone", "--sparse-index")
        repo.git("sparse-checkout", "set", "kept")
    else:
        repo.git("update-index", "--split-index")
    marker = repo.root.parent / "started"
    hook = repo.root / ".git/hooks/post-index-change"
    hook.write_text(f"#!/bin/sh\ntouch {marker}\n")
    hook.chmod(0o755)
    before = (repo.root / ".git/index").read_bytes()
    repo.write({"kept/b.py": BROKEN})
    assert files(review(repo.root, "--worktree")) == {"kept/b.py"}
    assert (repo.root / ".git/index").read_bytes() == before
    assert not marker.exists()
    repo.git("add", "kept/b.py")
    report = review(repo.root)
    assert [finding["rule"] for finding in report["findings"]] == ["ruff/F821"]
    assert contentkit(repo.root, "hook", "run", "pre-commit").returncode == 1


def test_names_of_sha256_stop_no_commit_and_are_told(tmp_path: Path) -> None:
    root = tmp_path / "new"
    root.mkdir()
    done = subprocess.run(["git", "init", "-q", "--object-format=sha256"], cwd=root, env={**os.environ, **ENV})
    if done.returncode:
        pytest.skip("this git makes no repositories with SHA-256 names")
    hook = contentkit(root, "hook", "run", "pre-commit")
    assert (hook.returncode, "NOT REVIEWED" in hook.stderr) == (0, True)
    assert contentkit(root, "hook", "run", "pre-commit", "--strict").returncode == 2
    assert "SHA-256" in contentkit(root, "review").stderr


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_a_file_that_git_was_told_not_to_look_at(repo: Repo, flag: str) -> None:
    repo.git("update-index", flag, "a.py")
    repo.write({"a.py": BROKEN, "src/a.py": BROKEN})
    assert files(review(repo.root, "--worktree")) == {"src/a.py"}
    repo.write({"a.py": None})
    assert files(review(repo.root, "--worktree")) == {"src/a.py"}


def test_a_head_that_leads_nowhere_is_damage_and_no_wrong_name(repo: Repo) -> None:
    (repo.root / ".git/refs/heads/main").write_text("0123456789" * 4 + "\n")
    for words in ((), ("HEAD~1..HEAD",)):
        done = contentkit(repo.root, "review", *words)
        assert (done.returncode, "HEAD leads to no commit" in done.stderr) == (2, True)


def test_in_a_bare_repository_nothing_is_staged(repo: Repo, tmp_path: Path) -> None:
    repo.git("clone", "-q", "--bare", ".", str(tmp_path / "bare"))
    done = contentkit(tmp_path / "bare", "review", "--staged")
    assert (done.returncode, "nothing is staged" in done.stderr) == (2, True)


def test_a_merge_with_paths_that_are_no_utf8_is_reviewed_where_it_was_resolved(repo: Repo) -> None:
    name = os.fsdecode(b"caf\xe9.py")
    repo.commit({name: "x = 1\n"})
    repo.git("checkout", "-q", "-b", "topic")
    repo.commit({name: "x = 2\n"})
    repo.git("checkout", "-q", "main")
    repo.commit({name: "x = 3\n"})
    repo.git("merge", "-q", "topic", check=False)
    repo.stage({name: "x = missing\n"})
    done = contentkit(repo.root, "hook", "run", "pre-commit")
    assert (done.returncode, "ruff/F821" in done.stderr) == (1, True), done.stderr
    assert "resolved by hand" in done.stderr


# what is typed


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        (["HEAD", "--", "src"], {"src/a.py", "src/deep/a.py"}),
        (["HEAD", "we[ir]d"], {"we[ir]d/a.py"}),
        (["HEAD", ":(top,literal)we[ir]d"], {"we[ir]d/a.py"}),
        (["HEAD", ":(glob)*.py"], {"a.py", "-q.py"}),
        (["HEAD", ":(glob)**/a.py"], {"a.py", "src/a.py", "we[ir]d/a.py", "src/deep/a.py"}),
        (["HEAD", ":(icase)SRC/A.py"], {"src/a.py"}),
        (["HEAD", "src?deep"], {"src/deep/a.py"}),
        (["HEAD", r"we\[ir\]d"], {"we[ir]d/a.py"}),
        (["HEAD", "src", ":!src/deep"], {"src/a.py"}),
        (["HEAD", "--", "-q.py"], {"-q.py"}),
        (["HEAD^!", "a.py"], {"a.py"}),
        (["HEAD", "[z-a]"], set()),
        (["HEAD", "[!]"], set()),
    ],
)
def test_paths_are_those_that_git_takes(tmp_path: Path, words: Sequence[str], wish: set[str]) -> None:
    from contentkit.code.diff import open_change
    from contentkit.code.git.select import split
    from contentkit.core.change import Selection

    repo = Repo(tmp_path / "repo")
    repo.commit({"README": "x\n"})
    names = ("a.py", "-q.py", "src/a.py", "src/deep/a.py", "we[ir]d/a.py", "wei/a.txt")
    repo.commit(dict.fromkeys(names, CLEAN))
    wanted, paths = split(words, cwd=repo.root, env={})
    change = open_change(Selection(range=wanted, paths=paths), cwd=repo.root, env={})
    shown = repo.git("diff", "--name-only", "HEAD~1", "HEAD", "--", *paths).split()
    assert set(change.paths()) >= set(shown)  # a glob that names a folder takes what is in it, which git's does not
    assert set(change.paths()) == wish


def test_after_two_dashes_all_is_a_path(repo: Repo) -> None:
    """A branch may be called as a folder is."""
    repo.git("branch", "src")
    repo.write({"a.py": BROKEN, "src/a.py": BROKEN})
    assert files(review(repo.root, "--", "src")) == {"src/a.py"}
    assert contentkit(repo.root, "review", "main", "more", "--", "src").returncode == 2


@pytest.mark.parametrize("words", [[""], ["HEAD", ""], ["HEAD", "--", ""]])
def test_an_empty_word_is_no_wish_for_all(repo: Repo, words: Sequence[str]) -> None:
    done = contentkit(repo.root, "review", *words)
    assert (done.returncode, "empty word" in done.stderr) == (2, True)


def test_another_name_of_the_repository_is_the_repository(repo: Repo, tmp_path: Path) -> None:
    repo.write({"a.py": BROKEN, "src/a.py": BROKEN})
    (tmp_path / "link").symlink_to(repo.root)
    assert files(review(repo.root, str(tmp_path / "link/src"))) == {"src/a.py"}
    assert contentkit(repo.root, "review", str(tmp_path / "elsewhere")).returncode == 2


def test_a_branch_without_an_upstream_is_told_so(repo: Repo) -> None:
    done = contentkit(repo.root, "review", "@{u}..HEAD")
    assert (done.returncode, "There is no @{u}" in done.stderr) == (2, True)


@pytest.mark.parametrize("command", ["review", "hook run pre-commit", "hook status"])
def test_a_folder_that_is_gone_is_a_sentence(tmp_path: Path, command: str) -> None:
    code = f"mkdir gone && cd gone && rmdir ../gone && {sys.executable} -m contentkit {command}"
    done = subprocess.run(code, shell=True, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, "does not exist any more" in done.stderr) == (2, True), done.stderr


def test_nothing_to_review_is_said_once(repo: Repo) -> None:
    assert contentkit(repo.root, "review").stderr.count("nothing to review") == 1


# sizes


def test_as_many_findings_as_there_are_words_stay_few_and_quick(repo: Repo) -> None:
    """They are 20,000 on one line, and 4,000 on lines of their own: neither is compared each with each."""
    several = "".join(f"x{number} = missing{number}\n" for number in range(4_000))
    repo.stage({"one.py": "aa;" * 20_000 + "a\n", "several.py": several})
    report = review(repo.root)
    placed = [finding for finding in report["findings"] if finding["place"]]
    rules = [(finding["place"]["path"], finding["rule"]) for finding in placed]
    assert rules.count(("several.py", "ruff/F821")) == 4_000
    on_one_line = [finding for finding in placed if finding["place"]["path"] == "one.py"]
    assert len(on_one_line) < 100
    assert any("and 19,981 more of this rule on this line" in finding["message"] for finding in on_one_line)
    assert report["seconds"] < 20


def test_equal_findings_are_found_as_if_each_was_compared_with_each() -> None:
    import random

    from contentkit.core.change import Side
    from contentkit.core.report import Finding, Place, Severity
    from contentkit.reviews.rank import _Clusters, _same, _trust

    def compared(findings: Sequence[Finding]) -> list[list[Finding]]:
        clusters: list[list[Finding]] = []
        for finding in sorted(findings, key=_trust):
            same = next((cluster for cluster in clusters if _same(cluster[0], finding)), None)
            if same is None:
                clusters.append([finding])
            else:
                same.append(finding)
        return clusters

    for seed in range(300):
        pick = random.Random(seed)
        findings = []
        for _ in range(pick.randrange(1, 30)):
            line = pick.choice([None, *range(1, 60)])
            end = None if line is None or pick.random() < 0.5 else line + pick.randrange(40)
            side: Side = pick.choice(["LEFT", "RIGHT"])
            findings.append(
                Finding(
                    pick.choice(["ruff/a", "ruff/b", "x/a", "bugs/c"]),
                    pick.choice(["undefined name here", "here is an undefined name", "other words altogether"]),
                    place=None if pick.random() < 0.1 else Place(pick.choice("ab"), line, end, side=side),
                    verified=pick.choice([None, None, True, False]),
                    severity=pick.choice(list(Severity)),
                )
            )
        made = _Clusters()
        for finding in sorted(findings, key=_trust):
            made.add(finding)
        assert made.all == compared(findings), seed


# pushes, fixes, terminals


def test_of_branches_that_stand_on_each_other_each_commit_is_reviewed_once(repo: Repo, tmp_path: Path) -> None:
    from contentkit.code.git.pushes import pushes

    repo.git("remote", "add", "origin", str(tmp_path / "remote"))
    heads = []
    for number in range(4):
        heads.append(repo.commit({"b.py": f"x = {number}\n"}, "fixup! it" if number == 3 else "more"))
        repo.git("branch", f"step{number}")
    refs = [f"refs/heads/step{number} {head} refs/heads/step{number}" for number, head in enumerate(heads)]
    refs.append(f"refs/heads/main {heads[2]} refs/heads/main")
    found = pushes("".join(f"{ref} {'0' * 40}\n" for ref in refs), "origin", repo.root, {})
    assert [(push.ref, push.commits) for push in found] == [("refs/heads/main", 4), ("refs/heads/step3", 1)]
    assert found[1].range == f"{heads[2]}..{heads[3]}"


USES = "import os\nimport sys\n\n\ndef first():\n    return sys.argv\n"


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16"])
def test_a_fix_of_the_first_line_leaves_the_byte_order_mark(tmp_path: Path, mark: str) -> None:
    from contentkit.core.report import Edit, Finding, Place
    from contentkit.reviews.apply import apply

    path = tmp_path / "a.py"
    path.write_bytes(USES.encode(mark))
    finding = Finding("x/y", "unused", place=Place("a.py", 1), edits=(Edit("a.py", 1, 1, ""),))
    assert apply([finding], tmp_path, lambda _: USES).paths == ("a.py",)
    assert path.read_bytes() == USES.removeprefix("import os\n").encode(mark)


def test_a_fix_respects_a_file_that_may_only_be_read(repo: Repo) -> None:
    repo.stage({"b.py": USES})
    (repo.root / "b.py").chmod(0o444)
    done = contentkit(repo.root, "review", "--apply", "--yes")
    assert "may only be read" in done.stderr
    assert (repo.root / "b.py").read_text() == USES


def on_a_terminal(cwd: Path, *words: str, **env: str) -> str:
    """What a terminal gets."""
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "contentkit", *words],
        cwd=cwd,
        env={**{name: value for name, value in os.environ.items() if name != "NO_COLOR"}, **ENV, **env},
        stdin=theirs,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs)
    shown = b""
    try:
        while more := os.read(ours, 65_536):
            shown += more
    except OSError:  # Linux's word for the end
        pass
    os.close(ours)
    process.wait(60)
    return shown.decode()


def test_a_terminal_without_colours_gets_none(repo: Repo) -> None:
    repo.stage({"b.py": BROKEN})
    assert "\x1b[" in on_a_terminal(repo.root, "review", TERM="xterm")
    shown = on_a_terminal(repo.root, "review", TERM="dumb")
    assert "ruff/F821" in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize("most", [250_000, 2])
def test_a_moved_file_is_renamed_also_where_one_like_it_goes(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """libgit2, asked twice, fails on it and then knows no rename at all."""
    from contentkit.code.diff import open_change
    from contentkit.code.git import deltas
    from contentkit.core.change import Selection, Status

    monkeypatch.setattr(deltas, "_PAIRS", most)
    text = "".join(f"line {number} of it\n" for number in range(40))
    repo.commit({"old.txt": text, "like.txt": text.replace("line 7 ", "row 7 ")})
    repo.commit({"old.txt": None, "like.txt": None, "new.txt": text, "other.txt": "x\n" * 40})
    change = open_change(Selection(range="HEAD~1..HEAD"), cwd=repo.root, env={})
    assert [(file.status, file.old_path) for file in change if file.path == "new.txt"] == [(Status.RENAMED, "old.txt")]
    assert "not looked for" not in " ".join(change.notices)


@pytest.mark.parametrize(("name", "behind"), [("SIGTERM", False), ("SIGHUP", False), ("SIGTERM", True)])
def test_who_is_told_to_end_leaves_no_copies_of_files(repo: Repo, tmp_path: Path, name: str, behind: bool) -> None:
    """``behind``: as behind "&" in a script, where Ctrl-C is ignored."""
    ignore = (lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)) if behind else None
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    repo.stage({f"b{number}.py": BROKEN for number in range(400)})
    env = {**os.environ, **ENV, "TMPDIR": str(temporary)}
    words = [sys.executable, "-m", "contentkit", "review", "-q"]
    process = subprocess.Popen(
        words, cwd=repo.root, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=ignore
    )
    end = time.monotonic() + 30
    while not list(temporary.iterdir()) and process.poll() is None and time.monotonic() < end:
        time.sleep(0.001)
    process.send_signal(getattr(signal, name))
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130, said
    assert list(temporary.iterdir()) == []
