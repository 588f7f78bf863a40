"""``prompts check``: what is wrong with a file is found without a model."""

from __future__ import annotations

from pathlib import Path

import pytest

from contentkit.core.text.counting import Rule
from contentkit.kit.prompts import Prompts, builtin_dir
from contentkit.kit.prompts.check import Known, check, sample
from contentkit.kit.prompts.filters import cell, clock, inline, verbatim
from contentkit.kit.prompts.folders import Found

KNOWN = Known({"x": Rule("x", hard=280)}, ["normalise", "redact", "limits", "language"])
SCHEMA = "schema: {type: object, properties: {title: {type: string}}, required: [title], additionalProperties: false}"


def faults(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "prompts" / "write" / "trial.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    prompts = Prompts([("project", tmp_path / "prompts"), ("built-in", builtin_dir())])
    found = check(prompts, Found(path, "project", 0), "write", KNOWN)
    assert all(finding.message.startswith(str(path)) for finding in found)
    return [f"{finding.severity}: {finding.message.removeprefix(str(path))}" for finding in found]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("---\nsteps: [normalize]\n---\nx", "major: : There is no step called 'normalize'. Did you mean 'normalise'?"),
        (
            f"---\noutput: {{{SCHEMA}, layout: x}}\nlimits: {{title: xx}}\n---\nx",
            "There is no rule of length called 'xx'.",
        ),
        (f"---\noutput: {{{SCHEMA}, layout: x}}\nlimits: {{head: x}}\n---\nx", "'head' names no part of output.schema"),
        (f"---\noutput: {{{SCHEMA}, layout: x}}\nlimits: {{title: $place}}\n---\nx", "'place', which is not there"),
        (
            f"---\noutput: {{{SCHEMA}, layout: '{{{{ data.titel }}}}'}}\n---\nx",
            "'dict object' has no attribute 'titel'",
        ),
        ("---\nlong: {over: 9, outline: outlin, section: section}\n---\nx", "Did you mean 'outline'?"),
        ("{% if false %}{{ topik }}{% endif %}", "line 1: there is no input 'topik'. Did you mean 'topic'?"),
        ("{% if false %}{% include 'partials/no.md' %}{% endif %}", "There is no prompt file 'partials/no.md'"),
        ("---\ntests:\n  - contains: [Tea]\n---\nCoffee", "line 3: the messages lack 'Tea'."),
        ("---\ntests:\n  - lacks: [Coffee]\n---\nCoffee", "line 3: the messages hold 'Coffee'."),
        (f"---\noutput: {{{SCHEMA}, layout: x}}\ntests: [{{data: {{}}}}]\n---\nx", "'title' is a required property"),
        ("---\ninputs: {n: {type: integer, maximum: 3}}\ntests: [{given: {n: 4}}]\n---\nx", "--n must be at most 3"),
        ("---\noutput: {schema: {type: object, properties: {a: {type: string}}}, layout: x}\n---\nx", "minor: "),
        ("---\nversoin: 1\n---\nx", "Did you mean 'version'?"),
    ],
)
def test_a_fault_is_found_and_named(tmp_path: Path, text: str, said: str) -> None:
    (one,) = faults(tmp_path, text)
    assert said in one


def test_a_sound_file_has_no_fault(tmp_path: Path) -> None:
    text = (
        "---\ninputs:\n  day: {required: true}\n  n: {type: integer, required: true, minimum: 3}\n"
        f"  papers: {{type: list, enum: [a], required: true}}\noutput:\n  {SCHEMA}\n"
        "  layout: '# {{ data.title }}'\nlimits: {title: x}\n"
        "tests:\n  - given: {day: Monday, n: 3, papers: [a]}\n    contains: [Monday]\n    data: {title: T}\n---\n"
        "{{ day }} {{ n + 1 }} {{ papers|join }}"
    )
    assert faults(tmp_path, text) == []


def test_a_sample_obeys_its_schema() -> None:
    from jsonschema import validate

    prompts = Prompts([("built-in", builtin_dir())])
    for kind in ("email", "social", "video-script"):
        schema = prompts.get(kind).schema
        assert schema is not None
        validate(sample(schema.body), schema.body)


def test_values_in_markdown_stay_values() -> None:
    assert inline("a\n b\r\n\u2028c") == "a b c"
    assert cell("a|b\nc") == "a\\|b c"
    assert cell("a\\|b") == "a\\&#124;b"
    assert cell("ends in \\") == "ends in \\ "
    assert cell("") == " "
    assert verbatim("````\nx") == "`````text\n````\nx\n`````"
    assert [clock(seconds) for seconds in (0, 9, 59.6, 75, 3600, -4)] == [
        "0:00",
        "0:09",
        "1:00",
        "1:15",
        "1:00:00",
        "0:00",
    ]
