"""Patches of every make: read as the change that they were made from, or refused by line."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest
from gitrepos import Repo
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contentkit.code.diff import Limits, open_change
from contentkit.code.patches import file as patchfile
from contentkit.code.patches.patch import Broken, CutOff, applied, hunks, measured
from contentkit.code.reading.texts import Entry, file_change
from contentkit.core.change import Change, FileChange, Selection, Status
from contentkit.core.errors import UsageError


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "r")


def read(folder: Path, patch: str | bytes, limits: Limits = Limits(), **wish: object) -> Change:  # noqa: B008
    (folder / "x.patch").write_bytes(patch if isinstance(patch, bytes) else patch.encode())
    return open_change(Selection(diff="x.patch", **wish), cwd=folder, env={}, limits=limits)  # type: ignore[arg-type]


def essence(change: Change) -> list[tuple[object, ...]]:
    return [(f.path, f.old_path, f.status, f.hunks, f.binary) for f in change]


BODY = "".join(f"line {number}\n" for number in range(1, 31))
BEFORE: dict[str, str | bytes | None] = {
    "src/a.py": BODY,
    "old name.txt": BODY,
    "gone": "-- a\n++ b\n",
    "mode": "x\n",
    "bin": b"\0\1",
    "crlf": "one\r\ntwo\r\n",
    "noeol": "one\ntwo",
    'ümläut "q"\t': "1\n",
}
AFTER: dict[str, str | bytes | None] = {
    "src/a.py": BODY.replace("line 3\n", "-- three\n").replace("line 25\n", "@@ -1 +1 @@\n"),
    "old name.txt": None,
    "new b/name.txt": BODY.replace("line 9\n", ""),
    "gone": None,
    "bin": b"\0\2",
    "crlf": "one\r\n2\r\n",
    "noeol": "one\n2",
    'ümläut "q"\t': "2\n",
    "added": "--- a/added\n+++ b/added\n",
    "empty": "",
}


@pytest.fixture
def changed(repo: Repo) -> Repo:
    repo.commit(BEFORE)
    repo.write(AFTER)
    (repo.root / "mode").chmod(0o755)
    repo.commit({}, "Subject of the change\n\nWhy it was made.\n\ndiff of words\n")
    return repo


MAKES = [
    ["diff"], ["diff", "--no-prefix"], ["-c", "diff.mnemonicPrefix=true", "diff"], ["diff", "--full-index"],
    ["diff", "--binary"], ["-c", "core.quotePath=false", "diff"], ["diff", "--src-prefix=old/", "--dst-prefix=new/"],
    ["diff", "--stat", "-p"], ["diff", "--patience"],
]  # fmt: skip


@pytest.mark.parametrize("make", MAKES, ids=" ".join)
@pytest.mark.parametrize("outside", [False, True])
def test_a_patch_of_git_is_the_change_that_it_was_made_from(
    changed: Repo, tmp_path: Path, make: list[str], outside: bool
) -> None:
    patch = changed.git(*make, "-M", "HEAD^", "HEAD")
    truth = open_change(Selection(range="HEAD^..HEAD"), cwd=changed.root, env={})
    change = read(tmp_path if outside else changed.root, patch)
    assert essence(change) == essence(truth)
    assert (change.own, change.base, change.head, change.root, list(change.notices)) == (False, "", "", "", [])
    if not outside:
        texts = {file.path: (file.old_text, file.new_text) for file in truth if file.hunks}
        assert {file.path: (file.old_text, file.new_text) for file in change if file.hunks} == texts
    files = {file.path: file for file in change}
    assert files["mode"].note == "mode 100644 to 100755"
    assert files["added"].new_text == AFTER["added"]
    assert files["src/a.py"].new_text == (None if outside else AFTER["src/a.py"])
    assert files["bin"].skipped == "binary"


def test_a_mail_of_format_patch(changed: Repo, tmp_path: Path) -> None:
    patch = changed.git("format-patch", "--stdout", "-1", "-M")
    change = read(tmp_path, patch)
    assert essence(change) == essence(open_change(Selection(range="HEAD"), cwd=changed.root, env={}))
    assert change.message.startswith("Subject of the change\n\nWhy it was made.")


def test_several_mails_that_change_one_file_say_so(repo: Repo, tmp_path: Path) -> None:
    repo.commit({"a": "1\n"})
    repo.commit({"a": "2\n"}, "first")
    repo.commit({"a": "3\n"}, "second")
    change = read(tmp_path, repo.git("format-patch", "--stdout", "-2"))
    assert [next(file.lines("+")).text for file in change] == ["2", "3"]
    assert "more than once" in change.notices[0]
    assert change.message == "first\n\nsecond"


def test_a_plain_unified_diff(repo: Repo, tmp_path: Path) -> None:
    for side, files in (("orig", BEFORE), ("new", BEFORE | AFTER)):
        for name, content in files.items():
            if name in ("src/a.py", "gone", "crlf", "noeol", "added") and content is not None:
                path = tmp_path / side / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
    done = subprocess.run(["diff", "-ruN", "orig", "new"], cwd=tmp_path, capture_output=True, check=False)
    files = {file.path: file for file in read(tmp_path, done.stdout)}
    assert {name: file.status.value for name, file in files.items()} == {
        "src/a.py": "M", "gone": "D", "crlf": "M", "noeol": "M", "added": "A",
    }  # fmt: skip
    assert [line.text for line in files["src/a.py"].lines("+")] == ["-- three", "@@ -1 +1 @@"]
    assert [line.text for line in files["gone"].lines("-")] == ["-- a", "++ b"]
    assert [line.text for line in files["crlf"].lines("+")] == ["2\r"]


@pytest.mark.parametrize(
    ("heads", "path"),
    [
        ("--- a/x y.py\t2026-01-01 00:00:00\n+++ b/x y.py\t2026-01-02\n", "x y.py"),
        ("--- x.py\n+++ x.py\n", "x.py"),
        ("--- src/x.py.orig\n+++ src/x.py\n", "src/x.py"),
        ("Index: src/x.py\n=====\n--- src/x.py\t(revision 1)\n+++ src/x.py\t(working copy)\n", "src/x.py"),
        ('--- "a/\\303\\274.py"\n+++ "b/\\303\\274.py"\n', "ü.py"),
    ],
)
def test_paths_of_plain_diffs(tmp_path: Path, heads: str, path: str) -> None:
    (file,) = read(tmp_path, heads + "@@ -1 +1 @@\n-a\n+b\n")
    assert file.path == path


def test_a_patch_saved_with_carriage_returns(changed: Repo, tmp_path: Path) -> None:
    patch = changed.git("diff", "-M", "HEAD^", "HEAD", "--", "src", "noeol", "gone")
    change = read(tmp_path, patch.replace("\n", "\r\n"))
    assert essence(change) == essence(read(tmp_path, patch))


def test_context_lines_that_lost_their_blank(tmp_path: Path) -> None:
    (file,) = read(tmp_path, "--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n a\n\n-b\n+c\n")
    assert [(line.kind, line.old, line.new, line.text) for line in file.lines()] == [
        (" ", 1, 1, "a"), (" ", 2, 2, ""), ("-", 3, None, "b"), ("+", None, 3, "c"),
    ]  # fmt: skip


@pytest.mark.parametrize("parents", [2, 3])
def test_a_combined_diff_counts_on_the_new_side(repo: Repo, tmp_path: Path, parents: int) -> None:
    repo.commit({"f": BODY, "g": "1\n"})
    names = [f"side{number}" for number in range(1, parents)]
    for number, name in enumerate(names):
        repo.git("switch", "-q", "-c", name, "main")
        repo.commit({"f": BODY.replace("line 12\n", f"{name}\n" * (number + 1)), "g": f"{name}\n"})
    repo.git("switch", "-q", "main")
    repo.commit({"f": BODY.replace("line 12\n", "main\n"), "g": "main\n"})
    repo.git("merge", "-q", "-s", "ours", "--no-commit", *names)
    merged = BODY.replace("line 12\n", "both\nand more\n").replace("line 2\n", "two\n")
    repo.commit({"f": merged, "g": "all\n"})
    patch = repo.git("show", "--cc", "HEAD")
    for where in (tmp_path, repo.root):
        files = {file.path: file for file in read(where, patch)}
        assert list(files) == ["f", "g"]
        file = files["f"]
        lines = merged.split("\n")
        assert [(line.new, line.text) for line in file.lines("+")] == [(2, "two"), (12, "both"), (13, "and more")]
        assert all(lines[line.new - 1] == line.text for line in file.lines(" ") if line.new)
        assert {line.text for line in file.lines("-")} >= {"line 2", "main", "side1"}
        assert f"a merge of {parents} parents" in file.note
    assert file.new_text == merged


def test_standard_input(changed: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    patch = changed.git("diff", "HEAD^", "HEAD").encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(patch)))
    change = open_change(Selection(diff="-"), cwd=tmp_path, env={})
    assert (change.title, len(change) > 5) == ("patch from standard input", True)


def test_paths_narrow_a_patch_too(changed: Repo, tmp_path: Path) -> None:
    patch = changed.git("diff", "-M", "HEAD^", "HEAD")
    assert list(read(tmp_path, patch, paths=("src", "noeol")).paths()) == ["noeol", "src/a.py"]
    assert list(read(tmp_path, patch, range="*.py").paths()) == ["src/a.py"]


def test_an_empty_patch_is_a_change_without_files(tmp_path: Path) -> None:
    change = read(tmp_path, "")
    assert (len(change), change.title) == (0, "patch x.patch changes no file")


# --- the files on both sides -------------------------------------------------------------------------------------


def folders(root: Path, before: str, after: str) -> Limits:
    for side, text in (("before", before), ("after", after)):
        (root / side).mkdir(exist_ok=True)
        (root / side / "x").write_text(text)
    return Limits(before=root / "before", after=root / "after")


PATCH = "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n"


def test_folders_with_the_files_give_their_texts(tmp_path: Path) -> None:
    change = read(tmp_path, PATCH, folders(tmp_path, "a\nb\nrest\n", "a\nc\nrest\n"))
    (file,) = change
    assert (file.old_text, file.new_text, list(change.notices)) == ("a\nb\nrest\n", "a\nc\nrest\n", [])
    assert (change.tree(), change.text("x"), change.text("x", "LEFT")) == (["x"], "a\nc\nrest\n", "a\nb\nrest\n")


def test_the_file_before_is_enough_for_the_one_after(tmp_path: Path) -> None:
    limits = folders(tmp_path, "a\nb\nrest", "other")
    (file,) = read(tmp_path, PATCH, Limits(before=limits.before))
    assert file.new_text == "a\nc\nrest"


@pytest.mark.parametrize(("before", "after"), [("a\nB\n", "a\nc\n"), ("a\nb\n", "z\nc\n"), ("a\n", "a\nc\n")])
def test_files_that_are_not_the_patchs_are_not_taken(tmp_path: Path, before: str, after: str) -> None:
    change = read(tmp_path, PATCH, folders(tmp_path, before, after))
    (file,) = change
    assert (file.old_text, file.new_text, len(file.hunks)) == (None, None, 1)
    list(change)
    assert change.notices == ["x is not the file that the patch was made from; only the patch's lines are reviewed."]


def test_a_patch_reaches_no_file_outside_the_folders(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("a\nb\n")
    limits = folders(tmp_path, "a\nb\n", "a\nc\n")
    (tmp_path / "before" / "link").symlink_to(tmp_path / "secret")
    for name in ("../secret", "link", "/etc/passwd"):
        (file,) = read(tmp_path, PATCH.replace("a/x", name).replace("b/x", name), limits)
        assert file.old_text is None
    assert read(tmp_path, PATCH, limits).text("../secret", "LEFT") is None


def test_encodings_of_a_patch(repo: Repo, tmp_path: Path) -> None:
    repo.commit({"a": "Größe, café\nzwei\n".encode("latin-1")})
    repo.commit({"a": "Größe, café\ndrüber\n".encode("latin-1")})
    patch = subprocess.run(["git", "diff", "HEAD^"], cwd=repo.root, capture_output=True, check=True).stdout
    for where in (tmp_path, repo.root):
        (file,) = read(where, patch)
        assert (file.encoding, next(file.lines("+")).text) == ("Windows-1252", "drüber")


def test_a_byte_order_mark_is_no_part_of_a_patchs_text(repo: Repo, tmp_path: Path) -> None:
    repo.commit({"a": b"\xef\xbb\xbfone\ntwo\n"})
    repo.commit({"a": b"\xef\xbb\xbfone\n2\n"})
    patch = repo.git("diff", "HEAD^")
    for where in (tmp_path, repo.root):
        change = read(where, patch)
        (file,) = change
        assert (file.hunks[0].lines[0].text, list(change.notices)) == ("one", [])
    (repo.root / "b").mkdir()
    (repo.root / "b" / "a").write_bytes(b"\xef\xbb\xbfONE\ntwo\n")
    assert read(repo.root, patch, Limits(before=repo.root / "b")).file("a").old_text is None


# --- broken ones -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("patch", "said"),
    [
        ("some words\n", "There is no diff in x.patch."),
        ("@@ -1 +1 @@\n-a\n+b\n", "line 1: a hunk without the file"),
        ("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\nwords\n", "line 5: this is no line of a hunk"),
        ("diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +x @@\n-a\n", "line 4: this is no line of a hunk"),
        ("--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n-a\n b\n c\n", "hunk has more lines"),
        ("diff --cc x\n--- a/x\n+++ b/x\n@@@ -1 +1 @@@\n", "number of parents"),
    ],
)
def test_a_broken_patch_is_refused_by_line(tmp_path: Path, patch: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(tmp_path, patch)
    assert said in str(caught.value)
    assert "git diff" in caught.value.hint


def test_a_hunk_that_is_cut_off_fails_its_file_alone(tmp_path: Path) -> None:
    whole = "diff --git a/y b/y\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n"
    cut = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n@@ -8,3 +8,3 @@\n a\n-b\n"
    for patch, order in ((cut + whole, ["x", "y"]), (whole + cut, ["y", "x"])):
        change = read(tmp_path, patch)
        assert list(change.paths()) == order
        assert "cut off" in change.file("x").failed
        assert (change.file("y").failed, len(change.file("y").hunks)) == ("", 1)


# --- properties --------------------------------------------------------------------------------------------------

LINES = st.sampled_from(
    ["", " ", "\tx = 1", "def f():", "    return", "}", "-- a", "++ b", "--- a/x", "+++ b/x", "@@ -1 +1 @@",
     "\\ No newline at end of file", "\x0c", "a\u2028b", "é", "x\r", "\r", "diff --git a/x b/x", "-", "+"]
)  # fmt: skip


@st.composite
def edits(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """A file and what became of it."""
    before = draw(st.lists(LINES, max_size=40))
    after = list(before)
    for _ in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(after)))
        after[at : at + draw(st.integers(0, 4))] = draw(st.lists(LINES, max_size=4))
    ends = draw(st.tuples(st.sampled_from(["", "\n"]), st.sampled_from(["", "\n"])))
    return tuple(("\n".join(lines) + end).encode() for lines, end in zip((before, after), ends, strict=True))  # type: ignore[return-value]


def ours(before: bytes, after: bytes) -> FileChange:
    return file_change(Entry("x", Status.MODIFIED, "x", 0o100644, 0o100644), before, after)


def counted(start: int, count: int) -> str:
    return str(start) if count == 1 else f"{start},{count}"


@given(edits())
@settings(max_examples=120)
@example((b"\tx = 1\n\x0c\n\tx = 1\n\tx = 1", b"\tx = 1\n\tx = 1"))  # libgit2 takes a form feed for a blank
@example((b"a\n\x0b\n\ta\n\ta\n", b"a\n\ta\n"))
def test_hunks_are_gits_own_byte_for_byte(tmp_path_factory: pytest.TempPathFactory, edit: tuple[bytes, bytes]) -> None:
    folder = tmp_path_factory.getbasetemp()
    for name, content in zip(("p", "q"), edit, strict=True):
        (folder / name).write_bytes(content)
    words = ["git", "diff", "--no-index", "-U3", "--no-color", "p", "q"]
    text = subprocess.run(words, cwd=folder, capture_output=True, check=False).stdout
    body = text[text.index(b"\n@@ ") + 1 :] if b"\n@@ " in text else b""
    file = ours(*edit)
    out = []
    for hunk in file.hunks:
        old, new = counted(hunk.old_start, hunk.old_count), counted(hunk.new_start, hunk.new_count)
        out.append(f"@@ -{old} +{new} @@")
        out += [line.kind + line.text for line in hunk.lines]
    theirs = [line for line in body.decode().split("\n")[:-1] if not line.startswith("\\ No")]
    assert [line.split(" @@")[0] if line.startswith("@@ -") else line for line in theirs] == [
        line.split(" @@")[0] if line.startswith("@@ -") else line for line in out
    ]
    assert hunks(body) == file.hunks
    assert applied(edit[0], body) == edit[1]
    for line in file.lines():
        for content, number in ((edit[0], line.old), (edit[1], line.new)):
            assert number is None or content.decode().split("\n")[number - 1] == line.text


@given(st.lists(edits(), min_size=1, max_size=4))
def test_no_hunk_of_a_patch_is_lost(every: list[tuple[bytes, bytes]]) -> None:
    data, expected = b"", []
    for number, edit in enumerate(every):
        file = ours(*edit)
        if not file.hunks:
            continue
        lines = []
        for hunk in file.hunks:
            lines += [hunk.header, *(line.kind + line.text for line in hunk.lines)]
        data += f"diff --git a/f{number} b/f{number}\n--- a/f{number}\n+++ b/f{number}\n".encode()
        data += "\n".join(lines).encode() + b"\n"
        expected.append((f"f{number}".encode(), tuple(hunk.lines for hunk in file.hunks)))
    found = [
        (one.path, tuple(hunk.lines for hunk in hunks(data[one.begin : one.end]))) for one in patchfile.sections(data)
    ]
    assert found == expected


PIECES = st.sampled_from(
    [b"diff --git a/x b/x\n", b"diff --cc x\n", b"--- a/x\n", b"+++ b/x\n", b"@@ -1 +1 @@\n", b"@@ -1,2 +1,3 @@ f\n",
     b"@@@ -1 -1 +1 @@@\n", b"@@@@ -1 -1 -1 +1 @@@@\n", b"-a\n", b"+b\n", b" c\n", b"++d\n", b"- e\n",
     b"\\ No newline\n",
     b"index 123..456 100644\n", b"rename from q\n", b"rename to r\n", b"GIT binary patch\n", b"literal 3\n", b"\n",
     b"new file mode 100644\n", b"Binary files a and b differ\n", b'diff --git "a/\\q" "b/\\303"\n', b"--- /dev/null\n",
     b"\xff\xfe\x00", b"\r\n", b"old mode 120000\n", b"new mode 9\n", b"@@ -0,0 +1 @@",
     b"Submodule x 1234567..89abcde:\n",
     b"@@ -99999999999999999 +1 @@\n", b"From " + b"0" * 40 + b" Mon\n", b"Subject: x\n", b"diff --git \n"]
)  # fmt: skip


@given(st.one_of(st.binary(max_size=300), st.lists(PIECES | st.binary(max_size=5), max_size=14).map(b"".join)))
@settings(max_examples=400)
@example(b"diff --git \n")
@example(b"diff --git a/x b/x\nGIT binary patch\nliteral 1")
def test_arbitrary_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.getbasetemp()
    try:
        change = read(folder, data)
        for file in change:
            assert file.path
            assert file.units
            file.path.encode()
    except UsageError:
        pass


HEADS = st.sampled_from([b"@@ -1 +1 @@\n", b"@@ -1,2 +1,3 @@\n", b"@@@ -1 -1,2 +1 @@@\n", b"@@"])


@given(HEADS, st.lists(PIECES, max_size=8))
def test_both_walks_over_hunks_agree(head: bytes, pieces: list[bytes]) -> None:
    data = head + b"".join(pieces)
    try:
        end, _ = measured(data, 0)
    except Broken as error:
        with pytest.raises(CutOff if isinstance(error, CutOff) else Broken):
            hunks(data)
        return
    assert len(hunks(data[:end])) == 1
