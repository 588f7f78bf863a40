"""Threads: every post fits, nothing is lost, and no link, mention, hashtag or character is cut."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import accumulate, pairwise
from unittest.mock import patch

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from contentkit.core.text.atoms import atoms, first_over, kept_whole
from contentkit.core.text.counting import Rule, count, fits
from contentkit.core.text.thread import Part, _Text, split
from contentkit.steps.limits import rules

RULES = rules()
PLATFORMS = [RULES[name] for name in ("x", "bluesky", "mastodon", "threads", "telegram", "discord")]
X = RULES["x"]
SMALL = [
    Rule("weighted", "weighted", hard=40, url=23, bare_urls=True), Rule("graphemes", "graphemes", hard=12, bytes=60),
    Rule("utf16", "utf16", hard=25), Rule("bytes", "bytes", hard=30), Rule("words", "words", hard=3),
    Rule("lines", "lines", hard=2), Rule("links", "characters", hard=60, links=2), Rule("tiny", "characters", hard=1),
]  # fmt: skip
WHOLE = [
    "https://example.com/a/path?with=query#and-more", "example.com", "gemini://old.example/page", "http://localhost:8/x",
    "@user", "@user@example.social", "me@example.com", "#OpenSource", "#日本語タグ", "＃全角",
    "👩‍👩‍👧‍👦", "🇯🇵", "❤️", "e\u0301", "か\u3099", "각", "1️⃣",
    "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
]  # fmt: skip
PLAIN = [
    "word", "The ferry sails at dawn.", "Tickets cost 4 euros;", "船は朝に出ます。", "本は二千冊、",
    "\n\n", "\n", "  ", "—", "a" * 50,
]  # fmt: skip
written = st.lists(st.sampled_from([*WHOLE, *PLAIN]), max_size=60).map(" ".join)
signs = st.text("ah.:/?()@#日。、😀\u200d\ufe0f1️⃣🇯\u0301\r\n \u3000")
anything = st.text(st.characters(codec=None, categories=None)) | signs


@given(written | anything, st.sampled_from([*PLATFORMS, *SMALL]), st.booleans())
@example("", X, True)
@example(" \n\t ", SMALL[0], True)
@example(" \u0301a" * 60, SMALL[1], True)
@example("\r\n" * 80, SMALL[5], False)
@example("https://example.com/" + "x" * 5000, RULES["bluesky"], True)
@example("gemini://old.example/" + "x" * 700 + " and more", RULES["mastodon"], True)
@example("\u0301" * 5000, RULES["bluesky"], False)
@example("🇯" * 301, RULES["bluesky"], False)
@example("\ud800" * 400, X, True)
def test_nothing_is_lost_and_every_post_fits(text: str, rule: Rule, numbered: bool) -> None:
    parts = split(text, rule, numbered=numbered)
    assert "".join(part.raw for part in parts) == text
    for part in parts:
        if part.fits:
            assert fits(part.text, rule)
        else:  # one thing alone, and nothing else, is longer than a post may be
            assert len([one for one in atoms(part.raw, rule, kept_whole(part.raw, rule)) if not one.blank]) == 1
        assert part.text or not part.raw.strip()


@given(st.lists(st.sampled_from([*WHOLE, *PLAIN]), max_size=60), st.sampled_from([*PLATFORMS, *SMALL]))
@example(WHOLE, SMALL[-1])
def test_what_is_one_to_a_reader_stays_in_one_post(pieces: list[str], rule: Rule) -> None:
    text, spans = "", []
    for piece in pieces:
        spans += [(len(text), len(text) + len(piece))] if piece in WHOLE else []
        text += f"{piece} "
    spans += [found.span() for found in regex.finditer(r"\X", text)]
    ends = set(accumulate(len(part.raw) for part in split(text, rule)))
    assert not [text[start:end] for start, end in spans if any(start < cut < end for cut in ends)]


@given(written | anything, st.sampled_from(PLATFORMS))
def test_atoms_cover_the_text_and_add_up(text: str, rule: Rule) -> None:
    found = list(atoms(text, rule, kept_whole(text, rule)))
    assert "".join(text[one.start : one.end] for one in found) == text
    assert all(first.end == second.start for first, second in pairwise(found))
    assert sum(one.bytes for one in found) == len(text.encode("utf-8", "surrogatepass"))


@given(written, st.sampled_from(PLATFORMS))
def test_the_sum_of_the_atoms_is_the_count(text: str, rule: Rule) -> None:
    assert sum(one.cost for one in atoms(text, rule, kept_whole(text, rule))) == count(text, rule)


@given(written, st.integers(1, 300), st.sampled_from(PLATFORMS))
def test_where_a_text_goes_over(text: str, limit: int, rule: Rule) -> None:
    at = first_over(text, rule, limit)
    assert (at == len(text)) == (count(text, rule) <= limit)
    if at < len(text):
        assert count(text[:at], rule) <= limit


@given(st.lists(st.sampled_from(["a", "日", "😀", " "]), max_size=200).map("".join), st.integers(0, 200))
def test_more_text_never_counts_less(text: str, at: int) -> None:
    for rule in PLATFORMS:
        assert count(text[:at], rule) <= count(text, rule)


def texts(text: str, rule: Rule = X, *, numbered: bool = False) -> list[str]:
    return [part.text for part in split(text, rule, numbered=numbered)]


def test_what_fits_is_one_post_without_a_number() -> None:
    assert texts(" The ferry sails. \n", numbered=True) == ["The ferry sails."]


def test_it_is_divided_between_paragraphs_then_sentences_then_clauses_then_words() -> None:
    rule = Rule("short", "characters", hard=50)
    assert texts("One two three four five six.\n\nSeven eight nine ten eleven.", rule) == [
        "One two three four five six.", "Seven eight nine ten eleven.",
    ]  # fmt: skip
    assert texts("One two three four five six. Seven eight nine ten eleven twelve.", rule) == [
        "One two three four five six.", "Seven eight nine ten eleven twelve.",
    ]  # fmt: skip
    assert texts("One two three four five six seven, eight nine ten eleven twelve", rule) == [
        "One two three four five six seven,", "eight nine ten eleven twelve",
    ]  # fmt: skip
    assert texts("one two three four five six seven eight nine ten eleven twelve", rule) == [
        "one two three four five six seven eight nine ten", "eleven twelve",
    ]  # fmt: skip
    assert texts("x" * 70, rule) == ["x" * 50, "x" * 20]


def test_japanese_without_spaces_is_divided_at_its_signs() -> None:
    rule = Rule("short", "characters", hard=30)
    assert texts("図書館バスは毎週火曜日に村へ行きます。本は二千冊を積んでいて、五冊まで借りられます。", rule) == [
        "図書館バスは毎週火曜日に村へ行きます。", "本は二千冊を積んでいて、五冊まで借りられます。",
    ]  # fmt: skip
    first, _ = texts("本は二千冊を積んでいて、子どもたちは五冊まで一度に借りて帰れます", rule)
    assert first == "本は二千冊を積んでいて、"
    first, second = texts("子どもたちは五冊まで一度に借りて家に帰れるので図書館バスが大好きです", rule)
    assert len(first) > 20
    assert second[0] not in "ので、。ょっ"
    # Within a word, no post begins with a sign that clings to the one before it.
    assert texts("あ" * 30 + "っあああ", rule) == ["あ" * 29, "あっあああ"]


def test_numbers_count_and_their_digits_settle() -> None:
    rule = Rule("short", "characters", hard=30)
    nine = texts("word " * 44, rule, numbered=True)
    assert nine[0].endswith(" 1/9")
    assert nine[-1].endswith(" 9/9")
    # Nine posts' worth, which with their numbers are ten; and the longer numbers take room again.
    full = texts(("x" * 26 + " ") * 10, rule, numbered=True)
    assert max(map(len, full)) <= 30
    many = texts("word " * 60, rule, numbered=True)
    assert len(many) > 9
    assert many[0].endswith(f" 1/{len(many)}")
    assert max(map(len, many)) <= 30
    assert [one.rpartition(" ")[2] for one in many] == [f"{number}/{len(many)}" for number in range(1, len(many) + 1)]


def test_what_can_not_be_divided_stands_alone_and_says_so() -> None:
    link = "gemini://old.example/" + "x" * 600
    parts = split(f"Before it.\n\n{link} after it.", RULES["mastodon"])
    assert [(part.text, part.fits) for part in parts] == [
        ("Before it.", True), (link, False), ("after it.", True),
    ]  # fmt: skip
    # On X and Mastodon a link counts 23, however long it is.
    assert split("Before https://example.com/" + "x" * 600, X) == (
        Part("Before https://example.com/" + "x" * 600, "Before https://example.com/" + "x" * 600),
    )


def test_no_post_of_a_thread_has_more_links_than_it_may() -> None:
    text = " ".join(f"https://example.com/{number}" for number in range(12))
    assert [len(part.text.split()) for part in split(text, RULES["threads"])] == [5, 5, 2]


@given(written | anything, st.sampled_from([*PLATFORMS, *SMALL, Rule("tags", "characters", hard=90, hashtags=1)]))
@example("採用フロー\n\n- [track（トラック） - エンジニアのツール](https://example.com/) です。", SMALL[2])
@example("one\r\ntwo\r\nfour\r\nfive", SMALL[1])
@example("one two threefourfive", Rule("cut", "characters", hard=13))
@example("word \u0301word word e\u0301word 1️⃣23 word", SMALL[1])
def test_sums_find_the_pauses_that_a_look_at_every_character_finds(text: str, rule: Rule) -> None:
    quick = split(text, rule, language="en")
    with patch.object(_Text, "_quick", lambda *_: None):
        assert split(text, rule, language="en") == quick


@pytest.mark.parametrize(
    "text",
    [
        "a" * 600_000,
        "日" * 300_000,
        "word " * 120_000,
        "https://a.com/x " * 30_000,
        "\u0301" * 300_000,
        "@a@b" * 60_000,
    ],
)
def test_a_long_text_takes_seconds(text: str) -> None:
    started = time.perf_counter()
    parts = split(text, X, numbered=True)
    assert "".join(part.raw for part in parts) == text
    assert time.perf_counter() - started < 30


def test_a_text_that_was_split_for_one_place_is_split_for_another_by_its_own_links() -> None:
    link = f"https://example.com/{'港' * 40}"  # which ends before the first sign of Japanese for X
    text = f"Read on at {link} and more"
    split(text, X)
    assert any(link in part.text for part in split(text, replace(RULES["mastodon"], hard=30)))


def test_one_text_for_many_places_is_taken_apart_once() -> None:
    """All platforms together take little longer than one, and ten times the text ten times as long."""
    prose = "The ferry to #Haven sails at dawn; see https://example.com/x. 船は朝に出ます。\n\n"

    def seconds(text: str, platforms: list[Rule]) -> float:
        spent = []
        for more in ("", "\n"):  # so that nothing is known from the time before
            started = time.process_time()
            for rule in platforms:
                split(more + text, rule)
            spent.append(time.process_time() - started)
        return min(spent)

    seconds(prose, PLATFORMS)
    one, every = seconds(prose * 1_000, PLATFORMS[:1]), seconds(prose * 1_001, PLATFORMS)
    assert every < one * 4
    assert seconds(prose * 5_000, PLATFORMS[:1]) < one * 12
