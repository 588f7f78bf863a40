"""Texts of an answer come as they were asked for, whatever signs and labels a model adds; what is meant stays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeProvider

from contentkit.core.piece import Brief, Piece, SourceText
from contentkit.core.report import Report
from contentkit.core.soundtags import tagged
from contentkit.kit.kit import Kit
from contentkit.steps import tidy
from contentkit.write import write

NOTES = 'The ferry carries 120 people. Ada Lund said: "The quiet surprised us most." See https://example.com/a.'


async def written(kind: str, tmp_path: Path, answer: dict[str, Any], language: str = "en", **fields: Any) -> Report:
    notes = tmp_path / "notes.md"
    notes.write_text(NOTES, encoding="utf-8")
    kit = Kit.load(history=False)
    kit.providers["fake"] = FakeProvider(json.dumps(answer))
    return await write(kit, Brief(kind, "the ferry", (str(notes),), language, fields, "fake:one"))


async def post(tmp_path: Path, text: str, alt: str = "") -> dict[str, Any]:
    row = {"platform": "mastodon", "text": text, "hashtags": [], "alt_text": alt}
    made: dict[str, Any] = (await written("social", tmp_path, {"posts": [row]}, platforms=["mastodon"])).fields[
        "posts"
    ][0]
    return made


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("**News!** It *really* carries 120 people &amp; cars.", "News! It really carries 120 people & cars."),
        ("フェリーは**120人**を運びます。", "フェリーは120人を運びます。"),
        ("## The ferry\n\nIt carries 120 people.", "The ferry\n\nIt carries 120 people."),
        ("Read [the notes](https://example.com/a).", "Read the notes https://example.com/a."),
        ("See [example.com/a](https://example.com/a)", "See https://example.com/a"),
        ("[Here](https://example.com/a): https://example.com/a", "Here: https://example.com/a"),
        ('"The ferry carries 120 people. #Ferry"', "The ferry carries 120 people. #Ferry"),
        ("It&#39;s quiet&nbsp;now&hellip;", "It's quiet now…"),
    ],
)  # fmt: skip
async def test_a_post_has_no_signs_of_markdown(tmp_path: Path, said: str, shown: str) -> None:
    assert (await post(tmp_path, said))["text"] == shown


@pytest.mark.parametrize(
    "text",
    [
        "2**3 is 8, 5 * 3 * 2 is 30, 3*4*5 is 60.",
        "#Ferry #1st\n* one\n* two",
        "Leave *.md and build/* out, and **/*.log or **/*.tmp; then select a.*, b.* from c.",
        "AT&T carries 120 people; x &lt y.",
        "“The quiet surprised us most.”",
        '"The quiet surprised us most."',
        "👨‍👩‍👧‍👦 carry __init__ and snake_case_names [1]",
    ],
)
async def test_what_is_meant_stays(tmp_path: Path, text: str) -> None:
    assert (await post(tmp_path, text))["text"] == text


@pytest.mark.parametrize("nothing", ["null", "N/A", "None", "なし", "(none)"])
async def test_a_word_for_nothing_is_no_description_of_a_picture(tmp_path: Path, nothing: str) -> None:
    assert (await post(tmp_path, "It carries 120 people.", nothing))["alt_text"] == ""
    assert (await post(tmp_path, nothing))["text"] == nothing  # a post may not be empty


async def test_labels_go_and_the_run_says_so(tmp_path: Path) -> None:
    mail = {
        "subject": "**Subject:** The ferry carries 120 people",
        "preheader": "Preview text: 120 people on one boat, every day of the week",
        "body": "```markdown\n# The ferry carries 120 people\n\nHello,\n\nit **carries** 120 people.\n```",
        "call_to_action": "CTA: Look at it",
        "signature": "Ann",
    }
    report = await written("email", tmp_path, mail)
    assert report.fields["subject"] == "The ferry carries 120 people"
    assert report.fields["preheader"] == "120 people on one boat, every day of the week"
    assert report.fields["body"] == "Hello,\n\nit **carries** 120 people."
    assert report.fields["call_to_action"] == "Look at it"
    assert any("taken out" in notice for notice in report.notices)


async def test_labels_of_japanese_go_too(tmp_path: Path) -> None:
    mail = {
        "subject": "件名：120人を運ぶフェリー",
        "preheader": "プリヘッダー：毎日、一隻で120人が渡れるようになりました",
        "body": "こんにちは。120人が乗れます。",
        "call_to_action": "見てください",
        "signature": "山田",
    }
    report = await written("email", tmp_path, mail, "ja")
    assert report.fields["subject"] == "120人を運ぶフェリー"
    assert report.fields["preheader"].startswith("毎日")


async def test_a_press_release_says_its_dateline_and_its_signs_once(tmp_path: Path) -> None:
    answer = {
        "headline": "The ferry carries 120 people", "subheadline": "N/A",
        "lead": "BREMEN, 3 March 2026 – The ferry carries 120 people.", "text": "It is quiet.\n\n###",
        "quote": {"text": "“The quiet surprised us most.”", "speaker": "— Ada Lund"},
        "about": "About Harbour Ltd: it runs ferries.", "contact": "Press contact: Ada Lund",
    }  # fmt: skip
    report = await written(
        "press-release", tmp_path, answer, place="Bremen", date="3 March 2026", company="Harbour Ltd"
    )
    assert report.body.count("3 March 2026") == 1
    assert "> “The quiet surprised us most.”\n>\n> — Ada Lund" in report.body
    assert "**About Harbour Ltd:** it runs ferries." in report.body
    assert "**Press contact:** Ada Lund" in report.body
    assert "###" not in report.body
    assert "N/A" not in report.body


async def test_a_link_is_an_address(tmp_path: Path) -> None:
    rows = [
        {"heading": "## The ferry", "text": "# 1. The ferry\n\nIt carries 120 people.",
         "link": "[Read more](https://example.com/a)", "sources": [1]},
        {"heading": "Quiet", "text": "It is quiet.", "link": "N/A", "sources": [1]},
    ]  # fmt: skip
    answer: dict[str, Any] = {"subject": "The ferry", "preheader": "It is quiet", "intro": "Hi.", "closing": "Ann"}
    answer |= {"sections": rows}
    report = await written("newsletter", tmp_path, answer)
    assert [row["link"] for row in report.fields["sections"]] == ["https://example.com/a", ""]
    assert "## The ferry\n\nIt carries 120 people." in report.body


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("[Narrator] It is quiet. (SFX: horn)", "VO: It is quiet.\nSFX: horn"),
        ("Narrator (VO): It is quiet.", "VO: It is quiet."),
        ("**NARRATOR:** It is quiet. [Music: soft] Listen!", "VO: It is quiet.\nMUSIC: soft\nVO: Listen!"),
        ("Voiceover: It is quiet.\nSound effect: waves\nBGM: calm", "VO: It is quiet.\nSFX: waves\nMUSIC: calm"),
        ("ナレーション：静かです。\n【効果音：波】", "NA: 静かです。\nSE: 波"),
        ("VO (soft): It is quiet.\nSE: waves", "VO (soft): It is quiet.\nSE: waves"),
        ("The narrator: a man we trust.", "The narrator: a man we trust."),
        ("It holds [price from March on].", "It holds [price from March on]."),
    ],
)
def test_no_narrator_says_his_name(said: str, heard: str) -> None:
    assert tagged(said) == heard
    assert tagged(heard) == heard


def test_a_million_spaces_are_read_at_once() -> None:
    assert tagged(" " * 1_000_000 + "[SFX: horn]") == "SFX: horn"


async def test_offline_drafts_keep_the_words_of_the_sources(tmp_path: Path) -> None:
    notes = tmp_path / "notes.md"
    said = "# Notes\n\nThe ferry writes `&amp;nbsp;` between 120 people and twelve cars every day.\n"
    notes.write_text(said, encoding="utf-8")
    report = await write(Kit.load(history=False), Brief("social", "", (str(notes),), "en", {}, "offline"))
    assert all("taken out" not in notice for notice in report.notices)


async def test_a_commit_speaks_of_code_as_it_is(tmp_path: Path) -> None:
    answer = {"subject": "fix: write &amp; for * in titles", "body": "It took *a* for **b**, and &lt; for a sign."}
    report = await written("commit-message", tmp_path, answer)
    assert report.fields == answer


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("<p>Hi {{name}},</p>\n<p>it <b>is</b> <em>so</em>.<br>Look:</p>", "Hi {{name}},\n\nit **is** *so*.  \nLook:"),
        ("See:<ul><li>one</li><li>two</li></ul>Bye", "See:\n\n- one\n- two\n\nBye"),
        ('Read <a class="x" href="https://example.com/a">the\nnotes</a>.', "Read [the notes](https://example.com/a)."),
        ("Write `<br>` and <custom> for 3 < 4.", "Write `<br>` and <custom> for 3 < 4."),
        ("```html\n<p>Hi</p>\n```\n\nand <br/> here", "```html\n<p>Hi</p>\n```\n\nand  \nhere"),
    ],
)  # fmt: skip
async def test_html_in_a_mail_is_markdown(tmp_path: Path, said: str, shown: str) -> None:
    mail = {"subject": "Quiet", "preheader": "It is", "body": said, "call_to_action": "Look", "signature": "Ann"}
    assert (await written("email", tmp_path, mail)).fields["body"] == shown


async def test_a_post_shows_no_tags(tmp_path: Path) -> None:
    assert (await post(tmp_path, "It is <b>quiet</b> now.<br>Look!"))["text"] == "It is quiet now.\nLook!"


@pytest.mark.parametrize(("origin", "body"), [("diff:", "A <br> ended it."), ("notes.md", "A  \nended it.")])
def test_a_tag_that_a_change_is_about_stays(origin: str, body: str) -> None:
    material = (SourceText(origin, "The line was cut."),)
    answer = {"subject": "Keep lines", "body": "A <br> ended it."}
    piece = tidy.after(Piece("pr-description", "en", sources=material, output=answer))
    assert piece.output == answer | {"body": body}
