"""Small pictures with as much metadata as cameras and programs write."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest

GPS = b"Harbour Road 7, the photographer's home"


def png(width: int = 4, height: int = 3, *extra: tuple[bytes, bytes]) -> bytes:
    """A plain PNG, made by hand, with more chunks before its end."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    rows = b"".join(b"\0" + bytes([row * 20 % 256, 90, 200] * width) for row in range(height))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    more = b"".join(chunk(name, body) for name, body in extra)
    return b"\x89PNG\r\n\x1a\n" + head + more + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def drawn(form: str, *, orientation: int = 1, **options: Any) -> bytes:
    """A picture that Pillow writes, with Exif, a place, and whatever else the format takes."""
    image_module = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
    image = image_module.new("RGB", (24, 16))
    image.putdata([(x * 10, y * 15, (x * y) % 256) for y in range(16) for x in range(24)])
    exif = image_module.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = GPS.decode()
    exif.get_ifd(0x8825)[1] = "N"
    into = io.BytesIO()
    if form == "GIF":
        options |= {"comment": GPS}
    else:
        options |= {"exif": exif}
    image.save(into, form, **options)
    return into.getvalue()
