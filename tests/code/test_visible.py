"""What nobody sees is spelled out, and nothing else is."""

from __future__ import annotations

import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentkit.code.visible import one_line, visible


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("if admin\u202e: # \u2066", r"if admin\u{202e}: # \u{2066}"),
        ("zero\u200bwidth\ufeff", r"zero\u{200b}width\u{feff}"),
        ("\U000e0041tag", r"\u{e0041}tag"),
        ("\x1b[31mred\x07", r"\u{1b}[31mred\u{7}"),
        ("one\u2028two\u0085three\x0cfour", r"one\u{2028}two\u{85}three\u{c}four"),
        ("over\rwritten", r"over\u{d}written"),
        ("last\r", r"last\u{d}"),
        ("half \ud83d", r"half \u{d83d}"),
        ("no\u00a0break \u3164", r"no\u{a0}break \u{3164}"),
        ("v\ufe0f\U000e0101", r"v\u{fe0f}\u{e0101}"),
        (r"written \u{202e} out", r"written \u{5c}u{202e} out"),
        (r"\u{0005C}", r"\u{5c}u{0005C}"),
    ],
)
def test_hidden_characters_are_spelled(text: str, seen: str) -> None:
    assert visible(text) == seen


@pytest.mark.parametrize(
    "text",
    [
        "\tplain = 'code'\n",
        "two\r\nlines\r\n",
        "ünï — 漢字　かな 한국어 עברית हिन्दी",
        "⚠️ ❤️ 🌋",
        r"'\u{1F600}' \u1234 \n",
        "",
    ],
)
def test_what_can_be_seen_stays(text: str) -> None:
    assert visible(text) is text or visible(text) == text


def test_names_stay_on_one_line() -> None:
    assert one_line("a\nb\tc\r\nd") == r"a\u{a}b\u{9}c\u{d}\u{a}d"
    assert one_line(r"\u{a}") == r"\u{5c}u{a}"


def _read(seen: str) -> str:
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda found: _char(found), seen)


def _char(found: re.Match[str]) -> str:
    code = int(found[1], 16) if len(found[1]) < 7 else sys.maxunicode + 1
    ours = code <= sys.maxunicode and (code == 0x5C or visible(chr(code)) != chr(code) or code in (9, 10, 13, 0xFE0F))
    return chr(code) if ours else found[0]


PARTS = st.one_of(
    st.sampled_from(["\\", "u{", "\\u{", "5c", "202e", "}", "\u202e", "\r", "\n", "\ufe0f", "☠", "{", "1f600}", "00"]),
    st.text(max_size=3),
    st.characters(categories=["Cf", "Cc", "Zl", "Zp", "Cs"]),
)


@given(st.lists(PARTS, max_size=12).map("".join))
def test_no_two_texts_look_the_same(text: str) -> None:
    assert _read(visible(text)) == text


@given(st.text(st.characters(), max_size=40))
def test_nothing_hidden_is_left(text: str) -> None:
    for char in visible(text):
        assert char in "\t\n\r\ufe0f" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp", "Co"), hex(
            ord(char)
        )


def test_every_character_that_unicode_calls_hidden_is_spelled() -> None:
    hidden = {"Cc", "Cf", "Cs", "Zl", "Zp", "Zs", "Co"}
    seen = [
        char
        for char in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(char) in hidden and char not in " \t\n\u3000" and visible(char) == char
    ]
    assert not seen
