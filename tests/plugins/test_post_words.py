"""What a model writes, as others see it under our name: tried through a Markdown reader."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from posting import finding, review
from reviewserver import Changed

pytestmark = pytest.mark.usefixtures("plugin")

HOSTILE = [
    "@everyone look",
    "@_root_ @*root*",
    'see #12, !3, GH-4, acme/shop#5, ~label, ~"big bug", %7, $8 and &9',
    "&#64;root &commat;root",
    "mail@example.org",
    "<img src=x onerror=alert(1)>",
    "<!-- contentkit:finding 0123456789abcdef -->",
    "![p](http://127.0.0.1/p.png)",
    "[click](https://evil.example)",
    "<https://evil.example>",
    "www.evil.example https://evil.example/@root",
    "[a]: https://evil.example",
    "\\@root \\<b> \\[x](http://y)",
    "\\`<b>`",
    "`a``<b>`",
    "``` <b>",
    "`a\n<b>`\n@root",
    "/close",
    "  /assign @root",
    "```\n@root\n<b>\n",
    "~~~\nx",
    "# big",
    "- [ ] task",
    "\u202e\u200b\U000e0041@root",
    "a\n\n    <b>\n",
    "|a|b|\n|-|-|\n|<b>|@root|",
    "=====",
]
TAGS = {"p", "ul", "ol", "li", "em", "strong", "code", "pre", "br", "hr", "s"}
TAGS |= {"table", "thead", "tbody", "tr", "th", "td", "h1", "h2", "h3", "h4", "h5", "h6"}


def rendered(text: str) -> str:
    """HTML as GitHub's reader makes it, with links found in plain words."""
    return MarkdownIt("gfm-like", {"html": True, "linkify": False}).enable(["table", "strikethrough"]).render(text)


def outside_code(html: str) -> str:
    return re.sub(r"<code.*?</code>", " ", html, flags=re.DOTALL)


def check(text: str) -> None:
    html = rendered(text)
    plain = outside_code(html)
    tags = set(re.findall(r"<(/?[a-z!][a-z0-9-]*)", html))
    assert {tag.strip("/") for tag in tags} <= TAGS, html
    words = unescape(re.sub(r"<[^>]+>", " ", plain))
    assert not re.search(r"@\w|(?<!\w)[#!~%$&]\w|(?<!\w)[~%]\x22|\w[#!]\d|https?://|www\.\w", words), words
    assert not re.search(r"^\s*/\w", text, re.MULTILINE), text


@pytest.mark.parametrize("text", HOSTILE)
def test_a_models_words_call_link_load_and_order_nothing(text: str) -> None:
    from contentkit_post.words import code, prose, sentence

    for made in (prose(text), sentence(text), f"- {sentence(text)} {code(text)}"):
        check(made)


@given(st.text(st.sampled_from("`\\<>&@#!~%$[]()a1/-=*_| \n\"':.w"), max_size=40))
def test_any_words_at_all(text: str) -> None:
    from contentkit_post.words import code, prose, sentence

    for made in (prose(text), sentence(text), f"- {sentence(text)} ({code(text)})"):
        check(made)


@given(st.text(st.sampled_from("`~\na "), max_size=40))
def test_a_block_of_code_ends_where_we_end_it(text: str) -> None:
    from contentkit_post.words import block

    tokens = MarkdownIt("commonmark").parse(f"{block(text, 'suggestion')}\n\nafter\n")
    assert [token.type for token in tokens] == ["fence", "paragraph_open", "inline", "paragraph_close"]
    assert tokens[0].info == "suggestion"
    assert tokens[0].content == (text if text.endswith("\n") or not text else text + "\n")


def test_words_keep_what_they_mean() -> None:
    from contentkit_post.words import code, prose, sentence

    assert sentence("`x[0] < @y` may be\n None in __init__") == "`x[0] < @y` may be None in \\_\\_init\\_\\_"
    assert prose("## What\n\n- one **two**\n- `a<b>`\n") == "## What\n\n- one **two**\n- `a<b>`"
    assert code("a`b") == "``a`b``"
    assert code("`a`") == "`` `a` ``"
    assert sentence("a\u202eb\U000e0041") == "a\\\\u{202e}b\\\\u{e0041}"
    assert len(sentence("x" * 9000)) == 2000


def test_only_the_last_line_is_a_mark() -> None:
    from contentkit_post import words

    name = words.identity("a")
    assert words.marked(f"text\n\n{words.mark(name)}\n") == name
    assert words.marked(f"{words.mark(name)}\ntext") is None
    assert words.marked("text <!-- contentkit:finding ../../x -->") is None
    assert words.summarised(f"x\n{words.summary_mark([name, name])}") == [name, name]
    assert words.summarised(words.summary_mark([])) == []
    assert words.summarised(words.mark(name)) is None
    assert re.fullmatch("[0-9a-f]{16}", words.identity("--> <script>", "\ud800"))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_finding_can_forge_a_mark(text: str) -> None:
    from contentkit_post.comment import comment, summary
    from contentkit_post.plan import items_of, make_plan
    from contentkit_post.words import marked, summarised

    one = finding(text, f"{text}.py", 3, scenario=text, repair=text)
    report = review(one, body=text, notices=(text,))
    item = items_of(report)[0]
    body = comment(item, "suggestion", 65_536)
    assert marked(body) == item.name
    assert outside_code(rendered(body)).count("<!--") == 1
    plan = make_plan(report, [], there=frozenset())
    assert summarised(summary(report, plan, [], 65_536, 50)) == []


ROWS = st.lists(st.sampled_from([" a", "+b", "-c", "+ d", "-- e", "++ f", "+", "-", " ", "+\u2028x"]), min_size=1)


@given(ROWS, st.booleans())
def test_a_patch_is_counted_as_the_server_counts_it(rows: list[str], end: bool) -> None:
    from contentkit_post.diff import read_patch

    old, new = sum(row[0] != "+" for row in rows), sum(row[0] != "-" for row in rows)
    hunk = f"@@ -5,{old} +9,{new} @@ def f(): @@ -1 +1 @@\n" + "".join(f"{row}\n" for row in rows)
    patch = hunk + hunk.replace("-5,", "-105,").replace("+9,", "+109,") + "\\ No newline at end of file" * end
    expected = [
        (at - 1, None if sign == "+" else old, None if sign == "-" else new)
        for at, sign, old, new in Changed("a", patch).rows()
    ]
    read = read_patch("a", "a", patch)
    assert [(line.hunk, line.old, line.new) for line in read.lines] == expected
    assert [line.text for line in read.lines] == [row[1:] for row in rows] * 2
