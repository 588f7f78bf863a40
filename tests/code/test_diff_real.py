"""Real commits of odd shapes: what we read of them is what git says. Skips where the material is not at hand."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contentkit.code.diff import Limits, open_change
from contentkit.core.change import FileChange, Selection, Status

MIRRORS = Path(__file__).parents[3] / ".mirror"
ALL = Limits(max_bytes=1_000_000_000)


def mirror(case: dict[str, Any]) -> Path | None:
    path = MIRRORS / case["repo"].replace("/", "+") / "repo"
    return path if path.exists() else None


def git(folder: Path, *words: str) -> bytes:
    return subprocess.run(["git", "-C", str(folder), *words], capture_output=True, check=True).stdout


def shown(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")


def names(folder: Path, *sides: str) -> list[tuple[str, str, str]]:
    words = iter(git(folder, "diff", "--name-status", "-M", "-z", *sides).split(b"\0")[:-1])
    found = []
    for letter in words:
        old = shown(next(words))
        found.append((letter[:1].decode(), old, shown(next(words)) if letter[:1] in b"RC" else old))
    return found


def counts(folder: Path, *sides: str) -> Iterator[tuple[str, str]]:
    words = iter(git(folder, "diff", "--numstat", "-M", "-z", *sides).split(b"\0")[:-1])
    for word in words:
        added, deleted, path = word.split(b"\t", 2)
        if not path:
            next(words), next(words)
        yield added.decode(), deleted.decode()


def headers(folder: Path, file: FileChange, *sides: str) -> list[str]:
    """git's own @@ lines of a file, told by their counts."""
    lines = git(folder, "diff", "-M", "--no-color", *sides, "--", file.old_path, file.path).split(b"\n")
    found, at = [], 0
    while at < len(lines):
        match = re.match(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", lines[at])
        at += 1
        if not match:
            continue
        old, new = (1 if match[group] is None else int(match[group]) for group in (2, 4))
        found.append(f"@@ -{match[1].decode()},{old} +{match[3].decode()},{new} @@")
        while old or new:
            mark = lines[at][:1]
            old -= mark in (b" ", b"-")
            new -= mark in (b" ", b"+")
            at += 1
    return found


def test_hard_commits_are_read_as_git_reads_them(shared: Path) -> None:
    file_of = shared / "data" / "hard-diffs.json"
    if not file_of.is_file() or not MIRRORS.is_dir():
        pytest.skip("the list of hard commits or the mirrors of their repositories are not here")
    seen = 0
    for case in json.loads(file_of.read_text()):
        folder = mirror(case)
        if folder is None:
            continue
        sides = (f"{case['commit']}^", case["commit"])
        change = open_change(Selection(range="..".join(sides)), cwd=folder, env={}, limits=ALL)
        files = list(change)
        assert not [file.failed for file in files if file.failed], case["id"]
        assert [(file.status.value, file.old_path, file.path) for file in files] == names(folder, *sides), case["id"]
        for file, (added, deleted) in zip(files, counts(folder, *sides), strict=True):
            if file.encoding.startswith(("utf-16", "utf-32")):
                assert (added, deleted, file.binary, len(file.hunks) > 0) == ("-", "-", False, True)
                continue  # text for us, binary for git
            ours = tuple(str(sum(1 for _ in file.lines(kind))) for kind in ("+", "-"))
            assert (("-", "-") if file.binary else ours) == (added, deleted), f"{case['id']} {file.path}"
            assert [hunk.header for hunk in file.hunks] == headers(folder, file, *sides), f"{case['id']} {file.path}"
        seen += 1
    print(f"{seen} hard commits are as git reads them")
    if not seen:
        pytest.skip("no repository of the hard commits is mirrored here")


def test_review_cases_are_read_from_their_patches(shared: Path, tmp_path: Path) -> None:
    file_of = shared / "data" / "review-cases.json"
    if not file_of.is_file() or not MIRRORS.is_dir():
        pytest.skip("the list of review cases or the mirrors of their repositories are not here")
    seen = 0
    for case in json.loads(file_of.read_text()):
        folder = mirror(case)
        if folder is None:
            continue
        patch = git(folder, "diff", "--no-renames", case["base"], case["head"], "--", *case["paths"])
        (tmp_path / "x.patch").write_bytes(patch)
        wish = Selection(diff="x.patch")
        bare = open_change(wish, cwd=tmp_path, env={}, limits=ALL)
        inside = open_change(wish, cwd=tmp_path, env={"GIT_DIR": str(folder)}, limits=ALL)
        for file, full in zip(bare, inside, strict=True):
            assert (file.path, file.status, file.failed, file.hunks) == (
                full.path,
                full.status,
                full.failed,
                full.hunks,
            )
            assert full.binary or full.status is Status.DELETED or full.new_text is not None
            assert full.binary or full.status is Status.ADDED or full.old_text is not None
            for line in full.lines():
                for text, number in ((full.old_text, line.old), (full.new_text, line.new)):
                    assert number is None or (text is not None and text.split("\n")[number - 1] == line.text)
        assert not inside.notices
        seen += 1
    print(f"{seen} review cases are read whole")
    if not seen:
        pytest.skip("no repository of the review cases is mirrored here")
