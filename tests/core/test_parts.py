"""Which strings of an answer are running text."""

from __future__ import annotations

import time

import pytest

from contentkit.core.parts import parts
from contentkit.core.piece import Piece


def paths(**answer: str) -> list[str]:
    return [part.path for part in parts(Piece("email", "en", False, output=answer))]


def test_two_words_or_a_word_without_spaces_are_text_and_a_single_word_is_none() -> None:
    assert paths(a="two words", b="one", c="a - b", d="- (b) …c", e="渡し船", f="- -", g="one -", h="", i="a\n.b") == [
        "a", "d", "e", "i",
    ]  # fmt: skip


@pytest.mark.parametrize("long", ["長" * 60_000, "a" * 60_000, "." * 60_000, "a" + " " * 60_000, ". " * 30_000])
def test_a_long_run_without_spaces_is_looked_at_once(long: str) -> None:
    began = time.monotonic()
    paths(a=long)
    assert time.monotonic() - began < 5
