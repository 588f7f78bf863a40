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


def script(
    *scenes: tuple[int, int, str], duration: int = 20, language: str = "en", **parts: str
) -> list[tuple[str, str, Severity]]:
    rows = [{"start": start, "seconds": seconds, "audio": audio} for start, seconds, audio in scenes]
    return told(Piece("video-script", language, output={"scenes": rows, **parts}, fields={"duration": duration}))


LINE = "The old boat leaves the harbour every morning at nine. "  # ten words


def told(piece: Piece) -> list[tuple[str, str, Severity]]:
    found = after(piece).findings
    assert all(finding.repair for finding in found)
    return [(finding.place.path if finding.place else "", finding.message, finding.severity) for finding in found]


def versions(*texts: str, asked: int = 2) -> list[str]:
    output = {"posts": [{"platform": "x", "text": text, "variant": chr(65 + at)} for at, text in enumerate(texts)]}
    return [message for _, message, _ in told(Piece("social", output=output, fields={"platforms": ["x"], "ab": asked}))]


def test_versions_are_as_many_as_were_asked_and_differ() -> None:
    one, other = "The ferry leaves the old harbour at seven in the morning.", "Sleep late: a boat goes at noon too."
    assert versions(one, other) == []
    assert versions(one) == ["1 of 2 versions for x"]
    assert versions(one, other, LINE) == ["more than 2 versions for x"]
    (nearly,) = versions(one, one.replace("seven", "eight"))
    assert nearly.startswith("version B is nearly the same as A (")


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
        ([(2, 18, LINE)], "scenes[0].start", "the first scene starts at 2 s, not at 0 s"),
        ([(0, 10, LINE), (11, 9, LINE)], "scenes[1].start", "scene 2 starts at 11 s, not at 10 s"),
        ([(0, 10, LINE), (10, 11, LINE)], "scenes", "the scenes last 21 of 20 s"),
        ([(0, 9, LINE), (9, 10, LINE)], "scenes", "the scenes last 19 of 20 s"),
    ],
)
def test_times_that_do_not_add_up_are_major(scenes: list[tuple[int, int, str]], path: str, message: str) -> None:
    tagged = [(start, seconds, f"VO: {audio * 2}") for start, seconds, audio in scenes]
    assert script(*tagged) == [(path, message, Severity.MAJOR)]


def test_a_film_in_which_hardly_anything_is_said_is_told() -> None:
    (found,) = script((0, 20, "VO: " + LINE))
    assert found == ("scenes", "about 4 s of narration in 20 s", Severity.MINOR)
    assert script((0, 20, "VO: " + LINE * 2)) == []
    assert script((0, 20, "MUSIC: soft")) == []
    assert script((0, 10, "VO: " + LINE), (10, 10, "VO: [To fill: call to action]")) == []


def test_narration_must_fit_its_seconds_and_sounds_take_no_breath() -> None:
    assert script((0, 20, "VO: " + LINE * 4)) == []
    assert script((0, 20, "SFX: " + "click " * 90 + "VO: " + LINE * 2)) == []
    found = script((0, 20, "VO: " + LINE * 9))
    assert found[0] == ("scenes[0].audio", "about 37 s of narration in 20 s", Severity.MINOR)
    found = script((0, 20, "NA: " + "船は朝の九時に出ます。" * 15), language="ja")
    assert found[0][1] == "about 33 s of narration in 20 s"


def test_narration_in_another_language_is_timed_by_that() -> None:
    assert script((0, 20, "NA: " + LINE * 4), language="ja") == []


def test_narration_too_fast_for_subtitles_is_told_with_what_there_is_room_for() -> None:
    said = "すべての船は朝の九時に港を出て、昼までに島を三つ回ります。"  # 29 characters
    assert script((0, 10, f"NA: {said}"), duration=10, language="ja") == []
    (found,) = script((0, 6, f"NA: {said}"), duration=6, language="ja")
    assert found[0] == "scenes[0].audio"
    assert found[1] == "row 1: subtitles of 5.1 characters a second, at most 4 can be read"
    (found,) = script((0, 7, f"NA: {said}"), duration=7, language="ja")
    assert found[1] == "row 1: subtitles of 4.3 characters a second, at most 4 can be read"


def test_a_row_must_be_whole_and_its_sounds_named() -> None:
    assert script((0, 10, "VO: " + LINE * 2), (10, 10, " ")) == [
        ("scenes[1].audio", "row 2 does not say what is heard", Severity.MAJOR)
    ]
    (found,) = script((0, 20, LINE * 3))
    assert found[1] == "row 1 does not say whether its sound is narration, a noise or music"


def test_what_is_told_twice_must_be_the_same() -> None:
    row = (0, 20, "VO: Five pins decide! " + LINE * 2 + "Look into your own lock. SFX: click")
    assert script(row, hook="Five pins decide.", call_to_action="Look into your own lock") == []
    assert script(row, hook="Two pins decide.", call_to_action="Buy a lock") == [
        ("hook", "the first row does not open with the hook", Severity.MINOR),
        ("call_to_action", "the call to action is neither said nor shown in the last row", Severity.MINOR),
    ]
    assert script(row, hook="[To fill: hook]", call_to_action="［要記入：行動の呼びかけ］") == []


def test_a_thumbnail_is_read_in_passing() -> None:
    row = (0, 20, "VO: " + LINE * 3)
    assert script(row, thumbnail="Five pins") == []
    (found,) = script(row, thumbnail="all that you ever wanted to know")
    assert found[:2] == ("thumbnail", "7 words on the thumbnail, of which at most 6 are read")


@pytest.mark.parametrize("output", [None, {}, {"posts": "x"}, {"posts": [1]}, {"scenes": [{"start": "0:00"}]}])
def test_other_shapes_are_left_alone(output: Any) -> None:
    piece = Piece("any", output=output, body="text", fields={"platforms": ["x"], "duration": 20})
    assert after(piece).findings == ()
