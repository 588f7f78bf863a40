"""Data about people: what is found, and what only looks like it."""

from __future__ import annotations

from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentkit.core.personal import masked, personal
from contentkit.core.personal.papers import iban, luhn, my_number, tax_id

lives = import_module("contentkit.core.personal.lives")


def found(text: str) -> list[tuple[str, str]]:
    return [(one.sort, text[one.start : one.end]) for one in personal(text)]


@pytest.mark.parametrize(
    ("text", "sort", "value"),
    [
        ("Write to anna.berg@lindvik.se today.", "email", "anna.berg@lindvik.se"),
        ("Call +49 30 1234567 now.", "phone", "+49 30 1234567"),
        ("電話は03-1234-5678です。", "phone", "03-1234-5678"),
        ("携帯：０９０－１２３４－５６７８まで", "phone", "０９０－１２３４－５６７８"),
        ("Call (415) 555-2671.", "phone", "(415) 555-2671"),
        ("Tel. 030 901820", "phone", "030 901820"),
        ("携帯 09031415926", "phone", "09031415926"),
        ("電話：０３３１４１５９２６", "phone", "０３３１４１５９２６"),
        ("Handy 0301 234567", "phone", "0301 234567"),
        ("Card 4222222222222 was used.", "card", "4222222222222"),
        ("Her number is AB 12 34 56 C.", "id", "AB 12 34 56 C"),
        ("Card 4111 1111 1111 1111 was used.", "card", "4111 1111 1111 1111"),
        ("IBAN DE89 3704 0044 0532 0130 00", "iban", "DE89 3704 0044 0532 0130 00"),
        ("His number is 536-90-4399.", "id", "536-90-4399"),
        ("マイナンバーは1234 5678 9018です", "id", "1234 5678 9018"),
        ("Steuer-ID: 86 095 742 719", "id", "86 095 742 719"),
        ("She lives at 12 Old Mill Road in town.", "address", "12 Old Mill Road"),
        ("Er wohnt in der Lindenstraße 12a.", "address", "Lindenstraße 12a"),
        ("住所は東京都港区芝公園4丁目です", "address", "東京都港区芝公園4丁目"),
        ("She was born on 3 May 1987 in Oslo.", "birth", "3 May 1987"),
        ("生年月日：1987年5月3日", "birth", "1987年5月3日"),
        ("1987年5月3日生まれ", "birth", "1987年5月3日"),
        ("From the IP address 81.2.69.142 it came.", "ip", "81.2.69.142"),
    ],
)
def test_each_sort_is_found(text: str, sort: str, value: str) -> None:
    assert found(text) == [(sort, value)]


@pytest.mark.parametrize(
    "text",
    [
        "Write to anna@example.com or me@host.test.",
        "Call (415) 555-0123, the number of films.",
        "On 2026-03-03 at 12:30, version 1.2.3.4, pages 123-456, 1,234,567 people.",
        "Order 4111 1111 1111 1112 came; ISBN 978-3-16-148410-0; RFC 2616-2119-0000.",
        "DE89 3704 0044 0532 0130 01 is none.",
        "The number 123-45-67890 and 000-12-3456.",
        "127.0.0.1 and the IP address 192.168.1.1",
        "See https://example.org/03-1234-5678/415-555-2671.",
        "The road was born in 1987 in May Street.",
        "2024年から2025年、100-200件、〒は別",
    ],
)
def test_what_only_looks_like_it_is_not(text: str) -> None:
    assert found(text) == []


@given(st.integers(0, 10**11 - 1))
def test_check_digits_are_told_from_all_others(number: int) -> None:
    digits = f"{number:011d}"
    assert sum(my_number(digits + str(last)) for last in range(10)) == 1
    assert sum(luhn(digits + str(last)) for last in range(10)) == 1
    assert sum(tax_id(digits[:10] + str(last)) for last in range(10)) == 1
    assert sum(iban(f"XX{check:02d}{digits}") for check in range(2, 99)) == 1


def test_a_masked_value_gives_nothing_away() -> None:
    assert masked("4111 1111 1111 1111") == "41•••11"
    assert masked("anna.berg@lindvik.se") == "an•••se"
    assert masked("12345") == "1•••5"


@given(st.text(max_size=200) | st.text("0123456789 -.+()@a:円月日年生Tel", max_size=200))
def test_any_text_is_read(text: str) -> None:
    for one in personal(text):
        assert 0 <= one.start < one.end <= len(text)
        assert one.key


def test_days_of_birth_that_stand_close_together_are_whole() -> None:
    text = "Anna Berg, born 3 May 1961, and Ola Dahl, born 14 June 1965; Jon (生年月日：1970年3月12日)."
    assert found(text) == [("birth", "3 May 1961"), ("birth", "14 June 1965"), ("birth", "1970年3月12日")]


def test_days_of_birth_that_stand_far_apart_are_found() -> None:
    text = f"Anna Berg, born 3 May 1961. {'She sails a lot. ' * 40}Ola Dahl, born 14 June 1965."
    assert found(text) == [("birth", "3 May 1961"), ("birth", "14 June 1965")]


def test_a_text_of_cues_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr(lives, "quantities", lambda text: read.append(text) or [])
    text = "born 1 " * 2000
    assert found(text) == []
    assert sum(map(len, read)) <= len(text)


def test_what_follows_an_address_without_a_space_is_seen() -> None:
    text = "予約はhttps://ferry.example/bookから、または電話090-8472-1163へ。"
    assert found(text) == [("phone", "090-8472-1163")]
