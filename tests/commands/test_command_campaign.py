"""``contentkit campaign`` as a user types it, without a model."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from contentkit.cli import cli
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
