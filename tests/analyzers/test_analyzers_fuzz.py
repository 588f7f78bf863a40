"""No text and no path makes an analyzer fail, and none makes it slow."""

from __future__ import annotations

import json
import time
from contextlib import suppress

import pytest
from changes import Made, changed
from hypothesis import given, settings
from hypothesis import strategies as st
from looking import FromOthers, look

from contentkit.analyzers import _rdjson, _sarif
from contentkit.core.errors import UsageError
from contentkit.kit.plugins import shelf

PARTS = [
    "def test_a():\n",
    "    assert x\n",
    "if x is None:\n",
    "    return\n",
    "if (a && b) {\n",
    "<<<<<<< a\n",
    "=======\n",
    "\u202e",
    "\u200d",
    "\U000e0041",
    "password = 'a8Fk2",
    "'\n",
    "breakpoint()\n",
    "it('",
    "', () => {\n",
    "})\n",
    "{{",
    "\r",
    "\f",
    "\u2028",
    "\ufeff",
    "\x00",
    "\ud800",
    "# noqa\n",
    "import os\n",
    "try:\n",
    "@Test\n",
    "void f() {\n",
    "}\n",
    "\n",
    "é日",
]
TEXTS = st.none() | st.lists(st.sampled_from(PARTS) | st.text(max_size=6), max_size=12).map("".join)
PATHS = st.sampled_from(
    [
        "a.py",
        "tests/test_a.py",
        "a.json",
        "tsconfig.json",
        "a.toml",
        "a.yml",
        "a_test.go",
        "a.spec.ts",
        "A.java",
        "a.rs",
        "a.md",
        "x",
    ]
) | st.text(min_size=1, max_size=12)
IN_PROCESS = sorted(set(shelf("analyzers").names()) - {"ruff", "syntax"})


@given(path=PATHS, before=TEXTS, after=TEXTS)
@settings(max_examples=150)
def test_no_text_makes_an_analyzer_fail(path: str, before: str | None, after: str | None) -> None:
    for name in IN_PROCESS:
        look(name, changed(path, before, after))


@given(path=PATHS, before=TEXTS, after=TEXTS, configuration=TEXTS)
@settings(max_examples=15)
def test_nor_one_that_runs_ruff(path: str, before: str | None, after: str | None, configuration: str | None) -> None:
    file = changed(path, before, after)
    tree = {"ruff.toml": configuration} if configuration else None
    for name in ("ruff", "syntax"):
        for finding in look(name, change=FromOthers(file, tree=tree)):
            assert finding.place is None or finding.place.path == path


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 9) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "runs",
                    "results",
                    "locations",
                    "physicalLocation",
                    "artifactLocation",
                    "uri",
                    "region",
                    "startLine",
                    "message",
                    "text",
                    "fixes",
                    "rules",
                    "tool",
                    "driver",
                    "diagnostics",
                    "location",
                    "range",
                    "start",
                    "line",
                    "column",
                    "suggestions",
                    "code",
                    "value",
                    "level",
                    "ruleIndex",
                    "properties",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(value=VALUES)
def test_no_json_makes_a_reader_fail(value: object) -> None:
    for text, read in (
        (json.dumps({"runs": [value, {"results": [value], "tool": value}]}), _sarif.findings),
        (
            json.dumps({"diagnostics": [value, {"location": value, "message": value, "suggestions": [value]}]}),
            _rdjson.findings,
        ),
        (json.dumps(value), _rdjson.findings),
    ):
        with suppress(UsageError):
            read(text, text_of=lambda path: "a\nb\n")


@pytest.mark.parametrize("name", shelf("analyzers").names())
@pytest.mark.parametrize("part", ["x = 1; ", "\u200b", "if(", "a.b.", "password=", '"', "\t", "(", "def test_x(", "# "])
@pytest.mark.parametrize("path", ["a.py", "a.test.js"])
def test_a_long_line_takes_time_in_proportion(name: str, part: str, path: str) -> None:
    text = part * (200_000 // len(part))
    started = time.process_time()
    run = shelf("analyzers").get(name).begin(Made(), {})
    list(run.file(changed(path, "a = 1\n", f"a = 1\n{text}\n")))
    assert time.process_time() - started < 6
