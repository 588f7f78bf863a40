"""Reading Markdown: prose comes out, the rest stays out."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from contentkit.core.text.markdown import blocks, chunks, front_matter, placed_blocks, plain

PAGE = """---
title: "Bread at home"
tags: [food]
---

[![build](https://ci.example/badge.svg)](https://ci.example)

# Bread at home {#top}

Good bread needs *time*, `flour` and [water](https://example.com/water).

```python
print("never prose")
```

    indented code

<aside>
<p>A quote by someone.</p>

Still aside.

</aside>

## Steps {/*steps*/}

You need:

- flour
- water, and
  a bowl
  1. a deep one

> Quoted words.

| a | b |
|---|---|
| never | prose |

<div>html</div>

[ref]: https://example.com "not prose"

A wrapped
line with a [reference][ref].
"""


def test_a_page_as_blocks() -> None:
    found = [(block.kind, block.text) for block in blocks(PAGE)]
    assert found == [
        ("heading", "Bread at home"),
        ("paragraph", "Good bread needs time, flour and water."),
        ("code", 'print("never prose")\n'),
        ("code", "indented code\n"),
        ("quote", "Still aside."),
        ("heading", "Steps"),
        ("paragraph", "You need:"),
        ("item", "flour"),
        ("item", "water, and a bowl"),
        ("item", "a deep one"),
        ("quote", "Quoted words."),
        ("table", ""),
        ("paragraph", "A wrapped line with a reference."),
    ]


def test_items_know_their_list() -> None:
    items = [block for block in blocks("1. one\n2. two\n\ntext\n\n- a\n  - b\n") if block.kind == "item"]
    assert [(item.text, item.level, item.ordered) for item in items] == [
        ("one", 0, True), ("two", 0, True), ("a", 0, False), ("b", 1, False),
    ]  # fmt: skip
    assert items[0].group == items[1].group != items[2].group


def test_front_matter_is_read_and_taken_off() -> None:
    fields, rest = front_matter(PAGE)
    assert fields["title"] == "Bread at home"
    assert rest.lstrip().startswith("[![build]")


def test_japanese_lines_join_without_a_space() -> None:
    assert plain("一行目の\n続き。\n**Bold**です") == "一行目の続き。Boldです"


def test_bold_that_commonmark_leaves_beside_japanese() -> None:
    assert plain("変更のための**ブランチを切りましょう**。") == "変更のためのブランチを切りましょう。"


@given(st.text("ab\n #-`~>*. 日", max_size=3000))
def test_chunks_lose_nothing(text: str) -> None:
    assert "".join(chunks(text)) == text


def test_chunks_never_cut_a_fence() -> None:
    long = "para " * 200 + "\n\n"
    text = long * 150 + "```\n" + "code\n\n" * 30_000 + "```\n\n" + long * 150
    assert len(list(chunks(text))) > 2
    assert sum(block.kind == "code" for block in blocks(text)) == 1


@given(st.text())
def test_no_text_fails(text: str) -> None:
    for block in blocks(text):
        assert block.kind != "paragraph" or block.text


LINES = (
    "a word", "", "- item", "  more", "    deep", "\ttab", "1. first", "===", "---", "- - -", "* * *", "# head",
    "> said", "```", "~~~", "<div>", "<!-- off", "-->", "| a | b |", "|---|---|", "[a]: /there", "'title'", "a | b",
    "--|--", "Foo =", "=", "-",
)  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(LINES), st.sampled_from(("\n", "\n", "\r\n", "\r"))), max_size=8))
@example([("a word", "\n"), ("===", "")])
@example([("a word", "\r"), ("=== ", "\r"), ("more", "")])
@example([("~~~", "\n"), ("a word", "\n"), ("~~~", "")])
def test_blocks_stand_where_a_parser_with_all_its_rules_finds_them(lines: list[tuple[str, str]]) -> None:
    text = "".join(line + end for line, end in lines)
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    wanted = {token.map[0] for token in tokens if token.type in ("inline", "tr_open") and token.map}
    assert {len(re.findall(r"\r\n?|\n", text[:start])) for start, *_ in placed_blocks(text)} == wanted
