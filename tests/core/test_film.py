"""Rows of a script: what is heard in them, and what follows from them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentkit.core.film import clock, narration, scenes_of, sounds, time, upload
from contentkit.core.schedule import kept, moved, shared_out


def heard(audio: str) -> list[tuple[str, str]]:
    return [(sound.tag, sound.text) for sound in sounds(audio)]


def test_sounds_are_told_apart_by_their_tags() -> None:
    assert heard("VO: It rains. SFX: thunder MUSIC: soft, low") == [
        ("VO", "It rains."), ("SFX", "thunder"), ("MUSIC", "soft, low"),
    ]  # fmt: skip
    assert heard("NA: 雨です。SE: 雷 M: 静かな曲 G: 地図") == [
        ("VO", "雨です。"), ("SFX", "雷"), ("MUSIC", "静かな曲"), ("GFX", "地図"),
    ]  # fmt: skip
    assert heard("ＮＡ：雨です。\nＳＥ：雷") == [("VO", "雨です。"), ("SFX", "雷")]
    assert heard("V.O. (whispering): Quiet.") == [("VO", "Quiet.")]


@pytest.mark.parametrize(
    "said", ["Take vitamin M: it helps.", "The NATO: a short history.", "Invo: nothing.", "so: no."]
)
def test_words_that_look_like_tags_are_words(said: str) -> None:
    assert heard(f"VO: {said}") == [("VO", said)]


def test_the_narration_is_what_the_narrator_says_and_nothing_else() -> None:
    rows = ["VO: One. SFX: click VO: Two.", "MUSIC: soft", "Three\n untagged.", "SFX: bang"]
    scenes = scenes_of({"scenes": [{"seconds": 2, "audio": audio} for audio in rows]})
    assert narration(scenes) == "One. Two.\n\nThree untagged."


def test_rows_follow_each_other_whatever_they_say() -> None:
    rows = [{"start": 9, "seconds": 2}, {"seconds": "0:03"}, {"seconds": -1}, "no row", {"seconds": float("nan")}]
    scenes = scenes_of({"scenes": rows})
    assert [(scene.number, scene.start, scene.end) for scene in scenes] == [(1, 0, 2), (2, 2, 5), (3, 5, 6), (4, 6, 7)]


def test_the_upload_has_the_lines_by_which_chapters_are_found() -> None:
    chapters = [{"start": 0, "title": "Start"}, {"start": 3725, "title": "The\nend"}, {"start": "x", "title": "no"}]
    assert upload({"description": "About ferries. ", "chapters": chapters}) == (
        "About ferries.\n\n0:00 Start\n1:02:05 The end"
    )
    assert upload({"description": "Only this."}) == "Only this."


@given(st.recursive(st.none() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=3)))
def test_any_answer_can_be_read(value: Any) -> None:
    fields = {"scenes": [{"seconds": value, "audio": value, "video": value}, value], "chapters": [value]}
    assert all(scene.seconds > 0 for scene in scenes_of(fields))
    assert isinstance(narration(scenes_of({"scenes": value})) + upload({**fields, "description": value}), str)


def test_times_are_read_and_written() -> None:
    assert [time(value) for value in (7, "1:05", "1:00:00", "x", None, True)] == [7, 65, 3600, None, None, None]
    assert [clock(value) for value in (0, 59.6, 75, 3600)] == ["0:00", "1:00", "1:15", "1:00:00"]


@given(st.lists(st.tuples(st.floats(0, 50), st.floats(0, 50)), min_size=1, max_size=40), st.integers(1, 3600))
def test_times_add_up_to_the_second_and_give_each_row_what_it_needs(
    rows: list[tuple[float, float]], total: int
) -> None:
    wishes, needs = [row[0] for row in rows], [row[1] for row in rows]
    shared = shared_out(total, wishes, needs)
    if total < len(rows):
        assert shared is None
        return
    assert shared is not None
    assert sum(shared) == total
    assert min(shared) >= 1
    if sum(max(1, -int(-need // 1)) for need in needs) <= total:
        assert all(seconds >= need for seconds, need in zip(shared, needs, strict=True))


def test_times_that_are_right_stay_as_they_are() -> None:
    assert shared_out(60, [10, 20, 30], [5, 5, 5]) == [10, 20, 30]
    assert shared_out(30, [10, 20, 30], [1, 1, 1]) == [5, 10, 15]


def test_chapters_move_with_their_rows_and_only_a_whole_set_is_kept() -> None:
    chapters = [(0.0, "One"), (11.0, "Two"), (30.0, "Three")]
    assert moved(chapters, [10, 20, 30], [20, 40, 60]) == [(0.0, "One"), (20.0, "Two"), (60.0, "Three")]
    assert kept(chapters, 60) == chapters
    assert kept(chapters, 35) == []
    assert kept([*chapters, (36.0, "Too short")], 60) == chapters
    assert kept([(3.0, "Late"), *chapters[1:]], 60)[0] == (0, "Late")
