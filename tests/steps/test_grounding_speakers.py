"""Words that the source has, and lets somebody else say."""

from __future__ import annotations

import pytest

from contentkit.core.piece import Piece, SourceText
from contentkit.core.report import Severity
from contentkit.steps import grounding

CUP = """# The cup stays here

"We were hanging on at the end," said Harbour coach Priya Nair. Vale's coach, Tom Elgar, said: "Nineteen shots and we
lose. I have no words." Keeper Ruud Hansen played on with a broken finger. "It hurt all night," he told the doctor.

"Nobody slept before the match," recalled Nair, "and nobody will sleep now."
Vale's statement reads: "The club is proud of its players." The referee was Anne Holt.
"""
KESSAN = """# 決算の説明会

春田社長(春田 宗一郎)は「人手不足で増産が追いつかない」と述べた。
常務の古賀 玲子は「新棟が動くまでは外注で補う」と説明した。
「受注を断る場面も何度かあった」と話すのは工場長の坂井氏だ。「来年は楽になる」との声もある。
"""


def told(text: str, source: str, language: str) -> list[str]:
    piece = Piece("text", language, sources=(SourceText("source.md", source),), body=text, name="draft.md")
    found = [one for one in grounding.after(piece).findings if one.severity.rank <= 2]
    assert all(one.rule == "grounding/quotation" and one.severity is Severity.MAJOR for one in found), found
    return [one.message for one in found]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('Elgar said: "We were hanging on at the end."', "[1] has Nair say this, not Elgar."),
        ('"Nineteen shots and we lose," said Priya Nair.', "[1] has Elgar say this, not Nair."),
        ('Hansen was done: "I have no words."', "[1] has Elgar say this, not Hansen."),
        ('"Nobody will sleep now," Mr. Elgar added.', "[1] has Nair say this, not Elgar."),
        ('"Nobody slept before the match", Ruud explained.', "[1] has Nair say this, not Hansen."),
    ],
)
def test_words_of_somebody_else_are_told(text: str, message: str) -> None:
    assert told(text, CUP, "en") == [message]


@pytest.mark.parametrize(
    "text",
    [
        '"We were hanging on at the end," Nair told the press.',
        'Priya summed it up: "Nobody will sleep now."',
        '"I have no words," the Vale coach said.',
        'Nair and Elgar were both tired. "I have no words," he said.',
        'Hansen said: "It hurt all night."',
        '"The club is proud of its players," said Elgar.',
        'Nair won, and Elgar lost. "Nineteen shots and we lose."',
        '"We were hanging on at the end," said the coach of the winners, who had seen Elgar leave.',
    ],
)
def test_words_of_their_own_or_of_nobody_in_particular_are_not(text: str) -> None:
    assert told(text, CUP, "en") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("春田社長は「新棟が動くまでは外注で補う」と述べた。", "[1] has 古賀 say this, not 春田."),
        ("「人手不足で増産が追いつかない」と古賀氏は話す。", "[1] has 春田 say this, not 古賀."),
        ("坂井氏によると「人手不足で増産が追いつかない」と言う。", "[1] has 春田 say this, not 坂井."),
        ("「受注を断る場面も何度かあった」と宗一郎氏は語る。", "[1] has 坂井 say this, not 春田."),
    ],
)
def test_words_of_somebody_else_are_told_in_japanese(text: str, message: str) -> None:
    assert told(text, KESSAN, "ja") == [message]


@pytest.mark.parametrize(
    "text",
    [
        "古賀常務は「新棟が動くまでは外注で補う」と語った。",
        "宗一郎社長は「人手不足で増産が追いつかない」と述べた。",
        "社長は「人手不足で増産が追いつかない」と述べた。",
        "古賀氏も頷く。「受注を断る場面も何度かあった」と話す人もいた。",
        "春田社長は「来年は楽になる」と話した。",
    ],
)
def test_words_of_their_own_or_of_nobody_in_particular_are_not_in_japanese(text: str) -> None:
    assert told(text, KESSAN, "ja") == []
