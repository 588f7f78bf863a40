"""Files, folders, patterns and the standard input, as users have them."""

from __future__ import annotations

import asyncio
import io
import os
import sys
from pathlib import Path

import pytest

from contentkit.core.errors import UsageError
from contentkit.core.piece import Reading, ReadLimits
from contentkit.sources import text

JAPANESE = "吾輩は猫である。名前はまだ無い。\nどこで生れたかとんと見当がつかぬ。\n"


def read(reference: str | Path, limits: ReadLimits = ReadLimits()) -> Reading:
    return asyncio.run(text.read(str(reference), limits))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp932", "euc_jp", "iso2022_jp"]
)
def test_japanese_in_the_encodings_it_comes_in(tmp_path: Path, encoding: str) -> None:
    words = JAPANESE if encoding not in ("utf-16-le", "utf-16-be") else f"Cat, {JAPANESE}"
    (tmp_path / "a.txt").write_bytes(words.encode(encoding))
    assert read(tmp_path / "a.txt").texts[0].text == words


@pytest.mark.parametrize(
    "words", ["日本", "東京タワー", "ｶﾅと漢字の混じった短い文", "価格は①２千円〜です", "ありがとう"]
)
@pytest.mark.parametrize("encoding", ["cp932", "euc_jp"])
def test_a_few_japanese_words_are_enough(tmp_path: Path, words: str, encoding: str) -> None:
    words = words.replace("①", "1").replace("〜", "から")
    (tmp_path / "a.txt").write_bytes(words.encode(encoding))
    reading = read(tmp_path / "a.txt")
    assert reading.texts[0].text == words
    assert "encoding" in reading.notices[0]


def test_all_shared_japanese_texts_in_both_encodings(tmp_path: Path, shared: Path) -> None:
    for path in (shared / "data/sources").glob("ja-*.md"):
        for encoding in ("cp932", "euc_jp"):
            words = path.read_text("utf-8").encode(encoding, "ignore").decode(encoding).replace("---\n", "", 1)
            (tmp_path / "a.txt").write_bytes(words.encode(encoding))
            assert read(tmp_path / "a.txt").texts[0].text == words


@pytest.mark.parametrize(
    "words",
    ["Die Straße führt über die Brücke, schön!", "Le café déjà fermé — “à bientôt”", "El niño comió piña", "naïve"],
)
def test_western_text_without_a_mark(tmp_path: Path, words: str) -> None:
    (tmp_path / "a.txt").write_bytes(words.encode("cp1252"))
    assert read(tmp_path / "a.txt").texts[0].text == words


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        ("Привет, мир! Это письмо.", "cp1251"),
        ("안녕하세요 세계 여러분 모두 반갑습니다", "euc_kr"),
        ("这是一个用旧编码保存的中文文件,内容足够长,因此可以判断它不是日语文本,而是汉语文本。", "gb2312"),
    ],
)
def test_what_can_not_be_told_is_refused_and_never_turned_into_other_words(
    tmp_path: Path, words: str, encoding: str
) -> None:
    (tmp_path / "a.txt").write_bytes(words.encode(encoding))
    with pytest.raises(UsageError, match="can't be told"):
        read(tmp_path / "a.txt")


def test_front_matter_gives_title_language_and_licence(here: Path) -> None:
    Path("a.md").write_text("---\ntitle: 'A: title'\nlang: ja-JP\nlicense: CC-BY-4.0\n---\nBody\n", "utf-8")
    (source,) = read("a.md").texts
    assert (source.title, source.language, source.licence, source.text) == ("A: title", "ja", "CC-BY-4.0", "Body\n")


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("intro\n\n# The *title* #\n\n## other\n", "The *title*"),
        ("Title\n=====\n", "Title"),
        ("plain words\n", ""),
        ("---\nno: [yaml\n---\n# T\n", "T"),
    ],
)
def test_the_title_is_the_first_heading(here: Path, words: str, title: str) -> None:
    Path("a.md").write_text(words)
    (source,) = read("a.md").texts
    assert (source.title, source.text) == (title, words)


def test_a_comment_of_a_program_is_no_title(here: Path) -> None:
    Path("a.py").write_text("# setup\nx = 1\n")
    assert read("a.py").texts[0].title == ""


def test_a_folder_tells_what_it_left_out(here: Path) -> None:
    for name, data in {
        "b.md": b"# B\n",
        "a.txt": b"a\n",
        "empty.md": b"",
        "pic.png": b"\x89PNG\0\0",
        ".env": b"X=1\n",
        "node_modules/x.md": b"x\n",
        "sub/c.md": b"c\n",
        "yarn.lock": b"l\n",
        "Pods/y.md": b"y\n",
        "Cargo.lock": b"l\n",
        "bad.txt": "Привет, мир! Это письмо.".encode("cp1251"),
    }.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_bytes(data)
    reading = read(".")
    assert [source.origin for source in reading.texts] == ["a.txt", "b.md", "sub/c.md"]
    assert {unit.name: unit.state for unit in reading.covered} == {
        "a.txt": "read",
        "b.md": "read",
        "sub/c.md": "read",
        "empty.md": "skipped",
        "pic.png": "skipped",
        ".env": "skipped",
        "node_modules": "skipped",
        "yarn.lock": "skipped",
        "Pods": "skipped",
        "Cargo.lock": "skipped",
        "bad.txt": "failed",
    }
    assert all(bool(unit.reason) == (unit.state != "read") for unit in reading.covered)


def test_patterns(here: Path) -> None:
    for name in ("docs/a.md", "docs/x/b.md", "docs/x/c.txt", "docs/.hidden/d.md", "e.md", "vendor/f.md", "odd[1].md"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("words\n")

    def origins(pattern: str) -> list[str]:
        return [source.origin for source in read(pattern).texts]

    assert origins("docs/**/*.md") == ["docs/a.md", "docs/x/b.md"]
    assert origins("docs/*.md") == ["docs/a.md"]
    assert origins("**/*.md") == ["docs/a.md", "docs/x/b.md", "e.md", "odd[1].md"]
    assert origins("vendor/*.md") == ["vendor/f.md"]
    assert origins("docs/*/[bc].*") == ["docs/x/b.md", "docs/x/c.txt"]
    assert origins("odd[1].md") == ["odd[1].md"]
    with pytest.raises(UsageError, match="No file to read matches"):
        read("docs/**/*.rst")
    with pytest.raises(UsageError, match=r"folder .dcos.\. Did you mean .docs"):
        read("dcos/**/*.md")


@pytest.mark.skipif(os.name == "nt", reason="needs symbolic links and FIFOs")
def test_links_loops_pipes_and_devices(here: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "private.txt"
    outside.write_text("private\n")
    Path("d").mkdir()
    Path("d/a.md").write_text("a\n")
    Path("d/out.md").symlink_to(outside)
    Path("d/self").symlink_to(".")
    Path("d/loop.md").symlink_to("loop.md")
    Path("d/in.md").symlink_to("a.md")
    os.mkfifo("d/fifo.md")
    reading = read("d")
    assert [source.origin for source in reading.texts] == ["d/a.md", "d/in.md"]
    assert {unit.name for unit in reading.covered if unit.state != "read"} == {
        "d/out.md",
        "d/self",
        "d/loop.md",
        "d/fifo.md",
    }
    for name, words in {"d/fifo.md": "a pipe", "/dev/null": "a device", "d/loop.md": "leads back to itself"}.items():
        with pytest.raises(UsageError, match=words):
            read(name)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("READNE.md", "Did you mean 'README.md'"),
        ("nothing/like/it.md", "no file or folder"),
        ("s3://bucket/x", "does not know s3://"),
        ("", "empty name"),
        ("a\0b", "NUL"),
        ("x" * 5000, "too long"),
        ("big.txt", "at most 1,000"),
        ("empty.txt", "is empty"),
        ("bin", "not text"),
    ],
)
def test_what_can_not_be_read_is_a_sentence(here: Path, name: str, words: str) -> None:
    Path("README.md").write_text("x")
    Path("big.txt").write_text("x" * 1001)
    Path("empty.txt").write_text("")
    Path("bin").write_bytes(b"\x7fELF\0\0")
    with pytest.raises(UsageError, match=words):
        read(name, ReadLimits(max_bytes=1000))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_permission_denied(here: Path) -> None:
    Path("a.md").write_text("x")
    Path("a.md").chmod(0)
    with pytest.raises(UsageError, match="may not be read"):
        read("a.md")


def test_a_folder_is_read_up_to_the_limit_and_the_rest_has_failed(here: Path) -> None:
    for name in "abc":
        Path(name + ".md").write_text(name * 400)
    reading = read(".", ReadLimits(max_bytes=1000))
    assert [unit.state for unit in reading.covered] == ["read", "read", "failed"]


def stdin(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin(monkeypatch, JAPANESE.encode("cp932"))
    (source,) = read("-").texts
    assert (source.origin, source.text) == ("standard input", JAPANESE)
    stdin(monkeypatch, b"")
    with pytest.raises(UsageError, match="empty"):
        read("-")
    stdin(monkeypatch, b"x" * 11)
    with pytest.raises(UsageError, match="at most 10"):
        read("-", ReadLimits(max_bytes=10))


async def test_waiting_for_a_silent_pipe_can_be_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    with os.fdopen(reader) as silent:
        monkeypatch.setattr(sys, "stdin", silent)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(text.read("-", ReadLimits()), 0.1)
        os.close(writer)
        await asyncio.sleep(0.05)
