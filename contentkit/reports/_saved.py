"""A report that was saved as JSON, read back: nothing in it is taken on trust."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeVar, cast

from contentkit.core.chat import Finish, Usage
from contentkit.core.disclosure import Disclosure
from contentkit.core.errors import UsageError
from contentkit.core.report import Covered, Edit, Finding, Place, Report, Severity

VERSION = 1
"""Rises only when a key goes away or changes its meaning; new keys come without a new version."""

T = TypeVar("T")


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
