"""Names of a text against those of its sources: other people, other places, slips of a letter."""

from __future__ import annotations

import pytest

from contentkit.core.piece import Piece, SourceText
from contentkit.core.report import Finding
from contentkit.steps import grounding

LOOM = """# Tarn Looms

TARN MOOR. Tarn Looms, which Margaret Ashworth founded with her brother Philip, opened a mill on Fuller Street in Tarn
Moor on 14 April 2026. "We like it here," said chief executive Daniela Kovač. Its markets are Norway, Canada and Japan.
Harbour master Tor Eriksen of the Port of Halden tried the loom with the WeaveView software.
"""
KOBA = """# 北浜織機

北浜織機（本社：青森県三沢市）の代表取締役社長の高橋美咲氏は、佐々木誠一氏と工場を開きました。管理事務所の工藤健太所長も来ました。
"""


def names(text: str, source: str, language: str) -> list[Finding]:
    piece = Piece("text", language, sources=(SourceText("loom.md", source),), body=text, name="draft.md")
    return [one for one in grounding.after(piece).findings if one.rule == "grounding/name"]


@pytest.mark.parametrize(
    "text",
    [
        "Meet Daniela Kovač, who runs the firm. Ask Tor Eriksen. Dr Kovač and Mr Ashworth agree; so does Kovač.",
        "Halden Port was the place. Chief Executive Daniela Kovač and CEO Daniela Kovač are one.",
        "Philip Ashworth and Margaret Ashworth's firm, Tarn Looms' mill and Tarn Moor's Fuller Street are meant.",
        "The Ashworths founded it; the Ashworth family owns it. Margaret and Philip Ashworth did.",
        "The British firm sells to Norwegian mills. Follow us on LinkedIn or Facebook. It's fun, I'm sure.",
        "Opened Tue 14 Apr 2026, in the spring. (Also, This is said to readers on Monday.) See the FAQ and its URLs.",
        "Tarn Looms Opens Bright New Weaving Hall for Everyone",
        "NO NOISE AT ALL IN THIS HALL",
        "Dear Reader, the hall has 20 degrees Celsius.",
    ],
)
def test_names_of_the_source_may_stand_in_any_form(text: str) -> None:
    assert [one.message for one in names(text, LOOM, "en")] == []


@pytest.mark.parametrize(
    ("text", "wrong", "instead"),
    [
        ("Harbour master Eriksson praised it.", "Eriksson", "Eriksen"),
        ("The WeaveVue software is good.", "WeaveVue", "WeaveView"),
        ("Its largest market is Germany.", "Germany", ""),
        ("It moved to Lisbon's harbour.", "Lisbon", ""),
        ("It was founded by Margaret Kovač and her brother.", "Margaret Kovač", "Daniela Kovač"),
        ("Meet Daniela Novak, who runs it.", "Meet Daniela Novak", ""),
        ("The mill on Fowler Street is new.", "Fowler Street", "Fuller Street"),
    ],
)
def test_another_name_is_found(text: str, wrong: str, instead: str) -> None:
    (finding,) = names(text, LOOM, "en")
    assert finding.place
    assert (finding.place.quote, finding.suggestion) == (wrong, instead)


def test_other_languages_give_capitals_to_more_than_names() -> None:
    assert (
        names("Die Weberei hat ein Haus in der Stadt, und der Chef mag die Halle.", "Die Weberei steht da.", "de") == []
    )


@pytest.mark.parametrize(
    "text",
    [
        "青森県三沢市にあります。本社三沢市です。代表取締役社長高橋美咲氏と佐々木さん。",
        "工藤所長と工藤健太所長は同じ人です。",
        "各市町村、都市部、朝市、市場、県民、市民の皆さん、市長。最寄駅と各駅。",
        "野球選手や映画監督、国会議員、自治会長、実行委員会長が来ました。",
    ],
)
def test_japanese_names_of_the_source_may_stand_in_any_form(text: str) -> None:
    assert [one.message for one in names(text, KOBA, "ja")] == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("工藤健二所長は述べました。", "工藤健二"),
        ("弘前市に工場があります。", "弘前市"),
        ("岩手県です。", "岩手県"),
        ("鈴木美咲氏は話しました。", "鈴木美咲"),
    ],
)
def test_another_japanese_name_is_found(text: str, wrong: str) -> None:
    assert [one.place.quote for one in names(text, KOBA, "ja") if one.place] == [wrong]
