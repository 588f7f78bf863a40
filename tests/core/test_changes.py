"""Two texts, word by word."""

from __future__ import annotations

import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from contentkit.core.text.changes import Change, changes, likeness

TEXTS = st.text("ab c\n.港水は、カナ6", max_size=60) | st.text(max_size=60)


@given(TEXTS, TEXTS)
def test_both_texts_are_in_it_to_the_character(old: str, new: str) -> None:
    found = changes(old, new)
    assert "".join(change.text for change in found if change.op != "in") == old
    assert "".join(change.text for change in found if change.op != "out") == new
    assert all(change.text for change in found)
    assert all(one.op != other.op for one, other in pairwise(found))
    assert 0 <= likeness(found) <= 1
    assert (likeness(found) == 1) == (old == new)


def told(old: str, new: str) -> str:
    signs = {"same": "{}", "out": "[{}]", "in": "<{}>"}
    return "".join(signs[change.op].format(change.text) for change in changes(old, new))


def test_words_change_whole() -> None:
    assert told("It leaves at 7:40 sharp.", "It leaves at 7:45 sharp.") == "It leaves at [7:40]<7:45> sharp."
    assert told("the old grey boat", "the new white boat") == "the [old grey]<new white> boat"
    assert told("We don't sail.", "We do sail.") == "We [don't]<do> sail."


def test_japanese_changes_by_runs_of_a_script() -> None:
    assert told("港の水深は6メートルです。", "港の水深は8メートルです。") == "港の水深は[6]<8>メートルです。"
    assert told("渡し船は朝に出ます。", "連絡船は夕方に出ます。") == "[渡し船は朝]<連絡船は夕方>に出ます。"
    assert told("データベースが速い", "データセットが速い") == "[データベース]<データセット>が速い"


def test_a_paragraph_that_came_leaves_the_others_alone() -> None:
    assert changes("One.\n\nThree.\n", "One.\n\nTwo.\n\nThree.\n") == (
        Change("same", "One.\n\n"),
        Change("in", "Two.\n\n"),
        Change("same", "Three.\n"),
    )


def test_long_texts_take_no_time() -> None:
    lines = [f"Line {number} tells of the ferry and of its harbour.\n" for number in range(20_000)]
    started = time.monotonic()
    changes("".join(lines), "".join([*lines[:9_000], "New.\n", *lines[9_500:]]))
    changes("word " * 200_000, "other " * 200_000)
    assert time.monotonic() - started < 5
