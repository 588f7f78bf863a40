"""A server on loopback that answers as the vendors do, and fails in every way they do.

Each question takes the next ``Fault`` of the plan; the last one stays. Paths of questions tell the wire format
(see ``voices``), so that one server serves all dialects. Only the standard library is used.

    async with FaultServer(["503", "ok"]) as server:
        ...  # ask server.url + voice.base
        assert len(server.questions) == 2
"""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from voices import PIECES, TEXT, VOICES, Voice

STATUSES = {
    "400": (400, "bad"),
    "401": (401, "key"),
    "403": (403, "forbidden"),
    "404": (404, "model"),
    "413": (413, "large"),
    "408": (408, "busy"),
    "429": (429, "rate"),
    "429-quota": (429, "quota"),
    "500": (500, "busy"),
    "502": (502, "busy"),
    "503": (503, "busy"),
    "529": (529, "busy"),
    "too-long": (400, "long"),
}
"""Fault -> (HTTP status, the kind that the voice words)."""


@dataclass(frozen=True)
class Fault:
    """What to do with one question.

    Attributes:
        kind: a name in ``STATUSES``, or a method of ``_Answer`` ("-" written "_").
        message: the words of an error; "{key}" stands for the key as it was sent.
        pause: seconds between the blocks of a stream.
        word: the end of the answer: "stop", "length" or "filtered".
    """

    kind: str = "ok"
    headers: Mapping[str, str] = field(default_factory=dict)
    message: str = "this is the reason"
    pause: float = 0.0
    word: str = "stop"


@dataclass(frozen=True)
class Question:
    """What a client sent."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]


class FaultServer:
    """The server. ``questions`` are the requests to a model so far; ``dropped`` counts clients that left early."""

    def __init__(self, plan: Iterable[Fault | str] = ("ok",), *, port: int = 0) -> None:
        self._port = port
        self.plan = [Fault(step) if isinstance(step, str) else step for step in plan]
        self.questions: list[Question] = []
        self.others: list[Question] = []
        self.connections = 0
        self.dropped = 0
        self.url = ""
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> FaultServer:
        self._server = await asyncio.start_server(self._client, "127.0.0.1", self._port)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self.connections += 1
        try:
            while question := await _read(reader):
                if not await self._reply(question, reader, writer):
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            self.dropped += 1
        except asyncio.CancelledError:
            pass  # the test is over; a cancelled handler would be logged as an error
        finally:
            with suppress(Exception):
                writer.close()

    async def _reply(self, question: Question, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answers; whether the connection goes on."""
        path = question.path.split("?")[0]
        voice = next((voice for voice in VOICES if path.endswith(voice.asks)), None)
        if voice is None:
            self.others.append(question)
            listed = next((voice for voice in VOICES if path == voice.base + voice.lists), None)
            await _whole(writer, 200, json.dumps(listed.models if listed else {}).encode(), "application/json")
            return True
        self.questions.append(question)
        fault = self.plan[min(len(self.questions), len(self.plan)) - 1]
        work = asyncio.ensure_future(_Answer(voice, fault, question, writer).send())
        while not (await asyncio.wait({work}, timeout=0.01))[0]:
            if reader.at_eof() or reader.exception():  # the client has left
                work.cancel()
                self.dropped += 1
                return False
        return await work


class _Answer:
    """One answer to one question."""

    def __init__(self, voice: Voice, fault: Fault, question: Question, writer: asyncio.StreamWriter) -> None:
        self.voice = voice
        self.fault = fault
        self.writer = writer
        self.key = next(
            (question.headers[name] for name in ("x-api-key", "x-goog-api-key", "api-key") if name in question.headers),
            question.headers.get("authorization", "").removeprefix("Bearer "),
        )

    async def send(self) -> bool:
        if self.fault.kind in STATUSES:
            status, kind = STATUSES[self.fault.kind]
            await self._error(status, json.dumps(self.voice.error(status, kind, self._message())).encode())
            return True
        method: Callable[[], Any] = getattr(self, self.fault.kind.replace("-", "_"))
        return await method() is not False

    def _message(self) -> str:
        return self.fault.message.replace("{key}", self.key).replace("{quoted}", quote(self.key, safe=""))

    def _blocks(self) -> list[str]:
        return self.voice.stream(PIECES, self.voice.words[self.fault.word])

    async def _error(self, status: int, body: bytes, content_type: str = "application/json") -> None:
        await _whole(self.writer, status, body, content_type, self.fault.headers)

    async def _stream(self, blocks: Iterable[str | bytes], content_type: str = "") -> None:
        await self._begin(content_type)
        for block in blocks:
            await self._block(block)
        self.writer.write(b"0\r\n\r\n")
        await self.writer.drain()

    async def _begin(self, content_type: str = "") -> None:
        lines = [
            f"content-type: {content_type or self.voice.content_type}",
            "transfer-encoding: chunked",
            "x-request-id: req-7",
        ]
        lines += [f"{name}: {value}" for name, value in self.fault.headers.items()]
        self.writer.write(("HTTP/1.1 200 OK\r\n" + "\r\n".join(lines) + "\r\n\r\n").encode())

    async def _block(self, block: str | bytes) -> None:
        data = block.encode() if isinstance(block, str) else block
        self.writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        await self.writer.drain()
        if self.fault.pause:
            await asyncio.sleep(self.fault.pause)

    # -- good answers in odd clothes ------------------------------------------------------------------------------

    async def ok(self) -> None:
        await self._stream(self._blocks())

    async def whole(self) -> None:
        body = self.voice.whole(TEXT, self.voice.words[self.fault.word])
        await _whole(self.writer, 200, json.dumps(body, indent=1).encode(), "application/json")

    async def whole_labelled_stream(self) -> None:
        """A complete JSON answer under the content type of a stream, with padding around it."""
        body = json.dumps(self.voice.whole(TEXT, self.voice.words["stop"]))
        await _whole(self.writer, 200, f"\n  {body}\n   ".encode(), self.voice.content_type)

    async def labelled_text(self) -> None:
        await self._stream(self._blocks(), "text/plain; charset=utf-8")

    async def labelled_json(self) -> None:
        """A stream labelled as one JSON text."""
        await self._stream(self._blocks(), "application/json")

    async def drip(self) -> None:
        """Byte by byte, so characters and frames are cut everywhere."""
        data = "".join(self._blocks()).encode()
        await self._stream(data[at : at + 1] for at in range(len(data)))

    async def lump(self) -> None:
        await self._stream(["".join(self._blocks())])

    async def crlf(self) -> None:
        await self._stream(block.replace("\n", "\r\n") for block in self._blocks())

    async def bom(self) -> None:
        await self._stream(["\ufeff", *self._blocks()])

    async def gzip(self) -> None:
        """Compressed, though nobody asked for it."""
        self.fault = replace(self.fault, headers={"content-encoding": "gzip"})
        packed = gzip.compress("".join(self._blocks()).encode())
        await self._stream(packed[at : at + 50] for at in range(0, len(packed), 50))

    async def keep_alive(self) -> None:
        await self._stream(part for block in self._blocks() for part in (self.voice.keepalive, block))

    async def junk(self) -> None:
        blocks = self._blocks()
        await self._stream([*self.voice.junk, blocks[0], *self.voice.junk, *blocks[1:]])

    async def duplicate_start(self) -> None:
        """The opening twice; for formats whose first block is text there is nothing to double."""
        blocks = self._blocks()
        opening = blocks[:1] if PIECES[0] not in blocks[0] else []
        await self._stream([*opening, *blocks])

    async def no_last_border(self) -> None:
        """The last line end is missing."""
        blocks = self._blocks()
        await self._stream([*blocks[:-1], blocks[-1].rstrip("\n")])

    # -- broken answers -------------------------------------------------------------------------------------------

    async def cut(self) -> bool:
        """The connection is lost after some text."""
        await self._begin()
        for block in self._some():
            await self._block(block)
        return False

    async def cut_politely(self) -> None:
        """The stream ends as HTTP ends, but not as the format ends."""
        await self._stream(self._some())

    async def cut_at_once(self) -> bool:
        await self._begin()
        await self.writer.drain()
        return False

    async def hang_up(self) -> bool:
        return False

    async def mid_error(self) -> None:
        await self._stream([*self._some(), self.voice.broken(self._message())])

    async def mid_error_lump(self) -> None:
        """Text and the error in one chunk: the text counts."""
        await self._stream(["".join([*self._some(), self.voice.broken(self._message())])])

    async def early_error(self) -> None:
        await self._stream([self.voice.broken(self._message())])

    async def error_in_200(self) -> None:
        body = self.voice.error(503, "busy", self._message())
        await _whole(self.writer, 200, json.dumps(body).encode(), "application/json", self.fault.headers)

    async def stall(self) -> None:
        """Some text, and then silence."""
        await self._begin()
        for block in self._some():
            await self._block(block)
        await asyncio.sleep(60)

    async def silent(self) -> None:
        await asyncio.sleep(60)

    async def for_ever(self) -> None:
        """Keep-alives without an end."""
        await self._stream(self._keepalives())

    async def html(self) -> None:
        await self._error(200, b"<!doctype html><title>Please log in</title><body>...</body>", "text/html")

    async def html_502(self) -> None:
        await self._error(502, b"<html><head><title>502 Bad Gateway</title></head><body>x</body></html>", "text/html")

    async def empty(self) -> None:
        await self._error(200, b"", self.voice.content_type)

    async def garbage(self) -> None:
        await self._error(200, bytes(range(128, 256)) * 20, "application/octet-stream")

    async def half_json(self) -> None:
        await self._error(200, b'{"id": "c-1", "choi', "application/json")

    async def json_number(self) -> None:
        await self._error(200, b"42", "application/json")

    async def odd_shapes(self) -> None:
        """Valid JSON in which every known field has the wrong type."""
        names = ("choices", "candidates", "message", "content", "delta", "response", "output", "type", "usage", "model")
        odd = json.dumps(dict.fromkeys(names, 7))
        end = "\n" if self.voice.content_type == "application/x-ndjson" else "\n\n"
        await self._stream([odd + end if end == "\n" else f"data: {odd}{end}"])

    async def broken_frame(self) -> None:
        """After some text, the JSON of one frame stops in the middle."""
        blocks, at = self._blocks(), len(self._some())
        line = blocks[at].rstrip("\n")
        blocks[at] = line[:-9] + blocks[at][len(line) :]
        await self._stream(blocks)

    async def huge_error(self) -> None:
        await self._error(500, b"x" * 3_000_000, "text/plain")

    async def redirect(self) -> None:
        await _whole(self.writer, 307, b"", "text/plain", {"location": "http://127.0.0.1:9/elsewhere"})

    def _some(self) -> list[str]:
        """The beginning of the stream, up to and with some text."""
        blocks = self._blocks()
        return blocks[: next(at for at, block in enumerate(blocks) if PIECES[1] in block) + 1]

    def _keepalives(self) -> Iterable[str]:
        while True:
            yield self.voice.keepalive


async def _read(reader: asyncio.StreamReader) -> Question | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").rstrip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Question(first.split(" ")[1], headers, json.loads(body) if body else {})


async def _whole(
    writer: asyncio.StreamWriter, status: int, body: bytes, content_type: str, headers: Mapping[str, str] | None = None
) -> None:
    lines = [f"content-type: {content_type}", f"content-length: {len(body)}", "x-request-id: req-7"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    writer.write((f"HTTP/1.1 {status} Status\r\n" + "\r\n".join(lines) + "\r\n\r\n").encode() + body)
    await writer.drain()
