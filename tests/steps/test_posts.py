"""The posts step makes posts ready; the hashtags step looks at them."""

from __future__ import annotations

from typing import Any

import pytest

from contentkit.core.piece import Piece
from contentkit.core.report import Severity
from contentkit.steps import form, hashtags, posts

LONG = "The ferry sails at dawn. " * 30
LIMITS = {"posts[].text": "$platform"}


def made(*given: dict[str, Any], **fields: Any) -> list[dict[str, Any]]:
    piece = posts.after(Piece("social", "en", output={"posts": list(given)}, fields=fields))
    return list(piece.output["posts"])


def test_each_post_is_measured_by_its_platform() -> None:
    (x, mastodon) = made({"platform": "x", "text": "日本"}, {"platform": "mastodon", "text": "日本"})
    assert x["length"] == {"count": 4, "limit": 280, "unit": "weighted"}
    assert mastodon["length"] == {"count": 2, "limit": 500, "unit": "graphemes"}


def test_a_post_that_is_too_long_becomes_a_thread_where_that_is_asked_and_possible() -> None:
    assert "parts" not in made({"platform": "x", "text": LONG})[0]
    (x, short, linkedin) = made(
        {"platform": "twitter", "text": LONG},
        {"platform": "x", "text": "Hi."},
        {"platform": "linkedin", "text": LONG * 5},
        thread=True,
        numbered=True,
    )
    assert [part.rpartition(" ")[2] for part in x["parts"]] == ["1/3", "2/3", "3/3"]
    assert x["length"]["parts"] == [len(part) for part in x["parts"]]
    assert "parts" not in short
    assert "parts" not in linkedin


def test_hashtags_listed_are_those_of_the_text_or_cleaned() -> None:
    listed = ["#Open Source", "ferry", "2026"]
    (shown, bare) = made(
        {"platform": "x", "text": "It sails #Ferry #Sea", "hashtags": listed},
        {"platform": "x", "text": "It sails", "hashtags": listed},
    )
    assert shown["hashtags"] == ["Ferry", "Sea"]
    assert bare["hashtags"] == ["OpenSource", "ferry"]


def test_versions_are_marked_for_each_platform() -> None:
    four = [{"platform": name, "text": "Hi."} for name in ("x", "x", "threads", "threads")]
    assert [post["variant"] for post in made(*four, ab=2)] == ["A", "B", "A", "B"]
    assert "variant" not in made(*four)[0]


@pytest.mark.parametrize(
    "output", [None, [], {}, {"posts": "x"}, {"posts": [1, {"text": 2}, {"platform": "nowhere", "text": "a"}]}]
)
def test_other_shapes_are_left_alone(output: Any) -> None:
    piece = Piece("social", output=output, fields={"thread": True})
    assert posts.after(piece).findings == ()
    assert form.after(posts.after(piece)).findings == ()


def found(*texts: str, **post: Any) -> list[tuple[str, str, Severity]]:
    output = {"posts": [{"platform": "x", "text": text, **post} for text in texts]}
    piece = hashtags.after(Piece("social", limits=LIMITS, output=output))
    return [(one.rule, one.message, one.severity) for one in piece.findings]


def test_what_is_wrong_with_hashtags_is_told() -> None:
    assert found("It is #open-source #2026 #Ferry #ferry") == [
        ("hashtags/cut", "#open-source ends before the sign in it", Severity.MINOR),
        ("hashtags/twice", "#ferry stands twice", Severity.MINOR),
        ("hashtags/number", "#2026 is no hashtag: one needs a letter", Severity.INFO),
    ]
    assert found("It sails.", hashtags=["Ferry"]) == [
        ("hashtags/missing", "#Ferry is listed under hashtags and does not stand in the post", Severity.MINOR)
    ]
    assert found("It sails ＃Ferry", hashtags=["ferry"]) == []


def test_a_heading_of_a_file_that_is_no_post_is_no_hashtag() -> None:
    assert hashtags.after(Piece("text", body="#1 is #open-source")).findings == ()
    (one,) = hashtags.after(Piece("text", limits={"body": "x"}, body="It is\n#open-source", name="a.md")).findings
    assert one.place is not None
    assert (one.place.path, one.place.line, one.place.column, one.suggestion) == ("a.md", 2, 1, "#OpenSource")


def versions(first: str, second: str) -> list[str]:
    output = {
        "posts": [{"platform": "x", "text": first, "variant": "A"}, {"platform": "x", "text": second, "variant": "B"}]
    }
    piece = form.after(Piece("social", output=output, fields={"platforms": ["x"], "ab": 2}))
    return [one.message for one in piece.findings]


def test_versions_must_differ_really() -> None:
    first = "The ferry leaves the old harbour at dawn and carries 120 people over the bay."
    assert versions(first, "Tickets cost four euros. Families travel free on Sundays, all winter long.") == []
    assert versions(first, f"{first.upper()} 🚢 #Ferry https://example.com") == [
        "version B is nearly the same as A (100% of its letters)"
    ]
    assert len(versions(first, first.replace("old harbour", "old port"))) == 1
    japanese = "渡し船は毎朝七時四十分に古い港を出て、百二十人を対岸まで運びます。"
    assert len(versions(japanese, japanese.replace("百二十人", "百三十人"))) == 1
    assert versions(japanese, "切符は四百円です。日曜は家族連れなら誰でもただで乗れます。") == []


def test_a_version_that_is_missing_is_told() -> None:
    piece = form.after(
        Piece("social", output={"posts": [{"platform": "x", "text": "Hi."}]}, fields={"platforms": ["x"], "ab": 2})
    )
    assert [one.message for one in piece.findings] == ["1 of 2 versions for x"]
