"""Markdown: links, headings, fences, emphasis, tables, HTML, front matter, alt texts."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from contentkit.check import CheckOptions, check
from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Severity
from contentkit.kit.kit import Kit
from contentkit.steps import markdown

WHOLE = """---
title: A trip
tags: [sea, ferry]
---

# A trip

See [the prices](#prices-2026), **all** of them[^1], and [the map][map].

![A ferry at the pier](ferry.png) <b>bold</b><br>

## Prices (2026)

| From | To | `a|b` |
|------|:--:|-------|
| Pier | Island | 4 |

```html
<div> [x]() ![](y) **open
```

- one
  ```
  code
  ```

### 子供の料金

[上へ](#a-trip) [子供](#子供の料金) <a id="end"></a> [end](#end)

[^1]: In euros.
[map]: https://example.com/map
"""


def found(text: str, name: str = "a.md", **more: object) -> list[Finding]:
    return list(markdown.after(Piece("text", "en", body=text, name=name, **more)).findings)  # type: ignore[arg-type]


def test_a_text_in_order_is_quiet() -> None:
    assert [(one.rule, one.message) for one in found(WHOLE)] == []


def test_a_table_without_outer_bars_is_in_order() -> None:
    assert found("a | b\n--|--\n1 | 2\n3 | 4\n") == []


@pytest.mark.parametrize(
    ("text", "rule", "line", "said"),
    [
        ("# A\n\n[x](#nowhere)", "anchor", 3, "#nowhere"),
        ("[x]()", "link", 1, "without an address"),
        ("[](https://example.com)", "link", 1, "without words"),
        ("[x][gone]", "reference", 1, "gone"),
        ("A note.[^2]", "note", 1, "^2"),
        ("![](a.png)", "alt", 1, "can't see"),
        ('Text <img src="a.png"> here', "alt", 1, "alt text"),
        ("# A\n\n## B\n\n## B\n", "heading", 5, "twice"),
        ("# A\n\n### B\n", "level", 3, "skipped"),
        ("# A\n\n# B\n", "title", 3, "second title"),
        ("# A\n\n#\n", "heading", 3, "without words"),
        ("Text\n\n```python\nprint()\n\nMore text", "fence", 3, "never closed"),
        ("This is **bold and goes on.", "emphasis", 1, "stay as they are"),
        ("これは**「重要」**です。", "emphasis", 1, "stay as they are"),
        ("| a | b |\n|---|---|\n| 1 | 2 | 3 |\n", "table", 3, "3 cells in a table of 2 columns"),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n| 1 |\n", "table", 4, "1 cell in a table of 2"),
        ("<div>\n\nText\n", "html", 1, "<div> is never closed"),
        ("Text </div> here", "html", 1, "closes nothing"),
        ("---\ntitle: [a\n---\nText", "front-matter", 3, "no YAML"),
        ("---\njust words\n---\nText", "front-matter", 2, "no list of keys"),
    ],
)
def test_each_fault_is_found_where_it_stands(text: str, rule: str, line: int, said: str) -> None:
    (finding,) = found(text)
    assert finding.rule == f"markdown/{rule}"
    assert finding.place is not None
    assert finding.place.line == line
    assert said in finding.message


def test_headings_may_come_again_under_other_ones() -> None:
    assert found("# A\n\n## B\n\n### Notes\n\n## C\n\n### Notes\n") == []


@pytest.mark.parametrize("name", ["a.txt", "page.html", "data.json"])
def test_what_is_no_markdown_is_passed_over(name: str) -> None:
    assert found("[x]() ![](y) <div>", name) == []


def test_of_an_answer_only_bodies_are_markdown() -> None:
    output = {"subject": "Read [this]() now", "body": "Read [this]() now"}
    (finding,) = markdown.after(Piece("email", "en", output=output)).findings
    assert finding.place is not None
    assert finding.place.path == "body"


async def test_files_beside_it_and_their_headings_are_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("docs").mkdir()
    Path("docs/other page.md").write_text("# Other\n\n## Part (two)\n", encoding="utf-8")
    Path("docs/a.md").write_text(
        "[a](other%20page.md) [b](<other page.md>) [c](other%20page.md#part-two) [d](other%20page) [e](./) "
        "[f](other%20page/)\n"
        "[g](gone.md) [h](other%20page.md#part-three) ![i](no.png) [j](https://example.com/gone.md) [k](/root.md)\n",
        encoding="utf-8",
    )
    report = await check(Kit.load(env={}, history=False), ["docs/a.md"], CheckOptions(only=("markdown",)))
    assert [(one.rule, one.severity, one.place.line if one.place else 0) for one in report.findings] == [
        ("markdown/link", Severity.MAJOR, 2)
    ] * 3
    assert "gone.md" in report.findings[0].message


@pytest.mark.parametrize("line", ["|---|---|\n", "# a\n", "[a](#b) <b>\n"])
def test_many_lines_that_are_alike_take_no_long_time(line: str) -> None:
    started = time.monotonic()
    found(line * 6_000)
    assert time.monotonic() - started < 10


def test_the_top_of_a_page_needs_no_heading() -> None:
    assert [one.rule for one in found("# A\n\n[up](#top), [Up](#Top)")] == []
