"""The hooks of ``.pre-commit-hooks.yaml``, run by the real pre-commit in a real repository."""

from __future__ import annotations

import os
import shlex
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from gitrepo import FINE, LEAK, SECRET, Repo

from contentkit.commands.hook import command

pytestmark = pytest.mark.skipif(
    find_spec("pre_commit") is None or os.name == "nt", reason="pre-commit is not installed: pip install pre-commit"
)

MANIFEST = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"
SIX = "def one():\n    return 1\n\n\ndef two():\n    return 2\n"


def manifest() -> list[dict[str, Any]]:
    hooks: list[dict[str, Any]] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    return hooks


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """A repository with the manifest's hooks. This Python runs them: an environment of their own needs an index."""
    source = Repo(tmp_path / "contentkit")
    here = [{**hook, "language": "system"} for hook in manifest()]
    for hook in here:
        del hook["language_version"]
        hook["entry"] = hook["entry"].replace("contentkit", f"{shlex.quote(sys.executable)} -P -m contentkit", 1)
    rev = source.commit("Hooks", **{"__pre-commit-hooks__yaml": yaml.safe_dump(here)})
    repo = Repo(tmp_path / "work")
    repo.env["PRE_COMMIT_HOME"] = str(tmp_path / "cache")
    config = {"repos": [{"repo": str(source.folder), "rev": rev, "hooks": [{"id": "contentkit"}]}]}
    config["repos"][0]["hooks"].append({"id": "contentkit-commit-msg"})  # type: ignore[attr-defined]
    repo.commit("First", a__py=FINE, **{"__pre-commit-config__yaml": yaml.safe_dump(config)})
    for kind in ("pre-commit", "pre-push", "commit-msg"):
        done = repo.run(sys.executable, "-m", "pre_commit", "install", "--hook-type", kind)
        assert done.returncode == 0, done.stdout + done.stderr
    return repo


def test_a_commit_is_stopped_and_passes_when_mended(repo: Repo) -> None:
    repo.write("b.py", LEAK)
    repo.git("add", "b.py")
    done = repo.run("git", "commit", "-m", "x")
    said = done.stdout + done.stderr
    assert (done.returncode, "b.py:1" in said, SECRET in said) == (1, True, False)
    repo.write("b.py", FINE)
    repo.git("add", "b.py")
    assert repo.run("git", "commit", "-m", "x").returncode == 0


def test_a_finding_in_the_unstaged_part_is_not_reported_and_the_part_comes_back(repo: Repo) -> None:
    repo.commit("Second", b__py=SIX)
    repo.write("b.py", SIX.replace("return 1", "return 11"))
    repo.git("add", "b.py")
    whole = SIX.replace("return 1", "return 11") + LEAK
    repo.write("b.py", whole)
    done = repo.run("git", "commit", "-m", "x")
    said = done.stdout + done.stderr
    assert (done.returncode, "Unstaged files detected" in said, "b.py:" in said) == (0, True, False)
    assert (repo.folder / "b.py").read_text() == whole
    assert LEAK not in repo.git("show", "HEAD:b.py")


def test_commit_all_and_commit_of_a_path_are_seen(repo: Repo) -> None:
    for words in (["-a"], ["a.py"], ["--only", "a.py"]):
        repo.write("a.py", FINE + LEAK)
        done = repo.run("git", "commit", "-m", "x", *words)
        assert (done.returncode, "a.py:3" in done.stdout + done.stderr) == (1, True), words


def test_a_commit_that_only_deletes_is_reviewed_as_well(repo: Repo) -> None:
    repo.git("rm", "-q", "a.py")
    done = repo.run("git", "commit", "-m", "x")
    assert (done.returncode, "in staged changes" in done.stdout + done.stderr) == (0, True)


def test_a_push_is_reviewed_by_its_ids_and_a_first_one_whole(repo: Repo, tmp_path: Path) -> None:
    repo.git("init", "-q", "--bare", str(tmp_path / "remote.git"))
    repo.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    repo.commit("Leak", b__py=LEAK)
    first = repo.run("git", "push", "origin", "main")
    assert (first.returncode, "b.py:1" in first.stdout + first.stderr) == (1, True), first.stdout + first.stderr
    repo.git("push", "-q", "--no-verify", "origin", "main")
    repo.commit("Fine", c__py=FINE)
    second = repo.run("git", "push", "origin", "main")
    said = second.stdout + second.stderr
    assert (second.returncode, "b.py" in said, "no findings" in said) == (0, False, True), said


def test_the_message_is_checked(repo: Repo) -> None:
    done = repo.run("git", "commit", "--allow-empty", "-m", f"x\n\n{SECRET}")
    assert (done.returncode, "secrets/github-token" in done.stdout + done.stderr) == (1, True)
    assert repo.run("git", "commit", "--allow-empty", "-m", "Fine").returncode == 0


def test_beside_a_hook_that_contentkit_installed_itself(repo: Repo) -> None:
    """`contentkit hook install` keeps pre-commit's hook, and pre-commit's next install keeps ours."""
    assert repo.ask("hook", "install").returncode == 0
    assert repo.run(sys.executable, "-m", "pre_commit", "install").returncode == 0
    assert "another tool put over it" in repo.ask("hook", "status").stdout
    repo.write("b.py", LEAK)
    repo.git("add", "b.py")
    assert repo.run("git", "commit", "-m", "x").returncode == 1


def test_the_manifest_is_sound() -> None:
    hooks = {hook["id"]: hook for hook in manifest()}
    assert set(hooks) == {"contentkit", "contentkit-model", "contentkit-commit-msg", "contentkit-check"}
    assert shlex.split(hooks["contentkit-check"]["entry"]) == ["contentkit", "check"]
    for name, hook in hooks.items():
        words = shlex.split(hook["entry"])
        if name == "contentkit-check":
            assert hook["require_serial"]
            continue
        assert words[:3] == ["contentkit", "hook", "run"], name
        command.commands["run"].make_context("run", [*words[3:], *(["FILE"] if name.endswith("msg") else [])])
        assert hook["require_serial"]
        assert hook["language"] == "python"
    assert "offline" in hooks["contentkit"]["entry"]
    assert not hooks["contentkit"]["pass_filenames"]
    assert not hooks["contentkit-model"]["pass_filenames"]


def test_texts_of_a_commit_are_checked(repo: Repo) -> None:
    config = repo.folder / ".pre-commit-config.yaml"
    said = yaml.safe_load(config.read_text(encoding="utf-8"))
    said["repos"][0]["hooks"] = [{"id": "contentkit-check", "args": ["--platform", "x"]}]
    repo.write(".pre-commit-config.yaml", yaml.safe_dump(said))
    repo.write("post.md", "The ferry leaves at seven. " * 20)
    repo.write("long.py", "# The ferry leaves at seven.\n" * 20)
    repo.git("add", ".")
    done = repo.run("git", "commit", "-m", "x")
    told = done.stdout + done.stderr
    assert (done.returncode, "post.md" in told, "long.py" in told) == (1, True, False), told
    repo.write("post.md", "The ferry leaves at seven.\n")
    repo.git("add", ".")
    assert repo.run("git", "commit", "-m", "x").returncode == 0
