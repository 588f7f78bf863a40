"""How each wire format sounds: the same answer, the same errors, as each vendor would put them on the wire.

A new dialect gets a ``Voice`` here, and every contract in ``contracts/test_providers.py`` applies to it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

PIECES = ("Grüße, ", "世界", " and 👋", " done.")
TEXT = "".join(PIECES)
MODEL = "m-1"
INPUT_TOKENS, OUTPUT_TOKENS = 7, 5

Json = dict[str, Any]


@dataclass(frozen=True)
class Voice:
    """One wire format.

    Attributes:
        provider: the file in ``contentkit/providers`` that speaks it.
        base: what its endpoint's url ends with.
        asks: what the path of a question contains.
        lists: what the path of the list of models ends with.
        stream: (pieces, vendor's word for the end) -> the blocks of a good stream; the first one is its start.
        whole: the same as one JSON object.
        error: (status, kind, message) -> the JSON of an error.
        broken: (message) -> a block that tells an error in the midst of a stream.
        words: the vendor's words for "stop", "length" and "filtered".
    """

    name: str
    provider: str
    base: str
    asks: str
    lists: str
    content_type: str
    stream: Callable[[tuple[str, ...], str], list[str]]
    whole: Callable[[str, str], Json]
    error: Callable[[int, str, str], Json]
    broken: Callable[[str], str]
    words: Mapping[str, str]
    models: Json
    keepalive: str = ": keep-alive\n\n"
    junk: tuple[str, ...] = (
        ": noise\n\n",
        "id: 3\nretry: 10\n\n",
        "\n\n",
        "nonsense\n\n",
        "data: \n\n",
        "data: hello\n\n",
    )
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return self.name


def _data(body: Json, event: str = "") -> str:
    head = f"event: {event}\n" if event else ""
    return f"{head}data: {json.dumps(body, ensure_ascii=False)}\n\n"


# -- OpenAI, Chat Completions ------------------------------------------------------------------------------------------

_CHAT_USAGE = {"prompt_tokens": INPUT_TOKENS, "completion_tokens": OUTPUT_TOKENS, "total_tokens": 12}


def _chat_stream(pieces: tuple[str, ...], word: str) -> list[str]:
    def chunk(delta: Json, finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return _data({"id": "c-1", "object": "chat.completion.chunk", "model": MODEL, "choices": [choice]})

    return [
        chunk({"role": "assistant", "content": ""}),
        *(chunk({"content": piece}) for piece in pieces),
        chunk({}, word),
        _data({"id": "c-1", "object": "chat.completion.chunk", "model": MODEL, "choices": [], "usage": _CHAT_USAGE}),
        "data: [DONE]\n\n",
    ]


def _chat_whole(text: str, word: str) -> Json:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": word}
    return {"id": "c-1", "object": "chat.completion", "model": MODEL, "choices": [choice], "usage": _CHAT_USAGE}


_OPENAI_CODES = {
    "key": ("invalid_request_error", "invalid_api_key"),
    "quota": ("insufficient_quota", "insufficient_quota"),
    "rate": ("requests", "rate_limit_exceeded"),
    "long": ("invalid_request_error", "context_length_exceeded"),
    "model": ("invalid_request_error", "model_not_found"),
    "busy": ("server_error", None),
}


def _openai_error(status: int, kind: str, message: str) -> Json:
    type_, code = _OPENAI_CODES.get(kind, ("invalid_request_error", None))
    return {"error": {"message": message, "type": type_, "param": None, "code": code}}


_OPENAI_MODELS = {"object": "list", "data": [{"id": "m-2", "object": "model"}, {"id": MODEL, "object": "model"}]}

# -- OpenAI, Responses -------------------------------------------------------------------------------------------------

_RESPONSES_USAGE = {"input_tokens": INPUT_TOKENS, "output_tokens": OUTPUT_TOKENS, "total_tokens": 12}


def _responses_whole(text: str, word: str) -> Json:
    part = {"type": "output_text", "text": text, "annotations": []}
    item = {"type": "message", "id": "i-1", "role": "assistant", "status": "completed", "content": [part]}
    return {
        "id": "r-1",
        "object": "response",
        "status": "completed" if word == "stop" else "incomplete",
        "error": None,
        "incomplete_details": None if word == "stop" else {"reason": word},
        "model": MODEL,
        "output": [item],
        "usage": _RESPONSES_USAGE,
    }


def _responses_stream(pieces: tuple[str, ...], word: str) -> list[str]:
    begun = {"id": "r-1", "object": "response", "status": "in_progress", "model": MODEL, "output": [], "error": None}
    last = "response.completed" if word == "stop" else "response.incomplete"
    events: list[Json] = [
        {"type": "response.created", "response": begun},
        {"type": "response.output_item.added", "item": {"type": "message", "content": []}},
        *({"type": "response.output_text.delta", "delta": piece} for piece in pieces),
        {"type": "response.output_text.done", "text": "".join(pieces)},
        {"type": last, "response": _responses_whole("".join(pieces), word)},
    ]
    return [_data(event, event["type"]) for event in events]


# -- Anthropic ---------------------------------------------------------------------------------------------------------


def _anthropic_stream(pieces: tuple[str, ...], word: str) -> list[str]:
    message = {
        "id": "msg-1",
        "type": "message",
        "role": "assistant",
        "model": MODEL,
        "content": [],
        "stop_reason": None,
    }
    events: list[Json] = [
        {"type": "message_start", "message": {**message, "usage": {"input_tokens": INPUT_TOKENS, "output_tokens": 1}}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "ping"},
        *(
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}}
            for text in pieces
        ),
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": word}, "usage": {"output_tokens": OUTPUT_TOKENS}},
        {"type": "message_stop"},
    ]
    return [_data(event, event["type"]) for event in events]


def _anthropic_whole(text: str, word: str) -> Json:
    return {
        "id": "msg-1",
        "type": "message",
        "role": "assistant",
        "model": MODEL,
        "content": [{"type": "text", "text": text}],
        "stop_reason": word,
        "usage": {"input_tokens": INPUT_TOKENS, "output_tokens": OUTPUT_TOKENS},
    }


_ANTHROPIC_TYPES = {
    "key": "authentication_error",
    "forbidden": "permission_error",
    "model": "not_found_error",
    "large": "request_too_large",
    "rate": "rate_limit_error",
    "quota": "rate_limit_error",
    "busy": "overloaded_error",
}


def _anthropic_error(status: int, kind: str, message: str) -> Json:
    error: Json = {"type": _ANTHROPIC_TYPES.get(kind, "invalid_request_error"), "message": message}
    if kind == "quota":
        error["details"] = {"error_code": "enforced_spend_limit_reached"}
    if kind == "long":
        error["message"] = f"prompt is too long: 9000 tokens > 8000 maximum; {message}"
    return {"type": "error", "error": error, "request_id": "req-9"}


# -- Gemini ------------------------------------------------------------------------------------------------------------


def _gemini_whole(text: str, word: str) -> Json:
    usage = {"promptTokenCount": INPUT_TOKENS, "candidatesTokenCount": OUTPUT_TOKENS, "totalTokenCount": 12}
    candidate: Json = {"index": 0, "content": {"role": "model", "parts": [{"text": text}]}}
    if word:
        candidate["finishReason"] = word
    return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": MODEL, "responseId": "r-1"}


def _gemini_stream(pieces: tuple[str, ...], word: str) -> list[str]:
    return [*(_data(_gemini_whole(piece, "")) for piece in pieces[:-1]), _data(_gemini_whole(pieces[-1], word))]


_GEMINI_STATUSES = {
    "key": "INVALID_ARGUMENT",
    "forbidden": "PERMISSION_DENIED",
    "model": "NOT_FOUND",
    "rate": "RESOURCE_EXHAUSTED",
    "quota": "RESOURCE_EXHAUSTED",
    "busy": "UNAVAILABLE",
}


def _gemini_error(status: int, kind: str, message: str) -> Json:
    error: Json = {"code": status, "message": message, "status": _GEMINI_STATUSES.get(kind, "INVALID_ARGUMENT")}
    if kind == "key":
        error["details"] = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}]
    if kind == "quota":
        error["message"] = f"Your prepayment credits are depleted. {message}"
    if kind == "long":
        error["message"] = f"The input token count (9000) exceeds the maximum number of tokens allowed. {message}"
    return {"error": error}


# -- Ollama ------------------------------------------------------------------------------------------------------------


def _ollama_line(text: str, **more: Any) -> Json:
    return {
        "model": MODEL,
        "created_at": "2026-01-01T00:00:00Z",
        "message": {"role": "assistant", "content": text},
        **more,
    }


def _ollama_whole(text: str, word: str) -> Json:
    return _ollama_line(text, done=True, done_reason=word, prompt_eval_count=INPUT_TOKENS, eval_count=OUTPUT_TOKENS)


def _ollama_stream(pieces: tuple[str, ...], word: str) -> list[str]:
    lines = [*(_ollama_line(piece, done=False) for piece in pieces), _ollama_whole("", word)]
    return [json.dumps(line, ensure_ascii=False) + "\n" for line in lines]


def _ollama_error(status: int, kind: str, message: str) -> Json:
    told = {"long": "the input length exceeds the context length", "quota": "you have reached your weekly usage limit"}
    return {"error": f"{told.get(kind, '')} {message}".strip()}


# ----------------------------------------------------------------------------------------------------------------------

SSE = "text/event-stream; charset=utf-8"

VOICES = [
    Voice(
        "openai-chat",
        "openai",
        "/v1",
        "/chat/completions",
        "/models",
        SSE,
        _chat_stream,
        _chat_whole,
        _openai_error,
        lambda message: _data(_openai_error(500, "busy", message), "error"),
        {"stop": "stop", "length": "length", "filtered": "content_filter"},
        _OPENAI_MODELS,
    ),
    Voice(
        "openai-responses",
        "openai",
        "/v1",
        "/responses",
        "/models",
        SSE,
        _responses_stream,
        _responses_whole,
        _openai_error,
        lambda message: _data({"type": "error", **_openai_error(500, "busy", message)}, "error"),
        {"stop": "stop", "length": "max_output_tokens", "filtered": "content_filter"},
        _OPENAI_MODELS,
        keepalive=_data({"type": "keepalive", "sequence_number": 1}, "keepalive"),
        settings={"api": "responses"},
    ),
    Voice(
        "anthropic",
        "anthropic",
        "",
        "/v1/messages",
        "/v1/models",
        SSE,
        _anthropic_stream,
        _anthropic_whole,
        _anthropic_error,
        lambda message: _data(_anthropic_error(529, "busy", message), "error"),
        {"stop": "end_turn", "length": "max_tokens", "filtered": "refusal"},
        {"data": [{"id": "m-2", "type": "model"}, {"id": MODEL, "type": "model"}], "has_more": False},
        keepalive=_data({"type": "ping"}, "ping"),
    ),
    Voice(
        "gemini",
        "gemini",
        "/v1beta",
        ":streamGenerateContent",
        "/models",
        SSE,
        _gemini_stream,
        _gemini_whole,
        _gemini_error,
        lambda message: _data(_gemini_error(503, "busy", message)),
        {"stop": "STOP", "length": "MAX_TOKENS", "filtered": "SAFETY"},
        {
            "models": [
                {"name": f"models/{name}", "supportedGenerationMethods": ["generateContent"]} for name in ("m-2", MODEL)
            ]
        },
    ),
    Voice(
        "ollama",
        "ollama",
        "",
        "/api/chat",
        "/api/tags",
        "application/x-ndjson",
        _ollama_stream,
        _ollama_whole,
        _ollama_error,
        lambda message: json.dumps({"error": message}) + "\n",
        {"stop": "stop", "length": "length"},
        {"models": [{"name": "m-2"}, {"name": MODEL}]},
        keepalive="\n",
        junk=("\n", "  \n", "\r\n"),
    ),
]
