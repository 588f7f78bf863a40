"""``contentkit check`` as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from contentkit.cli import cli


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["check", *words], standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    return result.return_value, result.stdout


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("long.md").write_text("---\ntitle: x\n---\n" + "The ferry leaves at seven. " * 20, encoding="utf-8")
    Path("short.md").write_text("The ferry leaves the old harbour at seven in the morning.\n", encoding="utf-8")


def test_a_text_over_the_limit_fails() -> None:
    code, said = run("long.md", "--platform", "x")
    assert code == 1
    assert "long.md" in said
    assert "of 280" in said


def test_a_text_that_fits_passes_and_a_folder_is_read() -> None:
    assert run("short.md", "--platform", "x")[0] == 0
    code, said = run(".", "--format", "json")
    assert code == 0
    assert json.loads(said)["fields"]["texts"] == 2


def test_one_check_alone() -> None:
    code, said = run("long.md", "--platform", "x", "--only", "language", "--format", "json")
    assert code == 0
    assert json.loads(said)["fields"]["checks"] == ["language"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nothing.md",), "There is no file"),
        (("short.md", "--platform", "xx"), "platform"),
        (("short.md", "--only", "limit"), "limits"),
        (("short.md", "--kind", "artikle"), "article"),
        (("short.md", "--style", "no.toml"), "no.toml"),
    ],
)
def test_a_wrong_request_is_one_sentence(words: tuple[str, ...], said: str) -> None:
    from contentkit.core.errors import UsageError

    with pytest.raises(UsageError) as error:
        run(*words)
    assert said in str(error.value)
