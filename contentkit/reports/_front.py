"""The front matter of an article for a static site, before its Markdown: YAML by a library, so that any title is
safe."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from contentkit.core.article.contents import headings
from contentkit.core.disclosure import statement
from contentkit.core.report import Report


def page(report: Report) -> str:
    """The body, with front matter before it where that was wished; the title then stands in that, and not in the body,
    since themes show it above the text."""
    body = report.body.strip("\n")
    head = matter(report)
    return f"{head}\n{_untitled(body)}" if head else body


def matter(report: Report) -> str:
    """The front matter alone, between its dashes; "" where none was wished."""
    data = _data(report)
    if data is None:
        return ""
    import yaml

    head = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1_000_000)
    return f"---\n{head}---\n"


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
