"""Files are written whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from contentkit.core.errors import UsageError
from contentkit.kit import files
from contentkit.kit.files import write_atomically, write_folder

posix = pytest.mark.skipif(os.name != "posix", reason="modes, links and pipes as POSIX has them")


def test_a_new_file_has_the_users_default_mode_and_nothing_is_left_over(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a.md", "日本語\r\n")
    write_atomically(tmp_path / "b.bin", b"\xff")
    assert (tmp_path / "a.md").read_bytes() == "日本語\r\n".encode()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.md", "b.bin"]
    (tmp_path / "plain").touch()
    assert (tmp_path / "a.md").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_an_existing_file_is_kept_unless_forced(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("old")
    with pytest.raises(UsageError, match=r"exists already.*--force"):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    write_atomically(path, "new", force=True)
    assert path.read_text() == "new"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_file_that_appears_meanwhile_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.md"
    write_draft = files._write_draft

    def slow(draft: Path, data: bytes, *, like: Path) -> None:
        write_draft(draft, data, like=like)
        path.write_text("somebody else's")

    monkeypatch.setattr(files, "_write_draft", slow)
    for no_links in (False, True):
        if no_links:
            path.unlink()
            monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError("no links here")))
        with pytest.raises(UsageError, match="exists already"):
            write_atomically(path, "mine")
        assert path.read_text() == "somebody else's"
        assert len(list(tmp_path.iterdir())) == 1


@posix
def test_mode_and_symbolic_link_stay(tmp_path: Path) -> None:
    target = tmp_path / "real" / "a.md"
    target.parent.mkdir()
    target.write_text("old")
    target.chmod(0o640)
    link = tmp_path / "link.md"
    link.symlink_to(target)
    write_atomically(link, "new", force=True)
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert target.stat().st_mode & 0o777 == 0o640
    dangling = tmp_path / "dangling.md"
    dangling.symlink_to(tmp_path / "real" / "b.md")
    write_atomically(dangling, "b")
    assert (tmp_path / "real" / "b.md").read_text() == "b"


@posix
def test_what_is_no_file_is_written_to(tmp_path: Path) -> None:
    write_atomically(Path("/dev/null"), "gone")
    code = "from pathlib import Path; from contentkit.kit.files import write_atomically; "
    code += "write_atomically(Path('/dev/stdout'), 'through')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "through"


@pytest.mark.parametrize(
    ("name", "said"), [("", "is a folder"), ("no/such.md", "folder does not exist"), ("file/x.md", "can't be written")]
)
def test_what_cant_be_written_is_one_sentence(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=said):
        write_atomically(tmp_path / name, "x", force=True)


@posix
def test_a_kill_never_leaves_half_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("a" * 3_000_000)
    code = (
        "import sys; from pathlib import Path; from contentkit.kit.files import write_atomically\n"
        "while True:\n"
        "    for letter in 'ab':\n"
        "        write_atomically(Path(sys.argv[1]), letter * 3_000_000, force=True)\n"
        "        print(letter, flush=True)\n"
    )
    for patience in (0.0, 0.011, 0.023):
        child = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE)
        assert child.stdout
        child.stdout.readline()
        time.sleep(patience)
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        text = path.read_text()
        assert text in ("a" * 3_000_000, "b" * 3_000_000)


# Folders


def test_a_folder_is_written_whole(tmp_path: Path) -> None:
    write_folder(tmp_path / "out", {"a.txt": "Größe\r\n", "b.bin": b"\x00\xff"})
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == {
        "a.txt": "Größe\r\n".encode(),
        "b.bin": b"\x00\xff",
    }
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_one_name_that_is_taken_keeps_all_others_from_being_written(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match=r"b\.txt exists already"):
        write_folder(tmp_path, {"a.txt": "a", "b.txt": "b"})
    assert [(path.name, path.read_text("utf-8")) for path in tmp_path.iterdir()] == [("b.txt", "mine")]
    write_folder(tmp_path, {"a.txt": "a", "b.txt": "b"}, force=True)
    assert {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()} == {"a.txt": "a", "b.txt": "b"}


def test_what_is_no_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(UsageError, match="is no folder"):
        write_folder(tmp_path / "file", {"a": "a"}, force=True)
    with pytest.raises(UsageError, match="does not exist"):
        write_folder(tmp_path / "no" / "where", {"a": "a"})
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_one_process_at_a_time_writes_into_a_folder(tmp_path: Path) -> None:
    hold = (
        "import sys, time; from pathlib import Path; from contentkit.kit.files import alone_in\n"
        "with alone_in(Path(sys.argv[1])):\n    print('in', flush=True); time.sleep(60)"
    )
    other = subprocess.Popen([sys.executable, "-c", hold, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == "in\n"
        with pytest.raises(UsageError, match="Another run"), files.alone_in(tmp_path):
            pass
    finally:
        other.kill()
        other.wait()
    with files.alone_in(tmp_path):  # a run that was killed holds nothing
        assert len(list(tmp_path.iterdir())) == 1
    assert list(tmp_path.iterdir()) == []
