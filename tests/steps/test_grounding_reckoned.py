"""What a text reckons from rates, places in a row, ways and times, halves and quarters; and the same with a slip."""

from __future__ import annotations

import pytest

from contentkit.core.piece import Piece, SourceText
from contentkit.steps import grounding

PIER = """# The pier opens again

12 May 2025. A boat costs £12 a day, a locker £3 a week. The ferry covers 90 km in two hours. Half of the £9,400 for
the new bell was a gift. The flag went up in the 9th and the 31st minute of the feast, and Mr Dahl spoke for four
minutes from the 12th minute on. There were 12,480 spectators. Visits: 41,300 in April, 68 % of them by rail.
The old hut goes in the first quarter of 2026. Each of the 66 wardens gets a coat; a coat costs 46 euros.
Volunteers laid 1,450 stone steps. Loans are for two weeks. The office gets 1,200 letters a year.
"""
EKI = """# 駅前の改修

2025年11月7日 駐輪場は1日150円です。
柵の工事費は48,000円で、うち半額を市が負担します。臨時列車は120キロを1時間半で走ります。
新しい駅舎は8月に着工し、2027年1月に開きます。

弁当は6人分で米450gを使い、1人分は235kcalです。延滞は年に1,200件あります。
"""


def faults(text: str, source: str, language: str) -> list[str]:
    """What is minor or major."""
    piece = Piece("text", language, sources=(SourceText("source.md", source),), body=text, name="draft.md")
    return [one.message for one in grounding.after(piece).findings if one.severity.rank <= 2]


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("A week on the boat costs £84.", "A week on the boat costs £94."),
        ("For a locker you pay £156 a year.", "For a locker you pay £166 a year."),
        ("The ferry does 45 km/h.", "The ferry does 55 km/h."),
        ("The ferry goes at 28 miles an hour.", "The ferry goes at 38 miles an hour."),
        ("Somebody gave £4,700 for the bell.", "Somebody gave £4,900 for the bell."),
        ("The flag went up twice, 22 minutes apart.", "The flag went up twice, 26 minutes apart."),
        ("Mr Dahl was done in the 16th minute.", "Mr Dahl was done in the 26th minute."),
        ("Nearly 12,500 people came.", "Nearly 14,500 people came."),
        ("About 28,000 of the April visits were by rail.", "About 38,000 of the April visits were by rail."),
        ("Coats for all 66 wardens come to some 3,000 euros.", "Coats for all 66 wardens come to some 4,000 euros."),
        ("They laid almost 1,500 steps.", "They laid almost 1,800 steps."),
        ("Loans are for 14 days.", "Loans are for 10 days."),
        ("The office gets 100 letters a month.", "The office gets 130 letters a month."),
        ("The hut goes between January and March 2026.", "The hut goes between January and June 2026."),
    ],
)
def test_what_is_reckoned_is_no_fault_and_a_slip_in_it_is_one(text: str, slip: str) -> None:
    assert faults(text, PIER, "en") == []
    assert faults(slip, PIER, "en") != []


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("自転車を1週間預けると1,050円になる。", "自転車を1週間預けると1,250円になる。"),
        ("1週間では1,050円になる。", "1週間では1,250円になる。"),
        ("市の負担は24,000円だ。", "市の負担は26,000円だ。"),
        ("臨時列車の速さは時速80キロだ。", "臨時列車の速さは時速95キロだ。"),
        ("延滞は月に100件ほどになる。", "延滞は月に150件ほどになる。"),
        ("弁当全体では約1,400kcalになる。", "弁当全体では約1,700kcalになる。"),
        ("1人あたりの米は75gだ。", "1人あたりの米は95gだ。"),
        ("駅舎は着工から約1年半で開く。", "駅舎は着工から約3年半で開く。"),
    ],
)
def test_what_is_reckoned_in_japanese_is_no_fault_and_a_slip_in_it_is_one(text: str, slip: str) -> None:
    assert faults(text, EKI, "ja") == []
    assert faults(slip, EKI, "ja") != []
