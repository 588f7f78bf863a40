"""How often things come, and from what to what they change, by numbers that the source has the other way round."""

from __future__ import annotations

import pytest

from contentkit.core.piece import Piece, SourceText
from contentkit.core.report import Severity
from contentkit.steps import grounding

CLUB = """# The club

Lessons are held once every two weeks. The bus runs four times a week. The choir meets on Tuesdays and Fridays.
The time-out goes from 90 seconds to 30 seconds. The index takes 310 MB, down from 480 MB.
"""
KAI = """# 会のお知らせ

教室は2週間に1回開きます。バスは週に4回、見学会は年6回です。10月に3回の説明会があります。会費は月200円から300円に上がります。
"""


def told(text: str, source: str, language: str) -> list[tuple[str, Severity]]:
    """What is minor or major."""
    piece = Piece("text", language, sources=(SourceText("source.md", source),), body=text, name="draft.md")
    found = (one for one in grounding.after(piece).findings if one.severity.rank <= 2)
    return [(one.message, one.severity) for one in found]


@pytest.mark.parametrize(
    ("text", "source", "language", "message"),
    [
        ("Lessons are three times a month.", CLUB, "en", "[1] says 'once every two weeks'."),
        ("Lessons are twice a week.", "They meet once every two weeks.", "en", "[1] says 'once every two weeks'."),
        ("The bus runs twice a month.", "The bus runs twice a week.", "en", "[1] says 'twice a week'."),
        ("Lessons take place every three weeks.", CLUB, "en", "[1] says 'once every two weeks'."),
        (
            "The walk takes place twice a week.",
            "It opens on Monday. The walk is every two weeks on a Sunday.",
            "en",
            "[1] says 'every two weeks'.",
        ),
        ("教室は週に2回開く。", KAI, "ja", "'週に2回' is not in the sources; [1] says '2週間に1回'."),
        ("見学会は月に6回ある。", KAI, "ja", "'月に6回' is not in the sources; [1] says '2週間に1回'."),
    ],
)
def test_another_frequency_is_told(text: str, source: str, language: str, message: str) -> None:
    ((said, severity),) = told(text, source, language)
    assert said.endswith(message)
    assert severity is Severity.MINOR


@pytest.mark.parametrize(
    ("text", "source", "language"),
    [
        ("Lessons take place every two weeks.", CLUB, "en"),
        ("There is a lesson once a fortnight, or twice a month.", CLUB, "en"),
        ("The bus runs 208 times a year.", CLUB, "en"),
        ("The choir meets twice a week.", CLUB, "en"),
        ("It comes three times a year.", "It comes in spring, summer and autumn, three times in all.", "en"),
        ("教室は隔週で開く。", KAI, "ja"),
        ("教室は月に2回ほど開く。", KAI, "ja"),
        ("見学会は2か月に1回ある。", KAI, "ja"),
        ("10月に3回の説明会がある。", KAI, "ja"),
    ],
)
def test_the_same_frequency_in_other_words_is_not(text: str, source: str, language: str) -> None:
    assert told(text, source, language) == []


@pytest.mark.parametrize(
    ("text", "source", "language", "message"),
    [
        ("The time-out goes from 30 seconds to 90 seconds.", CLUB, "en", "in [1] it goes from 90 to 30."),
        ("The index grows from 310 MB to 480 MB.", CLUB, "en", "in [1] it goes from 480 to 310."),
        ("会費は月300円から200円に変わる。", KAI, "ja", "in [1] it goes from 200円 to 300円."),
    ],
)
def test_a_change_the_other_way_round_is_told(text: str, source: str, language: str, message: str) -> None:
    ((said, severity),) = told(text, source, language)
    assert "goes the other way" in said
    assert said.endswith(message)
    assert severity is Severity.MAJOR


@pytest.mark.parametrize(
    ("text", "source", "language"),
    [
        ("The time-out falls from 90 to 30 seconds.", CLUB, "en"),
        ("The index shrinks from 480 MB to 310 MB.", CLUB, "en"),
        ("It fell from 8 to 5 and rose from 5 to 8.", "First from 5 to 8, and later from 8 to 5.", "en"),
        ("会費は月200円から300円になる。", KAI, "ja"),
    ],
)
def test_a_change_as_the_source_has_it_is_not(text: str, source: str, language: str) -> None:
    assert told(text, source, language) == []
