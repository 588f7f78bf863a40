"""Grounding: what a text says is held against its sources."""

from __future__ import annotations

import time
from typing import Any

import pytest

from contentkit.core.errors import UsageError
from contentkit.core.piece import Piece, SourceText
from contentkit.core.report import Finding, Severity
from contentkit.steps import grounding

HARBOUR = """# The harbour of Lindvik

The harbour of Lindvik handled 1,187 ships in 2024 and 1,420 ships in 2025. Of the 240 berths, 60 belong to the city.
The new pier opened on 3 March 2026 and cost 12.5 million euros. The ferry leaves at 7:30 a.m. and takes 1.5 hours.
Anna Bergström, who has run the harbour since 1998, said:
"We will not build a second pier before the first one is full."
About 35 % of the ships are fishing boats. See https://lindvik.example.org/harbour/figures for the tables.
"""
PORT = """# 港の記録

青浜港では2025年に千二百隻の船が入港した。新しい桟橋は令和8年3月3日に完成し、費用は12億5,000万円だった。
港長の田中さんは「最初の桟橋がいっぱいになるまで、次の桟橋はつくりません」と話した。漁船は全体の3割を占める。
"""


def check(text: str, *sources: str, language: str = "en", name: str = "body", **more: Any) -> list[Finding]:
    given = tuple(SourceText(f"notes-{at}.md", source) for at, source in enumerate(sources or (HARBOUR,), 1))
    piece = Piece("article", language, sources=given, body=text, name=name, **more)
    return list(grounding.after(piece).findings)


def rules(text: str, *sources: str, **more: Any) -> list[str]:
    return [finding.rule for finding in check(text, *sources, **more)]


def ja(text: str) -> list[str]:
    return rules(text, PORT, language="ja")


def test_the_number_of_a_model_bears_out_no_measure() -> None:
    source = "The crane is a TG-300 tonnes lift of Lindvik. It lifts 40 tonnes."
    assert rules("It lifts 300 tonnes.", source) == ["grounding/number"]
    assert rules("It lifts 40 tonnes.", source) == []


def test_a_day_that_does_not_exist_is_less_grave_where_the_source_tells_of_it() -> None:
    source = "The clock of the harbour said 29 February 2013, and the gates stayed shut."
    (finding,) = check("The clock said February 29, 2013.", source)
    assert (finding.rule, finding.severity) == ("grounding/date", Severity.MINOR)
    assert {one.severity for one in check("The clock said February 30, 2013.", source)} == {Severity.MAJOR}


def test_versions_of_one_digit_are_held_against_the_versions_of_a_source() -> None:
    source = "The harbour's page runs on V8 since spring, reads API v2, and was drawn with Lindraw 7. It has 9 pages."
    assert rules("It runs on V8, reads v2 and v7 of Lindraw.", source) == []
    assert rules("It runs on V9.", source) == ["grounding/number"]
    assert (
        rules("港の頁はV8エンジンで動き、v2のAPIを読む。", "港の頁はV8エンジンとv2のAPIによる。", language="ja") == []
    )
    assert rules("港の頁はV6エンジンで動く。", "港の頁はV8エンジンによる。", language="ja") == ["grounding/number"]


@pytest.mark.parametrize("source", [HARBOUR, PORT])
def test_a_source_bears_itself_out(source: str) -> None:
    assert check(source, source) == []


@pytest.mark.parametrize(
    "text",
    [
        "It handled 1187 ships, then 1420.",
        "It handled about 1,200 ships in 2024.",
        "It handled nearly 1,200 ships in 2024.",
        "It handled more than 1,400 ships in 2025.",
        "The pier cost €12.5 million.",
        "The pier cost 12,500,000 euros.",
        "The pier opened on March 3, 2026.",
        "The pier opened on 2026-03-03.",
        "The pier opened on 3/3/2026, a Tuesday.",
        "The pier opened on Tuesday, 3 March 2026.",
        "It opened in March 2026.",
        "The ferry takes 90 minutes and leaves at 7:30.",
        "A third step: 35 percent of the ships are fishing boats.",
        "One of the ships left, and two of us stayed.",
        "She has run it for 28 years, from 1998 to 2026.",
        "Bergström said: “We will not build a second pier … before the first one is full.”",
        'Bergström said: "We will not build a second pier [at all] before the first one is full."',
        "The price is [price from March on, at least 900 euros].",
        "Use `port = 9999` for it.",
        "What they call “a second pier” is far off.",
    ],
)
def test_what_the_source_says_in_other_words_is_quiet(text: str) -> None:
    assert [rule for rule in rules(text) if rule != "grounding/derived"] == []


@pytest.mark.parametrize(
    ("text", "rule", "severity", "said"),
    [
        ("It handled 1,178 ships in 2024.", "number", "major", "1,187"),
        ("It handled 1,187 ships in 2021.", "number", "major", "2021"),
        ("Of the 340 berths, 60 belong to the city.", "number", "major", "240"),
        ("It handled 1,200 ships in 2024.", "rounded", "minor", "1,187"),
        ("About 53 % of the ships are fishing boats.", "number", "major", "35 %"),
        ("The pier cost 12.5 million dollars.", "number", "major", "12.5 million euros"),
        ("The pier cost 13.9 million euros.", "number", "major", "12.5 million euros"),
        ("The pier opened on 4 March 2026.", "date", "major", "3 March 2026"),
        ("The pier opened on 3 March 2027.", "date", "major", "3 March 2026"),
        ("The ferry leaves at 8:30 a.m.", "time", "major", "8:30"),
        ("The ferry takes 3 hours.", "number", "major", "1.5 hours"),
        (
            'She said: "We will never build a second pier before the first one is full."',
            "quotation",
            "major",
            "not build",
        ),
        ('He said: "Ships are the soul of every small town."', "quotation", "major", "no source"),
        ("The plan was made by Erik Bergström in secret.", "name", "minor", "Anna Bergström"),
        ("The plan was made with Peter Halvorsen.", "name", "minor", "Peter Halvorsen"),
        ("Harbours change cities (Smith, 2020).", "citation", "major", "Smith, 2020"),
        ("As Miller et al. (2019) found, harbours change.", "citation", "major", "Miller"),
        ("See doi:10.1234/harbour.2020.17 for more.", "citation", "major", "10.1234"),
        ("See https://www.portfacts.io/lindvik for more.", "link", "major", "portfacts"),
        ("Studies show that harbours make people happy.", "unnamed", "minor", "Studies show"),
        ("It handled 1,420 ships in 2025. [3]", "mark", "major", "1 source"),
    ],
)
def test_what_the_source_does_not_say_is_found(text: str, rule: str, severity: str, said: str) -> None:
    found = [finding for finding in check(text) if finding.rule == f"grounding/{rule}"]
    assert found, rules(text)
    assert found[0].severity == severity
    assert said in found[0].message
    assert found[0].place is not None
    assert found[0].place.line == 1


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("Of the berths, 25 % belong to the city.", "60 of 240"),
        ("That is 233 ships more than the year before.", "1,420 ships − 1,187"),
        ("Ships grew by 19.6 % in a year.", "from 1,187 to 1,420"),
        ("In two years it handled 2,607 ships.", "1,420"),
    ],
)
def test_what_follows_is_told_as_such(text: str, how: str) -> None:
    found = [finding for finding in check(text) if finding.rule == "grounding/derived"]
    assert [finding.severity for finding in found] == [Severity.INFO]
    assert set(rules(text)) == {"grounding/derived"}
    assert how.split(" ")[0] in found[0].message


@pytest.mark.parametrize(
    "text",
    [
        "2025年には1,200隻が入港した。",
        "2025年には1200隻の船が入った。",
        "新しい桟橋は2026年3月3日（火）に完成した。",
        "費用は12.5億円だった。",
        "漁船は30％を占める。",
        "港長の田中さんは『最初の桟橋がいっぱいになるまで、次の桟橋はつくりません』と話した。",
        "料金は［3月からの料金、900円以上］です。",
        "お客さんも皆さんも喜んだ。",
    ],
)
def test_japanese_that_the_source_bears_out_is_quiet(text: str) -> None:
    assert ja(text) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("2025年には1,300隻が入港した。", "number"),
        ("新しい桟橋は2026年3月4日に完成した。", "date"),
        ("新しい桟橋は令和7年3月3日に完成した。", "date"),
        ("新しい桟橋は2026年3月3日（水）に完成した。", "weekday"),
        ("漁船は全体の4割を占める。", "number"),
        ("費用は12億5,000万ドルだった。", "number"),
        ("港長は「二つ目の桟橋は、来年の夏までにかならずつくります」と話した。", "quotation"),
        ("港長の鈴木さんが案内した。", "name"),
        ("設計は株式会社ミナトワークスが担った。", "name"),
        ("港は町を変える（佐藤、2020）。", "citation"),
        ("研究によると、港は人を幸せにすることが明らかになった。", "unnamed"),
        ("2025年には千二百隻の船が入港した。[2]", "mark"),
    ],
)
def test_japanese_that_nothing_bears_out_is_found(text: str, rule: str) -> None:
    assert f"grounding/{rule}" in ja(text)


def test_a_number_of_other_things_is_doubtful() -> None:
    source = "The team has 12 members. They met on 30 days. Python 3 is needed, and node 8."
    assert rules("The team met on 12 days.", source) == ["grounding/number"]
    assert rules("It needs Python 8.", source) == ["grounding/number"]
    assert rules("The 12 people of the team met often.", source) == []


@pytest.mark.parametrize(
    ("text", "source", "language"),
    [
        ("It takes 4 hours.", "It takes 9 hours. There are 4 of it.", "en"),
        ("It costs 4 dollars.", "It costs 9 dollars, in 4 of it.", "en"),
        ("参加者は4人です。", "参加者は9人です。例4を見てください。", "ja"),
    ],
)
def test_a_digit_that_stands_somewhere_is_no_witness_for_a_unit(text: str, source: str, language: str) -> None:
    far = source.replace(". ", f".\n\n{'A word of it. ' * 9}\n\n", 1).replace(", in ", f", {'or so, ' * 12} in ", 1)
    far = far.replace("。例", f"。\n\n{'ここは別の話です。' * 9}\n\n例", 1)
    assert rules(text, far, language=language) == ["grounding/number"]
    assert rules(text.replace("4", "9"), far, language=language) == []


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("It takes 4 hours.", "It takes 4 to 5 hours. Lunch is 2 hours."),
        ("It takes 4 hours.", "A four-hour walk, and 4 of them. Lunch is 2 hours."),
        ("It takes 4 hours.", "| what | hours |\n|---|---|\n| walk | 4 |\n\nDinner takes 3 hours."),
        ("It takes 4 hours.", "Hours of walking: 4. Dinner takes 3 hours."),
        ("It takes 1 hour.", "It takes an hour, in 1 of it. Lunch is 2 hours."),
        ("It costs 8 dollars.", "It costs $5-8. Tea is 2 dollars."),
        ("3 doors are open.", "There are 5 doors; 3 are open."),
        ("3人が来ました。", "参加者：3名。定員は7人です。"),
        ("5分で着きます。", "徒歩5～6分。バスは10分です。"),
        ("5分かかります。", "所要時間（分）: 5、バスは10分です。"),
    ],
)
def test_a_digit_with_its_unit_around_it_is_one(text: str, source: str) -> None:
    assert rules(text, source, language="en" if text.isascii() else "ja") == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("報告は2026-03-04のものです。", "date"),
        ("桟橋は2026/03/04に完成した。", "date"),
        ("船は9:45に出ます。", "time"),
        ("いまは8.2.4が必要です。", "number"),
        ("いまはv8.2.4を使います。", "number"),
    ],
)
def test_japanese_goes_on_behind_a_date_or_a_version_without_a_space(text: str, rule: str) -> None:
    source = "桟橋は2026-03-03に完成した。船は9:30に出る。いまは8.2.3で、v8.2.3を使う。"
    assert rules(text, source, language="ja") == [f"grounding/{rule}"]
    right = text.replace("03-04", "03-03").replace("03/04", "03/03").replace("9:45", "9:30").replace("8.2.4", "8.2.3")
    assert rules(right, source, language="ja") == []


def test_a_mark_at_the_wrong_source_is_found() -> None:
    bread = "Sourdough bread rests overnight in a cool kitchen, and the crust browns at high heat in an iron pot."
    text = "Sourdough bread rests overnight in a cool kitchen before the crust browns. [1]"
    (finding,) = check(text, HARBOUR, bread)
    assert (finding.rule, finding.severity, finding.suggestion) == ("grounding/mark", Severity.MAJOR, "[2]")
    assert check(text.replace("[1]", "[2]"), HARBOUR, bread) == []


def test_without_a_source_references_are_invented_and_numbers_are_unchecked() -> None:
    text = "In 2019, 45 % of users left (Smith, 2020). See https://portfacts.io/a and [2]."
    piece = grounding.after(Piece("article", "en", body=text))
    assert sorted(finding.rule for finding in piece.findings) == [
        "grounding/citation",
        "grounding/link",
        "grounding/mark",
    ]
    assert {finding.severity for finding in piece.findings} == {Severity.MAJOR}
    assert [notice for notice in piece.notices if "no source" in notice]


def test_what_the_brief_says_is_no_invention() -> None:
    fields = {"topic": "Version 4 of portfacts, 900 euros", "link": "https://portfacts.io/a", "length": 77}
    text = "Version 4 costs 900 euros. See https://portfacts.io/a."
    assert check(text, fields=fields) == []
    assert rules("It has 77 parts.", fields=fields) == ["grounding/number"]


def test_a_file_may_have_references_of_its_own() -> None:
    own = "## References\n\n- [1] A book.\n- Smith, J. (2020). Harbours.\n"
    text = f"Harbours change (Smith, 2020) and towns too [1].\n\n{own}"
    piece = Piece("text", "en", body=text, name="post.md")
    assert grounding.after(piece).findings == ()
    cut = Piece("text", "en", body=text.partition("##")[0], name="post.md")
    assert {(one.rule, one.severity) for one in grounding.after(cut).findings} == {
        ("grounding/citation", Severity.MINOR),
        ("grounding/mark", Severity.MINOR),
    }


def test_a_day_that_does_not_exist_needs_no_source() -> None:
    piece = grounding.after(
        Piece("text", "en", body="We met on 31 April 2026, and on Monday, 3 March 2026.", name="a.md")
    )
    assert [finding.rule for finding in piece.findings] == ["grounding/date", "grounding/weekday"]
    assert "Tuesday" in piece.findings[1].message


def test_secrets_that_were_hidden_are_no_inventions() -> None:
    piece = Piece(
        "article",
        "en",
        sources=(SourceText("a.md", "Call [secret-1:phone] before noon on 12 May."),),
        vault={"[secret-1:phone]": "+49 30 123456"},
        body="Call +49 30 123456 on 12 May.",
    )
    assert grounding.after(piece).findings == ()


def test_the_sources_as_read_count_where_they_were_condensed() -> None:
    piece = Piece(
        "article",
        "en",
        sources=(SourceText("a.md", "Ships came."),),
        originals=(SourceText("a.md", "4,711 ships came."),),
        body="4,711 ships came.",
    )
    assert grounding.after(piece).findings == ()


def test_a_text_in_another_language_is_held_by_its_numbers() -> None:
    piece = Piece(
        "article",
        "ja",
        sources=(SourceText("a.md", HARBOUR),),
        body="2025年には1,420隻の船が、2024年には1,187隻の船が入港した。",
    )
    seen = grounding.after(piece)
    assert seen.findings == ()
    assert "in ja, the sources in en" in seen.notices[0]
    wrong = grounding.after(
        Piece("article", "ja", sources=piece.sources, body="2025年には1,520隻の船が港に入港したという。")
    )
    assert [finding.rule for finding in wrong.findings] == ["grounding/number"]


def test_a_text_in_another_language_than_was_asked_for_is_called_by_its_own() -> None:
    text = "The ferry leaves the old harbour at dawn, and it carries the mail and the people of the island. " * 2
    source = SourceText("notes.md", "渡し船は夜明けに古い港を出て、郵便と島の人を運びます。", language="ja")
    seen = grounding.after(Piece("article", "ja", body=text, sources=(source,)))
    assert [notice for notice in seen.notices if "The text is in en, the sources in ja" in notice]


def test_a_sentence_that_rests_on_nothing_is_listed() -> None:
    text = "Marketing departments everywhere should urgently rethink their customer acquisition funnels and budgets."
    (finding,) = check(text)
    assert (finding.rule, finding.severity) == ("grounding/claim", Severity.INFO)
    said = {"grounding": {"claims": False}}
    assert check(text, settings=said) == []


def test_what_the_user_knows_needs_no_source() -> None:
    said = {"grounding": {"known": ["Peter Halvorsen", "4,711"]}}
    assert check("Peter Halvorsen counted 4,711 ships for the harbour.", settings=said) == []


@pytest.mark.parametrize("table", [{"nmaes": True}, {"names": "yes"}, {"known": "ACME"}])
def test_a_wrong_setting_is_one_sentence(table: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as error:
        grounding.settings(table)
    assert "grounding" in str(error.value)


SHIFTS = """The shop has been open since March, on Tuesdays and from Thursday to Saturday. In 2021 it moved.
Call 415-555-2671 or write to 150-0001. The guide is ISBN 978-4-87311-778-2. It has 35 chairs and sold 412 lamps.
"""
SHIFTS_JA = """店は三月から開いています。火曜日と、木〜土に営業します。2021年に移りました。
電話は03-1234-5678です。椅子は35脚です。"""


@pytest.mark.parametrize(
    "text",
    [
        "It has been open since March, and on Fridays too.",
        "Since 2021 it has been elsewhere.",
        "This may help, and they march on. On Good Friday too.",
        "Call 415-555-2671, or +1 415 555 2671; post goes to 150-0001.",
        "The guide is ISBN 978-4-87311-778-2.",
    ],
)
def test_months_weekdays_and_identifiers_of_the_source_are_quiet(text: str) -> None:
    assert [one.message for one in check(text, SHIFTS) if one.category == "grounding"] == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("It has been open since April.", "'April' is not in the sources; [1] says 'March'."),
        ("It opens on Mondays.", "'Mondays' is not in the sources; [1] says 'Tuesdays'."),
        ("Since 2023 it has been elsewhere.", "'2023' is not in the sources; [1] says '2021'."),
    ],
)
def test_changed_months_and_weekdays_are_found(text: str, message: str) -> None:
    (found,) = check(text, SHIFTS)
    assert (found.severity, found.message) == (Severity.MAJOR, message)


def test_changed_months_and_weekdays_of_japanese_are_found() -> None:
    assert (
        rules("店は三月から開いています。金曜日にも営業します。電話は03-1234-5678です。", SHIFTS_JA, language="ja")
        == []
    )
    for text in (
        "店は四月から開いています。",
        "店は4月から開いています。",
        "月曜日に営業します。",
        "2022年に移りました。",
    ):
        (found,) = check(text, SHIFTS_JA, language="ja")
        assert found.severity is Severity.MAJOR, text


def test_a_number_is_suggested_only_for_one_of_the_same_things() -> None:
    assert [(one.suggestion, "35" in one.message) for one in check("Room 82 is closed.", SHIFTS)] == [("", False)]
    assert [one.suggestion for one in check("It has 45 chairs.", SHIFTS)] == ["35"]


@pytest.mark.parametrize("unit", ["1-", "[1] ", "12 people, "])
def test_very_many_numbers_take_no_long_time(unit: str) -> None:
    started = time.monotonic()
    check(unit * (30_000 // len(unit)), unit * (30_000 // len(unit)), name="a.md")
    assert time.monotonic() - started < 15


@pytest.mark.parametrize(
    "sentence",
    [
        "Dr. Anna{0} Berg{0} met Mr. Ola{0} Dahl. ",
        '"We had {0} bowls of soup," said Anna Berg{0}. ',
        "{0}年{1}月に「船は{0}隻です」と田中{0}さんは言いました。",
        "- Tuesday, 3 March {0}: mended.\n- On Wednesday it was fine.\n",
    ],
)
def test_four_times_the_text_takes_about_four_times_as_long(sentence: str) -> None:
    def seconds(number: int) -> float:
        text, source = (
            "".join(sentence.format(at, at % 12 + 1) for at in range(0, number, step)) for step in (1, 2)
        )  # every second fact is in no source
        started = time.perf_counter()
        check(text, source, language="ja" if "年" in sentence else "en")
        return time.perf_counter() - started

    seconds(10)  # what is loaded once
    # Sixteen times if it were quadratic; again where the machine was busy with something else.
    assert any(seconds(4000) < 9 * max(seconds(1000), 0.05) for _ in range(3))
