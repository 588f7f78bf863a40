"""What the hooks review when git runs them: the index that git means, what a push brings, the message."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest
from gitrepo import FINE, LEAK, SECRET, Repo

from contentkit.code.hooks import files as hooks

pytestmark = pytest.mark.skipif(os.name == "nt", reason="hooks are scripts of POSIX sh")

SIX = "def one():\n    return 1\n\n\ndef two():\n    return 2\n"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = Repo(tmp_path / "work")
    made.commit("First", a__py=FINE)
    where = hooks.folder(made.folder, made.env)  # test_hook.py installs as a user does
    for name in ("pre-commit", "pre-push", "commit-msg"):
        hooks.install(where, name, sys.executable)
    return made


def heavy(repo: Repo, *words: str) -> set[str]:
    """Top names of the modules that a run of contentkit loads, of those that take their time."""
    code = (
        "import json, sys\nfrom contentkit import cli\nsys.argv = ['contentkit', *sys.argv[1:]]\n"
        "try:\n    cli.main()\nexcept SystemExit as end:\n    code = end.code\n"
        "print(json.dumps([code, sorted({name.split('.')[0] for name in sys.modules})]))"
    )
    done = repo.run(sys.executable, "-c", code, *words)
    code, names = json.loads(done.stdout)
    assert (code, done.stderr) == (0, "")
    return set(names)


# -- pre-commit ----------------------------------------------------------------------------------------------------


def test_nothing_staged_is_silent_and_loads_nothing_heavy(repo: Repo) -> None:
    repo.write("a.py", LEAK)  # not staged
    slow = {"rich", "httpx", "jinja2", "jsonschema", "yaml", "sqlite3", "asyncio", "pluggy", "markdown_it", "torch"}
    assert not heavy(repo, "hook", "run", "pre-commit") & slow


@pytest.mark.parametrize(
    ("words", "stopped"),
    [
        (["commit", "-a", "-m", "x"], True),
        (["commit", "-m", "x", "a.py"], True),
        (["commit", "-m", "x", "--only", "b.py"], False),
        (["commit", "-m", "x", "--include", "a.py"], True),
        (["commit", "-m", "x"], False),
        (["commit", "--amend", "-a", "--no-edit"], True),
        (["commit", "-a", "-m", "x", "--no-verify"], False),
    ],
)
def test_it_sees_the_index_that_git_will_commit(repo: Repo, words: list[str], stopped: bool) -> None:
    repo.commit("Second", b__py=FINE)
    repo.write("a.py", FINE + LEAK)
    repo.write("b.py", SIX)
    repo.git("add", "b.py")
    done = repo.run("git", *words)
    assert (done.returncode != 0) == stopped, done.stderr
    assert ("a.py:3" in done.stderr) == stopped


def test_what_is_not_staged_of_a_file_is_not_reviewed(repo: Repo) -> None:
    repo.commit("Second", b__py=SIX)
    repo.write("b.py", SIX.replace("return 1", "return 11"))
    repo.git("add", "b.py")
    repo.write("b.py", SIX.replace("return 1", "return 11") + LEAK)
    done = repo.run("git", "commit", "-m", "x")
    assert done.returncode == 0, done.stderr
    assert LEAK in (repo.folder / "b.py").read_text()


def test_the_first_commit_of_all(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "new")
    repo.ask("hook", "install")
    repo.write("b.py", LEAK)
    repo.git("add", "b.py")
    assert "b.py:1" in repo.run("git", "commit", "-m", "x").stderr


def test_a_reason_on_the_line_lets_it_pass(repo: Repo) -> None:
    repo.write("b.py", LEAK.rstrip() + "  # contentkit: ignore[secrets] made up for a test\n")
    repo.git("add", "b.py")
    assert repo.run("git", "commit", "-m", "x").returncode == 0


@pytest.mark.parametrize(
    ("skip", "code", "said"),
    [
        ("1", 0, "pre-commit was passed by"),
        ("pre-commit", 0, "pre-commit was passed by"),
        ("pre-push,commit-msg", 1, "secrets/github-token"),
        ("secrets", 0, "1 finding does not count"),
        ("ruff, secrets/github-*", 0, "1 finding does not count"),
        ("ruff", 1, "secrets/github-token"),
        ("0", 1, "secrets/github-token"),
        ("", 1, "secrets/github-token"),
    ],
)
def test_the_way_around_is_told_and_exact(repo: Repo, skip: str, code: int, said: str) -> None:
    repo.write("b.py", LEAK)
    repo.git("add", "b.py")
    done = repo.run("git", "commit", "-m", "x", CONTENTKIT_SKIP=skip)
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr
    assert "no setting" not in done.stderr


def test_fail_on_decides(repo: Repo) -> None:
    repo.write("b.py", "import os\n")
    repo.git("add", "b.py")
    assert repo.ask("hook", "run", "pre-commit").returncode == 0
    assert repo.ask("hook", "run", "pre-commit", "--fail-on", "info").returncode == 1
    repo.write("contentkit.toml", '[review]\nfail_on = "info"\n')
    assert repo.ask("hook", "run", "pre-commit").returncode == 1
    assert repo.ask("hook", "run", "pre-commit", "--fail-on", "critical").returncode == 0


def test_of_a_merge_only_what_was_resolved_is_reviewed(repo: Repo) -> None:
    repo.git("checkout", "-q", "-b", "topic")
    repo.commit("Theirs", a__py=FINE.replace("2", "3"), leak__py=LEAK)
    repo.git("checkout", "-q", "main")
    repo.commit("Ours", a__py=FINE.replace("2", "4"))
    assert repo.run("git", "merge", "topic").returncode == 1
    repo.write("a.py", FINE.replace("2", "5"))
    repo.git("add", "a.py")
    done = repo.run("git", "commit", "-m", "Merge branch 'topic'")
    assert done.returncode == 0, done.stderr
    repo.git("reset", "-q", "--hard", "HEAD~1")
    repo.run("git", "merge", "topic")
    repo.write("a.py", LEAK)
    repo.git("add", "a.py")
    assert "a.py:1" in repo.run("git", "commit", "-m", "Merge branch 'topic'").stderr


def test_a_broken_configuration_is_a_sentence(repo: Repo) -> None:
    repo.write("contentkit.toml", "review = 3\n")
    repo.git("add", "-A")
    done = repo.run("git", "commit", "-m", "x")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "contentkit.toml" in done.stderr


# -- with a model --------------------------------------------------------------------------------------------------


@pytest.fixture
def staged(repo: Repo) -> Repo:
    repo.write("b.py", SIX)
    repo.git("add", "b.py")
    return repo


def test_a_key_alone_asks_no_model(staged: Repo) -> None:
    env = {"OPENAI_API_KEY": "sk-0123456789abcdef", "OPENAI_BASE_URL": "http://127.0.0.1:9"}
    done = staged.run("git", "commit", "-m", "x", **env)
    assert (done.returncode, "no findings" in done.stderr) == (0, True)
    assert "openai" not in done.stderr


@pytest.mark.parametrize("env", [{"CONTENTKIT_MODEL": "ollama:qwen3"}, {"CONTENTKIT_REVIEW_MODEL": "openai:gpt-5"}])
def test_a_model_that_can_not_be_had_stops_nobody_and_is_told(staged: Repo, env: dict[str, str]) -> None:
    away = {**env, "OLLAMA_HOST": "127.0.0.1:9"}
    done = staged.ask("hook", "run", "pre-commit", **away)
    assert (done.returncode, "NOT ALL WAS REVIEWED" in done.stderr) == (0, True)
    assert "b.py" in done.stderr
    assert staged.ask("hook", "run", "pre-commit", "--strict", **away).returncode == 3
    skipped = staged.ask("hook", "run", "pre-commit", CONTENTKIT_SKIP="model", **away)
    assert (skipped.returncode, "NOT ALL" in skipped.stderr) == (0, False)
    assert staged.ask("hook", "run", "pre-commit", CONTENTKIT_REVIEW_ON_TIMEOUT="fail", **away).returncode == 3


def test_a_bound_that_can_not_be_kept_asks_nobody_and_stops_nobody(staged: Repo) -> None:
    env = {"CONTENTKIT_MODEL": "ollama:nobody-knows-its-price", "CONTENTKIT_MAX_COST": "0.00000001"}
    env |= {"OLLAMA_HOST": "https://models.example.com"}
    done = staged.ask("hook", "run", "pre-commit", **env)
    assert (done.returncode, "REVIEWED" in done.stderr) == (0, True), done.stderr
    assert staged.ask("hook", "run", "pre-commit", CONTENTKIT_REVIEW_ON_TIMEOUT="fail", **env).returncode != 0


def test_without_its_model_a_secret_still_stops(repo: Repo) -> None:
    repo.write("b.py", LEAK)
    repo.git("add", "b.py")
    done = repo.run("git", "commit", "-m", "x", CONTENTKIT_MODEL="ollama:qwen3", OLLAMA_HOST="127.0.0.1:9")
    assert (done.returncode, "secrets/github-token" in done.stderr) == (1, True)
    assert SECRET not in done.stderr


def test_a_model_that_never_answers_is_left_after_the_timeout(staged: Repo) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        env = {"CONTENTKIT_MODEL": "openai:gpt-5", "OPENAI_API_KEY": "sk-0123456789abcdef", "OPENAI_BASE_URL": url}
        started = time.monotonic()
        done = staged.ask("hook", "run", "pre-commit", "--timeout", "1", **env)
        assert time.monotonic() - started < 15
        assert (done.returncode, "no time was left after 1 s" in done.stderr) == (0, True)
        assert "NOT ALL WAS REVIEWED" in done.stderr
        assert staged.ask("hook", "run", "pre-commit", "--timeout", "1", "--strict", **env).returncode == 3


# -- pre-push ------------------------------------------------------------------------------------------------------


@pytest.fixture
def pushed(repo: Repo, tmp_path: Path) -> Repo:
    """A repository with a remote that has its main branch."""
    repo.git("init", "-q", "--bare", "-b", "main", str(tmp_path / "remote.git"))
    repo.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    repo.git("push", "-q", "origin", "main")
    return repo


def test_a_push_is_reviewed_from_where_the_remote_is(pushed: Repo) -> None:
    pushed.commit("Leak", b__py=LEAK)
    pushed.commit("More", c__py=FINE)
    done = pushed.run("git", "push", "origin", "main")
    assert (done.returncode, "b.py:1" in done.stderr) == (1, True)
    assert "what is pushed to main (2 commits)" in done.stderr
    assert "git push --no-verify" in done.stderr
    assert pushed.run("git", "push", "origin", "main", CONTENTKIT_SKIP="secrets").returncode == 0
    assert "b.py" not in pushed.run("git", "push", "origin", "main").stderr  # nothing new


def test_a_new_branch_is_compared_with_what_the_remote_has(pushed: Repo) -> None:
    pushed.commit("Leak", b__py=LEAK)
    pushed.git("push", "-q", "--no-verify", "origin", "main")
    pushed.git("checkout", "-q", "-b", "topic")
    pushed.commit("Fine", c__py=FINE)
    done = pushed.run("git", "push", "origin", "topic")
    assert (done.returncode, "topic (1 commit)" in done.stderr, "b.py" in done.stderr) == (0, True, False)
    done = pushed.run("git", "push", "origin", ":topic")
    assert (done.returncode, "no findings" in done.stderr) == (0, False)


def test_a_branch_that_merged_main_brings_only_its_own(pushed: Repo) -> None:
    pushed.git("checkout", "-q", "-b", "topic")
    pushed.commit("Fine", c__py=FINE)
    pushed.git("checkout", "-q", "main")
    pushed.commit("Leak", b__py=LEAK)
    pushed.git("push", "-q", "--no-verify", "origin", "main")
    pushed.git("checkout", "-q", "topic")
    pushed.git("merge", "-q", "--no-edit", "main")
    done = pushed.run("git", "push", "origin", "topic")
    assert (done.returncode, "b.py" in done.stderr) == (0, False), done.stderr


def test_a_forced_push_after_a_rebase_brings_only_its_own(pushed: Repo) -> None:
    pushed.git("checkout", "-q", "-b", "topic")
    pushed.commit("Fine", c__py=FINE)
    pushed.git("push", "-q", "origin", "topic")
    pushed.git("checkout", "-q", "main")
    pushed.commit("Leak", b__py=LEAK)
    pushed.git("push", "-q", "--no-verify", "origin", "main")
    pushed.git("rebase", "-q", "main", "topic")
    done = pushed.run("git", "push", "--force", "origin", "topic")
    assert (done.returncode, "b.py" in done.stderr) == (0, False), done.stderr
    assert "topic (1 commit)" in done.stderr


def test_a_first_push_is_reviewed_whole_and_tags_bring_nothing_twice(repo: Repo, tmp_path: Path) -> None:
    repo.git("init", "-q", "--bare", str(tmp_path / "empty.git"))
    repo.commit("Leak", b__py=LEAK)
    repo.git("tag", "-a", "v1", "-m", "one")
    repo.git("tag", "blob", "HEAD:a.py")
    done = repo.run("git", "push", str(tmp_path / "empty.git"), "main", "v1", "blob", "main:other")
    assert (done.returncode, done.stderr.count("b.py:1")) == (1, 1)
    assert repo.run("git", "push", str(tmp_path / "empty.git"), "blob").returncode == 0


def test_what_another_remote_has_is_new_to_this_one(pushed: Repo, tmp_path: Path) -> None:
    pushed.git("init", "-q", "--bare", str(tmp_path / "fork.git"))
    pushed.git("remote", "add", "fork", str(tmp_path / "fork.git"))
    pushed.commit("Leak", b__py=LEAK)
    pushed.git("push", "-q", "--no-verify", "origin", "main")
    assert "b.py:1" in pushed.run("git", "push", "fork", "main").stderr


def test_both_hooks_get_the_lines_of_a_push(pushed: Repo, tmp_path: Path) -> None:
    pushed.ask("hook", "uninstall", "--type", "pre-push")
    pushed.hook("pre-push", f'#!/bin/sh\necho "$#" "$1" >"{tmp_path}/seen"\ncat >>"{tmp_path}/seen"\n')
    pushed.ask("hook", "install", "--type", "pre-push")
    head = pushed.commit("Leak", b__py=LEAK)
    assert pushed.run("git", "push", "origin", "main").returncode == 1
    first, line = (tmp_path / "seen").read_text().splitlines()
    assert (first, line.split()[:3]) == ("2 origin", ["refs/heads/main", head, "refs/heads/main"])


def test_an_old_hook_that_fails_stops_the_push(pushed: Repo) -> None:
    pushed.ask("hook", "uninstall", "--type", "pre-push")
    pushed.hook("pre-push", "#!/bin/sh\necho no >&2\nexit 3\n")
    pushed.ask("hook", "install", "--type", "pre-push")
    pushed.commit("Fine", c__py=FINE)
    done = pushed.run("git", "push", "origin", "main")
    assert (done.returncode, "findings" in done.stderr) == (1, False)


def test_a_reader_that_leaves_early_does_not_stop_a_push(pushed: Repo) -> None:
    pushed.ask("hook", "uninstall", "--type", "pre-push")
    pushed.hook("pre-push", "#!/bin/sh\nexec <&-\nexit 0\n")
    pushed.ask("hook", "install", "--type", "pre-push")
    names = [f"refs/heads/main:refs/heads/branch-{number}" for number in range(300)]
    pushed.commit("Fine", c__py=FINE)
    assert pushed.run("git", "push", "-q", "origin", *names).returncode == 0


def test_unfinished_commits_are_told_where_others_build_on_the_branch(pushed: Repo) -> None:
    pushed.commit("fixup! First", c__py=FINE)
    done = pushed.run("git", "push", "origin", "main:topic")
    assert "is marked" not in done.stderr
    done = pushed.run("git", "push", "origin", "main")
    assert done.returncode == 0
    pushed.commit("WIP: more", d__py=FINE)
    done = pushed.run("git", "push", "origin", "main")
    assert "(WIP: more) is marked as unfinished and goes to main" in " ".join(done.stderr.split())


def test_lines_that_are_none_of_gits_are_a_sentence(repo: Repo) -> None:
    done = repo.ask("hook", "run", "pre-push", "origin", "url", stdin="nonsense\n")
    assert (done.returncode, "no line that git gives" in done.stderr) == (2, True)
    zero = "0" * 40
    for line in ("", "\n", f"(delete) {zero} refs/heads/x {'1' * 40}\n", f"a {'f' * 40} b {zero}\n"):
        assert repo.ask("hook", "run", "pre-push", "origin", "url", stdin=line).returncode == 0, line


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """One repository for all that only reads it."""
    return Repo(tmp_path_factory.mktemp("plain"))


# -- commit-msg ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("Add a lamp\n\nIt shines.\n", []),
        ("x" * 72 + "\n", []),
        ("x" * 73 + "\n", ["message/long-subject"]),
        ("猫" * 72 + "\n", []),
        (f"Merge branch '{'x' * 80}'\n", []),
        (f'Revert "{"x" * 80}"\n', []),
        ("Subject\nbody\n", ["message/no-blank-line"]),
        ("\n\nSubject\n\nbody\n", []),
        ("Subject\r\n\r\nbody\r\n", []),
        ("", ["message/empty"]),
        ("# only comments\n", ["message/empty"]),
        ("Subject\n# a comment\nbody\n", ["message/no-blank-line"]),
        ("Subject\n# ------------------------ >8 ------------------------\n+" + LEAK, []),
        (f"# {LEAK}Subject\n", []),
        (f"Subject\n\n{LEAK}", ["secrets/github-token"]),
        ("WIP: lamp\n", ["message/unfinished"]),
        ("fixup! lamp\n", ["message/unfinished"]),
        ("Wiper for the lamp\n", []),
    ],
)
def test_the_form_of_a_message(plain: Repo, tmp_path: Path, text: str, rules: list[str]) -> None:
    file = tmp_path / "MESSAGE"
    file.write_text(text, encoding="utf-8", newline="")
    done = plain.ask("hook", "run", "commit-msg", str(file))
    said = " ".join(done.stderr.split())
    assert [rule for rule in rules if f"[{rule}]" not in said] == []
    assert said.count("[message/") + said.count("[secrets/") == len(rules)
    assert done.returncode == (1 if any(rule.startswith("secrets") for rule in rules) else 0)
    assert file.read_text(encoding="utf-8") == text.replace("\r\n", "\n")
    assert SECRET not in done.stderr + done.stdout


def test_git_runs_it_and_the_text_is_not_lost(repo: Repo) -> None:
    done = repo.run("git", "commit", "--allow-empty", "-m", f"Add\n\nthe key is {SECRET}")
    assert (done.returncode, "git commit -e -F .git/COMMIT_EDITMSG" in done.stderr) == (1, True)
    done = repo.run("git", "commit", "--allow-empty", "-m", "#123 is not a comment here")
    assert (done.returncode, "message/" in done.stderr) == (0, False)
    assert repo.git("log", "-1", "--format=%s").strip() == "#123 is not a comment here"


@pytest.mark.parametrize("sign", [";", "//", "auto"])
def test_comments_begin_as_the_configuration_says(repo: Repo, tmp_path: Path, sign: str) -> None:
    repo.git("config", "core.commentString" if len(sign) == 2 else "core.commentChar", sign)
    lead = ";" if sign == "auto" else sign
    file = tmp_path / "MESSAGE"
    file.write_text(f"#123 a subject\n{lead} ---\n\nbody\n{lead} written by git\n")
    done = repo.ask("hook", "run", "commit-msg", str(file))
    assert (done.returncode, done.stderr) == (0, "")


def test_without_its_file_it_is_a_sentence(repo: Repo) -> None:
    assert "takes the file" in repo.ask("hook", "run", "commit-msg").stderr
    assert "can't be read" in repo.ask("hook", "run", "commit-msg", "gone").stderr
