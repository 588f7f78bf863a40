"""Titles that would break out of the files they stand in: YAML, HTML, XML, a site's own templates."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from contentkit.core.disclosure import Disclosure
from contentkit.core.report import Finding, Report, Severity
from contentkit.reports import html, markdown

TITLES = [
    "---", "--- x", "...", "%YAML 1.1", "%TAG ! x", "'", '"', "a\"b'c: d # e", "key:", "x: y", "- x", "? x", "| x",
    "> x", "@x", "`x`", "#x", "&a", "*a", "!!python/object/apply:os.system", "[a]", "{a: b}", "=", "<<", "\\", "\\n",
    "\t tab", "  sp  ", "1e3", "0o17", "017", "1_000", "y", "n", "yes", "No", "null", "~", "2026-01-01", "12:30", ".5",
    "0x1F", "x" * 5000, "😀" * 300, "題名：「---」", "\u0300combining", "\u200b", "\ufeffbom",
    "\u202egpj.exe\u202c", "\u2067a\u2069", "\u200fx", "a\x85title: b", "a\u2028title: b\u2029c",
    "line\nbreak", "a\n---\ntitle: b", "cr\rret", "nul\x00nul", "bell\x07 esc\x1b[31m", "vt\x0b ff\x0c",
    "\ufffe\uffff", "a\ud800b", "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>",
    "</title><svg onload=alert(1)>", "]]>", "<!--", "-->", "&lt;b&gt;", "&#0;", "[x](javascript:alert(1))",
    "![](https://example.org/x.png)", "{{ 7*7 }}", "{% include x %}", "{{< readfile x >}}",
]  # fmt: skip
GENERATORS = ("hugo", "jekyll", "astro")


def report(title: str, front_matter: str = "none", body: str = "") -> Report:
    fields = {"title": title, "seo": {"title": title, "description": title, "slug": "s"}, "front_matter": front_matter}
    return Report(
        "article",
        body or f"# {title}\n\nThe ferry leaves at seven.\n",
        fields,
        topic=title,
        model="openai:x",
        sources=(title,),
        created="2026-11-24T09:00:00+00:00",
        language="en",
        disclosure=Disclosure(True, True, title, "2026-11-24"),
    )


def sound(text: str) -> str:
    """What files can hold of a text: no controls, no halves of characters, line ends as line feeds."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    unfit = {*range(9), 11, 12, *range(14, 32), *range(127, 160), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)} - {0x85}
    return "".join("\ufffd" if ord(sign) in unfit else sign for sign in text)


def head(page: str) -> tuple[list[str], str]:
    """The lines between the dashes, found as a site's generator finds them, and what is behind."""
    lines = page.split("\n")
    assert lines[0] == "---"
    end = lines.index("---", 1)
    return lines[1:end], "\n".join(lines[end + 1 :])


def flat(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, **data.get("params", {})}


@pytest.mark.parametrize("generator", GENERATORS)
@pytest.mark.parametrize("title", TITLES, ids=lambda title: ascii(title[:24]))
def test_a_front_matter_has_the_title_and_nothing_else(title: str, generator: str) -> None:
    lines, _ = head(markdown.render(report(title, generator)))
    data = flat(yaml.safe_load("\n".join(lines)))
    assert {data["title"], data["description"], data.get("seo_title") or data["seoTitle"]} == {sound(title)}
    assert set(data) <= {
        "layout", "title", "description", "date", "pubDate", "slug", "draft", "published", "lang", "language", "params",
        "seo_title", "seoTitle", "disclosure", "render_with_liquid",
    }  # fmt: skip
    for line in lines:  # no reader of YAML takes a string in quotes for a number, a date or a switch
        name, _, value = line.strip().partition(": ")
        assert value.startswith('"') or name in (
            "params:",
            "date",
            "pubDate",
            "draft",
            "published",
            "render_with_liquid",
        )
        if value.startswith('"'):
            json.loads(value)
    turned = set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200e\u200f\u061c\u2028\u2029\x85")
    assert not turned & set("".join(lines)), "nothing turns or breaks the lines of who edits it"


@given(st.text(st.characters(codec=None, categories=None), max_size=60), st.sampled_from(GENERATORS))
def test_any_title_comes_back_from_a_front_matter(title: str, generator: str) -> None:
    lines, _ = head(markdown.render(report(title or "x", generator)))
    assert yaml.safe_load("\n".join(lines))["title"] == sound(title or "x")


def test_what_a_generator_would_run_in_the_text_is_kept_from_it() -> None:
    body = "# T\n\nUse {{< figure src=x >}}, {{% note %}} and {{</* kept */>}}.\n\n`{{ x }}`\n"
    assert (
        head(markdown.render(report("T", "hugo", body)))[1]
        .strip()
        .startswith("Use {{</* figure src=x */>}}, {{%/* note */%}} and {{</* kept */>}}.")
    )
    jekyll = yaml.safe_load("\n".join(head(markdown.render(report("T", "jekyll", body)))[0]))
    assert jekyll["render_with_liquid"] is False
    assert "render_with_liquid: false" in markdown.render(report("T", "jekyll", "# T\n\nUse {% raw %}.\n"))
    assert "render_with_liquid" not in markdown.render(report("T", "jekyll", "# T\n\nPlain.\n"))
    assert "{{< figure src=x >}}" in markdown.render(report("T", "astro", body))


@pytest.mark.parametrize("generator", GENERATORS)
def test_what_is_not_known_is_no_key_without_a_value(generator: str) -> None:
    lines, _ = head(markdown.render(replace(report("T", generator), language="", created="")))
    assert all(value not in ("", None) for value in yaml.safe_load("\n".join(lines)).values())


SHOWN = re.compile(r"\{\{<(?=/\*).*?\*/>\}\}|\{\{%(?=/\*).*?\*/%\}\}", re.DOTALL)
"""A shortcode that Hugo shows and does not run."""
SIGNS = ["{{<", "{{%", ">}}", "%}}", "{{</*", "*/>}}", "`", "```\n", "\n\n    ", " word ", "/*", "*/", "{{", "}}"]


@given(st.lists(st.sampled_from(SIGNS), max_size=14).map("".join))
@example("An open {{< in the text")
@example("{{< a {{< b >}}")
@example("{{<\n\n`a {{%` and {{< figure %}} {{</* open")
def test_no_shortcode_is_left_that_hugo_would_run_or_break_on(signs: str) -> None:
    """Each of these pages was built by Hugo once, and showed the signs as they were written."""
    said = Finding("machine/x", f"says {signs}", Severity.MINOR)
    page = markdown.render(replace(report("T", "hugo", f"# T\n\nStart {signs} end\n"), findings=(said,)))
    text = head(page)[1]
    assert not re.search(r"\{\{[<%]", SHOWN.sub("", text))
    shown = re.sub(r"\{\{([<%])/\*(.*?)\*/([>%]\}\})", r"{{\1\2\3", text, flags=re.DOTALL)
    same = shown.replace("{&#123;", "{{").replace("{\u2060{", "{{")
    if "/*" not in signs and "*/" not in signs:
        assert f"Start {signs} end".split() == same.partition("\n\n<!-- contentkit")[0].split()


class Page(HTMLParser):
    """Elements of a page, and the words of its title."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.title, self._in_title = "", False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._in_title = tag == "title"

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False

    def handle_data(self, data: str) -> None:
        self.title += data if self._in_title else ""


@pytest.mark.parametrize("title", TITLES, ids=lambda title: ascii(title[:24]))
def test_a_page_shows_the_title_and_runs_nothing(title: str) -> None:
    text = html.render(report(title))
    assert text == sound(text), "nothing that HTML forbids"
    text.encode("utf-8")
    page = Page(text)
    assert page.title == sound(title)
    assert not {tag for tag, _ in page.elements} & {"script", "img", "svg", "iframe", "object", "embed", "form"}
    for _, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on")]
        assert not (attributes.get("href") or "").lower().startswith(("javascript", "data"))
    assert [tag for tag, _ in page.elements].count("title") == 1


@pytest.mark.parametrize("title", TITLES, ids=lambda title: ascii(title[:24]))
def test_a_word_file_opens_and_has_the_title(title: str) -> None:
    docx = pytest.importorskip("docx")
    from contentkit.reports import docx as reporter

    data = reporter.render(report(title))
    with ZipFile(io.BytesIO(data)) as files:
        for name in files.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(files.read(name))
    made = docx.Document(io.BytesIO(data))
    assert letters(made.core_properties.title)[:150] == letters(title)[:150]
    assert any("ferry leaves" in paragraph.text for paragraph in made.paragraphs)


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))
