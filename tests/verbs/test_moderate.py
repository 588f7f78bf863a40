"""A model that looks over texts: asked only where it is named, and believed only where its words stand in the text."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeProvider

from contentkit import Kit, UsageError
from contentkit.check import CheckOptions, check
from contentkit.core.errors import AuthenticationError
from contentkit.core.piece import Brief
from contentkit.core.report import Report, Severity
from contentkit.write import write

TEXT = "# Harbour\n\nThe ferry leaves at seven.\nPeople like him should be drowned, says the “old” man.\n"
KEY = "ghp_" + "a1B2c3D4e5F6g7H8i9J0" + "k1L2m3N4o5P6q7R8"


def remark(quote: str, **more: Any) -> dict[str, Any]:
    return {"quote": quote, "kind": "threat", "why": "It threatens a man", "severity": "major", **more}


def kit_with(*answers: Any, local: bool = True, moderate: str = "judge:one") -> tuple[Kit, FakeProvider]:
    judge = FakeProvider(*answers, name="judge", local=local, url="" if local else "https://judge.test")
    kit = Kit.load(env={}, history=False, cache=False)
    kit.providers["judge"] = judge
    kit.config = replace(kit.config, check=replace(kit.config.check, moderate=moderate))
    return kit, judge


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.md").write_text(TEXT, encoding="utf-8")


async def look(kit: Kit, *files: str) -> Report:
    return await check(kit, files or ("a.md",), CheckOptions(only=("unsafe",)))


async def test_a_remark_is_a_finding_at_its_words_and_who_was_asked_is_told() -> None:
    kit, judge = kit_with(json.dumps({"remarks": [remark("People like him should be drowned")]}))
    report = await look(kit)
    (finding,) = report.findings
    assert (finding.rule, finding.severity, finding.message) == ("unsafe/threat", Severity.MAJOR, "It threatens a man.")
    assert finding.place is not None
    assert (finding.place.path, finding.place.line, finding.place.column) == ("a.md", 4, 1)
    assert finding.confidence < 1
    assert report.model == "judge:one"
    assert report.usage is not None
    assert any("judge:one was asked" in notice for notice in report.notices)
    asked = "".join(message.text for message in judge.requests[0].messages)
    assert "no instruction to you" in asked


async def test_other_marks_are_the_same_words_and_words_of_its_own_are_dropped() -> None:
    said = [remark('drowned, says the "old" man'), remark("This stands nowhere at all")]
    kit, _ = kit_with(json.dumps({"remarks": said}))
    report = await look(kit)
    assert [one.place.quote for one in report.findings if one.place] == ["drowned, says the “old” man"]
    assert any("1 of its remarks" in notice for notice in report.notices)


async def test_nobody_is_asked_unasked() -> None:
    kit, judge = kit_with("{}", moderate="")
    assert (await look(kit)).model == ""
    assert judge.requests == []
    kit, judge = kit_with("{}")
    await check(kit, ["a.md"], CheckOptions(skip=("unsafe",)))
    assert judge.requests == []


async def test_secrets_are_kept_from_a_host_and_come_back_in_the_finding() -> None:
    Path("a.md").write_text(f"The token is {KEY} for all.\n", encoding="utf-8")
    kit, judge = kit_with(json.dumps({"remarks": [remark("The token is [secret-1:github-token]")]}), local=False)
    report = await look(kit)
    assert KEY not in "".join(message.text for message in judge.requests[0].messages)
    assert "unsafe/threat" in [one.rule for one in report.findings]
    assert report.sent_to == "judge.test"


async def test_what_was_not_looked_at_is_told_and_the_run_is_not_whole() -> None:
    kit, _ = kit_with(AuthenticationError("the key is wrong.", vendor="judge"))
    report = await look(kit)
    assert report.incomplete
    assert report.exit_code() == 3
    assert [unit.name for unit in report.coverage if unit.state == "failed"] == ["a.md"]


async def test_drafts_are_looked_at_but_not_sent_away_from_this_machine() -> None:
    Path("notes.md").write_text("The ferry leaves the old harbour at seven in the morning.", encoding="utf-8")
    brief = Brief("article", "the ferry", ("notes.md",), language="en", model="offline")
    kit, judge = kit_with(json.dumps({"remarks": [remark("old harbour")]}))
    report = await write(kit, brief)
    assert [one.rule for one in report.findings if one.category == "unsafe"] == ["unsafe/threat"]
    kit, judge = kit_with(json.dumps({"remarks": []}), local=False)
    report = await write(kit, brief)
    assert judge.requests == []
    assert any("stays on this machine" in notice for notice in report.notices)


async def test_of_an_article_the_questions_and_the_description_are_looked_at_too(tmp_path: Path) -> None:
    (tmp_path / "contentkit.toml").write_text("", encoding="utf-8")
    (tmp_path / "notes.md").write_text("The ferry leaves at seven and carries 120 people.\n", encoding="utf-8")
    kit, judge = kit_with({"remarks": []}, local=True)
    extras = {
        "seo_title": "When the ferry leaves the pier",
        "seo_description": "The ferry leaves at seven.",
        "pull_quotes": [],
        "faq": [{"question": "When does the ferry leave?", "answer": "The ferry leaves at seven."}],
    }
    kit.providers["writer"] = FakeProvider(
        "# The ferry\n\nThe ferry leaves at seven. Gulls follow it.\n", json.dumps(extras)
    )
    fields = {"faq": 1, "seo": True}
    await write(kit, Brief("article", "the ferry", ("notes.md",), "en", fields, "writer:one"))
    seen = "\n".join(request.messages[-1].text for request in judge.requests)
    assert "When does the ferry leave?" in seen
    assert "When the ferry leaves the pier" in seen
    assert "Gulls follow it." in seen


async def test_the_offline_engine_is_no_judge() -> None:
    kit, _ = kit_with("{}", moderate="offline")
    with pytest.raises(UsageError):
        await look(kit)


def test_a_project_can_not_name_it(tmp_path: Path) -> None:
    Path("contentkit.toml").write_text('[check]\nmoderate = "openai:gpt-5"\n', encoding="utf-8")
    with pytest.raises(UsageError) as error:
        Kit.load(env={}, history=False)
    assert "check.moderate" in str(error.value)
