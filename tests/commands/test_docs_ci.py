"""The snippets of docs/ci.md do what the page says: YAML parses, and their shell runs against a real repository."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from gitrepo import FINE, LEAK, Repo

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the snippets are POSIX sh")

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)


def block(language: str, word: str) -> str:
    (found,) = [text for text in blocks(language) if word in text]
    return found


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """A clone on a branch with a leak. ``pip`` does nothing here: what it would install is there."""
    origin = Repo(tmp_path / "origin")
    origin.commit("First", a__py=FINE)
    programs = tmp_path / "bin"
    programs.mkdir()
    own = f'#!/bin/sh\nexec "{sys.executable}" -P -m contentkit "$@"\n'
    for name, text in {
        "pip": "#!/bin/sh\n",
        "contentkit": own,
        "python3": f'#!/bin/sh\nmkdir -p "$4/bin" && ln -sf {programs}/* "$4/bin"\n',
    }.items():
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    repo = Repo(tmp_path / "work")
    repo.git("remote", "add", "origin", str(origin.folder))
    repo.git("pull", "-q", "origin", "main")
    repo.git("checkout", "-q", "-b", "topic")
    repo.commit("Leak", b__py=LEAK)
    repo.env["PATH"] = f"{programs}:{repo.env['PATH']}"
    return repo


def sh(repo: Repo, script: str, shell: str = "sh", **env: str) -> subprocess.CompletedProcess[str]:
    return repo.run(shell, "-c", script, **env)


def test_every_yaml_block_parses() -> None:
    found = [yaml.safe_load(text) for text in blocks("yaml")]
    assert len(found) >= 6


def test_the_shell(repo: Repo) -> None:
    done = sh(repo, block("sh", "checkstyle"))
    assert (done.returncode, "b.py:1" in done.stdout) == (1, True), done.stderr
    assert 'name="b.py"' in (repo.folder / "checkstyle.xml").read_text()


def test_gitlab(repo: Repo) -> None:
    job: dict[str, Any] = yaml.safe_load(block("yaml", "CI_MERGE_REQUEST"))["contentkit"]
    env = {
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": repo.git("rev-parse", "main").strip(),
        "CI_COMMIT_SHA": repo.git("rev-parse", "HEAD").strip(),
    }
    done = sh(repo, "set -eo pipefail\n" + "\n".join(job["script"]), "bash", **env)
    assert done.returncode == 1, done.stderr
    assert sh(repo, "\n".join(job["after_script"]), "bash", **env).returncode == 0
    (issue,) = json.loads((repo.folder / job["artifacts"]["reports"]["codequality"]).read_text())
    assert issue["location"]["path"] == "b.py"
    assert (repo.folder / job["artifacts"]["paths"][0]).exists()


def test_jenkins(repo: Repo, tmp_path: Path) -> None:
    steps = re.findall(r"sh '''\n(.*?)'''", block("groovy", "changeRequest"), flags=re.DOTALL)
    temp = tmp_path / "work space@tmp"
    temp.mkdir()
    env = {"WORKSPACE_TMP": str(temp), "CHANGE_TARGET": "main"}
    done = sh(repo, steps[0], **env)
    assert done.returncode == 1, done.stderr
    done = sh(repo, steps[1], **env)
    assert done.returncode == 0, done.stderr
    assert "b.py" in (repo.folder / "review.xml").read_text()


def test_the_hook(repo: Repo) -> None:
    script = block("sh", "hook install")
    done = sh(repo, f"set -e\n{script}")
    assert done.returncode == 0, done.stderr
    for words in ("pre-commit is installed", "commit-msg is installed", "pre-push is taken away"):
        assert words in done.stdout
    repo.write("c.py", LEAK)
    repo.git("add", "c.py")
    assert sh(repo, block("sh", "hook run pre-commit")).returncode == 1


def test_the_table_of_inputs_is_the_actions() -> None:
    inputs = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["inputs"]
    table = PAGE.split("| input | default | |\n|---|---|---|\n")[1].split("\n\n")[0]
    assert re.findall(r"^\| `([\w-]+)` \|", table, flags=re.MULTILINE) == list(inputs)


def test_the_ids_are_the_manifests() -> None:
    known = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    shown = re.findall(r"- id: ([\w-]+)", PAGE)
    assert shown
    assert set(shown) <= known
