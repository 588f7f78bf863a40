"""``apply``: fixes reach the work tree only where its lines are those reviewed, whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentkit.core.errors import UsageError
from contentkit.core.report import Edit, Finding
from contentkit.reviews.apply import Applied, apply

REVIEWED = "".join(f"line {number}\n" for number in range(1, 41))


def finding(*edits: Edit, message: str = "It fails.") -> Finding:
    return Finding("bugs/x", message, edits=edits)


def edit(line: int, end: int, text: str, path: str = "a.txt") -> Edit:
    return Edit(path, line, end, text)


def put(root: Path, text: str | bytes, path: str = "a.txt") -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def done(root: Path, *findings: Finding, reviewed: dict[str, str] | None = None) -> Applied:
    return apply(findings, root, (reviewed or {"a.txt": REVIEWED}).get)


def reason(root: Path, *edits: Edit, reviewed: dict[str, str] | None = None) -> str:
    """Why the edits were not made; no file may have changed."""
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    result = done(root, finding(*edits), reviewed=reviewed)
    assert result.paths == ()
    assert result.findings == ()
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
    ((_, why),) = result.skipped
    return why


def test_a_file_as_it_was_reviewed_is_edited(tmp_path: Path) -> None:
    file = put(tmp_path, REVIEWED)
    file.chmod(0o755)
    mend = finding(edit(2, 3, "two\n"), edit(40, 40, ""))
    assert done(tmp_path, mend, Finding("bugs/y", "no edits")) == Applied(("a.txt",), (mend,))
    lines = file.read_text().split("\n")
    assert lines[:4] == ["line 1", "two", "line 4", "line 5"]
    assert lines[-2:] == ["line 39", ""]
    assert stat.S_IMODE(file.stat().st_mode) == 0o755
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt"]


def test_other_edits_of_the_user_stay_as_they_are(tmp_path: Path) -> None:
    mine = REVIEWED.replace("line 1\n", "mine\nline 1\nmore\n").replace("line 30\n", "")
    file = put(tmp_path, mine)
    result = done(tmp_path, finding(edit(20, 20, "twenty\n")), finding(edit(5, 4, "between\n")))
    assert len(result.findings) == 2
    assert file.read_text() == mine.replace("line 20\n", "twenty\n").replace("line 5\n", "between\nline 5\n")


@pytest.mark.parametrize("changed", [17, 20, 23])
def test_lines_that_were_changed_since_are_left_alone(tmp_path: Path, changed: int) -> None:
    put(tmp_path, REVIEWED.replace(f"line {changed}\n", f"line {changed}!\n"))
    assert reason(tmp_path, edit(20, 20, "twenty\n")) == "the lines of a.txt were changed since"


BLOCK = "a\nb\nc\nd\ne\nf\ng\n"


def test_the_right_one_of_equal_places_is_found_or_none(tmp_path: Path) -> None:
    reviewed = {"a.txt": f"{BLOCK}--- 1\n{BLOCK}--- 2\n{BLOCK}"}
    file = put(tmp_path, reviewed["a.txt"])
    done(tmp_path, finding(edit(12, 12, "D\n")), reviewed=reviewed)
    assert file.read_text() == f"{BLOCK}--- 1\n{BLOCK.replace('d', 'D')}--- 2\n{BLOCK}"
    # The user changed the first block: the lines around the edit now stand in the second alone, which is not meant.
    put(tmp_path, f"{BLOCK.replace('d', 'mine')}--- 1\n{BLOCK}")
    twice = {"a.txt": f"{BLOCK}--- 1\n{BLOCK}"}
    assert "were changed since" in reason(tmp_path, edit(4, 4, "D\n"), reviewed=twice)
    # More lines around tell them apart.
    put(tmp_path, f"new\n{BLOCK}--- 1\n{BLOCK}")
    done(tmp_path, finding(edit(12, 12, "D\n")), reviewed=twice)
    assert (tmp_path / "a.txt").read_text() == f"new\n{BLOCK}--- 1\n{BLOCK.replace('d', 'D')}"
    # The user copied the block: nobody knows which of the two is meant.
    put(tmp_path, f"{BLOCK}{BLOCK}")
    assert "several places" in reason(tmp_path, edit(4, 4, "D\n"), reviewed={"a.txt": BLOCK})
    same = "x\n" * 300
    put(tmp_path, f"new\n{same}")
    assert "several places" in reason(tmp_path, edit(150, 150, "y\n"), reviewed={"a.txt": same})


def test_a_finding_is_applied_whole_or_not_at_all(tmp_path: Path) -> None:
    reviewed = {"a.txt": REVIEWED, "b/c.txt": REVIEWED}
    put(tmp_path, REVIEWED)
    other = put(tmp_path, REVIEWED.replace("line 9\n", ""), "b/c.txt")
    both = finding(edit(1, 1, "one\n"), edit(9, 9, "nine\n", "b/c.txt"))
    single = finding(edit(2, 2, "two\n"))
    result = done(tmp_path, both, single, reviewed=reviewed)
    assert result.findings == (single,)
    assert [one for one, _ in result.skipped] == [both]
    assert (tmp_path / "a.txt").read_text() == REVIEWED.replace("line 2\n", "two\n")
    assert other.read_text() == REVIEWED.replace("line 9\n", "")


def test_the_second_of_two_that_overlap_is_left_out(tmp_path: Path) -> None:
    put(tmp_path, REVIEWED)
    first, second, third = finding(edit(1, 3, "x\n")), finding(edit(3, 3, "y\n")), finding(edit(4, 4, "z\n"))
    result = done(tmp_path, first, second, third)
    assert result.findings == (first, third)
    assert result.skipped == ((second, "it overlaps an edit that was made for another finding"),)
    assert (tmp_path / "a.txt").read_text().startswith("x\nz\nline 5\n")


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("latin-1", b""),
        ("utf-16-le", b"\xff\xfe"),
        ("cp932", b""),
        ("euc_jp", b""),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encoding_mark_and_line_ends_are_kept(tmp_path: Path, encoding: str, mark: bytes, end: str) -> None:
    words = "価格の計算はここで行います。" if encoding in ("cp932", "euc_jp", "utf-16-le") else "Größe für schöne Möbel"
    reviewed = f"first\n# {words}\nlast\n"
    work = reviewed.replace("\n", end)
    file = put(tmp_path, mark + work.encode(encoding))
    # Reviewed as git has it, which is without carriage returns where it converts line ends.
    result = done(tmp_path, finding(edit(3, 3, "end\nmore\n")), reviewed={"a.txt": reviewed})
    assert result.skipped == ()
    assert file.read_bytes() == mark + f"first\n# {words}\nend\nmore\n".replace("\n", end).encode(encoding)


def test_a_last_line_without_an_end_stays_without(tmp_path: Path) -> None:
    file = put(tmp_path, "a\r\nb")
    done(tmp_path, finding(edit(2, 2, "c\r\nd\r\n")), reviewed={"a.txt": "a\r\nb"})
    assert file.read_bytes() == b"a\r\nc\r\nd"


def test_text_that_the_encoding_has_no_sign_for_is_not_written(tmp_path: Path) -> None:
    text = "# Größe für schöne Möbel\nx\n"
    put(tmp_path, text.encode("latin-1"))
    assert "can't be written in the file's encoding" in reason(tmp_path, edit(2, 2, "日本\n"), reviewed={"a.txt": text})


def test_a_file_that_would_no_longer_parse_is_left_alone(tmp_path: Path) -> None:
    reviewed = {"a.json": '{\n "a": 1\n}\n', "b.py": "x = 1\ny = 2\n"}
    put(tmp_path, reviewed["a.json"], "a.json")
    assert "would not parse" in reason(tmp_path, edit(2, 2, ' "a": 1,\n', "a.json"), reviewed=reviewed)
    broken = put(tmp_path, "x = (\nx = 1\ny = 2\n", "b.py")
    assert done(tmp_path, finding(edit(2, 2, "y = 3\n", "b.py")), reviewed=reviewed).skipped == ()
    assert broken.read_text() == "x = (\nx = 1\ny = 3\n"


@pytest.mark.parametrize(
    "path",
    ["../out.txt", "/etc/hostname", "b/../../out.txt", ".git/config", "b/.GIT/hooks/pre-commit", "", ".", "b\0c",
     "./a.txt/.."],
)  # fmt: skip
def test_paths_stay_within_the_work_tree(tmp_path: Path, path: str) -> None:
    root = tmp_path / "root"
    for place in (".git", "b/.GIT/hooks"):
        (root / place).mkdir(parents=True)
    put(root, REVIEWED)
    put(root, REVIEWED, ".git/config")
    put(root, REVIEWED, "b/.GIT/hooks/pre-commit")
    out = put(tmp_path, REVIEWED, "out.txt")
    why = reason(root, edit(1, 1, "x\n", path), reviewed={path: REVIEWED})
    assert "is no file of the work tree" in why
    assert out.read_text() == REVIEWED


def test_links_are_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "root"
    out = put(tmp_path, REVIEWED, "out/a.txt")
    inner = put(root, REVIEWED, "inner.txt")
    (root / "a.txt").symlink_to(out)
    (root / "b").symlink_to(tmp_path / "out")
    (root / "c.txt").symlink_to("inner.txt")
    (root / "loop").symlink_to("loop")
    for path in ("a.txt", "b/a.txt", "c.txt", "loop"):
        why = reason(root, edit(1, 1, "x\n", path), reviewed={path: REVIEWED})
        assert "is a symbolic link" in why or "can't be read" in why
    assert out.read_text() == inner.read_text() == REVIEWED
    # The work tree itself may be reached by one.
    (tmp_path / "link").symlink_to(root)
    assert done(tmp_path / "link", finding(edit(1, 1, "x\n", "inner.txt")), reviewed={"inner.txt": REVIEWED}).paths


@pytest.mark.parametrize(
    ("path", "said"),
    [("gone.txt", "is not in the work tree any more"), ("folder", "is no plain file"), ("binary", "can't be read"),
     ("pipe", "is no plain file")],
)  # fmt: skip
def test_what_is_no_text_file_is_left_alone(tmp_path: Path, path: str, said: str) -> None:
    (tmp_path / "folder").mkdir()
    put(tmp_path, b"\0\1\2" * 50, "binary")
    os.mkfifo(tmp_path / "pipe")
    assert said in reason(tmp_path, edit(1, 1, "x\n", path), reviewed={path: REVIEWED})


def test_a_file_that_was_not_reviewed_or_an_edit_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    put(tmp_path, REVIEWED)
    assert "was not reviewed" in reason(tmp_path, edit(1, 1, "x\n"), reviewed={"b": ""})
    for bad in (edit(0, 0, "x\n"), edit(41, 41, "x\n"), edit(5, 3, "x\n")):
        assert "does not fit" in reason(tmp_path, bad)


def test_when_one_file_can_t_be_written_none_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from contentkit.reviews import apply as verb

    reviewed = {"a.txt": REVIEWED, "b.txt": REVIEWED}
    files = [put(tmp_path, REVIEWED, path) for path in reviewed]
    write, broken = verb.write_atomically, [True]

    def full(path: Path, data: Any, *, force: bool = False) -> None:
        if path.name == "b.txt" and broken.pop():
            raise UsageError(f"{path} can't be written (no space left).")
        write(path, data, force=force)

    monkeypatch.setattr(verb, "write_atomically", full)
    with pytest.raises(UsageError, match=r"No edit was made: .*no space left"):
        done(tmp_path, finding(edit(1, 1, "x\n"), edit(1, 1, "x\n", "b.txt")), reviewed=reviewed)
    assert [file.read_text() for file in files] == [REVIEWED, REVIEWED]


LINES = st.lists(st.sampled_from(["a", "b", "c", "}", ""]), min_size=1, max_size=14)


@given(st.data())
def test_what_the_user_changed_is_never_lost(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Lines put in by the user are all there afterwards, and only lines of the edit are gone."""
    old = data.draw(LINES)
    at = data.draw(st.integers(1, len(old)))
    last = data.draw(st.integers(at, len(old)))
    mine = [*old]
    for number in range(data.draw(st.integers(0, 3))):
        mine.insert(data.draw(st.integers(0, len(mine))), f"mine {number}")
    root = tmp_path_factory.mktemp("tree")
    file = put(root, "".join(f"{line}\n" for line in mine))
    reviewed = "".join(f"{line}\n" for line in old)
    result = done(root, finding(edit(at, last, "NEW\n")), reviewed={"a.txt": reviewed})
    now = file.read_text().split("\n")[:-1]
    if not result.findings:
        assert now == mine
        return
    assert [line for line in now if line.startswith("mine")] == [line for line in mine if line.startswith("mine")]
    assert [line for line in now if not line.startswith("mine")] == [*old[: at - 1], "NEW", *old[last:]]
