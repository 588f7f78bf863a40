"""``contentkit evaluate`` as a user meets it: the table, the JSON, the chart, two runs side by side, exit codes."""

from __future__ import annotations

import importlib.util
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from click.testing import CliRunner
from stubserver import stub_server

from contentkit.commands import _chart
from contentkit.commands.evaluate import command
from contentkit.core.errors import ContentkitError, MissingExtra, UsageError

CASES = str(Path(__file__).parents[1] / "data" / "review-cases")


def run(*words: str) -> tuple[int, str, str]:
    """Exit code, standard output and error; errors of ours are raised."""
    result = CliRunner().invoke(command, words, standalone_mode=False)
    if isinstance(result.exception, ContentkitError):
        raise result.exception
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    code = result.return_value if isinstance(result.return_value, int) else result.exit_code
    return code, result.stdout, result.stderr


def test_the_docs_show_the_real_table() -> None:
    code, out, _ = run("review", CASES, "-q")
    page = (Path(__file__).parents[2] / "docs" / "evaluate.md").read_text(encoding="utf-8")
    shown = page.split("tests/data/review-cases -q\n")[1].split("```")[0]
    drop = lambda text: [line for line in text.strip().split("\n") if not line.startswith("Cost:")]  # noqa: E731
    assert code == 0
    assert drop(out) == drop(shown)


def test_json_names_every_case_defect_and_finding(tmp_path: Path) -> None:
    code, out, err = run("review", CASES, "-o", str(tmp_path / "run.json"))
    assert (code, out) == (0, "")
    assert "4/4 py-shell: 1 of 1 defects found" in err
    data = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert list(data) == ["format", "what", "asked", "figures", "cases", "account"]
    assert data["figures"]["all"]["recall"] == 0.6667
    assert data["figures"]["by_kind"]["clean"]["recall"] is None
    by_id = {case["id"]: case for case in data["cases"]}
    assert [defect["found"] for defect in by_id["js-last-page"]["defects"]] == [False]
    (finding,) = by_id["py-shell"]["findings"]
    assert (finding["rule"].split("/")[0], finding["defect"], finding["path"]) == ("ruff", 0, "archive/pack.py")
    assert data["account"]["cost"] == 0.0
    assert set(data["account"]["cases"]) == set(by_id)
    with pytest.raises(UsageError, match="exists"):
        run("review", CASES, "-o", str(tmp_path / "run.json"))


@pytest.mark.parametrize(
    ("words", "code"),
    [(["--min-recall", "0.6"], 0), (["--min-recall", "0.7"], 1), (["--min-f1", "0.9"], 1), (["--min-f1", "0.8"], 0),
     (["--case", "py-clean-rename", "--min-recall", "0"], 1)],
)  # fmt: skip
def test_a_bar_that_is_missed_is_exit_code_1(words: list[str], code: int) -> None:
    assert run("review", CASES, "-q", *words)[0] == code


def test_a_case_that_fails_is_exit_code_3_and_named(tmp_path: Path) -> None:
    folder = tmp_path / "one"
    folder.mkdir()
    (folder / "expected.json").write_text('{"id": "one", "defects": []}', encoding="utf-8")
    code, out, _ = run("review", str(tmp_path), "-q")
    assert code == 3
    assert "Failed, and in no figure:\n  one: " in out


def test_cases_can_be_narrowed() -> None:
    assert "offline: 1 case," in run("review", CASES, "-q", "--case", "py-shell")[1]
    assert "offline: 2 cases," in run("review", CASES, "-q", "--limit", "2")[1]


def test_two_runs_side_by_side(tmp_path: Path) -> None:
    one, two = str(tmp_path / "one.json"), str(tmp_path / "two.json")
    run("review", CASES, "-q", "-o", one)
    run("review", CASES, "-q", "-o", two, "--min-severity", "critical")
    assert "No case differs." in run("compare", one, one)[1]
    out = run("compare", one, two)[1]
    assert "recall" in out
    assert "  go-guard-removed: 1 of 1 found, 0 false alarms -> 0 of 1 found, 0 false alarms" in out
    with pytest.raises(UsageError, match="no saved evaluation"):
        run("compare", one, CASES + "/py-shell/expected.json")


def test_a_dry_run_asks_nothing_and_says_what_it_would() -> None:
    with stub_server(lambda _: "{}") as server:
        code, out, _ = CliRunnerWith(server.url).run("review", CASES, "--dry-run", "--model", "openai:gpt-5.4-mini")
        assert server.requests == []
    assert code == 0
    assert "4 cases: 4 files with 4 hunks. Would ask openai:gpt-5.4-mini" in out
    assert "Analyzers would look alone. Nothing was sent." in run("review", CASES, "--dry-run")[1]


class CliRunnerWith:
    """The command with a hosted model at ``url``."""

    def __init__(self, url: str) -> None:
        self.env = {"OPENAI_BASE_URL": url, "OPENAI_API_KEY": "sk-test", "CONTENTKIT_PROBE": "0"}

    def run(self, *words: str) -> tuple[int, str, str]:
        result = CliRunner(env=self.env).invoke(command, words, standalone_mode=False)
        assert result.exception is None, result.exception
        return result.return_value, result.stdout, result.stderr


def test_a_hosted_model_is_asked_once_and_then_the_cache(tmp_path: Path) -> None:
    answer = json.dumps({"summary": "", "findings": []})
    words = ("review", CASES, "-q", "--model", "openai:gpt-5.4-mini", "--lens", "bugs", "--format", "json")
    with stub_server(lambda _: answer) as server:
        first = CliRunnerWith(server.url).run(*words)
        asked = len(server.requests)
        second = CliRunnerWith(server.url).run(*words)
        assert len(server.requests) == asked > 0
    assert first[1].partition('  "account": {')[0] == second[1].partition('  "account": {')[0]
    assert json.loads(first[1])["account"]["cost"] > 0
    assert json.loads(second[1])["account"]["cost"] == 0


@pytest.mark.skipif(importlib.util.find_spec("matplotlib") is None, reason="the optional group charts is not installed")
def test_a_chart_holds_the_figures_and_is_the_same_each_time(tmp_path: Path) -> None:
    for name in ("one.svg", "two.svg", "one.png"):
        assert run("review", CASES, "-q", "--chart", str(tmp_path / name))[0] == 0
    texts = [
        " ".join(node.itertext()).strip() for node in ET.parse(tmp_path / "one.svg").iter() if node.tag.endswith("text")
    ]
    assert {"precision", "recall", "F1", "0.67", "Review by offline"} <= set(texts)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    assert (tmp_path / "one.png").read_bytes().startswith(b"\x89PNG")


def test_without_the_library_a_chart_is_refused_before_anything_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_chart, "find_spec", lambda _: None)
    with pytest.raises(MissingExtra, match=r"pip install 'contentkit\[charts\]'"):
        run("review", CASES, "--chart", "x.svg")
    with pytest.raises(UsageError, match=r"FILE\.svg or FILE\.png"):
        run("review", CASES, "--chart", "x.gif")
