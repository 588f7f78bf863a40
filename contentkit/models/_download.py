"""One file from the hub into its cache: resumed after a cut, checked, put in place at once."""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from shutil import copyfile
from typing import BinaryIO

from contentkit.core.errors import BadReplyError

_SHA256 = re.compile(r"[0-9a-f]{64}")
_STEP = 1 << 18  # bytes written at once, and between two reports of progress
_TRIES = 5  # in a row that bring nothing
_PAUSE = 1.0  # seconds before the second try
_SILENCE = 30.0  # seconds without a byte that count as a lost connection
_PARTIAL = 206


@dataclass(frozen=True, slots=True)
class Blob:
    """Content by its name in the cache (the hub's ETag: SHA-256 for weights), and where it is fetched from."""

    etag: str
    size: int
    url: str
    headers: dict[str, str]

    def path(self, repo: Path) -> Path:
        return repo / "blobs" / self.etag

    def part(self, repo: Path) -> Path:
        """Where the beginning is kept until the rest is there."""
        return repo / "blobs" / f"{self.etag}.incomplete"

    def is_whole(self, repo: Path) -> bool:
        return self.path(repo).is_file()

    def begun(self, repo: Path) -> int:
        """Bytes that an earlier try left."""
        part = self.part(repo)
        return part.stat().st_size if part.is_file() else 0


def fetch(blob: Blob, repo: Path, told: Callable[[int], None]) -> int:
    """Fetch what is missing of the blob. Returns the bytes that came; ``told`` hears how many are there.

    Raises:
        BadReplyError: the content is not what its name says; it was thrown away.
        Exception: of the hub's library, when the connection fails. What came stays.
    """
    part = blob.part(repo)
    part.parent.mkdir(parents=True, exist_ok=True)
    utils = import_module("huggingface_hub.utils")
    locks = repo.parent / ".locks" / repo.name
    locks.mkdir(parents=True, exist_ok=True)
    with utils.WeakFileLock(locks / f"{blob.etag}.lock"):
        if blob.is_whole(repo):  # another process was first
            return 0
        start = blob.begun(repo)
        if start > blob.size:
            part.unlink()
            start = 0
        told(start)
        with part.open("r+b" if start else "wb") as file:
            file.seek(start)
            _get(blob, file, start, told)
        _check(blob, part)
        part.replace(blob.path(repo))
        return blob.size - start


def link(blob: Blob, repo: Path, path: Path) -> None:
    """Show the blob under its file's name, as the hub's tools do; a copy where links are not allowed."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    target = blob.path(repo)
    try:
        path.symlink_to(os.path.relpath(target, path.parent))
    except OSError:
        copyfile(target, path)


def _get(blob: Blob, file: BinaryIO, start: int, told: Callable[[int], None]) -> None:
    """Fetch the rest of the file; go on after a lost connection while each try brings something."""
    tries = 0
    while True:
        try:
            for end in _stream(blob, file, start):
                start, tries = end, 0
                told(end)
            return
        except Exception as error:
            tries += 1
            if tries > _TRIES or not is_lost(error):
                raise
            file.seek(start)
            time.sleep(_PAUSE * tries)


def _stream(blob: Blob, file: BinaryIO, start: int) -> Iterator[int]:
    """Write what comes, from ``start`` on, and yield how far the file is after each piece."""
    if start == blob.size:
        return
    hub = import_module("huggingface_hub")
    headers = {**blob.headers, "Accept-Encoding": "identity", "Range": f"bytes={start}-"}
    with hub.get_session().stream("GET", blob.url, headers=headers, follow_redirects=True, timeout=_SILENCE) as answer:
        import_module("huggingface_hub.utils").hf_raise_for_status(answer)
        if answer.status_code != _PARTIAL:  # the server sends it from the beginning, whatever we asked
            start = 0
            file.seek(0)
            file.truncate()
        for data in answer.iter_bytes(_STEP):
            file.write(data)
            start += len(data)
            yield start
            if start > blob.size:  # not what was promised; the check throws it away
                return


def is_lost(error: Exception) -> bool:
    """Whether the connection failed (and not the hub's answer, or our disk)."""
    return type(error).__module__.startswith("httpx")


def _check(blob: Blob, part: Path) -> None:
    """A resumed file may be patched together from two versions; its name is its checksum."""
    size = part.stat().st_size
    if size == blob.size and (not _SHA256.fullmatch(blob.etag) or _sha256(part) == blob.etag):
        return
    part.unlink()
    raise BadReplyError("a file from the hub is damaged, and was thrown away", vendor="hub", hint="Run it again.")


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_STEP):
            digest.update(block)
    return digest.hexdigest()
