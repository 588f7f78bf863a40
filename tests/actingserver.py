"""A hosted model on loopback that acts a part: each question is answered, delayed, cut off or refused as a test says.

OpenAI's dialect. ``kind`` and ``path`` tell what a question is about, so that a test answers by what was asked and not
by the order in which questions come.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Turn:
    """One answer.

    Attributes:
        finish: as the dialect writes it: "stop", "length", "content_filter".
        wait: seconds before it. pause: seconds between two pieces.
        drop: hang up after so many pieces of text.
        usage: tokens in and out that are charged.
    """

    text: str
    finish: str = "stop"
    wait: float = 0.0
    pause: float = 0.0
    drop: int | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    usage: tuple[int, int] = (100, 20)
    pieces: int = 3


Act = Callable[[dict[str, Any]], Turn | str]


class ActingServer(ThreadingHTTPServer):
    """Attributes:
    requests: bodies as they came. under_way: how many are being answered, ``most`` the highest number so far.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, act: Act) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.act = act
        self.requests: list[dict[str, Any]] = []
        self.lock = threading.Lock()
        self.under_way = self.most = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    @property
    def told(self) -> str:
        """Everything that left for the model, as text."""
        return "\n".join(words(body) for body in self.requests)

    def asked(self, *kinds: str) -> list[tuple[str, str]]:
        """Kind and path of the questions so far; of these kinds alone, if any are named."""
        return [(kind(body), path(body)) for body in self.requests if not kinds or kind(body) in kinds]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that left is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: ActingServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with self.server.lock:
            self.server.requests.append(body)
            self.server.under_way += 1
            self.server.most = max(self.server.most, self.server.under_way)
        try:
            with suppress(BrokenPipeError, ConnectionResetError):
                self._answer(self.server.act(body))
        finally:
            with self.server.lock:
                self.server.under_way -= 1

    def _answer(self, turn: Turn | str) -> None:
        turn = Turn(turn) if isinstance(turn, str) else turn
        time.sleep(turn.wait)
        self.close_connection = True
        if turn.status != 200:
            content = json.dumps({"error": {"message": turn.text, "code": "any"}}).encode()
            self._head(turn, "application/json", {"content-length": str(len(content))})
            self.wfile.write(content)
            return
        self._head(turn, "text/event-stream", {"connection": "close"})
        size = max(1, -(-len(turn.text) // turn.pieces))
        pieces = [turn.text[at : at + size] for at in range(0, len(turn.text), size)]
        for number, piece in enumerate(pieces):
            if number == turn.drop:
                return
            time.sleep(turn.pause)
            self._event({"choices": [{"index": 0, "delta": {"content": piece}}]})
        if turn.drop is not None:
            return
        self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": turn.finish}], "model": "act-1"})
        usage = {"prompt_tokens": turn.usage[0], "completion_tokens": turn.usage[1]}
        self._event({"choices": [], "usage": usage})
        self.wfile.write(b"data: [DONE]\n\n")

    def _head(self, turn: Turn, content_type: str, more: Mapping[str, str]) -> None:
        self.send_response(turn.status)
        for name, value in {"content-type": content_type, **more, **turn.headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def _event(self, data: dict[str, Any]) -> None:
        self.wfile.write(f"data: {json.dumps(data)}\n\n".encode())
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        """Silence."""


@contextmanager
def acting(act: Act) -> Iterator[ActingServer]:
    """A running server; it stops with the block."""
    server = ActingServer(act)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def words(body: Mapping[str, Any]) -> str:
    """Every word of a question, of all its messages."""
    return "\n".join(str(message["content"]) for message in body["messages"])


def kind(body: Mapping[str, Any]) -> str:
    """ "lens", "verify", "suggest" or "summary"."""
    schema = json.dumps(body.get("response_format", "")) + str(body["messages"][0]["content"])
    if "verdict" in schema:
        return "verify"
    if '"edits"' in schema:
        return "suggest"
    return "lens" if "findings" in schema else "summary"


def lens(body: Mapping[str, Any]) -> str:
    """The name of the lens that asks."""
    found = re.search(r"through the lens (\S+)\.", words(body))
    return found[1] if found else ""


def path(body: Mapping[str, Any]) -> str:
    """The file that is asked about."""
    found = re.search(r"^File: (.+) \([a-z ]+\)$", words(body), re.MULTILINE)
    return found[1] if found else ""


def marks(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The changed lines that the model was shown: mark and code."""
    return re.findall(r"^([+-]\d+#[0-9a-f]{3})\| (.*)$", words(body), flags=re.MULTILINE)


def found(*items: Mapping[str, Any], summary: str = "Does a thing.") -> str:
    """The answer of a lens."""
    base = {"anchor": "", "end_anchor": "", "quote": "", "category": "bounds", "scenario": "always",
            "message": "It fails.", "severity": "major", "confidence": 0.9}  # fmt: skip
    return json.dumps({"summary": summary, "findings": [{**base, **item} for item in items]})


def verdict(word: str = "keep", severity: str = "major", **more: str) -> str:
    """The answer of a second look."""
    return json.dumps({"reason": "seen", "verdict": word, "severity": severity, "scenario": "", "message": "", **more})


def fix(*items: Mapping[str, str]) -> str:
    """The answer to a question for a fix."""
    return json.dumps({"plan": "Mend it.", "edits": list(items)})


def at(body: Mapping[str, Any], code: str, **more: Any) -> list[dict[str, Any]]:
    """Findings on the shown lines that hold ``code``."""
    return [{"anchor": mark, "end_anchor": mark, "quote": text, **more} for mark, text in marks(body) if code in text]
