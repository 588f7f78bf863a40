"""A number of the source that a text puts under the head of another row, or beside another word."""

from __future__ import annotations

import time

import pytest

from contentkit.core.piece import Piece, SourceText
from contentkit.core.report import Severity
from contentkit.steps import grounding

QUARRY = """# The quarry's year

| SEK million | 2023 | 2024 |
|---|---:|---:|
| Tables | 412 | 530 |
| Floors | 96 | 64 |

| Site | Pits | Staff |
|---|---:|---:|
| North Hill | 14 | 120 |
| Mill Brook | 9 | 85 |
"""
SHI = """# 手数料の改定

| 品目 | 現行 | 改定後 |
|---|---:|---:|
| 自転車 | 400円 | 600円 |
| ソファ(2人掛け) | 1,000円 | 1,500円 |
| ふとん | 200円 | 300円 |
| タンス | 800円 | 1,400円 |

中間配当は1株28円とし、期末配当は32円を予定しています。会費は年に5,000円です。
"""


def told(text: str, source: str, language: str) -> list[tuple[str, Severity]]:
    """What is minor or major."""
    piece = Piece("text", language, sources=(SourceText("source.md", source),), body=text, name="draft.md")
    found = (one for one in grounding.after(piece).findings if one.severity.rank <= 2)
    return [(one.message, one.severity) for one in found]


@pytest.mark.parametrize(
    ("text", "message", "severity"),
    [
        (
            "Floors brought in SEK 530 million.",
            "'SEK 530 million' is of something else; [1] says it of Tables, and '96' of Floors.",
            Severity.MAJOR,
        ),
        (
            "Mill Brook has 14 pits.",
            "'14 pits' is of something else; [1] says it of North Hill, and '9' of Mill Brook.",
            Severity.MAJOR,
        ),
    ],
)
def test_a_number_of_another_row_is_told(text: str, message: str, severity: Severity) -> None:
    assert told(text, QUARRY, "en") == [(message, severity)]


@pytest.mark.parametrize(
    "text",
    [
        "Tables rose to SEK 530 million.",
        "North Hill has 120 people, and Mill Brook 85.",
        "Unlike North Hill with 120, Mill Brook has 85 people.",
        "Floors fell by SEK 32 million, to SEK 64 million.",
        "Floors fell by 32 million.",
        "North Hill has 35 more people than Mill Brook.",
    ],
)
def test_a_number_of_its_own_row_and_what_follows_from_two_are_not(text: str) -> None:
    assert told(text, QUARRY, "en") == []


@pytest.mark.parametrize(
    ("text", "part", "severity"),
    [
        ("ふとんは400円になる。", "[1] says it of 自転車, and '300円' of ふとん", Severity.MAJOR),
        ("ふとんの手数料は200円から400円になる。", "of 自転車, and '300円' of ふとん", Severity.MAJOR),
        ("タンスは600円から1,400円になる。", "of 自転車, and '800円' of タンス", Severity.MAJOR),
        ("現行は1,500円だ。", "of 改定後, and '1,000円' of 現行", Severity.MAJOR),
        ("中間配当は1株32円とする。", "of 期末配当, and '28円' of 中間配当", Severity.MINOR),
    ],
)
def test_a_number_of_another_row_is_told_in_japanese(text: str, part: str, severity: Severity) -> None:
    ((message, weight),) = told(text, SHI, "ja")
    assert "is of something else" in message
    assert part in message
    assert weight is severity


@pytest.mark.parametrize(
    "text",
    [
        "改定後、ふとんは300円になる。",
        "ソファは600円の自転車より高い。",
        "自転車は200円値上げする。",
        "タンスは600円上がる。",
        "タンスは1,400円、ソファは1,500円だ。",
        "年会費は5,000円だ。",
        "期末の配当は32円だ。",
    ],
)
def test_a_number_of_its_own_row_and_what_follows_from_two_are_not_in_japanese(text: str) -> None:
    assert told(text, SHI, "ja") == []


def test_a_long_table_takes_no_longer_than_its_rows() -> None:
    started = time.process_time()
    rows = "".join(f"| 品目{chr(0x4E00 + row)} | {row + 1_000}円 |\n" for row in range(800))
    text = "".join(f"品目{chr(0x4E00 + row)}は{row + 1_001}円だ。" for row in range(800))
    told(text, f"| 品 | 価格 |\n|---|---|\n{rows}", "ja")
    assert time.process_time() - started < 8  # each row against each took twenty
