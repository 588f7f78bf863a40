"""A model hub of our own on loopback: the parts of the real one's HTTP interface that fetching a model uses.

Written after the public interface: ``/api/models/NAME?blobs=true`` for what there is, ``/NAME/resolve/REVISION/FILE``
with ETag, X-Repo-Commit and X-Linked-Size headers and byte ranges for the files.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

REVISION = "0123456789abcdef0123456789abcdef01234567"


class Hub(ThreadingHTTPServer):
    """Serves folders as models, and fails where a test wants it to.

    Attributes:
        models: ORG/NAME -> (folder, metadata of the model card).
        gated: names that want a token that none has.
        cut: bytes after which the connection for weights is reset, once for each entry.
        ranges: honour Range headers.
        wrong: serve other bytes than the checksum says.
        asked: (method, path, Range header, Authorization header) of each request.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.models: dict[str, tuple[Path, dict[str, Any]]] = {}
        self.gated: set[str] = set()
        self.cut: list[int] = []
        self.wrong = False
        self.ranges = True
        self.asked: list[tuple[str, str, str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def fetched(self) -> list[str]:
        """Names of the files whose bytes were asked for."""
        return [path.rpartition("/")[2] for method, path, *_ in self.asked if method == "GET" and "/resolve/" in path]


@contextmanager
def hub() -> Iterator[Hub]:
    server = Hub()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Hub

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def _answer(self) -> None:
        path = self.path.partition("?")[0]
        headers = self.headers
        self.server.asked.append((self.command, path, headers.get("Range", ""), headers.get("Authorization", "")))
        if found := re.fullmatch(r"/api/models/(.+?)(/revision/.+)?", path):
            self._info(found[1])
        elif found := re.fullmatch(r"/(.+)/resolve/([^/]+)/(.+)", path):
            self._file(found[1], found[3])
        else:
            self._refuse(404, "EntryNotFound")

    def _info(self, name: str) -> None:
        if name not in self.server.models:
            return self._refuse(401, "RepoNotFound")
        folder, card = self.server.models[name]
        siblings = []
        for file in sorted(folder.iterdir()):
            stored = {"sha256": _sha256(file), "size": file.stat().st_size, "pointerSize": 134}
            large = {"lfs": stored} if file.suffix == ".safetensors" else {}
            siblings.append({"rfilename": file.name, "size": file.stat().st_size, "blobId": _etag(file), **large})
        self._json({"id": name, "modelId": name, "sha": REVISION, "siblings": siblings, "tags": [], "cardData": card})

    def _file(self, name: str, file: str) -> None:
        if name in self.server.gated:
            return self._refuse(401, "GatedRepo")
        folder = self.server.models[name][0]
        if not (folder / file).is_file():
            return self._refuse(404, "EntryNotFound")
        content = (folder / file).read_bytes()
        etag = _etag(folder / file)
        if self.server.wrong and file.endswith(".safetensors"):
            content = bytes(len(content))
        start = 0
        ranged = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", "")) if self.server.ranges else None
        if ranged:
            start = int(ranged[1])
        self.send_response(206 if ranged else 200)
        self.send_header("ETag", f'"{etag}"')
        self.send_header("X-Repo-Commit", REVISION)
        self.send_header("X-Linked-Size", str(len(content)))
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(len(content) - start))
        if ranged:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.end_headers()
        if self.command == "HEAD":
            return None
        cut = self.server.cut.pop(0) if self.server.cut and file.endswith(".safetensors") else None
        self.wfile.write(content[start:] if cut is None else content[start : start + cut])
        if cut is not None:
            self.close_connection = True
        return None

    def _refuse(self, status: int, code: str) -> None:
        self._json({"error": code}, status, {"X-Error-Code": code, "X-Error-Message": code})

    def _json(self, data: Any, status: int = 200, headers: dict[str, str] | None = None) -> None:
        body = json.dumps(data).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _etag(file: Path) -> str:
    """As on the hub: the checksum of large files, git's name of small ones."""
    content = file.read_bytes()
    if file.suffix == ".safetensors":
        return hashlib.sha256(content).hexdigest()
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
