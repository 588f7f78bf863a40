"""Quotations of a text in every sort of quotation marks, long and short."""

from __future__ import annotations

import pytest

from contentkit.core.piece import Piece, SourceText
from contentkit.core.report import Finding, Severity
from contentkit.core.text.document import document
from contentkit.steps import grounding

MILL = """The millers chose the valley. "We looked at eleven valleys before we chose this one, and we don't regret it,"
said Daniela Kovač. "What decided it was the river itself." She likes the old mill.
"""
KOBA = "高橋氏は「十一の谷を見てまわり、最後にここを選びました」と話しています。「決め手は川です」とも述べました。"


def quotations(text: str, source: str = MILL, language: str = "en") -> list[Finding]:
    piece = Piece("text", language, sources=(SourceText("mill.md", source),), body=text, name="draft.md")
    return [one for one in grounding.after(piece).findings if one.rule == "grounding/quotation"]


@pytest.mark.parametrize(
    "quoted",
    ['"{}" said Kovač.', "“{}” said Kovač.", "‘{}’ said Kovač.", "'{}' said Kovač.", "Kovač said:\n«{}» So it was."],
)
def test_a_word_changed_is_found_in_any_marks(quoted: str) -> None:
    right = "We looked at eleven valleys before we chose this one, and we don't regret it,"
    assert quotations(quoted.format(right)) == []
    (finding,) = quotations(quoted.format(right.replace("eleven", "seven")))
    assert finding.severity is Severity.MAJOR


def test_a_quotation_may_go_on_in_the_next_line() -> None:
    assert len(quotations('"We looked at seven\nvalleys before we\nchose this one," said Kovač.')) == 1
    assert quotations('"We looked at eleven\nvalleys before we\nchose this one," said Kovač.') == []


def test_what_somebody_said_in_a_few_words_is_a_quotation() -> None:
    for text in ('Kovač called it "the best river".', "Kovač said it was “pure luck”."):
        (finding,) = quotations(text)
        assert finding.severity is Severity.MINOR
    for text in (
        'She called it "the old mill".',
        'It has the "best river" far and wide.',
        'This is called "wet felting".',
    ):
        assert quotations(text) == []


def test_what_somebody_said_in_a_few_japanese_words_is_a_quotation() -> None:
    (finding,) = quotations("高橋氏は「最高の川です」と語りました。", KOBA, "ja")
    assert finding.severity is Severity.MINOR
    assert quotations("高橋氏は「決め手は川です」と語りました。この「川の中の工場」が売りです。", KOBA, "ja") == []


@pytest.mark.parametrize(
    "text",
    ["It's the miller's, and 'tis the millers' house, isn't it?", "The '90s, rock 'n' roll and the dogs' bowls."],
)
def test_apostrophes_are_no_quotation_marks(text: str) -> None:
    assert document(text, "en").quotations == ()
