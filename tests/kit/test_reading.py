"""The first source that takes a reference reads it; everything named is accounted for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from contentkit.core.errors import UsageError
from contentkit.core.piece import ReadLimits
from contentkit.kit.reading import read_all, source_of


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("git:v1..HEAD", "git"),
        ("https://example.com/a.pdf", "web"),
        ("HTTP://example.com", "web"),
        ("a/b.PDF", "documents"),
        ("a.docx", "documents"),
        ("docs/*.pdf", "text"),
        ("-", "text"),
        ("notes.md", "text"),
        ("git", "text"),
    ],
)
def test_who_takes_what(reference: str, name: str) -> None:
    assert getattr(source_of(reference), "__name__", "") == f"contentkit.sources.{name}"


async def test_a_text_named_twice_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in "ab":
        Path(f"{name}.md").write_text(f"# {name}\n")
    reading = await read_all(["b.md", "*.md", "b.md"], ReadLimits())
    assert [text.origin for text in reading.texts] == ["b.md", "a.md"]
    assert [unit.name for unit in reading.covered] == ["b.md", "a.md"]


async def test_standard_input_stands_once() -> None:
    with pytest.raises(UsageError, match="only once"):
        await read_all(["-", "-"], ReadLimits())


async def test_no_reference_is_no_text() -> None:
    assert (await read_all([], ReadLimits())).texts == ()


def test_a_file_loads_no_http_client_and_no_git(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("words")
    program = (
        "import asyncio, sys; from contentkit.core.piece import ReadLimits;"
        "from contentkit.kit.reading import read_all;"
        "asyncio.run(read_all(['a.md'], ReadLimits()));"
        "print([name for name in ('httpx', 'pygit2', 'trafilatura', 'pypdf', 'docx') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
