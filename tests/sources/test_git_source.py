"""The log of real repositories, made by git in a temporary folder."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

import pytest

from contentkit.core.errors import UsageError
from contentkit.core.piece import Reading, ReadLimits
from contentkit.core.text.commits import commits
from contentkit.sources import git


def run(*command: str, cwd: Path) -> None:
    names = ("-c", "user.name=author", "-c", "user.email=author@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *names, *command], cwd=cwd, check=True, capture_output=True)


def read(reference: str) -> Reading:
    return asyncio.run(git.read(reference, ReadLimits()))


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    run("init", "-q", "-b", "main", cwd=tmp_path)
    for number, message in enumerate(["First", "Second\n\nWith a body.", "Third: 猫"]):
        run("commit", "-q", "--allow-empty", "-m", message, cwd=tmp_path)
        if number == 0:
            run("tag", "-a", "v1.0", "-m", "one", cwd=tmp_path)
    run("branch", "feature", cwd=tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_range_newest_first_with_ids_and_bodies(repository: Path) -> None:
    (source,) = read("git:v1.0..HEAD").texts
    assert source.origin == "git:v1.0..HEAD"
    assert source.text.index("## Third: 猫") < source.text.index("## Second") < source.text.index("With a body.")
    assert "First" not in source.text
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=repository, capture_output=True, text=True).stdout
    assert head[:10] in source.text
    assert "author@example.com" not in source.text


def test_no_range_is_the_whole_log_with_tags(repository: Path) -> None:
    (repository / "sub").mkdir()
    (source,) = read("git:").texts
    assert source.text.count("\n## ") == 3
    assert "[v1.0]" in source.text
    assert read("git:HEAD~1..").texts[0].text.count("\n## ") == 1
    assert read("git:v1.0...feature").texts[0].text.count("\n## ") == 2


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("git:v1.1..HEAD", "'v1.1'. Did you mean 'v1.0'"),
        ("git:featur", "Did you mean 'feature'"),
        ("git:HEAD~99..", "further than the history"),
        ("git:HEAD..v1.0", "no commit in"),
        ("git:^^{..", "no commit, tag or branch"),
    ],
)
def test_what_is_not_there_is_a_sentence(repository: Path, reference: str, words: str) -> None:
    with pytest.raises(UsageError) as error:
        read(reference)
    assert words in str(error.value)


def test_a_shallow_clone_says_so(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone = tmp_path_factory.mktemp("clones") / "shallow"
    run("clone", "-q", "--depth", "2", repository.as_uri(), str(clone), cwd=repository)
    monkeypatch.chdir(clone)
    reading = read("git:")
    assert "shallow" in reading.notices[0]
    assert reading.texts[0].text.count("\n## ") == 2
    with pytest.raises(UsageError, match="unshallow"):
        read("git:HEAD~2..")


def test_no_repository_and_no_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="no git repository"):
        read("git:")
    run("init", "-q", cwd=tmp_path)
    with pytest.raises(UsageError, match="no commit yet"):
        read("git:")


def test_a_message_in_an_old_encoding(repository: Path) -> None:
    (repository / "m").write_bytes("Größe".encode("latin-1"))
    run("-c", "i18n.commitEncoding=ISO-8859-1", "commit", "-q", "--allow-empty", "-F", "m", cwd=repository)
    assert "## Größe" in read("git:HEAD~1..").texts[0].text


def test_since_the_last_tag(repository: Path) -> None:
    reading = read("git:last-tag..")
    assert reading.texts[0].text.count("\n## ") == 2
    assert reading.notices == ("Material: the log of v1.0..HEAD, 2 commits.",)
    run("tag", "v2.0", cwd=repository)
    assert read("git:last-tag..").texts[0].text.count("\n## ") == 2, "a tag at the end itself is no beginning"
    run("tag", "-d", "v1.0", cwd=repository)
    reading = read("git:last-tag..")
    assert reading.texts[0].text.count("\n## ") == 3
    assert "no tag before HEAD" in reading.notices[0]
    run("branch", "last-tag", "HEAD~1", cwd=repository)
    assert read("git:last-tag..").texts[0].text.count("\n## ") == 1, "a branch of that name is meant"


def test_a_heading_in_a_message_is_no_commit(repository: Path) -> None:
    body = "Real\n\n## Forged\n\n0123456789 · 2026-01-01 · Nobody"
    run("commit", "-q", "--allow-empty", "--cleanup=verbatim", "-m", body, cwd=repository)
    (source,) = read("git:HEAD~1..").texts
    assert [commit.subject for commit in commits(source.text)] == ["Real"]
