"""Ollama's own API, ``/api/chat``: ``ollama:MODEL``.

The server cuts a question that is longer than ``num_ctx`` without a word, so each question says how much room it
needs, asks the server (0.12.6 and later) to refuse instead of cutting, and looks at what was read.

Settings of the endpoint: ``num_ctx`` (the largest window that this machine has memory for).
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from contentkit.core.chat import Done, Event, Finish, Image, Message, Notice, ReasoningDelta, Request, TextDelta, Usage
from contentkit.core.contracts import Provider
from contentkit.core.errors import (
    BadReplyError,
    BadRequestError,
    ContentkitError,
    ContextTooLongError,
    ModelNotFoundError,
    ProviderError,
    QuotaError,
)
from contentkit.core.model import Endpoint, ModelInfo
from contentkit.providers import _ollama_window as _window
from contentkit.providers._wire import Call, Dialect, HttpProvider, bearer
from contentkit.providers._wire import turns as _turns
from contentkit.providers._wire.body import Clock
from contentkit.providers._wire.errors import by_status, load, way_out
from contentkit.providers._wire.frames import Frame, record
from contentkit.providers._wire.shapes import Json, count, items, obj, text

IMAGES = frozenset({"image/png", "image/jpeg", "image/webp"})
FINISH = {"": Finish.STOP, "stop": Finish.STOP, "length": Finish.LENGTH}
TOO_LONG = re.compile(r"context (length|size|window)|exceed_context_size|input length exceeds", re.I)
NOT_FOUND = re.compile(r"model ['\"]?([^'\"\s]+)['\"]? not found", re.I)
NO_MEMORY = re.compile(r"requires more system memory|out of memory|unable to allocate", re.I)
NO_MONEY = re.compile(r"(hourly|daily|weekly|monthly|session) usage limit", re.I)


def build(request: Request, endpoint: Endpoint) -> Call:
    """The HTTP call that asks the question.

    Raises:
        ContextTooLongError: it can't fit the model's window; the server would cut it.
    """
    _turns.refuse_images(request, endpoint, IMAGES)
    system, turns = _turns.split(request.messages)
    notices: list[str] = []
    try:
        window = _window.plan(request)
    except ContextTooLongError as error:
        error.vendor, error.model = endpoint.name, request.model
        error.hint = way_out(error, endpoint)
        if _limit(endpoint):
            error.hint = f"Give less material, or raise num_ctx in [providers.{endpoint.name}]."
        raise
    body: Json = {
        "model": request.model,
        "messages": [{"role": "system", "content": system}] * bool(system) + [_turn(turn) for turn in turns],
        "stream": True,
        "truncate": False,
        "shift": False,
        "options": _options(request, endpoint, window, notices),
        **_think(request, endpoint, notices),
    }
    if request.schema is not None and takes_schema(request, endpoint):
        body["format"] = dict(request.schema.body)
    return Call("POST", f"{endpoint.url}/api/chat", bearer(endpoint), body, "ndjson", tuple(notices))


def _turn(turn: Message) -> Json:
    images = [_turns.base64(part) for part in turn.parts if isinstance(part, Image)]
    return {"role": turn.role, "content": turn.text, **({"images": images} if images else {})}


def _options(request: Request, endpoint: Endpoint, window: _window.Window, notices: list[str]) -> Json:
    options = request.options
    asked: Json = {
        "num_ctx": window.size,
        "num_predict": window.answer,
        "seed": options.seed,
        "stop": list(options.stop) or None,
        **_turns.sampling(request, endpoint, notices, temperature="temperature", top_p="top_p"),
    }
    return {name: value for name, value in asked.items() if value is not None}


def _think(request: Request, endpoint: Endpoint, notices: list[str]) -> Json:
    effort = request.options.effort
    if effort is None:
        return {}
    if request.info is None or not request.info.reasoning:
        notices.append(_turns.left_out(request, endpoint, "effort"))
        return {}
    if "gpt-oss" in request.model:  # the family that takes degrees, and can't be told not to think
        return {"think": "low" if effort == "minimal" else effort}
    return {"think": effort != "minimal"}


def takes_schema(request: Request, endpoint: Endpoint) -> bool:
    """Whether the server enforces ``request.schema``."""
    return _turns.native_schema(request, endpoint)


def reader(request: Request, endpoint: Endpoint) -> Reader:
    """What reads one answer."""
    return Reader(request)


class Reader:
    """Events of one answer, a JSON object a line."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._done = False

    def feed(self, frame: Frame) -> list[Event]:
        data = record(frame)
        return [] if data is None or self._done else self._read(data)

    def whole(self, body: Json) -> list[Event]:
        return [*self._read(body), *self.close()]

    def close(self) -> list[Event]:
        if not self._done:
            raise BadReplyError("the answer ended early")
        return []

    def _read(self, data: Json) -> list[Event]:
        if "error" in data:
            raise classify(200, {}, json.dumps(data))
        said = obj(data.get("message"))
        events: list[Event] = []
        if thought := text(said.get("thinking")):
            events.append(ReasoningDelta(thought))
        if words := text(said.get("content")):
            events.append(TextDelta(words))
        return [*events, *self._end(data)] if data.get("done") is True else events

    def _end(self, data: Json) -> list[Event]:
        self._done = True
        read, written = count(data.get("prompt_eval_count")), count(data.get("eval_count"))
        events: list[Event] = [Usage(read, written)] if read or written else []
        if read >= (size := _window.plan(self._request).size):
            raise ContextTooLongError(f"the server cut the question to its window of {size:,} tokens")
        if 0 < read < _window.fewest(self._request):  # 0: older servers leave the count out for what they remember
            events.append(Notice(f"the server read only {read:,} tokens; the question may have been cut"))
        reason = text(data.get("done_reason"))
        finish = FINISH.get(reason, Finish.ERROR)
        return [*events, Done(finish, text(data.get("model")), "" if reason == "stop" else reason)]


def classify(status: int, headers: Mapping[str, str], body: str) -> ProviderError:
    """The error that an answer tells; ``status`` is 200 for one inside a stream."""
    words = _words(body)
    found = NOT_FOUND.search(words)
    hint = f"Get it first: ollama pull {found.group(1)}" if found else ""
    if NO_MEMORY.search(words):
        hint = "Choose a smaller model, or set num_ctx in its stanza to a smaller window."
    return _class(status, words)(words, status=status if status >= 400 else None, hint=hint)


def _words(body: str) -> str:
    """The reason in an error body; a newer runner puts its own JSON into it as text."""
    error: object = body
    for _ in range(3):
        inner = load(error) if isinstance(error, str) else error
        if not isinstance(inner, dict):
            break
        error = inner.get("error") or inner.get("message") or body
    return error if isinstance(error, str) else body


def _class(status: int, words: str) -> type[ProviderError]:
    if NOT_FOUND.search(words):
        return ModelNotFoundError
    if TOO_LONG.search(words):
        return ContextTooLongError
    if NO_MEMORY.search(words) or "does not support" in words:
        return BadRequestError
    if status == 429 and NO_MONEY.search(words):
        return QuotaError
    return by_status(status) if status >= 400 else by_status(500)


def models_call(endpoint: Endpoint) -> Call:
    """The call that lists the models that are on the server's disk."""
    return Call("GET", f"{endpoint.url}/api/tags", bearer(endpoint), framing="json")


def model_names(body: Json) -> list[str]:
    """The names in the answer to ``models_call``."""
    return [name for row in items(body.get("models")) if (name := text(obj(row).get("name")))]


def learnt(info: ModelInfo, endpoint: Endpoint, shown: Json) -> ModelInfo:
    """What is known of the model, completed by what ``/api/show`` says of it, within the setting ``num_ctx``."""
    sizes = [count(value) for name, value in obj(shown.get("model_info")).items() if name.endswith(".context_length")]
    limits = [size for size in (max(sizes, default=info.context_window or 0), _limit(endpoint)) if size]
    abilities = items(shown.get("capabilities"))
    return replace(
        info,
        context_window=min(limits, default=None),
        reasoning="thinking" in abilities if abilities else info.reasoning,
        images="vision" in abilities if abilities else info.images,
    )


def _limit(endpoint: Endpoint) -> int:
    return count(endpoint.settings.get("num_ctx"))


class OllamaProvider(HttpProvider):
    """Asks the server once for each model how large its window is, before the first question to it."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint, cast(Dialect, sys.modules[__name__]))
        self._shown: dict[str, Json] = {}

    async def _completed(self, request: Request, clock: Clock) -> Request:
        info = request.info or ModelInfo(self.endpoint.name, request.model)
        try:
            async with clock.limit():
                info = await self.learn(info)
        except TimeoutError:
            pass  # nor is there time for the question, which says so itself
        return replace(request, info=info)

    async def learn(self, info: ModelInfo) -> ModelInfo:
        """What is known of a model, completed by what the server says of it; as it is when the server says nothing,
        which the question itself will bring to light."""
        if info.name not in self._shown:
            call = Call("POST", f"{self.endpoint.url}/api/show", bearer(self.endpoint), {"model": info.name}, "json")
            try:
                self._shown[info.name] = await self.fetch(call)
            except ContentkitError:
                return learnt(info, self.endpoint, {})
        return learnt(info, self.endpoint, self._shown[info.name])


def connect(endpoint: Endpoint) -> Provider:
    """A provider for the endpoint; nothing is sent yet."""
    return OllamaProvider(endpoint)
