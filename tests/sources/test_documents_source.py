"""PDF, Word and HTML files: read, or refused in one sentence."""

from __future__ import annotations

import asyncio
import io
import sys
import zipfile
from pathlib import Path

import pytest

from contentkit.core.errors import MissingExtra, UsageError
from contentkit.core.piece import Reading, ReadLimits
from contentkit.sources import documents, text

PAGE = """<!doctype html><html lang="en-GB"><head><title>Cats &amp; dogs</title></head><body>
<nav>Home | About</nav><article>
<h1>Cats</h1><p>Cats sleep for most of the day, and nobody has ever been able to say why they do it so well.</p>
<p>Dogs, on the other hand, are awake whenever something might happen, which is nearly always.</p>
<table><tr><th>Animal</th><th>Hours</th></tr><tr><td>cat</td><td>15</td></tr></table></article></body></html>"""


def read(path: Path, limits: ReadLimits = ReadLimits()) -> Reading:
    source = documents if documents.takes(str(path)) else text
    return asyncio.run(source.read(str(path), limits))


def pdf(words: str, *, password: str = "", title: str = "") -> bytes:
    pypdf = pytest.importorskip("pypdf")
    generic = pytest.importorskip("pypdf.generic")
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(300, 300)
    font = generic.DictionaryObject(
        {
            generic.NameObject(f"/{key}"): generic.NameObject(f"/{value}")
            for key, value in (("Type", "Font"), ("Subtype", "Type1"), ("BaseFont", "Helvetica"))
        }
    )
    fonts = generic.DictionaryObject({generic.NameObject("/F1"): writer._add_object(font)})
    page[generic.NameObject("/Resources")] = generic.DictionaryObject({generic.NameObject("/Font"): fonts})
    stream = generic.DecodedStreamObject()
    stream.set_data(f"BT /F1 12 Tf 20 200 Td ({words}) Tj ET".encode())
    page[generic.NameObject("/Contents")] = writer._add_object(stream)
    if title:
        writer.add_metadata({"/Title": title})
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def docx() -> bytes:
    module = pytest.importorskip("docx")
    document = module.Document()
    document.add_heading("Quarterly report", 0)
    document.add_heading("Sales", 1)
    document.add_paragraph("Sales rose. 売上は増えた。")
    document.add_paragraph("north", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for cell, words in zip([*table.rows[0].cells, *table.rows[1].cells], ["Area", "Sum", "a|b", "7"], strict=True):
        cell.text = words
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_pdf(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf("Hello from a page", title="The title"))
    (source,) = read(tmp_path / "a.pdf").texts
    assert "Hello from a page" in source.text
    assert source.title == "The title"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: pdf("x", password="pw"), "encrypted"),
        (lambda: pdf(""), "scan"),
        (lambda: pdf("x")[:200], "damaged"),
        (lambda: b"no pdf", "damaged"),
        (lambda: b"", "empty"),
    ],
)
def test_a_pdf_that_can_not_be_read_is_a_sentence(tmp_path: Path, make: object, words: str) -> None:
    assert callable(make)
    (tmp_path / "a.pdf").write_bytes(make())
    with pytest.raises(UsageError, match=words):
        read(tmp_path / "a.pdf")


def test_docx_as_markdown(tmp_path: Path) -> None:
    (tmp_path / "a.DOCX").write_bytes(docx())
    (source,) = read(tmp_path / "a.DOCX").texts
    assert source.text == (
        "# Quarterly report\n\n# Sales\n\nSales rose. 売上は増えた。\n\n- north\n\n"
        "| Area | Sum |\n| --- | --- |\n| a\\|b | 7 |\n"
    )


def test_a_docx_that_can_not_be_read_is_a_sentence(tmp_path: Path) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 40_000_000)
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("x", "y")
    cases = {
        bomb.getvalue(): "unpacks to",
        docx()[:999]: "damaged",
        other.getvalue(): "damaged",
        b"\xd0\xcf\x11\xe0rest": "encrypted",
    }
    for data, words in cases.items():
        (tmp_path / "a.docx").write_bytes(data)
        with pytest.raises(UsageError, match=words):
            read(tmp_path / "a.docx")


def test_missing_extras_are_a_sentence_with_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, module, extra in (
        ("a.pdf", "pypdf", "documents"),
        ("a.docx", "docx", "documents"),
        ("a.html", "trafilatura", "web"),
    ):
        monkeypatch.setitem(sys.modules, module, None)
        (tmp_path / name).write_bytes(
            b"%PDF-1.7" if module == "pypdf" else b"PK" if module == "docx" else PAGE.encode()
        )
        with pytest.raises(MissingExtra, match=rf"pip install 'contentkit\[{extra}\]'"):
            read(tmp_path / name)


def test_html_on_disk_is_its_article(tmp_path: Path) -> None:
    pytest.importorskip("trafilatura")
    (tmp_path / "a.html").write_text(PAGE)
    (source,) = read(tmp_path / "a.html").texts
    assert (source.title, source.language) == ("Cats & dogs", "en")
    assert "Cats sleep for most of the day" in source.text
    assert "| cat | 15 |" in source.text
    assert "Home | About" not in source.text


def test_html_in_a_declared_encoding(tmp_path: Path) -> None:
    pytest.importorskip("trafilatura")
    head = '<html lang="ja"><head><meta charset="Shift_JIS"><title>猫</title></head>'
    page = f"{head}<body><p>吾輩は猫である。名前はまだ無い。</p></body></html>"
    (tmp_path / "a.htm").write_bytes(page.encode("cp932"))
    (source,) = read(tmp_path / "a.htm").texts
    assert (source.title, source.language) == ("猫", "ja")
    assert "吾輩は猫である。" in source.text


def test_a_folder_with_documents(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(docx())
    (tmp_path / "b.pdf").write_bytes(b"broken")
    reading = read(tmp_path)
    assert [unit.state for unit in reading.covered] == ["read", "failed"]
