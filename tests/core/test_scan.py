# ruff: noqa: E501
"""A dear pattern that is tried only where a cheap one says so finds what it finds anywhere."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contentkit.core.facts import calendar, citations, names
from contentkit.core.text import document, identifiers, numbers, numerals, prose
from contentkit.core.text.scan import near, one_of, rarely, starting
from contentkit.steps._machine import habits
from contentkit.steps._style import japanese
from contentkit.steps.machine import phrases_of

PIECES = st.lists(
    st.sampled_from(
        ["Studies", "show", "that", "recent", "research", "found", "according to", "a", "new", "survey", "Monday", "mondays", "Good",
         "Friday", "İ", "月曜日", "火曜", "最近の", "研究", "によると", "明らか", "と言われている", "it is", "known", "Studien", "zeigen", "laut",
         "einer", "Umfrage", " ", " ", "\n", "\n\n", "x", "。", "according", "to", "experts", "ＥＸＰＥＲＴＳ", "it is well known that",
         "in", "May", "march", "of", "-", "5", "2026", "1,200", "1.200,5", "3/5/2026", "US$", "EUR", "usd", "minus", "マイナス", "▲", "v2.1",
         "twenty", "one", "Two", "thirds", "hundred", "million", "percent", "k", "%", "千二百", "十", "万", "円", "令和8年", "五月", "午後3時",
         "9:30", "p.m.", "½", "Uhr", "février", "août", "and", "minus 5", "Tel.", "phone", "FAX", "+49 30", "123456", "(415) 555-2671",
         "電話", "ISBN", "978-4-87311-778-2", "IL", "62704", "SW1A 1AA", "D-10115", "DE89 3704 0044 0532 0130 00", "〒150-0001", "arXiv:",
         "2101.00001", "doi:", "10.1234/ab", "PMID:", "(", ")", "（", "）", "Smith", "Smith and Jones", "et al.", ",", "、", "田中", "ほか",
         "Mr.", "Dr", "Anna Berg", "ACME", "Inc", "GmbH", "University", "さん", "氏", "社", "株式会社", "大学", "テスト", "\u00a0", ".", "!",
         "…", "?", "。」", "「", "」", "『", "』", "[", "]", "1.", "- ", "\"", "“", "”", "‘", "’", "„", "«", "»", "\r\n", "\t", "https://a.example/x", "www.b.example", "a@b.example"]
    ),
    max_size=25,
).map("".join)  # fmt: skip
TEXTS = PIECES | PIECES.map(lambda text: text.replace(" ", "\n"))


@pytest.mark.parametrize(
    ("pattern", "begins", "words"),
    [
        (numbers._pattern(False), numbers._SIGNS, numbers._WORDS),
        (numbers._pattern(True), numbers._SIGNS, numbers._WORDS),
        (numerals._WORDS, numerals._BEGINS, None),
        (identifiers._IDENTIFIER, identifiers._SIGNS, identifiers._WORDS),
        (identifiers._CODE, identifiers._CODE_BEGINS, None),
        (prose._END, prose._END_BEGINS, None),
        (prose._BRACKET, prose._BRACKET_BEGINS, None),
        (document._QUOTED, document._QUOTE_BEGINS, None),
    ],
    ids=["quantities", "with-comma", "in-words", "identifiers", "codes", "ends", "brackets", "quotations"],
)
@settings(max_examples=200, deadline=None)
@given(text=TEXTS)
@example(text="09784873117782 and 123/456 7")
@example(text="İİİ in 1,200 km, “twenty” ISBN 978-4-87311-778-2 (see)")
def test_no_beginning_is_missed(
    pattern: re.Pattern[str], begins: re.Pattern[str], words: re.Pattern[str] | None, text: str
) -> None:
    whole = [found.span() for found in pattern.finditer(text)]
    assert [found.span() for found in starting(pattern, begins, text, words)] == whole


@pytest.mark.parametrize(
    ("pattern", "holds"),
    [
        (numbers._ADDRESS, numbers._MAY_BE_ADDRESS),
        (citations._VAGUE, citations._MAY_BE_VAGUE),
        (citations._WORK, citations._BRACKET),
        (citations._IDENTIFIER, citations._IDENTIFIED),
        (calendar._WEEKDAY, calendar._MAY_BE_WEEKDAY),
        (names._JAPANESE, names._JAPANESE_CUE),
        (names._CUED, names._CUE),
    ],
    ids=["addresses", "vague", "works", "identifiers", "weekdays", "japanese", "cued"],
)
@settings(max_examples=200, deadline=None)
@given(text=TEXTS)
def test_no_line_is_missed(pattern: re.Pattern[str], holds: re.Pattern[str], text: str) -> None:
    whole = [found.span() for found in pattern.finditer(text) if found.group().count("\n") < 2]
    assert [found.span() for found in rarely(pattern, text, holds) if found.group().count("\n") < 2] == whole


@pytest.mark.parametrize(
    ("pattern", "holds", "before", "behind"),
    [
        (habits._TRIPLE, habits._MAY_BE_TRIPLE, habits._BEFORE_COMMA, habits._FROM_COMMA),
        (habits._TRIPLE_JA, habits._MAY_BE_TRIPLE, habits._BEFORE_COMMA, habits._FROM_COMMA),
        *((*japanese._chain(least), japanese._LONGEST_LINK, japanese._LONGEST_CHAIN) for least in (1, 2, 3)),
    ],
    ids=["three", "three-japanese", "chain-1", "chain-2", "chain-3"],
)
@settings(max_examples=300, deadline=None)
@given(
    text=st.lists(
        st.sampled_from(
            ["foo", "bar-baz", "x" * 19, "x" * 20, "y" * 21, ", ", ",", "and ", "or ", " ", "\n", "' ", "、", "そして", "および", "日", "月" * 9,
             "火" * 10, "の", "の", "。", "は"]
        ),
        max_size=60,
    ).map("".join)
)  # fmt: skip
@example(text="の" + ("月" * 12 + "の") * 21)
def test_nothing_near_a_sign_is_missed(
    pattern: re.Pattern[str], holds: re.Pattern[str], before: int, behind: int, text: str
) -> None:
    whole = [found.span() for found in pattern.finditer(text)]
    assert [found.span() for found in near(pattern, text, holds, before, behind)] == whole


STOCK = st.lists(
    st.sampled_from(
        ["it", "It’s", "isn't", "isn’t", "is", "not", "just", "about", "a tool", ",", ";", "but", "they're", "no", "fuss", "because", "of time",
         "es", "ist", "geht", "nicht", "nur", "um", "Geld", "sondern", "単なる", "道具", "ではなく", "だけでなく", "をも", "のではありません。", "のです",
         " ", " ", " ", "\n", ". ", "—"]
    ),
    max_size=20,
).map("".join)  # fmt: skip


@pytest.mark.parametrize("language", ["en", "de", "ja"])
@settings(max_examples=200, deadline=None)
@given(text=STOCK)
def test_no_stock_phrase_is_missed(language: str, text: str) -> None:
    listed = phrases_of(language)
    assert listed is not None
    low = text.lower()
    for pattern, holds, _ in listed.patterns:
        whole = [found.span() for found in pattern.finditer(low)]
        assert [found.span() for found in rarely(pattern, low, holds)] == whole


@given(
    words=st.lists(st.text("ab.é月", min_size=1, max_size=4), min_size=1, max_size=8),
    text=st.text("ab.é月", max_size=30),
)
def test_any_of_many_words_is_found_the_longest_first(words: list[str], text: str) -> None:
    plain = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    assert re.findall(one_of(words), text) == re.findall(plain, text)
