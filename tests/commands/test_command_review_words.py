"""What can be typed after ``contentkit review``: other tools' findings, known ones, patches with settings, fixes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from gitrepos import Repo

CLEAN = "def parse(text):\n    return text.split(',')\n"
BROKEN = "import os\nimport sys\n\n\ndef parse(text):\n    print(sys.argv)\n    return missing.split(',')\n"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    repo = Repo(tmp_path / "repo")
    repo.commit({"parse.py": CLEAN, "test_parse.py": "def test_it():\n    assert True\n"}, "first")
    return repo


@pytest.fixture
def run(repo: Repo) -> Run:
    def call(*words: str, stdin: int = subprocess.DEVNULL) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "contentkit", "review", *words]
        env = {**os.environ, "CONTENTKIT_PROBE": "0", "PYTHONUTF8": "1"}
        return subprocess.run(command, cwd=repo.root, env=env, stdin=stdin, capture_output=True, text=True, timeout=60)

    return call


def coverage(done: subprocess.CompletedProcess[str]) -> dict[str, tuple[str, str]]:
    units = json.loads(done.stdout)["coverage"]
    return {unit["name"].partition(" @@")[0]: (unit["state"], unit.get("reason", "")) for unit in units}


def test_settings_of_the_base_bound_what_is_read(run: Run, repo: Repo) -> None:
    repo.commit({"contentkit.toml": '[review]\nignore = ["*.md"]\nmax_file_bytes = 100\n'}, "settings")
    repo.commit({"a.md": "words\n", "big.py": "x = 1\n" * 50, "small.py": "x = 1\n"}, "change")
    said = coverage(run("HEAD~1..HEAD", "--format", "json"))
    assert said["a.md"] == ("skipped", "ignored by the configuration (*.md)")
    assert said["big.py"][0] == "skipped"
    assert "100" in said["big.py"][1]
    assert said["small.py"][0] == "read"


@pytest.mark.parametrize("path", ["contentkit.toml", "deep/pyproject.toml", "prompts/review/mine.md"])
def test_a_patch_that_changes_the_rules_is_not_judged_by_the_projects(run: Run, repo: Repo, path: str) -> None:
    repo.commit({"contentkit.toml": '[review]\nignore = ["*"]\n'}, "settings")
    repo.write({"plain.patch": "--- a/parse.py\n+++ b/parse.py\n@@ -1,2 +1,2 @@\n-a\n+b\n c\n"})
    assert coverage(run("--diff", "plain.patch", "--format", "json"))["parse.py"][0] == "skipped"
    repo.write({"rules.patch": f"--- /dev/null\n+++ b/{path}\n@@ -0,0 +1 @@\n+x = 1\n"})
    done = run("--diff", "rules.patch", "--format", "json")
    assert "the project's are left out" in done.stderr
    assert coverage(done)[path][0] == "read"


def sarif(repo: Repo, line: int) -> str:
    place = {"artifactLocation": {"uri": "parse.py"}, "region": {"startLine": line}}
    result = {
        "ruleId": "house/7",
        "level": "error",
        "message": {"text": "Not so."},
        "locations": [{"physicalLocation": place}],
    }
    text = json.dumps({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "house"}}, "results": [result]}]})
    repo.write({f"other{line}.sarif": text})
    return f"other{line}.sarif"


def test_findings_of_another_tool_come_in_where_the_change_is(run: Run, repo: Repo) -> None:
    files = [sarif(repo, 2), sarif(repo, 1)]
    repo.write({"parse.py": CLEAN.replace("split(',')", "split(';')")})
    repo.git("add", "parse.py")
    done = run("--sarif", files[0], "--sarif", files[1], "--format", "json")
    assert done.returncode == 1, done.stderr
    found = [(finding["rule"], finding["place"]["line"]) for finding in json.loads(done.stdout)["findings"]]
    assert [line for rule, line in found if "house" in rule] == [2]
    for wrong in ("nothing.sarif", "parse.py"):
        done = run("--sarif", wrong)
        assert (done.returncode, done.stdout) == (2, "")
        assert wrong in done.stderr


def test_what_was_known_is_counted_and_not_shown(run: Run, repo: Repo) -> None:
    repo.stage({"parse.py": BROKEN})
    (repo.root / "known.json").write_text(run("--staged", "--format", "json").stdout)
    done = run("--staged", "--baseline", "known.json")
    assert done.returncode == 0
    assert "F821" not in done.stdout
    assert "in the baseline" in " ".join(done.stdout.split())
    for text in ("[]", '"words"', "{", ""):
        (repo.root / "odd.json").write_text(text)
        done = run("--baseline", "odd.json")
        assert (done.returncode, done.stdout) == (2, "")
        assert "odd.json" in done.stderr
    done = run("--since-last", "--no-history")
    assert done.returncode == 2
    assert "Leave --no-history out" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo terminals")
def test_a_fix_is_applied_after_a_yes_and_not_after_a_no(run: Run, repo: Repo) -> None:
    import pty

    repo.stage({"parse.py": BROKEN})
    for answer, text in ((b"n\n", BROKEN), (b"y\n", BROKEN.replace("import os\n", ""))):
        ours, theirs = pty.openpty()
        try:
            os.write(ours, answer)
            done = run("--staged", "--apply", stdin=theirs)
        finally:
            os.close(ours)
            os.close(theirs)
        assert "parse.py:1 [ruff/F401]" in done.stderr
        assert "  fix: deletes parse.py:1\nApply this fix?" in done.stderr
        assert (repo.root / "parse.py").read_text() == text
