# ruff: noqa: E501
"""Documents: prose told apart from everything else, every offset that of the text."""

from __future__ import annotations

import gc

from hypothesis import given, settings
from hypothesis import strategies as st

from contentkit.core.parts import parts
from contentkit.core.piece import Piece
from contentkit.core.text.document import Document, document
from contentkit.core.text.outline import fields_of

TEXT = """---
title: "x"
---
# A *title* here

First sentence with `code. Not` and a [link](https://e.com/a.b). **Second** one. See www.example.com. {{first_name}} is kept.

- item one. Two more.
  continued

> quoted line

| a | b c |
|---|---|
| x \\| y. | z |

```py
x = 1
```

日本語の文です。「引用。ここ」と言った。
"""


def words(text: Document) -> list[str]:
    return [text.text[one.start : one.end] for one in text.sentences]


def test_sentences_are_pieces_of_the_text_with_their_marks() -> None:
    assert words(document(TEXT, "en")) == [
        "A *title* here",
        "First sentence with `code. Not` and a [link](https://e.com/a.b).",
        "**Second** one.",
        "See www.example.com. {{first_name}} is kept.",
        "item one.",
        "Two more.\n  continued",
        "quoted line",
        "a",
        "b c",
        "x \\| y.",
        "z",
        "日本語の文です。",
        "「引用。ここ」と言った。",
    ]


def test_the_shadow_has_the_words_alone() -> None:
    shadow = document(TEXT, "en").shadow
    assert len(shadow) == len(TEXT)
    for gone in ("title:", "code", "e.com", "example", "first_name", "x = 1", "**", "---", ">"):
        assert gone not in shadow
    assert shadow.index("Second") == TEXT.index("Second")


def test_kinds_of_blocks() -> None:
    kinds = [block.kind for block in document(TEXT, "en").blocks]
    assert kinds == ["heading", "paragraph", "item", "quote", "cell", "cell", "cell", "cell", "paragraph"]


def test_what_is_quoted() -> None:
    text = document('She said "go on. Now." and “wait”. It\'s the dogs\' bowl, 5" wide.', "en")
    assert [text.text[one.start : one.end] for one in text.quotations] == ['"go on. Now."', "“wait”"]
    assert text.quoted(12)
    assert not text.quoted(2)


def test_a_place_leads_back_to_its_span() -> None:
    text = document(TEXT, "en")
    for one in text.sentences:
        place = text.place("a.md", one.start, one.end)
        span = text.span(place)
        assert span is not None
        assert (span.start, span.end) == (one.start, one.end)
        assert TEXT.split("\n")[(place.line or 0) - 1][(place.column or 0) - 1 :].startswith(
            TEXT[one.start : one.end].split("\n")[0]
        )


def test_lines_are_counted_as_git_does() -> None:
    text = document("one\r\ntwo two\r\nthree", "en")
    assert text.place("x", 5, 8).line == 2
    assert text.position(5) == (2, 1)


MARKDOWN = st.lists(
    st.sampled_from(
        ["# ", "- ", "> ", "|", "---", "```", "`", "**", "[a](b)", "<b>", "<!--", "-->", "{{x}}", "http://e.com", ". ",
         "\n", "\n\n", "\r\n", "\r", "\t", "    ", "word", "日本語。", "「", "」", '"', "“", "”", "\\", "\0", "\u202e", "e\u0301",
         "👨‍👩‍👧", "1. ", "\ud800", "===", "[^1]: ", "&amp;"]
    ),
    max_size=30,
).map("".join)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(MARKDOWN | st.text(max_size=200))
def test_any_text_is_read_and_keeps_its_offsets(text: str) -> None:
    read = document(text, "en")
    assert len(read.shadow) == len(text)
    assert all(mark in (sign, " ") for mark, sign in zip(read.shadow, text, strict=True))
    assert read.shadow.count("\n") == text.count("\n")
    end = 0
    for one in read.sentences:
        assert end <= one.start < one.end <= len(text)
        end = one.end
    for block in read.blocks:
        assert 0 <= block.start <= block.end <= len(text)
    for offset in range(len(text) + 1):
        assert read.offset(*read.position(offset)) == offset


def test_what_code_added_to_an_answer_is_no_part() -> None:
    schema = {
        "properties": {
            "title": {"type": "string"},
            "posts": {"items": {"properties": {"text": {"type": "string"}}}},
            "more": {"anyOf": [{"properties": {"why": {"type": "string"}}}, {"type": "null"}]},
        }
    }
    output = {
        "title": "a title of words",
        "posts": [{"text": "a post of words", "length": {"unit": "UTF-16 units of it"}}],
        "more": {"why": "a reason in words"},
        "made": "words of code",
    }
    piece = Piece("social", "en", output=output, asked=fields_of(schema))
    assert [part.path for part in parts(piece)] == ["title", "posts[0].text", "more.why"]


def test_the_collector_of_rings_is_left_as_it_was() -> None:
    document("# One\n\ntwo", "en")
    assert gc.isenabled()
    gc.disable()
    try:
        document("# Three\n\nfour", "en")
        assert not gc.isenabled()
    finally:
        gc.enable()
