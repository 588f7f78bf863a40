"""Bytes from the network -> frames. Any chunking of the same bytes gives the same frames.

Both decoders keep what is not complete yet in a list and join it once, so a large frame in small chunks costs
linear time, and both split a whole chunk with one call, which is what makes them faster than reading lines.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple, Protocol

from contentkit.core.errors import BadReplyError

MAX_FRAME = 32 * 1024 * 1024
"""Bytes of one frame; a server that sends more without a border is not speaking the protocol."""

_BOM = b"\xef\xbb\xbf"


class Frame(NamedTuple):
    """One message of a stream: the SSE event name ("" when unnamed, always for NDJSON) and its data."""

    event: str
    data: str


def record(frame: Frame) -> dict[str, Any] | None:
    """The JSON object in a frame; None for keep-alives, ``[DONE]`` and other words.

    Raises:
        BadReplyError: an object begins and can't be read, so something of the answer is lost.
    """
    try:
        data = json.loads(frame.data)
    except ValueError:
        if frame.data.lstrip().startswith("{"):
            raise BadReplyError("a part of the answer is not JSON, or was cut off") from None
        return None
    return data if isinstance(data, dict) else None


class Decoder(Protocol):
    """What turns chunks into frames."""

    def feed(self, chunk: bytes) -> list[Frame]: ...

    def close(self) -> list[Frame]: ...


class Sse:
    """Server-sent events (WHATWG HTML, section 9.2.6), with one liberty: an event that the end of the stream
    cuts short of its blank line is still given, because several servers leave that line out."""

    __slots__ = ("_after_cr", "_began", "_last", "_pieces", "_size")

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._last = b""
        self._size = 0
        self._after_cr = False
        self._began = False

    def feed(self, chunk: bytes) -> list[Frame]:
        """The frames that this chunk completes."""
        if self._after_cr or b"\r" in chunk:
            chunk = self._line_feeds_only(chunk)
        if not chunk:
            return []
        complete = b"\n\n" in chunk or (self._last == b"\n" and chunk[0] == 10)
        self._last = chunk[-1:]
        self._pieces.append(chunk)
        if not complete:
            self._size += len(chunk)
            if self._size > MAX_FRAME:
                raise _too_large()
            return []
        blocks = self._joined().split(b"\n\n")
        rest = blocks.pop()
        self._pieces = [rest] if rest else []
        self._size = len(rest)
        return _frames(blocks)

    def close(self) -> list[Frame]:
        """The frame that the end of the stream leaves open, if any."""
        rest = self._joined()
        self._pieces = []
        return _frames([rest])

    def _joined(self) -> bytes:
        whole = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        if not self._began:
            self._began = True
            whole = whole.removeprefix(_BOM)
        return whole

    def _line_feeds_only(self, chunk: bytes) -> bytes:
        """CR and CRLF become LF; a CR at the very end may be half of a CRLF, so the next LF is dropped."""
        if self._after_cr and chunk:
            chunk = chunk.removeprefix(b"\n")
            self._after_cr = False
        if chunk.endswith(b"\r"):
            self._after_cr = True
        return chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _frames(blocks: list[bytes]) -> list[Frame]:
    frames: list[Frame] = []
    for block in blocks:
        if block[:6] == b"data: " and b"\n" not in block:  # by far the commonest
            frames.append(Frame("", block[6:].decode("utf-8", "replace")))
        elif block and (frame := _frame(block.decode("utf-8", "replace"))):
            frames.append(frame)
    return frames


def _frame(block: str) -> Frame | None:
    event, data = "", []
    for line in block.split("\n"):
        field, _, value = line.partition(":")
        if field == "data":
            data.append(value.removeprefix(" "))
        elif field == "event":
            event = value.removeprefix(" ")
    return Frame(event, "\n".join(data)) if data else None


class Ndjson:
    """One JSON value a line. Empty lines are keep-alives."""

    __slots__ = ("_began", "_pieces", "_size")

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0
        self._began = False

    def feed(self, chunk: bytes) -> list[Frame]:
        """The frames that this chunk completes."""
        if not chunk:
            return []
        self._pieces.append(chunk)
        if b"\n" not in chunk:
            self._size += len(chunk)
            if self._size > MAX_FRAME:
                raise _too_large()
            return []
        lines = self._joined().split(b"\n")
        rest = lines.pop()
        self._pieces = [rest] if rest else []
        self._size = len(rest)
        return _lines(lines)

    def close(self) -> list[Frame]:
        """The last line, when the stream ended without a line end."""
        rest = self._joined()
        self._pieces = []
        return _lines([rest])

    def _joined(self) -> bytes:
        whole = b"".join(self._pieces)
        if not self._began:
            self._began = True
            whole = whole.removeprefix(_BOM)
        return whole


def _lines(lines: list[bytes]) -> list[Frame]:
    return [Frame("", line.decode("utf-8", "replace")) for line in (line.strip() for line in lines) if line]


def _too_large() -> BadReplyError:
    error = BadReplyError(f"the server sent more than {MAX_FRAME // 2**20} MiB without an end to the message")
    error.retryable = False
    return error
