# ruff: noqa: E501
"""A rare pattern, looked for where one of its words stands, finds what it finds anywhere."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contentkit.core.facts import calendar, citations
from contentkit.core.text.scan import rarely

PIECES = st.lists(
    st.sampled_from(
        ["Studies", "show", "that", "recent", "research", "found", "according to", "a", "new", "survey", "Monday", "mondays", "Good",
         "Friday", "İ", "月曜日", "火曜", "最近の", "研究", "によると", "明らか", "と言われている", "it is", "known", "Studien", "zeigen", "laut",
         "einer", "Umfrage", " ", " ", "\n", "\n\n", "x", "。", "according", "to", "experts", "ＥＸＰＥＲＴＳ"]
    ),
    max_size=25,
).map("".join)  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "words"),
    [(citations._VAGUE, citations._VAGUE_WORDS), (calendar._WEEKDAY, calendar._WEEKDAY_WORDS)],
)
@settings(max_examples=300, deadline=None)
@given(text=PIECES | PIECES.map(lambda text: text.replace(" ", "\n")))
def test_nothing_is_missed(pattern, words, text: str) -> None:  # type: ignore[no-untyped-def]
    whole = [found.span() for found in pattern.finditer(text) if found.group().count("\n") < 2]
    assert [found.span() for found in rarely(pattern, text, words) if found.group().count("\n") < 2] == whole
