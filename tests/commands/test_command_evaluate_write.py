"""``contentkit evaluate write`` and ``compare`` as a user types them."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from click.testing import CliRunner
from stubserver import stub_server

from contentkit.cli import cli
from contentkit.core.errors import UsageError

CASES = """
[[case]]
id = "mail"
kind = "email"
language = "en"
sources = ["notes.md"]
contains = ["120 people"]
rubric = ["It is short."]
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("notes.md").write_text(
        "# The ferry\n\nThe ferry leaves the old harbour at 7:40. It carries 120 people over the water every day.\n",
        encoding="utf-8",
    )
    Path("cases.toml").write_text(CASES, encoding="utf-8")


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["evaluate", *words], standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    return result.return_value or 0, result.stdout


def test_the_same_run_twice_is_the_same_but_for_its_account() -> None:
    assert run("write", "cases.toml", "-o", "a.json", "-q")[0] == 0
    run("write", "cases.toml", "-o", "b.json", "-q")
    a, b = (json.loads(Path(name).read_text(encoding="utf-8")) for name in ("a.json", "b.json"))
    assert a.pop("account")
    assert b.pop("account")
    assert a == b
    assert "No case differs." in run("compare", "a.json", "b.json")[1]


def test_what_changed_is_named() -> None:
    run("write", "cases.toml", "-o", "a.json", "-q")
    Path("notes.md").write_text("# The ferry\n\nThe ferry leaves the old harbour in the morning.\n", encoding="utf-8")
    code, _ = run("write", "cases.toml", "-o", "b.json", "-q", "--min-score", "1")
    assert code == 1
    said = run("compare", "a.json", "b.json")[1]
    assert "mail: score" in said
    assert "no more contains '120 people'" in said


TWO = (
    CASES.replace('contains = ["120 people"]', 'contains = ["130 people"]')
    + """
[[case]]
id = "gone"
kind = "summary"
sources = ["no.md"]
"""
)


def test_the_table_says_what_was_not_met_and_what_failed() -> None:
    Path("cases.toml").write_text(TWO, encoding="utf-8")
    code, said = run("write", "cases.toml", "-q")
    assert code == 3
    assert said.startswith("offline: 2 cases\n")
    assert "Not met:\n  mail: contains '130 people'\n" in said
    assert re.search(r"Failed, and in no figure:\n  gone: There is no file or folder 'no.md'", said)
    assert re.search(r"^Cost: \$0\.0000; \d+\.\d s$", said, re.MULTILINE)
    row = next(line.split() for line in said.splitlines() if line.startswith("  mail "))
    _, score, met, of, *_ = row
    assert float(score) == pytest.approx(int(met) / int(of), abs=0.001)
    assert int(met) == int(of) - 1


def test_cases_that_came_that_went_and_that_failed_are_told() -> None:
    run("write", "cases.toml", "-o", "a.json", "-q")
    more = '[[case]]\nid = "new"\nkind = "summary"\nsources = ["notes.md"]\n'
    Path("cases.toml").write_text(CASES.replace("notes.md", "no.md") + more, encoding="utf-8")
    run("write", "cases.toml", "-o", "b.json", "-q")
    said = run("compare", "a.json", "b.json")[1]
    assert "In one of them only: new" in said
    assert re.search(r"^  mail: \d\S* -> failed$", said, re.MULTILINE)
    assert "No case differs." in run("compare", "b.json", "b.json")[1]


def test_what_a_judge_prefers_to_the_reference_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("good.md").write_text("A much better mail.\n", encoding="utf-8")
    Path("cases.toml").write_text(f'{CASES}reference = "good.md"\n', encoding="utf-8")

    def answer(body: dict[str, object]) -> str:
        text = str(body)
        if "A much better mail." not in text:
            return json.dumps({"criteria": [{"number": 1, "reason": "it is", "met": True}]})
        first = text.index("A much better mail.") < text.index("120 people")
        return json.dumps({"reason": "it is shorter", "better": "first" if first else "second"})

    with stub_server(answer) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("OPENAI_API_KEY", "sk-of-a-test")
        said = run("write", "cases.toml", "-q", "--judge", "openai:gpt-5-mini")[1]
    assert said.startswith("offline: 1 case, judged by openai:gpt-5-mini\n")
    assert "Against the references, both orders asked: reference 1" in said


def test_two_runs_before_a_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    run("write", "cases.toml", "-o", "a.json", "-q")
    other = json.loads(Path("a.json").read_text(encoding="utf-8"))
    other["cases"][0]["body"] = "A much better mail."
    Path("b.json").write_text(json.dumps(other), encoding="utf-8")

    def second_draft(body: dict[str, object]) -> str:
        text = str(body)
        first = text.index("A much better mail.") < text.index("120 people")
        return json.dumps({"reason": "it is shorter", "better": "first" if first else "second"})

    with stub_server(second_draft) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("OPENAI_API_KEY", "sk-of-a-test")
        said = run("compare", "a.json", "b.json", "--judge", "openai:gpt-5-mini")[1]
        assert len(server.requests) == 2
    assert "Preferred, both orders asked: b.json 1" in said


def test_reviews_and_drafts_are_not_compared() -> None:
    run("write", "cases.toml", "-o", "a.json", "-q")
    data = json.loads(Path("a.json").read_text(encoding="utf-8"))
    Path("r.json").write_text(json.dumps({**data, "what": "review"}), encoding="utf-8")
    with pytest.raises(UsageError, match="can't be compared"):
        run("compare", "a.json", "r.json")


def test_a_chart_is_drawn() -> None:
    pytest.importorskip("matplotlib")
    run("write", "cases.toml", "--chart", "c.svg", "-q")
    assert "mail" in Path("c.svg").read_text(encoding="utf-8")


@pytest.mark.filterwarnings("error")
def test_a_chart_of_cases_in_any_language_opens(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib")
    Path("cases.toml").write_text(CASES.replace('"mail"', '"渡し船\\u0001 $a$ <b>"'), encoding="utf-8")
    for name in ("c.svg", "c.png"):
        run("write", "cases.toml", "--chart", name, "-q")
    texts = ["".join(node.itertext()) for node in ET.parse("c.svg").iter() if node.tag.endswith("text")]
    assert any("渡し船  $a$ <b>" in text for text in texts)


@pytest.mark.parametrize("edited", ["[]", "3", '{"format": 1}', "id", "verdicts", "score", "all"])
def test_an_evaluation_that_was_edited_or_is_gone_is_refused_in_a_sentence(edited: str) -> None:
    run("write", "cases.toml", "-o", "a.json", "-q")
    data = json.loads(Path("a.json").read_text(encoding="utf-8"))
    case, figures = data["cases"][0], data["figures"]
    match edited:
        case "id":
            case["id"] = ["mail"]
        case "verdicts":
            case["verdicts"][0] = None
        case "score":
            del case["score"]
        case "all":
            figures["all"] = "x"
        case _:
            data = json.loads(edited)
    Path("b.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(UsageError, match=r"b\.json"):
        run("compare", "a.json", "b.json")
    with pytest.raises(UsageError, match=r"gone\.json can't be read \(No such file"):
        run("compare", "gone.json", "a.json")
