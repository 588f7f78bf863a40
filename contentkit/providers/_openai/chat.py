"""Chat Completions: ``POST /chat/completions``, the dialect of OpenAI, Azure and every compatible host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contentkit.core.chat import Done, Event, Finish, Image, Message, ReasoningDelta, Request, TextDelta, Usage
from contentkit.core.errors import BadReplyError, OverloadedError
from contentkit.core.model import Endpoint
from contentkit.providers._openai.errors import inside, says_error
from contentkit.providers._openai.options import data_uri, refuse_images, usage_of, wishes
from contentkit.providers._openai.schema import schema_mode, sent
from contentkit.providers._wire.frames import Frame, record

_FINISH = {
    "length": Finish.LENGTH,
    "max_tokens": Finish.LENGTH,
    "model_length": Finish.LENGTH,  # Mistral
    "content_filter": Finish.FILTERED,
    "refusal": Finish.REFUSAL,
}
_BROKE = ("error", "insufficient_system_resource", "abort")  # OpenRouter, DeepSeek, SGLang and vLLM


def body(request: Request, endpoint: Endpoint) -> tuple[dict[str, Any], list[str]]:
    """The JSON to send, and notices of what was left out."""
    refuse_images(request, endpoint)
    settings = endpoint.settings
    taken, notices = wishes(request, endpoint)
    names = {
        "max_tokens": settings.get("max_tokens_field", "max_completion_tokens"),
        "seed": settings.get("seed_field", "seed"),
        "effort": "reasoning_effort",
    }
    result: dict[str, Any] = {
        "model": request.model,
        "messages": [_message(message) for message in request.messages],
        "stream": True,
        **{str(names.get(name, name)): value for name, value in taken.items()},
    }
    if settings.get("usage_option", True):
        result["stream_options"] = {"include_usage": True}
    if response_format := _response_format(request, endpoint):
        result["response_format"] = response_format
    return result, notices


def _message(message: Message) -> dict[str, Any]:
    if not any(isinstance(part, Image) for part in message.parts):
        return {"role": message.role, "content": message.text}  # every host takes a plain text
    parts = [
        {"type": "image_url", "image_url": {"url": data_uri(part)}}
        if isinstance(part, Image)
        else {"type": "text", "text": part.text}
        for part in message.parts
    ]
    return {"role": message.role, "content": parts}


def _response_format(request: Request, endpoint: Endpoint) -> dict[str, Any] | None:
    match schema_mode(request, endpoint):
        case "native" if request.schema and endpoint.settings.get("schema_under_type"):
            return {"type": "json_object", "schema": sent(request, endpoint)}
        case "native" if request.schema:
            schema = {"name": request.schema.name, "schema": sent(request, endpoint), "strict": True}
            return {"type": "json_schema", "json_schema": schema}
        case "json":
            return {"type": "json_object"}
    return None


class ChatReader:
    """Reads ``chat.completion.chunk`` frames, or one ``chat.completion``."""

    __slots__ = ("_finish", "_model", "_refusal", "_said")

    def __init__(self) -> None:
        self._finish = ""
        self._model = ""
        self._refusal = ""
        self._said = False

    def feed(self, frame: Frame) -> list[Event]:
        if frame.data == "[DONE]":
            return self._end()
        data = record(frame)
        if data is None:
            return []
        if frame.event == "error" or says_error(data):
            raise inside(data)
        return self._events(data, "delta")

    def whole(self, body: dict[str, Any]) -> list[Event]:
        if says_error(body):
            raise inside(body)
        events = self._events(body, "message")
        return events + self._end()

    def close(self) -> list[Event]:
        if not self._finish:
            raise BadReplyError("the answer ended early")
        return self._end()

    def _events(self, data: Mapping[str, Any], part: str) -> list[Event]:
        events: list[Event] = []
        choices = data.get("choices")
        if choices:
            choice = choices[0]
            said = choice.get(part)
            if said:
                self._read(said, events)
            if finish := choice.get("finish_reason"):
                self._finish = finish
        if not self._model and data.get("model"):
            self._model = str(data["model"])
        usage = _usage(data)
        if usage:
            events.append(usage)
        return events

    def _read(self, said: Mapping[str, Any], events: list[Event]) -> None:
        thought = said.get("reasoning_content") or said.get("reasoning")
        if thought and isinstance(thought, str):
            events.append(ReasoningDelta(thought))
        content = said.get("content")
        if content:
            self._said = True
            if isinstance(content, str):
                events.append(TextDelta(content))
            else:
                events.extend(_parts(content))
        if refusal := said.get("refusal"):
            self._refusal += refusal

    def _end(self) -> list[Event]:
        finish = self._finish
        if finish in _BROKE:
            raise OverloadedError(f"the server broke the answer off ({finish})", code=finish)
        if self._refusal:
            return [Done(Finish.REFUSAL, self._model, self._refusal)]
        if not finish and not self._said:
            raise BadReplyError("the answer is empty")
        result = _FINISH.get(finish, Finish.STOP)
        return [Done(result, self._model, "" if finish == result.value else finish)]


def _parts(content: Any) -> list[Event]:
    """Mistral's list of parts: words, and thinking that is a list of words itself."""
    events: list[Event] = []
    for part in content:
        if part.get("type") == "thinking":
            thought = part.get("thinking") or ""
            text = thought if isinstance(thought, str) else "".join(piece.get("text") or "" for piece in thought)
            if text:
                events.append(ReasoningDelta(text))
        elif part.get("text"):
            events.append(TextDelta(part["text"]))
    return events


def _usage(data: Mapping[str, Any]) -> Usage | None:
    """At the top, or in Groq's ``x_groq``."""
    usage = data.get("usage")
    if not usage and "x_groq" in data:
        usage = (data["x_groq"] or {}).get("usage")
    return usage_of(usage) if usage else None
