"""``--format json``: a report as stable, versioned JSON. The schema is ``report.schema.json`` beside this file."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, cast

from contentkit.core.chat import Usage
from contentkit.core.disclosure import IPTC, by_model, is_disclosed, statement
from contentkit.core.report import Finding, Report
from contentkit.reports._saved import VERSION
from contentkit.reports._saved import from_dict as from_dict


def render(report: Report) -> str:
    """One JSON object, indented by two, ending in a line feed."""
    return json.dumps(to_dict(report), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def join(pages: Sequence[str]) -> str:
    """One JSON array, a report an item."""
    return "[\n" + ",\n".join(page.rstrip("\n") for page in pages) + "\n]\n"


def to_dict(report: Report) -> dict[str, Any]:
    """The report as plain JSON values; every key is always there. ``from_dict`` is the way back.

    What JSON or UTF-8 can't hold is replaced: a lone surrogate by U+FFFD, NaN and infinity by null.
    """
    data: dict[str, Any] = {
        "contentkit": VERSION,
        "id": report.id,
        "created": report.created,
        "kind": report.kind,
        "topic": report.topic,
        "language": report.language,
        "body": report.body,
        "fields": report.fields,
        "findings": [_finding_out(finding) for finding in report.findings],
        "coverage": [{"name": unit.name, "state": unit.state, "reason": unit.reason} for unit in report.coverage],
        "notices": report.notices,
        "sources": report.sources,
        "digests": report.digests,
        "parent": report.parent,
        "series": report.series,
        "variant": report.variant,
        "prompt": report.prompt,
        "model": report.model,
        "answered_by": report.answered_by,
        "sent_to": report.sent_to,
        "finish": report.finish.value,
        "incomplete": report.incomplete,
        "usage": _usage_out(report.usage) if report.usage else None,
        "cost": report.cost,
        "cost_estimated": report.cost_estimated,
        "seconds": report.seconds,
        "given": report.given,
        "manner": report.manner,
        "disclosure": _disclosure_out(report) if report.disclosure.mark else None,
    }
    return cast("dict[str, Any]", _plain(data))


def _disclosure_out(report: Report) -> dict[str, Any]:
    return {
        "statement": statement(report),
        "digital_source_type": IPTC if is_disclosed(report) and by_model(report) else "",
        "reviewer": report.disclosure.reviewer,
        "reviewed": report.disclosure.reviewed,
        "visible": report.disclosure.visible,
    }


def _finding_out(finding: Finding) -> dict[str, Any]:
    place = finding.place
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "place": None
        if place is None
        else {
            "path": place.path,
            "line": place.line,
            "end_line": place.end_line,
            "column": place.column,
            "end_column": place.end_column,
            "side": place.side,
            "quote": place.quote,
            "part": place.part,
            "context": place.context,
        },
        "category": finding.category,
        "repair": finding.repair,
        "confidence": finding.confidence,
        "verified": finding.verified,
        "scenario": finding.scenario,
        "suggestion": finding.suggestion,
        "replacement": finding.replacement,
        "edits": [
            {"path": edit.path, "line": edit.line, "end_line": edit.end_line, "text": edit.text}
            for edit in finding.edits
        ],
        "fingerprint": finding.fingerprint,
    }


def _usage_out(usage: Usage) -> dict[str, Any]:
    return {
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "cached_tokens": usage.cached_tokens,
        "cache_write_tokens": usage.cache_write_tokens,
        "reasoning_tokens": usage.reasoning_tokens,
        "cost": usage.cost,
        "estimated": usage.estimated,
    }


def _plain(value: object) -> object:
    match value:
        case str():
            if value.isascii():
                return str(value)
            return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace") if _broken(value) else str(value)
        case bool() | int() | None:
            return value
        case float():
            return value if math.isfinite(value) else None
        case Mapping():
            return {str(_plain(str(key))): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _:
            return str(_plain(str(value)))


def _broken(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False
