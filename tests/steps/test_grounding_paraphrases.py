"""What a good writer makes of a source: reckoned, rounded, retold. That is no fault; with a slip in it, it is one."""

from __future__ import annotations

import pytest

from contentkit.core.piece import Piece, SourceText
from contentkit.core.report import Finding
from contentkit.steps import grounding

QUARRY = """# Ostrow Stone reports a good year

OSTROW, Friday, 14 March 2025. Ostrow Stone sold 4,160 stone tables, compared with 3,200 in 2023. The work was done by
Tomáš Kovač and Anna Berg, who met the press on Wednesday. The quarry opened in 1874.
The bonus of 1 percent is paid at once.

| SEK million | 2023 | 2024 |
|---|---:|---:|
| Tables | 412 | 530 |
| Floors | 96 | 64 |

Its saw uses 6.3 to 5.8 litres of water a minute, and its power was on for 99.9987 percent of the year. Prices rose by 7
percent. The second hall is to open in the third quarter of 2026 [9].

Guides lead 180 visitors a week through the pits, of whom 27 percent come from abroad. A wedge costs €480.

A new saw for €900,000 has been ordered; two thirds of that is a loan from the Bank of Lund. The saw runs on macOS.

In a survey 240 adults were asked; thirty-one gave no answer. Calls about dust
fell from 279 in 2023 to 186 in 2024.
"""
AME = """# 飴の新工場

2024年6月12日 株式会社雨宮堂

雨宮堂(社長:雨宮 健太)は10日、飴「つゆ玉」を発売しました。
1個(5g)あたり19キロカロリー、1箱(12個入り)の希望小売価格は480円(税別)です。
開発は商品部の小坂 真帆が担当し、千葉農業大学と厚生労働省の指針に沿って進めました。

調査では「好き」が58%、「ふつう」が23%でした。工場は1911年に建てられ、見学会は月に3回あります。原液は500倍に薄め、1リットルずつ使います。来年3月に
第二工場が開きます。砂糖の量は前の商品より18%減りました。
"""


def found(text: str, source: str, language: str = "en") -> list[Finding]:
    given = (SourceText("source.md", source),)
    piece = Piece("text", language, sources=given, body=text, name="draft.md")
    return list(grounding.after(piece).findings)


def told(text: str, source: str, language: str = "en") -> list[str]:
    """What is minor or major."""
    return [
        f"{one.severity.value} {one.rule}: {one.message}"
        for one in found(text, source, language)
        if one.severity.rank <= 2
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The company sold 960 more tables than the year before, an increase of 30 percent.",
        "Tables brought in SEK 530 million, SEK 118 million more than in 2023.",
        "Floors lost a third of their revenue.",
        "The saw saves half a litre of water a minute, or about 8 percent.",
        "The press met Kovac on 12 March 2025.",
        "Mr. Kovač and Mrs. Berg did the work.",
        "About nine thousand visitors a year see the pits, more than one in four of them from abroad.",
        "The loan is for €600,000.",
        "The other half million is not needed.",
        "The bonus for a wedge is €4.80.",
        "According to a survey of 240 people, most were content.",
        "There were 93 fewer calls about dust.",
        "The quarry goes back to the 19th century.",
        "The saw runs on a Mac.",
        "Tables and floors together brought in SEK 594 million.",
        "Nearly 50 visitors a week come from abroad.",
    ],
)
def test_what_follows_from_the_source_is_no_fault(text: str) -> None:
    assert [one for one in told(text, QUARRY) if "grounding/claim" not in one] == []


@pytest.mark.parametrize(("text", "slips"), [("About 850 residents voted.", 0), ("About 800 residents voted.", 1)])
def test_who_says_about_may_round_to_fifties(text: str, slips: int) -> None:
    assert len(told(text, "The town of Lunde has 1,380 residents; 62 percent of them voted.")) == slips


@pytest.mark.parametrize(
    "text",
    [
        "「つゆ玉」は6月10日に発売された。",
        "1箱で228キロカロリーになる。",
        "税込みでは518円になる。",
        "「好き」は「ふつう」の2.5倍だった。",
        "見学会は年に36回ある。",
        "1リットルには2ミリリットルの原液を使う。",
        "第二工場は2025年3月に開く。",
        "5人に3人近くが「好き」と答えた。",
        "厚労省の指針に沿った。",
        "健太社長と真帆さんの2人が話した。",
    ],
)
def test_what_follows_from_a_japanese_source_is_no_fault(text: str) -> None:
    assert told(text, AME, "ja") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Tables brought in SEK 412 million, SEK 228 million more than in 2023.", "228 million"),
        ("Tables brought in EUR 530 million.", "EUR 530 million"),
        ("The press met Kovac on 15 March 2025.", "15 March 2025"),
        ("Half of the visitors come from abroad.", "Half"),
        ("One in two visitors comes from abroad.", "One in two"),
        ("The quarry goes back to the 18th century.", "18th century"),
        ("The second hall is to open in the third quarter of 2024.", "third quarter of 2024"),
        ("Prices fell by 7 percent.", "7 percent"),
        ("Yesterday the news came from Anna Kovač herself.", "Anna Kovač"),
        ("Dr Tomáš Berg did the work.", "Tomáš Berg"),
        ("About eleven thousand visitors a year see the pits.", "eleven thousand visitors"),
    ],
)
def test_a_slip_in_it_is_told(text: str, said: str) -> None:
    assert any(said in one for one in told(text, QUARRY)), told(text, QUARRY)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("「つゆ玉」は6月14日に発売された。", "6月14日"),
        ("1箱で238キロカロリーになる。", "238"),
        ("税込みでは538円になる。", "538円"),
        ("見学会は年に46回ある。", "46回"),
        ("「好き」と答えた人は10人に7人にのぼった。", "10人に7人"),
        ("19世紀の工場だ。", "19世紀"),
        ("雨宮真帆社長が話した。", "雨宮真帆"),
        ("東北大学と進めた。", "東北大学"),
        ("環境省の指針に沿った。", "環境省"),
        ("砂糖の量は18%増えた。", "18%"),
        ("案内にはベトナム語もある。", "ベトナム語"),
        ("山田 (2019) もそう述べる。", "山田 (2019)"),
    ],
)
def test_a_slip_in_a_japanese_one_is_told(text: str, said: str) -> None:
    assert any(said in one for one in told(text, AME, "ja")), told(text, AME, "ja")


def test_digits_that_were_cut_off_are_rounding_at_most() -> None:
    (one,) = told("Power was on for 99.99 percent of the year.", QUARRY)
    assert one.startswith("minor grounding/rounded")


def test_a_mark_of_the_source_itself_is_called_so() -> None:
    (one,) = [one for one in told("The second hall is to open in 2026 [9].", QUARRY) if "mark" in one]
    assert one.startswith("major grounding/mark: [9] is the own mark of source [1]")


def test_what_may_be_reckoned_from_numbers_apart_weighs_less() -> None:
    (one,) = told(
        "In the end 420 people came.",
        "Of 450 adults many wrote.\n\nThe day was long. " + "It rained. " * 60 + "Thirty guests were ill.",
    )
    assert one.startswith("minor")
    assert "450 and 30" in one


def test_one_word_of_three_in_a_spoken_quotation_is_told() -> None:
    source = '"I was wrong," Vogt told the council. She had voted against the pool.'
    assert told('"I was wrong," Vogt told the council.', source) == []
    assert told('"I was right," Vogt told the council.', source) != []


@pytest.mark.parametrize(
    ("text", "source", "language"),
    [
        ("Unions have welcomed the decision and hope for pensions.", QUARRY, "en"),
        ("近所の商店街では若い店主が祭りの準備を進めている。", AME, "ja"),
    ],
)
def test_a_sentence_made_of_nothing_is_asked_about(text: str, source: str, language: str) -> None:
    assert [one.rule for one in found(text, source, language)] == ["grounding/claim"]
