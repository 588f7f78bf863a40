"""Every format with room for metadata tells how a text was made, and no format says it of what a person wrote."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from fakes import FakeProvider
from hypothesis import given
from hypothesis import strategies as st

from contentkit.commands.report import command
from contentkit.core.disclosure import IPTC, Disclosure, signed, statement
from contentkit.core.errors import UsageError
from contentkit.core.piece import Brief
from contentkit.core.report import Report
from contentkit.kit.config import load
from contentkit.kit.kit import Kit
from contentkit.reports import _disclosure, html, markdown, vtt
from contentkit.reports import json as json_report
from contentkit.write import write

DRAFT = Report(
    "article",
    "# Bread\n\nFlour and time.",
    model="anthropic:claude",
    answered_by="claude-2026",
    created="2026-11-22T09:30:00+00:00",
)


class Head(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.told: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "meta" and (name := given.get("name") or given.get("property")):
            self.told[name] = given.get("content") or ""


def test_a_draft_of_a_model_is_marked_in_each_format() -> None:
    said = "Written by a language model (anthropic:claude, answered by claude-2026) on 2026-11-22."
    assert f"disclosure: {said} No review by a person is recorded." in markdown.render(DRAFT)
    told = Head(html.render(DRAFT)).told
    assert told["disclosure"].startswith(said)
    assert told["digital-source-type"] == IPTC
    assert told["schema:digitalSourceType"] == "https://schema.org/TrainedAlgorithmicMediaDigitalSource"
    assert told["schema:dateCreated"] == "2026-11-22T09:30:00+00:00"
    data = json.loads(json_report.render(DRAFT))["disclosure"]
    assert data["statement"].startswith(said)
    assert data["digital_source_type"] == IPTC
    assert _disclosure.core_properties(DRAFT)["comments"].startswith(said)


def test_subtitles_for_the_web_tell_it_in_a_note() -> None:
    scene = {
        "start": 0,
        "seconds": 8,
        "video": "A ferry",
        "audio": "VO: The ferry leaves the harbour.",
        "on_screen": "",
    }
    film = replace(DRAFT, kind="video-script", fields={"scenes": [scene]}, language="en", model="x:a-->b")
    lines = vtt.render(film).split("\n")
    assert lines[:2] == ["WEBVTT", ""]
    assert lines[2].startswith("NOTE Written by a language model (x:a- ->b, answered by claude-2026)")
    assert lines[3] == ""
    assert "-->" in lines[4]
    assert "NOTE" not in vtt.render(replace(film, disclosure=Disclosure(mark=False)))


def test_an_offline_draft_says_that_no_model_wrote_it() -> None:
    draft = replace(DRAFT, model="offline:draft", answered_by="offline")
    assert statement(draft).startswith("No model; arranged from the sources by contentkit on 2026-11-22.")
    told = Head(html.render(draft)).told
    assert "digital-source-type" not in told
    assert "schema:digitalSourceType" not in told
    assert "model" not in told


def test_a_review_is_told_with_its_day_and_only_once_it_was_done() -> None:
    named = replace(DRAFT, disclosure=Disclosure(reviewer="Aiko Tanaka"))
    assert statement(named).endswith("To be reviewed by Aiko Tanaka.")
    assert "last_modified_by" not in _disclosure.core_properties(named)
    done = signed(named, "Ben  Ito", "2026-12-01")
    assert statement(done).endswith("Reviewed by Ben Ito on 2026-12-01.")
    assert Head(html.render(done)).told["reviewed"] == "2026-12-01"
    assert _disclosure.core_properties(done)["last_modified_by"] == "Ben Ito"


@pytest.mark.parametrize(
    "report",
    [
        replace(DRAFT, model=""),
        replace(DRAFT, kind="review"),
        replace(DRAFT, disclosure=Disclosure(mark=False, reviewer="Ben")),
    ],
)
def test_what_no_model_wrote_and_what_the_policy_leaves_out_is_not_marked(report: Report) -> None:
    assert statement(report) == ""
    assert "digital-source-type" not in html.render(report)
    assert not _disclosure.core_properties(report)
    if report.kind != "review":
        assert "disclosure" not in markdown.render(report)


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_name_breaks_out_of_its_format(model: str, reviewer: str) -> None:
    report = replace(DRAFT, model=f"x:{model}", disclosure=Disclosure(reviewer=reviewer + "--><script>"))
    assert "--" not in _disclosure.comment(report)
    assert "\n" not in _disclosure.comment(report)
    page = html.render(report)
    assert "<script" not in page
    assert Head(page).told["schema:dateCreated"] == DRAFT.created
    assert markdown.render(report).count("-->") == 1


@pytest.mark.parametrize(
    ("language", "model", "line"),
    [
        ("en", "fake:one", "*Written with the help of a language model (fake:one, answered by fake-1).*"),
        ("ja", "fake:one", "*この文章は言語モデル（fake:one, answered by fake-1）を使って作成しました。*"),
        ("en", "offline", "*Arranged from its sources by a program, without a language model.*"),
    ],
)
async def test_the_visible_line_stands_under_the_text_only_when_it_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, model: str, line: str
) -> None:
    monkeypatch.chdir(tmp_path)
    notes = tmp_path / "notes.md"
    notes.write_text("# The ferry\n\nThe ferry leaves the old harbour at 7:40 every morning.\n", encoding="utf-8")
    brief = Brief("article", "the ferry", (str(notes),), language, model=model)
    for settings, wanted in (("", False), ("[disclosure]\nvisible = true\n", True)):
        (tmp_path / "contentkit.toml").write_text(settings, encoding="utf-8")
        kit = Kit.load()
        kit.providers["fake"] = FakeProvider("# The ferry\n\nThe ferry leaves the old harbour every morning.")
        report = await write(kit, brief)
        assert report.body.endswith(f"\n\n{line}\n") == wanted


def test_a_project_can_not_take_away_what_the_user_asks_for(tmp_path: Path) -> None:
    user = tmp_path / "user.toml"
    user.write_text('[disclosure]\nmark = true\nreviewer = "Ann"\n', encoding="utf-8")
    (tmp_path / "contentkit.toml").write_text("[disclosure]\nmark = false\nvisible = true\n", encoding="utf-8")
    assert load(tmp_path, {"CONTENTKIT_CONFIG": str(user)}).disclosure == Disclosure(True, True, "Ann")
    user.write_text("", encoding="utf-8")
    assert not load(tmp_path, {"CONTENTKIT_CONFIG": str(user)}).disclosure.mark


def test_a_saved_draft_is_signed_by_its_reviewer(tmp_path: Path) -> None:
    path = tmp_path / "draft.json"
    path.write_text(json_report.render(replace(DRAFT, disclosure=Disclosure(mark=False))), encoding="utf-8")
    done = CliRunner().invoke(command, [str(path), "--format", "json", "--reviewer", "Ben Ito"])
    told = json.loads(done.stdout)["disclosure"]
    assert told["reviewer"] == "Ben Ito"
    assert told["reviewed"] in told["statement"]
    path.write_text(json_report.render(Report("review", "")), encoding="utf-8")
    with pytest.raises(UsageError, match="--reviewer"):
        CliRunner().invoke(command, [str(path), "--reviewer", "Ben"], catch_exceptions=False)
