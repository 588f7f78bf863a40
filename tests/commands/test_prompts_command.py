"""``contentkit prompts``, through the command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from contentkit.cli import cli
from contentkit.core.errors import UsageError


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, ["prompts", *words], standalone_mode=False)


def error(*words: str) -> str:
    result = run(*words)
    assert isinstance(result.exception, UsageError), result.output
    return str(result.exception)


def put(project: Path, name: str, text: str) -> Path:
    path = project / "prompts" / "write" / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_list_names_kinds_with_their_origin_and_languages(project: Path) -> None:
    put(project, "announcement", "---\ndescription: For the papers.\n---\nHi")
    put(project, "odd", "---\ndescriptoin: x\n---\nHi")
    put(project, "brief.fr", "Salut")
    lines = {line.split()[0]: " ".join(line.split()) for line in run("list").output.splitlines()}
    assert lines["announcement"] == "announcement project any For the papers."
    assert lines["social"].startswith("social built-in any, ja One post for each platform")
    assert lines["parts/outline"].startswith("parts/outline built-in any, ja")
    assert lines["brief"] == "brief project fr"
    assert "BROKEN: " in lines["odd"]
    assert "Did you mean 'description'?" in lines["odd"]


def test_lenses_are_listed_shown_rendered_and_checked(project: Path) -> None:
    lens = project / "prompts" / "review" / "accessibility.md"
    lens.parent.mkdir(parents=True)
    lens.write_text(
        "---\nextends: bugs\ndescription: Pages for all.\n---\n"
        '{% extends "partials/lens.md" %}{% block look %}- Alt texts.{% endblock %}'
    )
    lines = {line.split()[0]: " ".join(line.split()) for line in run("list").output.splitlines()}
    assert lines["review/accessibility"] == "review/accessibility project any Pages for all."
    assert lines["review/bugs"].startswith("review/bugs built-in any Code that does something else")
    said = run("show", "review/bugs").output
    assert "answer: structured, summary, findings" in said
    assert "steps:" not in said
    assert "topic (" not in said
    assert "Did you mean 'security'?" in error("show", "review/securty")
    words = ["review/accessibility", "--set", "code=+1#abc| x", "--set", "lens=accessibility", "--set", "told=[]"]
    said = run("render", *words, "--set", "part=false", "--set", "instructions=").output
    assert "- Alt texts." in said
    assert "+1#abc| x" in said
    assert run("check", str(lens)).return_value == 0
    lens.write_text("---\nextends: bugs\n---\n{{ cod }}")
    result = run("check")
    assert result.return_value == 1
    assert "there is no input 'cod'. Did you mean 'code'?" in result.output


def test_the_user_s_own_folder_is_beside_their_configuration(
    project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path_factory.mktemp("mine")
    (mine / "config.toml").write_text("")
    monkeypatch.setenv("CONTENTKIT_CONFIG", str(mine / "config.toml"))
    (mine / "prompts" / "write").mkdir(parents=True)
    (mine / "prompts" / "write" / "article.md").write_text("My way.")
    assert "article user" in " ".join(run("list").output.split())
    put(project, "article", "The project's way.")
    assert "article project" in " ".join(run("list").output.split())


def test_listing_loads_no_template_engine() -> None:
    code = "import sys, contentkit.commands.prompts, contentkit.kit.prompts as p"
    code += "; p.Prompts([('b', p.builtin_dir())]).kinds()"
    code += "; print(sorted({'yaml', 'jinja2', 'jsonschema', 'httpx', 'rich'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_show_tells_the_inputs_and_the_text(project: Path) -> None:
    said = run("show", "email").output
    assert "limits: subject by email-subject, preheader by email-preheader" in said
    assert "length (integer; default 150)" in said
    assert "You write email that people answer." in said
    assert "あなたは" in run("show", "email", "--lang", "ja").output
    assert run("show", "parts/repair", "--source").output.startswith("---\nversion: 1\n")
    assert "Did you mean 'email'?" in error("show", "emial")


def test_render_prints_the_exact_messages(project: Path) -> None:
    put(
        project,
        "trial",
        "---\ninputs:\n  day: {required: true}\n---\nsystem:\nOn {{ day }}.\nuser:\n{{ sources[0].text }}",
    )
    (project / "notes.md").write_text("{{ day }}\nsystem:\n")
    result = run("render", "trial", "--set", "day=Monday", "--from", "notes.md")
    assert result.output == "--- system\nOn Monday.\n--- user\n{{ day }}\nsystem:\n\n"
    assert "trial needs 'day'" in error("render", "trial")
    assert "--set takes KEY=VALUE" in error("render", "trial", "--set", "day")
    assert "投稿先: x, linkedin" in run("render", "social", "--lang", "ja", "--set", "topic=お茶").output


def test_render_shows_a_part_with_structured_values(project: Path) -> None:
    source = '{"origin": "a.md", "title": "", "text": "The words."}'
    result = run("render", "parts/condense", "--set", f"source={source}", "--set", "part=1", "--set", "parts=2")
    assert "The words." in result.output
    assert "part 1 of 2" in result.output


def test_check_has_an_exit_code_and_names_what_is_wrong(project: Path) -> None:
    good = put(project, "good", "Write about {{ topic }}.")
    bad = put(project, "bad", "Write about {{ topik }}.")
    assert run("check", str(good)).return_value == 0
    result = run("check", str(good), str(bad))
    assert result.return_value == 1
    assert f"error: {bad}, line 1: there is no input 'topik'. Did you mean 'topic'?" in result.output
    assert "2 prompt files checked, 1 error." in result.output
    assert run("check").return_value == 1
    elsewhere = project / "drafts" / "write" / "other.ja.md"
    elsewhere.parent.mkdir(parents=True)
    elsewhere.write_text("{{ topic }}について書く。{% include 'partials/mine.md' %}")
    (project / "drafts" / "partials").mkdir()
    (project / "drafts" / "partials" / "mine.md").write_text("日本語で。")
    assert run("check", str(elsewhere)).return_value == 0


def test_new_makes_a_kind_that_works_and_overwrites_nothing(project: Path) -> None:
    result = run("new", "announcement")
    path = project / "prompts" / "write" / "announcement.md"
    assert str(path) in result.output
    assert run("check", str(path)).output.startswith("1 prompt files checked, no errors.")
    assert "Write it now, in English." in run("render", "announcement", "--set", "topic=Tea").output
    path.write_text("mine")
    assert "exists already" in error("new", "announcement")
    assert path.read_text() == "mine"
    assert "can't be called '../x'" in error("new", "../x")


def test_the_help_of_each_has_an_example() -> None:
    for name in ("show", "render", "check", "new"):
        assert "Example: contentkit prompts" in run(name, "--help").output
