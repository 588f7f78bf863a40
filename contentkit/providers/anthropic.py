"""Anthropic's Messages API: ``anthropic:MODEL``.

Settings of the endpoint: ``version`` (the ``anthropic-version`` header), ``cache`` ("5m" or "1h": have the vendor
keep the system prompt and the first turn, which hold the sources, for the next question. Writing costs a quarter
more, or twice as much for an hour; reading a tenth, so it pays from the second question with the same beginning).
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping
from typing import cast

from contentkit.core.chat import Done, Event, Finish, Image, Message, ReasoningDelta, Request, TextDelta, Usage
from contentkit.core.contracts import Provider
from contentkit.core.errors import (
    AuthenticationError,
    BadReplyError,
    BadRequestError,
    ContextTooLongError,
    ModelNotFoundError,
    OverloadedError,
    ProviderError,
    QuotaError,
    RateLimitError,
    RefusedError,
    UsageError,
)
from contentkit.core.model import Endpoint, Secret
from contentkit.providers import _schemas, _turns
from contentkit.providers._errors import by_status, load
from contentkit.providers._frames import Frame, record
from contentkit.providers._shapes import Json, count, items, obj, text
from contentkit.providers._wire import Call, Dialect, HttpProvider, bearer

VERSION = "2023-06-01"
NO_SAMPLING_SINCE = "2026-10-21"
"""From this API version on, temperature and top_p are an error even at their defaults."""

MAX_TOKENS, UNKNOWN_MAX_TOKENS = 32_000, 8_192
"""The answer's bound when none is asked (the field is required): for models whose own bound is known, and not."""

CACHED_FROM = 4096
"""Bytes of a block from which keeping it can pay; the vendor keeps nothing under 1,024 tokens."""

IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
NO_EFFORT = (
    "claude-3",
    "claude-haiku-4-5",
    "claude-opus-4-0",
    "claude-opus-4-1",
    "claude-opus-4-2",
    "claude-sonnet-4-0",
    "claude-sonnet-4-2",
    "claude-sonnet-4-5",
)
"""Beginnings of the names of models that answer 400 to ``output_config.effort``."""

FINISH = {
    "end_turn": Finish.STOP,
    "stop_sequence": Finish.STOP,
    "tool_use": Finish.STOP,
    "max_tokens": Finish.LENGTH,
    "model_context_window_exceeded": Finish.LENGTH,
    "pause_turn": Finish.LENGTH,  # the turn is not over: the vendor wants to be asked to go on
    "refusal": Finish.REFUSAL,
}
ERRORS: dict[str, type[ProviderError]] = {
    "authentication_error": AuthenticationError,
    "permission_error": AuthenticationError,
    "billing_error": QuotaError,
    "not_found_error": ModelNotFoundError,
    "request_too_large": ContextTooLongError,
    "rate_limit_error": RateLimitError,
    "overloaded_error": OverloadedError,
    "api_error": OverloadedError,
    "timeout_error": OverloadedError,
    "invalid_request_error": BadRequestError,
}
TOO_LONG = re.compile(r"prompt is too long|exceeds? (the )?(maximum )?context|too many (total )?(text )?tokens", re.I)
NO_MONEY = re.compile(r"credit balance is too low|reached your specified .{0,20}usage limit", re.I)
BLOCKED = re.compile(r"content filtering policy", re.I)


def build(request: Request, endpoint: Endpoint) -> Call:
    """The HTTP call that asks the question."""
    _turns.refuse_images(request, endpoint, IMAGES)
    system, turns = _turns.split(request.messages)
    knobs, notices = _knobs(request, endpoint)
    body: Json = {
        "model": request.model,
        "messages": [{"role": turn.role, "content": _blocks(turn)} for turn in turns],
        "stream": True,
        **knobs,
    }
    if system:
        body["system"] = [{"type": "text", "text": system}]
    if config := _output_config(request, endpoint, notices):
        body["output_config"] = config
    if kept := _kept(endpoint):
        _mark([*body.get("system", []), body["messages"][0]["content"][-1]], kept)
    return Call("POST", f"{_base(endpoint)}/v1/messages", _headers(endpoint), body, "sse", tuple(notices))


def _base(endpoint: Endpoint) -> str:
    return endpoint.url.rstrip("/").removesuffix("/v1")


def _version(endpoint: Endpoint) -> str:
    return str(endpoint.settings.get("version") or VERSION)


def _headers(endpoint: Endpoint) -> dict[str, str | Secret]:
    return {"anthropic-version": _version(endpoint), **bearer(endpoint, "x-api-key", "")}


def _blocks(turn: Message) -> list[Json]:
    return [_image(part) if isinstance(part, Image) else {"type": "text", "text": part.text} for part in turn.parts]


def _image(image: Image) -> Json:
    source = {"type": "base64", "media_type": image.media_type, "data": _turns.base64(image)}
    return {"type": "image", "source": source}


def _knobs(request: Request, endpoint: Endpoint) -> tuple[Json, list[str]]:
    """The options as the API names them, and a notice for each that had to go."""
    options = request.options
    notices: list[str] = []
    knobs: Json = {"max_tokens": _max_tokens(request, notices), **_sampling(request, endpoint, notices)}
    if options.stop:
        if not all(stop.strip() for stop in options.stop):
            raise UsageError("Anthropic takes no stop string of spaces and line ends alone.")
        knobs["stop_sequences"] = list(options.stop)
    if options.seed is not None:
        notices.append(_turns.left_out(request, endpoint, "seed"))
    return knobs, notices


def _max_tokens(request: Request, notices: list[str]) -> int:
    bound = request.info.max_output if request.info else None
    asked = request.options.max_tokens
    if asked is None:
        return min(bound, MAX_TOKENS) if bound else UNKNOWN_MAX_TOKENS
    if bound and asked > bound:
        notices.append(f"{request.model} writes at most {bound:,} tokens; max_tokens {asked:,} was lowered to it")
        return bound
    return asked


def _sampling(request: Request, endpoint: Endpoint, notices: list[str]) -> Json:
    wanted = _turns.sampling(request, endpoint, notices, temperature="temperature", top_p="top_p")
    if _version(endpoint) >= NO_SAMPLING_SINCE:
        notices += [_turns.left_out(request, endpoint, name) for name in wanted]
        return {}
    if len(wanted) == 2:  # newer models take one of them
        notices.append("Anthropic takes temperature or top_p, not both; top_p was left out")
        del wanted["top_p"]
    if wanted.get("temperature", 0.0) > 1.0:
        notices.append(f"Anthropic's temperature ends at 1; {wanted['temperature']:g} was lowered to it")
        wanted["temperature"] = 1.0
    return wanted


def _output_config(request: Request, endpoint: Endpoint, notices: list[str]) -> Json:
    config: Json = {}
    effort = request.options.effort
    if effort is not None:
        if request.model.startswith(NO_EFFORT) or (request.info is not None and request.info.reasoning is False):
            notices.append(_turns.left_out(request, endpoint, "effort"))
        else:
            config["effort"] = "low" if effort == "minimal" else effort
    if request.schema is not None and takes_schema(request, endpoint):
        config["format"] = {"type": "json_schema", "schema": _schemas.closed(request.schema.body)}
    return config


def _kept(endpoint: Endpoint) -> Json | None:
    wish = endpoint.settings.get("cache")
    if wish in (None, False, "", "off"):
        return None
    return {"type": "ephemeral", **({"ttl": "1h"} if wish == "1h" else {})}


def _mark(blocks: Iterable[Json], kept: Json) -> None:
    for block in blocks:
        if block["type"] == "image" or len(block["text"].encode()) >= CACHED_FROM:
            block["cache_control"] = kept


def takes_schema(request: Request, endpoint: Endpoint) -> bool:
    """Whether the vendor enforces ``request.schema``."""
    return _turns.native_schema(request, endpoint)


def reader(request: Request, endpoint: Endpoint) -> Reader:
    """What reads one answer."""
    return Reader()


class Reader:
    """Events of one answer, from its stream or from a whole message."""

    def __init__(self) -> None:
        self._model = ""
        self._id = ""
        self._counts: dict[str, int] = {}
        self._stop: str | None = None
        self._began = False
        self._done = False

    def feed(self, frame: Frame) -> Iterable[Event]:
        data = record(frame)
        if data is None or self._done:
            return ()
        match data.get("type") or frame.event:
            case "content_block_delta":
                return self._piece(obj(data.get("delta")))
            case "content_block_start":
                return self._block(obj(data.get("content_block")))
            case "message_start":
                return self._start(obj(data.get("message")))
            case "message_delta":
                self._stop = text(obj(data.get("delta")).get("stop_reason")) or self._stop
                return self._counted(obj(data.get("usage")))
            case "message_stop":
                return (self._end(),)
            case "message":
                return self.whole(data)
            case "error":
                raise classify(200, {}, frame.data)
        if "error" in data:
            raise classify(200, {}, frame.data)
        return ()

    def whole(self, body: Json) -> Iterable[Event]:
        if body.get("type") == "error" or "error" in body or not isinstance(body.get("content"), list):
            raise _inside(body)
        self._model = text(body.get("model"))
        self._stop = text(body.get("stop_reason")) or None
        events = [event for block in body["content"] for event in self._block(obj(block))]
        return [*events, *self._counted(obj(body.get("usage"))), self._end()]

    def close(self) -> Iterable[Event]:
        if self._done:
            return ()
        if self._stop is None:
            raise BadReplyError("the answer ended early")
        return (self._end(),)

    def _start(self, opening: Json) -> list[Event]:
        name = text(opening.get("id"))
        if self._began and name != self._id:
            raise BadReplyError("the server began a second answer inside the first")
        self._id, self._model = name, text(opening.get("model")) or self._model
        return self._counted(obj(opening.get("usage")))

    def _block(self, block: Json) -> list[Event]:
        if block.get("type") == "fallback":  # another model took over
            self._model = text(obj(block.get("to")).get("model")) or self._model
        return self._piece(block)

    def _piece(self, piece: Json) -> list[Event]:
        match piece.get("type"):
            case "text_delta" | "text" if words := text(piece.get("text")):
                self._began = True
                return [TextDelta(words)]
            case "thinking_delta" | "thinking" if words := text(piece.get("thinking")):
                return [ReasoningDelta(words)]
        return []

    def _counted(self, usage: Json) -> list[Event]:
        """Counts are cumulative, and a later message may leave some out or at 0."""
        if not usage:
            return []
        for name, value in (*usage.items(), *obj(usage.get("output_tokens_details")).items()):
            if number := count(value):
                self._counts[name] = number
        return [self._usage()]

    def _usage(self) -> Usage:
        get = self._counts.get
        written, read = get("cache_creation_input_tokens", 0), get("cache_read_input_tokens", 0)
        return Usage(
            input_tokens=get("input_tokens", 0) + written + read,
            output_tokens=get("output_tokens", 0),
            cached_tokens=read,
            cache_write_tokens=written,
            reasoning_tokens=get("thinking_tokens", 0),
        )

    def _end(self) -> Done:
        self._done = True
        stop = self._stop or ""
        finish = FINISH.get(stop, Finish.ERROR) if stop else Finish.STOP
        return Done(finish, self._model, "" if stop == "end_turn" else stop)


def _inside(body: Json) -> ProviderError:
    if "error" in body:
        return classify(200, {}, json.dumps(body))
    return BadReplyError("the server sent JSON that is no message")


def classify(status: int, headers: Mapping[str, str], body: str) -> ProviderError:
    """The error that an answer tells; ``status`` is 200 for one inside a stream."""
    data = obj(load(body))
    error = obj(data.get("error"))
    kind, words = text(error.get("type")), text(error.get("message")) or body
    code = text(obj(error.get("details")).get("error_code")) or kind
    return _class(status, kind, code, words)(
        words, status=status if status >= 400 else None, code=code, request_id=text(data.get("request_id"))
    )


def _class(status: int, kind: str, code: str, words: str) -> type[ProviderError]:
    if code.startswith("enforced_spend_limit") or NO_MONEY.search(words):
        return QuotaError
    if kind in ("invalid_request_error", ""):
        if TOO_LONG.search(words):
            return ContextTooLongError
        if BLOCKED.search(words):
            return RefusedError
    if kind == "invalid_request_error" and status >= 400:
        return by_status(status)
    return ERRORS.get(kind) or (by_status(status) if status >= 400 else BadReplyError)


def models_call(endpoint: Endpoint) -> Call:
    """The call that lists the models."""
    return Call("GET", f"{_base(endpoint)}/v1/models?limit=1000", _headers(endpoint), framing="json")


def model_names(body: Json) -> list[str]:
    """The names in the answer to ``models_call``."""
    return [name for row in items(body.get("data")) if (name := text(obj(row).get("id")))]


def connect(endpoint: Endpoint) -> Provider:
    """A provider for the endpoint; nothing is sent yet."""
    return HttpProvider(endpoint, cast(Dialect, sys.modules[__name__]))
