"""Text of a local model on its way to the reader: whole characters, thinking apart, no part of a stop string."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentkit.core.chat import ReasoningDelta, TextDelta
from contentkit.providers._transformers.spoken import Answer


def _told(pieces: list[str], stops: tuple[str, ...] = (), *, thinking: bool = False) -> tuple[str, str, str]:
    """(thinking, answer, stop string met) when the text comes in these pieces."""
    answer = Answer(stops, thinking=thinking)
    events = [event for piece in pieces for event in answer.feed(piece)]
    events += answer.close()
    thought = "".join(event.text for event in events if isinstance(event, ReasoningDelta))
    said = "".join(event.text for event in events if isinstance(event, TextDelta))
    return thought, said, answer.stopped


def test_thinking_is_told_apart_from_the_answer() -> None:
    assert _told(["<think>\nHm.", "</think>\n\nYes."]) == ("\nHm.", "Yes.", "")


def test_a_block_that_the_template_opened_is_thinking() -> None:
    assert _told(["Hm.</th", "ink>Yes."], thinking=True) == ("Hm.", "Yes.", "")


def test_the_word_think_inside_an_answer_is_only_a_word() -> None:
    assert _told(["Write <think> in ", "your template."]) == ("", "Write <think> in your template.", "")


def test_stop_strings_end_the_answer_but_not_the_thinking() -> None:
    assert _told(["<think>no END yet</think>a EN", "D b"], ("END",)) == ("no END yet", "a ", "END")


def test_the_earliest_stop_string_wins() -> None:
    assert _told(["one two three"], ("three", "two")) == ("", "one ", "two")


@pytest.mark.parametrize("pieces", [["<<><"], ["<<>", "<"], ["<", "<", ">", "<"]])
def test_of_two_that_overlap_the_one_that_is_whole_first_wins(pieces: list[str]) -> None:
    assert _told(pieces, (">", "<><")) == ("", "<<", ">")


def test_what_only_looked_like_a_stop_string_is_said_at_the_end() -> None:
    assert _told(["a EN"], ("END",)) == ("", "a EN", "")


def test_text_is_not_held_back_without_need() -> None:
    assert Answer(("END",), thinking=False).feed("Hello. ") == [TextDelta("Hello. ")]


_words = st.text(st.sampled_from("ab<>/think "), max_size=30)


@given(
    text=st.one_of(_words, st.tuples(_words, _words).map(lambda two: f"<think>{two[0]}</think>{two[1]}")),
    cuts=st.lists(st.integers(0, 60), max_size=8),
    stops=st.lists(st.text(st.sampled_from("ab<>/"), min_size=1, max_size=4), max_size=2).map(tuple),
    thinking=st.booleans(),
)
def test_any_cutting_tells_the_same(text: str, cuts: list[int], stops: tuple[str, ...], thinking: bool) -> None:
    edges = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    pieces = [text[start:end] for start, end in pairwise(edges)]
    whole = _told([text], stops, thinking=thinking)
    assert _told(pieces, stops, thinking=thinking) == whole
    assert not any(stop in whole[1] for stop in stops)
