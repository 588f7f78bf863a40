"""What is left to be filled in is told before it goes out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contentkit.core.piece import Piece
from contentkit.core.report import Severity
from contentkit.steps.gaps import after


def told(text: str, language: str = "en") -> list[str]:
    findings = after(Piece("email", language, output={"body": text, "signature": "[Your Name]"})).findings
    assert all(one.severity is Severity.MINOR for one in findings)
    return [one.place.quote for one in findings if one.place]


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("Dear [Customer Name], it costs [price from May on]. [Your Name]", ["[Customer Name]", "[price from May on]"]),
        ("［差出人の名前］です。価格は［三月以降の価格］です。", ["［差出人の名前］", "［三月以降の価格］"]),
        ("[Company] and [Company] again.", ["[Company]"]),
    ],
)  # fmt: skip
def test_each_mark_is_told_once_where_it_first_stands(text: str, marks: list[str]) -> None:
    assert told(text) == [*marks, "[Your Name]"]


@pytest.mark.parametrize(
    "text",
    [
        "See [the plan](https://example.com), [the plan][plan] and [plan].\n\n[plan]: https://example.com",
        "It is so.[1] And so.[^note] - [x] done, - [ ] open, - [X] done.",
        "Take `[the name]` or list[index], args[first name].\n\n```\n[the name]\n```",
        "He wrote: “It is [sic] so, and [the boat] sails.”",
        "> [!NOTE]\n> A box.",
        "{{first_name}}, [[company]], [2.0], [2026-05-03]",
    ],
)
def test_brackets_of_other_use_are_none(text: str) -> None:
    assert told(text) == ["[Your Name]"]


def test_files_and_offline_drafts_have_their_own_marks() -> None:
    piece = Piece("email", "en", body="[Your Name]")
    assert len(after(piece).findings) == 1
    assert after(replace(piece, picked=True)).findings == ()
    assert after(replace(piece, name="README.md")).findings == ()
