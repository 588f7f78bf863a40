"""config, history, doctor and completion as a person calls them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from contentkit.cli import cli
from contentkit.core.errors import UsageError
from contentkit.core.report import Finding, Report
from contentkit.kit import health
from contentkit.kit.history import History
from contentkit.kit.plugins import installed

KEY = "sk-" + "proj-" + "a8Zk3Qw9Lm2Xc7Vb5Nn1Pp6Rr4Tt0Yy2Uu8Ii3Oo9Ss5Dd7"  # nobody's
Run = Callable[..., Result]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in; no local server is looked for."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CONTENTKIT_PROBE", "0")
    monkeypatch.setattr(health, "find_spec", lambda _: None)  # no torch, no hub
    installed.cache_clear()
    return tmp_path


@pytest.fixture
def run(here: Path) -> Run:
    """Call a command; a ContentkitError comes up as itself."""

    def run(*arguments: str, input: str | None = None) -> Result:
        result = CliRunner().invoke(cli, arguments, input=input, standalone_mode=False)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture
def history(home: Path) -> History:
    return History(home / "data" / "contentkit" / "history.db")


def test_config_show_says_each_value_and_who_said_it(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "contentkit.toml").write_text(
        "deadline = 9\n[providers.team]\nlike='openai'\nurl='https://t.example'\n[rules.x]\nhard=1"
    )
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("CONTENTKIT_LANGUAGE", "ja")
    monkeypatch.setenv("CONTENTKIT_CACH", "1")
    result = run("config", "show")
    lines = dict(line.split("\t", 1) for line in result.stdout.splitlines())
    assert lines["deadline"] == f"9.0\t{here / 'contentkit.toml'}"
    assert lines["language"] == '"ja"\tCONTENTKIT_LANGUAGE'
    assert lines["max_cost"] == "(not set)\tbuilt in"
    assert lines["rules.x.hard"] == f"1\t{here / 'contentkit.toml'}"
    assert lines["providers.openai"] == "https://api.openai.com/v1; key set in OPENAI_API_KEY\tbuilt in"
    assert "no key is sent" in lines["providers.team"]
    assert "did you mean CONTENTKIT_CACHE?" in result.stderr
    assert KEY not in result.output
    data = json.loads(run("config", "show", "--json").stdout)
    assert data["settings"]["deadline"] == {"value": 9.0, "from": str(here / "contentkit.toml")}
    assert data["providers"]["openai"]["key"] == "key set in OPENAI_API_KEY"
    assert KEY not in json.dumps(data)


def test_config_path_works_with_a_broken_file_too(run: Run, here: Path, home: Path) -> None:
    (here / "contentkit.toml").write_text("nonsense")
    own = home / "config" / "contentkit" / "config.toml"
    assert run("config", "path").stdout == f"{own}\n"
    with pytest.raises(UsageError, match="not valid TOML"):
        run("config", "path", "--all")
    (here / "contentkit.toml").write_text("")
    lines = run("config", "path", "--all").stdout.splitlines()
    assert lines[:2] == [f"user\t{own}\tnot there", f"project\t{here / 'contentkit.toml'}\t"]


def test_config_check_finds_what_loading_does_not(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "fine (no file; built-in settings)" in run("config", "check").stdout
    (here / "contentkit.toml").write_text("model='opnai:x'\n[providers.t]\nlike='opena'\n")
    monkeypatch.setenv("OPENAI_BASE_URL", "nowhere")
    with pytest.raises(UsageError, match="3 things to mend"):
        run("config", "check")
    said = CliRunner().invoke(cli, ["config", "check"], standalone_mode=False).stderr
    assert "There is no provider called 'opnai'. Did you mean 'openai'?" in said
    assert "There is no dialect called 'opena'. Did you mean 'openai'?" in said
    assert "OPENAI_BASE_URL must start with http" in said


def test_history_list_search_show_rm_export(run: Run, history: History, here: Path) -> None:
    assert run("history", "list").stdout == ""
    assert "no runs found" in run("history", "list").stderr
    evil = "a \x1b[31mred\x1b[0m\nt\topic \u202e[bold]"
    one = history.add(Report("article", "# Body one\n", topic=evil, model="offline:draft", cost=0.0))
    two = history.add(
        Report("email", "本文です", topic="発表", findings=(Finding("a/b", "m"),), model="openai:x", cost=None)
    )
    lines = run("history", "list").stdout.splitlines()
    assert [line.split("\t")[0] for line in lines] == [two, one]
    assert lines[0].split("\t")[2:] == ["email", "openai:x", "", "1", "", "発表", ""]
    assert lines[1].split("\t")[5:] == ["0", "$0.0000", "a [31mred [0m t opic [bold]", ""]
    assert run("history", "list", "--kind", "email").stdout.startswith(two)
    assert run("history", "list", "--limit", "1").stdout.count("\n") == 1
    assert json.loads(run("history", "list", "--json", "--limit", "1").stdout)["id"] == two
    assert run("history", "search", "本文").stdout.startswith(two)
    shown = run("history", "show", one[:6], "--format", "json").stdout
    assert json.loads(shown)["topic"] == evil
    bare = run("history", "show", two)
    assert bare.stdout == "本文です\n"
    assert "m [a/b]" in bare.stderr
    assert "model:      openai:x" in bare.stderr
    run("history", "show", one, "-o", "one.md")
    assert (here / "one.md").read_text().startswith("# Body one")
    with pytest.raises(UsageError, match="--force"):
        run("history", "show", one, "-o", "one.md")
    exported = [json.loads(line)["id"] for line in run("history", "export").stdout.splitlines()]
    assert exported == [one, two]
    assert "written to runs.jsonl" in run("history", "export", "-o", "runs.jsonl").stderr
    assert (here / "runs.jsonl").read_text().count("\n") == 2
    assert "removed 1 run." in run("history", "rm", one[:6]).stderr
    for arguments in (["rm"], ["rm", two, "--all"]):
        with pytest.raises(UsageError, match="or say --all"):
            run("history", *arguments)
    assert CliRunner().invoke(cli, ["history", "rm", "--all"], input="n\n", standalone_mode=False).exception
    assert len(history.list()) == 1
    assert "removed 1 run." in run("history", "rm", "--all", "--yes").stderr
    assert history.list() == ()
    with pytest.raises(UsageError, match="See contentkit history list"):
        run("history", "show", one)


def test_history_is_a_table_on_a_terminal(history: History, here: Path) -> None:
    pty = pytest.importorskip("pty")
    history.add(Report("article", "x", topic="with [bold] in it", model="offline:draft"))
    main, side = pty.openpty()
    code = "from contentkit.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", code, "history", "list"], stdout=side, env={**os.environ, "COLUMNS": "120"}
    ) as child:
        child.wait(30)
    os.close(side)
    shown = os.read(main, 65_536).decode()
    assert "written (UTC)" in shown
    assert "with [bold] in it" in shown


def states(result: Result) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in result.stdout.splitlines():
        row = json.loads(line)
        found.setdefault(row["name"], set()).add(row["state"])
    return found


def test_doctor_on_a_fresh_machine_finds_nothing_broken(run: Run) -> None:
    result = run("doctor", "--json")
    assert result.return_value == 0, result.stdout
    found = states(result)
    assert found["extra local"] == found["keys"] == found["model"] == {"absent"}
    assert found["configuration"] == found["prompts"] == found["catalogue"] == found["folders"] == {"ok"}
    text = run("doctor")
    assert "-> pip install 'contentkit[local]'" in text.stdout
    assert "nothing broken" in text.stderr


def test_doctor_says_what_was_switched_off_and_where(run: Run, here: Path) -> None:
    (here / "contentkit.toml").write_text("history = false\n")
    row = next(json.loads(line) for line in run("doctor", "--json").stdout.splitlines() if '"history"' in line)
    assert row["state"] == "absent"
    assert "contentkit.toml" in row["detail"]


def test_doctor_tells_each_fault_and_goes_on(
    run: Run, here: Path, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("CONTENTKIT_MODEL", "anthropic:claude")
    (here / "contentkit.toml").write_text("")
    (here / "prompts" / "write").mkdir(parents=True)
    (here / "prompts" / "write" / "bad.md").write_text("---\nnonsense: 1\n---\nx")
    history.path.parent.mkdir(parents=True)
    history.path.write_bytes(b"no database" * 99)
    result = run("doctor", "--json")
    assert result.return_value == 1
    found = states(result)
    assert found["model"] == found["history"] == {"broken"}
    assert found["prompts"] == {"broken", "ok"}
    assert "openai (OPENAI_API_KEY)" in result.stdout
    assert KEY not in result.output
    (here / "contentkit.toml").write_text("modle = 1")
    result = run("doctor", "--json")
    assert result.return_value == 1
    assert states(result)["configuration"] == {"broken"}


def test_doctor_knows_the_extras_of_the_package() -> None:
    import tomllib

    pyproject = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    assert (
        set(health.EXTRAS)
        == set(health.PURPOSES)
        == set(pyproject["project"]["optional-dependencies"]) - {"dev", "servers"}
    )


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_that_the_shell_takes(run: Run, shell: str) -> None:
    script = run("completion", shell).stdout
    assert "_CONTENTKIT_COMPLETE" in script
    assert "contentkit" in script
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=script, text=True, check=True, timeout=20)


def test_completion_completes_commands() -> None:
    env = {**os.environ, "_CONTENTKIT_COMPLETE": "bash_complete", "COMP_WORDS": "contentkit h", "COMP_CWORD": "1"}
    code = "import sys; sys.argv = ['contentkit']; from contentkit.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=30)
    assert done.stdout.split() == ["plain,history", "plain,hook"]


@pytest.mark.parametrize("name", ["config", "history", "doctor", "completion"])
def test_every_help_has_an_example(run: Run, name: str) -> None:
    command = cli.get_command(None, name)  # type: ignore[arg-type]
    subcommands = getattr(command, "commands", {})
    for words in ([name], *([name, inner] for inner in subcommands)):
        text = run(*words, "--help").stdout
        assert "Example" in text
        assert f"contentkit {words[0]}" in text
