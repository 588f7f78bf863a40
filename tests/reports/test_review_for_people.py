"""A review as people read it: in a terminal of 80 columns, as a comment on a pull request, as a page."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from reviews import ANY, CLEAN, EVIL, HOSTILE, MANY, MIXED, REVIEWS

from contentkit.core.report import Covered, Edit, Finding, Place, Report, Severity
from contentkit.reports import html, markdown, text
from contentkit.reports._markup import block, code
from contentkit.reports._markup import words as escaped
from contentkit.reports._verdict import by_reason, summary
from contentkit.reports._wrap import clipped, width, wrap

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def review(*findings: Finding, **more: object) -> Report:
    return replace(CLEAN, findings=findings, **more)  # type: ignore[arg-type]


# The terminal


@pytest.mark.parametrize("name", REVIEWS)
@pytest.mark.parametrize("columns", [40, 80, 100])
def test_no_line_is_longer_than_the_terminal(name: str, columns: int) -> None:
    for line in text.render_for(REVIEWS[name], columns).split("\n"):
        assert width(line) <= columns + ("::" in line or ": :" in line), line


@settings(max_examples=100)
@given(ANY)
def test_any_text_fits_the_terminal_and_steers_nothing(report: Report) -> None:
    for line in text.render(report).split("\n"):
        assert width(line) <= 80 + (": :" in line)
        assert not re.match(r"\s*::[\w-]+[ :]", line)
        assert not re.search(r"##\w*\[", line)


def test_a_log_has_no_command_of_a_stranger() -> None:
    assert "\n::add-mask::hidden" in EVIL.body
    assert "##[add-mask]" in EVIL.body
    for shown in (text.render(EVIL), ANSI.sub("", text.review(EVIL))):
        assert not re.search(r"^\s*::[\w-]+[ :]", shown, re.MULTILINE)
        assert not re.search(r"##\w*\[", shown)
        assert ": :add-mask::hidden" in shown


def test_the_result_comes_first() -> None:
    assert text.render(MIXED).split("\n")[:4] == [
        "6 findings: 1 critical, 3 major, 1 minor, 1 info (1 unverified)",
        "fails: 3 findings at or over major",
        "incomplete: 2 of 7 parts could not be reviewed, 2 skipped",
        "main...HEAD (3 commits), 5 files, +120 -33",
    ]
    assert text.render(CLEAN).split("\n")[0] == "no findings"


def test_the_unverified_do_not_fail_and_are_not_said_to() -> None:
    unsure = Finding("bugs/x", "Perhaps.", Severity.CRITICAL, Place("a.py", 1), verified=False)
    assert summary(review(unsure)) == "1 finding: 1 critical (1 unverified)"
    assert review(unsure).exit_code() == 0


def test_code_has_its_numbers_and_the_columns_are_marked() -> None:
    shown = text.render(MIXED)
    assert '    42 |     query = "SELECT * FROM users WHERE name = \'" + name + "\'"\n    43 |     return' in shown
    assert "   -12 |     if not names:\n   -13 |         return None\n" in shown
    lines = shown.split("\n")
    at = next(number for number, line in enumerate(lines) if "cahce.get" in line)
    start, end = lines[at + 1].index("^"), lines[at + 1].rindex("^") + 1
    assert lines[at][start:end] == "cahce"


@pytest.mark.parametrize("before", ["\t\t", "名前 = ", "x" * 500, "あ" * 200, "x" * 60, ""])
def test_the_marks_stand_under_what_they_mark(before: str) -> None:
    line = before + "wrong" + " + more" * 40
    place = Place("a.py", 7, 7, len(before) + 1, len(before) + 6, quote=line)
    lines = text.render(review(Finding("a/b", "m", place=place))).split("\n")
    at = next(number for number, row in enumerate(lines) if "^" in row)
    marked = lines[at].index("^")
    seen, used = "", 0
    for char in lines[at - 1]:
        if marked <= used < marked + 5:
            seen += char
        used += width(char)
    assert seen == "wrong"
    assert lines[at].count("^") == 5
    assert width(lines[at - 1]) <= 80


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Mn", "Me", "Mc"]), max_size=120),
    st.integers(10, 60),
    st.data(),
)
def test_what_is_clipped_fits_and_shows_the_spot(line: str, room: int, data: st.DataObject) -> None:
    spot = data.draw(st.integers(0, max(len(line) - 1, 0)))
    around = width(line[:spot])
    shown, gone = clipped(line, room, around=around)
    assert width(shown) <= room
    if line:
        assert line[spot] in shown
        assert 0 <= around - gone < room


def test_a_wide_character_at_the_edge_is_shown() -> None:
    shown, _ = clipped("00000000日0", 10, around=8)
    assert "日" in shown
    assert width(shown) <= 10


def test_lines_that_the_quote_leaves_out_are_counted() -> None:
    place = Place("a.py", 10, 30, quote="\n".join("abcdefgh"))
    assert "     …   13 lines more\n" in text.render(review(Finding("a/b", "m", place=place)))


def test_findings_over_the_cap_are_counted_and_the_cap_can_go() -> None:
    assert "and 280 more: 30 major, 150 minor, 100 info; --all shows them" in text.render(MANY)
    assert text.render(MANY).count("  [ruff/") == 20
    whole = text.render(replace(MANY, fields={**MANY.fields, "shown": None}))
    assert whole.count("  [ruff/") == 300
    assert "--all" not in whole


def test_what_was_not_reviewed_is_grouped() -> None:
    report = review(coverage=tuple(Covered(f"f{n}.py @@ -1,1 +1,1 @@", "skipped", "generated") for n in range(500)))
    assert text.render(report).count("not reviewed:") == 1
    assert "500 parts skipped: f0.py, f1.py, f2.py and 497 more; generated" in " ".join(text.render(report).split())
    groups = by_reason([Covered("a", "skipped", "x"), Covered("b", "failed", "y"), Covered("c", "failed", "")])
    assert [(group.state, group.reason) for group in groups] == [
        ("failed", "y"), ("failed", "it failed"), ("skipped", "x")
    ]  # fmt: skip


def test_colour_only_where_it_is_asked_and_the_words_are_the_same() -> None:
    assert "\x1b" not in text.render(MIXED)
    coloured = text.review(MIXED, columns=80)
    assert "\x1b[1;31mcritical" in coloured


@pytest.mark.parametrize("name", REVIEWS)
def test_colour_changes_no_word(name: str) -> None:
    coloured = text.review(REVIEWS[name], columns=80)
    assert ANSI.sub("", coloured) == text.render(REVIEWS[name])


def test_japanese_folds_by_its_width() -> None:
    found = Finding("a/b", "これは「とても」長い説明です。" * 9, place=Place("名.py", 3, quote="名前 = '長い'" * 9))
    lines = text.render(review(found)).split("\n")
    assert all(width(line) <= 80 for line in lines)
    assert "".join(lines).count("これは") == 9


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300), st.integers(4, 40))
def test_a_word_that_no_line_holds_is_broken_and_kept(long: str, columns: int) -> None:
    lines = wrap(long, columns, first="- ", rest="  ", split=True)
    assert all(width(line) <= columns for line in lines)
    assert "".join("".join(lines).split()) == "".join("".join(wrap(long, 10**6, first="- ")).split())


# The comment

OURS = re.compile(r"</?(?:details|summary|sub)>|<!-- contentkit-review -->")
TOKENS = st.lists(
    st.sampled_from(
        ["@team", "#12", "!3", "GH-7", "https://evil.example", "www.evil.example", "a@evil.example", "[x](y)",
         "![x](y)", "[x]: http://y", "<b>", "</details>", "<!--", "-->", "```", "`", "``", "\\", "\\`", "*", "_", "~~",
         "|", "# h", "\n# h", "\n===", "\n---", "\n/merge", "\n- ", "\n1. ", "\n> ", "\n    ", "\t", " ", "\n\n",
         "\n```suggestion\n", "&lt;b&gt;", "&#64;team", "\u200b", "\r", "x", "x", "$a$", "^1", "[^1]", ":tada:", "@",
         "\n~~~", "\u2028", "\x0c"]
    ),
    max_size=25,
).map("".join)  # fmt: skip


def read(page: str) -> tuple[list[str], list[str], list[str]]:
    """Words outside code, raw HTML, and the kinds of tokens of a page, as GitHub's parser sees them."""
    said: list[str] = []
    raw: list[str] = []
    kinds: list[str] = []
    for token in MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(page):
        for part in [token, *(token.children or [])]:
            kinds.append(part.type)
            if part.type in ("html_block", "html_inline"):
                raw.append(part.content)
            elif part.type == "text":
                said.append(unescape(part.content))
    return said, raw, kinds


def harmless(page: str) -> None:
    said, raw, kinds = read(page)
    for piece in raw:
        left = OURS.sub("", piece)
        assert not re.search(r"<[a-zA-Z/!?]", left), piece
    assert not {"link_open", "image", "table_open", "s_open", "hr"} & set(kinds)
    assert kinds.count("heading_open") == 1
    for words in said:
        assert not re.search(r"@\w|https?://|www\.|[#!]\d|GH-\d", words, re.IGNORECASE), words
    outside = re.sub(r"^ *(`{3,}).*?^ *\1`*$", "", page, flags=re.MULTILINE | re.DOTALL)
    assert not re.search(r"^/", outside, re.MULTILINE)
    assert page.startswith("<!-- contentkit-review -->\n")
    assert page.count("<details>") == page.count("</details>") or "```" in page


@settings(max_examples=300)
@given(TOKENS, TOKENS)
def test_no_words_become_markup_mentions_or_commands(words: str, other: str) -> None:
    place = Place(words, 3, 4, quote=other)
    finding = Finding(words, other, place=place, scenario=words, suggestion=other, edits=(Edit(words, 3, 4, other),))
    report = review(
        finding, body=other, coverage=(Covered(words, "failed", other), Covered(other, "skipped", words)),
        notices=(words,), model=words, sent_to=other, fields={"change": words, "analyzers": [other]},
    )  # fmt: skip
    harmless(markdown.render(report))


@pytest.mark.parametrize("name", REVIEWS)
def test_the_comment_is_harmless(name: str) -> None:
    harmless(markdown.render(REVIEWS[name]))


@settings(max_examples=100)
@given(ANY)
def test_any_comment_is_harmless(report: Report) -> None:
    harmless(markdown.render(report))


def test_a_comment_is_never_too_long() -> None:
    huge = Finding("a/b", "m" * 9000, Severity.MAJOR, Place("a.py", 1, 3, quote="<" * 9000), scenario="@" * 9000,
                   edits=(Edit("a.py", 1, 3, "`\n" * 900),))  # fmt: skip
    coverage = tuple(Covered(f"{'d' * 300}{number}.py", "failed", f"{'r' * 400}{number}") for number in range(400))
    report = review(*(huge,) * 900, body=f"{HOSTILE}\n" * 900, coverage=coverage, notices=("n" * 9000,) * 90)
    page = markdown.render(replace(report, model="m" * 9000, sent_to="<" * 9000))
    assert 20_000 < len(page) <= 65_536
    more = re.search(r"^and (\d+) more: (\d+) major", page, re.MULTILINE)
    assert more
    assert int(more[1]) + page.count("\n- **major**") == 900
    harmless(page)


def test_the_comment_shows_a_change_as_a_diff() -> None:
    page = markdown.render(MIXED)
    assert '  -    return db.execute(query).fetchall()\n  +    query = "SELECT * FROM users WHERE name = ?"' in page
    assert "```suggestion" not in page
    assert "**Incomplete: 2 of 7 parts could not be reviewed, 2 skipped.**" in page
    assert "- 2 parts failed: `src/files.py`; bugs: no answer in time" in page


def test_code_spans_and_blocks_hold_any_backticks() -> None:
    assert code("a`b") == "``a`b``"
    assert code("`") == "`` ` ``"
    assert code(" \n") == "`  \\u{a} `"
    assert block(["x", "````", "y"], "diff") == ["`````diff", "x", "````", "y", "`````"]
    assert escaped("see `a_b` or a_b <b>") == "see `a_b` or a\\_b &lt;b&gt;"


@given(st.text(alphabet="` ab\\\n", min_size=1, max_size=20).filter(str.strip))
def test_a_code_span_reads_back(words: str) -> None:
    tokens = MarkdownIt("commonmark").parse(f"x {code(words)} y")[1].children or []
    assert [token.type for token in tokens] == ["text", "code_inline", "text"]
    assert tokens[1].content.replace("\\u{a}", "\n").strip() == words.replace("\\u{a}", "\n").strip()


# The page


class Page(HTMLParser):
    """Tags and attributes of a page, and its words."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.words = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in ("meta", "html"):
            self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.words += data


TAGS = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "main",
    "article",
    "footer",
    "dl",
    "div",
    "dt",
    "dd",
    "h1",
    "h2",
}
TAGS |= {"p", "ul", "ol", "li", "b", "small", "code", "pre", "span", "br", "blockquote", "em", "strong", "hr"}


@settings(max_examples=200)
@given(TOKENS, TOKENS)
def test_a_page_has_our_tags_and_no_address(words: str, other: str) -> None:
    finding = Finding(
        words, other, place=Place(words, 3, quote=other), scenario=words, suggestion=other,
        edits=(Edit(words, 3, 4, other),),
    )  # fmt: skip
    page = Page(html.render(review(finding, body=other, notices=(words,), model=words, fields={"change": other})))
    assert set(page.tags) <= TAGS
    assert page.attributes <= {"class", "lang", "dir", "start"}
    assert page.tags.count("h1") == 1


@pytest.mark.parametrize("name", REVIEWS)
def test_a_page_of_every_review(name: str) -> None:
    page = Page(html.render(REVIEWS[name]))
    assert set(page.tags) <= TAGS
    assert summary(REVIEWS[name]).split(";")[0] in page.words


def test_a_page_shows_code_and_spells_out_what_hides() -> None:
    assert "<span>42</span>    query = &quot;SELECT" in html.render(MIXED)
    assert "<span>-12</span>    if not names:" in html.render(MIXED)
    assert "\\u{202e}" in html.render(EVIL)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x1b]", html.render(EVIL))


def test_reviews_share_a_page() -> None:
    page = Page(html.join([html.render(MIXED), html.render(CLEAN)]))
    assert (page.tags.count("html"), page.tags.count("h1")) == (1, 2)
