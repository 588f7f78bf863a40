"""Phrases are found as words, in any case, and as fast as the text can be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentkit.core.text.phrases import Phrases, lowered


def hits(phrases: list[str], text: str) -> list[str]:
    return [text[hit.start : hit.end] for hit in Phrases(phrases).find(lowered(text))]


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("log in", "Log  in, log\nin, blog in, log inn", ["Log  in", "log\nin"]),
        ("it's", "It’s its it's", ["It’s", "it's"]),
        ("e-mail", "E\u2011mail email e-mails", ["E\u2011mail"]),
        ("C++", "C++ and C++11 and C", ["C++", "C++"]),
        ("login", "loginの後はlogin。logins", ["login", "login"]),
        ("サーバ", "サーバー", ["サーバ"]),
        ("straße", "Die Straße, straßen", ["Straße"]),
    ],
)
def test_what_a_phrase_finds(phrase: str, text: str, found: list[str]) -> None:
    assert hits([phrase], text) == found


def test_the_longest_is_found_and_hits_stay_apart() -> None:
    assert hits(["in order", "in order to", "order to go"], "in order to go") == ["in order to"]
    assert hits([], "in order") == []


def test_phrases_with_and_without_spaces_are_found_in_one_pass() -> None:
    phrases = ["log in", "login", "etc.", "サーバ", "サーバー", "C++", "ーC"]
    text = "サーバーlogin etc.login「サーバ」C++log in、blogin サーバーC"
    assert hits(phrases, text) == ["サーバー", "login", "etc.", "login", "サーバ", "C++", "log in", "サーバー"]
    assert hits(["login", "サーバ"], "login") == ["login"]
    assert hits(["login", "'tis"], "’tis login") == ["’tis", "login"]


@given(st.lists(st.text(min_size=1, max_size=8), max_size=8), st.text(max_size=80))
def test_any_phrases_in_any_text(phrases: list[str], text: str) -> None:
    low = lowered(text)
    assert len(low) == len(text)
    last = 0
    for hit in Phrases(phrases).find(low):
        assert last <= hit.start < hit.end
        last = hit.end
