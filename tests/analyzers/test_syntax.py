"""What no longer parses, and what only looks as if it did not."""

from __future__ import annotations

import time

import pytest
from changes import Made, changed
from looking import look, rules

from contentkit.analyzers import syntax
from contentkit.core.errors import ContentkitError
from contentkit.core.report import Severity


@pytest.mark.parametrize(
    ("path", "good", "bad", "line"),
    [
        ("a.py", "x = 1\n", "x = 1\ny = (\n", 3),
        ("a.json", '{"a": 1}\n', '{\n  "a": 1\n  "b": 2\n}\n', 3),
        ("a.toml", "a = 1\n", "b = 2\na = = 1\n", 2),
        ("a.yml", "a: 1\n", "b: 2\na: [1\n", 3),
        (".vscode/settings.json", "{}\n", '// c\n{"a": }\n', 2),
    ],
)
def test_what_broke_is_major_at_its_line(path: str, good: str, bad: str, line: int) -> None:
    (finding,) = look("syntax", changed(path, good, bad))
    assert finding.severity is Severity.MAJOR
    assert rules("syntax", path, None, bad) == [finding.rule]
    assert finding.place is not None
    assert abs((finding.place.line or 0) - line) <= 1
    assert not rules("syntax", path, bad, bad.replace("1", "2"))
    assert not rules("syntax", path, bad, good)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "type X = int\ndef f[T](x: T) -> T: return x\nmatch x:\n    case 1: pass\n"),
        ("a.py", "try:\n    f()\nexcept A, B:\n    pass\nx = t'{y}'\n"),
        ("a.py", "print 'hello'\n"),
        ("a.py", "try:\n    f()\nexcept E, e:\n    raise X, 'no'\n"),
        ("{{cookiecutter.name}}/a.py", "import {{ cookiecutter.name }}\n"),
        ("a.py", "{% if x %}\nx = 1\n{% endif %}\n"),
        ("tests/data/bad.py", "x = (\n"),
        ("tests/fixtures/bad.json", "{"),
        ("tsconfig.json", '{\n  // c\n  "a": [1, 2,],\n}\n'),
        (".vscode/launch.json", '{"url": "http://x" /* c */, "a": "b//c"}'),
        ("a.jsonc", "// nothing\n"),
        ("config.json", '{"a": 1} // for a reader that is not strict\n'),
        ("data.json", '{"a": 1}\n{"a": 2}\n'),
        ("a.json", '\ufeff{"a": 1}\n'),
        ("a.json", ""),
        ("a.yaml", "a: !Ref b\nc: !Sub\n  - x\n---\nd: &e {f: *e}\n"),
        ("a.yaml", "a:\n\t# a comment after a tab\n  b: 1\n"),
        ("chart/templates/a.yaml", "{{- if .Values.x }}\na: 1\n{{- end }}\n"),
        ("a.yaml", "{% for x in y %}\n- {{ x }}\n{% endfor %}\n"),
        (".github/workflows/a.yml", "on: push\njobs:\n  a:\n    if: ${{ github.ref }}\n"),
    ],
)
def test_what_is_in_order(path: str, text: str) -> None:
    assert not rules("syntax", path, None, text)


def test_a_package_with_a_comment_is_broken() -> None:
    assert rules("syntax", "package.json", None, '{"a": 1} // no\n') == ["syntax/json"]


def test_a_comma_too_many_in_a_new_file_is_a_slip() -> None:
    assert rules("syntax", "data.json", None, '{"a": [1, 2,]}\n') == ["syntax/json"]


def test_the_place_counts_line_feeds_alone() -> None:
    text = "a: 1\r\nb: 'x\u2028y'\r\nc: [1\r\n"
    (finding,) = look("syntax", changed("a.yml", "a: 1\r\n", text))
    assert finding.place is not None
    assert finding.place.line in (3, 4)


def test_a_fault_seen_far_below_stands_at_the_line_that_made_it() -> None:
    body = "".join(f"x{number} = {number}\n" for number in range(20))
    (finding,) = look("syntax", changed("a.py", f"y = (1,\n)\n{body}", f"y = (1,\n{body}"))
    assert finding.place is not None
    assert (finding.place.side, finding.place.line) == ("LEFT", 2)
    (finding,) = look("syntax", changed("a.json", '{"a": 1,\n"b": 2}\n', '{"a": 1\n,"c": [\n"b", 2}\n'))
    assert finding.place is not None
    assert finding.place.side == "RIGHT"


def test_a_file_that_ruff_does_not_survive_takes_no_other_with_it() -> None:
    found = []
    files = (changed("deep.py", None, "a" + ".a" * 200_000), changed("b.py", "x = 1\n", "x = (\n"))
    run = syntax.begin(Made(*files), {})
    for file in files:
        found += run.file(file)
    with pytest.raises(ContentkitError, match=r"deep\.py: ruff ended with"):
        found += run.end()
    assert [finding.rule for finding in found] == ["syntax/python"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.toml", "a" + ".a" * 300_000 + " = 1"),
        ("a.yaml", "[" * 300_000),
        ("a.yaml", "{a: " * 200_000),
        ("a.json", "[" * 500_000),
        ("a.jsonc", "/*" * 300_000),
        ("a.jsonc", '"' * 300_001),
        ("a.py", "f'" + "{a}" * 100_000 + "'"),
    ],
)
def test_hostile_texts_take_little_time(path: str, text: str) -> None:
    started = time.process_time()
    look("syntax", changed(path, None, f"{text}\n"))
    assert time.process_time() - started < 8
