"""``refine``: a draft of the history and a wish, with a provider that says what the test tells it to."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fakes import Answer, FakeProvider

from contentkit.core.chat import Request
from contentkit.core.errors import UsageError
from contentkit.core.piece import Brief
from contentkit.core.report import Report
from contentkit.kit.kit import Kit
from contentkit.kit.manner import manner_of
from contentkit.refine import Wish, refine
from contentkit.write import write, write_variants

NOTES = "The ferry leaves the old harbour at 7:40 every morning. It carries 120 people and twelve cars.\n"
LONG = "# The ferry\n\nThe ferry leaves the old harbour at 7:40 every morning, and it carries 120 people."
SHORT = "# The ferry\n\nIt leaves at 7:40 with 120 people."
TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"


@pytest.fixture(autouse=True)
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "notes.md"
    path.write_text(NOTES, encoding="utf-8")
    return path


def kit_with(*answers: Answer | Callable[[Request], Answer], **settings: Any) -> tuple[Kit, FakeProvider]:
    provider = FakeProvider(*answers, **settings)
    kit = Kit.load()
    kit.providers["fake"] = provider
    return kit, provider


async def drafted(kit: Kit, kind: str = "article", **fields: Any) -> Report:
    brief = Brief(kind, "The ferry", ("notes.md",), fields=fields, model="fake:one")
    return await write(kit, brief)


def said(request: Request) -> str:
    return "\n".join(message.text for message in request.messages)


async def test_the_draft_the_wish_and_the_remembered_brief_are_asked_and_the_new_run_knows_its_parent() -> None:
    kit, provider = kit_with(LONG, SHORT)
    draft = await drafted(kit, tone="plain", audience="tourists")
    assert kit.history is not None
    report = await refine(kit, kit.history.show(draft.id), Wish("shorter, warmer"))
    asked = said(provider.requests[-1])
    assert "shorter, warmer" in asked
    assert LONG in asked
    assert "twelve cars" in asked
    assert "Reader: tourists" in asked
    assert (report.body.strip(), report.kind, report.parent) == (SHORT, "article", draft.id)
    assert report.sources == ("notes.md",)
    runs = kit.history.list()
    assert [(run.id, run.parent) for run in runs] == [(report.id, draft.id), (draft.id, "")]
    again = await refine(kit, kit.history.show(report.id), Wish("warmer"))
    assert "Reader: tourists" in said(provider.requests[-1])
    assert again.parent == report.id
    assert "nothing was changed" in again.notices


async def test_a_structured_kind_keeps_its_schema_and_its_limits() -> None:
    one = {"posts": [{"platform": "x", "text": "Ferry at 7:40.", "hashtags": [], "alt_text": ""}]}
    long = {"posts": [{**one["posts"][0], "text": "The ferry leaves at 7:40. " * 20}]}
    kit, provider = kit_with(json.dumps(one), json.dumps(long), json.dumps({"passages": []}))
    draft = await drafted(kit, "social", platforms=["x"])
    report = await refine(kit, draft, Wish("longer"))
    assert provider.requests[1].schema is not None
    assert provider.requests[1].schema.name == "social"
    assert '"text": "Ferry at 7:40."' in said(provider.requests[1])
    assert report.fields["posts"][0]["text"] == ("The ferry leaves at 7:40. " * 10).strip()
    assert any(finding.rule == "limits/cut" for finding in report.findings)


async def test_a_source_that_changed_or_went_is_left_out_and_told(notes: Path) -> None:
    kit, provider = kit_with(LONG, SHORT)
    draft = await drafted(kit)
    notes.write_text("Quite another text about trains.\n", encoding="utf-8")
    report = await refine(kit, draft, Wish("shorter"))
    assert "trains" not in said(provider.requests[-1])
    assert any("notes.md is left out: it has changed" in notice for notice in report.notices)
    assert report.sources == ()
    await refine(kit, draft, Wish("shorter", sources=("notes.md",)))
    assert "trains" in said(provider.requests[-1])
    notes.unlink()
    report = await refine(kit, draft, Wish("shorter"))
    assert any("notes.md is left out" in notice for notice in report.notices)


async def test_a_secret_that_the_history_masked_is_neither_sent_nor_restored(notes: Path) -> None:
    notes.write_text(f"The token is {TOKEN}, and the ferry leaves at 7:40.\n", encoding="utf-8")
    with_secret = lambda request: "# Ferry\n\nLog in with [secret-1:github-token] at 7:40."  # noqa: E731
    kit, provider = kit_with(
        with_secret, lambda request: "Log in with [github-token].", local=False, url="https://a.test"
    )
    draft = await drafted(kit)
    assert TOKEN in draft.body
    assert kit.history is not None
    kept = kit.history.show(draft.id)
    assert TOKEN not in kept.body
    assert kit.history.run(draft.id).masked
    notes.unlink()
    report = await refine(kit, kept, Wish(f"shorter; my key is {TOKEN}", masked=True))
    assert all(TOKEN not in said(request) for request in provider.requests)
    assert report.body.strip() == "Log in with [github-token]."
    assert any("masked" in notice for notice in report.notices)


async def test_without_a_model_it_says_so_in_a_sentence() -> None:
    kit = Kit.load()
    draft = await write(kit, Brief("article", "Ferry", ("notes.md",), model="offline"))
    with pytest.raises(UsageError) as error:
        await refine(kit, draft, Wish("shorter", model="offline"))
    assert "Without a model a draft can't be refined" in str(error.value)
    with pytest.raises(UsageError, match="the result of a review"):
        await refine(kit, Report("review", "", id="12"), Wish("shorter"))
    with pytest.raises(UsageError, match="not there any more"):
        await refine(kit, Report("sonnet", "x", id="12"), Wish("shorter"))


async def test_japanese_is_asked_in_japanese(notes: Path) -> None:
    notes.write_text("渡し船は毎朝7時40分に港を出ます。120人が乗れます。\n", encoding="utf-8")
    kit, provider = kit_with("# 渡し船\n\n渡し船は毎朝7時40分に港を出ます。", "# 渡し船\n\n朝の船です。")
    draft = await write(kit, Brief("article", "渡し船", ("notes.md",), model="fake:one"))
    await refine(kit, draft, Wish("もっと短く"))
    assert "希望: もっと短く" in said(provider.requests[-1])


async def test_variants_are_one_series_of_which_one_is_picked() -> None:
    kit, _ = kit_with(LONG, SHORT)
    brief = Brief("article", "The ferry", ("notes.md",), model="fake:one")
    reports = [report async for report in write_variants(kit, brief, 3)]
    assert kit.history is not None
    assert len({report.series for report in reports}) == 1
    assert [report.variant for report in reports] == [1, 2, 3]
    assert [run.id for run in kit.history.last_series()] == [report.id for report in reports]
    kit.history.pick([reports[0].id])
    kit.history.pick([reports[1].id])
    assert [run.picked for run in kit.history.last_series()] == [False, True, False]
    with pytest.raises(UsageError):
        kit.history.pick([reports[0].id, "zz"])
    assert [run.picked for run in kit.history.last_series()] == [False, True, False]


def remembered(**files: Path) -> Brief:
    manner = manner_of(*map(files.get, ("style", "profile", "voice")))
    fields = {"voice": files["voice"].read_text(encoding="utf-8")} if "voice" in files else {}
    return Brief("article", "The ferry", ("notes.md",), fields=fields, model="fake:one", manner=manner)


GUIDE = '[forbid]\n"vessel" = "say ferry"\n'


async def test_the_style_guide_and_the_voice_of_then_hold_again(notes: Path) -> None:
    guide, sample = Path("house.toml"), Path("me.txt")
    guide.write_text(GUIDE, encoding="utf-8")
    sample.write_text("I like it short. I say so.", encoding="utf-8")
    kit, provider = kit_with(LONG, SHORT.replace("It leaves", "The vessel leaves"), SHORT, SHORT, SHORT)
    draft = await write(kit, remembered(style=guide, voice=sample))
    assert kit.history is not None
    kept = kit.history.show(draft.id)
    assert "I like it short" not in str(kept), "the history keeps the path of a sample, and no copy"
    report = await refine(kit, kept, Wish("shorter"))
    first = provider.requests[1]
    assert "vessel" in said(first)
    assert "I like it short. I say so." in said(first)
    assert "style/forbidden" in {finding.rule for finding in report.findings}, "and the draft was held against it"
    assert "house.toml" not in " ".join(report.notices), "nothing has changed"
    assert report.manner == draft.manner, "and so it goes on"

    guide.write_text('[forbid]\n"boat" = "say ferry"\n', encoding="utf-8")
    sample.unlink()
    again = await refine(kit, kit.history.show(report.id), Wish("shorter still"))
    last = said(provider.requests[-1])
    assert "boat" in last
    assert "I like it short" not in last
    told = " ".join(again.notices)
    assert "the style guide house.toml has changed since the draft was written; it is used as it is now" in told
    assert "the sample of the voice me.txt is not used: it is not there any more (--voice names one)" in told


async def test_a_voice_that_is_named_anew_takes_the_place_of_the_one_of_then(notes: Path) -> None:
    old, new = Path("old.txt"), Path("new.txt")
    old.write_text("Old words of mine.", encoding="utf-8")
    new.write_text("New words of mine.", encoding="utf-8")
    kit, provider = kit_with(LONG, SHORT)
    draft = await write(kit, remembered(voice=old))
    report = await refine(kit, draft, Wish("shorter", manner=manner_of(None, None, new)))
    assert "New words of mine." in said(provider.requests[-1])
    assert "Old words of mine." not in said(provider.requests[-1])
    assert report.manner["voice"]["path"] == "new.txt"
