"""The film step: the times of a script fill the film, and its chapters stand where rows begin."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentkit.core.piece import Piece
from contentkit.steps.film import after
from contentkit.steps.form import after as form

SAID = "VO: The old boat leaves the harbour every morning at nine."  # ten words, 4.1 s


def script(rows: list[tuple[Any, Any, str]], duration: int, *chapters: tuple[int, str]) -> Piece:
    scenes = [{"start": start, "seconds": seconds, "audio": audio, "video": "v"} for start, seconds, audio in rows]
    output = {"scenes": scenes, "chapters": [{"start": start, "title": title} for start, title in chapters]}
    return Piece("video-script", "en", output=output, fields={"duration": duration})


def times(piece: Piece) -> list[tuple[int, int]]:
    return [(row["start"], row["seconds"]) for row in piece.output["scenes"]]


def test_times_that_fill_the_film_stay_as_they_are() -> None:
    piece = script([(0, 8, SAID), (8, 12, SAID)], 20)
    assert after(piece) == piece


def test_times_that_do_not_are_set_anew_and_that_is_told() -> None:
    piece = after(script([(0, 8, SAID), (9, 12, "MUSIC: soft")], 60))
    assert times(piece) == [(0, 24), (24, 36)]
    assert piece.notices == ("the times of the rows were set anew: they ran 20 s, and fill 60 s now",)


def test_gaps_alone_are_closed() -> None:
    assert times(after(script([(2, 8, SAID), (12, 12, SAID)], 20))) == [(0, 8), (8, 12)]


def test_what_is_said_keeps_the_seconds_that_it_needs() -> None:
    piece = after(script([(0, 5, SAID), (5, 55, "MUSIC: soft")], 12))
    assert times(piece) == [(0, 5), (5, 7)]


def test_chapters_move_with_their_rows() -> None:
    rows = [(0, 10, SAID), (10, 10, SAID), (20, 10, SAID)]
    piece = after(script(rows, 90, (0, "One"), (10, "Two"), (21, "Three")))
    assert [(chapter["start"], chapter["title"]) for chapter in piece.output["chapters"]] == [
        (0, "One"), (30, "Two"), (60, "Three"),
    ]  # fmt: skip


def test_chapters_that_youtube_would_turn_off_are_left_out_and_that_is_told() -> None:
    rows = [(0, 10, SAID), (10, 5, SAID), (15, 15, SAID), (30, 15, SAID)]
    piece = after(script(rows, 45, (0, "One"), (10, "Two"), (15, "Three"), (30, "Four")))
    assert [chapter["title"] for chapter in piece.output["chapters"]] == ["One", "Two", "Four"]
    assert piece.notices[-1].startswith("1 of 4 chapters were left out")
    piece = after(script(rows, 45, (0, "One"), (10, "Two")))
    assert piece.output["chapters"] == []
    assert piece.notices[-1].startswith("all chapters were left out")


def test_chapters_of_a_description_stand_in_their_list_alone() -> None:
    rows = [(0, 15, SAID), (15, 15, SAID), (30, 15, SAID)]
    text = "All about it.\n\nChapters:\n0:00 One\n- [0:15] – Two\n0:30 Three\n\nThe boat leaves at\n7:40 every morning."
    piece = script(rows, 45)
    piece = after(replace(piece, output={**piece.output, "description": text, "tags": ["#boat", "Boat ", "quay", ""]}))
    assert [(row["start"], row["title"]) for row in piece.output["chapters"]] == [
        (0, "One"),
        (15, "Two"),
        (30, "Three"),
    ]
    assert piece.output["description"] == "All about it.\n\nThe boat leaves at\n7:40 every morning."
    assert piece.output["tags"] == ["boat", "quay"]
    listed = script(rows, 45, (0, "0:00 - One"), (15, "Two"), (30, "Three"))
    listed = after(replace(listed, output={**listed.output, "description": "It.\n0:00 Another"}))
    assert [row["title"] for row in listed.output["chapters"]] == ["One", "Two", "Three"]
    assert listed.output["description"] == "It."


@given(
    st.lists(st.tuples(st.integers(-5, 90), st.integers(-2, 90) | st.floats() | st.text(max_size=3),
                       st.sampled_from([SAID, "MUSIC: soft", "", SAID * 4])), min_size=1, max_size=30),
    st.integers(1, 3600),
)  # fmt: skip
def test_any_rows_fill_the_film_to_the_second(rows: list[tuple[Any, Any, str]], duration: int) -> None:
    piece = form(after(script(rows, duration)))
    if len(rows) > duration:
        return
    end = 0
    for start, seconds in times(piece):
        assert start == end
        assert seconds >= 1
        end += seconds
    assert end == duration
    assert not [finding for finding in piece.findings if "last" in finding.message or "starts" in finding.message]


@pytest.mark.parametrize("output", [None, {}, {"scenes": []}, {"scenes": "x"}, {"scenes": [1]}, {"posts": []}])
def test_other_answers_stay_as_they_are(output: Any) -> None:
    piece = Piece("any", output=output, body="text", fields={"duration": 20})
    assert after(piece) == piece
