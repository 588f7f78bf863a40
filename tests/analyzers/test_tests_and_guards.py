"""Tests and checks that a change takes away: told on the deleted side, and not when they only moved."""

from __future__ import annotations

import pytest
from changes import changed
from looking import look

from contentkit.core.change import FileChange, Hunk, Line, Status
from contentkit.core.report import Severity

ONE = "def test_one():\n    x = load(1)\n    assert x.name == 'a'\n    assert x.size == 1\n\n\n"
TWO = "def test_two():\n    y = save(2)\n    assert y.done\n\n\n"


def told(name: str, *files: FileChange) -> list[tuple[str, str, int | None]]:
    return [(one.rule, one.place.side, one.place.line) for one in look(name, *files) if one.place]


def test_a_removed_test_is_told_on_the_deleted_side() -> None:
    (finding,) = look("tests", changed("tests/test_a.py", ONE + TWO, TWO))
    assert finding.place is not None
    assert (finding.rule, finding.severity) == ("tests/removed", Severity.MINOR)
    assert (finding.place.side, finding.place.line) == ("LEFT", 1)
    assert "test_one" in finding.message


@pytest.mark.parametrize(
    "files",
    [
        [changed("tests/test_a.py", ONE + TWO, TWO), changed("tests/test_b.py", None, ONE)],
        [
            changed("tests/test_a.py", ONE + TWO, TWO),
            changed("tests/test_b.py", None, "def test_one():\n    assert load(2)\n"),
        ],
        [changed("tests/test_a.py", ONE + TWO, ONE.replace("test_one", "test_first") + TWO)],
        [changed("tests/test_a.py", ONE + TWO, TWO), changed("app/a.py", "def load(n):\n    return n\n", "")],
        [changed("tests/test_a.py", ONE + TWO, TWO + "def test_all():\n    assert everything()\n")],
        [changed("app/a.py", ONE + TWO, TWO)],
    ],
    ids=["moved", "moved and changed", "renamed", "its subject is gone too", "rewritten", "no file of tests"],
)
def test_what_is_not_removed(files: list[FileChange]) -> None:
    assert not told("tests", *files)


def test_a_deleted_file_of_tests_is_one_finding() -> None:
    text = "".join(f"def test_{number}():\n    assert f({number})\n\n\n" for number in range(6))
    (finding,) = look("tests", changed("tests/test_a.py", text, None))
    assert finding.message.startswith("6 tests are removed")


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        (
            "src/a.test.ts",
            "it('adds', () => {\n  expect(add(1)).toBe(2)\n})\n\nit('x', () => {\n  expect(x).toBe(1)\n})\n",
            "it('x', () => {\n  expect(x).toBe(1)\n})\n",
        ),
        (
            "a_test.go",
            "func TestA(t *testing.T) {\n\tif f() != 1 {\n\t\tt.Fatal()\n\t}\n}\n\nfunc TestB(t *testing.T) {\n}\n",
            "func TestB(t *testing.T) {\n}\n",
        ),
        (
            "src/test/java/ATest.java",
            "class A {\n  @Test\n  void adds() {\n    assertEquals(1, f());\n  }\n\n  @Test void b() {\n  }\n}\n",
            "class A {\n\n  @Test void b() {\n  }\n}\n",
        ),
        ("src/lib.rs", "#[test]\nfn adds() {\n    assert_eq!(f(), 1);\n}\n\nfn other() {}\n", "fn other() {}\n"),
    ],
)
def test_other_languages(path: str, before: str, after: str) -> None:
    assert [rule for rule, _, _ in told("tests", changed(path, before, after))] == ["tests/removed"]


def test_a_test_that_checks_nothing_any_more() -> None:
    emptied = ONE.replace("    assert x.name == 'a'\n    assert x.size == 1\n", "    x.name == 'a'\n")
    assert told("tests", changed("tests/test_a.py", ONE + TWO, emptied + TWO)) == [("tests/emptied", "LEFT", 3)]
    helped = ONE.replace("    assert x.name == 'a'\n    assert x.size == 1\n", "    self._test(x)\n")
    assert not told("tests", changed("tests/test_a.py", ONE + TWO, helped + TWO))


def test_a_test_that_is_switched_off() -> None:
    off = f"@pytest.mark.skip(reason='later')\n{ONE}"
    (finding,) = look("tests", changed("tests/test_a.py", ONE + TWO, off + TWO))
    assert (finding.rule, finding.severity) == ("tests/skipped", Severity.MINOR)
    (fresh,) = look("tests", changed("tests/test_a.py", TWO, off + TWO))
    assert fresh.severity is Severity.INFO
    conditional = off.replace("skip(", "skipif(sys.platform == 'win32', ")
    assert not told("tests", changed("tests/test_a.py", ONE + TWO, conditional + TWO))
    js = "it.skip('a', () => {\n  expect(1).toBe(1)\n})\n"
    assert told("tests", changed("a.spec.js", js.replace(".skip", ""), js))[0][0] == "tests/skipped"


def test_of_a_bare_patch_the_hunks_are_looked_at() -> None:
    lines = tuple(Line("-", at, None, text) for at, text in enumerate(ONE.rstrip().split("\n"), 40))
    file = FileChange("tests/test_a.py", Status.MODIFIED, "tests/test_a.py", (Hunk(40, 4, 39, 0, lines),))
    assert told("tests", file) == [("tests/removed", "LEFT", 40)]


GUARDED = "def f(x):\n    if x is None:\n        return 0\n    y = x.size\n    return y\n"
BARE = "def f(x):\n    y = x.size\n    return y\n"


def test_a_removed_guard() -> None:
    (finding,) = look("guards", changed("app/a.py", GUARDED, BARE))
    assert finding.place is not None
    assert (finding.rule, finding.severity, finding.place.side) == ("guards/removed", Severity.MINOR, "LEFT")
    assert finding.place.line == 2
    assert "`x is None`" in finding.message
    assert finding.confidence < 0.5


@pytest.mark.parametrize(
    ("path", "before", "after", "rule"),
    [
        (
            "a.java",
            "void f(A a) {\n  if (a == null) {\n    return;\n  }\n  a.go();\n}\n",
            "void f(A a) {\n  a.go();\n}\n",
            "guards/removed",
        ),
        (
            "a.go",
            "\tx, err := f()\n\tif len(x) == 0 {\n\t\treturn err\n\t}\n\tuse(x[0])\n",
            "\tx, err := f()\n\tuse(x[0])\n",
            "guards/removed",
        ),
        (
            "a.py",
            "def f():\n    with self._lock:\n        self.n += 1\n    return\n",
            "def f():\n    self.n += 1\n    return\n",
            "guards/removed",
        ),
        ("a.py", "try:\n    f()\nfinally:\n    g()\nx = 1\n", "f()\ng()\nx = 1\n", "guards/removed"),
        ("a.py", "x = f()\nassert x > 0\ny = x\n", "x = f()\ny = x\n", "guards/removed"),
        (
            "a.ts",
            "if (!a.status || check(a.status)) {\n  go(a)\n}\n",
            "if (check(a.status)) {\n  go(a)\n}\n",
            "guards/weakened",
        ),
        ("a.ts", "const p = req.socket?.port\n", "const p = req.socket.port\n", "guards/weakened"),
        ("a.py", "out = '<b>' + html.escape(name) + '</b>'\n", "out = '<b>' + name + '</b>'\n", "guards/weakened"),
    ],
)
def test_other_checks(path: str, before: str, after: str, rule: str) -> None:
    assert [one[0] for one in told("guards", changed(path, before, after))] == [rule]


@pytest.mark.parametrize(
    "files",
    [
        [changed("a.py", GUARDED, BARE), changed("b.py", "x = 1\n", "if x is None:\n    x = 1\n")],
        [changed("a.py", GUARDED, GUARDED.replace("x is None", "not x"))],
        [changed("a.py", GUARDED, "def f(x):\n    return x.size if x else 0\n")],
        [changed("a.py", GUARDED, None)],
        [changed("tests/test_a.py", GUARDED, BARE)],
        [changed("a.py", "if sys.version_info < (3,):\n    raise X\nsys.go()\n", "sys.go()\n")],
        [changed("a.py", "x = 1\n" + GUARDED + "y = 2\n", "x = 1\ny = 2\n")],
        [changed("a.md", GUARDED, BARE)],
    ],
    ids=["moved", "put otherwise", "rewritten", "deleted file", "test", "old version", "whole function", "prose"],
)
def test_what_is_no_removed_guard(files: list[FileChange]) -> None:
    assert not told("guards", *files)
