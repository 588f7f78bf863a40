"""Reading the body of a response under two clocks: silence, and the deadline of the whole question."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

from contentkit.core.errors import BadReplyError
from contentkit.providers._wire.errors import readable

if TYPE_CHECKING:
    import httpx

MAX_ERROR_BODY = 64 * 1024
MAX_JSON_BODY = 64 * 1024 * 1024
ERROR_BODY_SECONDS = 10.0
DRAIN_SECONDS = 0.25

Framing = Literal["sse", "ndjson", "json"]


@dataclass(frozen=True, slots=True)
class Clock:
    """The deadline of a question: ``seconds`` from its beginning, ``end`` on the event loop's clock."""

    seconds: float
    end: float

    @classmethod
    def of(cls, seconds: float) -> Clock:
        return cls(seconds, asyncio.get_running_loop().time() + seconds)

    def left(self) -> float:
        """Seconds until the deadline; negative after it."""
        return self.end - asyncio.get_running_loop().time()

    def limit(self, silence: float = float("inf")) -> AbstractAsyncContextManager[Any]:
        """A limit for one wait. Nothing is armed while the network's own timeout (``silence``) ends sooner,
        since this stands in the way of every chunk."""
        return nullcontext() if self.left() > silence else asyncio.timeout_at(self.end)


class Body:
    """The body of one response."""

    __slots__ = ("_clock", "_first", "_iterator", "_response", "_silence")

    def __init__(self, response: httpx.Response, clock: Clock, silence: float) -> None:
        self._response = response
        self._clock = clock
        self._silence = silence
        self._first = b""
        # Identity is asked for, and taken from the stream itself; who compresses all the same is decoded.
        plain = response.headers.get("content-encoding", "identity") == "identity"
        stream = cast("AsyncIterable[bytes]", response.stream) if plain else response.aiter_bytes()
        self._iterator = aiter(stream)

    async def start(self) -> None:
        """Waits for the first bytes that say something; ``framing`` looks at them."""
        while not self._first.strip() and (chunk := await self._next()):
            self._first += chunk

    def framing(self, expected: Framing) -> Framing:
        """How the body is framed, by its first bytes and its content type: servers answer a stream request with
        plain JSON, and label JSON as a stream or a stream as text.

        Raises:
            BadReplyError: it is nothing of the kind.
        """
        start = self._first.lstrip(b"\xef\xbb\xbf \t\r\n")[:6]
        kind = self._response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if start[:1] == b"<" or kind == "text/html":
            title = readable(self._first.decode("utf-8", "replace"))
            raise BadReplyError(f"the server sent a web page ({title})", hint="Check the provider's url.")
        if start[:1] in (b"{", b"["):
            lines = kind.endswith(("ndjson", "jsonl", "json-seq", "stream+json")) or (
                expected == "ndjson" and kind != "application/json"
            )
            return "ndjson" if lines else "json"
        if kind == "text/event-stream" or start.startswith((b"data:", b"event:", b"id:", b"retry:", b":")):
            return "sse"
        if not start:
            return expected
        raise BadReplyError(
            f"the server sent {kind or 'something'} instead of an answer", hint="Check the provider's url."
        )

    async def chunks(self) -> AsyncGenerator[bytes]:
        """What comes, as it comes.

        Raises:
            TimeoutError: the deadline has passed.
        """
        if self._first:
            yield self._first
        now, unguarded_until = asyncio.get_running_loop().time, self._clock.end - self._silence
        if now() < unguarded_until:  # the network's own timeout ends sooner than the deadline
            async for chunk in self._iterator:
                yield chunk
                if now() >= unguarded_until:
                    break
            else:
                return
        while chunk := await self._next():
            yield chunk

    async def json(self) -> Any:
        """The whole body as JSON; several lines of JSON (NDJSON under a wrong label) as a list."""
        data = bytearray()
        async for chunk in self.chunks():
            data += chunk
            if len(data) > MAX_JSON_BODY:
                raise BadReplyError(f"the answer is larger than {MAX_JSON_BODY // 2**20} MiB")
        for text in (data, b"[" + b",".join(line for line in data.splitlines() if line.strip()) + b"]"):
            try:
                return json.loads(text)
            except ValueError:
                continue
        raise BadReplyError("the answer is not JSON, or was cut off")

    async def error_text(self) -> str:
        """The beginning of an error's body; whatever has come when it stalls or breaks. A web page gives its title."""
        data = bytearray()
        try:
            async with asyncio.timeout(min(ERROR_BODY_SECONDS, max(self._clock.left(), 0))):
                while len(data) < MAX_ERROR_BODY and (chunk := await anext(self._iterator, b"")):
                    data += chunk
        except Exception:  # noqa: S110  the status is the news; its text is a courtesy
            pass
        text = bytes(data[:MAX_ERROR_BODY]).decode("utf-8", "replace").strip()
        return readable(text) if text[:1] == "<" else text

    async def drain(self) -> None:
        """Reads the end of a finished stream, so that the connection can be used again."""
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                while await anext(self._iterator, b""):
                    pass
        except Exception:  # noqa: S110  the answer is complete; the connection is closed instead
            pass

    async def _next(self) -> bytes:
        """The next bytes, b"" at the end."""
        async with self._clock.limit(self._silence):
            return await anext(self._iterator, b"")
