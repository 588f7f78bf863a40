"""Our requests against the types of the vendors' own SDKs, and what we read against theirs, where installed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from questions import QUESTIONS

from contentkit.core.chat import Request
from contentkit.core.model import Endpoint, ModelInfo
from contentkit.providers import _anthropic_reader, anthropic, gemini, ollama, openai

pydantic = pytest.importorskip("pydantic", reason="the vendors' SDKs, whose types these are, are not installed")


def body(module: Any, request: Request, **settings: Any) -> dict[str, Any]:
    name = module.__name__.rpartition(".")[2]
    return dict(module.build(request, Endpoint(name, name, "http://127.0.0.1:9", settings=settings)).body)


def known(kind: Any, value: Any) -> Any:
    """The value as the type reads it: unknown fields are gone, wrong ones raise."""
    adapter = pydantic.TypeAdapter(kind)  # must live until the lazy parts of the result are read
    return plain(adapter.validate_python(value))


def plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: plain(inner) for name, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, Iterable) and not isinstance(value, str) else value


@pytest.fixture(params=QUESTIONS)
def request_(request: pytest.FixtureRequest) -> Request:
    return QUESTIONS[request.param]


def test_anthropic(request_: Request) -> None:
    types = pytest.importorskip("anthropic.types.message_create_params", reason="anthropic is not installed")
    for version in ("2023-06-01", "2026-10-21"):
        sent = body(anthropic, request_, version=version, prompt_cache="1h")
        read = known(types.MessageCreateParamsStreaming, sent)
        if version == "2023-06-01":  # the newest SDK knows no sampling options any more
            sent = {name: value for name, value in sent.items() if name not in ("temperature", "top_p")}
        assert read == sent


def test_openai_chat(request_: Request) -> None:
    types = pytest.importorskip("openai.types.chat.completion_create_params", reason="openai is not installed")
    sent = body(openai, request_, api="chat", schema="native")
    assert known(types.CompletionCreateParamsStreaming, sent) == sent


def test_openai_responses(request_: Request) -> None:
    types = pytest.importorskip("openai.types.responses.response_create_params", reason="openai is not installed")
    sent = body(openai, request_, api="responses", schema="native")
    assert known(types.ResponseCreateParamsStreaming, sent) == sent


def test_gemini(request_: Request) -> None:
    types = pytest.importorskip("google.genai.types", reason="google-genai is not installed")
    sent = body(gemini, request_)
    fields = {
        "contents": list[types.Content],
        "systemInstruction": types.Content,
        "generationConfig": types.GenerationConfig,
    }
    for name, value in sent.items():
        pydantic.TypeAdapter(fields[name]).validate_python(value)  # these types forbid fields they do not know


def test_ollama(request_: Request) -> None:
    sdk = pytest.importorskip("ollama._types", reason="ollama is not installed")
    info = ModelInfo("ollama", "a-model", reasoning=True)
    sent = body(
        ollama, Request(request_.model, request_.messages, options=request_.options, schema=request_.schema, info=info)
    )
    read = sdk.ChatRequest.model_validate(sent).model_dump(exclude_none=True)
    assert set(sent) - set(read) == {"truncate", "shift"}  # newer than the SDK
    assert set(sent["options"]) <= set(sdk.Options.model_fields)


# -- what we read, read by them -------------------------------------------------------------------------------------


def test_our_anthropic_frames_are_theirs() -> None:
    types = pytest.importorskip("anthropic.types", reason="anthropic is not installed")
    import test_provider_anthropic as ours

    opening = ours.start()
    opening["message"] |= {"type": "message", "role": "assistant", "stop_reason": None, "stop_sequence": None}
    for event in (opening, ours.delta("x"), *ours.end()):
        pydantic.TypeAdapter(types.RawMessageStreamEvent).validate_python(event)


def test_every_stop_reason_of_anthropics_sdk_is_known() -> None:
    types = pytest.importorskip("anthropic.types.stop_reason", reason="anthropic is not installed")
    assert set(types.StopReason.__args__) <= set(_anthropic_reader.FINISH)


def test_every_finish_reason_of_googles_sdk_is_known_or_an_error() -> None:
    types = pytest.importorskip("google.genai.types", reason="google-genai is not installed")
    errors = {"OTHER", "IMAGE_OTHER", "NO_IMAGE", "MALFORMED_RESPONSE", "MISSING_THOUGHT_SIGNATURE"}
    errors |= {"MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "FINISH_REASON_UNSPECIFIED"}
    unknown = {reason.value for reason in types.FinishReason} - set(gemini.FINISH) - errors
    assert unknown == set(), "new finish reasons: filtered, or an error?"


def test_our_gemini_chunks_are_theirs() -> None:
    types = pytest.importorskip("google.genai.types", reason="google-genai is not installed")
    import test_provider_gemini as ours

    types.GenerateContentResponse.model_validate(ours.chunk("x", "STOP", usageMetadata=ours.USAGE))


def test_our_ollama_lines_are_theirs() -> None:
    sdk = pytest.importorskip("ollama._types", reason="ollama is not installed")
    import test_provider_ollama as ours

    assert sdk.ChatResponse.model_validate(ours.last()).prompt_eval_count == 30
