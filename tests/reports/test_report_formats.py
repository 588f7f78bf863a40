"""What a person reads: golden files for each format, and the promises that hold for any text.

After a wanted change: ``REWRITE_GOLDEN=1 pytest tests/reports``, then read the difference.
"""

from __future__ import annotations

import json
import os
import re
import time
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contentkit.core.chat import Finish, Usage
from contentkit.core.report import Covered, Finding, Place, Report, Severity
from contentkit.reports import html, markdown, text
from contentkit.reports import json as json_report
from contentkit.reports._facts import account
from contentkit.reports._wrap import width, wrap

GOLDEN = Path(__file__).parents[1] / "golden" / "reports"
FORMATS: dict[str, tuple[ModuleType, str]] = {
    "text": (text, "txt"),
    "markdown": (markdown, "md"),
    "json": (json_report, "json"),
    "html": (html, "html"),
}

ARTICLE = Report(
    "article",
    "# Bread for *beginners*\n\nFlour, water, salt, and [time](https://bread.example/time?a=1&b=2).\n\n"
    "![a loaf](https://pictures.example/loaf.jpg)\n\n> Slow is fine.\n\n1. Mix\n2. Wait\n\n```python\nx = 1 < 2\n```\n",
    fields={"title": "Bread for beginners"},
    findings=(
        Finding(
            "language/other",
            "This section is in German, and English was asked.",
            Severity.MAJOR,
            Place("sections[1].body", quote="Der Teig braucht Zeit, und wer ihm keine gibt, isst am Ende einen Stein."),
        ),
        Finding(
            "grounding/unsupported",
            "No source says this.",
            Severity.MINOR,
            Place("notes.md", 3, 3, 5, 20),
            suggestion="Leave the sentence out.",
        ),
        Finding("limits/length", "The article is shorter than asked.", Severity.INFO),
    ),
    coverage=(
        Covered("notes.md", "read"),
        Covered("recipes.pdf", "failed", "it is encrypted"),
        Covered("oven.png", "skipped", "a picture, not a text"),
    ),
    notices=("temperature was left out: the model takes default sampling only.",),
    usage=Usage(12034, 1820, 4000, 0, 300),
    cost=0.0421,
    model="anthropic:claude-sonnet-5-5",
    answered_by="claude-sonnet-5-5-20261001",
    sent_to="api.anthropic.com",
    finish=Finish.LENGTH,
    language="en",
    topic="bread",
    sources=("notes.md", "https://bread.example/"),
    prompt="article@1",
    created="2026-11-21T12:00:00Z",
    seconds=12.34,
    id="42",
)
SCRIPT = Report(
    "video-script",
    "# はじめてのパン\n\n| 秒 | 映像 | 音声 |\n|---|---|---|\n"
    "| 0–8 | 粉の入ったボウル。手が水を注ぐ。 | **「最初の一歩」**は、まぜることです。 |\n"
    "| 8–20 | 時計 | |\n",
    findings=(Finding("limits/youtube-description", "説明文がありません。", Severity.MAJOR, Place("description")),),
    model="offline:draft",
    cost=0.0,
    language="ja",
    sources=("メモ.md",),
    coverage=(Covered("メモ.md", "read"),),
    usage=Usage(300, 120, estimated=True),
    seconds=0.2,
)
REPORTS = {"article": ARTICLE, "script": SCRIPT}


def whole(module: ModuleType, report: Report) -> str:
    """The report as a person sees it: of a text, the account stands on standard error."""
    return module.render(report) + ("\n".join(["", *text.below(report), ""]) if module is text else "")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", [*REPORTS, "both"])
def test_golden(name: str, form: str) -> None:
    module, ending = FORMATS[form]
    pages = [whole(module, report) for report in (REPORTS.values() if name == "both" else [REPORTS[name]])]
    made = module.join(pages) if name == "both" else pages[0]
    path = GOLDEN / f"{name}.{ending}"
    if os.environ.get("REWRITE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made, "utf-8")
    assert made == path.read_text("utf-8")


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (Report("email", "hi", model="openai:x", sent_to="api.openai.com"), "price unknown"),
        (Report("email", "hi", model="openai:x", sent_to="h", cost=0.5), "about $0.5000, estimated"),
        (Report("email", "hi", model="openai:x", sent_to="h", cost=0.5, cost_estimated=False), "vendor's account"),
        (Report("email", "hi", model="ollama:x"), "nothing; it ran on this machine"),
        (Report("email", "hi", model="ollama:x"), "stayed on this machine"),
        (Report("email", "hi", finish=Finish.REFUSAL), "the model refused"),
        (Report("email", "hi", usage=Usage(5, 6, estimated=True)), "5 in, 6 out, estimated"),
        (Report("email", "hi", coverage=(Covered("a.pdf", "failed", "encrypted"),)), "a.pdf: encrypted"),
    ],
)
def test_every_format_tells_the_account(report: Report, words: str) -> None:
    assert words in "\n".join(text.below(report))
    assert words in markdown.render(report)
    assert words.replace("'", "&#x27;") in html.render(report)


# Text


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300), st.integers(20, 80))
@settings(max_examples=200, deadline=None)
def test_folding_keeps_every_character_and_the_width(words: str, columns: int) -> None:
    lines = wrap(words, columns, first="* ", rest="  ")
    kept = "".join("".join(line.split()) for line in lines)
    shown = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "", words)
    assert kept == "*" + "".join(shown.split())


def test_japanese_folds_at_eighty_columns_without_a_lonely_full_stop() -> None:
    lines = wrap("これは「とても」長い文章です。" * 12, 80, first="  ", rest="  ")
    assert len(lines) > 4
    assert all(width(line) <= 80 for line in lines)
    assert not any(line.strip()[0] in "。」、" or line.rstrip()[-1] == "「" for line in lines)


def test_the_account_fits_eighty_columns() -> None:
    assert all(width(line) <= 80 for line in text.below(ARTICLE))


def test_text_has_no_escape_sequences() -> None:
    evil = Report("email", "a\x1b[2Jb\x07", findings=(Finding("a/b", "x\x1b]0;title\x07y"),), notices=("\x9b31m",))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", whole(text, evil))
    assert "\x1b[2J" not in text.laid_out(evil.body, colour=True)


def test_styling_colours_only_when_asked() -> None:
    assert "\x1b[" in text.laid_out(ARTICLE.body, colour=True)
    assert "\x1b[" not in text.laid_out(ARTICLE.body, colour=False)


def test_a_styled_table_loses_no_character() -> None:
    long = "粉と水と塩を、大きなボウルに入れて、よくまぜます" * 4
    shown = text.laid_out(f"| 秒 | 映像 |\n|---|---|\n| 0 | {long} |\n", columns=60, colour=False)
    assert "".join(shown.split()).count("よくまぜます") == 4
    assert all(width(line) <= 60 for line in shown.splitlines()[:20])


# Markdown


@given(st.text(alphabet="->< ab\n!", max_size=30))
@settings(deadline=None)
def test_nothing_ends_the_comment_early(words: str) -> None:
    page = markdown.render(Report("email", "body", notices=(words,), sources=(words,)))
    comment = page.partition("<!-- ")[2]
    assert comment.count("-->") == 1
    assert "--" not in comment.removesuffix("-->\n")


# HTML


class Page(HTMLParser):
    """Tags, addresses and words of a page."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.urls: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.append((tag, name, value or ""))
            if name in ("href", "src", "action", "srcset", "data", "background"):
                self.urls.append(value or "")

    def handle_data(self, data: str) -> None:
        self.text += data


OURS = {"html", "head", "meta", "title", "style", "body", "main", "article", "header", "nav", "section", "footer"}
OURS |= {"dl", "div", "dt", "dd"}
MARKDOWN = {"h1", "h2", "h3", "h4", "h5", "h6", "p", "a", "em", "strong", "s", "code", "pre", "ul", "ol", "li", "hr"}
MARKDOWN |= {"blockquote", "table", "thead", "tbody", "tr", "th", "td", "br", "span", "b", "small", "sup"}
EVIL = """<script> <img/src=x/onerror=alert(1)> ](javascript:alert(1)) [a ![ ](data:text/html,x) " ' > < & ` # ** <!--
--> </main> </style> [x](vbscript:y) <https://ok.example> <javascript:a> [p](jAvAscript&#58;alert(1)) 日本 [a]: ](file:///etc/x)
[q](&#106;avascript:alert(1)) javascript:b | |--|--|"""
evil = st.lists(
    st.sampled_from(
        [*EVIL.split(), " ", "\n", "\n\n", "\x00", "| a | b |\n|--|--|\n| c | d |", "[x](<java\tscript:z>)"]
    ),
    max_size=14,
).map("".join)


@given(evil)
@settings(max_examples=300, deadline=None)
def test_no_text_becomes_a_script_or_an_outside_address(words: str) -> None:
    finding = Finding(words, words, place=Place(words, quote=words), suggestion=words)
    fields = {"title": words, "seo": {"title": words, "description": words}, "pull_quotes": [words]}
    body = f"{words}\n\n> {words}\n\n- [{words}](#{words})\n\n[^1]\n\n[^1]: {words}"
    report = Report(words, body, fields, findings=(finding,), language="en", topic=words, sources=(words,), id=words)
    page = Page(html.render(report))
    assert set(page.tags) <= OURS | MARKDOWN
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    for url in page.urls:
        scheme = re.match(r"[a-z][a-z0-9+.\-]*:", re.sub(r"[\x00-\x20]", "", url), re.IGNORECASE)
        assert scheme is None or scheme[0].lower() in ("http:", "https:", "mailto:")
    assert page.tags.count("main") == 1


def test_a_page_loads_nothing() -> None:
    page = Page(html.render(ARTICLE))
    assert not {"img", "script", "link", "iframe"} & set(page.tags)
    assert "default-src 'none'" in html.render(ARTICLE)
    assert "url(" not in html.render(ARTICLE)


def test_a_page_names_its_language_and_title() -> None:
    page = html.render(SCRIPT)
    assert '<html lang="ja">' in page
    assert "<title>はじめてのパン</title>" in page


def test_cells_know_their_column_and_japanese_bold_is_bold() -> None:
    page = html.render(SCRIPT)
    assert '<td data-label="音声"><strong>「最初の一歩」</strong>は' in page


def test_variants_share_one_page() -> None:
    page = html.join([html.render(ARTICLE), html.render(SCRIPT)])
    parsed = Page(page)
    assert (parsed.tags.count("html"), parsed.tags.count("article")) == (1, 2)
    assert "1 of 2" in page
    assert '<article lang="ja"' in page


def test_joined_json_is_an_array() -> None:
    assert len(json.loads(json_report.join([json_report.render(ARTICLE)] * 3))) == 3


def test_a_picture_in_a_link_is_no_link_in_a_link() -> None:
    page = html.render(
        Report("article", "[![badge](https://p.example/b.svg)](https://ci.example) ![b](https://p.example/c)")
    )
    assert '<a href="https://ci.example"><span class="picture">badge</span></a>' in page
    assert '<a class="picture" href="https://p.example/c">b</a>' in page


@pytest.mark.parametrize("piece", ["![a](b)", "[![a](b)](c) ", "**「", "[", "| a ", "> ", "`", "<a"])
def test_no_text_takes_long(piece: str) -> None:
    started = time.monotonic()
    html.render(Report("article", piece * 4000))
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    ("report", "line"),
    [
        (
            Report("email", "hi", model="offline:draft", seconds=0.51, id="a1"),
            "offline draft; the text stayed on this machine; 0.5 s; id a1",
        ),
        (
            Report("email", "hi", model="ollama:x", usage=Usage(5, 6)),
            "ollama:x; the text stayed on this machine; tokens 5 in, 6 out",
        ),
        (
            Report("email", "hi", model="openai:x", sent_to="api.openai.com", cost=0.00004),
            "openai:x; sent to api.openai.com; less than $0.0001, estimated",
        ),
    ],
)
def test_a_run_ends_with_one_line_of_figures(report: Report, line: str) -> None:
    assert account(report)[0] == line
