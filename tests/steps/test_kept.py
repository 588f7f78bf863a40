"""What a translation must keep, found where it was lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentkit.core.piece import Piece, SourceText
from contentkit.core.report import Finding
from contentkit.steps.kept import after

ENGLISH = """# The ferry

On 3 May 2026 the ferry carried 1,200 people for $2.5 million, 30 percent more. It sails at 9:30 p.m. See [the plan](https://example.com/plan?a=1).

## How to book

- Run `book --seats 2` first.
- Say {{first_name}} and ${total}, as [1] has it.

```sh
# two seats
book --seats 2
```

| Cars | Price |
|---|---|
| 12 | 3.50 EUR |
"""
JAPANESE = """# 渡し船

2026年5月3日、渡し船は1200人を250万ドルで運び、3割増えました。出航は午後9時30分です。[計画](https://example.com/plan?a=1)をご覧ください。

## 予約のしかた

- まず `book --seats 2` を実行します。
- [1] にあるとおり、{{first_name}} と ${total} を伝えます。

```sh
# two seats
book --seats 2
```

| 車 | 料金 |
|---|---|
| 12台 | 3.50ユーロ |
"""


def kept(original: str, made: str, language: str = "ja", glossary: str = "") -> list[Finding]:
    piece = Piece(
        "translate", language, fields={"glossary": glossary}, sources=(SourceText("a.md", original),), body=made
    )
    return list(after(piece).findings)


def told(findings: list[Finding]) -> list[str]:
    """Rule and words of each; every one has a place and says how to mend it."""
    for finding in findings:
        assert finding.repair
        assert finding.place is not None
    return [f"{finding.rule}: {finding.message}" for finding in findings]


def test_a_faithful_translation_is_well() -> None:
    assert told(kept(ENGLISH, JAPANESE)) == []
    german = "Die Fähre fuhr am 3. Mai 2026 mit 1.200 Menschen, 2,5 Millionen Dollar, um 21.30 Uhr."
    assert told(kept("On 3 May 2026 the ferry took 1,200 people, $2.5 million, at 9:30 p.m.", german, "de")) == []
    assert (
        told(
            kept(
                "渡し船は1億2,000万円で、千二百人が三回乗りました。",
                "It cost ¥120 million; 1,200 people, three times.",
                "en",
            )
        )
        == []
    )


@pytest.mark.parametrize(
    ("right", "wrong", "fault", "line"),
    [
        ("1200人", "1300人", "kept/number: '1,200' of the original is missing", 3),
        ("5月3日", "5月4日", "kept/number: '3 May 2026' of the original is missing", 3),
        ("3割", "3割5分", "kept/number", 3),
        ("午後9時30分", "午前9時30分", "kept/number: '9:30 p.m.' of the original is missing", 3),
        ("`book --seats 2`", "`book --席 2`", "kept/copied: The code 'book --seats 2' of the original is not", 7),
        ("# two seats", "# 二席", "kept/copied: The code block", 1),
        ("plan?a=1", "plan?a=2", "kept/copied: The address 'https://example.com/plan?a=1'", 3),
        ("{{first_name}}", "{{名前}}", "kept/copied: The field '{{first_name}}' of the original is not", 8),
        ("${total}", "合計", "kept/copied: The field '${total}' of the original is not", 8),
        ("[1] に", "資料に", "kept/copied: The mark '[1]' of the original is not", 8),
        ("12台", "20台", "kept/number: '12' of the original is missing", 17),
    ],
)
def test_what_is_lost_is_found_where_it_was(right: str, wrong: str, fault: str, line: int) -> None:
    assert right in JAPANESE
    findings = kept(ENGLISH, JAPANESE.replace(right, wrong, 1))
    assert any(one.startswith(fault) for one in told(findings))
    if line > 1:
        assert any(finding.place and finding.place.line == line for finding in findings)


def test_what_is_added_is_found_too() -> None:
    made = JAPANESE.replace("出航は", "（https://example.org を参照）出航は毎日15回、")
    assert told(kept(ENGLISH, made)) == [
        "kept/copied: The address 'https://example.org' is not in the original.",
        "kept/number: '15' is not in the original: " + told(kept(ENGLISH, made))[1].split("original: ")[1],
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("## 予約のしかた", "### 予約のしかた", "1 heading of level 2, the translation 0"),
        ("- [1] に", "[1] に", "2 list items, the translation 1"),
        ("| 12台 | 3.50ユーロ |\n", "", "4 table cells, the translation 2"),
    ],
)
def test_the_build_is_kept(right: str, wrong: str, fault: str) -> None:
    assert fault in " ".join(told(kept(ENGLISH, JAPANESE.replace(right, wrong))))


def test_a_paragraph_left_as_it_was() -> None:
    original = (
        "# Pier\n\nThe old pier is closed until the end of the summer.\n\nThe ferry sails on Sundays from now on."
    )
    made = "# 桟橋\n\nThe old pier is closed until the end of the summer.\n\n渡し船は日曜も出ます。"
    (finding,) = kept(original, made)
    assert (finding.rule, finding.place and finding.place.line) == ("kept/untranslated", 3)


def test_the_glossary_is_kept() -> None:
    original = "The pier holds cars.\n\nTwo piers are old, the Pierrot is not."
    glossary = "pier, 桟橋\nCar = 自動車"
    findings = kept(original, "埠頭には車が入る。\n\n二つの桟橋は古く、Pierrotは違う。", glossary=glossary)
    assert told(findings) == [
        "kept/term: 'pier' is to be called '桟橋' by the glossary.",
        "kept/term: 'Car' is to be called '自動車' by the glossary.",
    ]
    assert {finding.severity for finding in findings} == {"major"}
    bent = kept("The pier is old.", "Die Anlegestelle ist alt.", "de", "pier, Anleger")
    assert [finding.severity for finding in bent] == ["minor"]


@pytest.mark.parametrize("term", ["C++", ".NET", "C#", "Node.js"])
def test_terms_may_begin_and_end_in_signs(term: str) -> None:
    (finding,) = kept(f"We write {term} here.", "ここでは別のものを書きます。", glossary=f"{term}\t{term}言語")
    assert finding.message == f"{term!r} is to be called '{term}言語' by the glossary."
    assert kept(f"We write x{term}y here.", "ここでは別のものを書きます。", glossary=f"{term}\t{term}言語") == []


def test_hidden_secrets_are_no_missing_numbers() -> None:
    source = SourceText("a.md", "The key is [secret-1:password] and 12 people know it.")
    piece = Piece("translate", "de", sources=(source,), body="Der Schlüssel ist hunter2024, und 12 Leute kennen ihn.")
    piece = replace(piece, vault={"[secret-1:password]": "hunter2024"})
    assert after(piece).findings == ()


def test_other_kinds_are_left_alone() -> None:
    piece = Piece("article", "ja", sources=(SourceText("a.md", ENGLISH),), body="短い。")
    assert after(piece).findings == ()


@given(st.text(), st.text() | st.text("0123 .,`{}[]()#-|\n年月日%"), st.sampled_from(["en", "ja", "de", "xx"]))
def test_any_two_texts_are_compared(original: str, made: str, language: str) -> None:
    told(kept(original, made, language, glossary=original))


@pytest.mark.parametrize(
    ("source", "spoken", "text", "language", "rules"),
    [
        ("The old ferry burned 900 litres a day.", "en", "旧フェリーは1日に900リットルを消費しました。", "ja", []),
        (
            "Each ticket is for one person. It burns 900 litres.",
            "en",
            "券は1枚につき1人です。900リットルです。",
            "ja",
            [],
        ),
        ("1日900リットルを消費しました。", "ja", "It burned 900 litres a day.", "en", []),
        ("1人につき9ユーロです。", "ja", "It is 9 euros per person.", "en", []),
        ("It burned 900 litres.", "en", "1日に900リットルを消費しました。", "ja", ["kept/number"]),
        ("It sails 3 times a day.", "en", "1日に1回出ます。", "ja", ["kept/number"]),
        ("It has 1 deck and a bar.", "en", "Il a 2 ponts et un bar.", "fr", ["kept/number", "kept/number"]),
    ],
)
def test_one_of_a_language_without_articles_is_a_word_of_others(
    source: str, spoken: str, text: str, language: str, rules: list[str]
) -> None:
    piece = Piece("translate", language, sources=(SourceText("a.md", source, language=spoken),), body=text)
    assert [finding.rule for finding in after(piece).findings] == rules
