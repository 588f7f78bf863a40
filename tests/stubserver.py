"""A hosted model's stand-in for whole-process tests: OpenAI's dialect on loopback, saying what the test tells it to."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Say = Callable[[dict[str, Any]], str]


class StubServer(ThreadingHTTPServer):
    """Attributes:
    requests: bodies that came. pause: seconds before each word. status: of every answer.
    """

    daemon_threads = True

    def __init__(self, say: Say, *, pause: float = 0.0, status: int = 200) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.say, self.pause, self.status = say, pause, status
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: StubServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.requests.append(body)
        self.server.keys.append(self.headers.get("authorization", ""))
        if self.server.status != 200:
            key = self.headers.get("authorization", "").removeprefix("Bearer ")
            return self._plain(self.server.status, {"error": {"message": f"no, {key}", "code": "invalid_api_key"}})
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        words = self.server.say(body).split(" ")
        for number, word in enumerate(words):
            time.sleep(self.server.pause)
            self._event({"choices": [{"index": 0, "delta": {"content": (" " if number else "") + word}}]})
        self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "model": "stub-1"})
        self._event({"choices": [], "usage": {"prompt_tokens": 100, "completion_tokens": len(words)}})
        self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, data: dict[str, Any]) -> None:
        self.wfile.write(f"data: {json.dumps(data)}\n\n".encode())
        self.wfile.flush()

    def _plain(self, status: int, data: dict[str, Any]) -> None:
        content = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):  # who asked was killed
            super().handle()

    def log_message(self, format: str, *args: Any) -> None:
        """Silence."""


@contextmanager
def stub_server(say: Say, *, pause: float = 0.0, status: int = 200) -> Iterator[StubServer]:
    """A running server; it stops with the block."""
    server = StubServer(say, pause=pause, status=status)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
