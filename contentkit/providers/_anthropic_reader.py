"""Anthropic's answers and errors, read: the other half of ``anthropic``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from contentkit.core.chat import Done, Event, Finish, ReasoningDelta, TextDelta, Usage
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
)
from contentkit.providers._wire.errors import by_status, load
from contentkit.providers._wire.frames import Frame, record
from contentkit.providers._wire.shapes import Json, count, obj, text

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
