"""What is taken for review: in every state that a repository can be in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from gitrepos import ENV, Repo

from contentkit.code.diff import open_change, split
from contentkit.core.change import Change, Selection
from contentkit.core.errors import UsageError


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "r")


def opened(repo: Repo | Path, **wish: object) -> Change:
    root = repo if isinstance(repo, Path) else repo.root
    return open_change(Selection(**wish), cwd=root, env={})  # type: ignore[arg-type]


def texts(change: Change) -> dict[str, str | None]:
    return {file.path: file.new_text for file in change}


def clone(repo: Repo, to: Path, *words: str) -> Repo:
    env = {"PATH": os.environ["PATH"], **ENV}
    subprocess.run(["git", "clone", "-q", *words, repo.root.as_uri(), str(to)], check=True, env=env)
    made = object.__new__(Repo)
    made.root = to
    return made


# --- the default -------------------------------------------------------------------------------------------------


def test_staged_goes_before_the_work_tree_and_that_before_the_branch(repo: Repo) -> None:
    first = repo.commit({"a": "1\n", "b": "1\n"})
    repo.git("switch", "-q", "-c", "topic")
    repo.commit({"a": "2\n"})
    repo.write({"b": "work\n"})
    repo.git("add", "b")
    repo.write({"a": "unstaged\n", "new": "n\n"})
    change = opened(repo)
    assert (change.title, texts(change)) == ("staged changes", {"b": "work\n"})
    assert (change.own, change.head, change.base) == (True, "index", repo.git("rev-parse", "HEAD").strip())
    assert change.text("a") == "2\n"
    repo.git("reset", "-q")
    change = opened(repo)
    assert change.title == "work tree against HEAD"
    assert texts(change) == {"a": "unstaged\n", "b": "work\n", "new": "n\n"}
    assert (change.own, change.head) == (True, "worktree")
    repo.git("checkout", "-q", ".")
    (repo.root / "new").unlink()
    change = opened(repo)
    assert (change.title, texts(change)) == ("topic against main (1 commit)", {"a": "2\n"})
    assert (change.own, change.base) == (False, first)


def test_the_upstream_goes_before_the_default_branch_until_all_is_pushed(repo: Repo, tmp_path: Path) -> None:
    repo.commit({"a": "1\n"})
    work = clone(repo, tmp_path / "w")
    work.git("switch", "-q", "-c", "topic")
    work.commit({"b": "1\n"})
    work.git("push", "-q", "-u", "origin", "topic")
    assert opened(work).title == "topic against origin/HEAD (1 commit)"
    work.commit({"c": "1\n"})
    assert (opened(work).title, list(opened(work).paths())) == ("topic against origin/topic (1 commit)", ["c"])


def test_nothing_at_all_is_a_change_without_files_that_says_so(repo: Repo) -> None:
    repo.commit({"a": "1\n"})
    change = opened(repo)
    assert (len(change), list(change)) == (0, [])
    assert change.title.startswith("nothing is staged or changed")


def test_ignored_files_are_no_part_of_the_work_tree(repo: Repo) -> None:
    repo.commit({".gitignore": "*.log\n"})
    repo.write({"a.log": "x\n", "deep/b.txt": "y\n"})
    assert list(opened(repo, worktree=True).paths()) == ["deep/b.txt"]


# --- ranges ------------------------------------------------------------------------------------------------------


def test_two_dots_compare_two_trees_and_three_the_merge_base(repo: Repo) -> None:
    base = repo.commit({"a": "1\n", "b": "1\n"})
    repo.git("switch", "-q", "-c", "topic")
    head = repo.commit({"b": "2\n"}, "topic's words")
    repo.git("switch", "-q", "main")
    main = repo.commit({"a": "2\n"})
    two, three = opened(repo, range="main..topic"), opened(repo, range="main...topic")
    assert texts(two) == {"a": "1\n", "b": "2\n"}
    assert texts(three) == {"b": "2\n"}
    assert (two.base, two.head, three.base, three.head) == (main, head, base, head)
    assert three.title == "main...topic (1 commit)"
    assert three.message == "topic's words"
    repo.git("switch", "-q", "topic")
    assert texts(opened(repo, base="main")) == {"b": "2\n"}
    assert opened(repo, base="main").title == "HEAD since main (1 commit)"
    assert texts(opened(repo, range="main..")) == texts(two)


def test_a_commit_is_compared_with_its_parent_and_the_first_with_nothing(repo: Repo) -> None:
    first = repo.commit({"a": "1\n"})
    repo.commit({"a": "2\n"}, "why")
    change = opened(repo, range="HEAD")
    assert (change.base, change.message.strip(), texts(change)) == (first, "why", {"a": "2\n"})
    root = opened(repo, range=first[:9])
    assert (root.base, texts(root)) == ("", {"a": "1\n"})
    assert root.title == f"commit {first[:10]}, the first"
    assert root.tree("LEFT") == []


def test_a_merge_is_compared_with_its_first_parent_and_says_so(repo: Repo) -> None:
    repo.commit({"a": "1\n"})
    repo.git("switch", "-q", "-c", "topic")
    repo.commit({"b": "1\n"})
    repo.git("switch", "-q", "main")
    repo.commit({"c": "1\n"})
    repo.git("merge", "-q", "--no-ff", "-m", "merge", "topic")
    change = opened(repo, range="HEAD")
    assert list(change.paths()) == ["b"]
    assert any("merge" in notice for notice in change.notices)


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"range": "mian"}, "Did you mean 'main'?"),
        ({"range": "main..nothing"}, "no commit, tag or branch called 'nothing'"),
        ({"range": "main~9"}, "further than the history"),
        ({"range": "--output=x"}, "no range"),
        ({"base": "gone"}, "'gone'"),
        ({"range": "main", "staged": True}, "Choose one of a range and --staged."),
        ({"diff": "no.patch"}, "can't be read"),
        ({"diff": "-", "staged": True}, "does not go with"),
        ({"paths": ("../out",), "staged": True}, "outside the repository"),
    ],
)
def test_what_can_not_be_taken_is_said_clearly(repo: Repo, wish: dict[str, object], said: str) -> None:
    repo.commit({"a": "1\n"})
    with pytest.raises(UsageError) as caught:
        opened(repo, **wish)
    assert said in str(caught.value)


def test_unrelated_histories(repo: Repo) -> None:
    repo.commit({"a": "1\n"})
    repo.git("switch", "-q", "--orphan", "other")
    repo.commit({"b": "2\n"})
    with pytest.raises(UsageError, match="no common history"):
        opened(repo, range="main...other")
    assert len(opened(repo, range="main..other")) == 2


# --- paths -------------------------------------------------------------------------------------------------------


def test_paths_and_globs_narrow_and_count_from_where_one_stands(repo: Repo) -> None:
    files: dict[str, str | bytes | None] = {"src/a.py": "1\n", "src/deep/b.py": "1\n", "src/c.js": "1\n", "d.py": "1\n"}
    repo.stage(files)

    def taken(*paths: str, cwd: str = "") -> list[str]:
        return list(open_change(Selection(staged=True, paths=paths), cwd=repo.root / cwd, env={}).paths())

    assert taken("src") == ["src/a.py", "src/c.js", "src/deep/b.py"]
    assert taken("*.py") == ["d.py", "src/a.py", "src/deep/b.py"]
    assert taken("*.py", cwd="src") == ["src/a.py", "src/deep/b.py"]
    assert taken("deep", cwd="src") == ["src/deep/b.py"]
    assert taken("../d.py", cwd="src") == ["d.py"]
    assert taken("src", ":!*.js") == ["src/a.py", "src/deep/b.py"]
    assert taken(":/d.py", cwd="src") == ["d.py"]
    assert taken(str(repo.root / "d.py")) == ["d.py"]
    assert taken("[ad].py", "src/?.js") == ["d.py", "src/c.js"]
    assert taken("nothing") == []
    change = opened(repo, staged=True, paths=("src", "typo.py"))
    assert (len(change), change.notices) == (3, ["No changed file is in typo.py."])


def test_words_are_parted_into_a_range_and_paths(repo: Repo) -> None:
    repo.commit({"a": "1\n", "main": "a file named as the branch\n", "src/x.py": "1\n"})

    def parts(*words: str) -> tuple[str, tuple[str, ...]]:
        return split(words, cwd=repo.root, env={})

    assert parts() == ("", ())
    assert parts("main", "src") == ("main", ("src",))
    assert parts("--", "main") == ("", ("main",))
    assert parts("HEAD", "--", "main") == ("HEAD", ("main",))
    assert parts("src", "a") == ("", ("src", "a"))
    assert parts("*.py") == ("", ("*.py",))
    assert parts("a..b") == ("a..b", ())
    assert parts("typo") == ("typo", ())
    with pytest.raises(UsageError):
        parts("one", "two", "--", "a")


def test_a_lone_word_that_is_no_revision_is_a_path(repo: Repo) -> None:
    repo.commit({"a": "1\n", "b": "1\n"})
    repo.write({"a": "2\n", "b": "2\n"})
    change = opened(repo, range="a")
    assert (list(change.paths()), change.title) == (["a"], "work tree against HEAD in a")


# --- the index ---------------------------------------------------------------------------------------------------


def test_partial_staging_reads_the_index_and_never_the_work_tree(repo: Repo) -> None:
    repo.commit({"a": "1\n2\n3\n"})
    repo.stage({"a": "1\nstaged\n3\n"})
    repo.write({"a": "1\nworktree\n3\nmore\n"})
    (file,) = opened(repo, staged=True)
    assert file.new_text == "1\nstaged\n3\n"
    (repo.root / "a").unlink()
    assert texts(opened(repo, staged=True)) == {"a": "1\nstaged\n3\n"}


def test_intent_to_add_is_not_staged(repo: Repo) -> None:
    repo.commit({"a": "1\n"})
    repo.write({"new": "n\n", "empty": ""})
    repo.git("add", "-N", "new")
    assert list(opened(repo, staged=True).paths()) == []
    assert texts(opened(repo)) == {"empty": "", "new": "n\n"}
    repo.git("add", "empty")
    assert list(opened(repo, staged=True).paths()) == ["empty"]


def test_before_the_first_commit(repo: Repo) -> None:
    assert len(opened(repo)) == 0
    repo.write({"b": "1\n"})
    assert opened(repo).title == "work tree before the first commit"
    repo.stage({"a": "1\n"})
    change = opened(repo)
    assert (change.title, change.base) == ("staged changes before the first commit", "")
    assert texts(change) == {"a": "1\n", "b": "1\n"}
    with pytest.raises(UsageError, match="no commit yet"):
        opened(repo, range="HEAD")


def test_an_unresolved_conflict_fails_alone(repo: Repo) -> None:
    repo.commit({"a": "1\n", "b": "1\n"})
    repo.git("switch", "-q", "-c", "topic")
    repo.commit({"a": "2\n"})
    repo.git("switch", "-q", "main")
    repo.commit({"a": "3\n"})
    repo.git("merge", "-q", "topic", check=False)
    repo.write({"b": "2\n"})
    repo.git("add", "b")
    files = {file.path: file for file in opened(repo, staged=True)}
    assert "merge conflict" in files["a"].failed
    assert files["b"].new_text == "2\n"


HOOK = """#!{python}
import sys
from contentkit.code.diff import open_change
from contentkit.core.change import Selection
change = open_change(Selection(staged=True))
with open({out!r}, "a", encoding="utf-8") as out:
    out.write(repr([(file.path, file.new_text) for file in change]) + "\\n")
"""


@pytest.mark.parametrize("worktree", [False, True])
def test_a_hook_sees_what_is_committed_whatever_index_git_made_for_it(
    repo: Repo, tmp_path: Path, worktree: bool
) -> None:
    repo.commit({"a": "1\n", "b": "1\n", "deep/c": "1\n"})
    out = tmp_path / "seen"
    hook = repo.root / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(HOOK.format(python=sys.executable, out=str(out)))
    hook.chmod(0o755)
    here = repo
    if worktree:
        repo.git("worktree", "add", "-q", str(tmp_path / "other"), "-b", "other")
        here = object.__new__(Repo)
        here.root = tmp_path / "other"
    here.write({"a": "all\n"})
    here.git("commit", "-q", "-a", "-m", "all")
    here.stage({"a": "staged\n"})
    here.write({"b": "by path\n"})
    here.git("commit", "-q", "-m", "by path", "b")
    here.write({"deep/c": "below\n"})
    here.git("-C", "deep", "commit", "-q", "-m", "below", "c")
    here.git("commit", "-q", "-m", "the rest")
    assert out.read_text().splitlines() == [
        "[('a', 'all\\n')]",
        "[('b', 'by path\\n')]",
        "[('deep/c', 'below\\n')]",
        "[('a', 'staged\\n')]",
    ]


def test_gits_own_variables_name_the_repository(repo: Repo, tmp_path: Path) -> None:
    repo.commit({"a": "1\n"})
    repo.write({"a": "2\n"})
    away = tmp_path / "away"
    away.mkdir()
    shutil.copy(repo.root / ".git" / "index", away / "other-index")
    env = {"GIT_DIR": str(repo.root / ".git"), "GIT_WORK_TREE": str(repo.root)}
    before = dict(os.environ)
    assert texts(open_change(Selection(), cwd=away, env=env)) == {"a": "2\n"}
    repo.stage({})
    assert len(open_change(Selection(staged=True), cwd=away, env=env)) == 1
    with_index = env | {"GIT_INDEX_FILE": "other-index"}
    assert len(open_change(Selection(staged=True), cwd=away, env=with_index)) == 0
    assert dict(os.environ) == before


# --- repositories of every kind ----------------------------------------------------------------------------------


def test_a_shallow_clone_says_what_it_lacks(repo: Repo, tmp_path: Path) -> None:
    for number in range(3):
        repo.commit({"a": f"{number}\n"})
    shallow = clone(repo, tmp_path / "s", "--depth", "2")
    assert len(opened(shallow, range="HEAD")) == 1
    for wish in ("HEAD~2..HEAD", "HEAD^"):
        with pytest.raises(UsageError, match="fetch-depth: 0"):
            opened(shallow, range=wish)


def test_a_shallow_clone_of_one_commit_is_not_taken_for_a_first_commit(repo: Repo, tmp_path: Path) -> None:
    repo.commit({"a": "1\n"})
    repo.commit({"a": "2\n"})
    shallow = clone(repo, tmp_path / "s", "--depth", "1")
    with pytest.raises(UsageError, match="fetch-depth: 0"):
        opened(shallow, range="HEAD")
    repo.git("switch", "-q", "-c", "topic", "HEAD^")
    repo.commit({"b": "1\n"})
    shallow.git("fetch", "-q", "--depth", "1", "origin", "topic:refs/remotes/origin/topic")
    with pytest.raises(UsageError, match="no common history in this shallow clone") as caught:
        opened(shallow, range="main...origin/topic")
    assert "fetch-depth: 0" in str(caught.value)


def test_a_detached_head_is_compared_with_the_default_branch(repo: Repo) -> None:
    repo.commit({"a": "1\n"})
    repo.git("switch", "-q", "--detach")
    repo.commit({"a": "2\n"})
    assert opened(repo).title == "HEAD against main (1 commit)"


def test_a_worktree_has_its_own_index(repo: Repo, tmp_path: Path) -> None:
    repo.commit({"a": "1\n"})
    repo.git("worktree", "add", "-q", str(tmp_path / "w"), "-b", "other")
    repo.stage({"a": "main's\n"})
    (tmp_path / "w" / "a").write_text("other's\n")
    change = opened(tmp_path / "w")
    assert (change.title, texts(change)) == ("work tree against HEAD", {"a": "other's\n"})
    assert texts(opened(repo)) == {"a": "main's\n"}


def test_a_bare_repository_takes_ranges(repo: Repo, tmp_path: Path) -> None:
    repo.commit({"a": "1\n"})
    repo.commit({"a": "2\n"})
    bare = clone(repo, tmp_path / "b.git", "--bare")
    change = opened(bare, range="HEAD^..HEAD")
    assert (texts(change), change.root) == ({"a": "2\n"}, "")
    assert opened(bare).title.startswith("this bare repository has no work tree")
    with pytest.raises(UsageError, match="bare"):
        opened(bare, worktree=True)


def test_what_a_sparse_checkout_leaves_out_is_not_deleted(repo: Repo) -> None:
    repo.commit({"in/a": "1\n", "out/b": "1\n"})
    repo.git("sparse-checkout", "set", "in")
    assert not (repo.root / "out").exists()
    repo.write({"in/a": "2\n"})
    change = opened(repo)
    assert texts(change) == {"in/a": "2\n"}
    assert change.text("out/b") == "1\n"
    repo.git("add", "in/a")
    assert list(opened(repo, staged=True).paths()) == ["in/a"]


def test_a_sha256_repository_is_refused_with_the_way_around(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], **ENV}
    subprocess.run(["git", "init", "-q", "--object-format=sha256", str(tmp_path / "r")], check=True, env=env)
    with pytest.raises(UsageError, match="SHA-256") as caught:
        opened(tmp_path / "r")
    assert "--diff -" in str(caught.value)


def test_what_libgit2_can_not_read_is_refused_with_the_way_around(repo: Repo) -> None:
    repo.commit({"a": "1\n"})
    repo.git("config", "core.repositoryFormatVersion", "1")
    repo.git("config", "extensions.somethingNew", "true")
    with pytest.raises(UsageError, match="can't be read") as caught:
        opened(repo)
    assert "--diff -" in str(caught.value)


def test_a_damaged_index_or_tree_is_an_error_that_says_so(repo: Repo) -> None:
    repo.commit({"d/a": "1\n"})
    repo.commit({"d/a": "2\n"})
    name = repo.git("rev-parse", "HEAD:d").strip()
    (repo.root / ".git" / "objects" / name[:2] / name[2:]).unlink()
    with pytest.raises(UsageError, match="can't be read"):
        opened(repo, range="HEAD")
    (repo.root / ".git" / "index").write_bytes(b"DIRC nonsense that is no index at all")
    with pytest.raises(UsageError, match="can't be read"):
        opened(repo, staged=True)


def test_a_bare_repository_without_a_commit(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], **ENV}
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "b")], check=True, env=env)
    with pytest.raises(UsageError, match="no commit yet"):
        opened(tmp_path / "b")


def test_a_sparse_index(repo: Repo) -> None:
    repo.commit({"in/a": "1\n", "out/deep/b": "1\n"})
    repo.git("sparse-checkout", "set", "--sparse-index", "in")
    repo.write({"in/a": "2\n"})
    try:
        assert texts(opened(repo)) == {"in/a": "2\n"}
    except UsageError as error:
        assert "can't be read" in str(error)  # noqa: PT017


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")
def test_a_repository_of_another_user_names_safe_directory(repo: Repo) -> None:
    repo.commit({"a": "1\n"})
    for path in (repo.root, repo.root / ".git"):
        os.chown(path, 12345, 12345)
    with pytest.raises(UsageError, match="another user") as caught:
        opened(repo)
    assert f"safe.directory {repo.root}" in str(caught.value)


def test_outside_of_a_repository(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="in no git repository"):
        opened(tmp_path)
    assert split(["a", "b"], cwd=tmp_path, env={}) == ("", ("a", "b"))


def test_another_repository_inside_is_skipped_with_a_reason(repo: Repo) -> None:
    repo.commit({"a": "1\n"})
    Repo(repo.root / "inner").commit({"x": "1\n"})
    (file,) = opened(repo)
    assert (file.path, file.skipped) == ("inner", "another git repository inside this one")


# --- the whole tree on both sides --------------------------------------------------------------------------------


def test_any_file_of_the_tree_can_be_read_on_both_sides(repo: Repo) -> None:
    repo.commit({"a": "1\n", "same": "s\n", "gone": "g\n"})
    repo.write({"a": "2\n", "gone": None, "new": "n\n"})
    change = opened(repo, worktree=True)
    assert sorted(change.tree()) == ["a", "new", "same"]
    assert sorted(change.tree("LEFT")) == ["a", "gone", "same"]
    assert [change.text(path) for path in ("a", "same", "gone", "new", "no")] == ["2\n", "s\n", None, "n\n", None]
    assert [change.text(path, "LEFT") for path in ("a", "gone", "new")] == ["1\n", "g\n", None]
    repo.stage({})
    repo.write({"a": "3\n"})
    change = opened(repo, staged=True)
    assert sorted(change.tree()) == ["a", "new", "same"]
    assert change.text("a") == "2\n"
    assert change.file("a").new_text == "2\n"
    with pytest.raises(KeyError):
        change.file("same")
    assert [file.path for file in change] == [file.path for file in change]


def test_narrowed_to_one_file_the_others_are_still_those_of_the_work_tree(repo: Repo) -> None:
    repo.commit({"a": "1\n", "b": "1\n"})
    repo.write({"a": "2\n", "b": "2\n"})
    change = opened(repo, worktree=True, paths=("a",))
    assert (list(change.paths()), change.text("b"), change.text("b", "LEFT")) == (["a"], "2\n", "1\n")
