"""PNG, JPEG, GIF and WebP as bytes: what they are, how large, and the same picture without what else is in the file.

Cameras write place, time and serial number into a picture, programs its author and history. None of that is needed to
see it, so none of it is kept: only what the picture is drawn from, its colours, and which way up it is.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass


class Damaged(Exception):
    """The bytes end early, or are not what they begin as."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture without metadata.

    Attributes:
        width, height: pixels, as stored.
        left_out: names of what was taken out ("Exif", "comment" ...), each once.
    """

    media_type: str
    width: int
    height: int
    data: bytes
    left_out: tuple[str, ...] = ()


def media_type(data: bytes) -> str:
    """What the bytes are by their signature; "" for none of the four."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    return "image/webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else ""


def read(data: bytes) -> Picture:
    """The picture in ``data``, without metadata.

    Raises:
        Damaged: it can't be followed to its end.
    """
    kind = media_type(data)
    parts = {"image/png": _png, "image/jpeg": _jpeg, "image/gif": _gif, "image/webp": _webp}
    if kind not in parts:
        raise Damaged("it is no PNG, JPEG, GIF or WebP")
    try:
        width, height, kept, left_out = parts[kind](data)
    except (IndexError, struct.error):
        raise Damaged("it ends early") from None
    if not width or not height:
        raise Damaged("it has no size")
    return Picture(kind, width, height, kept, tuple(dict.fromkeys(left_out)))


Parts = tuple[int, int, bytes, list[str]]

# -- PNG ---------------------------------------------------------------------------------------------------------------

_PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs cICP mDCV cLLI acTL fcTL fdAT".split(b" ")
)
_PNG_NAMES = {b"eXIf": "Exif", b"tEXt": "text", b"zTXt": "text", b"iTXt": "text or XMP", b"tIME": "time"}


def _png(data: bytes) -> Parts:
    kept, left_out, at = [data[:8]], list[str](), 8
    width, height = struct.unpack(">II", data[16:24])
    while True:
        (length,) = struct.unpack(">I", data[at : at + 4])
        name, end = data[at + 4 : at + 8], at + 12 + length
        if end > len(data):
            raise IndexError
        if name in _PNG_KEPT:
            kept.append(data[at:end])
        else:
            left_out.append(_PNG_NAMES.get(name, "other data"))
        at = end
        if name == b"IEND":
            return width, height, b"".join(kept), left_out + ["other data"] * (at < len(data))


# -- JPEG --------------------------------------------------------------------------------------------------------------

_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})


def _jpeg(data: bytes) -> Parts:
    kept, left_out, at = [b"\xff\xd8"], list[str](), 2
    width = height = 0
    while True:
        if data[at] != 0xFF:
            raise Damaged("its segments do not follow each other")
        marker = data[at + 1]
        if marker == 0xFF:  # padding before a marker
            at += 1
        elif marker == 0xD9:
            kept.append(b"\xff\xd9")
            return width, height, b"".join(kept), left_out + ["other data"] * (at + 2 < len(data))
        elif marker in _ALONE:
            kept.append(data[at : at + 2])
            at += 2
        else:
            (length,) = struct.unpack(">H", data[at + 2 : at + 4])
            body, end = data[at + 4 : at + 2 + length], at + 2 + length
            if end > len(data) or length < 2:
                raise IndexError
            if marker in _SIZES:
                height, width = struct.unpack(">HH", body[1:5])
            segment, name = _segment(marker, body, data[at:end])
            kept.append(segment)
            left_out += [name] * bool(name)
            if marker == 0xDA:
                end = _scan_end(data, end)
                kept.append(data[at + 2 + length : end])
            at = end


def _segment(marker: int, body: bytes, whole: bytes) -> tuple[bytes, str]:
    """What is kept of a segment, and the name of what is left out of it."""
    if marker == 0xFE:
        return b"", "comment"
    if not 0xE0 <= marker <= 0xEF:
        return whole, ""
    if marker == 0xE1 and body.startswith(b"Exif\0"):
        return _upright(body), "Exif"
    plain = (marker == 0xE0 and body.startswith(b"JFIF\0")) or (marker == 0xEE and body.startswith(b"Adobe"))
    colours = marker == 0xE2 and body.startswith(b"ICC_PROFILE\0")
    return (whole, "") if plain or colours else (b"", "XMP" if b"ns.adobe.com/xap" in body[:64] else "other data")


def _scan_end(data: bytes, at: int) -> int:
    """Where the drawn lines of a scan end: at the next marker that is no restart and no stuffed byte."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise IndexError
        if data[at + 1] == 0 or data[at + 1] in _ALONE:
            at += 2
        else:
            return at


def _upright(exif: bytes) -> bytes:
    """An Exif segment that says nothing but which way up the picture is; none where it is upright."""
    turn = _orientation(exif[6:])
    if not 2 <= turn <= 8:
        return b""
    entry = struct.pack("<HHIHH", 0x0112, 3, 1, turn, 0)
    tiff = b"II*\0" + struct.pack("<IH", 8, 1) + entry + struct.pack("<I", 0)
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _orientation(tiff: bytes) -> int:
    """The orientation that the first folder of a TIFF names; 1, upright, where it names none."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack(order + "I", tiff[4:8])
        (number,) = struct.unpack(order + "H", tiff[start : start + 2])
        for at in range(start + 2, start + 2 + 12 * min(number, 200), 12):
            tag, kind, count = struct.unpack(order + "HHI", tiff[at : at + 8])
            if tag == 0x0112 and kind == 3 and count == 1:
                return int(struct.unpack(order + "H", tiff[at + 8 : at + 10])[0])
    except struct.error:
        return 1
    return 1


# -- GIF ---------------------------------------------------------------------------------------------------------------


def _gif(data: bytes) -> Parts:
    width, height, flags = struct.unpack("<HHB", data[6:11])
    at = 13 + _table(flags)
    kept, left_out = [data[:at]], list[str]()
    while True:
        start, kind = at, data[at]
        if kind == 0x3B:
            kept.append(b";")
            return width, height, b"".join(kept), left_out + ["other data"] * (at + 1 < len(data))
        if kind == 0x2C:
            at = _blocks(data, at + 11 + _table(data[at + 9]))
            kept.append(data[start:at])
        elif kind == 0x21:
            label = data[at + 1]
            at = _blocks(data, at + 2)
            drawn = label in (0x01, 0xF9) or data[start + 3 : start + 14] in (b"NETSCAPE2.0", b"ANIMEXTS1.0")
            kept += [data[start:at]] * drawn
            left_out += ["comment" if label == 0xFE else "other data"] * (not drawn)
        else:
            raise Damaged("its blocks do not follow each other")


def _table(flags: int) -> int:
    """Bytes of the table of colours."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks(data: bytes, at: int) -> int:
    """Where a row of sub-blocks ends."""
    while data[at]:
        at += data[at] + 1
    return at + 1


# -- WebP --------------------------------------------------------------------------------------------------------------

_WEBP_KEPT = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_WEBP_NAMES = {b"EXIF": "Exif", b"XMP ": "XMP"}
_EXIF_FLAG, _XMP_FLAG = 0x08, 0x04


def _webp(data: bytes) -> Parts:
    kept, left_out = list[bytes](), list[str]()
    width = height = 0
    for name, body in _chunks(data):
        if name not in _WEBP_KEPT:
            left_out.append(_WEBP_NAMES.get(name, "other data"))
            continue
        if not width:
            width, height = _webp_size(name, body)
        if name == b"VP8X":
            body = bytes([body[0] & ~(_EXIF_FLAG | _XMP_FLAG)]) + body[1:]
        kept.append(name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2))
    inner = b"WEBP" + b"".join(kept)
    return width, height, b"RIFF" + struct.pack("<I", len(inner)) + inner, left_out


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    (size,) = struct.unpack("<I", data[4:8])
    at, end = 12, 8 + size
    if end > len(data):
        raise IndexError
    while at + 8 <= end:
        (length,) = struct.unpack("<I", data[at + 4 : at + 8])
        if at + 8 + length > end:
            raise IndexError
        yield data[at : at + 4], data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _webp_size(name: bytes, body: bytes) -> tuple[int, int]:
    if name == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if name == b"VP8L":
        (bits,) = struct.unpack("<I", body[1:5])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if name == b"VP8 ":
        width, height = struct.unpack("<HH", body[6:10])
        return width & 0x3FFF, height & 0x3FFF
    return 0, 0
