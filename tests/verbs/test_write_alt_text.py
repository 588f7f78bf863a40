"""Alternative texts: a model is shown the picture, and what it says is held against the place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from fakes import FakeProvider
from pictures import png

from contentkit.cli import cli
from contentkit.core.chat import Image, Text
from contentkit.core.errors import UsageError
from contentkit.core.model import ModelInfo
from contentkit.core.piece import Brief
from contentkit.core.report import Report
from contentkit.kit.kit import Kit
from contentkit.write import write


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "boat.png").write_bytes(png(64, 48, (b"tEXt", b"Author\0Somebody")))
    (tmp_path / "line.png").write_bytes(png(300, 2))
    (tmp_path / "notes.md").write_text("# Boats\n\nA paper boat is folded from one sheet of paper.\n", encoding="utf-8")
    return tmp_path


def picture(number: int, alt: str, *, platform: str = "web", decorative: bool = False) -> dict[str, Any]:
    return {"number": number, "platform": platform, "decorative": decorative, "alt": alt, "description": ""}


async def describe(
    *answers: list[dict[str, Any]], sources: tuple[str, ...] = ("boat.png",), **fields: Any
) -> tuple[Report, FakeProvider]:
    provider = FakeProvider(*(json.dumps({"pictures": rows}) for rows in answers))
    kit = Kit.load(history=False)
    kit.providers["fake"] = provider
    brief = Brief("alt-text", "paper boats", sources, "en", fields, model="fake:one")
    return await write(kit, brief), provider


async def test_the_picture_is_shown_and_nothing_else_of_its_file(folder: Path) -> None:
    report, provider = await describe([picture(1, "A paper boat on a puddle")])
    parts = provider.requests[0].messages[-1].parts
    assert [type(part) for part in parts] == [Text, Image, Text]
    assert isinstance(parts[0], Text)
    assert parts[0].text == "1. [image: boat.png, 64x48, 1 kB]\n"
    assert isinstance(parts[1], Image)
    assert parts[1].data == png(64, 48)
    assert "left out: text" in " ".join(report.notices)
    assert report.body == "**boat.png**\n\nA paper boat on a puddle\n"
    assert report.findings == ()


async def test_a_decorative_picture_has_an_empty_text(folder: Path) -> None:
    rows = [picture(1, "A paper boat on a puddle"), picture(2, "", decorative=True)]
    report, provider = await describe(rows, sources=("boat.png", "line.png"))
    assert sum(isinstance(part, Image) for part in provider.requests[0].messages[-1].parts) == 2
    assert report.findings == ()
    assert "**line.png**\n\n*decorative: leave the alternative text empty*" in report.body


@pytest.mark.parametrize(
    ("rows", "rules"),
    [
        ([picture(1, "Image of a paper boat on a puddle")], ["alt/announces"]),
        ([picture(1, "boat.png")], ["alt/name"]),
        ([picture(1, "")], ["alt/empty"]),
        ([picture(1, "A boat on a puddle", decorative=True)], ["alt/decorative"]),
        ([picture(2, "A paper boat on a puddle")], ["alt/number", "alt/number"]),
        ([picture(1, "A boat " * 30)], ["limits/web-alt-text"]),
        ([picture(1, "A boat " * 160, platform="x")], ["limits/cut"]),
        ([picture(1, "水たまりに浮かぶ紙の船の写真")], ["alt/announces"]),
    ],
)
async def test_what_does_not_help_is_found(folder: Path, rows: list[dict[str, Any]], rules: list[str]) -> None:
    report, _ = await describe(rows)
    assert [finding.rule for finding in report.findings if finding.rule.split("/")[0] in ("alt", "limits")] == rules


async def test_who_does_not_see_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    brief = Brief("alt-text", sources=("boat.png",), model="offline")
    with pytest.raises(UsageError, match="alt-text needs a model that sees: offline has no eyes"):
        await write(Kit.load(history=False), brief)
    kit = Kit.load(history=False)
    kit.providers["fake"] = FakeProvider("x")
    monkeypatch.setattr(type(kit.catalogue), "info", lambda self, *_: ModelInfo("fake", "one", images=False))
    with pytest.raises(UsageError, match="needs a model with the ability 'images'"):
        await write(kit, Brief("alt-text", sources=("boat.png",), model="fake:one"))


async def test_pictures_go_where_somebody_looks_at_them(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"article reads texts; boat\.png is a picture"):
        await write(Kit.load(history=False), Brief("article", sources=("boat.png",), model="offline"))
    with pytest.raises(UsageError, match=r"needs pictures, and notes\.md is none"):
        await describe([picture(1, "x")], sources=("boat.png", "notes.md"))
    with pytest.raises(UsageError, match="needs pictures, and none was given"):
        await describe([picture(1, "x")], sources=())


def test_a_dry_run_shows_the_picture_by_name_and_size(folder: Path) -> None:
    words = ["write", "alt-text", "--from", "boat.png", "--model", "openai:gpt-4o", "--dry-run"]
    done = CliRunner().invoke(cli, words, env={"OPENAI_API_KEY": "none"})
    assert done.exit_code == 0, done.output
    assert "[image: boat.png, 64x48, 1 kB]" in done.output
    assert "Tokens of 1 image are a rough guess" in done.output
    assert "Nothing was sent." in done.output
