"""``--format html``: one page in one file, to read on a phone or a desktop, and to print.

The text is a stranger's: HTML in it is shown, never run; links lead only to the web, to mail or inside the page; a
picture becomes a link, so that opening the page tells nobody. The page's own policy forbids scripts and all that comes
from outside.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from contentkit.code.visible import visible
from contentkit.core.article.contents import contents_name
from contentkit.core.report import Finding, Report
from contentkit.reports import _article_html, _verdict_html
from contentkit.reports._disclosure import meta_tags
from contentkit.reports._facts import facts, heading, where
from contentkit.reports._machine import plain
from contentkit.reports._parse import LOOSE_BOLD
from contentkit.reports._parse import parser as fresh
from contentkit.reports._wording import judges

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_SHORT = 9  # characters, "0:00–0:08"
_MAIN = re.compile(r"<main>\n(.*?)</main>", re.DOTALL)
_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="contentkit">
<meta name="color-scheme" content="light dark">
{meta}<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<main>
{main}</main>
</body>
</html>
"""


def render(report: Report) -> str:
    """A whole page."""
    language = report.language or "en"
    if judges(report):
        title, main = _verdict_html.title(report), _review(report, language)
        return page(title, language, main)
    main = f'<article lang="{escape(language)}" dir="auto">\n{_body(report)}</article>\n{_account(report)}'
    return page(_title(report), language, main, _article_html.description(report) + meta_tags(report))


def page(title: str, language: str, main: str, meta: str = "") -> str:
    """A page around ``main``, which is HTML already, as are the tags in ``meta``. No page holds control characters."""
    return plain(_PAGE.format(language=escape(language), meta=meta, title=escape(title), style=_style(), main=main))


def _review(report: Report, language: str) -> str:
    body = _strict_parser().render(visible(report.body)) if report.body.strip() else ""
    summary = f'<article lang="{escape(language)}" dir="auto">\n{body}</article>\n' if body else ""
    parts = _verdict_html.result(report), summary, _verdict_html.findings(report), _verdict_html.account(report)
    return "".join(parts)


def join(pages: Sequence[str]) -> str:
    """Variants beside each other on one page; on a phone below each other."""
    if not pages:
        return ""
    found = [match[1] for page in pages if (match := _MAIN.search(page))]
    parts = [
        f'<section>\n<p class="variant" lang="en">{number} of {len(found)}</p>\n{_apart(main, number)}</section>\n'
        for number, main in enumerate(found, 1)
    ]
    inner = f'<div class="beside">\n{"".join(parts)}</div>\n'
    return _MAIN.sub(lambda _: f"<main>\n{inner}</main>", pages[0], count=1)


def _apart(main: str, number: int) -> str:
    """A variant whose anchors are its own; in text, quotation marks are escaped, so that none is taken for one."""
    main = re.sub(r'(?<= )id="', f'id="v{number}-', main)
    return main.replace('href="#', f'href="#v{number}-')


def _title(report: Report) -> str:
    if named := _article_html.seo(report).get("title"):
        return named
    first = re.search(r"^#[ \t]+(.+?)[ \t]*#*$", report.body, re.MULTILINE)
    return (re.sub(r"[*`]", "", first[1]) if first else "") or report.topic or report.kind


@cache
def _style() -> str:
    return (files(__package__) / "page.css").read_text("utf-8")


# The body


def _body(report: Report) -> str:
    parser = _parser()
    env: dict[str, Any] = {}
    tokens = parser.parse(report.body, env)
    _label_cells(tokens)
    _mark_pictures(tokens)
    quotes = report.fields.get("pull_quotes")
    quotes = [str(quote) for quote in quotes] if isinstance(quotes, list | tuple) else []
    _article_html.arrange(tokens, quotes, contents_name(report.language))
    return str(parser.renderer.render(tokens, parser.options, env))


@cache
def _parser() -> MarkdownIt:
    parser = fresh()
    _article_html.teach(parser)
    parser.add_render_rule("image", _picture)
    parser.add_render_rule("text", _words)
    parser.add_render_rule("table_open", lambda *_: '<div class="table"><table>\n')
    parser.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return parser


@cache
def _strict_parser() -> MarkdownIt:
    """For words about a stranger's change: paragraphs, lists and code; no link, picture or heading of theirs."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False})
    return parser.disable(
        ["link", "image", "autolink", "reference", "heading", "lheading", "html_block", "html_inline"]
    )


def _words(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return LOOSE_BOLD.sub(r"<strong>\1</strong>", escape(tokens[index].content))


def _picture(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """A picture as a link to it: a page that loads pictures would tell their server who reads it."""
    token = tokens[index]
    words = escape(token.content or "picture")
    source = str(token.attrGet("src") or "")
    if token.meta.get("in_link") or not source:
        return f'<span class="picture">{words}</span>'
    return f'<a class="picture" href="{escape(source)}">{words}</a>'


def _label_cells(tokens: Sequence[Token]) -> None:
    """Give each cell its column's heading, which a narrow screen shows in place of the table's head.

    Short cells, such as a time, are marked so that they stay on one line.
    """
    headings: list[str] = []
    column = 0
    for number, token in enumerate(tokens):
        match token.type:
            case "table_open":
                headings = []
            case "th_open":
                headings.append(tokens[number + 1].content)
            case "tr_open":
                column = 0
            case "td_open":
                if column < len(headings):
                    token.attrSet("data-label", headings[column])
                if len(tokens[number + 1].content) <= _SHORT:
                    token.attrSet("class", "short")
                column += 1


def _mark_pictures(tokens: Sequence[Token]) -> None:
    """Mark the pictures that stand in a link already: a link can't hold another."""
    for block in tokens:
        depth = 0
        for token in block.children or ():
            depth += {"link_open": 1, "link_close": -1}.get(token.type, 0)
            if token.type == "image":
                token.meta["in_link"] = depth > 0


# The account


def _account(report: Report) -> str:
    parts = ['<footer lang="en">\n']
    if report.findings:
        parts.append(f"<h2>{escape(heading(report.findings))}</h2>\n<ul>\n")
        parts += [_finding(finding) for finding in report.findings]
        parts.append("</ul>\n")
    parts.append("<dl>\n")
    parts += [f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>\n" for label, value in facts(report)]
    parts.append("</dl>\n</footer>\n")
    return "".join(parts)


def _finding(finding: Finding) -> str:
    severity = finding.severity.value
    place = where(finding.place)
    quote = finding.place.quote if finding.place else ""
    return (
        f'<li class="{severity}"><b>{severity}</b> '
        + (f"<code>{escape(place)}</code> " if place else "")
        + f'<span dir="auto">{escape(finding.message)}</span> <small>{escape(finding.rule)}</small>'
        + (f'<blockquote dir="auto">{escape(quote)}</blockquote>' if quote else "")
        + (f'<p dir="auto">suggested: {escape(finding.suggestion)}</p>' if finding.suggestion else "")
        + "</li>\n"
    )
