"""What every provider over HTTP shares, the one retry loop above all.

A dialect (``openai``, ``anthropic`` ...) is a module of pure functions: it builds a ``Call``, reads frames into
events and says what an error means. ``HttpProvider`` does the rest: deadline, retries, framing, and keeping the key
out of everything that can be shown. Connections are ``_http``'s part.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, NoReturn

from contentkit.core.chat import Done, Event, Notice, Request, TextDelta
from contentkit.core.contracts import Batches
from contentkit.core.errors import (
    AuthenticationError,
    BadReplyError,
    BadRequestError,
    ContentkitError,
    ProviderError,
)
from contentkit.core.model import Endpoint
from contentkit.providers._wire import errors as _errors
from contentkit.providers._wire import retry as _retry
from contentkit.providers._wire.answers import Refused, named, request_id_of, whole
from contentkit.providers._wire.body import Body, Clock
from contentkit.providers._wire.connections import FAILURES, Http
from contentkit.providers._wire.dialect import Call, Dialect, Reader, bearer
from contentkit.providers._wire.frames import Decoder, Ndjson, Sse, record

if TYPE_CHECKING:
    import httpx

__all__ = ["Call", "Dialect", "HttpProvider", "Reader", "bearer"]

LIST_DEADLINE = 20.0
"""Seconds for asking which models there are."""

_SHAPES = (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError)
"""What reading an answer of an unforeseen shape raises."""


class HttpProvider:
    """A provider that is reached over HTTP, whatever its dialect. Connections are opened at first use."""

    def __init__(
        self, endpoint: Endpoint, dialect: Dialect, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        """``transport`` answers instead of the network, for tests."""
        self.endpoint = endpoint
        self.dialect = dialect
        self.sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
        """How to wait before another try; tests replace it."""
        self._secrets = _errors.secrets_of(endpoint)
        self._http = Http(endpoint, transport)

    def takes_schema(self, request: Request) -> bool:
        return self.dialect.takes_schema(request, self.endpoint)

    async def stream(self, request: Request) -> AsyncGenerator[Event]:
        """Ask, and yield the answer as it comes; ``Done`` last. Tries again only while no text was yielded.

        Close the iterator (``contextlib.aclosing``) to stop early: the connection is dropped at once.
        """
        self._check_key(request.model)
        clock = Clock.of(request.deadline)
        request = await self._completed(request, clock)
        call = self._call(request)
        for notice in call.notices:
            yield Notice(notice)
        attempt = 0
        while True:
            shown = False
            reader = self.dialect.reader(request, self.endpoint)
            try:
                async with aclosing(self._attempt(call, reader, clock)) as batches:
                    async for batch in batches:
                        for event in batch:
                            if type(event) is TextDelta:
                                shown = True
                            yield event
                return
            except (Refused, ContentkitError, *FAILURES, *_SHAPES) as error:
                failure, may_retry = self._understood(error, clock)
            wait = self._wait(failure, attempt, clock) if may_retry and not shown else None
            if wait is None:
                self._raise(failure, request.model)
            attempt += 1
            yield Notice(self._retry_notice(failure, wait, attempt))
            await self.sleep(wait)

    async def _completed(self, request: Request, clock: Clock) -> Request:
        """The request with what only the server knows and building needs: nothing, for most dialects."""
        return request

    async def models(self) -> Sequence[str]:
        """Names of the models, as the server lists them; asked once, without another try."""
        return self.dialect.model_names(await self.fetch(self.dialect.models_call(self.endpoint)))

    async def fetch(self, call: Call, deadline: float = LIST_DEADLINE) -> dict[str, Any]:
        """The JSON object that answers a call which asks no model (a list comes under "data"); tried once.

        Raises:
            ProviderError: there is none within ``deadline`` seconds.
        """
        self._check_key("")
        clock = Clock.of(deadline)
        try:
            response = await self._send(call, clock)
            async with aclosing(response):
                body = Body(response, clock, self._http.silence)
                await body.start()
                body.framing("json")
                data = await body.json()
            if isinstance(data, list):
                return {"data": data}
            if isinstance(data, dict):
                return data
            raise BadReplyError("the answer is JSON, but neither an object nor a list")
        except (Refused, ContentkitError, *FAILURES, *_SHAPES) as error:
            failure, _ = self._understood(error, clock)
        self._raise(failure, "")

    async def lines(self, call: Call, deadline: float) -> AsyncGenerator[dict[str, Any]]:
        """The JSON objects, a line each, that answer a call; however many there are.

        Raises:
            ProviderError: they are not whole within ``deadline`` seconds, or there are none.
        """
        self._check_key("")
        clock, decoder = Clock.of(deadline), Ndjson()
        try:
            response = await self._send(call, clock)
            async with aclosing(response):
                body = Body(response, clock, self._http.silence)
                async for chunk in body.chunks():
                    for frame in decoder.feed(chunk):
                        if (data := record(frame)) is not None:
                            yield data
                for frame in decoder.close():
                    if (data := record(frame)) is not None:
                        yield data
            return
        except (Refused, ContentkitError, *FAILURES, *_SHAPES) as error:
            failure, _ = self._understood(error, clock)
        self._raise(failure, "")

    @property
    def batches(self) -> Batches | None:
        """How the vendor takes many questions at once; None where it does not, or not as we speak to it."""
        make = getattr(self.dialect, "batches", None)
        return make(self) if make else None

    async def aclose(self) -> None:
        """Close all connections. Safe to call twice."""
        await self._http.aclose()

    # -- one attempt ----------------------------------------------------------------------------------------------

    def _call(self, request: Request) -> Call:
        """The dialect's call; what it refuses to ask is named as every other error is."""
        try:
            return self.dialect.build(request, self.endpoint)
        except ContentkitError as error:
            failure = error
        self._raise(failure, request.model)

    async def _attempt(self, call: Call, reader: Reader, clock: Clock) -> AsyncGenerator[list[Event]]:
        """The events of one attempt, in the batches that arrive together."""
        response = await self._send(call, clock)
        async with aclosing(response):
            body = Body(response, clock, self._http.silence)
            await body.start()
            name = request_id_of(response.headers)
            if body.framing(call.framing) == "json":
                yield named(list(whole(await body.json(), reader)), name)
                return
            decoder: Decoder = Sse() if body.framing(call.framing) == "sse" else Ndjson()
            async for chunk in body.chunks():
                events: list[Event] = []
                try:
                    for frame in decoder.feed(chunk):
                        events += reader.feed(frame)
                except Exception:
                    yield events  # what came before the error is part of the answer
                    raise
                if events and type(events[-1]) is Done:
                    await body.drain()
                    yield named(events, name)
                    return
                if events:
                    yield events
            events = [event for frame in decoder.close() for event in reader.feed(frame)]
            if not (events and type(events[-1]) is Done):
                events += reader.close()
            yield named(events, name)

    async def _send(self, call: Call, clock: Clock) -> httpx.Response:
        """The response to a call, its body unread.

        Raises:
            Refused: the server said no.
        """
        response = await self._http.send(call.method, call.url, call.headers, call.body, clock)
        if response.is_success:
            return response
        async with aclosing(response):
            raise Refused(response, await Body(response, clock, self._http.silence).error_text())

    def _check_key(self, model: str) -> None:
        key = self.endpoint.key.reveal().strip() if self.endpoint.key else ""
        if self.endpoint.needs_key and not key:
            raise _errors.missing_key(self.endpoint, model)
        if not (key.isascii() and key.isprintable()):
            names = " or ".join(self.endpoint.key_env) or "the key"
            raise AuthenticationError(
                "the key has characters that no key has", vendor=self.endpoint.name, model=model, hint=f"Check {names}."
            )

    # -- when it fails --------------------------------------------------------------------------------------------

    def _understood(self, error: Exception, clock: Clock) -> tuple[ContentkitError, bool]:
        """Our error for what went wrong, and whether another try can help."""
        if isinstance(error, Refused):
            classified = self._classified(error)
            return classified, _retry.may_retry(classified, error.headers)
        if isinstance(error, ContentkitError):
            failure = error
        elif isinstance(error, FAILURES):
            failure = self._http.meaning(error, clock)
        else:
            failure = BadReplyError(f"the answer has an unforeseen shape ({type(error).__name__})")
        return failure, isinstance(failure, ProviderError) and failure.retryable

    def _classified(self, answer: Refused) -> ProviderError:
        if 300 <= answer.status < 400:
            return BadRequestError(
                f"the server redirects to {answer.headers.get('location', '?')}, and a key is not sent after it",
                status=answer.status,
                hint=f"Set the url of [providers.{self.endpoint.name}] to the right address.",
            )
        try:
            error = self.dialect.classify(answer.status, answer.headers, answer.body)
        except _SHAPES:
            error = _errors.by_status(answer.status)(_errors.readable(answer.body))
        error.status = error.status or answer.status
        error.request_id = error.request_id or request_id_of(answer.headers)
        asked = _retry.asked_wait(answer.headers)
        error.retry_after = max((wait for wait in (asked, error.retry_after) if wait), default=None)
        return error

    def _wait(self, failure: ContentkitError, attempt: int, clock: Clock) -> float | None:
        """Seconds to wait before another try, or None when there is none."""
        if attempt >= self._retries:
            return None
        asked = failure.retry_after if isinstance(failure, ProviderError) else None
        wait = asked or _retry.backoff(attempt, random.random())  # noqa: S311  jitter is no secret
        return None if wait > min(_retry.LONGEST_WAIT, clock.left()) else wait

    @property
    def _retries(self) -> int:
        return int(self.endpoint.settings.get("retries", _retry.RETRIES))

    def _retry_notice(self, failure: ContentkitError, wait: float, attempt: int) -> str:
        reason = _errors.scrub(_errors.readable(failure.message), self._secrets)
        return f"{self.endpoint.name}: {reason}; trying again in {wait:.1f} s ({attempt} of {self._retries})"

    def _raise(self, failure: ContentkitError, model: str) -> NoReturn:
        """Raises without the frames below: their local variables may hold what the server echoed."""
        _errors.finish(failure, self.endpoint, model, self._secrets)
        failure.__cause__ = failure.__context__ = None
        raise failure.with_traceback(None)
