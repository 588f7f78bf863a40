"""The limits step: findings with exact numbers, at the right place, and rules that can be changed."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

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


def broken(platform: str, text: str) -> list[Severity]:
    """Severities, without what a post should only know of."""
    return [finding.severity for finding in post(platform, text) if finding.severity is not Severity.INFO]


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
    assert broken(platform, fits) == []
    assert broken(platform, "字" + fits) == [Severity.MAJOR]


def test_bluesky_has_a_limit_of_bytes_too() -> None:
    (finding,) = post("bluesky", "👩‍👩‍👧‍👦" * 150)
    assert finding.message == "bluesky: 3750 of 3000 bytes"


def test_instagram_takes_five_hashtags() -> None:
    messages = [finding.message for finding in post("instagram", "#a #b #c #d #e #f")]
    assert messages == ["instagram: 6 of 5 hashtags", "instagram: needs a picture or a video"]


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
    short, finding = check({"subject": "one\nBcc: all"}, {"subject": "email-subject"})
    assert (finding.message, finding.severity) == ("email-subject: may not hold line break", Severity.MAJOR)
    assert finding.place is not None
    assert (finding.place.line, finding.place.column) == (1, 4)
    assert (short.message, short.severity) == (
        "email-subject: 12 weighted characters, best from 30 on", Severity.INFO,
    )  # fmt: skip


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
    assert piece.notices == (
        "LinkedIn's API needs a backslash before ( ) in a post (--format payload writes it); its website does not.",
    )


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


@pytest.mark.parametrize(
    ("platform", "text", "line", "column", "quote"),
    [
        ("x", "日" * 140 + "月が出た", 1, 141, "月が出た"),
        ("x", "a" * 200 + "\n" + "b" * 60 + " https://example.com/over tail", 2, 62, "https://example.com/over tail"),
        ("bluesky", "👩‍👩‍👧‍👦" * 120 + "x", 1, 841, "x"),
        ("mastodon", "word " * 99 + "@user@example.social!", 1, 516, "!"),
        ("threads", "a" * 498 + "😀b", 1, 499, "😀b"),
        ("linkedin", "😀" * 1500 + "!", 1, 1501, "!"),
    ],
)  # fmt: skip
def test_a_finding_says_where_it_goes_over(platform: str, text: str, line: int, column: int, quote: str) -> None:
    found = [finding for finding in post(platform, text) if finding.severity is Severity.MAJOR]
    (place,) = [finding.place for finding in found]
    assert place is not None
    assert (place.line, place.column) == (line, column)
    assert place.quote.startswith(quote)


def test_replies_on_x_have_the_mentions_free_that_x_fills_in() -> None:
    text = "@one @two @three " + "a" * 280
    assert broken("x-reply", text) == []
    assert broken("x-reply", text + "a") == [Severity.MAJOR]
    assert broken("x", text) == [Severity.MAJOR]
    assert broken("x-reply", "a" * 276 + " @four") == [Severity.MAJOR]  # typed later on, it counts


def test_what_a_post_should_only_know_of_is_info() -> None:
    told = {finding.message: finding.severity for finding in post("linkedin", "word " * 60)}
    assert told == {
        'linkedin: about 140 characters are seen before "more" on a phone, 210 on a wide screen': Severity.INFO
    }
    assert post("linkedin", "w" * 140) == ()
    told = {finding.message: finding.severity for finding in post("instagram", "See https://example.com now")}
    assert told == {
        "instagram: a link can't be clicked there; say in words where to find it": Severity.INFO,
        "instagram: needs a picture or a video": Severity.INFO,
    }
    pictured = {"posts": [{"platform": "instagram", "text": "Tea.", "alt_text": "A cup"}]}
    assert check(pictured, {"posts[].text": "$platform"}) == ()


def test_more_hashtags_than_are_wise_are_minor() -> None:
    (finding,) = post("threads", "Tea is served #tea #green")
    assert (finding.message, finding.severity) == ("threads: 2 hashtags, better at most 1", Severity.MINOR)
    assert post("x", "One #a #b") == ()
    assert broken("x", "One #a #b #c https://example.com/#d") == [Severity.MINOR]


def test_the_description_of_a_picture_has_the_limit_of_its_platform() -> None:
    def alt(platform: str, text: str) -> list[str]:
        output = {"posts": [{"platform": platform, "text": "a", "alt_text": text}]}
        return [finding.message for finding in check(output, {"posts[].alt_text": "$platform-alt-text"})]

    assert alt("x", "a" * 1000) == alt("mastodon", "a" * 1500) == alt("bluesky", "a" * 9000) == []
    assert alt("x", "a" * 1001) == ["x-alt-text: 1001 of 1000 characters"]
    assert alt("mastodon", "a" * 1501) == ["mastodon-alt-text: 1501 of 1500 characters"]


def test_a_thread_is_checked_post_by_post() -> None:
    posts = {"platform": "x", "text": "a" * 900, "parts": ["a" * 280, "a" * 281]}
    (finding,) = check({"posts": [posts]}, {"posts[].text": "$platform"})
    assert finding.place is not None
    assert (finding.place.path, finding.place.column) == ("posts[0].parts[1]", 281)
    assert "can't be divided" in finding.message


def test_chapters_that_a_description_tells_are_read() -> None:
    def told(text: str) -> list[str]:
        return [finding.message for finding in check({"description": text}, {"description": "youtube-description"})]

    assert told("About tea.\n\n0:00 Leaf\n0:30 Water\n1:10 Cup\n") == []
    assert told("At 0:30 and 1:10 the cup is full.\n4:15 pm it begins.") == []
    assert told("0:00 Leaf\n0:30 Water") == ["youtube-chapters: 2 of at least 3 chapters"]
    assert told("・0:05 葉\n・0:30 湯\n・1:10 碗") == [
        "youtube-chapters: the first chapter starts at 0:05, not at 0:00"
    ]


def test_tags_in_a_line_count_like_a_list() -> None:
    assert check({"tags": ", ".join(["two words"] * 41 + ["abcdefgh"])}, {"tags": "youtube-tags"}) == ()
    (finding,) = check({"tags": ", ".join(["two words"] * 41 + ["abcdefghi"])}, {"tags": "youtube-tags"})
    assert finding.message == "youtube-tags: 501 of 500 characters"


@given(st.text(st.characters(codec=None, categories=None)) | st.text("ah.:/?()@#日。😀\u200d\ufe0f1️⃣🇯\u202e\u0301\n "))
@example("")
@example("\u0301" * 500)
@example("\u202eabc" * 300)
@example("👩\u200d" * 600)
@example("#" + "a" * 700 + " @" + "b" * 700 + " http://" + "c." * 400)
@example("0:00 \n0:00 \n0:00 \n")
def test_no_text_breaks_a_check(text: str) -> None:
    from contentkit.steps import hashtags, posts

    output = {"posts": [{"platform": name, "text": text, "alt_text": text, "hashtags": [text]} for name in rules()]}
    limits = {"posts[].text": "$platform", "posts[].alt_text": "$platform-alt-text"}
    piece = Piece("social", "en", limits=limits, output=output, fields={"thread": True, "numbered": True})
    for step in (posts, sys.modules["contentkit.steps.limits"], hashtags):
        piece = step.after(piece)
    for finding in piece.findings:
        assert finding.place is not None
        assert finding.place.column is None or finding.place.column >= 1


def test_a_megabyte_is_checked_at_once() -> None:
    import time

    links = "https://example.com/x #tag @name " * 30_000
    for text in ("a" * 1_000_000, "日本語。" * 250_000, "👩\u200d👧 " * 250_000, links):
        started = time.perf_counter()
        assert post("x", text)
        assert post("bluesky", text)
        assert time.perf_counter() - started < 10
