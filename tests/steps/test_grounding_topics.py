"""Shares, growth and multiples that fit numbers of other things only, and such as a text tells in a word."""

from __future__ import annotations

import pytest

from contentkit.core.piece import Piece, SourceText
from contentkit.steps import grounding

NODE = """# Node 4

The index takes 310 MB for a million pages, down from 480 MB.

A cluster runs up to 64 workers a node (before: 16). Files larger than 4 GB no longer break the import.

In the trial the northern team had 19 shots to Vale's 8. Of the players 52 are women and 78 are men.
"""
HOKOKU = """# 中間の報告

| | 前期 | 当期 |
|---|---:|---:|
| 売上高(百万円) | 18,400 | 20,700 |
| 営業利益(百万円) | 1,472 | 2,070 |

従業員は1,860人で、うち海外が744人です。

研究開発に621百万円を使い、広告には4,000百万円を使いました。工場の能力は月40万個から60万個に増えます。支店は12か所、店舗は25か所です。
"""


def told(text: str, source: str, language: str) -> list[str]:
    """What is minor or major."""
    piece = Piece("text", language, sources=(SourceText("source.md", source),), body=text, name="draft.md")
    return [one.message for one in grounding.after(piece).findings if one.severity.rank <= 2]


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("A node runs four times as many workers.", "A node runs eight times as many workers."),
        ("The team had more than twice as many shots as Vale.", "The team had three times as many shots as Vale."),
        ("The men outnumber the women 1.5 times.", "There are twice as many men as women."),
        ("The number of workers has quadrupled.", "The number of workers has tripled."),
        ("The index is 35 percent smaller.", "The index is 75 percent smaller."),
    ],
)
def test_a_multiple_is_of_what_the_sentence_names(text: str, slip: str) -> None:
    assert told(text, NODE, "en") == []
    assert told(slip, NODE, "en") != []


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("売上高は12.5%増えた。", "売上高は15.5%増えた。"),
        ("営業利益は約4割増えた。", "営業利益は約2割増えた。"),
        ("工場の能力は1.5倍になる。", "工場の能力は2倍になる。"),
        ("店舗は支店のほぼ2倍ある。", "工場の能力は倍増する。"),
        ("従業員の4割が海外で働く。", "従業員の半分が海外で働く。"),
    ],
)
def test_a_share_is_of_what_the_sentence_names_in_japanese(text: str, slip: str) -> None:
    assert told(text, HOKOKU, "ja") == []
    assert told(slip, HOKOKU, "ja") != []


def test_the_message_says_what_the_source_has() -> None:
    (message,) = told("売上高は15.5%増えた。", HOKOKU, "ja")
    assert "of other things only" in message
    assert "of this [1] says '18,400' and '20,700'" in message


@pytest.mark.parametrize(
    "text",
    ["She doubled down on it.", "They met three times, twice in May.", "It has a double roof.", "The price doubled."],
)
def test_what_the_source_says_of_twice_is_no_fault(text: str) -> None:
    assert told(text, "Prices have doubled. They met twice in May and three times in all.", "en") == []
