"""Facets: the bytes that they name are the link, the mention, the hashtag."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from contentkit.core.text.facets import facets

LINKED = [
    "https://example.com/a?b=c",
    "https://example.com/(@a.bsky.social)",
    "example.com",
    "@alice.bsky.social",
    "#Tea",
    "#日本語",
    "＃全角",
]
TEXT = ["word", "日本語。", "👩‍👩‍👧‍👦", "e\u0301", "(", ")", "\n", "me@example.com", "@nohost", "@a.notatld", "# 1"]


@given(st.lists(st.sampled_from([*LINKED, *TEXT]), max_size=30).map(" ".join) | st.text())
def test_the_bytes_named_are_what_is_linked(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    found = facets(text)
    for one in found:
        shown = data[one.start : one.end].decode("utf-8")
        expected = {"link": one.value.removeprefix("https://"), "mention": f"@{one.value}", "tag": one.value}
        assert expected[one.kind] in shown
        assert len(shown) - len(one.value) in ({0, -8} if one.kind == "link" else {1})
    assert all(first.end <= second.start for first, second in pairwise(found))


@given(st.lists(st.sampled_from(LINKED), max_size=12))
def test_everything_that_can_be_clicked_has_a_facet(parts: list[str]) -> None:
    assert [one.end - one.start for one in facets(" 日 ".join(parts))] == [len(part.encode()) for part in parts]


def test_facets_as_the_lexicon_has_them() -> None:
    text = "船は🚢 example.com/timesから。(@alice.bsky.social) #Ferry, me@example.com #1"
    told = [(one.kind, text.encode()[one.start : one.end].decode(), one.value) for one in facets(text)]
    assert told == [
        ("link", "example.com/times", "https://example.com/times"),
        ("mention", "@alice.bsky.social", "alice.bsky.social"),
        ("tag", "#Ferry", "Ferry"),
    ]


def test_a_hashtag_longer_than_the_lexicon_takes_is_plain_text() -> None:
    assert [one.kind for one in facets("#" + "a" * 64)] == ["tag"]
    assert facets("#" + "a" * 65) == []
