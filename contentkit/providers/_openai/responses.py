"""Responses: ``POST /responses``, where some of OpenAI's models exist only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from contentkit.core.chat import Done, Event, Finish, Image, Message, ReasoningDelta, Request, TextDelta
from contentkit.core.errors import BadReplyError
from contentkit.core.model import Endpoint
from contentkit.providers._openai.errors import inside, says_error
from contentkit.providers._openai.options import data_uri, refuse_images, usage_of, wishes
from contentkit.providers._openai.schema import schema_mode, sent
from contentkit.providers._wire.frames import Frame, record

_TEXT = "response.output_text.delta"
_REFUSAL = "response.refusal.delta"
_DELTAS = (_TEXT, _REFUSAL, "response.reasoning_summary_text.delta", "response.reasoning_text.delta")
_END = ("response.completed", "response.incomplete", "response.failed", "response.done")


def body(request: Request, endpoint: Endpoint) -> tuple[dict[str, Any], list[str]]:
    """The JSON to send, and notices of what was left out. Nothing is stored at the vendor."""
    refuse_images(request, endpoint)
    taken, notices = wishes(request, endpoint, never=("stop", "seed"))
    effort = taken.pop("effort", None)
    if "max_tokens" in taken:
        taken["max_output_tokens"] = taken.pop("max_tokens")
    system = "\n\n".join(message.text for message in request.messages if message.role == "system")
    result: dict[str, Any] = {
        "model": request.model,
        "input": [_item(message) for message in request.messages if message.role != "system"],
        "stream": True,
        "store": False,
        **taken,
    }
    if system:
        result["instructions"] = system
    if effort:
        result["reasoning"] = {"effort": effort}
    match schema_mode(request, endpoint):
        case "native" if request.schema:
            schema = {"name": request.schema.name, "schema": sent(request, endpoint), "strict": True}
            result["text"] = {"format": {"type": "json_schema", **schema}}
        case "json":
            result["text"] = {"format": {"type": "json_object"}}
    return result, notices


def _item(message: Message) -> dict[str, Any]:
    if not any(isinstance(part, Image) for part in message.parts):
        return {"role": message.role, "content": message.text}
    parts = [
        {"type": "input_image", "image_url": data_uri(part), "detail": "auto"}
        if isinstance(part, Image)
        else {"type": "input_text", "text": part.text}
        for part in message.parts
    ]
    return {"role": message.role, "content": parts}


class ResponsesReader:
    """Reads ``response.*`` events, or one ``response`` object."""

    __slots__ = ("_refusal", "_said", "_thought")

    def __init__(self) -> None:
        self._refusal = ""
        self._said = False
        self._thought = False

    def feed(self, frame: Frame) -> list[Event]:
        data = record(frame)
        if data is None:
            return []
        kind = data.get("type") or frame.event
        if kind in _DELTAS:
            return self._delta(kind, data.get("delta"))
        if kind in _END:
            return self._end(data.get("response") or {})
        if kind == "error" or (not str(kind).startswith("response.") and says_error(data)):
            raise inside(_flat_error(data))
        return []  # created, in_progress, items and parts (again), keepalive

    def _delta(self, kind: str, text: Any) -> list[Event]:
        if not text or not isinstance(text, str):
            return []
        if kind == _REFUSAL:
            self._refusal += text
            return []
        if kind == _TEXT:
            self._said = True
            return [TextDelta(text)]
        self._thought = True
        return [ReasoningDelta(text)]

    def whole(self, body: dict[str, Any]) -> list[Event]:
        if says_error(body) and "output" not in body:
            raise inside(body)
        return self._end(body)

    def close(self) -> list[Event]:
        raise BadReplyError("the answer ended early")

    def _end(self, response: Mapping[str, Any]) -> list[Event]:
        if response.get("status") in ("failed", "cancelled") or response.get("error"):
            raise inside({"error": response.get("error") or {"message": "the answer failed"}})
        events = list(self._missed(response))
        if usage := usage_of(response.get("usage")):
            events.append(usage)
        finish, detail = self._finish(response)
        return [*events, Done(finish, str(response.get("model") or ""), detail)]

    def _missed(self, response: Mapping[str, Any]) -> Iterator[Event]:
        """What the whole answer holds and no delta brought."""
        said, thought = self._said, self._thought
        for item in response.get("output") or ():
            for part in [*(item.get("summary") or ()), *(item.get("content") or ())]:
                text = str(part.get("text") or "")
                match part.get("type"):
                    case "output_text" if text and not said:
                        self._said = True
                        yield TextDelta(text)
                    case "summary_text" | "reasoning_text" if text and not thought:
                        yield ReasoningDelta(text)
                    case "refusal":
                        self._refusal = str(part.get("refusal") or "refused")

    def _finish(self, response: Mapping[str, Any]) -> tuple[Finish, str]:
        if self._refusal:
            return Finish.REFUSAL, self._refusal
        if response.get("status") != "incomplete":
            return Finish.STOP, ""
        reason = str((response.get("incomplete_details") or {}).get("reason") or "")
        finish = {"max_output_tokens": Finish.LENGTH, "content_filter": Finish.FILTERED}.get(reason, Finish.ERROR)
        return finish, reason or "incomplete"


def _flat_error(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """An ``error`` event has its code and message inside ``error``, or beside ``type``, which then says nothing."""
    return data if data.get("error") else {name: value for name, value in data.items() if name != "type"}
