"""A provider that says what a test tells it to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence

from contentkit.core.chat import Done, Event, Finish, Request, TextDelta, Usage
from contentkit.core.model import Endpoint

Answer = str | BaseException | Sequence[Event | BaseException]


class FakeProvider:
    """Gives its answers one after another, the last one again and again.

    An answer is a text, an error to raise, a sequence of events and errors, or a function that makes one of these.

    Attributes:
        requests: every request that came.
    """

    def __init__(
        self,
        *answers: Answer | Callable[[Request], Answer],
        schema: bool = True,
        local: bool = True,
        name: str = "fake",
        url: str = "",
    ) -> None:
        self.endpoint = Endpoint(name, name, url, local=local)
        self.answers = list(answers)
        self.schema = schema
        self.requests: list[Request] = []
        self.closed = False

    def takes_schema(self, request: Request) -> bool:
        return self.schema

    async def models(self) -> list[str]:
        return ["one"]

    async def aclose(self) -> None:
        self.closed = True

    async def stream(self, request: Request) -> AsyncGenerator[Event, None]:
        self.requests.append(request)
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        if callable(answer):
            answer = answer(request)
        if isinstance(answer, BaseException):
            raise answer
        if isinstance(answer, str):
            answer = [TextDelta(answer), Usage(10, 5), Done(Finish.STOP, "fake-1")]
        for event in answer:
            await asyncio.sleep(0)
            if isinstance(event, BaseException):
                raise event
            yield event
