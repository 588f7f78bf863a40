"""The account of how a text was made, in the forms that formats have for it. What it says: ``core/disclosure.py``.

A new format calls one of these; one without room for metadata (SRT, CSV, plain text) calls none, and
docs/disclosure.md says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from contentkit.core.disclosure import SCHEMA_ORG, by_model, entries, statement
from contentkit.core.report import Report


def meta_tags(report: Report) -> str:
    """Lines for the head of an HTML page: each entry as ``<meta name>``, and schema.org's terms as RDFa, which needs no
    script. "" where nothing is to be told."""
    told = entries(report)
    lines = [f'<meta name="{name}" content="{escape(value)}">' for name, value in told.items()]
    if told and by_model(report):
        lines.append(f'<meta property="schema:digitalSourceType" content="{SCHEMA_ORG}">')
    if "created" in told:
        lines.append(f'<meta property="schema:dateCreated" content="{escape(told["created"])}">')
    return "".join(f"{line}\n" for line in lines)


def comment(report: Report) -> str:
    """One line that can stand in a comment of HTML, Markdown, XML, or WebVTT (``NOTE``): it ends none of them. "" where
    nothing is to be told."""
    line = statement(report)
    while "--" in line:
        line = line.replace("--", "- -")
    return line


def core_properties(report: Report) -> Mapping[str, str]:
    """Core properties of an office document, by python-docx's names; each at most 255 characters, as it wants them."""
    told = entries(report)
    found = {
        "comments": told.get("disclosure", ""),
        "keywords": told.get("digital-source-type", ""),
        "last_modified_by": told.get("reviewer", "") if told.get("reviewed") else "",
    }
    return {name: value[:255] for name, value in found.items() if value}
