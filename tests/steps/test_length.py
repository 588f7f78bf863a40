"""The length step: a free text is as long as was asked, within a tenth."""

from __future__ import annotations

from typing import Any

import pytest

from contentkit.core.piece import Piece, SourceText
from contentkit.core.report import Severity
from contentkit.steps.length import after

Told = list[tuple[str, str, Severity]]


def told(words: int, asked: Any, language: str = "en", sources: tuple[SourceText, ...] = ()) -> Told:
    body = "字" * words if language == "ja" else "word " * words
    piece = Piece("article", language, body=f"# {body}", fields={"length": asked}, sources=sources)
    return [(finding.rule, finding.message, finding.severity) for finding in after(piece).findings]


@pytest.mark.parametrize("words", [360, 400, 440])
def test_a_tenth_more_or_less_is_well(words: int) -> None:
    assert told(words, 400) == []


def test_what_is_longer_is_major_and_what_is_shorter_minor() -> None:
    assert told(441, 400) == [("length/long", "The text has 441 of 400 words.", Severity.MAJOR)]
    assert told(359, 400) == [("length/short", "The text has 359 of 400 words.", Severity.MINOR)]
    assert told(2000, 1500, "ja") == [("length/long", "The text has 2000 of 1500 characters.", Severity.MAJOR)]
    assert told(1400, 1500, "ja") == []


def test_where_the_material_gives_out_it_is_no_fault() -> None:
    notes = (SourceText("notes.md", "word " * 120),)
    assert told(100, 400, sources=notes) == [
        ("length/short", "The text has 100 of 400 words; the material has about 120.", Severity.INFO)
    ]


def test_short_texts_are_not_counted_to_the_word() -> None:
    assert told(63, 50) == []
    assert told(66, 50)[0][0] == "length/long"


@pytest.mark.parametrize("asked", [None, 0, True, "800"])
def test_without_a_length_there_is_nothing_to_check(asked: Any) -> None:
    assert told(10, asked) == []


def test_answers_with_a_form_are_for_others_to_measure() -> None:
    assert after(Piece("email", "en", output={"body": "x"}, fields={"length": 150})).findings == ()
