"""Files that say how to write: remembered with a draft by their paths and marks, and read again when it is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from contentkit.core.errors import UsageError
from contentkit.core.report import digest

MOST_SAMPLE = 1_000_000
"""Bytes of a sample of a voice."""

Manner = Mapping[str, Mapping[str, str]]
"""``style`` (a style guide), ``profile`` (a measured voice), ``voice`` (a sample) -> its ``path`` and ``digest``."""

_NAMES = {"style": "style guide", "profile": "voice", "voice": "sample of the voice"}
_ANEW = {"style": "--style", "profile": "--voice", "voice": "--voice"}


@dataclass(frozen=True, slots=True)
class Recalled:
    """The files of an earlier draft that are still there.

    Attributes:
        notices: which have changed since, and which are gone.
    """

    paths: Mapping[str, Path] = field(default_factory=dict)
    notices: tuple[str, ...] = ()


def manner_of(style: Path | None, profile: Path | None, sample: Path | None) -> dict[str, dict[str, str]]:
    """What is remembered of the files. One that can't be read is left out: whoever needs it says so."""
    named = {"style": style, "profile": profile, "voice": sample}
    marks = {name: (path, _mark(path)) for name, path in named.items() if path is not None}
    return {name: {"path": str(path), "digest": mark} for name, (path, mark) in marks.items() if mark}


def recalled(manner: Manner) -> Recalled:
    """The files again. They say how to write and not what: one that has changed is used as it is now, and told."""
    paths: dict[str, Path] = {}
    notices: list[str] = []
    for name, known in manner.items():
        if name not in _NAMES:
            continue
        path, what = Path(known.get("path", "")), f"the {_NAMES[name]} {known.get('path', '')}"
        mark = _mark(path)
        if not mark:
            notices.append(f"{what} is not used: it is not there any more ({_ANEW[name]} names one)")
            continue
        if mark != known.get("digest"):
            notices.append(f"{what} has changed since the draft was written; it is used as it is now")
        paths[name] = path
    return Recalled(paths, tuple(notices))


def read_sample(path: Path) -> str:
    """The text of a sample, or of another short file that the user names.

    Raises:
        UsageError: it can't be read, is no UTF-8, or is too long.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_SAMPLE + 1)
    except OSError as error:
        raise UsageError(f"{path} can't be read ({error.strerror or error}).", hint="Give a UTF-8 text file.") from None
    return decoded_sample(data, str(path))


def decoded_sample(data: bytes, name: str) -> str:
    """The same of bytes that were read already. Raises as ``read_sample``."""
    if len(data) > MOST_SAMPLE:
        raise UsageError(f"{name} is longer than {MOST_SAMPLE:,} bytes.", hint="Give an excerpt.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{name} is not UTF-8.", hint="Give a UTF-8 text file.") from None


def _mark(path: Path) -> str:
    """A mark of what stands in a file; "" where there is none to read."""
    try:
        with path.open("rb") as file:
            return digest(file.read(5 * MOST_SAMPLE).decode("latin-1"))
    except (OSError, ValueError):
        return ""
