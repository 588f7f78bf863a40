"""Pictures on disk, for kinds that look at them: PNG, JPEG, GIF and WebP, without what else their files say."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from contentkit.core.chat import Image
from contentkit.core.errors import UsageError
from contentkit.core.piece import Reading, ReadLimits, SourceText
from contentkit.sources._files import find, is_pattern, read_bytes
from contentkit.sources._pictures import Damaged, Picture
from contentkit.sources._pictures import read as read_picture

_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
# Pictures that no vendor takes: named here, so that the sentence is about that and not about text.
_OTHERS = (".heic", ".heif", ".avif", ".tif", ".tiff", ".bmp", ".ico", ".psd")
# What the vendors take of one picture (https://docs.claude.com/en/docs/build-with-claude/vision, as of 2026-11; the
# others take more).
_MOST_BYTES, _MOST_PIXELS = 5_000_000, 8_000


def takes(reference: str) -> bool:
    """A path or a pattern that ends as pictures do."""
    return "://" not in reference and reference.lower().endswith(_SUFFIXES + _OTHERS)


async def read(reference: str, limits: ReadLimits) -> Reading:
    """The picture, or all that a pattern matches, each as a text that says which one it is.

    Raises:
        UsageError: one is missing, damaged, too large, or of a kind that models do not take.
    """
    return await asyncio.to_thread(_read, os.path.expanduser(reference), limits)


def _read(reference: str, limits: ReadLimits) -> Reading:
    if not is_pattern(reference):
        return _one(Path(reference), limits)
    reading = Reading()
    for found in find(reference):
        if not found.skipped:
            reading += _one(found.path, limits)
    if not reading.texts:
        raise UsageError(f"No picture matches {reference!r}.", hint="Check the pattern.")
    return reading


def _one(path: Path, limits: ReadLimits) -> Reading:
    name = path.as_posix()
    if path.suffix.lower() in _OTHERS:
        raise UsageError(f"Models do not take {path.suffix[1:].upper()} ({name}).", hint="Convert it to PNG or JPEG.")
    try:
        picture = read_picture(read_bytes(path, limits.max_bytes))
    except Damaged as error:
        raise UsageError(
            f"{name} is no picture that can be read: {error}.", hint="Save it anew as PNG or JPEG."
        ) from None
    _check_size(name, picture)
    label = f"[image: {path.name}, {picture.width}x{picture.height}, {_shown(len(picture.data))}]"
    source = SourceText(name, label, picture=Image(picture.data, picture.media_type))
    return Reading.of(source, *_told(name, picture))


def _check_size(name: str, picture: Picture) -> None:
    hint = "Make it smaller: 1,500 pixels on the longer side are plenty to describe it."
    if len(picture.data) > _MOST_BYTES:
        raise UsageError(f"{name} has {len(picture.data):,} bytes; models take at most {_MOST_BYTES:,}.", hint=hint)
    if max(picture.width, picture.height) > _MOST_PIXELS:
        size = f"{picture.width}x{picture.height}"
        raise UsageError(f"{name} has {size} pixels; models take at most {_MOST_PIXELS:,} on a side.", hint=hint)


def _told(name: str, picture: Picture) -> tuple[str, ...]:
    if not picture.left_out:
        return ()
    return (f"{name}: only the picture itself is used; left out: {', '.join(picture.left_out)}.",)


def _shown(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} kB"
