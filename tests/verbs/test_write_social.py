"""``write social`` from brief to report: threads and versions, whatever a model answers."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from fakes import FakeProvider

from contentkit.check import check
from contentkit.core.piece import Brief, Piece
from contentkit.core.report import Report, Severity
from contentkit.core.text.counting import fits
from contentkit.drafts.mend import insisted
from contentkit.drafts.prepare import prepare
from contentkit.kit.kit import Kit
from contentkit.reports import csv as csv_report
from contentkit.reports import json as json_report
from contentkit.reports import payload, platforms
from contentkit.steps import hashtags
from contentkit.steps.limits import rules
from contentkit.write import write

LONG = """The ferry sails at dawn and carries the mail.

Captain Aldous has steered it since 1998. Her crew of five takes turns in the engine room. They paint the hull every \
second spring, with what the harbour shop has left over. On Sundays families travel free. A yearly ticket pays after \
forty crossings, which most islanders make by March. Nobody on board remembers a winter without fog.
"""


def answer(*posts: tuple[str, str]) -> str:
    return json.dumps({"posts": [{"platform": p, "text": text, "hashtags": [], "alt_text": ""} for p, text in posts]})


async def written(*answers: str, **fields: Any) -> tuple[Report, FakeProvider]:
    provider = FakeProvider(*answers)
    kit = Kit.load(history=False)
    kit.providers["fake"] = provider
    return await write(kit, Brief("social", "the ferry", fields=fields, model="fake:one")), provider


async def test_what_is_too_long_becomes_a_thread_and_is_not_asked_for_again() -> None:
    report, provider = await written(answer(("x", LONG)), platforms=["x"], thread=True)
    (post,) = report.fields["posts"]
    assert len(provider.requests) == 1
    assert report.exit_code() == 0
    assert len(post["parts"]) == 2
    assert all(fits(part, rules()["x"]) for part in post["parts"])
    assert report.body.count("```text") == 2
    assert "five posts' worth" in provider.requests[0].messages[0].text
    calls = json.loads(payload.render(report))["posts"][0]["calls"]
    assert [call["json"]["text"] for call in calls] == post["parts"]
    assert "2 (longest" in platforms.render(report)


async def test_numbered_is_a_thread_with_numbers() -> None:
    report, _ = await written(answer(("bluesky", LONG)), platforms=["bluesky"], numbered=True)
    assert [part[-4:] for part in report.fields["posts"][0]["parts"]] == [" 1/2", " 2/2"]


def anew(text: str) -> str:
    return json.dumps({"passages": [{"number": 1, "text": text}]})


async def test_without_a_thread_it_is_written_anew() -> None:
    report, provider = await written(answer(("x", LONG)), anew("It sails at dawn."), platforms=["x"])
    assert len(provider.requests) == 2
    (post,) = report.fields["posts"]
    assert post["text"] == "It sails at dawn."
    assert (post["length"]["count"], "parts" in post) == (17, False)


async def test_what_was_written_anew_is_divided_and_counted_anew() -> None:
    tags = LONG.strip() + " #a #b #c #d #e #f"
    report, provider = await written(
        answer(("x", "Tickets cost four euros."), ("instagram", tags)),
        anew("It sails at dawn. #a"),
        platforms=["x", "instagram"],
    )
    assert len(provider.requests) == 2
    _, second = report.fields["posts"]
    assert (second["text"], second["hashtags"], second["length"]["count"]) == ("It sails at dawn. #a", ["a"], 20)
    assert second["text"] in report.body


async def test_versions_that_are_the_same_are_written_anew() -> None:
    same = answer(("x", "The ferry sails at dawn."), ("x", "The ferry sails at DAWN!"))
    report, provider = await written(
        same, anew("Tickets cost four euros, and Sundays are free."), platforms=["x"], ab=2
    )
    assert len(provider.requests) == 2
    assert "nearly the same" in provider.requests[1].messages[-1].text
    assert [post["variant"] for post in report.fields["posts"]] == ["A", "B"]
    assert report.exit_code() == 0
    assert "## X (B)" in report.body


async def test_a_kept_report_is_still_of_its_kind(tmp_path: Path) -> None:
    report, _ = await written(answer(("x", LONG)), platforms=["x"], thread=True)
    (tmp_path / "posts.json").write_text(json_report.render(report), encoding="utf-8")
    found = await check(Kit.load(history=False), [str(tmp_path / "posts.json")])
    assert [finding.rule for finding in found.findings if finding.severity is Severity.MAJOR] == []


async def test_one_version_where_two_were_asked_for_is_never_presented_as_fit() -> None:
    report, _ = await written(answer(("x", "The ferry sails at dawn.")), platforms=["x"], ab=2)
    assert report.exit_code() == 1
    assert "1 of 2 versions for x" in [finding.message for finding in report.findings]


async def test_what_no_repair_shortens_is_cut_before_its_closing_link() -> None:
    text = f"{LONG.strip()} https://example.com/ferry #ferry"
    report, provider = await written(answer(("x", text)), anew(text), platforms=["x"])
    (post,) = report.fields["posts"]
    assert len(provider.requests) == 2
    assert fits(post["text"], rules()["x"])
    assert post["text"].startswith("The ferry sails at dawn and carries the mail.")
    assert post["text"].endswith(". https://example.com/ferry #ferry")
    assert post["length"]["count"] <= 280
    assert post["text"] in report.body
    (finding,) = [one for one in report.findings if one.category == "limits"]
    assert (finding.rule, finding.severity, report.exit_code()) == ("limits/cut", Severity.MAJOR, 1)
    assert "Nobody on board remembers a winter without fog." in finding.message
    assert json.loads(payload.render(report))["posts"][0]["calls"][0]["json"]["text"] == post["text"]


async def test_each_post_leads_where_it_was_to_lead() -> None:
    link = "https://example.com/a"
    posts = [("x", f"It sails at dawn. {link}"), ("mastodon", "It sails at eight."), ("linkedin", f"It does. {link}bc"),
             ("instagram", "It sails, quietly.")]  # fmt: skip
    report, provider = await written(answer(*posts), platforms=[name for name, _ in posts], link=link)
    told = [finding.place.path for finding in report.findings if finding.rule == "form/link" and finding.place]
    assert told == ["posts[1].text", "posts[2].text"]
    assert link in provider.requests[1].messages[-1].text
    assert report.exit_code() == 1


async def test_posts_are_columns_of_a_spreadsheet() -> None:
    report, _ = await written(answer(("x", LONG), ("mastodon", "Ahoy.")), platforms=["x", "mastodon"], thread=True)
    first, second = csv.DictReader(io.StringIO(csv_report.render(report), newline=""))
    assert first["parts"] == "\n\n".join(report.fields["posts"][0]["parts"])
    assert (second["length"], second["parts"]) == ("5", "")


def test_a_hashtag_that_is_not_shown_is_told_with_the_words_of_the_post() -> None:
    row = {"platform": "x", "text": "It Sails at Dawn.", "hashtags": ["Ferry"], "alt_text": ""}
    piece = Piece("social", "en", output={"posts": [row]}, limits={"posts[].text": "$platform"})
    (finding,) = hashtags.after(piece).findings
    assert finding.place
    assert finding.place.quote == "It Sails at Dawn."


async def test_a_link_in_a_thread_that_no_post_holds_is_left_out() -> None:
    text = f"{LONG.strip()}\n\nhttps://example.com/{'a' * 400} is the page of it."
    report, _ = await written(
        answer(("bluesky", text)), answer(("bluesky", text)), platforms=["bluesky"], numbered=True
    )
    (post,) = report.fields["posts"]
    assert all(fits(part, rules()["bluesky"]) for part in post["parts"])
    assert post["parts"][-1].endswith("is the page of it. 2/2")
    assert "example.com" not in post["text"]
    (finding,) = [one for one in report.findings if one.category == "limits"]
    assert (finding.rule, finding.severity) == ("limits/cut", Severity.MAJOR)
    assert f"https://example.com/{'a' * 400}" in finding.message


async def test_hashtags_above_the_number_are_no_lost_words() -> None:
    text = "#a #b #c #d #e #ferry #船 The ferry sails at dawn."
    post = json.dumps({"posts": [{"platform": "instagram", "text": text, "hashtags": [], "alt_text": "A boat"}]})
    report, _ = await written(post, anew(text), platforms=["instagram"])
    (finding,) = [one for one in report.findings if one.rule == "limits/cut"]
    assert "left out: “#ferry #船”" in finding.message
    assert finding.severity is Severity.MINOR


async def test_who_skips_the_limits_gets_the_text_whole(tmp_path: Path) -> None:
    provider = FakeProvider(answer(("x", LONG)))
    (tmp_path / "contentkit.toml").write_text('[check]\nskip = ["limits"]\n', encoding="utf-8")
    kit = Kit.load(tmp_path, history=False)
    kit.providers["fake"] = provider
    report = await write(kit, Brief("social", "the ferry", fields={"platforms": ["x"]}, model="fake:one"))
    assert report.fields["posts"][0]["text"] == LONG


async def test_titles_tags_and_chapters_of_a_film_are_cut_as_youtube_takes_them() -> None:
    scene = {"start": 0, "seconds": 12, "shot": "wide", "place": "pier", "video": "A boat", "audio": "VO: It sails.",
             "on_screen": ""}  # fmt: skip
    film = {
        "title": "<b>The ferry</b>", "hook": "It sails.", "scenes": [scene] * 30, "call_to_action": "Come.",
        "thumbnail": "The ferry", "description": "船は朝に出ます。" * 180,
        "chapters": [{"start": 12 * at, "title": "船" * 80} for at in range(30)],
        "tags": [f"a ferry of number {at} and more" for at in range(25)],
    }  # fmt: skip
    provider = FakeProvider(*[json.dumps(film)] * 3)
    kit = Kit.load(history=False)
    kit.providers["fake"] = provider
    brief = Brief("video-script", "the ferry", language="ja", fields={"duration": 360}, model="fake:one")
    report = await write(kit, brief)
    fields = report.fields
    chapters = "".join(f"\n00:00 {chapter['title']}" for chapter in fields["chapters"])
    assert fields["title"] == "The ferry"
    title = next(one for one in report.findings if one.place and one.place.path == "title")
    assert title.severity is Severity.MINOR, "no word was lost"
    assert "left out: “<b> </b>”" in title.message
    assert len(f"{fields['description']}\n{chapters}".encode()) <= 5000
    assert fields["description"].endswith("。")
    assert len(fields["chapters"]) >= 3
    assert 10 < len(fields["tags"]) < 25
    assert {one.place.path for one in report.findings if one.rule == "limits/cut" and one.place} == {
        "title", "description", "chapters", "tags",
    }  # fmt: skip


async def test_a_kind_without_the_check_of_limits_is_cut_by_none() -> None:
    kit = Kit.load(history=False)
    kit.providers["fake"] = FakeProvider("")
    prepared = await prepare(kit, Brief("social", "the ferry", fields={"platforms": ["x"]}, model="fake:one"))
    piece = replace(prepared.piece, output=json.loads(answer(("x", LONG))))
    assert insisted(kit, prepared, piece).output["posts"][0]["text"] != LONG
    free = replace(prepared, prompt=replace(prepared.prompt, unchecked=("limits",)))
    assert insisted(kit, free, piece).output["posts"][0]["text"] == LONG
