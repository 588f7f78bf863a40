"""SARIF obeys its published schema, where a copy is at hand, and GitHub's rules, always."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given, settings
from reviews import ANY, CLEAN, EVIL, MANY, MIXED, PATHS, REVIEWS

from contentkit.core.report import Edit, Finding, Place, Report, Severity
from contentkit.reports import sarif

MIRROR = Path(__file__).parents[3] / ".mirror" / "oasis-tcs+sarif-spec" / "repo"
PUBLISHED = "sarif-2.1/schema/sarif-schema-2.1.0.json"


@pytest.fixture(scope="module")
def schema() -> Any:
    """A validator for the schema that OASIS publishes; it is not ours to carry along."""
    if not MIRROR.is_dir():
        pytest.skip("the repository of the SARIF standard is not at ../.mirror")
    from jsonschema import FormatChecker
    from jsonschema.validators import validator_for

    read = subprocess.run(["git", "--git-dir", MIRROR, "show", f"HEAD:{PUBLISHED}"], capture_output=True, check=True)
    published = json.loads(read.stdout)
    return validator_for(published)(published, format_checker=FormatChecker())


def run_of(report: Report) -> dict[str, Any]:
    log = json.loads(sarif.render(report))
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    run: dict[str, Any] = log["runs"][0]
    return run


@pytest.mark.parametrize("name", REVIEWS)
def test_the_published_schema_takes_it(name: str, schema: Any) -> None:
    log = json.loads(sarif.render(REVIEWS[name]))
    assert [error.message for error in schema.iter_errors(log)] == []
    broken = json.loads(json.dumps(log).replace('"executionSuccessful"', '"executionSucceeded"'))
    assert list(schema.iter_errors(broken))  # the validator does look


@settings(max_examples=60)
@given(ANY)
def test_the_published_schema_takes_any_text(schema: Any, report: Report) -> None:
    assert [error.message for error in schema.iter_errors(json.loads(sarif.render(report)))] == []


def no_empty_text(value: Any, where: str = "") -> None:
    """GitHub rejects empty strings where words are expected."""
    if isinstance(value, dict):
        for key, item in value.items():
            no_empty_text(item, f"{where}.{key}")
    elif isinstance(value, list):
        for item in value:
            no_empty_text(item, f"{where}[]")
    else:
        assert value != "", where


def obeys_github(run: dict[str, Any]) -> None:
    """What "SARIF support for code scanning" in GitHub's documentation asks for."""
    driver = run["tool"]["driver"]
    ids = [rule["id"] for rule in driver["rules"]]
    assert driver["name"]
    assert len(set(ids)) == len(ids)
    for rule in driver["rules"]:
        assert 0 < len(rule["id"]) <= 255
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        assert rule["properties"]["precision"] in ("very-high", "high", "medium", "low")
        assert rule["properties"]["problem.severity"] in ("error", "warning", "recommendation")
        assert len(rule["properties"]["tags"]) <= 20
        if score := rule["properties"].get("security-severity"):
            assert 0.0 < float(score) <= 10.0
    assert len(run["results"]) <= 25_000
    marks = [result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]]
    assert len(set(marks)) == len(marks)
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("note", "warning", "error")
        assert result["message"]["text"]
        place = result["locations"][0]["physicalLocation"]
        address = urlsplit(place["artifactLocation"]["uri"])
        assert not address.scheme
        assert not address.netloc
        assert re.fullmatch(r"[A-Za-z0-9_.~%/-]+", address.path)
        assert not address.path.startswith("/")
        region = place["region"]
        assert 1 <= region["startLine"] <= region["endLine"]
        assert region.get("startColumn", 1) >= 1
        if region["startLine"] == region["endLine"] and "endColumn" in region:
            assert region["endColumn"] >= region["startColumn"]
    assert run["automationDetails"]["id"] == "contentkit/review/"


@pytest.mark.parametrize("name", REVIEWS)
def test_github_would_take_it(name: str) -> None:
    run = run_of(REVIEWS[name])
    obeys_github(run)
    no_empty_text(run)


@settings(max_examples=100)
@given(ANY)
def test_github_would_take_any_text(report: Report) -> None:
    obeys_github(run_of(report))


def test_levels_and_scores() -> None:
    run = run_of(MIXED)
    assert [result["level"] for result in run["results"]] == ["error", "error", "error", "warning", "warning", "note"]
    rules = {rule["id"]: rule["properties"] for rule in run["tool"]["driver"]["rules"]}
    assert rules["security/injection"]["security-severity"] == "9.5"
    assert "security-severity" not in rules["ruff/F821"]
    assert rules["ruff/F821"]["precision"] == "very-high"
    assert rules["bugs/race"]["precision"] == "low"


def test_a_rule_is_as_grave_as_its_gravest_finding() -> None:
    place = Place("a.py", 1)
    findings = (Finding("a/b", "x", Severity.INFO, place), Finding("a/b", "y", Severity.CRITICAL, place, "security"))
    rules = run_of(Report("review", "", findings=findings))["tool"]["driver"]["rules"]
    assert [rule["defaultConfiguration"]["level"] for rule in rules] == ["error"]
    assert rules[0]["properties"]["security-severity"] == "9.5"


def test_long_names_of_rules_and_categories_fit() -> None:
    finding = Finding(f"a/{'b' * 3000}", "m", place=Place("a.py", 1))
    many = tuple(replace(finding, category=f"{number}" * 60) for number in range(30))
    obeys_github(run_of(Report("review", "", findings=many)))


def test_places() -> None:
    at = {result["ruleId"]: result["locations"][0]["physicalLocation"]["region"] for result in run_of(MIXED)["results"]}
    assert at["ruff/F821"] == {
        "startLine": 57, "endLine": 57, "startColumn": 12, "endColumn": 17,
        "snippet": {"text": "    return cahce.get(name)"},
    }  # fmt: skip
    assert at["bugs/guard"] == at["design/size"] == {"startLine": 1, "endLine": 1}
    results = {result["ruleId"]: result for result in run_of(MIXED)["results"]}
    assert results["bugs/guard"]["properties"]["side"] == "LEFT"
    assert (results["bugs/guard"]["properties"]["line"], results["bugs/guard"]["properties"]["endLine"]) == (12, 13)
    assert results["bugs/guard"]["message"]["text"].endswith("(deleted lines 12 to 13)")
    assert results["design/size"]["properties"]["scope"] == "file"
    assert results["tests/missing"]["properties"]["scope"] == "change"


def test_odd_paths_come_back() -> None:
    uris = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run_of(EVIL)["results"]]
    for path, uri in zip(PATHS, uris, strict=False):
        assert unquote(uri, errors="surrogateescape") == path


def test_fixes_say_what_goes_and_what_comes() -> None:
    edits = (
        Edit("a.py", 4, 5, "x\ny\n"),
        Edit("a.py", 9, 8, "new\n"),
        Edit("b c.py", 2, 3, ""),
    )
    report = Report("review", "", findings=(Finding("a/b", "m", place=Place("a.py", 4), edits=edits),))
    changes = run_of(report)["results"][0]["fixes"][0]["artifactChanges"]
    assert [change["artifactLocation"]["uri"] for change in changes] == ["a.py", "b%20c.py"]
    assert changes[0]["replacements"] == [
        {"deletedRegion": {"startLine": 4, "endLine": 5}, "insertedContent": {"text": "x\ny"}},
        {
            "deletedRegion": {"startLine": 9, "startColumn": 1, "endLine": 9, "endColumn": 1},
            "insertedContent": {"text": "new\n"},
        },
    ]
    assert changes[1]["replacements"] == [
        {"deletedRegion": {"startLine": 2, "startColumn": 1, "endLine": 4, "endColumn": 1}}
    ]


def test_an_incomplete_review_is_no_success_and_says_why() -> None:
    invocation = run_of(MIXED)["invocations"][0]
    assert invocation["executionSuccessful"] is False
    said = [(note["level"], note["message"]["text"]) for note in invocation["toolExecutionNotifications"]]
    assert ("error", "src/files.py @@ -1,9 +1,9 @@: bugs: no answer in time") in said
    assert ("note", "logo.png: binary") in said
    assert ("warning", MIXED.notices[0]) in said
    assert run_of(CLEAN)["invocations"][0]["executionSuccessful"] is True
    assert run_of(REVIEWS["cut"])["invocations"][0]["executionSuccessful"] is False


def test_what_the_code_suppresses_is_told_and_opens_no_alert() -> None:
    run = run_of(MIXED)
    assert run["properties"]["suppressed"] == [
        {"rule": "debug/print", "path": "src/cli.py", "line": "3", "reason": "it is the output"}
    ]
    assert "debug/print" not in [result["ruleId"] for result in run["results"]]


def test_fingerprints_are_those_of_the_findings() -> None:
    marks = [result["partialFingerprints"]["primaryLocationLineHash"] for result in run_of(MIXED)["results"]]
    assert marks == ["aa11:1", "bb22:1", "cc33:1", "dd44:1", "ee55:1", "ff66:1"]


def test_no_message_is_a_link() -> None:
    report = Report("review", "", findings=(Finding("a/b", "see [here](https://evil.example) and a[0](1)"),))
    text = run_of(report)["results"][0]["message"]["text"]
    assert not re.search(r"\[[^\]]*\]\(", text)


def test_github_takes_25000_and_the_gravest_stay() -> None:
    findings = MANY.findings * 84  # 25,200
    run = run_of(replace(MANY, findings=tuple(replace(finding, fingerprint="") for finding in findings)))
    assert len(run["results"]) == sarif.MOST == 25_000
    grades = [result["properties"]["severity"] for result in run["results"]]
    assert grades.count("critical") == 15 * 84
    assert grades.count("info") == 100 * 84 - 200
    said = [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
    assert any(text.startswith("200 findings, the least grave, are left out") for text in said)


def test_a_part_of_a_draft_is_no_file() -> None:
    report = Report("social", "x", findings=(Finding("limits/x", "too long", place=Place("posts[0].text")),))
    assert run_of(report)["results"][0]["locations"] == [
        {"logicalLocations": [{"fullyQualifiedName": "posts[0].text"}]}
    ]
