"""Google's Gemini API, ``generateContent``: ``gemini:MODEL``. The key goes into a header, never into the URL."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping
from typing import cast
from urllib.parse import quote

from contentkit.core.chat import Done, Event, Finish, Image, Message, ReasoningDelta, Request, TextDelta, Usage
from contentkit.core.contracts import Provider
from contentkit.core.errors import (
    AuthenticationError,
    BadReplyError,
    ContextTooLongError,
    OverloadedError,
    ProviderError,
    QuotaError,
    RateLimitError,
    RefusedError,
)
from contentkit.core.model import Endpoint
from contentkit.providers._wire import Call, Dialect, HttpProvider, bearer
from contentkit.providers._wire import schemas as _schemas
from contentkit.providers._wire import turns as _turns
from contentkit.providers._wire.errors import by_status, load
from contentkit.providers._wire.frames import Frame, record
from contentkit.providers._wire.retry import duration
from contentkit.providers._wire.shapes import Json, count, items, obj, text

IMAGES = frozenset({"image/png", "image/jpeg", "image/webp", "image/heic", "image/heif"})
BUDGETS = {"minimal": 128, "low": 1_024, "medium": 8_192, "high": 24_576}
"""Tokens of thinking for an effort, for the 2.5 models; later ones take the word."""

FINISH = {
    "STOP": Finish.STOP,
    "MAX_TOKENS": Finish.LENGTH,
    "CONTINUATION": Finish.LENGTH,
    "SAFETY": Finish.FILTERED,
    "RECITATION": Finish.FILTERED,
    "BLOCKLIST": Finish.FILTERED,
    "PROHIBITED_CONTENT": Finish.FILTERED,
    "SPII": Finish.FILTERED,
    "LANGUAGE": Finish.FILTERED,
    "ESCALATION": Finish.FILTERED,
    "PUP_LIMITED_DISABLED": Finish.FILTERED,
    "MODEL_ARMOR": Finish.FILTERED,
    "IMAGE_SAFETY": Finish.FILTERED,
    "IMAGE_PROHIBITED_CONTENT": Finish.FILTERED,
    "IMAGE_RECITATION": Finish.FILTERED,
}
"""What is not here (OTHER, MALFORMED_FUNCTION_CALL ...) is an error."""

NUMBERED = ("", "STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII")
"""Vertex's numbers, for servers that send enumerations as such."""

STATUSES = {
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "RESOURCE_EXHAUSTED": 429,
    "INTERNAL": 500,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
    "INVALID_ARGUMENT": 400,
}
BAD_KEY = frozenset({"API_KEY_INVALID", "API_KEY_EXPIRED", "API_KEY_SERVICE_BLOCKED", "API_KEY_HTTP_REFERRER_BLOCKED"})
TOO_LONG = re.compile(r"token count.{0,40}exceeds|exceeds the maximum number of (input )?tokens", re.I | re.S)
NO_MONEY = re.compile(r"credits? (are|is) depleted|exceeded its (monthly )?spending cap|per.?day|limit: 0\b", re.I)
CANCELLED = 499


def build(request: Request, endpoint: Endpoint) -> Call:
    """The HTTP call that asks the question."""
    _turns.refuse_images(request, endpoint, IMAGES)
    system, turns = _turns.split(request.messages)
    notices: list[str] = []
    body: Json = {"contents": [_content(turn) for turn in turns]}
    if system:
        body["systemInstruction"] = {"parts": [{"text": system}]}
    if config := _config(request, endpoint, notices):
        body["generationConfig"] = config
    url = f"{endpoint.url}/{_path(request.model)}:streamGenerateContent?alt=sse"
    return Call("POST", url, bearer(endpoint, "x-goog-api-key", ""), body, "sse", tuple(notices))


def _path(model: str) -> str:
    name = quote(model, safe="/")
    return name if "/" in name else f"models/{name}"


def _content(turn: Message) -> Json:
    parts = [_image(part) if isinstance(part, Image) else {"text": part.text} for part in turn.parts]
    return {"role": "model" if turn.role == "assistant" else "user", "parts": parts}


def _image(image: Image) -> Json:
    return {"inlineData": {"mimeType": image.media_type, "data": _turns.base64(image)}}


def _config(request: Request, endpoint: Endpoint, notices: list[str]) -> Json:
    options = request.options
    config: Json = {
        "maxOutputTokens": options.max_tokens,
        "stopSequences": list(options.stop) or None,
        "seed": options.seed,
        **_turns.sampling(request, endpoint, notices, temperature="temperature", top_p="topP"),
        **_thinking(request, endpoint, notices),
    }
    if request.schema is not None and takes_schema(request, endpoint):
        config["responseMimeType"] = "application/json"
        config["responseJsonSchema"] = _schemas.without_const(request.schema.body)
    return {name: value for name, value in config.items() if value is not None}


def _thinking(request: Request, endpoint: Endpoint, notices: list[str]) -> Json:
    effort = request.options.effort
    if effort is None:
        return {}
    generation = re.search(r"gemini-(\d+(?:\.\d+)?)", request.model)
    old = generation is not None and float(generation.group(1)) < 2.5
    if old or (request.info is not None and request.info.reasoning is False):
        notices.append(_turns.left_out(request, endpoint, "effort"))
        return {}
    if generation is not None and float(generation.group(1)) < 3:
        return {"thinkingConfig": {"thinkingBudget": BUDGETS.get(effort, BUDGETS["high"])}}
    return {"thinkingConfig": {"thinkingLevel": effort}}


def takes_schema(request: Request, endpoint: Endpoint) -> bool:
    """Whether the vendor enforces ``request.schema``."""
    return _turns.native_schema(request, endpoint)


def reader(request: Request, endpoint: Endpoint) -> Reader:
    """What reads one answer."""
    return Reader()


class Reader:
    """Events of one answer. The stream has no end mark of its own: a finish reason was told, or it broke off."""

    def __init__(self) -> None:
        self._model = ""
        self._id = ""
        self._reason: str | None = None
        self._note = ""
        self._usage: Usage | None = None

    def feed(self, frame: Frame) -> list[Event]:
        data = record(frame)
        return [] if data is None else self._read(data)

    def whole(self, body: Json) -> list[Event]:
        events = self._read(body)
        if not events and self._reason is None:
            raise BadReplyError("the server sent JSON that is no answer")
        return [*events, *self.close()]

    def close(self) -> list[Event]:
        if self._reason is None:
            raise BadReplyError("the answer ended early")
        finish = FINISH.get(self._reason, Finish.ERROR)
        reason = "" if self._reason == "STOP" else self._reason
        detail = ": ".join(filter(None, (reason, self._note if reason else "")))
        return [Done(finish, self._model, detail, self._id)]

    def _read(self, data: Json) -> list[Event]:
        if "error" in data:
            raise classify(200, {}, json.dumps(data))
        self._model = text(data.get("modelVersion")) or self._model
        self._id = text(data.get("responseId")) or self._id
        events = [*self._candidate(data), *self._counted(obj(data.get("usageMetadata")))]
        feedback = obj(data.get("promptFeedback"))
        if (blocked := text(feedback.get("blockReason"))) and not blocked.endswith("_UNSPECIFIED"):
            raise RefusedError(
                f"the question was blocked ({_told(blocked, feedback.get('blockReasonMessage'))})", code=blocked
            )
        return events

    def _candidate(self, data: Json) -> Iterable[Event]:
        for candidate in (obj(row) for row in items(data.get("candidates"))[:1]):
            yield from (
                event for part in items(obj(candidate.get("content")).get("parts")) for event in _part(obj(part))
            )
            self._reason = _reason(candidate.get("finishReason")) or self._reason
            self._note = text(candidate.get("finishMessage")) or self._note

    def _counted(self, usage: Json) -> Iterable[Event]:
        """Every message of a stream repeats the counts; they are told when they have changed."""
        if not usage:
            return
        thinking = count(usage.get("thoughtsTokenCount"))
        now = Usage(
            input_tokens=count(usage.get("promptTokenCount")) + count(usage.get("toolUsePromptTokenCount")),
            output_tokens=count(usage.get("candidatesTokenCount")) + thinking,
            cached_tokens=count(usage.get("cachedContentTokenCount")),
            reasoning_tokens=thinking,
        )
        if now != self._usage:
            self._usage = now
            yield now


def _part(part: Json) -> Iterable[Event]:
    if words := text(part.get("text")):
        yield ReasoningDelta(words) if part.get("thought") is True else TextDelta(words)


def _reason(value: object) -> str:
    if isinstance(value, int):
        return NUMBERED[value] if 0 <= value < len(NUMBERED) else str(value)
    return "" if text(value).endswith("_UNSPECIFIED") else text(value)


def _told(reason: str, words: object) -> str:
    return f"{reason}: {words}" if isinstance(words, str) and words else reason


def classify(status: int, headers: Mapping[str, str], body: str) -> ProviderError:
    """The error that an answer tells; ``status`` is 200 for one inside a stream.

    A wrong key is a 400 here, and the wait of a 429 stands in the body, not in a header.
    """
    data = load(body)
    error = obj(obj(data[0] if isinstance(data, list) and data else data).get("error"))
    words, name = text(error.get("message")) or body, text(error.get("status"))
    details = [obj(detail) for detail in items(error.get("details"))]
    reasons = [reason for detail in details if (reason := text(detail.get("reason")))]
    if status < 400:
        status = count(error.get("code")) or STATUSES.get(name, 0)
    waits = [wait for detail in details if (wait := duration(text(detail.get("retryDelay"))))]
    return _class(status, name, reasons, words, _quotas(details))(
        words,
        status=status or None,
        code=reasons[0] if reasons else name,
        retry_after=max(waits, default=None),
    )


def _quotas(details: list[Json]) -> str:
    """The names of the allowances that are used up, in one text."""
    rows = [obj(row) for detail in details for row in items(detail.get("violations"))]
    return " ".join(text(row.get("quotaId")) or text(row.get("subject")) for row in rows)


def _class(status: int, name: str, reasons: list[str], words: str, quotas: str) -> type[ProviderError]:
    if BAD_KEY.intersection(reasons) or "API key not valid" in words or "API key expired" in words:
        return AuthenticationError
    if status == 429:
        return QuotaError if NO_MONEY.search(f"{words} {quotas}") else RateLimitError
    if status == 400 and TOO_LONG.search(words):
        return ContextTooLongError
    if status == CANCELLED:
        return OverloadedError
    return by_status(status) if status >= 400 else BadReplyError


def models_call(endpoint: Endpoint) -> Call:
    """The call that lists the models."""
    return Call("GET", f"{endpoint.url}/models?pageSize=1000", bearer(endpoint, "x-goog-api-key", ""), framing="json")


def model_names(body: Json) -> list[str]:
    """The names in the answer to ``models_call``: of those that write."""
    rows = [obj(row) for row in items(body.get("models"))]
    return [
        name.removeprefix("models/")
        for row in rows
        if (name := text(row.get("name"))) and "generateContent" in items(row.get("supportedGenerationMethods"))
    ]


def connect(endpoint: Endpoint) -> Provider:
    """A provider for the endpoint; nothing is sent yet."""
    return HttpProvider(endpoint, cast(Dialect, sys.modules[__name__]))
