"""Word files: read again by python-docx, their styles and properties are real ones."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from contentkit.cli import cli
from contentkit.core.article.contents import contents
from contentkit.core.disclosure import Disclosure
from contentkit.core.errors import MissingExtra, UsageError
from contentkit.core.report import Report
from contentkit.reports import html

docx = pytest.importorskip("docx", reason="python-docx is not installed (contentkit[documents])")

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BODY = """# Bread for *beginners*

Flour, salt and [time](https://bread.example/?a=1&b=2).[^1] Also `code()` and **bold**, ~~gone~~.[^2] See
[below](#the-steps).

> A quotation.

> Time is the cheapest ingredient.

## The steps

1. Mix.
2. Wait:
   - in the fridge

   or elsewhere
3. Bake.

Then again:

4. Cool.

```python
def bake():
    return 1
```

### Costs

| Thing | Price |
|:--|--:|
| Flour | 1.20 |

![a loaf](https://pictures.example/loaf.jpg), <script>x</script>, [bad](javascript:alert(1)), [file](file:///etc/x),
[no](#nowhere).

日本語の**「太字」**も出ます。改行が
つながります。[^1]

[^1]: Notes of a baker ([bread.example](https://bread.example))
[^2]: Another *note*.
"""
FIELDS = {
    "title": "Bread for beginners",
    "seo": {"title": "Bread", "description": "How to bake."},
    "pull_quotes": ["Time is the cheapest ingredient."],
}
ARTICLE = Report("article", BODY, FIELDS, language="en", model="openai:gpt-5", created="2026-11-22T09:30:00+00:00")


def opened(*reports: Report) -> Any:
    from contentkit.reports.docx import together

    return docx.Document(io.BytesIO(together(reports)))


def part(name: str, *reports: Report) -> str:
    from contentkit.reports.docx import together

    with zipfile.ZipFile(io.BytesIO(together(reports))) as file:
        return file.read(name).decode()


def lines(document: Any) -> list[tuple[str, str]]:
    return [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs if paragraph.text]


def test_everything_has_a_style_of_its_own() -> None:
    found = lines(opened(ARTICLE))
    assert found[:4] == [
        ("Title", "Bread for beginners"),
        ("Normal", "Flour, salt and time. Also code() and bold, gone. See below."),
        ("Quote", "A quotation."),
        ("Intense Quote", "Time is the cheapest ingredient."),
    ]
    assert found[4:12] == [
        ("Heading 1", "The steps"),
        ("List Number", "Mix."),
        ("List Number", "Wait:"),
        ("List Bullet 2", "in the fridge"),
        ("List Continue", "or elsewhere"),
        ("List Number", "Bake."),
        ("Normal", "Then again:"),
        ("List Number", "Cool."),
    ]
    assert found[12:14] == [("Code", "def bake():\n    return 1"), ("Heading 2", "Costs")]
    assert found[-1] == ("Normal", "日本語の「太字」も出ます。改行がつながります。")


def test_words_keep_their_look_and_links_lead_where_they_may() -> None:
    document = opened(ARTICLE)
    paragraph = document.paragraphs[1]
    looks = {run.text: (run.bold, run.font.strike, run.style.name) for run in paragraph.runs}
    assert looks["bold"][0] is True
    assert looks["gone"][1] is True
    assert looks["code()"][2] == "Code Word"
    assert [(link.text, link.address or f"#{link.fragment}") for link in paragraph.hyperlinks] == [
        ("time", "https://bread.example/?a=1&b=2"), ("below", "#v1h2"),
    ]  # fmt: skip
    pictures = document.paragraphs[-2]
    assert [link.address for link in pictures.hyperlinks] == ["https://pictures.example/loaf.jpg"]
    assert "<script>x</script>, [bad](javascript:alert(1)), [file](file:///etc/x), no" in pictures.text
    assert [run.text for run in document.paragraphs[-1].runs if run.bold] == ["「太字」"]
    text = part("word/document.xml", ARTICLE)
    assert '<w:bookmarkStart w:id="1002" w:name="v1h2"/>' in text


def test_lists_count_from_where_they_begin() -> None:
    document = opened(ARTICLE)
    numbering = document.part.numbering_part.element
    starts = []
    for paragraph in document.paragraphs:
        if paragraph.style.name == "List Number":
            number = paragraph._p.pPr.numPr.numId.val
            num = next(num for num in numbering.num_lst if num.numId == number)
            starts.append((number, num.lvlOverride_lst[0].startOverride.val))
    assert [start for _, start in starts] == [1, 1, 1, 4]
    assert len({number for number, _ in starts}) == 2


def widths(table: str, language: str = "en") -> list[list[float]]:
    """Points of the columns by the grid, and by the cells of each row."""
    (made,) = opened(Report("article", f"# T\n\n{table}\n", {"title": "T"}, language=language)).tables
    rows = [[cell.width.pt for cell in row.cells] for row in made.rows]
    return [[column.width.pt for column in made.columns], *rows]


@pytest.mark.parametrize(
    ("table", "language"),
    [
        (f"| Time | What is said | Price |\n|--|--|--|\n| 0:00–0:05 | {'The kettle boils. ' * 12} | 49.90 € |", "en"),
        (f"| 時間 | 音声 | 価格 |\n|--|--|--|\n| 0:00–0:05 | {'水を静かに沸かします。' * 12} | 6,900円 |", "ja"),
    ],
)
def test_columns_are_as_wide_as_what_stands_in_them(table: str, language: str) -> None:
    grid, *rows = widths(table, language)
    assert rows == [grid, grid]
    assert sum(grid) == pytest.approx(160 / 25.4 * 72, abs=1), "as wide as the text"
    assert grid[1] > 3 * max(grid[0], grid[2])
    assert min(grid) > 7 * 5.5 + 11, "a time and a price stay on their line"


def test_a_small_table_is_small_and_a_crowded_one_stays_on_the_page() -> None:
    grid, *_ = widths("| A | B |\n|--|--|\n| 1 | two |")
    assert sum(grid) < 100
    words = " | ".join(["Internationalisation", "Verständnisschwierigkeiten", "some words to wrap", *("x" * 9)])
    grid, *_ = widths(f"| {words} |\n|{'--|' * 12}\n| {words} |")
    assert sum(grid) == pytest.approx(160 / 25.4 * 72, abs=1)
    assert min(grid) >= 4 * 5.5


def test_contents_lead_to_headings_that_hold_html() -> None:
    names = ["The <b>ferry</b> &amp; `x<y>`", "**二**つの<br>話", "The <i>ferry</i> &amp; `x<y>`"]
    text = "".join(f"## {name}\n\nWords.\n\n" for name in names)
    document = opened(Report("article", f"# T\n\n{contents(text, 'en')}\n\n{text}", {"title": "T"}, language="en"))
    linked = [link.fragment for paragraph in document.paragraphs for link in paragraph.hyperlinks]
    marks = list(document.element.body.iter(f"{W}bookmarkStart"))
    assert linked == [mark.get(f"{W}name") for mark in marks][-3:]
    page = html.render(Report("article", f"# T\n\n{contents(text, 'en')}\n\n{text}", {"title": "T"}, language="en"))
    linked = [unquote(target) for target in re.findall(r'href="#([^"]+)"', page)]
    assert linked == re.findall(r'<h2 id="([^"]+)"', page)


def test_a_table_is_a_table() -> None:
    (table,) = opened(ARTICLE).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["Thing", "Price"], ["Flour", "1.20"]]
    assert table.style.name == "Table Grid"
    assert table.rows[0].cells[0].paragraphs[0].runs[0].bold
    assert str(table.rows[1].cells[1].paragraphs[0].alignment) == "RIGHT (2)"
    assert "<w:tblHeader/>" in part("word/document.xml", ARTICLE)


def test_footnotes_are_real_and_each_is_there_once() -> None:
    notes = part("word/footnotes.xml", ARTICLE)
    assert notes.count("<w:footnoteRef/>") == 2
    assert notes.index("Notes of a baker") < notes.index("Another ")
    text = part("word/document.xml", ARTICLE)
    assert text.count("<w:footnoteReference ") == 2
    # The second mention of the first note refers to it.
    assert "NOTEREF note1 \\f \\h" in text
    assert "footnotes+xml" in part("[Content_Types].xml", ARTICLE)
    assert "https://bread.example" in part("word/_rels/footnotes.xml.rels", ARTICLE)
    assert "footnotes" not in part("[Content_Types].xml", Report("article", "# No notes\n"))


def test_properties_tell_what_it_is_and_how_it_was_made() -> None:
    told = opened(ARTICLE).core_properties
    assert (told.title, told.subject, told.category, told.language) == (
        "Bread for beginners", "How to bake.", "article", "en",
    )  # fmt: skip
    assert told.comments.startswith("Written by a language model (openai:gpt-5) on 2026-11-22.")
    assert told.author == "contentkit (openai:gpt-5)"
    assert told.created.isoformat() == "2026-11-22T09:30:00+00:00"
    from dataclasses import replace

    signed = replace(ARTICLE, disclosure=Disclosure(reviewer="Aiko Tanaka", reviewed="2026-11-24"))
    assert opened(signed).core_properties.author == "Aiko Tanaka"
    assert opened(replace(ARTICLE, disclosure=Disclosure(mark=False))).core_properties.comments == ""


def test_japanese_has_its_font_and_no_slant() -> None:
    from dataclasses import replace

    document = opened(replace(ARTICLE, language="ja"))
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert fonts.get(docx.oxml.ns.qn("w:eastAsia")) == "Yu Gothic"
    assert document.styles["Quote"].font.italic is False
    assert 'w:eastAsia="ja-JP"' in part("word/styles.xml", replace(ARTICLE, language="ja"))
    hebrew = part("word/styles.xml", Report("article", "# שלום\n", language="he"))
    assert "<w:bidi/>" in hebrew
    assert hebrew.index("<w:rtl/>") < hebrew.index('w:lang w:val="he"')


def test_several_first_level_headings_are_headings() -> None:
    assert [name for name, _ in lines(opened(Report("article", "# One\n\n# Two\n\n## Three\n")))] == [
        "Heading 1", "Heading 1", "Heading 2",
    ]  # fmt: skip


def test_variants_share_one_file_and_keep_their_notes_apart() -> None:
    document = opened(ARTICLE, ARTICLE)
    assert [text for name, text in lines(document) if name == "Title"] == ["Bread for beginners"] * 2
    assert part("word/footnotes.xml", ARTICLE, ARTICLE).count("<w:footnoteRef/>") == 4
    assert part("word/document.xml", ARTICLE, ARTICLE).count('w:type="page"') == 1


SIGNS = ["# ", "> ", "- ", "1. ", "```\n", "\n\n", "\n", "[^1]", "[^1]: ", "| a | b |\n|--|--|\n", "**", "\x0b",
         "[x](#y)",
         "[x](http://[)", "![", "](", "---\n", "\ud800", "7777777777. "]  # fmt: skip
pieces = st.lists(st.text(max_size=12) | st.sampled_from(SIGNS), max_size=12).map("".join)


@given(pieces)
@settings(max_examples=40)
def test_any_text_becomes_a_file_that_opens(text: str) -> None:
    opened(Report("article", text, {"pull_quotes": [text]}, language="ja", topic=text))


def run(*words: str) -> Any:
    return CliRunner().invoke(cli, list(words), standalone_mode=False)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    from contentkit.reports import json as as_json

    path = tmp_path / "article.json"
    path.write_text(as_json.render(ARTICLE), encoding="utf-8")
    return path


def test_a_file_or_a_pipe_gets_the_bytes(saved: Path) -> None:
    target = saved.with_suffix(".docx")
    assert run("report", str(saved), "-o", str(target)).exception is None
    assert lines(docx.Document(str(target)))[0] == ("Title", "Bread for beginners")
    piped = run("report", str(saved), "--format", "docx").stdout_bytes
    assert lines(docx.Document(io.BytesIO(piped)))[0] == ("Title", "Bread for beginners")


def test_a_terminal_does_not(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from contentkit.commands import _deliver

    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(_deliver.sys, "stdout", Terminal())
    with pytest.raises(UsageError, match="docx is no text that a terminal shows"):
        _deliver.format_of("docx", None)
    assert _deliver.format_of("docx", Path("a.docx")) == "docx"


def test_without_the_library_its_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util

    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *more: None if name == "docx" else find(name, *more))
    from contentkit.commands._deliver import format_of

    with pytest.raises(MissingExtra, match=r"contentkit\[documents\]"):
        format_of("", Path("a.docx"))


def _ordered(names: Sequence[str], order: str) -> bool:
    places = [order.split().index(name) for name in names if name in order.split()]
    return places == sorted(places)


def test_properties_stand_in_the_order_that_word_wants() -> None:
    document = opened(ARTICLE)
    paragraph = (
        "pStyle keepNext keepLines pageBreakBefore pBdr shd tabs bidi spacing ind contextualSpacing jc outlineLvl"
    )
    words = "rStyle rFonts b bCs i iCs caps strike color spacing kern sz szCs u shd vertAlign rtl cs lang"
    for element in [*document.styles.element.iter(), *document.element.iter()]:
        names = [str(child.tag).rpartition("}")[2] for child in element]
        if element.tag.endswith("}pPr"):
            assert _ordered(names, paragraph), names
        if element.tag.endswith("}rPr"):
            assert _ordered(names, words), names
    settings_of = [str(child.tag).rpartition("}")[2] for child in document.settings.element]
    assert settings_of.index("footnotePr") < settings_of.index("compat")


def test_japanese_gives_way_to_a_word_that_is_not_divided() -> None:
    cells = " | ".join(["日本語の長い文が続きます" * 4] * 4 + ["internationalising all of this and of that " * 4])
    grid, *_ = widths(f"| {cells} |\n|{'--|' * 5}\n| {cells} |")
    assert min(grid) > 8 * 5.5
    assert grid[4] > 18 * 5.5 + 11
