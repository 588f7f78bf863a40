"""``--format org``: a report as an Org file. Findings are TODO entries, the gravest with the highest priority."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from contentkit.core.chat import Finish
from contentkit.core.report import Finding, Report, Severity

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

_PRIORITY = {Severity.CRITICAL: "A", Severity.MAJOR: "A", Severity.MINOR: "B", Severity.INFO: "C"}
_MARK = {"strong": "*", "em": "/", "s": "+"}


def render(report: Report) -> str:
    """Settings, the body, then what is to be done."""
    settings = {
        "TITLE": report.topic,
        "LANGUAGE": report.language,
        "DATE": report.created,
        "DESCRIPTION": f"{report.kind}, written by {report.model}" if report.model else report.kind,
    }
    head = [f"#+{name}: {_line(value)}" for name, value in settings.items() if value]
    parts = ["\n".join(head), to_org(report.body)]
    if report.findings:
        parts.append("\n".join(["* Findings", *(_finding(finding) for finding in report.findings)]))
    ended = [f"incomplete: {report.finish}"] if report.finish is not Finish.STOP else []
    missing = [f"not read: {unit.name} ({unit.reason})" for unit in report.coverage if unit.state != "read"]
    if remarks := [*ended, *missing, *report.notices]:
        parts.append("\n".join(f"# {_line(remark)}" for remark in remarks))
    return "\n\n".join(part for part in parts if part) + "\n"


def to_org(markdown: str) -> str:
    """Markdown as Org: headings, lists, quotes, code, tables, links, emphasis. HTML in it stays words."""
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    return "\n".join(_blocks(SyntaxTreeNode(reader.parse(markdown)).children))


def _blocks(nodes: Sequence[SyntaxTreeNode], *, tight: bool = False) -> list[str]:
    """The lines of several blocks, with a blank line between two unless they are the parts of a tight list."""
    lines: list[str] = []
    for node in nodes:
        if lines and not tight:
            lines.append("")
        lines += _block(node)
    return lines


def _block(node: SyntaxTreeNode) -> list[str]:
    match node.type:
        case "heading":
            return [f"{'*' * int(node.tag[1])} {_line(_inline(node))}"]
        case "bullet_list" | "ordered_list":
            return _list(node)
        case "blockquote":
            return ["#+begin_quote", *_blocks(node.children), "#+end_quote"]
        case "fence" | "code_block":
            return _code(node)
        case "table":
            return _table(node)
        case "hr":
            return ["-----"]
        case _:
            return [_safe(line) for line in _inline(node).split("\n")]


def _list(node: SyntaxTreeNode) -> list[str]:
    lines: list[str] = []
    first = int(node.attrs.get("start", 1))
    for number, item in enumerate(node.children, first):
        mark = "- " if node.type == "bullet_list" else f"{number}. "
        inner = _blocks(item.children, tight=all(child.hidden for child in item.children if child.type == "paragraph"))
        for place, line in enumerate(inner or [""]):
            lines.append(f"{mark if place == 0 else ' ' * len(mark)}{line}".rstrip())
    return lines


def _code(node: SyntaxTreeNode) -> list[str]:
    words = node.info.split()
    begin, end = (f"#+begin_src {words[0]}", "#+end_src") if words else ("#+begin_example", "#+end_example")
    code = node.content.rstrip("\n").split("\n")
    return [begin, *(f",{line}" if re.match(r"\*|#\+", line) else line for line in code), end]


def _table(node: SyntaxTreeNode) -> list[str]:
    rows = [
        [_line(_inline(cell)).replace("|", "\\vert{}") for cell in row.children]
        for part in node.children
        for row in part.children
    ]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return [lines[0], f"|{'+'.join('---' for _ in rows[0])}|", *lines[1:]]


def _inline(node: SyntaxTreeNode) -> str:
    inner = "".join(_inline(child) for child in node.children)
    match node.type:
        case "text" | "html_inline" | "html_block":
            return node.content
        case "code_inline":
            return f"~{node.content}~"
        case "softbreak" | "hardbreak":
            return "\n"
        case "strong" | "em" | "s":
            return f"{_MARK[node.type]}{inner}{_MARK[node.type]}"
        case "link":
            return f"[[{node.attrs['href']}][{inner}]]"
        case "image":
            return f"[[{node.attrs['src']}]]"
        case _:
            return inner


def _finding(finding: Finding) -> str:
    where = f"{finding.place.path}: " if finding.place else ""
    title = f"** TODO [#{_PRIORITY[finding.severity]}] {where}{_line(finding.message)}"
    return "\n".join(
        filter(None, [title, f"   ={finding.rule}=", f"   {_line(finding.repair)}" if finding.repair else ""])
    )


def _safe(line: str) -> str:
    """A line of prose that Org would take for a heading, a setting or a comment gets a zero-width space before it."""
    return f"\u200b{line}" if re.match(r"\*+ |#(\+| |$)|:\w+:$", line) else line


def _line(text: str) -> str:
    return " ".join(text.split())
