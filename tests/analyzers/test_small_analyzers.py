"""Conflict markers, hidden characters, leftovers of debugging, large files, and Python without tests."""

from __future__ import annotations

from dataclasses import replace

import pytest
from changes import Made, changed
from looking import look, rules

from contentkit.core.change import FileChange, Status
from contentkit.core.errors import UsageError
from contentkit.core.report import Severity

CONFLICT = "a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> other\n"


def severities(name: str, path: str, before: str | None, after: str | None) -> list[str]:
    return [finding.severity.value for finding in look(name, changed(path, before, after))]


def test_each_marker_of_a_conflict_is_told() -> None:
    found = look("markers", changed("src/app.ts", "a\nb\n", CONFLICT))
    assert [finding.place.line for finding in found if finding.place] == [2, 4, 6]
    assert {finding.severity for finding in found} == {Severity.MAJOR}


def test_a_marker_left_alone_is_told_too() -> None:
    assert rules("markers", "a.py", None, "a\n>>>>>>> branch\n") == ["markers/conflict"]
    assert rules("markers", "a.py", None, "a\r\n<<<<<<< HEAD\r\n") == ["markers/conflict"]


@pytest.mark.parametrize(
    "text",
    [
        "Title\n=======\n\ntext\n",
        "x = 1 <<<<<<< 2\n",
        ">>>>>>>> eight\n",
        "<<<<<<<no space\n",
        "    <<<<<<< HEAD\n",
    ],
)
def test_what_only_looks_like_a_marker(text: str) -> None:
    assert not rules("markers", "a.txt", None, text)


def test_a_conflict_shown_in_a_manual_fails_nothing() -> None:
    assert set(severities("markers", "docs/git.md", None, CONFLICT)) == {"minor"}
    assert not rules("markers", "docs/git.md", None, "```\n<<<<<<< HEAD\n```\n")


@pytest.mark.parametrize(
    ("path", "line", "expected"),
    [
        ("a.py", "if admin\u202e\u2066: # check", ["major hidden/bidi"]),
        ("a.py", "x = 'a\u2067b'", ["major hidden/bidi"]),
        ("l10n/ar.json", '"a": "\u0645\u2067b"', ["minor hidden/bidi"]),
        ("l10n/he.po", "\u05d0\u200f", []),
        ("a.py", "x\u200by = 1", ["major hidden/zero-width"]),
        ("a.py", "# see docs \u200b", ["minor hidden/zero-width"]),
        ("a.py", "\u3164 = 1", ["minor hidden/zero-width"]),
        ("README.md", "some\u200bword", ["minor hidden/zero-width"]),
        ("README.md", "\U0001f469\u200d\U0001f4bb and \u2764\ufe0f\u200d\U0001f525", []),
        ("README.md", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", []),
        ("README.md", "\u0e01\u200b\u0e02 \u6f22\u200b\u5b57", []),
        ("README.md", "hi\U000e0068\U000e0069", ["major hidden/tags"]),
        ("README.md", "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", []),
        ("README.md", "a\U000e0101\U000e0102\U000e0103", ["major hidden/tags"]),
        ("README.md", "\u8fbb\U000e0100 \u26a0\ufe0f", []),
        ("a.py", "x = '\u65e5\u672c\u8a9e \u00e9 \u00fc'", []),
        ("a.py", "p\u0430ypal = 1", []),
    ],
)
def test_hidden_characters(path: str, line: str, expected: list[str]) -> None:
    found = look("hidden", changed(path, "a\n", f"a\n{line}\n"))
    assert [f"{finding.severity} {finding.rule}" for finding in found] == expected
    assert all(finding.message.isascii() for finding in found)
    assert all(finding.place is not None and finding.place.line == 2 for finding in found)


def test_a_byte_order_mark_hides_nothing_at_the_beginning_of_a_file() -> None:
    assert not rules("hidden", "a.cs", None, "\ufeffusing System;\n")
    assert rules("hidden", "a.cs", "using System;\n", "using System;\n\ufeffx\n") == ["hidden/zero-width"]


def test_a_hidden_character_that_was_there_is_not_brought_in() -> None:
    assert not rules("hidden", "a.py", "x = '\u200b'\n", "if a:\n    x = '\u200b'\n")


@pytest.mark.parametrize(
    ("path", "line", "severity"),
    [
        ("app/a.py", "    breakpoint()", "major"),
        ("app/a.py", "import pdb; pdb.set_trace()", "major"),
        ("app/a.py", "__import__('ipdb').set_trace()", "major"),
        ("app/a.py", "print('here')", "minor"),
        ("src/a.ts", "  debugger;", "major"),
        ("src/a.test.ts", "  it.only('works', () => {", "major"),
        ("src/a.spec.js", "fdescribe('x', () => {", "major"),
        ("src/a.js", "console.log('here 2');", "minor"),
        ("a.go", '\tfmt.Println("here")', "minor"),
        ("a.rs", "    let x = dbg!(y);", "minor"),
        ("a.rb", "  binding.pry", "major"),
        ("a.php", "  var_dump($x);", "minor"),
    ],
)
def test_leftovers_of_debugging(path: str, line: str, severity: str) -> None:
    assert severities("debug", path, "a = 1\n", f"a = 1\n{line}\n") == [severity]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("cli.py", "print('Done.')"),
        ("cli.py", "print('=' * 20)"),
        ("cli.py", "# breakpoint()"),
        ("cli.py", "text = 'pdb.set_trace()'"),
        ("src/cli.js", "console.log(`Listening on ${port}`)"),
        ("src/a.ts", "query.only('name')"),
        ("src/fit.ts", "fit(model, data)"),
        ("a.java", 'System.out.println("Processed: " + count);'),
        ("a.rs", "// dbg!(x)"),
        ("docs/debugging.md", "breakpoint()"),
        ("main.go", 'fmt.Println("hereby granted")'),
    ],
)
def test_what_a_program_does_on_purpose(path: str, line: str) -> None:
    assert not rules("debug", path, "a = 1\n", f"a = 1\n{line}\n")


def test_a_breakpoint_in_a_string_or_moved_is_none() -> None:
    assert not rules("debug", "tests/test_a.py", None, 'SOURCE = """\nbreakpoint()\n"""\n')
    assert not rules("debug", "a.py", "breakpoint()\nx = 1\n", "if x:\n    breakpoint()\nx = 1\n")


def added(path: str, size: int, **more: object) -> FileChange:
    return FileChange(path, Status.ADDED, path, size=size, new_mode=0o100644, **more)  # type: ignore[arg-type]


def test_large_files() -> None:
    found = look("large", added("a.bin", 500_001, binary=True, skipped="binary"), added("b.bin", 6_000_000))
    assert [finding.severity for finding in found] == [Severity.MINOR, Severity.MAJOR]
    assert "6.0 MB" in found[1].message
    assert not look("large", added("a.bin", 500_000), replace(added("c.bin", 9_000_000), status=Status.MODIFIED))


def test_the_bounds_are_settings() -> None:
    assert look("large", added("a.bin", 2_000), minor_bytes=1_000)
    with pytest.raises(UsageError, match="major_bytes must be a number"):
        look("large", added("a.bin", 2_000), major_bytes="5 MB")


CODE = "def f(x):\n    y = x * 2\n    z = y + 1\n    return z\n"


def test_python_without_a_test_is_one_remark() -> None:
    files = [changed("app/a.py", "", CODE), changed("app/b.py", "", CODE)]
    tree = {"tests/test_a.py": "def test(): ..."}
    (finding,) = look("untested", change=Made(*files, tree=tree))
    assert (finding.rule, finding.severity, finding.place) == ("untested/change", Severity.INFO, None)
    assert finding.message == "No test changes with app/a.py and 1 more."


@pytest.mark.parametrize(
    "files",
    [
        [changed("app/a.py", "", CODE), changed("tests/test_a.py", "", "def test_f(): assert f(1)\n")],
        [changed("docs/conf.py", "", CODE)],
        [changed("setup.py", "", CODE)],
        [changed("app/a.py", CODE, "# A comment.\nimport os\n" + CODE)],
        [changed("app/a.py", CODE, None)],
        [changed("app/a.js", "", CODE)],
    ],
)
def test_no_remark(files: list[FileChange]) -> None:
    assert not look("untested", change=Made(*files, tree={"tests/test_a.py": ""}))


def test_no_remark_where_there_are_no_tests_at_all() -> None:
    assert not look("untested", change=Made(changed("app/a.py", "", CODE), tree={"app/a.py": CODE}))
