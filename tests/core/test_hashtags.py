"""Hashtags: made usable, and what is wrong with those that stand in a text."""

from __future__ import annotations

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from contentkit.core.text.counting import hashtags
from contentkit.core.text.hashtags import advice, cleaned


def test_tags_are_made_usable_each_once() -> None:
    tags = ["#Open Source", "opensource", "＃図書館 バス", "2026", "R&D", "  #Tea ", "tea!", "", "café au lait"]
    assert cleaned(tags) == [
        "OpenSource", "図書館バス", "RD", "Tea", "CaféAuLait",
    ]  # fmt: skip


def test_a_tag_of_another_script_stays_whole() -> None:
    assert cleaned(["#हिन्दी", "ラ〜メン", "\ufe0ftea"]) == ["हिन्दी", "ラ〜メン", "tea"]


@given(st.lists(st.text(max_size=20), max_size=8))
def test_what_is_cleaned_is_a_hashtag_of_any_text(tags: list[str]) -> None:
    made = cleaned(tags)
    assert hashtags(" ".join(f"#{tag}" for tag in made)) == [f"#{tag}" for tag in made]


def told(text: str) -> list[tuple[str, str, str]]:
    return [(one.name, text[one.start : one.end], one.better) for one in advice(text)]


def test_a_hashtag_that_ends_too_early_is_told() -> None:
    assert told("We are #open-source and #R&D-led") == [
        ("cut", "#open-source", "#OpenSource"), ("cut", "#R&D-led", "#RDLed"),
    ]  # fmt: skip
    assert told("Japan's #Tea, #Ferry. (#Cup)") == []


def test_two_words_in_small_letters_are_told_where_the_text_has_them_apart() -> None:
    assert told("Open source is fun. #opensource #fun") == [("case", "#opensource", "#OpenSource")]
    assert told("A bakery opens. #sustainability #OpenSource") == []


def test_a_hashtag_twice_and_a_year_are_told() -> None:
    assert told("#Tea and #tea in #2026, no. #1 of #2026.5") == [("twice", "#tea", ""), ("number", "#2026", "")]


def test_a_long_tag_takes_no_more_room_than_the_text() -> None:
    text = f"Open source #{'open' * 2000}"
    tracemalloc.start()
    assert told(text) == []
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 20 * len(text)


@given(st.text(st.characters(codec=None, categories=None)) | st.text("a#＃1-& é日\u0301"))
def test_no_text_fails(text: str) -> None:
    for one in advice(text):
        assert text[one.start] in "#＃"
