"""A review in every format: golden files, the same findings in all, and any text survives the way out and back.

After a wanted change: ``REWRITE_GOLDEN=1 pytest tests/reports``, then read the difference.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from reviews import ANY, CLEAN, EVIL, MANY, MIXED, PATHS, REVIEWS

from contentkit import __version__
from contentkit.core.report import Covered, Edit, Finding, Place, Report, Severity
from contentkit.reports import checkstyle, github, gitlab, junit, rdjson, sarif
from contentkit.reports._facts import account, facts
from contentkit.reports._machine import file_of, plain

GOLDEN = Path(__file__).parents[1] / "golden" / "reviews"
ENDINGS = {
    "text": "txt", "markdown": "md", "json": "json", "html": "html", "sarif": "sarif", "github": "github.txt",
    "gitlab": "gitlab.json", "rdjson": "rdjson", "checkstyle": "checkstyle.xml", "junit": "junit.xml",
}  # fmt: skip


def rendered(form: str, report: Report) -> str:
    module = importlib.import_module(f"contentkit.reports.{form}")
    text = module.render(report)
    assert isinstance(text, str)
    return text


def everything(report: Report) -> Report:
    """The report with no finding held back from people."""
    return replace(report, fields={**report.fields, "shown": None})


@pytest.mark.parametrize("form", ENDINGS)
@pytest.mark.parametrize("name", ["clean", "mixed"])
def test_golden(name: str, form: str) -> None:
    made = rendered(form, REVIEWS[name]).replace(f'"semanticVersion": "{__version__}"', '"semanticVersion": "0"')
    path = GOLDEN / f"{name}.{ENDINGS[form]}"
    if os.environ.get("REWRITE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made, "utf-8")
    assert made == path.read_text("utf-8")


@pytest.mark.parametrize("form", ENDINGS)
@pytest.mark.parametrize("name", REVIEWS)
def test_every_review_comes_out_in_every_format(name: str, form: str) -> None:
    made = rendered(form, REVIEWS[name])
    assert made == rendered(form, REVIEWS[name])
    assert made.encode("utf-8").endswith(b"\n")
    assert not made.startswith("\ufeff")


# The way back: what a program that reads the format sees


def unescaped(text: str) -> str:
    """As GitHub's runner undoes the escapes of a command."""
    for escape, sign in (("%3A", ":"), ("%2C", ","), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(escape, sign)
    return text


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """The workflow commands in a log: name, properties and message; as the runner finds them, at the start of lines."""
    found = []
    for line in re.split(r"[\r\n]+", text):
        if match := re.match(r"\s*::([a-z-]+)(?: ([^:]*))?::(.*)$", line):
            pairs = (pair.partition("=") for pair in (match[2] or "").split(",") if pair)
            found.append((match[1], {key: unescaped(value) for key, _, value in pairs}, unescaped(match[3])))
    return found


def read_sarif(text: str) -> list[tuple[str, str]]:
    def path(result: dict[str, Any]) -> str:
        from urllib.parse import unquote

        location = result["locations"][0]["physicalLocation"]
        return unquote(location["artifactLocation"]["uri"], errors="replace")

    results = [result for run in json.loads(text)["runs"] for result in run["results"]]
    return [(path(result), result["message"]["text"]) for result in results]


def read_gitlab(text: str) -> list[tuple[str, str]]:
    return [(issue["location"]["path"], issue["description"]) for issue in json.loads(text)]


def read_rdjson(text: str) -> list[tuple[str, str]]:
    return [(item["location"]["path"], item["message"]) for item in json.loads(text)["diagnostics"]]


def read_checkstyle(text: str) -> list[tuple[str, str]]:
    root = ET.fromstring(text.encode())
    return [(file.get("name", ""), error.get("message", "")) for file in root for error in file]


def read_junit(text: str) -> list[tuple[str, str]]:
    cases = ET.fromstring(text.encode()).iter("testcase")
    kinds = {(case, part.tag, part.text or "") for case in cases for part in case}
    return [(case.get("classname", ""), words) for case, tag, words in kinds if tag in ("failure", "system-out")]


READERS: dict[str, tuple[Callable[[Report], str], Callable[[str], list[tuple[str, str]]]]] = {
    "sarif": (sarif.render, read_sarif),
    "gitlab": (gitlab.render, read_gitlab),
    "rdjson": (rdjson.render, read_rdjson),
    "checkstyle": (checkstyle.render, read_checkstyle),
    "junit": (junit.render, read_junit),
}


def gaps(form: str, report: Report) -> int:
    """How many entries tell what could not be reviewed, where a format has no other place for it."""
    failed = [unit for unit in report.coverage if unit.state == "failed"]
    if form not in ("gitlab", "rdjson", "checkstyle"):
        return 0
    return len({(file_of(unit), unit.reason or "it failed") for unit in failed})


@pytest.mark.parametrize("name", REVIEWS)
def test_all_formats_tell_the_same_findings(name: str) -> None:
    report = REVIEWS[name]
    many = len(report.findings)
    for name_of, (render, read) in READERS.items():
        assert len(read(render(report))) == many + gaps(name_of, report)
    assert len(json.loads(rendered("json", report))["findings"]) == many
    whole = everything(report)
    heads = re.findall(r"^(critical|major|minor|info)  ", rendered("text", whole), re.MULTILINE)
    assert len(heads) == many
    assert rendered("html", whole).count("<li class=") == many
    markdown = rendered("markdown", whole)
    more = sum(int(number.replace(",", "")) for number in re.findall(r"^and ([\d,]+) more", markdown, re.MULTILINE))
    assert len(re.findall(r"^- \*\*(?:critical|major|minor|info)\*\*", markdown, re.MULTILINE)) + more == many
    told = commands(rendered("github", report))
    shown = [properties for _, properties, _ in told if re.match("critical|major|minor|info", properties["title"])]
    left = [int(title[1]) for _, at, _ in told if (title := re.match(r"contentkit: (\d+) more", at["title"]))]
    assert len(shown) + sum(left) == many


@settings(max_examples=150)
@given(ANY)
def test_any_text_comes_back_from_every_machine_format(report: Report) -> None:
    for name, (render, read) in READERS.items():
        found = sorted(read(render(report)))
        assert len(found) == len(report.findings) + gaps(name, report), name
        for finding in report.findings:
            assert finding.place
            message = plain(finding.message.strip())
            message = message.replace("](", "] (") if name == "sarif" else message
            path = _as_bytes(finding.place.path) if name == "sarif" else plain(finding.place.path)
            assert any(where == path and message in said for where, said in found), name


def _as_bytes(path: str) -> str:
    """A path as its bytes read: a name that is no UTF-8 has them in halves of characters."""
    try:
        data = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        data = path.encode("utf-8", "replace")
    return data.decode("utf-8", "replace")


@settings(max_examples=150)
@given(ANY)
def test_any_text_comes_back_from_githubs_commands_and_adds_none(report: Report) -> None:
    log = github.render(report)
    found = commands(log)
    assert log.count("\n") == 1 + len(found)
    expected = sorted(report.findings, key=lambda finding: finding.severity.rank)
    told = [entry for entry in found if not entry[1]["title"].startswith("contentkit: ")]
    for finding, (_, properties, said) in zip(expected, told, strict=True):
        assert finding.place
        assert properties["file"] == plain(finding.place.path)
        assert said.startswith(plain(finding.message.strip()))


@settings(max_examples=100)
@given(ANY)
def test_any_text_can_be_shown_to_people(report: Report) -> None:
    for form in ("text", "markdown", "html", "json"):
        rendered(form, report).encode("utf-8")
    shown = rendered("text", report)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
    assert not commands(shown)


# GitHub's commands


def test_github_shows_the_gravest_and_counts_the_rest() -> None:
    told = commands(github.render(MANY))
    names = [name for name, _, _ in told]
    assert (names.count("error"), names.count("warning"), names.count("notice")) == (10, 10, 10)
    assert all(at["title"].startswith("critical") for name, at, _ in told if name == "error")
    cut = replace(MANY, coverage=(Covered("a.py", "failed", "no answer"),))
    assert [name for name, _, _ in commands(github.render(cut))].count("warning") == 10
    assert told[-1][1]["title"] == "contentkit: 271 more"
    assert "271 findings more than GitHub shows of one step: 5 critical, 35 major, 140 minor, 91 info" in told[-1][2]


def test_github_warns_of_what_was_not_reviewed_and_of_the_unverified() -> None:
    told = commands(github.render(MIXED))
    assert ("warning", "contentkit: not everything was reviewed") in [(name, at["title"]) for name, at, _ in told]
    race = next((name, at) for name, at, _ in told if "race" in at["title"])
    assert race == (
        "warning",
        {"file": "src/files.py", "line": "8", "endLine": "8", "title": "major, unverified: bugs/race"},
    )
    deleted = next((at, said) for _, at, said in told if "guard" in at["title"])
    assert "line" not in deleted[0]
    assert deleted[1].endswith("(deleted lines 12 to 13)")


def test_github_escapes_odd_paths() -> None:
    files = [at["file"] for _, at, _ in commands(github.render(EVIL)) if "file" in at]
    assert [plain(path) for path in PATHS if "\udce9" not in path] == files[:9]


def test_github_tells_a_hostile_message_as_it_is() -> None:
    said = [said for name, _, said in commands(github.render(EVIL)) if name == "error"]
    assert "%0A%25 a,b:c" in EVIL.findings[0].message
    for finding, words in zip(EVIL.findings, said, strict=False):
        assert words == f"{plain(finding.message)}\n\nWhen: {plain(finding.scenario)}"


# GitLab


def test_gitlab_is_an_empty_array_when_clean() -> None:
    assert gitlab.render(CLEAN) == "[]\n"


def test_gitlab_has_no_fingerprint_twice_and_keeps_the_given_ones() -> None:
    issues = json.loads(gitlab.render(MANY))
    marks = [issue["fingerprint"] for issue in issues]
    assert len(set(marks)) == 300
    assert marks[:290] == [f"f{number}" for number in range(290)]
    evil = {issue["fingerprint"] for issue in json.loads(gitlab.render(EVIL))}
    assert len(evil) == len(EVIL.findings) + gaps("gitlab", EVIL)


def test_gitlab_severities_are_gitlabs() -> None:
    grades = {issue["check_name"]: issue["severity"] for issue in json.loads(gitlab.render(MIXED))}
    assert grades["security/injection"] == "critical"
    assert grades["bugs/race"] == "minor"  # unverified: it fails nothing


# rdjson


def test_rdjson_columns_count_bytes() -> None:
    line = 'x = "日本語" + 名'
    place = Place("a.py", 3, 3, line.index("+") + 1, len(line) + 1, quote=line)
    found = json.loads(rdjson.render(Report("review", "", findings=(Finding("a/b", "m", place=place),))))
    where = found["diagnostics"][0]["location"]["range"]
    data = line.encode()
    assert where == {
        "start": {"line": 3, "column": data.index(b"+") + 1},
        "end": {"line": 3, "column": len(data) + 1},
    }


@pytest.mark.parametrize("quote", ["", "short", "one\ntwo\nthree"])
def test_rdjson_has_no_column_where_the_line_is_not_known(quote: str) -> None:
    place = Place("a.py", 3, 4, 30, 31, quote=quote)
    found = json.loads(rdjson.render(Report("review", "", findings=(Finding("a/b", "m", place=place),))))
    assert found["diagnostics"][0]["location"]["range"] == {"start": {"line": 3}, "end": {"line": 4}}


@pytest.mark.parametrize(
    ("edit", "suggestion"),
    [
        (Edit("a.py", 2, 3, "x\ny\n"), {"range": {"start": {"line": 2}, "end": {"line": 3}}, "text": "x\ny"}),
        (Edit("a.py", 2, 3, ""), {"range": {"start": {"line": 2}, "end": {"line": 3}}, "text": ""}),
        (
            Edit("a.py", 2, 1, "x\n"),
            {"range": {"start": {"line": 2, "column": 1}, "end": {"line": 2, "column": 1}}, "text": "x\n"},
        ),
    ],
)
def test_rdjson_suggests_whole_lines(edit: Edit, suggestion: dict[str, Any]) -> None:
    report = Report("review", "", findings=(Finding("a/b", "m", place=Place("a.py", 2), edits=(edit,)),))
    assert json.loads(rdjson.render(report))["diagnostics"][0]["suggestions"] == [suggestion]


def test_rdjson_suggests_no_part_of_a_fix() -> None:
    edits = (Edit("a.py", 2, 3, "x\n"), Edit("b.py", 1, 1, "y\n"))
    report = Report("review", "", findings=(Finding("a/b", "m", place=Place("a.py", 2), edits=edits),))
    assert "suggestions" not in json.loads(rdjson.render(report))["diagnostics"][0]


# XML


def test_checkstyle_groups_by_file() -> None:
    root = ET.fromstring(checkstyle.render(MIXED).encode())
    assert [(file.get("name"), len(file)) for file in root] == [
        ("src/users.py", 4), ("src/names.py", 1), ("src/files.py", 2)
    ]  # fmt: skip
    error = root[0][1]
    assert (error.get("line"), error.get("column"), error.get("severity")) == ("57", "12", "error")
    assert error.get("source") == "contentkit.ruff/F821"


@pytest.mark.parametrize(("bar", "failures"), [("critical", 1), ("major", 3), ("minor", 4), ("info", 5)])
def test_junit_fails_what_fails_the_run(bar: str, failures: int) -> None:
    report = replace(MIXED, fields={**MIXED.fields, "fail_on": bar})
    suite = ET.fromstring(junit.render(report).encode())[0]
    assert len(suite.findall("testcase/failure")) == failures == int(suite.get("failures", "-1"))
    assert len(suite.findall("testcase/system-out")) == 6 - failures
    assert (report.exit_code(Severity(bar)) == 1) == bool(failures)


def test_junit_never_passes_what_was_not_reviewed() -> None:
    suite = ET.fromstring(junit.render(MIXED).encode())[0]
    assert [case.get("name") for case in suite.findall("testcase[error]")] == ["not reviewed: bugs: no answer in time"]
    assert len(suite.findall("testcase[skipped]")) == 2
    assert (suite.get("errors"), suite.get("skipped"), suite.get("tests")) == ("1", "2", "9")
    cut = ET.fromstring(junit.render(REVIEWS["cut"]).encode())[0]
    assert cut.get("errors") == "2"


def test_junit_has_a_test_when_clean_and_no_name_twice() -> None:
    assert ET.fromstring(junit.render(CLEAN).encode())[0].get("tests") == "1"
    twins = replace(MIXED, findings=(MIXED.findings[0],) * 3)
    cases = ET.fromstring(junit.render(twins).encode()).iter("testcase")
    names = [(case.get("classname"), case.get("name")) for case in cases]
    assert len(set(names)) == len(names)


# The account


def test_analyzers_alone_are_no_model_and_what_stays_here_is_code() -> None:
    told = dict(facts(CLEAN))
    assert told["model"] == "none; analyzers only"
    assert told["sent to"] == "nowhere; the code stayed on this machine"
    assert "cost" not in told
    assert account(CLEAN)[0] == "analyzers only; the code stayed on this machine; 0.3 s; id c1"
    for form in ("text", "markdown", "html"):
        assert "the text" not in rendered(form, CLEAN)


def test_an_unknown_price_is_not_nothing() -> None:
    for form in ("markdown", "html"):
        assert "price unknown" in rendered(form, REVIEWS["cut"])
    assert "price unknown" in account(REVIEWS["cut"])[0]


@pytest.mark.parametrize("form", ENDINGS)
def test_what_was_not_reviewed_is_told(form: str) -> None:
    assert "no answer in time" in rendered(form, MIXED)


@pytest.mark.parametrize("form", ["gitlab", "rdjson", "checkstyle"])
def test_a_format_of_findings_alone_has_one_for_each_file_that_failed(form: str) -> None:
    failed = [Covered(f"{path} @@ -{n},1 +1,1 @@", "failed", "no answer") for path in ("a.py", "b.py") for n in (1, 2)]
    report = replace(CLEAN, coverage=(*failed, Covered("c.lock", "skipped", "generated")))
    said = "Not reviewed: 2 parts of this file; no answer"
    assert READERS[form][1](rendered(form, report)) == [("a.py", said), ("b.py", said)]
    assert READERS[form][1](rendered(form, replace(report, coverage=report.coverage[-1:]))) == []


@pytest.mark.parametrize("form", ["sarif", "gitlab", "rdjson", "checkstyle", "junit", "github"])
def test_several_reports_are_one_document(form: str) -> None:
    module = importlib.import_module(f"contentkit.reports.{form}")
    joined = module.join([module.render(MIXED), module.render(CLEAN), module.render(MIXED)])
    if form == "github":
        assert len(commands(joined)) == 2 * len(commands(module.render(MIXED)))
    else:
        assert len(READERS[form][1](joined)) == 2 * (len(MIXED.findings) + gaps(form, MIXED))


@pytest.mark.parametrize("form", ["sarif", "gitlab", "rdjson", "checkstyle", "junit", "github"])
def test_findings_of_a_draft_come_out_too(form: str) -> None:
    findings = (
        Finding("limits/x", "Too long.", Severity.MAJOR, Place("posts[0].text", quote="words")),
        Finding("grounding/number", "No source says 7.", Severity.MINOR, Place("notes.md", 3, 3, 5, 6)),
        Finding("limits/length", "Short.", Severity.INFO),
    )
    made = rendered(form, Report("social", "Hello.", findings=findings, model="offline:draft"))
    assert all(finding.message in made for finding in findings)
    if form == "github":
        assert [at.get("file") for _, at, _ in commands(made)] == [None, "notes.md", None]


def test_what_is_left_out_is_counted() -> None:
    report = replace(MIXED, fields={"hidden": {"suppressed": 2, "baseline": 0, "since": 3}, "rejected": 4})
    said = "2 suppressed in the code, 3 told last time, 4 rejected by a second look"
    assert dict(facts(report))["hidden"] == said
    assert "hidden" not in dict(facts(CLEAN))


@pytest.mark.parametrize("odd", [None, 3, "x", [1], {"suppressed": "many"}, {"dropped": None}, {"x": 1}])
def test_fields_of_another_version_break_nothing(odd: object) -> None:
    keys = ("change", "files", "added", "lenses", "analyzers", "hidden", "suppressed", "anchors", "fail_on", "shown",
            "rejected")  # fmt: skip
    report = replace(MIXED, fields=dict.fromkeys(keys, odd))
    for form in ENDINGS:
        rendered(form, report)
