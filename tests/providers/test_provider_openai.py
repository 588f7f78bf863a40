"""What OpenAI's two dialects send, and how they read what other hosts make of them."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

import contentkit.providers
from contentkit.core.chat import (
    Event,
    Finish,
    Image,
    Message,
    Options,
    ReasoningDelta,
    Request,
    Schema,
    Text,
    Usage,
    fold,
)
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
from contentkit.core.model import Endpoint, ModelInfo, Secret
from contentkit.providers import openai
from contentkit.providers._openai.schema import strict
from contentkit.providers._wire.frames import Frame

HOSTS: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(contentkit.providers.__file__ or "").parent / "hosts.toml").read_text(encoding="utf-8")
)
CLOSED = Schema(
    "post",
    {
        "type": "object",
        "properties": {
            "text": {"type": "string", "minLength": 1},
            "tags": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["text", "tags"],
        "additionalProperties": False,
    },
)
OPEN = Schema(
    "post", {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "required": ["a"]}
)


def host(name: str, url: str = "", **more: Any) -> Endpoint:
    stanza = HOSTS[name]
    return Endpoint(name, stanza["like"], url or stanza.get("url", ""), Secret("k" * 9), settings={**stanza, **more})


def ask(model: str = "m", **parts: Any) -> Request:
    return Request(model, (Message.of("system", "Be brief."), Message.of("user", "Hello.")), **parts)


def body(request: Request, endpoint: Endpoint) -> dict[str, Any]:
    return dict(openai.build(request, endpoint).body or {})


def read(endpoint: Endpoint, *frames: dict[str, Any] | str, request: Request | None = None) -> list[Event]:
    reader = openai.reader(request or ask(), endpoint)
    events: list[Event] = []
    for frame in frames:
        events += reader.feed(Frame("", frame if isinstance(frame, str) else json.dumps(frame)))
    return events


def delta(finish: str | None = None, **parts: Any) -> dict[str, Any]:
    return {"model": "m-1", "choices": [{"index": 0, "delta": parts, "finish_reason": finish}]}


# -- what is sent ------------------------------------------------------------------------------------------------------


def test_a_plain_question() -> None:
    call = openai.build(ask(), host("openai"))
    assert (call.method, call.url, call.framing) == ("POST", "https://api.openai.com/v1/chat/completions", "sse")
    assert call.body == {
        "model": "m",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello."}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    assert "kkk" not in repr(call)
    assert "kkk" not in repr(dict(call.headers))


def test_every_host_has_its_own_names_for_options() -> None:
    request = ask(options=Options(max_tokens=9, seed=4, effort="low"))
    assert body(request, host("openai"))["max_completion_tokens"] == 9
    assert body(request, host("openai"))["reasoning_effort"] == "low"
    mistral = body(request, host("mistral"))
    assert (mistral["max_tokens"], mistral["random_seed"]) == (9, 4)
    assert "seed" not in mistral
    assert "max_completion_tokens" not in mistral


def test_what_a_model_does_not_take_is_left_out_with_a_notice() -> None:
    info = ModelInfo("openai", "o9", sampling=False, reasoning=True)
    call = openai.build(ask("o9", options=Options(temperature=0, top_p=0.5, effort="high"), info=info), host("openai"))
    assert not {"temperature", "top_p"} & set(call.body or {})
    assert [notice.split(" does not take ")[1].split(";")[0] for notice in call.notices] == ["temperature", "top_p"]
    info = ModelInfo("openai", "plain", reasoning=False)
    call = openai.build(ask(options=Options(effort="high"), info=info), host("openai"))
    assert "reasoning_effort" not in (call.body or {})
    assert len(call.notices) == 1
    call = openai.build(ask(options=Options(seed=1)), host("groq", drops=["seed"]))
    assert "seed" not in (call.body or {})
    assert "seed" in call.notices[0]


def test_images_go_as_data_or_are_refused_where_the_model_has_no_eyes() -> None:
    message = Message("user", (Text("What is it?"), Image(b"\x89PNG", "image/png")))
    request = Request("m", (message,))
    assert body(request, host("openai"))["messages"][0]["content"] == [
        {"type": "text", "text": "What is it?"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw=="}},
    ]
    assert body(request, host("openai", api="responses"))["input"][0]["content"] == [
        {"type": "input_text", "text": "What is it?"},
        {"type": "input_image", "image_url": "data:image/png;base64,iVBORw==", "detail": "auto"},
    ]
    blind = Request("m", (message,), info=ModelInfo("openai", "m", images=False))
    for api in ("chat", "responses"):
        with pytest.raises(BadRequestError, match="images"):
            openai.build(blind, host("openai", api=api))


def test_a_schema_goes_as_each_host_takes_it() -> None:
    request = ask(schema=CLOSED)
    sent = body(request, host("openai"))["response_format"]
    assert (sent["type"], sent["json_schema"]["name"], sent["json_schema"]["strict"]) == ("json_schema", "post", True)
    assert "minLength" not in json.dumps(sent), "strict mode refuses it; it is checked here afterwards"
    assert "minLength" in json.dumps(body(request, host("vllm"))["response_format"])
    assert body(request, host("llamacpp"))["response_format"] == {"type": "json_object", "schema": CLOSED.body}
    assert body(request, host("deepseek"))["response_format"] == {"type": "json_object"}
    assert "response_format" not in body(request, host("openai", schema="none"))
    told = body(request, host("openai", api="responses"))["text"]["format"]
    assert (told["type"], told["strict"], told["schema"]["required"]) == ("json_schema", True, ["text", "tags"])


def test_takes_schema_only_where_the_answer_is_held_to_it() -> None:
    assert openai.takes_schema(ask(schema=CLOSED), host("openai"))
    assert not openai.takes_schema(ask(schema=OPEN), host("openai")), "strict mode can't say that b is optional"
    assert "response_format" not in body(ask(schema=OPEN), host("openai"))
    assert openai.takes_schema(ask(schema=OPEN), host("vllm"))
    assert not openai.takes_schema(ask(schema=CLOSED), host("deepseek"))
    assert not openai.takes_schema(ask(), host("openai"))
    unable = ModelInfo("openai", "m", schema=False)
    assert not openai.takes_schema(ask(schema=CLOSED, info=unable), host("openai"))


def test_strict_never_changes_what_a_schema_means() -> None:
    inner = {"type": "object", "properties": {"a": {"type": "string"}}, "required": []}
    for loose in (
        {"type": "array", "items": {"type": "string"}},
        {"type": "object"},
        {"type": "object", "properties": {"x": inner}, "required": ["x"]},
        {"type": "object", "properties": {"x": {"type": "array", "items": inner}}, "required": ["x"]},
        {"type": "object", "properties": {"x": {"oneOf": [{"type": "string"}]}}, "required": ["x"]},
        {"type": "object", "properties": {"x": {"type": "string"}}, "required": ["x"], "additionalProperties": True},
    ):
        assert strict(loose) is None
    tight = {"type": "object", "properties": {"x": {"enum": ["a", None], "default": "a"}}, "required": ["x"]}
    assert strict(tight) == {
        "type": "object",
        "properties": {"x": {"enum": ["a", None]}},
        "required": ["x"],
        "additionalProperties": False,
    }
    assert "additionalProperties" not in tight


@pytest.mark.parametrize(
    ("model", "path"),
    [
        ("gpt-4.1", "/chat/completions"),
        ("gpt-5.4-pro", "/responses"),
        ("o3-pro-2025-06-10", "/responses"),
        ("gpt-5.3-codex", "/responses"),
        ("o4-mini-deep-research", "/responses"),
        ("ft:gpt-4o:pro:x", "/chat/completions"),
    ],
)
def test_models_that_exist_on_responses_only_go_there(model: str, path: str) -> None:
    assert openai.build(ask(model), host("openai")).url.endswith(path)
    assert openai.build(ask(model), host("openai", api="chat")).url.endswith("/chat/completions")


def test_names_with_a_suffix_are_names() -> None:
    assert body(ask("deepseek/deepseek-r1:free"), host("openrouter"))["model"] == "deepseek/deepseek-r1:free"


def test_responses_keeps_nothing_and_names_what_it_can_not_take() -> None:
    options = Options(max_tokens=9, seed=1, stop=("END",), effort="low", temperature=0.1)
    call = openai.build(ask(options=options), host("openai", api="responses"))
    assert call.body == {
        "model": "m",
        "instructions": "Be brief.",
        "input": [{"role": "user", "content": "Hello."}],
        "stream": True,
        "store": False,
        "max_output_tokens": 9,
        "temperature": 0.1,
        "reasoning": {"effort": "low"},
    }
    assert len(call.notices) == 2


RESOURCE = "https://me.openai.azure.com"


@pytest.mark.parametrize(
    ("url", "version", "model", "wanted"),
    [
        (RESOURCE, "", "my dep", "/openai/v1/chat/completions"),
        (RESOURCE + "/", "v1", "d", "/openai/v1/chat/completions"),
        (RESOURCE, "preview", "d", "/openai/v1/chat/completions?api-version=preview"),
        (RESOURCE, "2024-10-21", "my/dep", "/openai/deployments/my%2Fdep/chat/completions?api-version=2024-10-21"),
        (RESOURCE + "/openai/v1/", "", "d", "/openai/v1/chat/completions"),
        (RESOURCE, "", "gpt-5-pro", "/openai/v1/responses"),
        (
            RESOURCE + "/openai/deployments/x",
            "2024-10-21",
            "d",
            "/openai/deployments/x/chat/completions?api-version=2024-10-21",
        ),
        (RESOURCE + "/models", "2024-05-01-preview", "d", "/models/chat/completions?api-version=2024-05-01-preview"),
    ],
)
def test_azure_is_reached_in_all_its_forms(url: str, version: str, model: str, wanted: str) -> None:
    call = openai.build(ask(model), host("azure", url, version=version))
    assert call.url == RESOURCE + wanted
    assert set(call.headers) == {"api-key"}


# -- what is read ------------------------------------------------------------------------------------------------------


def test_thinking_is_never_part_of_the_answer() -> None:
    events = read(
        host("deepseek"),
        delta(reasoning_content="Hm. "),
        delta(reasoning="So. "),
        delta(content=[{"type": "thinking", "thinking": [{"type": "text", "text": "Well. "}]}]),
        delta(content=[{"type": "text", "text": "Yes"}]),
        delta(content="."),
        delta("stop"),
        "[DONE]",
    )
    reply = fold(events)
    assert (reply.text, reply.reasoning, reply.finish) == ("Yes.", "Hm. So. Well. ", Finish.STOP)
    assert sum(isinstance(event, ReasoningDelta) for event in events) == 3


@pytest.mark.parametrize(
    ("usage", "wanted"),
    [
        (
            {
                "prompt_tokens": 9,
                "completion_tokens": 4,
                "total_tokens": 13,
                "prompt_tokens_details": {"cached_tokens": 3, "cache_write_tokens": 2},
                "completion_tokens_details": {"reasoning_tokens": 2},
            },
            Usage(9, 4, 3, 2, 2),
        ),
        ({"prompt_tokens": 9, "completion_tokens": 4, "prompt_cache_hit_tokens": 5}, Usage(9, 4, 5)),
        (
            {"prompt_tokens": 9, "completion_tokens": 4, "prompt_tokens_details": None, "cost": 0.02},
            Usage(9, 4, cost=0.02),
        ),
        ({"prompt_tokens": 9, "completion_tokens": 4, "cost": {"total_cost": 0.5}}, Usage(9, 4, cost=0.5)),
        (
            {
                "prompt_tokens": 12,
                "completion_tokens": 2,
                "total_tokens": 354,
                "completion_tokens_details": {"reasoning_tokens": 340},
                "cost_in_usd_ticks": 1721250,
            },
            Usage(12, 342, reasoning_tokens=340, cost=pytest.approx(0.000172125)),  # type: ignore[arg-type]
        ),
    ],
)
def test_tokens_are_found_wherever_a_host_puts_them(usage: dict[str, Any], wanted: Usage) -> None:
    done = [delta("stop", content="x"), "[DONE]"]
    assert fold(read(host("openai"), {"choices": [], "usage": usage}, *done)).usage == wanted
    assert fold(read(host("groq"), {"choices": [], "x_groq": {"usage": usage}}, *done)).usage == wanted
    assert fold(read(host("openai"), {**delta("stop", content="x"), "usage": usage}, "[DONE]")).usage == wanted


@pytest.mark.parametrize(
    ("word", "finish"),
    [
        ("stop", "stop"),
        ("eos", "stop"),
        ("length", "length"),
        ("model_length", "length"),
        ("content_filter", "filtered"),
    ],
)
def test_the_end_has_a_reason(word: str, finish: str) -> None:
    reply = fold(read(host("openai"), delta(content="x"), delta(word), "[DONE]"))
    assert reply.finish == finish
    assert reply.detail == ("" if word == finish else word)


def test_a_refusal_is_no_answer() -> None:
    reply = fold(read(host("openai"), delta(refusal="I "), delta(refusal="won't."), delta("stop"), "[DONE]"))
    assert (reply.text, reply.finish, reply.detail) == ("", Finish.REFUSAL, "I won't.")
    item = {"type": "message", "content": [{"type": "refusal", "refusal": "No."}]}
    reader = openai.reader(ask(), host("openai", api="responses"))
    reply = fold(reader.whole({"status": "completed", "output": [item], "model": "m"}))
    assert (reply.finish, reply.detail) == (Finish.REFUSAL, "No.")


def test_a_filtered_answer_of_azure_has_no_message() -> None:
    reader = openai.reader(ask(), host("azure", RESOURCE))
    reply = fold(reader.whole({"model": "m", "choices": [{"index": 0, "finish_reason": "content_filter"}]}))
    assert (reply.text, reply.finish) == ("", Finish.FILTERED)


def test_an_end_without_a_reason_counts_only_after_text() -> None:
    assert fold(read(host("vllm"), delta(content="x"), "[DONE]")).finish is Finish.STOP
    with pytest.raises(BadReplyError, match="empty"):
        read(host("vllm"), "[DONE]")
    with pytest.raises(BadReplyError, match="early"):
        openai.reader(ask(), host("vllm")).close()


def test_a_host_may_leave_done_out() -> None:
    reader = openai.reader(ask(), host("vllm"))
    events = [*reader.feed(Frame("", json.dumps(delta("stop", content="x")))), *reader.close()]
    assert fold(events).finish is Finish.STOP


@pytest.mark.parametrize("word", ["error", "insufficient_system_resource"])
def test_an_answer_that_the_server_gave_up_is_an_error(word: str) -> None:
    with pytest.raises(OverloadedError):
        read(host("deepseek"), delta(content="x"), delta(word), "[DONE]")


def test_responses_gives_the_text_once_also_when_no_delta_came() -> None:
    whole = {
        "status": "completed",
        "model": "m-1",
        "output": [
            {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Hm."}]},
            {
                "type": "message",
                "content": [{"type": "output_text", "text": "Hel"}, {"type": "output_text", "text": "lo"}],
            },
        ],
    }
    where = host("openai", api="responses")
    done = {"type": "response.completed", "response": whole}
    assert fold(read(where, done)).text == "Hello"
    reply = fold(read(where, {"type": "response.output_text.delta", "delta": "Hello"}, done))
    assert (reply.text, reply.reasoning) == ("Hello", "Hm.")


@pytest.mark.parametrize(
    ("reason", "finish"), [("max_output_tokens", "length"), ("content_filter", "filtered"), ("odd", "error")]
)
def test_responses_says_why_it_is_incomplete(reason: str, finish: str) -> None:
    response = {"status": "incomplete", "incomplete_details": {"reason": reason}, "output": []}
    assert (
        fold(read(host("openai", api="responses"), {"type": "response.incomplete", "response": response})).finish
        == finish
    )


# -- errors ------------------------------------------------------------------------------------------------------------

ERRORS: list[tuple[int, Any, type[ProviderError]]] = [
    (429, {"error": {"message": "x", "type": "insufficient_quota", "code": "credit_balance_exhausted"}}, QuotaError),
    (429, {"error": {"message": "x", "type": "insufficient_quota", "code": "slow_down"}}, RateLimitError),
    (429, {"error": {"message": "x", "code": "project_spend_limit_exceeded"}}, QuotaError),
    (402, {"error": {"message": "Insufficient Balance"}}, QuotaError),
    (400, {"error": {"message": "no such", "code": "model_not_found"}}, ModelNotFoundError),
    (404, {"error": {"message": "x", "code": "DeploymentNotFound"}}, ModelNotFoundError),
    (400, {"error": {"message": "x", "code": "context_length_exceeded"}}, ContextTooLongError),
    (
        400,
        {"error": {"message": "This endpoint's maximum context length is 9 tokens.", "code": 400}},
        ContextTooLongError,
    ),
    (400, {"error": {"code": 400, "message": "x", "type": "exceed_context_size_error"}}, ContextTooLongError),
    (413, {"error": {"message": "Request too large", "code": "rate_limit_exceeded"}}, ContextTooLongError),
    (
        400,
        {"code": "Client specified an invalid argument", "error": "Incorrect API key provided: x."},
        AuthenticationError,
    ),
    (401, {"detail": "Unauthorized"}, AuthenticationError),
    (401, {"error": {"code": "401", "message": "Access denied due to invalid subscription key"}}, AuthenticationError),
    (422, {"detail": [{"loc": ["body", "messages"], "msg": "Field required", "type": "missing"}]}, BadRequestError),
    (400, {"error": {"message": "x", "code": "content_filter", "status": 400}}, RefusedError),
    (403, {"error": {"message": "flagged", "code": 403, "metadata": {"flagged_input": "..."}}}, RefusedError),
    (
        400,
        {"object": "error", "message": "Invalid model: m", "type": "invalid_model", "code": "1500"},
        ModelNotFoundError,
    ),
    (500, [{"error": {"message": "x"}}], OverloadedError),
    (500, "upstream died", OverloadedError),
    (418, None, BadRequestError),
]


@pytest.mark.parametrize(("status", "told", "kind"), ERRORS)
def test_errors_of_all_hosts_have_a_class(status: int, told: Any, kind: type[ProviderError]) -> None:
    text = told if isinstance(told, str) else "" if told is None else json.dumps(told)
    error = openai.classify(status, {}, text)
    assert type(error) is kind
    assert "{" not in error.message


def test_what_a_host_behind_the_host_said_is_told() -> None:
    told = {
        "error": {"code": 429, "message": "Provider returned error", "metadata": {"raw": "m is rate-limited upstream"}}
    }
    error = openai.classify(429, {}, json.dumps(told))
    assert error.message == "Provider returned error: m is rate-limited upstream"


def test_a_parameter_that_is_not_taken_is_named() -> None:
    told = {"error": {"message": "Unsupported parameter: 'temperature'", "param": "temperature", "code": None}}
    assert openai.classify(400, {}, json.dumps(told)).hint == "This model does not take temperature."


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ({"error": {"code": 502, "message": "x"}, "choices": []}, OverloadedError),
        ({"error": {"code": 429, "message": "x"}}, RateLimitError),
        ({"error": {"message": "x", "code": "tool_use_failed", "status_code": 400}}, BadRequestError),
        ({"error": {"message": "x", "code": "content_filter", "status": 400}}, RefusedError),
        ({"object": "error", "message": "gone", "code": 404}, ModelNotFoundError),
        ({"error": "CUDA out of memory"}, OverloadedError),
    ],
)
def test_errors_inside_a_200_have_a_class_too(told: dict[str, Any], kind: type[ProviderError]) -> None:
    with pytest.raises(ProviderError) as caught:
        read(host("openrouter"), delta(content="x"), told)
    assert type(caught.value) is kind
    with pytest.raises(ProviderError) as caught:
        openai.reader(ask(), host("openrouter")).whole(told)
    assert type(caught.value) is kind


def test_responses_fails_in_the_midst() -> None:
    where = host("openai", api="responses")
    error = {"type": "insufficient_quota", "code": "insufficient_quota", "message": "x"}
    for frame in (
        {"type": "error", "error": error},
        {"type": "error", "code": "insufficient_quota", "message": "x", "param": None},
        {"type": "response.failed", "response": {"status": "failed", "error": error}},
    ):
        with pytest.raises(QuotaError):
            read(where, frame)


# -- the stanzas -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name, stanza in HOSTS.items() if stanza["like"] == "openai"])
def test_every_stanza_of_the_dialect_gives_a_request(name: str) -> None:
    call = openai.build(
        ask(schema=CLOSED, options=Options(max_tokens=5)), host(name, "" if name != "azure" else RESOURCE)
    )
    assert call.url.startswith(("https://", "http://127.0.0.1:"))
    assert HOSTS[name].get("schema") in ("native", "json", "none")
    assert HOSTS[name].get("probe") or (HOSTS[name]["needs_key"] and HOSTS[name]["key_env"])


def test_model_names_come_from_either_shape() -> None:
    assert openai.model_names({"object": "list", "data": [{"id": "b"}, {"id": "a"}, "junk", {}]}) == ["a", "b"]
    assert openai.model_names({}) == []
