"""What a server sent back, beside its stream: a whole answer, a refusal, the request's id."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from contentkit.core.chat import Done, Event
from contentkit.core.errors import BadReplyError
from contentkit.providers._wire.dialect import Reader
from contentkit.providers._wire.frames import Frame

if TYPE_CHECKING:
    import httpx

_REQUEST_IDS = ("x-request-id", "request-id", "apim-request-id", "x-goog-request-id", "cf-ray")


class Refused(Exception):
    """The server answered with an error status."""

    def __init__(self, response: httpx.Response, body: str) -> None:
        super().__init__(response.status_code)
        self.status = response.status_code
        self.headers = {name.lower(): value for name, value in response.headers.items()}
        self.body = body


def whole(data: Any, reader: Reader) -> Iterable[Event]:
    """The events of an answer that came as one JSON text; Gemini sends a list of what would be frames."""
    if isinstance(data, dict):
        yield from reader.whole(data)
    elif isinstance(data, list):
        for item in data:
            yield from reader.feed(Frame("", json.dumps(item)))
        yield from reader.close()
    else:
        raise BadReplyError("the answer is JSON, but neither an object nor a list")


def named(events: list[Event], request_id: str) -> list[Event]:
    """The same events; ``Done`` carries the request id of the headers when it has none of its own."""
    if events and isinstance(done := events[-1], Done) and request_id and not done.request_id:
        events[-1] = replace(done, request_id=request_id)
    return events


def request_id_of(headers: Mapping[str, str]) -> str:
    return next((headers[name] for name in _REQUEST_IDS if name in headers), "")
