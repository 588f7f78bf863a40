"""Texts are held against facts that are given by name, and against each other."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentkit.core.errors import UsageError
from contentkit.core.piece import Piece, SourceText
from contentkit.core.report import Finding
from contentkit.steps import agreement

FACTS: dict[str, Any] = {
    "first trip": "2026-12-01",
    "ticket": {"value": "4.20 €", "also": ["fare", "運賃"]},
    "boats": 3,
    "capacity": {"value": "120 people", "also": ["定員"]},
    "crossing": "35 minutes",
    "captain": {"value": "Mara Lindqvist", "also": ["船長"]},
    "mayor": "Erik Holm",
    "harbour master": {"value": "佐藤真理子", "also": ["港長"]},
}
TRUE = (
    "The first trip is on 1 December 2026. A ticket is 4.20 €. Three boats sail, and the capacity of each is 120 "
    "people. The crossing takes 35 minutes. The captain is Mara Lindqvist, and mayor Erik Holm cut the ribbon."
)


def piece(text: str, language: str = "en", name: str = "body", **more: Any) -> Piece:
    return Piece("article", language, body=text, name=name, settings={"agreement": {"facts": FACTS}}, **more)


def found(text: str, language: str = "en", **more: Any) -> list[tuple[str, str]]:
    findings = agreement.after(piece(text, language, **more)).findings
    return [(finding.rule, quote(finding)) for finding in findings]


def quote(finding: Finding) -> str:
    assert finding.place is not None
    return finding.place.quote


def test_a_true_text_is_let_be() -> None:
    assert found(TRUE) == []
    assert found("Over 100 people is a fine capacity. Fares start at about 4 €. The captain sailed home.") == []
    assert found("初運航は2026年12月1日です。運賃は4.20ユーロ、定員は120人です。港長は佐藤真理子さんです。", "ja") == []


@pytest.mark.parametrize(
    ("true", "planted"),
    [
        ("1 December 2026", "2 December 2026"),
        ("4.20 €", "4.80 €"),
        ("Three boats", "Four boats"),
        ("120 people", "150 people"),
        ("35 minutes", "53 minutes"),
        ("Mara Lindqvist, and", "Erik Holm, and"),
        ("mayor Erik Holm", "mayor Lars Berg"),
    ],
)
def test_a_planted_number_date_or_name_is_found(true: str, planted: str) -> None:
    assert true in TRUE
    (finding,) = agreement.after(piece(TRUE.replace(true, planted))).findings
    assert finding.rule == "agreement/fact"
    assert quote(finding) in planted
    assert finding.repair


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("運賃は4.80ユーロです。", "4.80ユーロ"),
        ("各船の定員は150人です。", "150"),
        ("船長はホルムさんです。", "ホルム"),
    ],
)
def test_in_japanese_too(text: str, at: str) -> None:
    ((rule, words),) = found(text, "ja")
    assert rule == "agreement/fact"
    assert words in (at, at + "人")


def test_a_name_written_otherwise_is_found() -> None:
    assert found("Thank you, Mara Lindquist, for the ferry.") == [("agreement/name", "Lindquist")]
    assert found("Lindqvist's boat and the Lindqvists.") == []
    assert found("佐籐真理子さんが港を案内しました。", "ja") == [("agreement/name", "佐籐真理子")]
    source = SourceText("a.md", "Anna Lindquist owns the inn.")
    assert found("Anna Lindquist owns the inn.", sources=(source,)) == []


def test_without_facts_it_says_nothing() -> None:
    bare = Piece("article", "en", body=TRUE)
    assert agreement.after(bare) is bare
    other = Piece("article", "en", body=TRUE.replace("120", "150"))
    assert list(agreement.across([bare, other])) == []


def test_two_pieces_that_differ_are_told_with_both_sentences() -> None:
    one = piece("The new boat has room for 40 bicycles on its deck.", name="a.md")
    other = piece("On its deck the new boat has room for 60 bicycles.", name="b.md")
    (finding,) = agreement.across([one, other])
    assert finding.rule == "agreement/pieces"
    assert quote(finding) in ("60", "40")
    assert "a.md" in finding.message or "b.md" in finding.message
    assert list(agreement.across([one, piece("The new boat has room for 40 bicycles.", name="b.md")])) == []
    assert list(agreement.across([one, piece("The old inn has 60 beds and 12 rooms.", name="b.md")])) == []


@given(st.text(), st.sampled_from(["en", "ja", "de"]))
def test_no_text_makes_it_fail(text: str, language: str) -> None:
    one = piece(text, language)
    agreement.after(one)
    list(agreement.across([one, piece(TRUE, name="b")]))


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"fact": {}}, "facts"),
        ({"facts": {"price": True}}, "price has no value"),
        ({"facts": {"price": {"value": "4", "alos": []}}}, "also"),
        ({"facts": {"price": {"value": "4", "also": "x"}}}, "list of texts"),
        ({"facts": "x"}, "must be a table"),
    ],
)
def test_a_wrong_setting_is_one_sentence(table: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError) as error:
        agreement.settings(table)
    assert said in str(error.value)


def test_somebody_with_the_same_first_name_is_somebody_else() -> None:
    assert found("Our mayor, Erik Berg, cut the ribbon.") == [("agreement/fact", "Erik Berg")]
    assert found("Mayor Erik Holt cut the ribbon.") == [("agreement/fact", "Erik Holt")]
    assert found("Ask Erik Holt.") == [("agreement/name", "Erik Holt")]  # four letters, and no office beside it
    assert found("Our mayor, Erik Holm, cut the ribbon. Erik was glad, and so was Erik Berg.") == []
    assert found("Ask Erik Holt.", sources=(SourceText("a.md", "Erik Holt runs the shop."),)) == []


def test_a_number_counts_what_the_fact_is_also_called() -> None:
    facts = {"capacity": {"value": "120 people", "also": ["passengers"]}, "crossing": "35 minutes"}
    one = SourceText("a.md", "We asked 410 passengers.")
    text = "It takes 150 passengers. We asked 410 passengers. The crossing takes 45 minutes."
    made = agreement.after(Piece("article", "en", body=text, sources=(one,), settings={"agreement": {"facts": facts}}))
    said = [(quote(finding), finding.suggestion) for finding in made.findings]
    assert said == [("150 passengers", "120 people"), ("45 minutes", "35 minutes")]
