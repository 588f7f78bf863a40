"""``--format json``: a report as stable, versioned JSON. The schema is ``report.schema.json`` beside this file."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeVar, cast

from contentkit.core.chat import Finish, Usage
from contentkit.core.disclosure import IPTC, Disclosure, by_model, is_disclosed, statement
from contentkit.core.errors import UsageError
from contentkit.core.report import Covered, Edit, Finding, Place, Report, Severity

VERSION = 1
"""Rises only when a key goes away or changes its meaning; new keys come without a new version."""

T = TypeVar("T")


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


def from_dict(data: Mapping[str, Any]) -> Report:
    """The report that ``to_dict`` wrote. Unknown keys are ignored, missing ones take their defaults.

    Raises:
        UsageError: not a report, of a newer version, or a value has the wrong type.
    """
    version = data.get("contentkit")
    if not isinstance(version, int) or isinstance(version, bool):
        raise UsageError("This JSON is not a contentkit report: it has no version under 'contentkit'.")
    if version > VERSION:
        raise UsageError(
            f"The report has format version {version}; this contentkit reads up to {VERSION}.",
            hint="Upgrade contentkit.",
        )
    usage = data.get("usage")
    return Report(
        kind=_text(data, "kind"),
        body=_text(data, "body"),
        fields=dict(_object(data.get("fields") or {}, "fields")),
        findings=tuple(_each(data, "findings", _finding_in)),
        coverage=tuple(_each(data, "coverage", _covered_in)),
        notices=_strings(data, "notices"),
        sources=_strings(data, "sources"),
        usage=None if usage is None else _usage_in(_object(usage, "usage")),
        cost=_number(data, "cost"),
        cost_estimated=_flag(data, "cost_estimated", default=True),
        model=_text(data, "model"),
        answered_by=_text(data, "answered_by"),
        sent_to=_text(data, "sent_to"),
        finish=Finish(_one_of(data, "finish", [finish.value for finish in Finish], Finish.STOP.value)),
        language=_text(data, "language"),
        topic=_text(data, "topic"),
        digests=_texts(data, "digests"),
        parent=_text(data, "parent"),
        series=_text(data, "series"),
        variant=_whole(data, "variant") or 0,
        prompt=_text(data, "prompt"),
        created=_text(data, "created"),
        seconds=_number(data, "seconds") or 0.0,
        id=_text(data, "id"),
        given=dict(_object(data.get("given") or {}, "given")),
        manner={
            name: _texts(manner, name) for manner in [_object(data.get("manner") or {}, "manner")] for name in manner
        },
        disclosure=_disclosure_in(data),
    )


def _disclosure_in(data: Mapping[str, Any]) -> Disclosure:
    """Reports of before there was a disclosure have no key, and the default; null is a mark that is off."""
    told = data.get("disclosure", {})
    if told is None:
        return Disclosure(mark=False)
    told = _object(told, "disclosure")
    return Disclosure(True, _flag(told, "visible", default=False), _text(told, "reviewer"), _text(told, "reviewed"))


def _finding_in(data: Mapping[str, Any]) -> Finding:
    place = data.get("place")
    confidence = _number(data, "confidence")
    return Finding(
        rule=_text(data, "rule"),
        message=_text(data, "message"),
        severity=Severity(_one_of(data, "severity", [severity.value for severity in Severity], Severity.MINOR.value)),
        place=None if place is None else _place_in(_object(place, "place")),
        category=_text(data, "category"),
        repair=_text(data, "repair"),
        confidence=1.0 if confidence is None else confidence,
        verified=None if data.get("verified") is None else _flag(data, "verified", default=False),
        scenario=_text(data, "scenario"),
        suggestion=_text(data, "suggestion"),
        replacement=None if data.get("replacement") is None else _text(data, "replacement"),
        edits=tuple(_each(data, "edits", _edit_in)),
        fingerprint=_text(data, "fingerprint"),
    )


def _edit_in(data: Mapping[str, Any]) -> Edit:
    line, end_line = _whole(data, "line"), _whole(data, "end_line")
    if line is None or end_line is None:
        raise _wrong("line" if line is None else "end_line", "a whole number")
    return Edit(_text(data, "path"), line, end_line, _text(data, "text"))


def _place_in(data: Mapping[str, Any]) -> Place:
    return Place(
        path=_text(data, "path"),
        line=_whole(data, "line"),
        end_line=_whole(data, "end_line"),
        column=_whole(data, "column"),
        end_column=_whole(data, "end_column"),
        side=cast("Literal['LEFT', 'RIGHT']", _one_of(data, "side", ["LEFT", "RIGHT"], "RIGHT")),
        quote=_text(data, "quote"),
        part=_text(data, "part"),
        context=_text(data, "context"),
    )


def _covered_in(data: Mapping[str, Any]) -> Covered:
    state = _one_of(data, "state", ["read", "skipped", "failed"], "failed")
    return Covered(_text(data, "name"), cast("Literal['read', 'skipped', 'failed']", state), _text(data, "reason"))


def _usage_in(data: Mapping[str, Any]) -> Usage:
    return Usage(
        input_tokens=_whole(data, "input_tokens") or 0,
        output_tokens=_whole(data, "output_tokens") or 0,
        cached_tokens=_whole(data, "cached_tokens") or 0,
        cache_write_tokens=_whole(data, "cache_write_tokens") or 0,
        reasoning_tokens=_whole(data, "reasoning_tokens") or 0,
        cost=_number(data, "cost"),
        estimated=_flag(data, "estimated", default=False),
    )


def _wrong(key: str, wanted: str) -> UsageError:
    return UsageError(f"The report can't be read: '{key}' must be {wanted}.")


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key, "")
    if not isinstance(value, str):
        raise _wrong(key, "text")
    return value


def _texts(data: Mapping[str, Any], key: str) -> dict[str, str]:
    found = _object(data.get(key) or {}, key)
    if not all(isinstance(value, str) for value in found.values()):
        raise _wrong(key, "an object of texts")
    return {name: str(value) for name, value in found.items()}


def _flag(data: Mapping[str, Any], key: str, *, default: bool) -> bool:
    value = data.get(key, default)
    if not isinstance(value, bool):
        raise _wrong(key, "true or false")
    return value


def _number(data: Mapping[str, Any], key: str) -> float | None:
    value = data.get(key)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise _wrong(key, "a number")
    return value


def _whole(data: Mapping[str, Any], key: str) -> int | None:
    value = data.get(key)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise _wrong(key, "a whole number")
    return value


def _one_of(data: Mapping[str, Any], key: str, known: Sequence[str], default: str) -> str:
    value = data.get(key, default)
    if value not in known:
        raise _wrong(key, f"one of {', '.join(known)}")
    return str(value)


def _object(value: object, key: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _wrong(key, "an object")
    return value


def _list(data: Mapping[str, Any], key: str) -> Sequence[object]:
    value = data.get(key, [])
    if not isinstance(value, list | tuple):
        raise _wrong(key, "a list")
    return value


def _each(data: Mapping[str, Any], key: str, make: Callable[[Mapping[str, Any]], T]) -> list[T]:
    return [make(_object(item, f"{key}[{place}]")) for place, item in enumerate(_list(data, key))]


def _strings(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    items = _list(data, key)
    if not all(isinstance(item, str) for item in items):
        raise _wrong(key, "a list of texts")
    return tuple(str(item) for item in items)
