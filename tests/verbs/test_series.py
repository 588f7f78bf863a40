"""``--emails N``: a plan, then each email in sight of it and of those before; without a model as many as there is
material for."""

from __future__ import annotations

import json
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from fakes import Answer, FakeProvider

from contentkit.cli import cli
from contentkit.core.chat import Done, Finish, Notice, Request, TextDelta
from contentkit.core.errors import QuotaError, UsageError
from contentkit.core.piece import Brief
from contentkit.core.report import Report, Severity
from contentkit.drafts.prepare import prepare
from contentkit.kit.kit import Kit
from contentkit.write import write

NOTES = """# The ferry

The ferry leaves the old harbour at 7:40 every morning. The crossing takes 35 minutes in calm weather.

## Tickets

Tickets cost four euros on board. Children under six travel free of charge on every crossing.

## Winter

In winter the ferry sails only on weekdays. The harbour office clears the ice before the first crossing.
"""
NOTES_JA = """# 渡し船

渡し船は毎朝七時四十分に古い港を出ます。波が静かな日は、向こう岸まで三十五分で着きます。

## 切符

切符は船の上で一枚四ユーロで買えます。六歳未満の子どもは、いつでも無料で乗れます。

## 冬

冬のあいだ、船は平日だけ動きます。港の事務所は、始発の前に氷を取り除きます。
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.md").write_text(NOTES, encoding="utf-8")
    return tmp_path


MESSAGES = ("It leaves early.", "Tickets are cheap.", "Winter differs.")


def plan(*days: int) -> str:
    rows = [
        {"day": day, "purpose": f"purpose {at}", "message": MESSAGES[at], "points": [f"point {at}"], "call": f"Do {at}"}
        for at, day in enumerate(days)
    ]
    return json.dumps({"summary": "From the news to a seat.", "emails": rows})


def mail(subject: str, body: str, call: str) -> str:
    fields = {"subject": subject, "preheader": f"What to know first, and then: {call.lower()}", "body": body}
    return json.dumps({**fields, "call_to_action": call, "signature": "The harbour office"})


FIRST = mail("The first ferry leaves at 7:40", "Hello {{first_name}},\n\nthe ferry leaves at 7:40.", "Note the time")
SECOND = mail("A ticket costs four euros", "Hello {{first_name}},\n\ntickets cost four euros on board.", "Buy a ticket")
THIRD = mail(
    "The ferry in winter: weekdays", "Hello {{first_name}},\n\nin winter it sails on weekdays.", "See the days"
)


def kit_with(*answers: Answer | Callable[[Request], Answer]) -> tuple[Kit, FakeProvider]:
    provider = FakeProvider(*answers)
    kit = Kit.load()
    kit.providers["fake"] = provider
    return kit, provider


def brief(emails: int, **fields: Any) -> Brief:
    return Brief("email", "the ferry", ("notes.md",), "en", {"emails": emails, **fields}, "fake:one")


def subjects(report: Report) -> list[str]:
    return [row["subject"] for row in report.fields["emails"]]


async def test_a_plan_comes_first_and_each_email_sees_it_and_those_before() -> None:
    kit, provider = kit_with(plan(0, 4, 9), FIRST, SECOND, THIRD)
    told: list[str] = []
    report = await write(
        kit, brief(3), listen=lambda event: told.append(event.message) if isinstance(event, Notice) else None
    )
    assert [row["day"] for row in report.fields["emails"]] == [0, 4, 9]
    assert subjects(report) == [json.loads(one)["subject"] for one in (FIRST, SECOND, THIRD)]
    assert not [finding for finding in report.findings if finding.severity is not Severity.INFO]
    assert "## 2 of 3, day 4" in report.body
    asked = [request.messages[-1].text for request in provider.requests]
    assert len(asked) == 4
    assert "exactly 3 emails" in asked[0]
    assert "Email 2 of 3, day 4: Tickets are cheap." in asked[2]
    assert "the ferry leaves at 7:40" in asked[2]
    assert "tickets cost four euros" not in asked[1]
    assert all("3. day 9: Winter differs." in text.replace(" (this one)", "") for text in asked[1:])
    assert "planning 3 emails first" in told
    assert "2 of 3, day 4: Tickets are cheap." in told
    schema = provider.requests[0].schema
    assert schema is not None
    assert schema.body["properties"]["emails"]["minItems"] == 3


async def test_one_email_is_asked_for_as_ever() -> None:
    kit, provider = kit_with(FIRST)
    report = await write(kit, brief(1))
    assert len(provider.requests) == 1
    assert report.fields == json.loads(FIRST)
    assert report.body.startswith("**Subject:**")


async def test_days_that_do_not_go_up_are_put_right() -> None:
    kit, _ = kit_with(plan(3, 3, 1), FIRST, SECOND, THIRD)
    report = await write(kit, brief(3))
    assert [row["day"] for row in report.fields["emails"]] == [0, 3, 7]


async def test_an_email_that_repeats_another_is_written_anew_alone() -> None:
    same = "The ferry leaves the old harbour at 7:40 every morning of the year."
    first = mail("The first ferry leaves at 7:40", f"Hello,\n\n{same}", "Note the time")
    again = mail("A ticket costs four euros", f"Hello,\n\n{same} Tickets cost four euros.", "Buy a ticket")

    def mended(request: Request) -> str:
        text = request.messages[-1].text
        assert "no other email says" in text
        assert "The crossing" not in text.split("The passages.")[1]
        return json.dumps({"passages": [{"number": 1, "text": "Each seat has its price."}]})

    kit, provider = kit_with(plan(0, 3), first, again, mended)
    report = await write(kit, brief(2))
    assert len(provider.requests) == 4
    rows = report.fields["emails"]
    assert rows[0] == {"day": 0, **json.loads(first)}
    assert rows[1]["body"] == "Hello,\n\nEach seat has its price. Tickets cost four euros."
    assert rows[1]["subject"] == "A ticket costs four euros"
    assert not [finding for finding in report.findings if finding.rule.startswith("email/same")]


async def test_what_was_written_before_a_failure_is_kept() -> None:
    kit, _ = kit_with(plan(0, 3, 7), FIRST, SECOND, QuotaError("no more today", vendor="fake", model="one"))
    report = await write(kit, brief(3))
    assert subjects(report) == ["The first ferry leaves at 7:40", "A ticket costs four euros"]
    assert report.finish is Finish.ERROR
    assert {"answer/error", "email/fewer"} <= {finding.rule for finding in report.findings}
    assert report.exit_code() == 3
    kit, _ = kit_with(plan(0, 3), QuotaError("no more today", vendor="fake", model="one"))
    with pytest.raises(QuotaError):
        await write(kit, brief(2))


async def test_a_plan_that_breaks_off_is_no_series() -> None:
    kit, provider = kit_with([TextDelta('{"summary": "x"'), Done(Finish.REFUSAL)])
    report = await write(kit, brief(2))
    assert report.finish is Finish.REFUSAL
    assert len(provider.requests) == 1


async def test_the_price_is_that_of_all_questions() -> None:
    kit, _ = kit_with(plan(0, 3, 7))
    prepared = await prepare(kit, brief(5))
    assert prepared.preflight().questions == 6
    assert prepared.expected > 4 * (await prepare(kit, brief(1))).expected
    assert "exactly 5 emails" in prepared.messages[-1].text


async def test_limits_hold_in_every_email() -> None:
    long = mail("A subject that goes on and on, far longer than any list of mails would show it", "Hello.", "Go")
    kit, _ = kit_with(plan(0, 3), FIRST, long)
    report = await write(kit, brief(2))
    places = [finding.place.path for finding in report.findings if finding.place and finding.rule.startswith("limits/")]
    assert "emails[1].subject" in places


@pytest.mark.parametrize("number", ["0", "13", "many"])
def test_how_many_is_bounded(number: str) -> None:
    with pytest.raises((UsageError, click.BadParameter), match=r"emails|valid integer"):
        CliRunner().invoke(
            cli, ["write", "email", "x", "--emails", number, "--model", "offline"], standalone_mode=False,
            catch_exceptions=False,
        )  # fmt: skip


# Without a model


def offline(notes: str, emails: int, *more: str) -> Report:
    import asyncio

    Path("notes.md").write_text(notes, encoding="utf-8")
    fields = {"emails": emails, "recipient": "{{first_name}}"}
    return asyncio.run(write(Kit.load(), Brief("email", "", ("notes.md",), fields=fields, model="offline")))


@pytest.mark.parametrize(("notes", "language"), [(NOTES, "en"), (NOTES_JA, "ja")])
def test_offline_each_email_has_its_own_part_of_the_material(notes: str, language: str) -> None:
    report = offline(notes, 3)
    assert report.language == language
    bodies = [row["body"] for row in report.fields["emails"]]
    assert [row["day"] for row in report.fields["emails"]] == [0, 3, 7]
    assert len(set(subjects(report))) == 3
    assert all("{{first_name}}" in body for body in bodies)
    sentences = [line for body in bodies for line in body.split("\n\n")[2:]]
    assert len(sentences) == len(set(sentences)) >= 3
    assert all(part in notes.replace("\n", " ") for line in sentences for part in line.split(". ")[:1])
    assert not [finding.rule for finding in report.findings if finding.rule.startswith("email/same")]


def test_offline_makes_fewer_where_the_material_gives_no_more_and_says_so() -> None:
    report = offline("# The ferry\n\nThe ferry leaves the old harbour at 7:40. Tickets cost four euros on board.\n", 5)
    assert len(report.fields["emails"]) == 1
    said = [finding.message for finding in report.findings if finding.rule == "email/fewer"]
    assert said == ["1 of 5 emails: the material gives no more, or the answer ended early."]


def test_a_campaign_lands_as_a_folder_of_mails(folder: Path) -> None:
    words = ["write", "email", "The ferry", "--from", "notes.md", "--emails", "3", "--model", "offline"]
    done = CliRunner().invoke(cli, [*words, "--format", "eml", "-o", "drip", "-q"], catch_exceptions=False)
    assert done.exit_code in (0, 1)
    names = sorted(path.name for path in (folder / "drip").iterdir())
    assert [name[:8] for name in names] == ["01-day-0", "02-day-3", "03-day-7"]
    mails = [message_from_bytes((folder / "drip" / name).read_bytes(), policy=default) for name in names]
    assert [one["X-Sequence-Day"] for one in mails] == ["0", "3", "7"]
    assert len({one["Subject"] for one in mails}) == 3
    for asked in (words, [*words[:-4], "--set", "emails=3", "--model", "offline"]):
        with pytest.raises(UsageError, match="Name a folder"):
            CliRunner().invoke(
                cli, [*asked, "--format", "eml", "-o", "one.eml"], standalone_mode=False, catch_exceptions=False
            )


def test_a_saved_campaign_is_checked_as_one(folder: Path) -> None:
    words = ["write", "email", "The ferry", "--from", "notes.md", "--emails", "2", "--model", "offline", "-q"]
    CliRunner().invoke(cli, [*words, "--format", "json", "-o", "drip.json"], catch_exceptions=False)
    data = json.loads((folder / "drip.json").read_text("utf-8"))
    data["fields"]["emails"][1]["subject"] = data["fields"]["emails"][0]["subject"]
    (folder / "drip.json").write_text(json.dumps(data), encoding="utf-8")
    done = CliRunner().invoke(cli, ["check", "drip.json", "--format", "json"], catch_exceptions=False)
    rules = [finding["rule"] for finding in json.loads(done.stdout)["findings"]]
    assert "email/same-subject" in rules
    assert "form/schema" not in rules
