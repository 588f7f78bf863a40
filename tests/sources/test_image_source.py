"""Pictures: what they are told by their bytes, and that nothing beside the picture leaves its file."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pictures import GPS, drawn, png

from contentkit.core.errors import UsageError
from contentkit.core.piece import Reading, ReadLimits
from contentkit.kit.reading import source_of
from contentkit.sources import image
from contentkit.sources._pictures import Damaged
from contentkit.sources._pictures import read as read_picture


def read(path: Path | str) -> Reading:
    return asyncio.run(image.read(str(path), ReadLimits()))


def opened(data: bytes) -> Any:
    return pytest.importorskip("PIL.Image").open(io.BytesIO(data))


def test_a_picture_is_read_with_its_size(tmp_path: Path) -> None:
    path = tmp_path / "boat.png"
    path.write_bytes(png(640, 480))
    (source,) = read(path).texts
    assert source.picture is not None
    assert source.picture.media_type == "image/png"
    assert source.text.startswith("[image: boat.png, 640x480, ")
    assert str(tmp_path) not in source.text
    assert source_of(str(path)) is image


def test_the_bytes_tell_what_it_is_and_not_the_name(tmp_path: Path) -> None:
    path = tmp_path / "boat.jpg"
    path.write_bytes(png())
    picture = read(path).texts[0].picture
    assert picture is not None
    assert picture.media_type == "image/png"


@pytest.mark.parametrize(
    ("form", "options"),
    [
        ("PNG", {}),
        ("JPEG", {"quality": 90}),
        ("JPEG", {"progressive": True, "icc_profile": b"a profile"}),
        ("GIF", {}),
        ("WEBP", {"lossless": True}),
        ("WEBP", {"quality": 80}),
    ],
)
def test_only_the_picture_itself_is_kept(form: str, options: dict[str, Any], tmp_path: Path) -> None:
    data = drawn(form, **options)
    assert GPS in data
    path = tmp_path / f"home.{form.lower()}"
    path.write_bytes(data + b"hidden behind the end" * (form != "WEBP"))
    reading = read(path)
    picture = reading.texts[0].picture
    assert picture is not None
    assert GPS not in picture.data
    assert b"hidden" not in picture.data
    assert "only the picture itself is used; left out: " in reading.notices[0]
    before, after = opened(data), opened(picture.data)
    assert (after.format, after.size) == (form, (24, 16))
    assert after.convert("RGB").tobytes() == before.convert("RGB").tobytes()
    assert not after.getexif()
    assert after.info.get("icc_profile") == options.get("icc_profile")


@pytest.mark.parametrize("orientation", [1, 3, 6])
def test_which_way_up_a_photo_is_stays(orientation: int) -> None:
    exif = opened(read_picture(drawn("JPEG", orientation=orientation)).data).getexif()
    assert dict(exif) == ({} if orientation == 1 else {0x0112: orientation})


def test_text_in_a_png_stays_here() -> None:
    picture = read_picture(png(4, 3, (b"tEXt", b"Author\0" + GPS), (b"eXIf", GPS), (b"prVt", GPS)))
    assert picture.data == png(4, 3)
    assert picture.left_out == ("text", "Exif", "other data")
    assert read_picture(png()).left_out == ()


def test_all_pictures_of_a_pattern(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("b.png", "a.png", "c.txt"):
        (tmp_path / name).write_bytes(png())
    assert [text.origin for text in read("*.png").texts] == ["a.png", "b.png"]
    with pytest.raises(UsageError, match="No picture matches"):
        read("x*.png")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\n", "it ends early"),
        ("a.png", png()[:-20], "it ends early"),
        ("a.jpg", b"\xff\xd8\xff\xe0\x00", "it ends early"),
        ("a.jpg", b"\xff\xd8\xff\xe0\x00\x04aaXX", "do not follow"),
        ("a.gif", b"GIF89a", "it ends early"),
        ("a.webp", b"RIFF\x00\x01\x00\x00WEBP", "it ends early"),
        ("a.png", b"hello", "it is no PNG, JPEG, GIF or WebP"),
        ("a.png", b"", "it is no PNG"),
        ("a.png", png(0, 3), "it has no size"),
        ("a.heic", b"x", "Models do not take HEIC"),
        ("a.png", png(9000, 1), "9000x1 pixels; models take at most 8,000"),
        ("a.png", png(1, 1, (b"sBIT", b"x" * 5_000_000)), "models take at most 5,000,000"),
    ],
)
def test_what_can_not_be_looked_at_is_a_sentence(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(UsageError) as error:
        read(path)
    assert words in str(error.value)
    assert error.value.hint


@given(
    st.binary(max_size=400), st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\x40\0\0\0WEBP"])
)
def test_any_bytes_are_read_or_refused(data: bytes, start: bytes) -> None:
    try:
        picture = read_picture(start + data)
    except Damaged:
        return
    assert picture.width
    assert picture.height


@given(st.integers(0, 300), st.integers(0, 255))
def test_a_damaged_picture_is_read_or_refused(at: int, byte: int) -> None:
    data = bytearray(png(20, 20))
    data[at % len(data)] = byte
    try:
        read_picture(bytes(data))
    except Damaged:
        return
