"""The front matter of an article for a static site, before its Markdown.

Values are JSON strings, which every YAML is: a generator in another language than ours takes ``y``, ``1e3`` or ``0o17``
for something else where they stand plain. What a generator would run in the text (Liquid, shortcodes) is a stranger's
words here, and is kept from it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from contentkit.core.article.contents import headings
from contentkit.core.disclosure import statement
from contentkit.core.report import Report
from contentkit.core.text.document import document
from contentkit.reports._machine import plain

# Line ends of YAML 1.1, other controls, and signs that turn the direction of what stands behind them.
_ESCAPED = re.compile("[\x85\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_SHORTCODE = re.compile(r"\{\{([<%])")
_ENDS = {"<": ">}}", "%": "%}}"}
# What keeps the braces apart of one that is never closed: in prose a brace as HTML writes it, which code would show as
# it is; there a sign of no width.
_APART, _APART_IN_CODE = "{&#123;", "{\u2060{"


def page(report: Report) -> str:
    """The body, with front matter before it where that was wished; the title then stands in that, and not in the body,
    since themes show it above the text."""
    body = report.body.strip("\n")
    head = matter(report)
    if not head:
        return body
    text = _untitled(body)
    if report.fields.get("front_matter") == "hugo":
        text = _shown(text)
    return f"{head}\n{text}"


def inert(comment: str, report: Report) -> str:
    """A comment behind the text as the generator may read it: Hugo looks for shortcodes in comments too."""
    hugo = report.fields.get("front_matter") == "hugo"
    return _SHORTCODE.sub(rf"{_APART_IN_CODE}\1", comment) if hugo else comment


def _shown(text: str) -> str:
    """The text with its shortcodes as Hugo's documentation shows them; what is not closed, and would make Hugo give up,
    begins none."""
    prose, last = document(text).shadow, {sign: text.rfind(end) for sign, end in _ENDS.items()}
    pieces, position = [], 0
    for found in _SHORTCODE.finditer(text):
        begin, start, sign = found.start(), found.end(), found[1]
        if begin < position:
            continue
        pieces.append(text[position:begin])
        inner = text[start : text.index(_ENDS[sign], start)] if start <= last[sign] else "/*"
        position = start + len(inner) + len(_ENDS[sign])
        if not inner.startswith("/*"):
            pieces.append(f"{{{{{sign}/*{inner}*/{_ENDS[sign]}")
        elif inner.endswith("*/") and len(inner) > len("/*/"):
            pieces.append(text[begin:position])
        else:
            pieces.append((_APART if prose[begin] == "{" else _APART_IN_CODE) + sign)
            position = start
    return "".join([*pieces, text[position:]])


def matter(report: Report) -> str:
    """The front matter alone, between its dashes; "" where none was wished."""
    data = _data(report)
    if data is None:
        return ""
    return "".join(["---\n", *_lines(data), "---\n"])


def _lines(data: Mapping[str, Any], before: str = "") -> Iterator[str]:
    for name, value in data.items():
        if isinstance(value, Mapping):
            yield f"{before}{name}:\n"
            yield from _lines(value, f"{before}  ")
        elif isinstance(value, str):
            text = json.dumps(plain(value), ensure_ascii=False)
            text = _ESCAPED.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)
            yield f"{before}{name}: {text}\n"
        else:
            yield f"{before}{name}: {json.dumps(value) if isinstance(value, bool) else value}\n"


def _data(report: Report) -> dict[str, Any] | None:
    """The keys as the generator names them; None where no front matter was wished."""
    seo = report.fields.get("seo")
    seo = seo if isinstance(seo, Mapping) else {}
    title = title_of(report)
    description, slug = str(seo.get("description") or ""), str(seo.get("slug") or "")
    day = _day(report.created)
    # A draft is hidden by the site until a person says otherwise.
    draft = not (report.disclosure.reviewer and report.disclosure.reviewed)
    told, searched = statement(report), str(seo.get("title") or title)
    made: dict[str, Any]
    match report.fields.get("front_matter"):
        case "hugo":
            more = {"seo_title": searched, "language": report.language, "disclosure": told}
            made = {"title": title, "description": description, "date": day, "slug": slug, "draft": draft}
            made["params"] = {name: value for name, value in more.items() if value}
        case "jekyll":
            made = {"layout": "post", "title": title, "description": description, "date": day, "slug": slug}
            made |= {"published": not draft, "lang": report.language, "seo_title": searched, "disclosure": told}
            if "{{" in report.body or "{%" in report.body:
                made["render_with_liquid"] = False
        case "astro":
            made = {"title": title, "description": description, "pubDate": day, "slug": slug, "draft": draft}
            made |= {"lang": report.language, "seoTitle": searched, "disclosure": told}
        case _:
            return None
    return {name: value for name, value in made.items() if value not in ("", None)}


def title_of(report: Report) -> str:
    """The title of the text, without markup."""
    named = report.fields.get("title")
    first = next((name for block, name in headings(report.body) if block.level == 1), "")
    return str(named if isinstance(named, str) and named else first or report.topic or report.kind)


def _day(created: str) -> date | None:
    try:
        return date.fromisoformat(created[:10])
    except ValueError:
        return None


def _untitled(body: str) -> str:
    """The body without its heading of the first level."""
    top = next((block for block, _ in headings(body) if block.level == 1), None)
    return body if top is None else f"{body[: top.start].rstrip()}\n\n{body[top.end :].lstrip()}".strip("\n")
