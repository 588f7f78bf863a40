"""``refine``, ``pick`` and ``diff`` as a user types them."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from fakes import FakeProvider
from stubserver import StubServer, stub_server

from contentkit.cli import cli
from contentkit.core.errors import ProviderError, UsageError
from contentkit.core.piece import Brief
from contentkit.core.report import Report
from contentkit.kit.kit import Kit
from contentkit.write import write_variants

ONE = "# Ferry\n\nThe ferry leaves the old harbour at 7:40 every morning.\n"
TWO = "# Ferry\n\nThe boat leaves the old harbour at 7:45 every morning.\n"


def run(*words: str) -> Result:
    result = CliRunner().invoke(cli, words, standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    return result


@pytest.fixture
def variants(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Report]:
    monkeypatch.chdir(tmp_path)

    async def made() -> list[Report]:
        kit = Kit.load()
        kit.providers["fake"] = FakeProvider(ONE, TWO)
        brief = Brief("article", "Ferry", model="fake:one")
        return [report async for report in write_variants(kit, brief, 2)]

    return asyncio.run(made())


def test_a_variant_is_picked_by_its_number_or_its_id(variants: list[Report]) -> None:
    result = run("pick", "2")
    assert result.stdout.strip() == TWO.strip()
    assert variants[1].id in result.stderr
    assert "variant 2, picked" in run("history", "list").stdout
    run("pick", variants[0].id, "-q", "-o", "chosen.md")
    assert "7:40" in Path("chosen.md").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in run("history", "list", "--json").stdout.splitlines()]
    assert [(row["variant"], row["picked"]) for row in rows] == [(2, False), (1, True)]


@pytest.mark.parametrize(("word", "said"), [("3", "The last call made 2."), ("zzz", "zzz")])
def test_what_is_not_there_can_not_be_picked(variants: list[Report], word: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        run("pick", word)


def test_refining_without_a_model_is_one_sentence(variants: list[Report]) -> None:
    with pytest.raises(UsageError, match="Without a model"):
        run("refine", variants[0].id, "shorter", "--model", "offline")
    with pytest.raises(UsageError, match="empty"):
        run("refine", variants[0].id, " ")
    with pytest.raises(UsageError, match="toone"):
        run("refine", variants[0].id, "shorter", "--set", "toone=warm", "--model", "offline")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[StubServer]:
    with stub_server(lambda body: TWO) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("OPENAI_API_KEY", "k")
        yield server


def runs() -> list[dict[str, Any]]:
    return [json.loads(line) for line in run("history", "list", "--json").stdout.splitlines()]


def test_a_draft_is_changed_as_one_wishes_and_kept_as_what_it_was_made_of(
    variants: list[Report], server: StubServer
) -> None:
    result = run("refine", variants[0].id, "say boat", "--model", "openai:gpt-4o")
    assert result.stdout.strip() == TWO.strip()
    asked = json.dumps(server.requests[0]["messages"])
    assert "say boat" in asked
    assert "at 7:40 every morning" in asked
    assert (runs()[0]["parent"], len(runs())) == (variants[0].id, 3)
    run("refine", variants[0].id, "say boat", "--model", "openai:gpt-4o", "--no-history", "-o", "new.md")
    assert Path("new.md").read_text(encoding="utf-8").startswith(TWO)
    assert len(runs()) == 3


def test_a_voice_that_is_no_text_is_told_before_anything_is_sent(variants: list[Report], server: StubServer) -> None:
    Path("voice.bin").write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(UsageError, match=r"voice\.bin is not UTF-8"):
        run("refine", variants[0].id, "shorter", "--model", "openai:gpt-4o", "--voice", "voice.bin")
    assert server.requests == []


def test_a_refining_takes_no_longer_than_it_may(variants: list[Report], monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(body: object) -> str:
        time.sleep(2.5)
        return TWO

    with stub_server(slow) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("OPENAI_API_KEY", "k")
        with pytest.raises(ProviderError, match="1 s"):
            run("refine", variants[0].id, "shorter", "--model", "openai:gpt-4o", "--timeout", "1")


def test_two_runs_are_compared_word_by_word(variants: list[Report]) -> None:
    first, second = (report.id for report in variants)
    said = run("diff", first, second).stdout
    assert "The [-ferry-]{+boat+} leaves the old harbour at [-7:40-]{+7:45+} every morning." in said
    assert f"--- {first}, article, fake:one" in said
    wide = run("diff", first, second, "--side-by-side").stdout
    assert any("[-ferry-]" in row and "{+boat+}" in row for row in wide.splitlines())


def test_files_are_compared_and_nothing_in_them_is_markup(variants: list[Report]) -> None:
    Path("a.md").write_text("A <script>alert(1)</script> \x1b[31m[bold]港の水深は6です\n", encoding="utf-8")
    Path("b.md").write_text("A <script>alert(2)</script> \x1b[31m[bold]港の水深は8です\n", encoding="utf-8")
    run("diff", "a.md", "b.md", "-o", "d.html")
    page = Path("d.html").read_text(encoding="utf-8")
    assert "<script>" not in page
    assert "港の水深は<del>6</del>です" in page
    assert "港の水深は<ins>8</ins>です" in page
    assert "\x1b" not in run("diff", "a.md", "b.md").stdout
    assert "[bold]" in run("diff", "a.md", "b.md", "--side-by-side").stdout
    data = json.loads(run("diff", "a.md", variants[0].id, "--format", "json").stdout)
    assert "".join(change["text"] for change in data["changes"] if change["op"] != "out").startswith("# Ferry")
    assert "The texts are the same." in run("diff", "a.md", "a.md").stdout


def test_an_empty_file_is_a_text_too_and_a_binary_one_is_none(variants: list[Report]) -> None:
    Path("a.md").write_text("船は出る。\n", encoding="utf-8")
    Path("empty.md").write_bytes(b"")
    Path("blank.md").write_text(" \n\n", encoding="utf-8")
    Path("binary.md").write_bytes(bytes(range(256)))
    assert "{+船は出る。+}" in run("diff", "empty.md", "a.md").stdout
    assert "[-船は出る。-]" in run("diff", "a.md", "empty.md").stdout
    assert "The texts are the same." in run("diff", "empty.md", "empty.md").stdout
    changes = json.loads(run("diff", "blank.md", "empty.md", "--format", "json").stdout)["changes"]
    assert changes == [{"op": "out", "text": " \n\n"}]
    with pytest.raises(UsageError, match="is not text"):
        run("diff", "a.md", "binary.md")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nothing.md", "a"), "There is no file 'nothing.md' either"),
        ((".", "."), "is a folder"),
        (("a", "b", "--side-by-side", "--format", "html"), "--side-by-side is for text"),
        (("a", "b", "--side-by-side", "-o", "b.json"), "--side-by-side is for text"),
    ],
)
def test_a_wrong_request_is_one_sentence(variants: list[Report], words: tuple[str, ...], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        run("diff", *words)


def test_variants_stand_beside_each_other_in_html_and_on_a_wide_terminal(variants: list[Report]) -> None:
    from contentkit.reports import html
    from contentkit.reports.text import beside

    page = html.join([html.render(report) for report in variants])
    assert page.count("<section>") == 2
    assert page.index('class="beside"') < page.index("1 of 2") < page.index("2 of 2")
    rows = beside([report.body for report in variants], columns=100, colour=False).splitlines()
    assert any("ferry leaves" in row and "boat leaves" in row for row in rows)
    assert all(len(row) <= 100 for row in rows)


def test_what_was_named_to_write_by_is_remembered_and_can_be_named_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("house.toml").write_text('[forbid]\n"vessel" = "say ferry"\n', encoding="utf-8")
    Path("me.txt").write_text("I like it short.", encoding="utf-8")
    run("write", "article", "Ferry", "--model", "offline", "--style", "house.toml", "--voice", "me.txt", "-q")
    (row,) = [json.loads(line) for line in run("history", "list", "--json").stdout.splitlines()]
    manner = json.loads(run("history", "show", row["id"], "--format", "json").stdout)["manner"]
    assert {name: known["path"] for name, known in manner.items()} == {"style": "house.toml", "voice": "me.txt"}
    with pytest.raises(UsageError, match=r"There is no file 'none\.toml'"):
        run("refine", row["id"], "shorter", "--style", "none.toml", "--model", "ollama:x")
