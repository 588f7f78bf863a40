"""The limits step: findings with exact numbers, at the right place, and rules that can be changed."""

from __future__ import annotations

from typing import Any

import pytest

from contentkit.core.errors import UsageError
from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Severity
from contentkit.core.text.counting import count
from contentkit.steps.limits import after, rules

NAMES = {
    "x", "bluesky", "mastodon", "threads", "linkedin", "instagram", "facebook", "tiktok", "telegram", "discord",
    "youtube-title", "youtube-description", "youtube-tags", "youtube-chapters", "email-subject", "email-preheader",
    "seo-title", "seo-description",
}  # fmt: skip


def check(output: Any, limits: dict[str, str], **fields: Any) -> tuple[Finding, ...]:
    return after(Piece("any", limits=limits, output=output, fields=fields)).findings


def post(platform: str, text: str) -> tuple[Finding, ...]:
    return check({"posts": [{"platform": platform, "text": text}]}, {"posts[].text": "$platform"})


def test_every_rule_says_where_it_comes_from() -> None:
    known = rules()
    assert NAMES.issubset(known)
    for rule in known.values():
        assert rule.source
        assert rule.as_of >= "2026-11-21"


def test_a_post_over_the_limit_is_major_with_exact_numbers() -> None:
    (finding,) = post("x", "日" * 150 + "a")
    assert finding.message == "x: 301 of 280 weighted characters"
    assert (finding.rule, finding.severity) == ("limits/x", Severity.MAJOR)
    assert finding.place is not None
    assert finding.place.path == "posts[0].text"
    assert "at most 280 weighted characters" in finding.repair
    assert "any link counts 23" in finding.repair


@pytest.mark.parametrize(
    ("platform", "fits"),
    [
        ("x", "日" * 140), ("x", "a" * 256 + " https://example.com/" + "long/" * 60), ("bluesky", "e\u0301" * 300),
        ("mastodon", "字" * 476 + " https://example.com/" + "long/" * 60), ("threads", "a" * 496 + "😀"),
        ("linkedin", "😀" * 1500), ("facebook", "a" * 63206), ("instagram", "#a #b #c #d #e " + "x" * 2185),
        ("telegram", "a" * 4096), ("discord", "a" * 2000), ("twitter", "a" * 280),
    ],
)  # fmt: skip
def test_what_fits_is_not_reported_and_one_more_is(platform: str, fits: str) -> None:
    assert post(platform, fits) == ()
    (finding,) = post(platform, "字" + fits)
    assert finding.severity is Severity.MAJOR


def test_bluesky_has_a_limit_of_bytes_too() -> None:
    (finding,) = post("bluesky", "👩‍👩‍👧‍👦" * 150)
    assert finding.message == "bluesky: 3750 of 3000 bytes"


def test_instagram_takes_five_hashtags() -> None:
    (finding,) = post("instagram", "#a #b #c #d #e #f")
    assert finding.message == "instagram: 6 of 5 hashtags"


def test_threads_takes_five_different_links() -> None:
    links = [f"https://example.com/{number}" for number in range(5)]
    assert post("threads", " ".join([*links, links[0]])) == ()
    (finding,) = post("threads", " ".join([*links, "other.example.org"]))
    assert finding.message == "threads: 6 of 5 different links"


def test_youtube() -> None:
    (finding,) = check({"description": "日" * 1667}, {"description": "youtube-description"})
    assert finding.message == "youtube-description: 5001 of 5000 bytes"
    # The lines of the chapters are uploaded with it: "0:00 One" and two more, a blank line before them.
    chapters = [{"start": start, "title": "One"} for start in (0, 20, 40)]
    script = {"description": "d" * 4973, "chapters": chapters}
    (finding,) = check(script, {"description": "youtube-description"})
    assert finding.message == "youtube-description: 5001 of 5000 bytes"
    assert check({**script, "description": "d" * 4972}, {"description": "youtube-description"}) == ()
    (finding,) = check({"title": "a <b>"}, {"title": "youtube-title"})
    assert finding.message == "youtube-title: may not hold < >"
    # Eleven characters with the quotes that a space needs, and a comma.
    assert check({"tags": ["two words"] * 41 + ["abcdefgh"]}, {"tags": "youtube-tags"}) == ()
    (finding,) = check({"tags": ["two words"] * 41 + ["abcdefghi"]}, {"tags": "youtube-tags"})
    assert finding.message == "youtube-tags: 501 of 500 characters"


def test_soft_limits_are_minor() -> None:
    (finding,) = check({"subject": "s" * 61}, {"subject": "email-subject"})
    assert (finding.message, finding.severity) == (
        "email-subject: 61 weighted characters, better at most 60", Severity.MINOR,
    )  # fmt: skip
    (finding,) = check({"preheader": "short"}, {"preheader": "email-preheader"})
    assert finding.message == "email-preheader: 5 weighted characters, better at least 40"


def test_a_subject_in_two_lines_breaks_the_mail() -> None:
    (finding,) = check({"subject": "one\nBcc: all"}, {"subject": "email-subject"})
    assert (finding.message, finding.severity) == ("email-subject: may not hold line break", Severity.MAJOR)


def test_a_preheader_must_not_repeat_the_subject() -> None:
    output = {
        "subject": "New hours from Monday on",
        "preheader": "New hours from Monday on: we open at eight every day",
    }
    (finding,) = check(output, {"preheader": "email-preheader"})
    assert "repeats the subject" in finding.message


def chapters(*starts: Any, end: int | None = None) -> list[str]:
    output: dict[str, Any] = {"chapters": [{"start": start, "title": f"Part {start}"} for start in starts]}
    if end is not None:
        output["scenes"] = [{"seconds": end}]
    return [finding.message for finding in check(output, {"chapters": "youtube-chapters"})]


def test_chapters_that_youtube_takes() -> None:
    assert chapters() == []
    assert chapters(0, 10, 20, end=30) == []
    assert chapters("0:00", "1:05", "1:00:00") == []


@pytest.mark.parametrize(
    ("starts", "end", "fault"),
    [
        ((5, 20, 40), None, "the first chapter starts at 0:05, not at 0:00"),
        ((0, 20), None, "2 of at least 3 chapters"),
        ((0, 9, 40), None, "chapter 1 lasts 9 s"),
        ((0, 40, 20), None, "chapter 3 is not after the one before"),
        ((0, 20, 40), 45, "chapter 3 lasts 5 s"),
        ((0, "soon", 40), None, "a chapter has no readable time"),
        ((0, float("nan"), 40), None, "a chapter has no readable time"),
    ],
)
def test_chapters_that_turn_all_of_them_off(starts: tuple[Any, ...], end: int | None, fault: str) -> None:
    assert chapters(*starts, end=end) == [f"youtube-chapters: {fault}"]


def test_free_text_is_checked_as_body() -> None:
    piece = after(Piece("note", limits={"body": "x"}, body="a" * 281))
    assert piece.findings[0].message == "x: 281 of 280 weighted characters"


def test_an_unknown_platform_is_said_and_an_unknown_rule_is_an_error() -> None:
    (finding,) = post("myspace", "hello")
    assert (finding.rule, finding.severity) == ("limits/unknown", Severity.MINOR)
    with pytest.raises(UsageError, match="Did you mean 'bluesky'"):
        check({"text": "a"}, {"text": "blueski"})


def test_a_path_that_leads_nowhere_is_quiet() -> None:
    assert check({"posts": "none"}, {"posts[].text": "$platform", "a.b": "x"}) == ()


def test_linkedin_post_with_reserved_signs_gets_a_notice() -> None:
    output = {"posts": [{"platform": "linkedin", "text": "Tea (green)"}]}
    piece = after(Piece("social", limits={"posts[].text": "$platform"}, output=output))
    assert piece.findings == ()
    assert piece.notices == ("LinkedIn's API needs a backslash before ( ) in a post; its website does not.",)


def test_overrides_change_single_keys() -> None:
    changed = rules({"mastodon": {"hard": 1000}, "x": {"hard": False}, "motto": {"unit": "words", "hard": 3}})
    assert (changed["mastodon"].hard, changed["mastodon"].url) == (1000, 23)
    assert changed["x"].hard is None
    assert count("one two three", changed["motto"]) == 3
    assert rules()["mastodon"].hard == 500
    assert check({"t": "a" * 900}, {"t": "mastodon"}, rules=changed) == ()


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ({"x": {"hrad": 1}}, "Did you mean 'hard'"),
        ({"x": {"hard": -1}}, "not a value for 'hard'"),
        ({"x": {"hard": "many"}}, "not a value for 'hard'"),
        ({"x": {"hard": True}}, "not a value for 'hard'"),
        ({"x": {"unit": "metres"}}, "Use one of weighted"),
        ({"x": {"bare_urls": 1}}, "not a value for 'bare_urls'"),
        ({"x": 280}, "must be a table"),
    ],
)
def test_wrong_overrides_are_one_clear_sentence(override: Any, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        rules(override)


def test_a_mark_for_what_is_to_be_written_is_not_too_short() -> None:
    limits = {"preheader": "email-preheader"}
    assert check({"preheader": "[To fill: preview line]"}, limits) == ()
    assert check({"preheader": "［要記入：プリヘッダー］"}, limits) == ()
    assert len(check({"preheader": "A short one."}, limits)) == 1
