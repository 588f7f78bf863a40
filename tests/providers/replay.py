"""A vendor played back: providers whose HTTP is answered from memory, in pieces with borders anywhere."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import httpx

from contentkit.core.chat import Reply, Request, fold
from contentkit.core.model import Endpoint, Secret
from contentkit.providers._wire import HttpProvider
from contentkit.providers._wire.connections import Http

KEY = "canary-0123456789abcdef"


class Chunks(httpx.AsyncByteStream):
    """A body in pieces of ``size`` bytes."""

    def __init__(self, body: bytes, size: int = 97) -> None:
        self._body, self._size = body, size

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self._body), self._size):
            yield self._body[start : start + self._size]


@dataclass(frozen=True)
class Answer:
    """What the vendor answers."""

    body: str
    kind: str = "application/json"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> httpx.Response:
        headers = {"content-type": self.kind, **self.headers}
        return httpx.Response(self.status, headers=headers, stream=Chunks(self.body.encode()))


def sse(*events: Mapping[str, Any], padding: str = "") -> Answer:
    """A stream of events; those with a ``type`` are named by it."""
    blocks = [
        (f"event: {event['type']}\n" if "type" in event else "") + f"data: {json.dumps(event)}{padding}\n\n"
        for event in events
    ]
    return Answer("".join(blocks), "text/event-stream")


def ndjson(*lines: Mapping[str, Any]) -> Answer:
    return Answer("".join(json.dumps(line) + "\n" for line in lines), "application/x-ndjson")


def whole(body: Any, status: int = 200, **headers: str) -> Answer:
    return Answer(json.dumps(body), status=status, headers=headers)


class Vendor:
    """Answers in turn (the last one again and again), and remembers what it was asked."""

    def __init__(self, module: ModuleType, *answers: Answer, **settings: Any) -> None:
        name = module.__name__.rpartition(".")[2]
        self.endpoint = Endpoint(name, name, "http://127.0.0.1:9", key=Secret(KEY), settings={"retries": 0, **settings})
        self.provider = module.connect(self.endpoint)
        assert isinstance(self.provider, HttpProvider)
        self.provider._http = Http(self.endpoint, httpx.MockTransport(self._answer))
        self.asked: list[httpx.Request] = []
        self._answers = list(answers)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return answer.response()

    @property
    def body(self) -> dict[str, Any]:
        """The last request's body."""
        return dict(json.loads(self.asked[-1].content))

    async def events(self, request: Request) -> list[Any]:
        async with aclosing(self.provider.stream(request)) as events:
            return [event async for event in events]

    async def ask(self, request: Request) -> Reply:
        return fold(await self.events(request))


def texts(events: Iterable[Any], kind: type) -> str:
    return "".join(event.text for event in events if isinstance(event, kind))
