"""``contentkit campaign`` as a user types it, without a model."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from contentkit.cli import cli
from contentkit.commands._campaign_skeleton import BRIEFS
from contentkit.core.errors import UsageError

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("ferry.toml", "ferry.md"):
        shutil.copy(EXAMPLES / name, tmp_path / name)


def run(*words: str) -> Result:
    result = CliRunner().invoke(cli, ["campaign", "ferry.toml", "--model", "offline", *words], standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    return result


@pytest.mark.parametrize(("words", "said"), [((), "The spring market"), (("--lang", "ja"), "春の市場")])
def test_a_brief_to_begin_with_works_as_it_stands_and_is_never_written_over(words: tuple[str, ...], said: str) -> None:
    made = CliRunner().invoke(cli, ["campaign", "--new", "my market.toml", *words], standalone_mode=False)
    assert made.return_value == 0
    assert "contentkit campaign 'my market.toml' --dry-run" in made.stdout
    text = Path("my market.toml").read_text(encoding="utf-8")
    assert said in text
    result = CliRunner().invoke(
        cli, ["campaign", "my market.toml", "--model", "offline", "-o", "out", "-q"], standalone_mode=False
    )
    assert result.return_value == 0, result.stdout
    assert {path.name for path in Path("out").glob("*.md")} == {"announcement.md", "social.md"}
    again = CliRunner().invoke(cli, ["campaign", "--new", "my market.toml", *words], standalone_mode=False)
    assert "exists already" in str(again.exception)
    assert Path("my market.toml").read_text(encoding="utf-8") == text


def test_the_comments_of_a_new_brief_name_keys_that_are_there() -> None:
    for text in BRIEFS.values():
        lines = [re.sub(r"^# (?=\w+ = |\[\[)", "", line) for line in text.split("\n")]
        lines = [line for line in lines if not line.startswith(("sources", "style", "voice", "language = "))]
        Path("all.toml").write_text("\n".join(lines), encoding="utf-8")
        result = CliRunner().invoke(
            cli, ["campaign", "all.toml", "--model", "offline", "--dry-run"], standalone_mode=False
        )
        assert result.exception is None, result.exception
        assert "6 pieces, 3 facts" in result.stderr


def test_the_example_of_the_docs_is_written_and_taken_up_again() -> None:
    result = run("-o", "out")
    assert result.return_value == 0
    assert "| announcement | article | en | fit |" in result.stdout
    assert "repetition" not in result.stderr
    assert "see out/index.html" in result.stderr
    with pytest.raises(UsageError, match="holds a campaign already"):
        run("-o", "out")
    Path("out/email.json").unlink()
    again = run("-o", "out", "--resume")
    assert "announcement: kept" in again.stderr
    assert "email: kept" not in again.stderr
    assert Path("out/email.json").is_file()


def test_a_changed_number_fails_and_stands_in_its_file() -> None:
    run("-o", "out")
    path = Path("out/announcement.md")
    path.write_text(path.read_text(encoding="utf-8").replace("120 people", "170 people"), encoding="utf-8")
    result = run("-o", "out", "--resume", "--format", "json")
    assert result.return_value == 1
    found = [one for one in json.loads(result.stdout)["findings"] if one["severity"] == "major"]
    assert {one["place"]["path"] for one in found} == {"out/announcement.md"}
    line = Path("out/announcement.md").read_text(encoding="utf-8").split("\n")[found[0]["place"]["line"] - 1]
    assert line[found[0]["place"]["column"] - 1 :].startswith("170")


def test_a_dry_run_writes_nothing() -> None:
    result = run("--dry-run")
    assert "would write  announcement: article, offline:draft" in result.stdout
    assert "4 pieces, 4 facts" in result.stderr
    assert not Path("out").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [((), "Where shall the pieces go"), (("-o", "no/where"), "does not exist"), (("-o", "."), "is not empty")],
)
def test_a_wrong_request_is_one_sentence(words: tuple[str, ...], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        run(*words)
