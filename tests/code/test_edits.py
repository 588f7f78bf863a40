"""Edits of lines: what they make of a text, and the patch that git takes for the same."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentkit.code.edits import applied, parses, patch, trimmed
from contentkit.core.change import text_lines
from contentkit.core.errors import UsageError
from contentkit.core.report import Edit

PATH = "src/till.py"
TEN = "".join(f"line {number}\n" for number in range(1, 11))


def edit(line: int, end: int, text: str, path: str = PATH) -> Edit:
    return Edit(path, line, end, text)


def by_git(folder: Path, path: str, text: str, diff: str, encoding: str = "utf-8") -> str:
    """What ``git apply`` makes of ``text``."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode(encoding))
    environment = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CEILING_DIRECTORIES": str(folder.parent),
    }
    subprocess.run(
        ["git", "apply", "--whitespace=nowarn", "-"],
        input=diff.encode(encoding),
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
    )
    return file.read_bytes().decode(encoding)


@pytest.mark.parametrize(
    ("edits", "lines"),
    [
        ([edit(2, 3, "two\n")], ["line 1", "two", "line 4"]),
        ([edit(2, 1, "between\n")], ["line 1", "between", "line 2", "line 3", "line 4"]),
        ([edit(1, 2, "")], ["line 3", "line 4"]),
        ([edit(5, 4, "last\n")], ["line 1", "line 2", "line 3", "line 4", "last"]),
        ([edit(4, 4, "four\n"), edit(1, 1, "a\nb\n")], ["a", "b", "line 2", "line 3", "four"]),
        ([edit(2, 2, "x\n"), edit(3, 2, "y\n")], ["line 1", "x", "y", "line 3", "line 4"]),
    ],
)
def test_edits_are_of_the_lines_as_they_were(edits: list[Edit], lines: list[str]) -> None:
    text = "line 1\nline 2\nline 3\nline 4\n"
    assert text_lines(applied(text, edits)) == lines


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ([edit(1, 3, ""), edit(3, 4, "")], "overlap at line 3"),
        ([edit(2, 1, "a\n"), edit(2, 1, "b\n")], "overlap at line 2"),
        ([edit(2, 1, "a\n"), edit(2, 2, "b\n")], "overlap at line 2"),
        ([edit(10, 11, "")], "does not fit"),
        ([edit(0, 0, "")], "does not fit"),
        ([edit(5, 3, "")], "does not fit"),
        ([edit(1, 1, "half")], "ends within a line"),
    ],
)
def test_what_does_not_fit_is_refused(edits: list[Edit], said: str) -> None:
    for do in (applied, lambda text, them: patch(PATH, text, them)):
        with pytest.raises(UsageError, match=said):
            do(TEN, edits)


@pytest.mark.parametrize(
    ("text", "change", "result"),
    [
        ("a\nb", edit(2, 2, "c\n"), "a\nc"),
        ("a\nb", edit(3, 2, "c\n"), "a\nb\nc"),
        ("a\nb", edit(2, 2, ""), "a"),
        ("a\r\nb", edit(2, 2, "c\r\n"), "a\r\nc"),
        ("a\r\nb", edit(3, 2, "c\r\n"), "a\r\nb\r\nc"),
        ("a\r\nb\r\nc", edit(3, 3, ""), "a\r\nb"),
        ("a\r\nb\r\n", edit(1, 1, "x\r\n"), "x\r\nb\r\n"),
        ("a", edit(1, 1, "x\n"), "x"),
        ("", edit(1, 0, "x\n"), "x\n"),
        ("a\x0cb\u2028c\nd\n", edit(2, 2, "e\n"), "a\x0cb\u2028c\ne\n"),
    ],
)
def test_ends_of_lines_and_of_the_file_stay_as_they_were(tmp_path: Path, text: str, change: Edit, result: str) -> None:
    assert applied(text, [change]) == result
    if text:  # git has no patch for an empty file that it knows nothing of
        assert by_git(tmp_path, PATH, text, patch(PATH, text, [change])) == result


def test_a_patch_names_odd_paths_and_keeps_other_encodings(tmp_path: Path) -> None:
    for path in ("a b/c.txt", 'q"uote.txt', "back\\slash", "größe.txt", "日本.txt", "tab\t.txt"):
        text = "grün\nline 2\n"
        diff = patch(path, text, [edit(2, 2, "schön\n", path)])
        assert by_git(tmp_path, path, text, diff, "latin-1") == "grün\nschön\n"


def test_near_edits_share_a_hunk_and_far_ones_do_not() -> None:
    text = "".join(f"{number}\n" for number in range(1, 41))
    assert patch(PATH, text, [edit(1, 1, "x\n"), edit(8, 8, "y\n")]).count("@@ -") == 1
    assert patch(PATH, text, [edit(1, 1, "x\n"), edit(9, 9, "y\n")]).count("@@ -") == 2
    assert "@@ -37,4 +38,4 @@" in patch(PATH, text, [edit(1, 1, "x\nz\n"), edit(40, 40, "y\n")])


def test_lines_that_an_edit_leaves_alone_are_not_part_of_it() -> None:
    assert trimmed(TEN, edit(2, 5, "line 2\nnew\nline 5\n")) == edit(3, 4, "new\n")
    assert trimmed(TEN, edit(2, 2, "line 2\nnew\n")) == edit(3, 2, "new\n")
    assert trimmed(TEN, edit(2, 3, "line 2\n")) == edit(3, 3, "")
    assert patch(PATH, TEN, [edit(2, 3, "line 2\nline 3\n")]) == ""


@pytest.mark.parametrize(
    ("path", "good", "bad"),
    [
        ("a.py", "x = '\\d'\n", "def f(:\n"),
        ("a/b.pyi", "def f() -> int: ...\n", "x = = 1\n"),
        ("a.json", '{"a": 1}', "{a: 1}"),
        ("a.toml", "a = 1\r\nb = 2\r\n", "a = \n"),
        ("a.YAML", "a: [1]\n---\nb: 2\n", "a: [1\n"),
        ("a.rs", "fn main( {", None),
        ("Makefile", "\0", None),
    ],
)
def test_files_of_known_kinds_must_parse(path: str, good: str, bad: str | None) -> None:
    assert parses(path, good)
    assert bad is None or not parses(path, bad)


LINES = st.text(st.sampled_from("ab\r "), max_size=3)


@given(st.data())
def test_git_makes_the_same_of_any_patch(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    lines = data.draw(st.lists(LINES, min_size=1, max_size=25))
    crlf = data.draw(st.booleans())
    end = "\r\n" if crlf else "\n"
    text = end.join(line.replace("\r", "") for line in lines) + data.draw(st.sampled_from(["", end]))
    size = len(text_lines(text)) if text else 0
    edits, at = [], 1
    while at <= size + 1 and data.draw(st.booleans()):
        first = data.draw(st.integers(at, size + 1))
        last = data.draw(st.integers(first - 1, min(size, first + 2)))
        new = [line.replace("\r", "") for line in data.draw(st.lists(LINES, max_size=3))]
        edits.append(edit(first, last, "".join(f"{line}{end}" for line in new)))
        at = max(last, first) + 1
    result = applied(text, edits)
    diff = patch(PATH, text, edits)
    if result == text or not text or not result:
        return  # git removes a file that a patch empties
    assert by_git(tmp_path_factory.mktemp("git"), PATH, text, diff) == result
