"""A check of texts in every format: its words are of texts, its places are exact, and its better words are fixes."""

from __future__ import annotations

import importlib
import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentkit.core.excerpt import Excerpts
from contentkit.core.report import Covered, Finding, Place, Report, Severity
from contentkit.core.text.document import document

GOLDEN = Path(__file__).parents[1] / "golden" / "checks"
FORMS = ("text", "markdown", "json", "html", "sarif", "github", "gitlab", "rdjson", "checkstyle", "junit")
TEXT = (
    "# Tides\n\nThe 😀 ferry will utilise the very *old* harbour. "
    + "It leaves at seven and comes back at nine. " * 6
    + "Nobody utilises it.\n港の水深は6メートルです。\n"
)


def found(word: str, rule: str, better: str | None, severity: Severity = Severity.MINOR, nth: int = 0) -> Finding:
    start = [match.start() for match in re.finditer(word, TEXT)][nth]
    place = document(TEXT, "en").place("docs/tides.md", start, start + len(word))
    message = f"{word!r} is a word of nobody's."
    return Excerpts(TEXT).shown(
        Finding(rule, message, severity, place, "style", suggestion=better or "", replacement=better)
    )


REPORT = Report(
    "check",
    "",
    {"fail_on": "major", "checks": ["limits", "style"], "texts": 2, "as": "", "platform": "x", "shown": 50},
    (
        Finding("limits/x", "x: 340 of 280 weighted characters", Severity.MAJOR, Place("docs/tides.md")),
        found("utilise", "style/term", "use"),
        found("utilises", "style/term", "uses"),
        found("very ", "style/filler", ""),
        found("水深", "style/term", None, Severity.INFO),
    ),
    (
        Covered("docs/tides.md", "read"),
        Covered("b.md", "failed", "it can't be decoded"),
        Covered("c.png", "skipped", "binary"),
    ),
    language="en",
)  # fmt: skip


def rendered(form: str, report: Report = REPORT) -> str:
    return str(importlib.import_module(f"contentkit.reports.{form}").render(report))


@pytest.mark.parametrize("form", FORMS)
def test_it_speaks_of_texts_and_not_of_code(form: str) -> None:
    said = rendered(form)
    assert not re.search(r"\breviewed\b[^\"]|the code stayed|analyzers|whole change|ignore\[", said)
    assert all(finding.message.replace("'", "") in re.sub(r"'|&#x27;|&#39;|\s(?=\s)", "", said.replace("\n  ", " "))
               for finding in REPORT.findings)  # fmt: skip
    assert "checked" in said or form in ("json", "sarif")


@pytest.mark.parametrize(("form", "ending"), [("text", "txt"), ("markdown", "md"), ("html", "html")])
def test_golden(form: str, ending: str) -> None:
    made, path = rendered(form), GOLDEN / f"tides.{ending}"
    if os.environ.get("REWRITE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made, "utf-8")
    assert made == path.read_text("utf-8")


def test_every_format_for_machines_counts_the_same() -> None:
    sarif = json.loads(rendered("sarif"))["runs"][0]
    counts = {
        "json": len(json.loads(rendered("json"))["findings"]),
        "sarif": len(sarif["results"]),
        "github": len(re.findall(r"^::(?:error|warning|notice) file=", rendered("github"), re.M)),
        "gitlab": len([one for one in json.loads(rendered("gitlab")) if one["check_name"] != "contentkit/incomplete"]),
        "rdjson": rendered("rdjson").count('"code"') - 1,
        "checkstyle": rendered("checkstyle").count("<error") - 1,
        "junit": len(re.findall(r'<testcase classname="docs/tides.md"', rendered("junit"))),
    }
    assert set(counts.values()) == {len(REPORT.findings)}
    assert sarif["invocations"][0]["executionSuccessful"] is False
    assert REPORT.exit_code() == 1
    assert replace(REPORT, findings=()).exit_code() == 3


def test_carets_stand_under_the_words_also_after_an_emoji_and_far_out_in_a_line() -> None:
    lines = rendered("text").splitlines()
    for word in ("utilise ", "utilises ", "水深"):
        number = next(n for n, line in enumerate(lines) if re.match(r" +\d+ \|", line) and word in line
                      and "^" in lines[n + 1])  # fmt: skip
        from contentkit.reports._wrap import width

        before = lines[number][: lines[number].rindex(word)]
        assert lines[number + 1].index("^") == width(before)


def applied(line: str, start: int, end: int, text: str) -> str:
    return line[:start] + text + line[end:]


def test_better_words_are_fixes_in_sarif_and_rdjson() -> None:
    line = TEXT.split("\n")[2]
    results = json.loads(rendered("sarif"))["runs"][0]["results"]
    change = results[1]["fixes"][0]["artifactChanges"][0]["replacements"][0]
    region = change["deletedRegion"]
    assert region["startLine"] == 3
    mended = applied(line, region["startColumn"] - 1, region["endColumn"] - 1, change["insertedContent"]["text"])
    assert mended == line.replace("utilise ", "use ", 1)
    assert "insertedContent" not in results[3]["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert "fixes" not in results[4]
    suggestion = json.loads(rendered("rdjson"))["diagnostics"][1]["suggestions"][0]
    octets, span = line.encode(), suggestion["range"]
    cut = octets[: span["start"]["column"] - 1] + suggestion["text"].encode() + octets[span["end"]["column"] - 1 :]
    assert cut.decode() == line.replace("utilise ", "use ", 1)


def test_parts_of_a_draft_are_no_files() -> None:
    draft = Report(
        "social",
        "x",
        {"posts": [{"text": "y"}]},
        (
            Finding("style/term", "Here.", place=Place("posts[0].text", 1, 1, 2, 4, quote="abc"), replacement="x"),
            Finding("style/term", "There.", place=Place("body", 3, 3, 2, 4, quote="abc")),
        ),
    )
    assert "file=" not in rendered("github", draft)
    for result in json.loads(rendered("sarif", draft))["runs"][0]["results"]:
        assert "physicalLocation" not in result["locations"][0]
        assert "fixes" not in result
    assert "posts[0].text:1:2: Here." in importlib.import_module("contentkit.reports.text").findings(draft)[1]


def test_a_file_elsewhere_has_an_address_of_its_own() -> None:
    report = replace(REPORT, findings=(Finding("a/b", "c", place=Place("/srv/a b.md", 1)),))
    location = json.loads(rendered("sarif", report))["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"] == {"uri": "file:///srv/a%20b.md"}


@given(st.text(max_size=200), st.data())
def test_any_place_of_any_text_comes_out_in_every_format(text: str, data: Any) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    place = document(text, "en").place("a.md", start, end)
    finding = Excerpts(text).shown(Finding("a/b", "c", place=place, replacement="d"))
    report = replace(REPORT, findings=(finding,), coverage=())
    for form in FORMS:
        assert rendered(form, report)
    change = json.loads(rendered("sarif", report))["runs"][0]["results"][0]
    if "fixes" in change:
        region = change["fixes"][0]["artifactChanges"][0]["replacements"][0]["deletedRegion"]
        read = document(text, "en")
        assert read.offset(region["startLine"], region["startColumn"]) == start
        assert read.offset(region["endLine"], region["endColumn"]) == end


def context(text: str, start: int, end: int) -> str:
    shown = Excerpts(text).shown(Finding("a/b", "c", place=document(text, "en").place("a.md", start, end)))
    assert shown.place is not None
    return shown.place.context


def test_what_is_shown_of_a_file_is_the_lines_at_fault_and_few() -> None:
    text = "".join(f"Line {number} says it.\r\n" for number in range(1, 30))
    second = text.index("Line 2")
    third, twelfth = text.index("Line 3"), text.index("Line 12")
    assert context(text, second, third) == "Line 2 says it."  # it ends with the end of its line
    assert context(text, second, twelfth + 4).split("\n") == [f"Line {number} says it." for number in range(2, 10)]
    long = "word " * 900
    assert context(long, 5, 9) == ""  # the words at fault are shown alone
    assert context(long[:3_000], 5, 9) == long[:3_000]


def test_a_secret_is_in_no_format_and_columns_stay() -> None:
    secret = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    text = f"token: {secret} is very utilised\n"
    start = text.index("utilised")
    finding = Finding("a/b", f"{secret}!", place=document(text, "en").place("a.md", start - 9, start + 8),
                      suggestion=secret, replacement=secret)  # fmt: skip
    report = replace(REPORT, findings=(Excerpts(text).shown(finding),))
    assert all(secret not in rendered(form, report) for form in FORMS)
    assert report.findings[0].place is not None
    assert report.findings[0].place.context[start : start + 8] == "utilised"
    assert report.findings[0].replacement is None
