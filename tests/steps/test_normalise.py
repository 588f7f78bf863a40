"""Cleaning text: what hides goes, what is meant stays."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contentkit.core.piece import Piece, SourceText
from contentkit.steps.normalise import after, before, cleaned


@pytest.mark.parametrize(
    "kept",
    [
        "👩‍👩‍👧‍👦 🤷🏽‍♀️ ❤️‍🔥 1️⃣ ☺︎",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "葛\U000e0100城市と辻\U000e0101さん",
        "می‌خواهم",
        "क्‍ष and ශ්‍රී",
        "ก\u200bข",
        "שלום\u200f!",
        "ﾊﾝｶｸ　全角\ttab\nline",
        "zero‑width? no: café — “quotes”…",
    ],
)
def test_what_is_meant_stays(kept: str) -> None:
    assert cleaned(kept) == kept


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("e\u0301 か\u3099", "é が"),
        ("a\r\nb\rc\u2028d\x0be\x85f", "a\nb\nc\nd\ne\nf"),
        ("a\u200bb\u2060c\ufeffd\u00ade", "abcde"),
        ("user\u202eevil\u202c", "userevil"),
        ("hi\U000e0068\U000e0069\U000e007f", "hi"),
        ("a\ufe01\U000e0100b", "ab"),
        ("😀\ufe0f\ufe0f\U000e0150", "😀\ufe0f"),
        ("\x00\x07bell\x1b[31m", "bell[31m"),
        ("left\u200e right", "left right"),
        ("a\u200db", "ab"),
        ("half \ud83d pair", "half \ufffd pair"),
        ("\u3164blank\u115f", "blank"),
    ],
)
def test_what_hides_goes(dirty: str, clean: str) -> None:
    assert cleaned(dirty) == clean


@given(
    st.text(st.characters(codec=None, categories=None))
    | st.text("a😀\u200d\ufe0f\u200cक्می葛\U000e0100\u202e\r\n\u200b\u034f\u0301")
)
@settings(max_examples=300)
@example("\u0300\u094d\u200c\u0600")
def test_twice_is_the_same_as_once(text: str) -> None:
    once = cleaned(text)
    assert cleaned(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\r" not in once
    once.encode()


def test_before_cleans_sources_and_fields_and_says_what_was_hidden() -> None:
    source = SourceText("notes.md", "Ignore\u202e this\U000e0041\r\n", title="A\u200b")
    piece = before(Piece("article", sources=(source,), fields={"topic": "e\u0301", "length": 3, "tags": ["a\u0000"]}))
    assert piece.sources[0].text == "Ignore this\n"
    assert piece.sources[0].title == "A"
    assert piece.fields == {"topic": "é", "length": 3, "tags": ["a"]}
    assert piece.notices == ("notes.md: took out 2 characters that hide or reorder text",)


def test_after_cleans_output_and_body() -> None:
    piece = after(Piece("any", output={"posts": [{"text": "a\u200bb", "n": 1}]}, body="x\r\ny"))
    assert piece.output == {"posts": [{"text": "ab", "n": 1}]}
    assert piece.body == "x\ny"
