"""Findings of other tools: SARIF and rdjson from anybody, and the commands that print them."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from contentkit.analyzers import _rdjson, _sarif, _tool
from contentkit.code.edits import applied
from contentkit.core.errors import ContentkitError, UsageError
from contentkit.core.report import Finding, Place, Severity

ROOT = "/home/user/project"
TEXT = "a = 'é日😀' + undefined\nb = 2\n"


def sarif(*results: dict[str, Any], **run: Any) -> str:
    driver = {"name": "Some Linter", "rules": run.pop("rules", [])}
    return json.dumps({"version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": list(results), **run}]})


def result(uri: str = "src/a.py", region: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    place = {"artifactLocation": {"uri": uri}, **({"region": region} if region else {})}
    return {"ruleId": "X1", "message": {"text": "Wrong."}, "locations": [{"physicalLocation": place}], **more}


def one(text: str, **options: Any) -> Finding:
    (finding,) = _sarif.findings(text, **options)
    return finding


def test_a_result_becomes_a_finding() -> None:
    finding = one(sarif(result(region={"startLine": 3, "endLine": 4}, level="error")))
    assert (finding.rule, finding.message, finding.severity) == ("some-linter/X1", "Wrong.", Severity.MAJOR)
    assert finding.place == Place("src/a.py", 3, 4)


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("src/a.py", "src/a.py"),
        ("./src/a%20b.py", "src/a b.py"),
        (f"file://{ROOT}/src/a.py", "src/a.py"),
        (f"{ROOT}/src/a.py", "src/a.py"),
        ("file:///C:/other/a.py", None),
        ("src\\a.py", "src/a.py"),
        ("../outside.py", None),
        ("/etc/passwd", None),
        ("https://example.com/a.py", None),
        ("src/../a.py", "a.py"),
    ],
)
def test_addresses(uri: str, path: str | None) -> None:
    place = one(sarif(result(uri)), root=ROOT).place
    assert (place.path if place else None) == path


def test_base_ids_and_indexes_of_artifacts() -> None:
    base = {
        "originalUriBaseIds": {"SRCROOT": {"uri": f"file://{ROOT}/"}, "LIB": {"uri": "lib/", "uriBaseId": "SRCROOT"}}
    }
    found = result()
    found["locations"][0]["physicalLocation"]["artifactLocation"] = {"uri": "a.py", "uriBaseId": "LIB"}
    assert one(sarif(found, **base), root=ROOT).place == Place("lib/a.py")
    found["locations"][0]["physicalLocation"]["artifactLocation"] = {"index": 0}
    assert one(sarif(found, artifacts=[{"location": {"uri": "b.py"}}])).place == Place("b.py")


def test_columns_are_code_points() -> None:
    units = {"startLine": 1, "startColumn": 14, "endColumn": 23}
    assert TEXT.split("\n")[0][12:21] == "undefined"
    place = one(sarif(result(region=units)), text_of={"src/a.py": TEXT}.get).place
    assert place is not None
    assert (place.column, place.end_column) == (13, 22)
    plain = one(sarif(result(region=units), columnKind="unicodeCodePoints"), text_of={"src/a.py": TEXT}.get).place
    assert plain is not None
    assert (plain.column, plain.end_column) == (14, 23)


@pytest.mark.parametrize(
    ("more", "rule", "severity"),
    [
        ({}, {}, Severity.MINOR),
        ({"level": "note"}, {}, Severity.INFO),
        ({"level": "none"}, {}, Severity.INFO),
        ({}, {"defaultConfiguration": {"level": "error"}}, Severity.MAJOR),
        ({"level": "warning"}, {"defaultConfiguration": {"level": "error"}}, Severity.MINOR),
        ({"level": "note"}, {"properties": {"security-severity": "9.8"}}, Severity.CRITICAL),
        ({"level": "error"}, {"properties": {"security-severity": "5.0"}}, Severity.MINOR),
        ({"kind": "review", "level": "none"}, {"defaultConfiguration": {"level": "error"}}, Severity.INFO),
    ],
)
def test_severities(more: dict[str, Any], rule: dict[str, Any], severity: Severity) -> None:
    rules = [{"id": "other"}, {"id": "X1", **rule}]
    assert one(sarif(result(**more), rules=rules)).severity is severity
    assert one(sarif(result(ruleIndex=1, **more) | {"ruleId": ""}, rules=rules)).severity is severity


@pytest.mark.parametrize(
    "more",
    [
        {"kind": "pass"},
        {"kind": "notApplicable"},
        {"suppressions": [{"kind": "inSource"}]},
        {"suppressions": [{"kind": "external", "status": "accepted"}]},
        {"baselineState": "absent"},
    ],
)
def test_what_is_in_order_or_dismissed_is_left_out(more: dict[str, Any]) -> None:
    assert not _sarif.findings(sarif(result(**more)))
    assert _sarif.findings(sarif(result(suppressions=[]), result(suppressions=[{"status": "rejected"}])))


def test_messages_by_id_with_arguments() -> None:
    rules = [{"id": "X1", "messageStrings": {"m": {"text": "{0} is not {1}."}}}]
    finding = one(sarif(result(message={"id": "m", "arguments": ["a", "b"]}), rules=rules))
    assert finding.message == "a is not b."


def test_a_fix_becomes_edits_where_the_text_is_known() -> None:
    region = {"startLine": 1, "startColumn": 14, "endColumn": 23}
    change = {"artifactLocation": {"uri": "src/a.py"}, "replacements": [
        {"deletedRegion": region, "insertedContent": {"text": "known"}}]}  # fmt: skip
    text = sarif(result(region=region, fixes=[{"artifactChanges": [change]}]))
    assert one(text).edits == ()
    assert applied(TEXT, one(text, text_of={"src/a.py": TEXT}.get).edits) == TEXT.replace("undefined", "known")


def test_a_byte_order_mark_and_odd_values_do_no_harm() -> None:
    odd = {"ruleId": 3, "message": [], "locations": [None, {"physicalLocation": {"artifactLocation": {"uri": "a"},
           "region": {"startLine": -1, "endLine": "x"}}}], "level": {}, "fixes": [3]}  # fmt: skip
    finding = one("\ufeff" + sarif(odd))
    assert finding.place == Place("a")
    assert finding.rule == "some-linter/finding"


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"runs": 3}', "null", "[" * 100_000])
def test_what_is_no_sarif_is_said_in_a_sentence(text: str) -> None:
    with pytest.raises(UsageError, match="not SARIF"):
        _sarif.findings(text)


def diagnostic(**more: Any) -> dict[str, Any]:
    span = {"start": {"line": 1, "column": 19}, "end": {"line": 1, "column": 28}}
    location = {"path": "src/a.py", "range": span}
    return {"message": "Wrong.", "location": location, "severity": "ERROR", "code": {"value": "E1"}, **more}


def test_rdjson_and_rdjsonl_and_columns_in_bytes() -> None:
    whole = json.dumps({"source": {"name": "tool"}, "diagnostics": [diagnostic()]}, indent=1)
    lines = "\n".join(json.dumps(diagnostic(source={"name": "tool"})) for _ in range(2))
    for text, count in ((whole, 1), (lines, 2), ("\ufeff" + lines + "\n", 2)):
        found = _rdjson.findings(text, text_of={"src/a.py": TEXT}.get)
        assert len(found) == count
        assert (found[0].rule, found[0].severity) == ("tool/E1", Severity.MAJOR)
        assert found[0].place == Place("src/a.py", 1, 1, 13, 22)
    assert _rdjson.findings("") == []
    assert _rdjson.findings('{"diagnostics": []}') == []


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        ("WARNING", Severity.MINOR),
        ("INFO", Severity.INFO),
        (1, Severity.MAJOR),
        ("", Severity.MINOR),
        (None, Severity.MINOR),
    ],
)
def test_rdjson_severities(severity: object, expected: Severity) -> None:
    (found,) = _rdjson.findings(json.dumps({"diagnostics": [diagnostic(severity=severity)]}))
    assert found.severity is expected


def suggested(span: dict[str, Any], text: str) -> str:
    one = diagnostic(suggestions=[{"range": span, "text": text}])
    (found,) = _rdjson.findings(json.dumps(one), text_of={"src/a.py": TEXT}.get)
    return applied(TEXT, found.edits)


def test_rdjson_suggestions_are_edits() -> None:
    name = {"start": {"line": 1, "column": 19}, "end": {"line": 1, "column": 28}}
    assert suggested(name, "known") == TEXT.replace("undefined", "known")
    assert suggested({"start": {"line": 2, "column": 1}}, "x = 1\n") == TEXT.replace("b = 2", "x = 1\nb = 2")
    assert suggested({"start": {"line": 2}, "end": {"line": 2}}, "b = 3") == TEXT.replace("b = 2", "b = 3")
    assert (
        suggested({"start": {"line": 2, "column": 1}, "end": {"line": 3, "column": 1}}, "")
        == TEXT.split("\n")[0] + "\n"
    )


@pytest.mark.parametrize("text", ["{", "[]", '{"diagnostics": 3}', "3", '{"message": "a"}\n{'])
def test_what_is_no_rdjson_is_said_in_a_sentence(text: str) -> None:
    with pytest.raises(UsageError, match="not rdjson"):
        _rdjson.findings(text)


def program(folder: Path, text: str) -> list[str]:
    (folder / "tool.py").write_text(text, encoding="utf-8")
    return [sys.executable, "tool.py"]


def test_a_tool_runs_in_the_work_tree_and_may_exit_with_one(tmp_path: Path) -> None:
    text = sarif(result(f"{tmp_path}/src/a.py"))
    command = program(tmp_path, f"import os, sys\nprint({text!r})\nsys.exit(1)\n")
    (finding,) = _tool.run(command, "sarif", root=str(tmp_path))
    assert finding.place == Place("src/a.py")
    assert _tool.run(program(tmp_path, ""), "rdjson", root=str(tmp_path)) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("import sys; sys.exit('no such rule')", "ended with 1 and printed no findings \\(no such rule\\)"),
        ("print('hello')", "printed no sarif"),
    ],
)
def test_a_tool_that_fails_says_so_in_a_sentence(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ContentkitError, match=words):
        _tool.run(program(tmp_path, text), "sarif", root=str(tmp_path))


def test_a_tool_that_is_not_there_or_has_no_place_to_run(tmp_path: Path) -> None:
    with pytest.raises(ContentkitError, match="could not be started"):
        _tool.run([str(tmp_path / "nope")], "sarif", root=str(tmp_path))
    with pytest.raises(ContentkitError, match="needs a work tree"):
        _tool.run(["x"], "sarif", root="")
    with pytest.raises(UsageError, match="no format"):
        _tool.run(["x"], "xml", root=str(tmp_path))


def test_a_tool_is_stopped_with_all_it_started(tmp_path: Path) -> None:
    text = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
    started = time.perf_counter()
    with pytest.raises(ContentkitError, match="took more than 1 seconds"):
        _tool.run(program(tmp_path, text), "sarif", root=str(tmp_path), timeout=1)
    assert time.perf_counter() - started < 20


def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    with pytest.raises(ContentkitError, match="could not be started"):
        _tool.run(["echo {}; touch made"], "sarif", root=str(tmp_path))
    assert not (tmp_path / "made").exists()
