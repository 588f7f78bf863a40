"""Originality: what a text takes over from its sources without saying so."""

from __future__ import annotations

import re
from typing import Any

import pytest

from contentkit.core.errors import UsageError
from contentkit.core.piece import Piece, SourceText
from contentkit.core.report import Severity
from contentkit.steps import originality

LIGHT = (
    "The old lighthouse at the end of the harbour was built by fishermen who were tired of losing their boats "
    "to the rocks every winter. It was painted white and red in the spring."
)
GLOW = (
    "港の端に立つ古い灯台は、毎年の冬に岩で船を失うことに疲れた漁師たちが自分たちの手で建てたものだと伝えられています。"
)
SOURCE = SourceText("light.md", LIGHT, "The lighthouse", licence="CC BY 4.0")


def check(text: str, source: SourceText = SOURCE, language: str = "en", **more: Any) -> Piece:
    return originality.after(Piece("article", language, sources=(source,), body=text, **more))


def test_a_copied_run_is_found_with_its_source_licence_and_share() -> None:
    text = "It was built by fishermen who were tired of losing their boats to the rocks, they said later."
    copied, share = check(text).findings
    assert copied.rule == "originality/copied"
    assert copied.severity is Severity.MINOR
    assert copied.message == "14 words stand word for word in 'The lighthouse' (light.md, CC BY 4.0)."
    assert copied.place is not None
    assert copied.place.quote == "was built by fishermen who were tired of losing their boats to the rocks"
    start = (copied.place.column or 1) - 1
    assert text[start:].startswith("was built by fishermen")
    assert (share.rule, share.severity) == ("originality/share", Severity.INFO)
    assert share.message.startswith("78% of the text (14 of 18 words")


def test_words_of_ones_own_and_short_runs_are_quiet() -> None:
    text = "Fishermen put up the tower because boats broke on the rocks in every winter storm, painted white and red."
    assert check(text).findings == ()


@pytest.mark.parametrize("marks", ["“{}”", '"{}"', "> {}", "## {}", "```\n{}\n```"])
def test_quotations_headings_and_code_are_no_copies(marks: str) -> None:
    words = "The old lighthouse at the end of the harbour was built by fishermen who were tired of losing their boats"
    assert check(f"They say:\n\n{marks.format(words)}\n\nSo it was.").findings == ()


def test_japanese_is_compared_by_characters() -> None:
    text = "町の人によると、" + GLOW[8:52] + "そうだ。"
    copied, _ = check(text, SourceText("glow.md", GLOW), "ja").findings
    assert "characters stand word for word in glow.md" in copied.message
    assert (
        check("漁師たちが冬の岩を恐れて建てた灯台が、港の端に残っている。", SourceText("glow.md", GLOW), "ja").findings
        == ()
    )


def test_a_copy_with_a_word_changed_here_and_there_is_one() -> None:
    text = (
        "An old lighthouse at the end of the harbour was put up by fishermen who were tired of losing boats "
        "to the rocks each winter. It was painted white and red in spring."
    )
    copied, share = check(text).findings
    assert copied.message == "28 of 31 words stand word for word in 'The lighthouse' (light.md, CC BY 4.0)."
    assert copied.place is not None
    assert text[(copied.place.column or 1) - 1 :].startswith("old lighthouse at the end")
    assert share.message.startswith("85% of the text (28 of 33 words")


def test_a_japanese_copy_with_words_changed_is_one() -> None:
    source = GLOW + "春になると漁師の家族が集まり、塔を赤と白に塗りなおすのが町のならわしでした。"
    text = source.replace("毎年の冬", "毎冬").replace("家族が", "家族たちが").replace("でした", "だった")
    copied, _ = check(text, SourceText("glow.md", source), "ja").findings
    same, whole = map(int, re.findall(r"\d+", copied.message))
    assert 75 < same < whole < 90


def test_the_same_told_otherwise_is_no_copy() -> None:
    text = (
        "Tired of losing their boats every winter, fishermen built the lighthouse at the end of the harbour, "
        "and in the spring it was painted red and white."
    )
    assert check(text).findings == ()


def test_case_line_breaks_and_markup_hide_nothing() -> None:
    text = "The OLD lighthouse at the end\nof the **harbour** was built by [fishermen](https://example.com) who were."
    assert [one.rule for one in check(text).findings] == ["originality/copied", "originality/share"]


def test_an_offline_draft_is_told_only_how_much() -> None:
    piece = check(LIGHT, picked=True)
    assert piece.findings == ()
    assert piece.notices == ("100% of the words stand in long runs of the sources, as in every offline draft.",)


def test_more_than_the_share_that_may_be_fails() -> None:
    said = {"originality": {"share": 0.3, "words": 8}}
    assert {one.severity for one in check(LIGHT, settings=said).findings} == {Severity.MINOR, Severity.MAJOR}


@pytest.mark.parametrize("table", [{"words": 2}, {"words": True}, {"share": 2}, {"most": 1}, {"characters": "40"}])
def test_a_wrong_setting_is_one_sentence(table: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as error:
        originality.settings(table)
    assert "originality" in str(error.value)
