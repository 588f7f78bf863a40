"""Unsafe: what should not go out, and what may."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from contentkit.core.errors import UsageError
from contentkit.core.piece import Piece, SourceText
from contentkit.core.report import Finding, Severity
from contentkit.steps import unsafe
from contentkit.steps._unsafe import words

NOTES = SourceText("notes.md", "Reach Anna at anna.berg@lindvik.se or 0301234567. Account DE89370400440532013000.")


def check(text: str, language: str = "en", **more: Any) -> list[Finding]:
    return list(unsafe.after(Piece("email", language, body=text, **more)).findings)


def offensive(language: str, severity: Severity) -> str:
    """Some word of the list, so that none stands in this file."""
    path = Path(words.__file__).with_name("words.txt")
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    weight = "slur" if severity is Severity.MAJOR else "coarse"
    return next(base64.b64decode(code).decode() for code_of, how, code in rows if (code_of, how) == (language, weight))


def test_data_that_nobody_gave_is_found_and_masked() -> None:
    (finding,) = check("Write to peter.berg@lindvik.se today.", sources=(NOTES,))
    assert (finding.rule, finding.severity) == ("unsafe/email", Severity.MAJOR)
    assert finding.message == "A mail address that neither the sources nor the brief have: pe•••se."
    assert finding.place is not None
    assert finding.place.quote == "pe•••se"
    assert (finding.place.line, finding.place.column, finding.place.end_column) == (1, 10, 31)
    assert "peter" not in str(finding)


@pytest.mark.parametrize(
    "text", ["Write to Anna.Berg@lindvik.se.", "Call +49 30 1234567.", "Pay to DE89 3704 0044 0532 0130 00."]
)
def test_data_of_the_material_may_stand_however_it_is_written(text: str) -> None:
    assert check(text, sources=(NOTES,)) == []
    assert check(text, fields={"topic": NOTES.text}) == []
    assert check(text) != []


def test_a_file_may_have_its_writers_address_but_no_card_number() -> None:
    text = "Write to anna.berg@lindvik.se, and pay with 4111 1111 1111 1111."
    assert [(one.rule, one.severity) for one in check(text, name="a.md")] == [
        ("unsafe/email", Severity.MINOR),
        ("unsafe/card", Severity.MAJOR),
    ]


@pytest.mark.parametrize(
    ("text", "sort", "in_a_draft", "in_a_file"),
    [
        ("Pay to DE89 3704 0044 0532 0130 00.", "iban", Severity.MAJOR, Severity.MAJOR),
        ("His number is 536-90-4399.", "id", Severity.MAJOR, Severity.MAJOR),
        ("Call +49 30 1234567 now.", "phone", Severity.MAJOR, Severity.MINOR),
        ("She lives at 12 Old Mill Road in town.", "address", Severity.MINOR, Severity.MINOR),
        ("She was born on 3 May 1987 in Oslo.", "birth", Severity.MINOR, Severity.MINOR),
        ("From the IP address 81.2.69.142 it came.", "ip", Severity.MINOR, Severity.MINOR),
    ],
)
def test_what_identifies_a_person_weighs_more_than_what_may_be_meant(
    text: str, sort: str, in_a_draft: Severity, in_a_file: Severity
) -> None:
    said = [(one.rule, one.severity) for one in (*check(text), *check(text, name="a.md"))]
    assert said == [(f"unsafe/{sort}", in_a_draft), (f"unsafe/{sort}", in_a_file)]


def test_what_the_user_allows_may_stand_in_any_case() -> None:
    said = {"unsafe": {"allow": ["Anna.Berg@lindvik.se"]}}
    assert check("Write to ANNA.BERG@lindvik.se, please.", settings=said) == []
    assert [one.rule for one in check("Write to peter.berg@lindvik.se.", settings=said)] == ["unsafe/email"]


def test_secrets_are_told_whoever_gave_them() -> None:
    key = "ghp_" + "a1B2c3D4e5F6g7H8i9J0" + "k1L2m3N4o5P6q7R8"
    (finding,) = check(f"Use the token {key} for it.")
    assert (finding.rule, finding.severity) == ("unsafe/secret", Severity.MAJOR)
    assert key not in str(finding)
    (known,) = check(f"Use the token {key} for it.", sources=(SourceText("a.md", f"token {key}"),))
    assert known.severity is Severity.MINOR


def test_topics_are_found_in_their_forms_and_by_their_words() -> None:
    said = {"unsafe": {"topics": ["lottery", "宝くじ", {"name": "gambling", "words": ["casino", "place a bet"]}]}}
    found = check("Two lotteries, a casino, and you can place a bet.", settings=said)
    assert sorted(one.message.split("'")[1] for one in found) == ["gambling", "gambling", "lottery"]
    assert {(one.rule, one.severity) for one in found} == {("unsafe/topic", Severity.MAJOR)}
    assert [one.rule for one in check("年末の宝くじを買った。", "ja", settings=said)] == ["unsafe/topic"]
    assert check("A better allotment, in the occasion.", settings=said) == []


def test_words_of_the_user() -> None:
    said = {"unsafe": {"words": ["synergy", "安かろう"]}}
    assert [one.rule for one in check("We have Synergy here.", settings=said)] == ["unsafe/word"]
    assert [one.rule for one in check("安かろう悪かろう。", "ja", settings=said)] == ["unsafe/word"]
    assert check("Synergyland is fine.", settings=said) == []


@pytest.mark.parametrize("language", ["en", "ja", "de", "fr", "es"])
@pytest.mark.parametrize("severity", [Severity.MAJOR, Severity.MINOR])
def test_words_that_offend(language: str, severity: Severity) -> None:
    word = offensive(language, severity)
    text = f"これは{word}です。" if language == "ja" else f"This is {word.title()}, they said."
    (finding,) = check(text, language)
    assert (finding.rule, finding.severity) == ("unsafe/profanity", severity)
    assert word not in finding.message
    assert check(text, language, settings={"unsafe": {"allow": [word]}}) == []
    assert check(text, language, settings={"unsafe": {"profanity": False}}) == []
    quoted = f"「{text}」" if language == "ja" else f"“{text}”"
    assert {one.severity for one in check(quoted, language)} == {Severity.MINOR}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("He went to Scunthorpe with a cockerel, an assassin and a class of grape.", "en"),
        ("ブスケツ選手とソースコードのデブリーフィング、土人形、クソースではない。", "ja"),
        ("`git push --force` is classic; Dickens wrote it.", "en"),
    ],
)
def test_words_within_words_are_no_words(text: str, language: str) -> None:
    assert check(text, language) == []


@pytest.mark.parametrize(
    "table",
    [
        {"topic": ["a"]},
        {"topics": "a"},
        {"topics": [{"words": ["a"]}]},
        {"topics": [{"name": "a", "word": ["b"]}]},
        {"topics": [{"name": "a", "words": [" "]}]},
        {"words": [1]},
        {"allow": [""]},
        {"profanity": 1},
    ],
)
def test_a_wrong_setting_is_one_sentence(table: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as error:
        unsafe.settings(table)
    assert "unsafe" in str(error.value)
