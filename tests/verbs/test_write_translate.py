"""Translations: part after part, held against the original, and never pretended."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeProvider

from contentkit.core.chat import Finish, Request
from contentkit.core.errors import UnreachableError, UsageError
from contentkit.core.model import ModelInfo
from contentkit.core.piece import Brief
from contentkit.core.report import Report
from contentkit.drafts.prepare import prepare
from contentkit.kit.kit import Kit
from contentkit.write import write

SECTION = "## Heading {0}\n\n" + "The ferry carries {0} cars over the bay. " * 40
LONG = "# The ferry\n\n" + "\n\n".join(SECTION.format(number) for number in range(10, 16))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "long.md").write_text(LONG, encoding="utf-8")
    (tmp_path / "short.md").write_text("The pier holds 12 cars, says {{first_name}}.\n", encoding="utf-8")
    return tmp_path


def kit_with(provider: FakeProvider) -> Kit:
    kit = Kit.load(history=False)
    kit.providers["fake"] = provider
    return kit


async def translate(
    *answers: Any, source: str = "short.md", language: str = "ja", **fields: Any
) -> tuple[Report, FakeProvider]:
    provider = FakeProvider(*answers)
    brief = Brief("translate", sources=(source,), language=language, fields=fields, model="fake:one")
    return await write(kit_with(provider), brief), provider


def german(request: Request) -> str:
    """A translator who knows these words: of what stands in the last tags."""
    text = re.findall(r"<text-\w+>\n(.*?)\n</text-\w+>", request.messages[-1].text, re.DOTALL)[-1]
    text = text.replace("The ferry carries", "Die Fähre trägt").replace("cars over the bay", "Autos über die Bucht")
    return str(text.replace("Heading", "Abschnitt").replace("The ferry", "Die Fähre"))


async def test_a_translation_that_keeps_everything(folder: Path) -> None:
    report, provider = await translate("{{first_name}} によると、桟橋には車が12台入ります。", glossary="pier, 桟橋")
    assert report.findings == ()
    assert report.language == "ja"
    assert "桟橋" in report.body
    assert "pier, 桟橋" in provider.requests[0].messages[1].text
    assert "日本語" in provider.requests[0].messages[0].text


async def test_a_lost_number_is_put_back_in_its_sentence_alone(folder: Path) -> None:
    mended = '{"passages": [{"number": 1, "text": "{{first_name}} によると、桟橋には車が12台入ります。"}]}'
    report, provider = await translate("{{first_name}} によると、桟橋には車が20台入ります。", mended)
    assert "'12' of the original is missing: 'The pier holds 12 cars" in provider.requests[1].messages[-1].text
    assert report.findings == ()
    assert report.body.strip() == "{{first_name}} によると、桟橋には車が12台入ります。"


async def test_a_long_text_is_given_in_parts_in_order(folder: Path) -> None:
    report, provider = await translate(german, source="long.md", language="de")
    assert len(provider.requests) == 3
    asked = [request.messages[1].text for request in provider.requests]
    assert "part 1 of" not in asked[0]
    assert "This is part 2 of 3 of one text." in asked[1]
    assert "The ferry carries 10 cars" not in asked[1], "a part is asked for once"
    assert "Die Fähre trägt 11 Autos über die Bucht." in asked[1], "the end of what is translated is shown"
    assert report.body.count("\n\n## Abschnitt") == 6
    assert [finding.rule for finding in report.findings] == []
    assert report.finish is Finish.STOP


async def test_what_came_before_a_failure_is_kept(folder: Path) -> None:
    report, _ = await translate(german, UnreachableError("the line went dead."), source="long.md", language="de")
    assert report.finish is Finish.ERROR
    assert "## Abschnitt 10" in report.body
    assert "## Abschnitt 15" not in report.body
    assert "part 2" in " ".join(finding.message for finding in report.findings)
    assert report.exit_code() == 3


async def test_a_small_window_makes_small_parts_and_nothing_is_condensed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = FakeProvider(german)
    kit = kit_with(provider)
    info = ModelInfo("fake", "one", context_window=3000)
    monkeypatch.setattr(type(kit.catalogue), "info", lambda self, vendor, name: info)
    brief = Brief("translate", sources=("long.md",), language="de", model="fake:one")
    prepared = await prepare(kit, brief)
    assert prepared.preflight().fits
    report = await write(kit, brief)
    assert len(provider.requests) == prepared.preflight().questions > 3
    assert report.body.count("Die Fähre trägt 15 Autos") == 40
    assert not any("condensed" in unit.reason for unit in report.coverage)


async def test_the_text_itself_can_be_given(folder: Path) -> None:
    provider = FakeProvider("Der Anleger ist zu.")
    brief = Brief("translate", "The pier is closed.", language="de", model="fake:one")
    report = await write(kit_with(provider), brief)
    assert report.body.strip() == "Der Anleger ist zu."
    assert "The pier is closed." in provider.requests[0].messages[-1].text


async def test_without_a_model_or_a_language_it_says_so(folder: Path) -> None:
    with pytest.raises(UsageError, match="translate needs a model that writes: offline only arranges") as error:
        await write(Kit.load(history=False), Brief("translate", sources=("short.md",), language="ja", model="offline"))
    assert (error.value.exit_code, "--model" in error.value.hint) == (2, True)
    with pytest.raises(UsageError, match="translate needs a language"):
        await translate("x", language="")
