"""Numbers of a text that a source has in another form, that follow from it, or that are another number after all."""

from __future__ import annotations

import pytest

from contentkit.core.piece import Piece, SourceText
from contentkit.core.report import Finding
from contentkit.steps import grounding

MILL = """# A second mill

TARN MOOR, 14 April 2026. The mill has 3,400 square metres on two floors and cost £8.6 million, of which the county paid
35 percent. It employs 214 people, 46 more than a year ago. Revenue rose from £21.4 million in 2024 to £26.75 million in
2025.

The millers looked at eleven valleys. Their TG-400 loom weighs 1.9 kg, weaves to within 2 millimetres and runs for 18
months on one oil. It costs £1,250; orders placed before 31 May get 10% off. Of 1.3 million threads 27 were lost in a
trial from September 2025 to February 2026. The old TG-300 weighed 2.7 kg. Twelve looms were tried.

Founded in 1987, the firm is open from 10:00 to 16:00. Children under 12 come in free. The hall is kept at 20 °C. A pot
of tea takes half an hour. TideView 4.2.1 is required.
"""
KOBA = """# 第二工場

2026年4月14日（火）に第二工場を開設しました。広さは3,400平方メートル、総工費は12億6,000万円で、うち35％を県が出しました。従業員は214人で、
1年前より46人増えました。売上高は2024年度の32億円から2025年度は40億円に伸びました。

織機TG-400は2ミリ単位で織り、18か月動きます。重さは1.9キログラムで、TG-300は2.7キログラムでした。価格は25万円（税別）で、5月31日までの注文は10％引きです。
2025年9月から2026年2月にかけて12台を試しました。12歳未満は無料で、室温は20℃です。3年保証が付きます。
"""


def found(text: str, source: str, language: str) -> list[Finding]:
    given = (SourceText("mill.md", source),)
    piece = Piece("text", language, sources=given, body=text, name="draft.md")
    return list(grounding.after(piece).findings)


def weighty(text: str, source: str, language: str) -> list[str]:
    return [f"{one.rule}: {one.message}" for one in found(text, source, language) if one.severity.rank <= 2]


@pytest.mark.parametrize(
    "text",
    [
        "It has 3400 m² of floor, or 36,600 square feet.",
        "The county paid £3.01 million, or about £3 million; the other 65 percent, £5.59 million, the firm paid.",
        "More than a third of the costs fell to the county.",
        "A year ago it had 168 people.",
        "The loom is 0.8 kg or 800 g lighter, and weighs 1,900 grams, less than 2 kg, or 4.2 lb.",
        "It weighs about 4.2 pounds.",
        "It runs for a year and a half, or one and a half years.",
        "With the discount it costs £1,125; early orders save £125.",
        "Only 0.002 percent of the threads were lost, and 99.998 % were not.",
        "The trial went on for six months.",
        "For almost 40 years the firm has woven.",
        "It is open for six hours. The hall is kept at 68 °F.",
        "Tea takes 30 minutes.",
        "You need TideView 4.2 or later. We answer 24/7, as in 2024/25.",
    ],
)
def test_what_follows_from_the_source_is_no_fault(text: str) -> None:
    assert weighty(text, MILL, "en") == []


@pytest.mark.parametrize(
    "text",
    [
        "広さは3400㎡です。",
        "県は4億4,100万円、約4億4,000万円を出し、残り65％は自己資金です。",
        "売上高は1.25倍になりました。1年前の従業員は168人でした。",
        "0.8キロ軽く、800グラム軽くなり、重さは1,900グラムです。",
        "1年半、あるいは一年半動きます。",
        "税込価格は27万5,000円、5月31日までなら22万5,000円です。",
        "試験は6か月間、つまり半年でした。",
        "〇年〇月までにお申し込みください。",
        "創業者の二人が話しました。",
    ],
)
def test_what_follows_from_a_japanese_source_is_no_fault(text: str) -> None:
    assert weighty(text, KOBA, "ja") == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("It weaves to within 2 centimetres.", "2"),
        ("It runs for 18 weeks.", "18"),
        ("It runs for 18 days.", "18"),
        ("It runs for 16 months.", "16"),
        ("It costs $1,250.", "$1,250"),
        ("The hall is kept at 20 °F.", "20"),
        ("Children under 14 come in free.", "14"),
        ("Children under 21 come in free.", "21"),
        ("It employs more than 300 people.", "300"),
        ("It employs fewer than 200 people.", "200"),
        ("They looked at twelve valleys.", "twelve"),
        ("The mill has three floors.", "three"),
        ("The county paid £3.2 million.", "£3.2 million"),
        ("The trial went on for eight months.", "eight"),
    ],
)
def test_another_number_is_found(text: str, wrong: str) -> None:
    assert wrong in [one.place.quote for one in found(text, MILL, "en") if one.place and one.severity.rank <= 2]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("2センチ単位で織ります。", "2"),
        ("18日動きます。", "18"),
        ("16か月動きます。", "16"),
        ("20台を試しました。", "20"),
        ("15歳未満は無料です。", "15"),
        ("売上高は4倍に伸びました。", "4"),
        ("300社と取引しています。", "300"),
    ],
)
def test_another_number_is_found_in_japanese(text: str, wrong: str) -> None:
    assert wrong in [one.place.quote for one in found(text, KOBA, "ja") if one.place and one.severity.rank <= 2]


def test_a_part_in_words_is_held_against_the_percentages() -> None:
    source = "Of the costs the county paid 35 percent. It was glad to."
    assert weighty("It paid a third of the costs, and not two thirds of the costs.", source, "en") == []
    assert len(weighty("It paid a tenth of the costs, or nine tenths.", source, "en")) == 2
    assert len(weighty("県は費用の10分の1を出した。", "県は費用の35％を出した。", "ja")) == 1
    assert weighty("県は費用の約3分の1を出した。", "県は費用の35％を出した。", "ja") == []


def test_a_weekday_beside_a_day_takes_the_year_from_the_source() -> None:
    assert [one.rule for one in found("4月14日（水）に開設しました。", KOBA, "ja")] == ["grounding/weekday"]
    assert weighty("4月14日（火）に開設しました。", KOBA, "ja") == []
    assert [one.rule for one in found("It opened on Monday, 14 April.", MILL, "en")] == ["grounding/weekday"]


def test_a_digit_in_a_name_with_underscores_is_no_number() -> None:
    assert weighty("Thanks to gary_0 on the list, and to my_loom_77.", MILL, "en") == []


KIT = """pagekit 3.0 came out on 12 November 2025, after version 2.6 on 3 June 2025. It builds 10,000 pages in 4.8
seconds; 2.6 needed 31 seconds. Memory fell from 1.9 GB to 640 MB. 38 people made 412 commits. The survey of 1,250 users
showed that 72% build on Linux, 19% on macOS and 9% on Windows; four in five deploy weekly. A single page takes less
than 100 milliseconds. A grant of €45,000 is paid in three instalments over 18 months.
A call takes place every second Thursday.
"""
UME = """2026年7月1日（水）に「青梅のしずく」を発売します。内容量は200ミリリットル、価格は480円（税込）で、
初年度は2万4,000本の販売を目指します。昨年の試験販売では3日間で1,200本が売れ、87％が「また飲みたい」と答えました。
保存は10℃以下です。畑は標高250メートルにあります。
"""


@pytest.mark.parametrize(
    "text",
    [
        "Memory use fell by 66 percent; it takes 3x less memory.",
        "About 11 commits per contributor came in, and €15,000 each time.",
        "Five months lie between 2.6 and 3.0, and version 2 was slower.",
        "900 people build on Linux, and the other 28 percent on macOS and Windows.",
        "A page takes under 0.1 seconds. Fewer than 10% use Windows.",
        "1/ pagekit 3.0 is out\n\n2/ Builds are more than six times faster.",
    ],
)
def test_what_follows_from_release_notes_is_no_fault(text: str) -> None:
    assert weighty(text, KIT, "en") == []


@pytest.mark.parametrize(
    "text",
    [
        "1か月あたり2,000本の販売をめざします。",
        "1日平均400本が売れました。",
        "1本200ml、税込480円です。標高250mの畑です。",
    ],
)
def test_what_comes_to_one_is_no_fault(text: str) -> None:
    assert weighty(text, UME, "ja") == []


def test_a_quotient_is_taken_only_where_the_text_tells_of_one() -> None:
    assert len(weighty("€15,000 was paid.", KIT, "en")) == 1
    assert len(weighty("400本が売れました。", UME, "ja")) == 1


@pytest.mark.parametrize(
    ("text", "source", "language"),
    [
        ("A page takes less than 10 milliseconds.", KIT, "en"),
        ("Builds are twelve times faster.", KIT, "en"),
        ("The call takes place every second Tuesday.", KIT.replace("3 June", "2 June"), "en"),
        ("20℃以下で保存します。", UME, "ja"),
        ("価格は900円です。", UME, "ja"),
    ],
)
def test_other_bounds_and_days_are_found(text: str, source: str, language: str) -> None:
    assert len(weighty(text, source, language)) == 1


def test_a_whole_number_for_one_with_decimals_is_rounded() -> None:
    (finding,) = found("It builds in 5 seconds.", KIT, "en")
    assert (finding.rule, finding.suggestion) == ("grounding/rounded", "4.8")
