"""Texts that are cut to fit: they do, nothing is added, and what closes them stays."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from test_thread import PLATFORMS, SMALL, X, anything, written

from contentkit.core.text.counting import Rule, count, fits
from contentkit.core.text.shorten import divisible, shortened
from contentkit.core.text.thread import split
from contentkit.steps.limits import rules

RULES = rules()
ALL = [rule for rule in RULES.values() if rule.name != "youtube-chapters"]
ODD = [Rule("no-links", "characters", links=0), Rule("one-tag", "characters", hashtags=1, forbidden="\n<>")]


@given(written | anything, st.sampled_from([*ALL, *SMALL, *ODD]))
@example("\u0301" * 5000, RULES["bluesky"])
@example("https://example.com/" + "x" * 5000, RULES["bluesky"])
@example("me@example.com." + "a" * 600, RULES["x"])
@example("\ud800" * 400, X)
@example("\r\n<<>>", RULES["youtube-title"])
@example("e.co " * 9, ODD[0])
@example("。" * 900, RULES["youtube-description"])
@example("👩‍👩‍👧‍👦" * 200, RULES["instagram"])
def test_what_is_cut_fits_and_is_of_the_text(text: str, rule: Rule) -> None:
    made = shortened(text, rule)
    assert fits(made, rule)
    assert shortened(made, rule) == made
    if fits(text, rule):
        assert made == text
    rest = iter(text)
    assert all(sign in rest for sign in made if not sign.isspace())  # in order, and nothing of its own


@given(written | anything, st.sampled_from([*PLATFORMS, *SMALL[:4]]), st.booleans())
@example("https://example.com/" + "x" * 5000 + " and words", RULES["bluesky"], True)
def test_a_thread_of_it_has_no_post_that_is_too_long(text: str, rule: Rule, numbered: bool) -> None:
    made = divisible(text, rule, numbered=numbered)
    if rule.hard and rule.hard > 20:
        assert all(part.fits for part in split(made, rule, numbered=numbered))
    if all(part.fits for part in split(text, rule, numbered=numbered)):
        assert made == text


POINTED = "\n\n👉 https://example.com/a\n\n#Open-Source #dawn"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("The ferry sails at dawn. " * 15, ("The ferry sails at dawn. " * 11).strip()),
        ("船は朝に出ます。" * 30, "船は朝に出ます。" * 17),
        ("word " * 60 + "https://example.com/a #ferry #dawn", "word " * 48 + "https://example.com/a #ferry #dawn"),
        (("word " * 60).strip() + POINTED, ("word " * 46).strip() + POINTED),
        ("word " * 53 + "#ferry #dawn #boat #ferry", "word " * 53 + "#ferry #dawn"),
        ("word " * 53 + "#ferry #ferry #dawn", "word " * 53 + "#ferry #dawn"),
        (
            "word " * 48 + "https://example.com/a #a #dawn #Ferry #ferry",
            "word " * 48 + "https://example.com/a #a #dawn #Ferry",
        ),
        ("a" * 300, "a" * 280),
        ("The 👩‍👩‍👧‍👦" + "x" * 300, "The"),
    ],
)
def test_it_ends_where_a_reader_pauses_and_keeps_the_link_that_closes_it(text: str, kept: str) -> None:
    assert shortened(text, X) == kept


@pytest.mark.parametrize("link", ["https://example.com/" + "a" * 400, "HTTPS://例え.jp/?q=" + "x" * 400])
def test_a_link_that_nothing_holds_is_left_out_and_not_cut_into_another(link: str) -> None:
    rule = RULES["bluesky"]
    assert shortened(f"{link} 船は朝に出ます。", rule, "ja") == "船は朝に出ます。"
    assert divisible(f"船は朝に出ます。 {link} です。", rule, language="ja") == "船は朝に出ます。 です。"
    assert count(shortened(link, rule), rule) == 300


def test_a_link_that_would_take_more_than_half_of_the_room_is_not_kept_before_the_words() -> None:
    """Bluesky counts all of a link."""
    words = "word " * 60
    short, long = (f"https://example.com/{'a' * number}" for number in (60, 180))
    assert shortened(words + short, RULES["bluesky"]).endswith(short)
    assert shortened(words + long, RULES["bluesky"]) == words.strip()


def test_only_the_hashtags_above_the_number_go() -> None:
    text = "Open at nine. #a #b #c #d #e #f #g"
    assert shortened(text, RULES["instagram"]) == "Open at nine. #a #b #c #d #e"


def test_a_line_break_in_a_subject_becomes_a_space() -> None:
    assert shortened("New\r\nhours", RULES["email-subject"]) == "New hours"
    assert count(shortened("<b>Films</b> " * 20, RULES["youtube-title"]), RULES["youtube-title"]) <= 100
