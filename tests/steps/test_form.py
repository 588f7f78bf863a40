"""The form step: what was asked for is there, once, and the times of a script can be filmed."""

from __future__ import annotations

from typing import Any

import pytest

from contentkit.core.piece import Piece
from contentkit.core.report import Severity
from contentkit.steps.form import after


def posts(*pairs: tuple[str, str], asked: list[str]) -> list[tuple[str, str, Severity]]:
    output = {"posts": [{"platform": name, "text": text} for name, text in pairs]}
    return told(Piece("social", output=output, fields={"platforms": asked}))


def script(*scenes: tuple[int, int, str], duration: int = 20, language: str = "en") -> list[tuple[str, str, Severity]]:
    rows = [{"start": start, "seconds": seconds, "audio": audio} for start, seconds, audio in scenes]
    return told(Piece("video-script", language, output={"scenes": rows}, fields={"duration": duration}))


def told(piece: Piece) -> list[tuple[str, str, Severity]]:
    found = after(piece).findings
    assert all(finding.repair for finding in found)
    return [(finding.place.path if finding.place else "", finding.message, finding.severity) for finding in found]


def test_a_post_for_each_platform_is_well() -> None:
    assert posts(("x", "One."), ("threads", "Two."), asked=["threads", "x"]) == []


def test_missing_second_and_unasked_posts_are_major() -> None:
    assert posts(("x", "One."), ("x", "Two."), ("facebook", "Three."), asked=["x", "mastodon", "threads"]) == [
        ("posts", "no post for mastodon, threads", Severity.MAJOR),
        ("posts[1]", "a second post for x", Severity.MAJOR),
        ("posts[2]", "a post for facebook, which was not asked for", Severity.MAJOR),
    ]


def test_the_same_words_on_two_platforms_are_told_whatever_their_tags() -> None:
    pairs = (("x", "The ferry sails. #Ferry"), ("threads", "The  ferry sails. https://example.com #Sea"))
    assert posts(*pairs, asked=["x", "threads"]) == [("posts[1].text", "the same words as in posts[0]", Severity.MINOR)]


@pytest.mark.parametrize(
    ("scenes", "path", "message"),
    [
        ([(2, 18, "VO: Hi.")], "scenes[0].start", "the first scene starts at 2 s, not at 0 s"),
        ([(0, 10, "VO: Hi."), (11, 9, "VO: Hi.")], "scenes[1].start", "scene 2 starts at 11 s, not at 10 s"),
        ([(0, 10, "VO: Hi."), (10, 11, "VO: Hi.")], "scenes", "the scenes last 21 of 20 s"),
    ],
)
def test_times_that_do_not_add_up_are_major(scenes: list[tuple[int, int, str]], path: str, message: str) -> None:
    assert script(*scenes) == [(path, message, Severity.MAJOR)]


def test_a_script_that_leaves_most_of_the_time_empty_is_told() -> None:
    assert script((0, 10, "VO: Hi.")) == [("scenes", "the scenes fill 10 of 20 s", Severity.MINOR)]
    assert script((0, 15, "VO: Hi.")) == []


def test_narration_must_fit_its_seconds_and_sounds_take_no_breath() -> None:
    line = "The old boat leaves the harbour every morning at nine. "  # ten words
    assert script((0, 20, "VO: " + line * 5)) == []
    assert script((0, 20, "SFX: " + "click " * 90 + "VO: Done.")) == []
    (found,) = script((0, 20, "VO: " + line * 9))
    assert found == ("scenes[0].audio", "about 37 s of narration in 20 s", Severity.MINOR)
    (found,) = script((0, 20, "NA: " + "船は朝の九時に出ます。" * 15), language="ja")
    assert found[1] == "about 33 s of narration in 20 s"


def test_narration_in_another_language_is_timed_by_that() -> None:
    line = "The old boat leaves the harbour every morning at nine. "
    assert script((0, 20, "NA: " + line * 4), language="ja") == []


@pytest.mark.parametrize("output", [None, {}, {"posts": "x"}, {"posts": [1]}, {"scenes": [{"start": "0:00"}]}])
def test_other_shapes_are_left_alone(output: Any) -> None:
    piece = Piece("any", output=output, body="text", fields={"platforms": ["x"], "duration": 20})
    assert after(piece).findings == ()
