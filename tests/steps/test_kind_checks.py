"""Checks of single kinds: a summary's length and form, what an answer rests on, praise without proof."""

from __future__ import annotations

from typing import Any

import pytest

from contentkit.core.piece import Piece, SourceText
from contentkit.core.report import Finding
from contentkit.steps import basis, brevity, superlatives

SOURCES = (
    SourceText(
        "https://example.com/ferry", "“It floats,” said Ada Lund. The ferry is the fastest on the lake. 業界初の船。"
    ),
    SourceText("notes.md", "See https://example.com/pier for the pier."),
)


def found(step: Any, *, output: Any = None, body: str = "", language: str = "en", **fields: Any) -> list[str]:
    """Rule and place of each finding; every one says how to mend it."""
    piece = step.after(Piece("press-release", language, fields=fields, sources=SOURCES, output=output, body=body))
    return [_told(finding) for finding in piece.findings]


def _told(finding: Finding) -> str:
    assert finding.repair
    assert finding.place
    return f"{finding.rule} {finding.place.path}"


@pytest.mark.parametrize(
    ("language", "body", "fields", "rules"),
    [
        ("en", "- one two\n- three", {"style": "bullets", "length": 3}, []),
        ("en", "- one two\n- three four five", {"style": "bullets", "length": 3}, ["brevity/length body"]),
        ("en", "one two three", {"style": "bullets", "length": 9}, ["brevity/form body"]),
        ("en", "- a\n" * 9, {"style": "bullets", "length": 99}, ["brevity/form body"]),
        ("en", "One. Two.\n\nThree.", {"style": "paragraph", "length": 9}, ["brevity/form body"]),
        ("en", "One is two. Three is four.", {"style": "tldr", "length": 1}, ["brevity/form body"]),
        ("en", "word " * 40, {"style": "tldr", "length": 400}, ["brevity/length body"]),
        ("ja", "渡し船は二億円で売却する。" * 3, {"style": "paragraph", "length": 20}, ["brevity/length body"]),
        ("ja", "［要記入：読者が得るものを二文で］", {"style": "tldr", "length": 5}, []),
    ],
)
def test_a_summary_is_as_short_as_asked(language: str, body: str, fields: dict[str, Any], rules: list[str]) -> None:
    assert found(brevity, body=body, language=language, **fields) == rules


def test_sources_links_and_quotations_that_stand_there_are_well() -> None:
    good = {
        "questions": [{"answer": "Yes.", "sources": [1, 2]}, {"answer": "[price from March on]", "sources": []}],
        "sections": [{"link": "https://example.com/pier", "sources": [2]}, {"link": "", "sources": [1]}],
        "quote": {"text": "It floats", "speaker": "Ada Lund, builder"},
    }
    assert found(basis, output=good) == []
    assert found(basis, output={"quote": {"text": "", "speaker": ""}}) == []


def test_what_is_made_up_is_found_where_it_stands() -> None:
    bad = {
        "questions": [{"answer": "Yes.", "sources": [3]}, {"answer": "It costs 5 euros.", "sources": []}],
        "sections": [{"link": "https://example.com/boat", "sources": [0]}],
        "quote": {"text": "It floats well", "speaker": "Ada Lunt"},
    }
    assert found(basis, output=bad) == [
        "basis/quote quote.text",
        "basis/speaker quote.speaker",
        "basis/source questions[0].sources",
        "basis/nothing questions[1].answer",
        "basis/source sections[0].sources",
        "basis/link sections[0].link",
    ]
    assert found(basis, output={"quote": {"text": "It floats", "speaker": ""}}) == ["basis/speaker quote.speaker"]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("The fastest ferry in the world, and the best ever.", 1),
        ("A market-leading, state-of-the-art ferry, second to none.", 3),
        ("No. 1 and #1 in Bremen", 2),
        ("業界初の船。日本一の速さ、No.1の人気。", 2),
        ("Ein marktführendes, einzigartiges Schiff", 2),
        ("It sails at 7:40. The best-known pier is closed; we do our best.", 0),
        ("最近、最初の船が出ました。最後の便は最大90台を運びます。", 0),
    ],
)
def test_praise_needs_proof_in_the_material(text: str, faults: int) -> None:
    assert found(superlatives, output={"parts": [{"text": text}]}) == ["superlatives/unproved parts[0].text"] * faults
    assert len(found(superlatives, body=text)) == faults


def test_words_that_the_user_gave_are_no_claim_of_the_model() -> None:
    assert found(superlatives, body="The world-leading ferry", about="The world-leading ferry company") == []


def test_a_quotation_is_read_once() -> None:
    quote = {"text": "The hull floats well", "speaker": "Ada Lund, builder"}
    said = {"quote": quote, "lead": "It floats.", "text": "“The hull floats well,” said Ada Lund."}
    told = [rule for rule in found(basis, output=said) if rule.startswith("basis/twice")]
    assert told == ["basis/twice text"]
    said["text"] = "She was glad of it."
    assert [rule for rule in found(basis, output=said) if rule.startswith("basis/twice")] == []
