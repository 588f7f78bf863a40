"""JSON reports obey the shipped schema and come back as they were."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from contentkit.core.chat import Finish, Usage
from contentkit.core.disclosure import Disclosure
from contentkit.core.errors import UsageError
from contentkit.core.report import Covered, Edit, Finding, Place, Report, Severity
from contentkit.reports import json as json_report

SCHEMA: dict[str, Any] = json.loads((files("contentkit.reports") / "report.schema.json").read_text("utf-8"))

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
line = st.none() | st.integers(1, 10**6)
count = st.integers(0, 10**9)
money = st.none() | st.floats(0, 1e6)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False) | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=6,
)
places = st.builds(Place, text, line, line, line, line, st.sampled_from(["LEFT", "RIGHT"]), text)
edits = st.builds(Edit, text, st.integers(1, 10**6), st.integers(0, 10**6), text)
findings = st.builds(
    Finding,
    text.filter(bool),
    text,
    st.sampled_from(Severity),
    st.none() | places,
    text,
    text,
    st.floats(0, 1),
    st.none() | st.booleans(),
    text,
    text,
    st.lists(edits, max_size=2).map(tuple),
    text,
)
usages = st.builds(Usage, count, count, count, count, count, money, st.booleans())
covered = st.builds(Covered, text, st.sampled_from(["read", "skipped", "failed"]), text)
reports = st.builds(
    Report,
    kind=text,
    body=text,
    fields=st.dictionaries(text, plain, max_size=3),
    findings=st.lists(findings, max_size=2).map(tuple),
    coverage=st.lists(covered, max_size=2).map(tuple),
    notices=st.lists(text, max_size=2).map(tuple),
    usage=st.none() | usages,
    cost=money,
    cost_estimated=st.booleans(),
    model=text,
    answered_by=text,
    sent_to=text,
    finish=st.sampled_from(Finish),
    language=text,
    topic=text,
    sources=st.lists(text, max_size=2).map(tuple),
    prompt=text,
    created=text,
    seconds=st.floats(0, 1e6),
    id=text,
    disclosure=st.just(Disclosure(mark=False)) | st.builds(Disclosure, st.just(True), st.booleans(), text, text),
)


@settings(max_examples=150, deadline=None)
@given(reports)
def test_a_report_comes_back_as_it_was(report: Report) -> None:
    data = json.loads(json_report.render(report))
    assert json_report.from_dict(data) == report
    Draft202012Validator(SCHEMA).validate(data)


def _undocumented(schema: dict[str, Any], data: Any, where: str = "") -> list[str]:
    """Keys in the data that the schema does not name; ``fields`` belongs to the kinds."""
    for option in schema.get("anyOf", [schema]):
        if "$ref" in option:
            schema = SCHEMA["$defs"][option["$ref"].rsplit("/", 1)[1]]
    if isinstance(data, list):
        return [key for item in data for key in _undocumented(schema.get("items", {}), item, f"{where}[]")]
    if not isinstance(data, dict) or where == ".fields":
        return []
    known = schema.get("properties", {})
    missing = [f"{where}.{key}" for key in data if key not in known]
    return missing + [
        found
        for key, item in data.items()
        if key in known
        for found in _undocumented(known[key], item, f"{where}.{key}")
    ]


def full() -> Report:
    finding = Finding("limits/x", "Too long.", Severity.MAJOR, Place("posts[0].text", 1, 2, 3, 4, "RIGHT", "words"))
    finding = replace(finding, edits=(Edit("a.py", 2, 1, "x\n"),), fingerprint="f1")
    return Report(
        "social",
        "body",
        fields={"posts": [{"text": "hello"}]},
        findings=(finding,),
        coverage=(Covered("a.md", "read"),),
        usage=Usage(1, 2),
    )


def test_every_key_written_is_in_the_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert _undocumented(SCHEMA, json_report.to_dict(full())) == []


def test_the_schema_refuses_what_we_never_write() -> None:
    data = json_report.to_dict(full()) | {"finish": "maybe"}
    assert list(Draft202012Validator(SCHEMA).iter_errors(data))
    del data["finish"]
    assert list(Draft202012Validator(SCHEMA).iter_errors(data))


def test_variants_are_one_array() -> None:
    array = json.loads(json_report.join([json_report.render(full())] * 2))
    assert [json_report.from_dict(item) for item in array] == [full(), full()]


def test_text_that_utf8_cannot_hold_is_replaced() -> None:
    report = Report("article", "broken \ud83d end", fields={"n": float("nan"), "\udc00": ("a", 1)})
    rendered = json_report.render(report)
    rendered.encode("utf-8")
    assert json.loads(rendered)["body"].startswith("broken \ufffd")
    assert json.loads(rendered)["fields"]["n"] is None


def test_japanese_stays_readable() -> None:
    assert "日本語" in json_report.render(Report("article", "日本語"))


def test_older_and_foreign_keys() -> None:
    report = json_report.from_dict({"contentkit": 1, "kind": "email", "body": "hi", "from_the_future": True})
    assert report == Report("email", "hi")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ({}, "not a contentkit report"),
        ({"contentkit": 2}, "Upgrade"),
        ({"contentkit": 1, "body": 5}, "'body' must be text"),
        ({"contentkit": 1, "findings": {"a": 1}}, "'findings' must be a list"),
        ({"contentkit": 1, "findings": ["x"]}, "'findings[0]' must be an object"),
        ({"contentkit": 1, "finish": "later"}, "'finish' must be one of stop"),
        ({"contentkit": 1, "usage": {"input_tokens": 1.5}}, "'input_tokens' must be a whole number"),
        ({"contentkit": 1, "findings": [{"rule": "a", "edits": [{"path": "a", "line": 1}]}]}, "'end_line' must be"),
        ({"contentkit": 1, "cost": "free"}, "'cost' must be a number"),
        ({"contentkit": 1, "findings": [{"rule": "a", "severity": ["major"]}]}, "'severity' must be one of"),
    ],
)
def test_a_wrong_value_is_one_sentence(data: dict[str, Any], word: str) -> None:
    with pytest.raises(UsageError, match=r".") as error:
        json_report.from_dict(data)
    assert word in str(error.value)
