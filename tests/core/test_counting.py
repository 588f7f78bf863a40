"""Lengths by the platforms' rules, against plain restatements of these rules."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contentkit.core.text.counting import Rule, count, distinct_links, hashtags, size
from contentkit.core.text.links import find_links
from contentkit.steps.limits import rules

RULES = rules()
X, BLUESKY, MASTODON, THREADS = (RULES[name] for name in ("x", "bluesky", "mastodon", "threads"))
FAMILY, FLAG, KEYCAP, HEART, SCOTLAND, SKIN = (
    "👩‍👩‍👧‍👦",
    "🇯🇵",
    "1️⃣",
    "❤️",
    "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "👍🏽",
)
EMOJI = [FAMILY, FLAG, KEYCAP, HEART, SCOTLAND, SKIN, "😀", "🤷🏽‍♀️"]
LINKS = [
    "https://example.com", "http://example.com/a/very/long/path?with=a&query=1#and-a-fragment", "example.com",
    "www.example.co.jp/page", "https://例え.テスト.com/", "https://example.みんな", "t.co", "https://en.wikipedia.org/wiki/Tea_(drink)",
]  # fmt: skip


def weight(sign: str) -> int:
    """X's table of weights, said once more."""
    code = ord(sign)
    light = code <= 0x10FF or 0x2000 <= code <= 0x200D or 0x2010 <= code <= 0x201F or 0x2032 <= code <= 0x2037
    return 1 if light else 2


# No dot (it could make a link) and nothing that is or joins an emoji.
plain = st.text(
    st.one_of(
        st.characters(
            max_codepoint=0xFFFF,
            exclude_categories=("Cs", "So", "Sk", "Mn", "Me", "Cf"),
            exclude_characters=".#*0123456789©®™‼⁉ℹ",
        ),
        st.sampled_from("éがñ漢字かな한국"),
    )
).filter(lambda text: not any(unicodedata.name(sign, "").startswith(("CIRCLED", "SQUARED")) for sign in text))


@given(plain)
@example("がが")
@example("e\u0301")
@example("\u10ff\u1100\u1fff\u2000\u200e\u200f\u2010\u201f\u2020\u2031\u2032\u2037\u2038")
def test_x_weighs_every_character_after_nfc(text: str) -> None:
    kept = "".join(sign for sign in text if not _pictographic(sign))
    assert count(kept, X) == sum(map(weight, unicodedata.normalize("NFC", kept)))


def _pictographic(sign: str) -> bool:
    import regex

    return regex.match(r"\p{Emoji}", sign) is not None


@given(
    st.lists(
        st.one_of(st.sampled_from(EMOJI), st.sampled_from(LINKS), st.sampled_from(["word", "日本語", "naïve", "—"])),
        max_size=30,
    )
)
def test_x_counts_links_as_23_and_emoji_as_2(parts: list[str]) -> None:
    lengths = [23 if part in LINKS else 2 if part in EMOJI else sum(map(weight, part)) for part in parts]
    assert count(" ".join(parts), X) == sum(lengths) + max(0, len(parts) - 1)


@pytest.mark.parametrize(
    ("text", "weight_now"),
    [
        ("my_example.com", 14),  # what stands behind "_" is no domain of its own
        ("my_foo.example.com", 3 + 23),
        ("https://foo_bar.com", 19),  # nor can "_" stand in what one registers
        ("https://foo_bar.example.com", 23),
        (f"https://t.co/{'a' * 40}", 23),
        (f"https://t.co/{'a' * 41}", 54),
    ],
)
def test_odd_addresses_weigh_as_x_weighs_them(text: str, weight_now: int) -> None:
    assert count(text, X) == weight_now


@pytest.mark.parametrize(
    ("text", "weight_now", "weight_by_code_points"),
    [
        (f"Supper with {FAMILY}", 12 + 2, 12 + 4 * 2 + 3),
        (f"Well rowed {SKIN}{SKIN}", 11 + 2 * 2, 11 + 2 * 4),
        ("夕食👨🏾‍🍳☕️", 4 + 2 + 2, 4 + 7 + 4),
        (f"{FLAG}{SCOTLAND}", 2 + 2, 4 + 14),
        ("✊🏿🚣🏻‍♀️", 2 + 2, 4 + 9),
    ],
)
def test_x_counts_a_sequence_once_and_not_its_code_points_as_before_2018(
    text: str, weight_now: int, weight_by_code_points: int
) -> None:
    """The two cases of twitter-text's conformance file that we do not meet are of its older configuration, v2."""
    assert count(text, X) == weight_now
    assert sum(map(weight, text)) == weight_by_code_points


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("詳細はhttps://example.com/a?b=cをご覧ください。", ["https://example.com/a?b=c"]),
        ("詳細はexample.comです", ["example.com"]),
        ("「example.com」と（https://example.com/日本）", ["example.com", "https://example.com/"]),
        ("See example.com.", ["example.com"]),
        (
            "See https://example.com/a, then (https://example.com/b).",
            ["https://example.com/a", "https://example.com/b"],
        ),
        ("https://en.wikipedia.org/wiki/Tea_(drink)", ["https://en.wikipedia.org/wiki/Tea_(drink)"]),
        ("README.md is a link to X", ["README.md"]),
        ("end.Start of a sentence, v1.2.3, file.unknown", []),
        ("mail me@example.com or @example.com", []),
        ("http://foo.com.notatld/path", ["http://foo.com"]),
        ("example.comの次example.orgです", ["example.com", "example.org"]),
        ("foo.みんなexample.org", ["example.org"]),
        ("HTTPS://EXAMPLE.COM/Path", ["HTTPS://EXAMPLE.COM/Path"]),
        ("http://xn--fsq.xn--0zwm56d/", ["http://xn--fsq.xn--0zwm56d/"]),
        ("ftp://example.com", []),
        ("file.company, a.com+b, a.com@b and a.com-x", ["file.company"]),
        ("http://a.com5 http://a.comedy_", []),
        ("https:// example", []),
    ],
)
def test_links_as_x_sees_them(text: str, found: list[str]) -> None:
    assert [text[link.start : link.end] for link in find_links(text)] == found


def test_a_link_on_mastodon_goes_on_through_japanese() -> None:
    text = "https://example.com/日本語 です"
    assert count(text, MASTODON) == 23 + 3
    assert count(text, X) == 23 + 6 + 1 + 4


@given(
    st.lists(
        st.sampled_from(
            ["word", "日本語", "https://example.com/long/path", "example.com", "@user@example.social", "@user", FAMILY]
        ),
        max_size=20,
    )
)
def test_mastodon_counts_what_a_reader_sees(parts: list[str]) -> None:
    known = {
        "word": 4,
        "日本語": 3,
        "https://example.com/long/path": 23,
        "example.com": 11,
        "@user@example.social": 5,
        "@user": 5,
        FAMILY: 1,
    }
    assert count(" ".join(parts), MASTODON) == sum(known[part] for part in parts) + max(0, len(parts) - 1)


@given(st.lists(st.sampled_from(["a", "e\u0301", "か\u3099", FAMILY, FLAG, SCOTLAND, "각", "1", "\r\n"]), max_size=40))
def test_bluesky_counts_graphemes_and_bytes(clusters: list[str]) -> None:
    text = "x".join(clusters)
    assert count(text, BLUESKY) == len(clusters) + max(0, len(clusters) - 1)
    assert size(text) == sum(len(cluster.encode()) for cluster in clusters) + max(0, len(clusters) - 1)


@given(st.lists(st.sampled_from(["word", "日本語", *EMOJI]), max_size=20))
def test_threads_counts_emoji_as_bytes(parts: list[str]) -> None:
    expected = sum(len(part.encode()) if part in EMOJI else len(part) for part in parts)
    assert count(" ".join(parts), THREADS) == expected + max(0, len(parts) - 1)


@given(st.text(st.characters(codec=None, categories=None)) | st.text("ah.:/?()@#日。😀\u200d\ufe0f1️⃣🇯"))
@example("\ud800.com")
@example("http://" * 50)
def test_no_text_fails(text: str) -> None:
    for rule in RULES.values():
        assert count(text, rule) >= 0
    assert distinct_links(text) <= len(find_links(text))
    for link in [*find_links(text), *find_links(text, wide=True)]:
        assert 0 <= link.start < link.end <= len(text)
    hashtags(text)


def test_other_units() -> None:
    assert count("a😀", Rule("any", "utf16")) == 3
    assert count("日本", Rule("any", "bytes")) == 6
    assert count("one two\nthree", Rule("any", "words")) == 3
    assert count("one two\nthree", Rule("any", "lines")) == 2


def test_hashtags_as_people_write_them() -> None:
    assert hashtags("#OpenSource is #1, see #日本語 and a#b or &#39; ＃全角 1️⃣ #️⃣") == [
        "#OpenSource",
        "#日本語",
        "＃全角",
    ]


def test_distinct_links_count_once() -> None:
    assert distinct_links("a.com b.com https://a.com a.com") == 3


@pytest.mark.parametrize(
    "evil", ["a." * 50_000, "http://a.com/(" * 10_000, "あ." * 50_000, "https://" * 20_000, "@a@b" * 20_000]
)
def test_long_texts_take_no_time(evil: str) -> None:
    import time

    started = time.perf_counter()
    count(evil, X)
    count(evil, MASTODON)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("unit", ["x", "é", "a-", "1", "あ", "x.", "@a", "#", "\u0301", "\u202e"])
def test_a_word_of_a_million_characters_is_read_once(unit: str) -> None:
    text = f"A page. {unit * (1_000_000 // len(unit))} end. It is."
    started = time.process_time()
    find_links(text)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#हिन्दी में, #ภาษาไทย และ #தமிழ்", ["#हिन्दी", "#ภาษาไทย", "#தமிழ்"]),
        ("#ラ〜メン と #ス～プ、#ニュース・速報。", ["#ラ〜メン", "#ス～プ", "#ニュース・速報"]),
        ("#cel·la #צה״ל #می\u200cرود", ["#cel·la", "#צה״ל", "#می\u200cرود"]),
        ("❤️#tea e\u0301#cafe", ["#tea"]),
        ("#https://example.com #a#b #c", ["#c"]),
        ("#\u0966\u0967 #12", []),
    ],
)
def test_hashtags_hold_the_marks_and_signs_of_every_script(text: str, tags: list[str]) -> None:
    assert hashtags(text) == tags
