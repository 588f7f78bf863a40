"""Drafts scored by checks, by a rubric, and against another draft in both orders."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from fakes import FakeProvider

from contentkit import Kit, UsageError
from contentkit.core.chat import Done, Finish, TextDelta, Usage
from contentkit.core.errors import QuotaError
from contentkit.scores.grade import cases, grade
from contentkit.scores.prefer import Judge, Preference

NOTES = "The ferry leaves the old harbour at 7:40 and carries 120 people over the water every day of the year.\n"
CASES = """
[[case]]
id = "one"
kind = "article"
topic = "the ferry"
language = "en"
sources = ["notes.md"]
fields = {length = 120}
contains = ["120  PEOPLE"]
lacks = ["marvel"]
least = 5
most = 60
rubric = ["It names the harbour.", "It tells the price."]
reference = "reference.md"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "notes.md").write_text(NOTES, encoding="utf-8")
    (tmp_path / "reference.md").write_text("# The ferry\n\nA ferry sails.\n", encoding="utf-8")
    path = tmp_path / "cases.toml"
    path.write_text(CASES, encoding="utf-8")
    return path


def kit_with(*answers: object) -> tuple[Kit, FakeProvider]:
    kit, provider = Kit.load(history=False), FakeProvider(*answers)  # type: ignore[arg-type]
    kit.providers["fake"] = provider
    return kit, provider


def rubric(*met: bool) -> str:
    rows = [{"number": number, "reason": "", "met": each} for number, each in enumerate(met, 1)]
    return json.dumps({"criteria": rows})


def better(which: str) -> str:
    return json.dumps({"reason": "so", "better": which})


async def test_the_score_is_the_share_of_what_was_met(file: Path) -> None:
    grades = await grade(Kit.load(history=False), cases(file), "offline")
    (outcome,) = grades.outcomes
    names = {verdict.name for verdict in outcome.verdicts}
    assert {"contains '120  PEOPLE'", "lacks 'marvel'", "length at least 5", "checks", "whole"} <= names
    assert outcome.score == grades.score == 1.0
    file.write_text(CASES.replace("marvel", "harbour"), encoding="utf-8")
    (worse,) = (await grade(Kit.load(history=False), cases(file), "offline")).outcomes
    assert [verdict.name for verdict in worse.verdicts if not verdict.met] == ["lacks 'harbour'"]
    assert worse.score == pytest.approx(1 - 1 / len(worse.verdicts))


async def test_a_judge_sees_the_draft_as_data_and_answers_by_number(file: Path) -> None:
    kit, provider = kit_with(rubric(True, False), better("first"), better("second"))
    judge = Judge.of(kit, kit.target("fake:one"))
    (outcome,) = (await grade(kit, cases(file), "offline", judge)).outcomes
    assert [verdict.met for verdict in outcome.judged] == [True, False]
    assert outcome.judged_score == 0.5
    assert outcome.preference is Preference.FIRST
    assert "2. It tells the price." in provider.requests[0].messages[-1].text


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (("first", "second"), Preference.FIRST),
        (("second", "first"), Preference.SECOND),
        (("first", "first"), Preference.SWAYED),
        (("second", "second"), Preference.SWAYED),
        (("tie", "tie"), Preference.TIE),
        (("tie", "first"), Preference.TIE),
    ],
)
async def test_each_pair_is_asked_in_both_orders(answers: Sequence[str], said: Preference) -> None:
    kit, provider = kit_with(*map(better, answers))
    judge = Judge.of(kit, kit.target("fake:one"))
    assert await judge.prefer("AAA {{ 1+1 }}", "BBB") is said
    one, other = (request.messages[-1].text for request in provider.requests)
    assert one.index("AAA") < one.index("BBB")
    assert other.index("BBB") < other.index("AAA")
    assert "{{ 1+1 }}" in one


async def test_secrets_of_a_draft_are_hidden_from_a_hosted_judge() -> None:
    token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    kit = Kit.load(history=False)
    kit.providers["fake"] = provider = FakeProvider(rubric(True), local=False, url="https://vendor.example/v1")
    await Judge.of(kit, kit.target("fake:one")).by_rubric(f"The token is {token}.", ["It is there."])
    assert token not in repr(provider.requests)


async def test_a_case_that_fails_is_named_and_in_no_figure(file: Path) -> None:
    file.write_text(CASES + CASES.replace('"one"', '"two"').replace("notes.md", "gone.md"), encoding="utf-8")
    grades = await grade(Kit.load(history=False), cases(file), "offline")
    assert [bool(outcome.error) for outcome in grades.outcomes] == [False, True]
    assert "gone.md" in grades.outcomes[1].error
    assert grades.score == 1.0


async def test_a_draft_that_could_not_be_judged_is_paid_for_all_the_same(file: Path) -> None:
    """Else the cases after it could spend its money once more."""
    draft = [TextDelta("# The ferry\n\nIt carries 120 people."), Usage(10, 10, cost=0.6), Done(Finish.STOP)]
    kit = Kit.load(history=False)
    kit.providers["fake"] = FakeProvider(
        draft, QuotaError("no money left"), local=False, url="https://vendor.example/v1"
    )
    judge = Judge.of(kit, kit.target("fake:one"))
    (outcome,) = (await grade(kit, cases(file), "fake:one", judge)).outcomes
    assert outcome.cost == pytest.approx(0.6)
    assert "it can't be judged" in outcome.error
    assert "no money left" in outcome.error


async def test_a_fault_of_a_plugin_in_one_case_loses_none_of_the_others(file: Path) -> None:
    file.write_text(CASES + CASES.replace('"one"', '"two"'), encoding="utf-8")
    kit, _ = kit_with(ZeroDivisionError("a plugin's"), "# The ferry\n\nIt carries 120 people over the water.")
    grades = await grade(kit, cases(file), "fake:one")
    assert [outcome.error for outcome in grades.outcomes] == ["internal error (ZeroDivisionError: a plugin's)", ""]


async def test_a_bound_holds_for_all_cases_together(file: Path) -> None:
    kit = Kit.load(history=False)
    kit.providers["fake"] = provider = FakeProvider("never", local=False, url="https://vendor.example/v1")
    grades = await grade(kit, cases(file), "fake:one", max_cost=0.0)
    assert "over the bound of cost" in grades.outcomes[0].error
    assert provider.requests == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind = "article"', 'kynd = "article"', "kind"),
        ('kind = "article"', "", "kind"),
        ('["marvel"]', '"marvel"', "list of texts"),
        ("least = 5", "least = true", "whole number"),
        ("fields = {length = 120}", "fields = 3", "table"),
        ("reference.md", "nowhere.md", "nowhere.md can't be read (No such file or directory)"),
        ("[[case]]", "[[cases]]", "[[case]]"),
    ],
)
def test_a_wrong_file_is_one_sentence(file: Path, old: str, new: str, said: str) -> None:
    file.write_text(CASES.replace(old, new), encoding="utf-8")
    with pytest.raises(UsageError) as error:
        cases(file)
    assert said in str(error.value)


def test_ids_are_unique_and_known(file: Path) -> None:
    with pytest.raises(UsageError, match="one"):
        cases(file, ["onee"])
    file.write_text(CASES + CASES, encoding="utf-8")
    with pytest.raises(UsageError, match="two cases"):
        cases(file)
