"""Quantities of texts: what a number says, however it is written."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contentkit.core.text.dates import Clock, Date
from contentkit.core.text.numbers import Quantity, quantities, same


def one(text: str, language: str = "en") -> Quantity:
    """The only quantity of a text."""
    (found,) = quantities(text, language)
    return found


@pytest.mark.parametrize(
    ("language", "text", "quote"),
    [
        ("en", "It holds 1,200 people.", "1,200"),
        ("en", "It holds 1200.", "1200"),
        ("en", "About 1.2k.", "1.2k"),
        ("en", "It holds twelve hundred people.", "twelve hundred"),
        ("en", "one thousand two hundred", "one thousand two hundred"),
        ("ja", "約1200人が集まった。", "1200"),
        ("ja", "千二百人が集まった。", "千二百"),
        ("ja", "1千200人", "1千200"),
        ("ja", "１，２００人", "１，２００"),
        ("ja", "0.12万人", "0.12万"),
        ("de", "Es sind 1.200 Personen.", "1.200"),
        ("fr", "Il y a 1\u202f200 personnes.", "1\u202f200"),
        ("fr", "Il y a 1 200 personnes.", "1 200"),
        ("de", "1'200 Franken", "1'200"),
    ],
)
def test_one_number_in_many_ways(language: str, text: str, quote: str) -> None:
    found = one(text, language)
    assert found.value == 1200
    assert found.text == quote == text[found.start : found.end]


@pytest.mark.parametrize(
    ("language", "text", "kind", "value", "unit"),
    [
        ("en", "$1.2bn", "money", 1_200_000_000, "USD"),
        ("en", "12 million dollars", "money", 12_000_000, "USD"),
        ("en", "EUR 3.50", "money", Fraction(7, 2), "EUR"),
        ("de", "2,5 Mio. Euro", "money", 2_500_000, "EUR"),
        ("ja", "1億2,000万円", "money", 120_000_000, "JPY"),
        ("ja", "五千円", "money", 5000, "JPY"),
        ("en", "12 %", "percent", 12, "%"),
        ("en", "twelve per cent", "percent", 12, "%"),
        ("ja", "30％", "percent", 30, "%"),
        ("ja", "3割", "percent", 30, "%"),
        ("en", "-5 degrees", "number", -5, "degrees"),
        ("ja", "マイナス5度", "number", -5, "度"),
        ("ja", "90分", "number", 90, "分"),
        ("ja", "3か月間", "number", 3, "か月間"),
        ("en", "two thirds of them", "number", Fraction(2, 3), "of"),
        ("ja", "3分の1", "number", Fraction(1, 3), ""),
        ("en", "1½ hours", "number", Fraction(3, 2), "hours"),
        ("en", "10 and a half miles", "number", Fraction(21, 2), "miles"),
        ("en", "since 2024 and a half of them", "number", 2024, "and"),
        ("ja", "1年半", "number", Fraction(3, 2), "年"),
        ("ja", "二時間半", "number", Fraction(5, 2), "時間"),
        ("en", "1,00,000 rupees", "money", 100_000, "INR"),
        ("en", "a 12-year-old", "number", 12, "year"),
        ("en", "version v2.1", "version", "2.1", ""),
        ("en", "Python 3.11.2", "version", "3.11.2", ""),
    ],
)
def test_kind_value_and_unit(language: str, text: str, kind: str, value: object, unit: str) -> None:
    found = one(text, language)
    assert (found.kind, found.value, found.unit) == (kind, value, unit)


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "on 3 May 2026", Date(2026, 5, 3)),
        ("en", "on May 3rd, 2026.", Date(2026, 5, 3)),
        ("en", "2026-05-03", Date(2026, 5, 3)),
        ("ja", "2026年5月3日", Date(2026, 5, 3)),
        ("ja", "令和8年5月3日", Date(2026, 5, 3)),
        ("ja", "二〇二六年五月三日", Date(2026, 5, 3)),
        ("ja", "2026/5/3", Date(2026, 5, 3)),
        ("de", "am 3. Mai 2026", Date(2026, 5, 3)),
        ("de", "3.5.2026", Date(2026, 5, 3)),
        ("en-GB", "3/5/2026", Date(2026, 5, 3)),
        ("en", "5/3/2026", Date(2026, 5, 3)),
        ("en", "25/12/2026", Date(2026, 12, 25)),
        ("fr", "le 3 mai 2026", Date(2026, 5, 3)),
        ("es", "3 de mayo de 2026", Date(2026, 5, 3)),
        ("en", "the 4th of July", Date(None, 7, 4)),
        ("en", "in May", Date(None, 5)),
        ("ja", "5月に", Date(None, 5)),
        ("ja", "2026年度", Date(2026)),
        ("en", "9:30 p.m.", Clock(21, 30)),
        ("en", "at 9 am", Clock(9)),
        ("en", "12 a.m.", Clock(0)),
        ("ja", "午後9時半", Clock(21, 30)),
        ("ja", "9時30分15秒", Clock(9, 30, 15)),
        ("de", "um 21.30 Uhr", Clock(21, 30)),
    ],
)
def test_dates_and_times(language: str, text: str, value: object) -> None:
    assert one(text, language).value == value


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "It may rain, and we march on; utf8, x86_64, A4, H2O, commit 5cf8356, a_1."),
        ("en", "See https://example.com/2026/5?page=3 or www.a1.com, or write to a@b3.com."),
        ("en", "A million reasons, hundreds of people"),
        ("ja", "一部の人は一緒に、一般に、一方で十分に。千葉県と九州と四国と百貨店。万が一。"),
    ],
)
def test_no_number_is_seen_where_there_is_none(language: str, text: str) -> None:
    assert quantities(text, language) == []


def test_a_decimal_point_goes_by_the_language() -> None:
    assert one("1.200", "en").value == Fraction(6, 5)
    assert one("1.200", "de").value == 1200
    assert one("1,2", "de").value == Fraction(6, 5)


def test_ranges_and_lists_are_several() -> None:
    assert [found.value for found in quantities("3-5 people, 10, 20 and 30", "en")] == [3, 5, 10, 20, 30]
    assert [found.value for found in quantities("3〜5人", "ja")] == [3, 5]


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        (("1,200 people", "en"), ("千二百人", "ja"), True),
        (("1.2 million yen", "en"), ("120万円", "ja"), True),
        (("30 percent", "en"), ("3割", "ja"), True),
        (("3 May 2026", "en"), ("5月3日", "ja"), True),
        (("2026年", "ja"), ("2026", "en"), True),
        (("$5", "en"), ("5ドル", "ja"), True),
        (("1,200 people", "en"), ("1300人", "ja"), False),
        (("30 percent", "en"), ("30", "ja"), False),
        (("3 May 2026", "en"), ("5月4日", "ja"), False),
        (("$5", "en"), ("5ユーロ", "ja"), False),
        (("9:30", "en"), ("9時", "ja"), False),
    ],
)
def test_what_says_the_same(first: tuple[str, str], second: tuple[str, str], alike: bool) -> None:
    assert same(one(*first), one(*second)) is alike


@given(st.integers(0, 10**9))
def test_digits_with_and_without_separators_agree(number: int) -> None:
    assert one(f"{number:,}", "en").value == number
    assert one(str(number), "ja").value == number
    assert one(f"{number:,}".replace(",", "."), "de").value == number


@given(
    st.text() | st.text("0123456789０１,.，．'’ -/:年月日時分秒千二百万億〇割%$¥円kKmMay thirdofone@v½"),
    st.sampled_from(["", "en", "ja", "de", "fr"]),
)
@example("rgba(63,94,251,1) 0%", "fr")
def test_any_text_is_read(text: str, language: str) -> None:
    end = 0
    for found in quantities(text, language):
        assert end <= found.start < found.end
        assert found.text == text[found.start : found.end]
        end = found.end


@pytest.mark.parametrize(
    "unit", ["1", "1,", "1.", "1,111", "千", "1億", "hundred ", "one ", "1 ", "a1", "3 May ", "-", "5月"]
)
def test_a_long_run_of_one_thing_takes_no_long_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    for language in ("en", "ja", "de"):
        started = time.process_time()
        quantities(text, language)
        assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "text",
    [
        "+49 30 1234567", "+1 (415) 555-2671", "(415) 555-2671", "03-1234-5678", "０１２０－１２３－４５６",
        "03(1234)5678", "Call us on 555-0182.", "電話は555-0182です", "〒150-0001", "150-0001 東京都渋谷区神宮前1-2-3",
        "Springfield, IL 62704", "SW1A 1AA", "D-10115 Berlin",
        "ISBN 4-87311-778-8", "978-4-87311-778-2", "the book 9784873117782", "ISSN 0317-8471", "doi:10.1000/182",
        "arXiv:2406.01234", "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00", "mara@team42.example",
    ],
)  # fmt: skip
def test_what_names_something_is_no_number(text: str) -> None:
    assert quantities(text, "en") == []


@pytest.mark.parametrize(
    ("text", "number"),
    [("200-1500 people", 2), ("2026-05-03", 1), ("03-05-2026", 1), ("call 40 people", 1), ("1,200 of 3.5", 2),
     ("the text 2026-05-03", 1), ("10-20 seats, 100-200 more", 4), ("12 000 000 mobile 120", 4)],
)  # fmt: skip
def test_ranges_dates_and_sums_are_no_identifiers(text: str, number: int) -> None:
    assert len(quantities(text, "en")) == number


def test_what_follows_an_address_without_a_space_is_read() -> None:
    text = "詳細は(https://tide.example/a?b=3)にあり、www.tide.example/9と合わせて140人が見て、2秒で終わりました。"
    assert [(found.text, found.unit) for found in quantities(text, "ja")] == [("140", "人"), ("2", "秒")]


def test_m_right_behind_a_number_is_metres_but_in_english() -> None:
    assert [(one.value, one.unit) for one in quantities("標高250mの畑", "ja")] == [(250, "m")]
    assert [one.value for one in quantities("It has 250m users and €3m.", "en")] == [250_000_000, 3_000_000]
    assert [one.value for one in quantities("Das kostet 3m €.", "de")] == [3_000_000]
