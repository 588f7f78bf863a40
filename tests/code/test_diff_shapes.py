"""Changes of every shape, in real repositories: files, statuses and lines are git's own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from gitrepos import ENV, Repo

from contentkit.code.diff import Limits, open_change
from contentkit.core.change import Change, FileChange, Selection, Status


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "r")


def opened(repo: Repo, limits: Limits = Limits(), **wish: object) -> Change:  # noqa: B008
    return open_change(Selection(**wish), cwd=repo.root, env={}, limits=limits)  # type: ignore[arg-type]


def last(repo: Repo) -> dict[str, FileChange]:
    """What the newest commit changed, compared with git on the way."""
    change = opened(repo, range="HEAD")
    files = {file.path: file for file in change}
    assert list(files) == list(change.paths())
    parent = (
        "HEAD^"
        if repo.git("rev-list", "--count", "HEAD").strip() != "1"
        else "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
    )
    same_as_git(repo, files, parent, "HEAD")
    return files


def same_as_git(repo: Repo, files: dict[str, FileChange], *sides: str) -> None:
    """File list, statuses, and every hunk byte for byte."""
    words = repo.git("diff", "--name-status", "-M", "-z", *sides).split("\0")[:-1]
    listed = []
    while words:
        letter = words.pop(0)[0]
        old = words.pop(0)
        listed.append((letter, old, words.pop(0) if letter in "RC" else old))
    assert [(file.status.value, file.old_path, file.path) for file in files.values()] == listed
    for file in files.values():
        text = repo.git("diff", "-M", "--no-color", "--no-ext-diff", *sides, "--", file.old_path, file.path)
        lines = [line for line in text.split("\n@@ ", 1)[-1].split("\n") if line[:1] != "\\"] if "\n@@ " in text else []
        if lines and not file.binary and file.status is not Status.TYPE:
            lines[0] = f"@@ {lines[0]}"
            assert shown(file) == [line.rstrip(" ") if line.startswith("@@ -") else line for line in lines if line], (
                file.path
            )
        elif not file.skipped:
            assert bool(file.hunks) == bool(lines)
        for line in file.lines():
            for text, number in ((file.old_text, line.old), (file.new_text, line.new)):
                if number is not None:
                    assert text is not None
                    assert text.split("\n")[number - 1] == line.text


def shown(file: FileChange) -> list[str]:
    """Our hunks, written as git writes them."""
    out = []
    for hunk in file.hunks:
        old = f"{hunk.old_start},{hunk.old_count}" if hunk.old_count != 1 else str(hunk.old_start)
        new = f"{hunk.new_start},{hunk.new_count}" if hunk.new_count != 1 else str(hunk.new_start)
        out.append(f"@@ -{old} +{new} @@ {hunk.section}".rstrip(" "))
        out += [line.kind + line.text for line in hunk.lines]
    return out


BODY = "".join(f"line {number}\n" for number in range(1, 41))


def test_a_rename_with_edits_is_one_file_with_its_edits(repo: Repo) -> None:
    repo.commit({"old name.py": BODY})
    repo.commit({"old name.py": None, "new/name.py": BODY.replace("line 20\n", "line twenty\n")})
    (file,) = last(repo).values()
    assert (file.status, file.old_path, file.path) == (Status.RENAMED, "old name.py", "new/name.py")
    assert [line.text for line in file.lines("+")] == ["line twenty"]
    assert "renamed from old name.py" in file.note


def test_of_two_heirs_of_one_file_git_names_one(repo: Repo) -> None:
    repo.commit({"a": BODY, "z": "z\n" + BODY * 2})
    repo.commit({"a": None, "b": BODY, "c": BODY, "z": None, "y": "z\n" + BODY * 2 + "y\n", "x": "x\n" + BODY * 2})
    assert sorted(file.status.value for file in last(repo).values()) == ["A", "A", "R", "R"]


def test_a_copy_of_a_file_that_stays_is_added_as_git_says(repo: Repo) -> None:
    repo.commit({"a": BODY})
    repo.commit({"a": BODY + "more\n", "b": BODY + "other\n"})
    assert last(repo)["b"].status is Status.ADDED


def test_whoever_has_git_look_for_copies_sees_copies(repo: Repo) -> None:
    repo.commit({"a": BODY})
    repo.commit({"a": BODY + "more\n", "b": BODY + "other\n", "c": "new\n"})
    repo.git("config", "diff.renames", "copies")
    files = {file.path: file for file in opened(repo, range="HEAD")}
    assert {path: (file.status.value, file.old_path) for path, file in files.items()} == {
        "a": ("M", "a"), "b": ("C", "a"), "c": ("A", "c"),
    }  # fmt: skip
    assert [line.text for line in files["b"].lines("+")] == ["other"]
    assert files["b"].note == "copied from a"


def test_a_change_too_big_for_comparing_takes_the_same_and_those_of_the_same_name(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contentkit.code.git.deltas._PAIRS", 3)
    words = {name: f"{name}\n" * 40 for name in ("same", "kept", "other", "like", "twice")}
    before = {f"old/{name}": text for name, text in words.items()} | {"old/deep/twice": "2\n" + words["twice"]}
    come = {
        "new/renamed": words["same"],
        "new/kept": words["kept"] + "more\n",
        "new/other": "nothing in common\n" * 20,
        "new/alike": words["like"] + "more\n",
        "new/twice": words["twice"] + "more\n",
    }
    repo.commit({**before})
    repo.commit({**dict.fromkeys(before), **come})
    change = opened(repo, range="HEAD")
    files = {file.path: file for file in change}
    assert {path: file.status.value for path, file in files.items()} == {
        "new/renamed": "R", "new/kept": "R", "new/other": "A", "new/alike": "A", "new/twice": "A",
        "old/deep/twice": "D", "old/like": "D", "old/other": "D", "old/twice": "D",
    }  # fmt: skip
    assert (files["new/kept"].old_path, [line.text for line in files["new/kept"].lines("+")]) == ("old/kept", ["more"])
    assert any("too many to compare" in notice for notice in change.notices)


def test_modes_links_and_kinds(repo: Repo) -> None:
    repo.commit({"run.sh": "#!/bin/sh\n", "both.sh": "#!/bin/sh\n", "turns": "words\n", "data": "x\n"})
    for name in ("run.sh", "both.sh"):
        (repo.root / name).chmod(0o755)
    repo.write({"both.sh": "#!/bin/bash\n", "turns": None})
    os.symlink("data", repo.root / "turns")
    os.symlink("nowhere\nelse", repo.root / "link")
    repo.commit({})
    files = last(repo)
    assert (files["run.sh"].hunks, files["run.sh"].note) == ((), "mode 100644 to 100755")
    assert files["run.sh"].new_text == "#!/bin/sh\n"
    assert files["both.sh"].note == "mode 100644 to 100755"
    assert len(files["both.sh"].hunks) == 1
    assert files["link"].new_text == "nowhere\nelse"
    assert files["link"].note == "symbolic link"
    assert files["turns"].status is Status.TYPE
    assert files["turns"].note == "file to symbolic link"
    assert [(line.kind, line.text) for line in files["turns"].lines()] == [("-", "words"), ("+", "data")]
    assert [hunk.header for hunk in files["turns"].hunks] == ["@@ -1,1 +0,0 @@", "@@ -0,0 +1,1 @@"]


@pytest.mark.parametrize("wish", ["range", "staged", "worktree"])
def test_a_file_that_becomes_a_folder_and_back(repo: Repo, wish: str) -> None:
    repo.commit({"x": BODY, "y/z": "in y\n" + BODY})
    repo.write({"x": None, "y/z": None})
    (repo.root / "y").rmdir()
    files: dict[str, str | bytes | None] = {"x/in": "other\n", "y": "a file\n"}
    if wish == "range":
        repo.commit(files)
    else:
        repo.stage(files) if wish == "staged" else repo.write(files)
    change = opened(repo, **{wish: "HEAD" if wish == "range" else True})
    kinds = {file.path: (file.status.value, file.failed) for file in change}
    assert kinds == {"x": ("D", ""), "x/in": ("A", ""), "y": ("A", ""), "y/z": ("D", "")}


def test_a_link_is_never_followed(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("outside\n")
    repo.commit({"a": "x\n"})
    os.symlink("../secret", repo.root / "a2")
    change = opened(repo, worktree=True)
    (file,) = change
    assert file.new_text == "../secret"
    assert change.text("a2") is None
    repo.commit({})
    assert opened(repo, range="HEAD").text("a2") is None


def test_submodules_are_one_line(repo: Repo, tmp_path: Path) -> None:
    inner = Repo(tmp_path / "inner")
    first = inner.commit({"x": "1\n"})
    repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.root), "sub")
    repo.commit({}, "with a submodule")
    assert [line.text for line in last(repo)["sub"].lines("+")] == [f"Subproject commit {first}"]
    second = inner.commit({"x": "2\n"})
    repo.git("-C", "sub", "-c", "protocol.file.allow=always", "pull", "-q")
    work = {file.path: file for file in opened(repo, worktree=True)}
    assert [line.text for line in work["sub"].lines()] == [f"Subproject commit {name}" for name in (first, second)]
    repo.commit({})
    assert last(repo)["sub"].note == "submodule"
    repo.git("rm", "-q", "-f", "sub")
    repo.commit({})
    assert last(repo)["sub"].status is Status.DELETED


def test_binaries_are_skipped_with_a_reason(repo: Repo) -> None:
    repo.commit({"a.bin": b"\x00\x01\x02" * 50, "gone.bin": b"\x00" * 9})
    repo.commit({"a.bin": b"\x00\x01\x03" * 50, "gone.bin": None, "new.bin": b"\x89PNG\x00"})
    files = last(repo)
    assert {file.skipped for file in files.values()} == {"binary"}
    assert all(file.binary and not file.hunks for file in files.values())
    assert files["a.bin"].size == 150


def test_a_text_that_becomes_binary_is_binary(repo: Repo) -> None:
    repo.commit({"a": "text\n"})
    repo.commit({"a": b"\0\1\2\3"})
    assert last(repo)["a"].binary


@pytest.mark.parametrize(
    ("encoding", "name", "text"),
    [
        ("latin-1", "Windows-1252", "Größe über alles, café\nzwei\n"),
        ("cp932", "Shift_JIS", "これは日本語の文章です。\nテスト\n"),
        ("euc_jp", "EUC-JP", "これは日本語の文章です。とても長い。\nテスト\n"),
    ],
)
def test_legacy_encodings_are_decoded_and_numbered_as_git_does(repo: Repo, encoding: str, name: str, text: str) -> None:
    repo.commit({"a.txt": (text + "end\n").encode(encoding)})
    repo.commit({"a.txt": (text * 2).encode(encoding)})
    (file,) = opened(repo, range="HEAD")
    assert (file.encoding, file.new_text) == (name, text * 2)
    assert [line.text for line in file.lines("+")] == text.split("\n")[:2]
    assert [(line.kind, line.text) for line in file.lines("-")] == [("-", "end")]


def test_an_encoding_that_changes_is_said_and_each_side_is_read_in_its_own(repo: Repo) -> None:
    repo.commit({"a.txt": "Größe, café\nx\n".encode("latin-1")})
    repo.commit({"a.txt": "Größe, café\nx\n"})
    (file,) = opened(repo, range="HEAD")
    assert [(line.kind, line.text) for line in file.lines()][:2] == [("-", "Größe, café"), ("+", "Größe, café")]
    assert file.note == "encoding Windows-1252 to utf-8"


def test_a_declared_encoding_is_believed(repo: Repo) -> None:
    repo.commit({"a.py": "# -*- coding: iso-8859-2 -*-\nx = 'ąęł'\n".encode("iso-8859-2")})
    (file,) = opened(repo, range="HEAD")
    assert "ąęł" in (file.new_text or "")


@pytest.mark.parametrize("codec", ["utf-7", "unicode_escape", "cp037", "rot13", "zlib", "idna", "none"])
def test_a_declared_encoding_can_not_move_lines(repo: Repo, codec: str) -> None:
    code = f"# coding: {codec}\nx = 1  # +AAo-\\n and \\u000a\ny = 2\n"
    repo.commit({"a.py": code})
    repo.commit({"a.py": code.replace("y = 2", "y = 3")})
    (file,) = opened(repo, range="HEAD")
    assert [(line.number, line.text) for line in file.lines("+")] == [(3, "y = 3")]


def test_what_no_encoding_explains_is_still_read_and_said(repo: Repo) -> None:
    repo.commit({"a.py": b"x = 1\n# \xb0\xa1\xb3\xaa\xb4\xd9\xb6\xf3\n" * 6})
    (file,) = opened(repo, range="HEAD")
    assert (file.encoding, len(list(file.lines("+")))) == ("unknown", 12)
    assert "can't be told" in file.note


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf16_is_text_for_us_though_binary_for_git(repo: Repo, encoding: str) -> None:
    if encoding == "utf-16-le":
        before, after = "Ünion\n".encode("utf-16"), ("Ünion\n" + BODY).encode("utf-16")
    else:
        mark = "\ufeff" if encoding == "utf-16-be" else ""
        before, after = (mark + "Ünion\n").encode(encoding), (mark + "Ünion\n" + BODY).encode(encoding)
    repo.commit({"a.txt": before})
    repo.commit({"a.txt": after})
    (file,) = opened(repo, range="HEAD")
    assert [line.new for line in file.lines("+")] == list(range(2, 42))
    assert (file.hunks[0].lines[0].text, file.skipped) == ("Ünion", "")


def test_a_byte_order_mark_is_no_part_of_the_text(repo: Repo) -> None:
    repo.commit({"a.txt": "one\ntwo\n"})
    repo.commit({"a.txt": b"\xef\xbb\xbfone\ntwo\n"})
    (file,) = opened(repo, range="HEAD")
    assert file.new_text == "one\ntwo\n"
    assert file.note == "byte order mark added"
    assert [line.text for line in file.lines("+")] == ["one"]


def test_carriage_returns_stay(repo: Repo) -> None:
    repo.commit({"a.txt": "one\r\ntwo\r\n"})
    repo.commit({"a.txt": "one\r\ntwo!\r\nthree\n"})
    assert [line.text for line in last(repo)["a.txt"].lines("+")] == ["two!\r", "three"]


def test_a_work_tree_with_autocrlf_differs_only_where_git_says(repo: Repo) -> None:
    repo.commit({"a.txt": "one\ntwo\n", "b.txt": "one\ntwo\n"})
    repo.git("config", "core.autocrlf", "true")
    repo.write({"a.txt": "one\r\ntwo\r\n", "b.txt": "one\r\n2\r\n"})
    (file,) = opened(repo, worktree=True)
    assert (file.path, file.new_text) == ("b.txt", "one\n2\n")
    assert [(line.kind, line.text) for line in file.lines() if line.kind != " "] == [("-", "two"), ("+", "2")]


@pytest.mark.parametrize(("before", "after"), [("a\nb", "a\nb\n"), ("a\nb\n", "a\nb"), ("a\nb", "a\nc"), ("", "x")])
@pytest.mark.parametrize("wish", ["range", "worktree", "staged"])
def test_no_line_feed_at_the_end(repo: Repo, before: str, after: str, wish: str) -> None:
    repo.commit({"f": before})
    if wish == "range":
        repo.commit({"f": after})
        assert last(repo)["f"].new_text == after
        return
    repo.write({"f": after}) if wish == "worktree" else repo.stage({"f": after})
    files = {file.path: file for file in opened(repo, **{wish: True})}
    assert files["f"].new_text == after
    same_as_git(repo, files, "HEAD", *(["--cached"] if wish == "staged" else []))


def test_form_feeds_and_line_separators_end_no_line(repo: Repo) -> None:
    repo.commit({"a.py": "one\x0ctwo\u2028three\x85four\x1d\nfive\n"})
    repo.commit({"a.py": "one\x0ctwo\u2028three\x85four\x1d\nsix\n"})
    file = last(repo)["a.py"]
    assert [(line.kind, line.new or line.old) for line in file.lines()] == [(" ", 1), ("-", 2), ("+", 2)]


def test_lines_that_look_like_headers_are_lines(repo: Repo) -> None:
    repo.commit({"a.sql": "-- a\n-- b\nx\n"})
    repo.commit({"a.sql": "++ b\nx\n@@ -1 +1 @@\n\\ No newline at end of file\n"})
    assert [line.text for line in last(repo)["a.sql"].lines("-")] == ["-- a", "-- b"]


ODD = [
    'qu"ote', "ta\tb", "new\nline", "bl ank/and end ", "ümläut", "日本", "back\\slash", "a b/b c", "-dash", "*.py",
]  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_odd_paths(repo: Repo, name: str) -> None:
    repo.commit({name: "one\n"})
    repo.commit({name: "two\n"})
    change = opened(repo, range="HEAD")
    (file,) = change
    assert (file.path, file.failed, len(file.hunks)) == (name, "", 1)
    assert change.text(name) == "two\n"
    assert change.text(name, "LEFT") == "one\n"
    repo.write({name: "three\n"})
    (file,) = opened(repo, worktree=True)
    assert (file.path, file.new_text) == (name, "three\n")
    repo.write({"patch.diff": repo.git("diff")})
    (file,) = opened(repo, diff="patch.diff")
    assert (file.path, [line.text for line in file.lines("+")]) == (name, ["three"])


def test_a_path_that_is_no_utf8_is_escaped_and_read(repo: Repo) -> None:
    raw = os.fsencode(repo.root) + b"/caf\xe9.txt"
    Path(os.fsdecode(raw)).write_text("one\n")
    repo.commit({})
    (file,) = opened(repo, range="HEAD")
    assert (file.path, file.new_text) == ("caf\\xe9.txt", "one\n")
    Path(os.fsdecode(raw)).write_text("two\n")
    change = opened(repo, worktree=True)
    (file,) = change
    assert (file.path, file.new_text, file.failed) == ("caf\\xe9.txt", "two\n", "")
    file.path.encode("utf-8")
    assert change.text("caf\\xe9.txt", "LEFT") == "one\n"


def test_an_empty_file_counts(repo: Repo) -> None:
    repo.commit({"a": ""})
    file = last(repo)["a"]
    assert (file.hunks, file.units, file.new_text) == ((), ("a",), "")


def test_a_file_that_is_missing_in_a_partial_clone_fails_alone(repo: Repo, tmp_path: Path) -> None:
    repo.commit({"a": "1\n", "b": "1\n"})
    repo.commit({"a": "2\n", "b": "2\n"})
    repo.git("config", "uploadpack.allowFilter", "true")
    env = {"PATH": os.environ["PATH"], **ENV}
    subprocess.run(
        ["git", "clone", "-q", "--bare", "--filter=blob:none", repo.root.as_uri(), str(tmp_path / "partial")],
        check=True,
        env=env,
    )
    change = open_change(Selection(range="HEAD"), cwd=tmp_path / "partial", env={})
    assert len(change) == 2
    assert all("partial clone" in file.failed for file in change)
    assert change.text("a") is None


def test_a_damaged_object_fails_alone(repo: Repo) -> None:
    repo.commit({"a": "1\n", "b": "one\n"})
    repo.commit({"a": "2\n", "b": "two\n"})
    name = repo.git("rev-parse", "HEAD:a").strip()
    path = repo.root / ".git" / "objects" / name[:2] / name[2:]
    path.chmod(0o644)
    path.write_bytes(b"no zlib at all")
    files = {file.path: file for file in opened(repo, range="HEAD")}
    assert files["a"].failed.startswith("its content can't be read")
    assert files["b"].failed == ""


def test_nothing_is_kept_of_a_file_once_it_was_read(repo: Repo) -> None:
    import tracemalloc

    repo.commit({f"f{n}": BODY * 40 for n in range(60)})
    repo.commit({f"f{n}": (BODY * 40).replace("line 7\n", f"line {n}\n") for n in range(60)})
    change = opened(repo, range="HEAD")
    tracemalloc.start()
    peaks = []
    for count, _ in enumerate(change):
        if count in (5, 55):
            peaks.append(tracemalloc.get_traced_memory()[1])
    tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.3
