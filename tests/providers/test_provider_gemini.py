"""Google's Gemini API: what is sent, and what is read."""

from __future__ import annotations

from typing import Any

import pytest
from replay import KEY, Answer, Vendor, sse, texts, whole

from contentkit.core.chat import Finish, Image, Message, Options, ReasoningDelta, Request, Schema, Text, Usage
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
from contentkit.core.model import Endpoint, ModelInfo
from contentkit.providers import gemini

ENDPOINT = Endpoint("gemini", "gemini", "https://generativelanguage.googleapis.com/v1beta")
HELLO = (Message.of("system", "Be brief."), Message.of("user", "Hello"))


def question(
    *messages: Message,
    model: str = "gemini-3-flash",
    schema: Schema | None = None,
    info: ModelInfo | None = None,
    **options: Any,
) -> Request:
    return Request(model, messages or HELLO, options=Options(**options), schema=schema, info=info)


def sent(request: Request, **settings: Any) -> tuple[dict[str, Any], tuple[str, ...]]:
    call = gemini.build(request, Endpoint("gemini", "gemini", "https://g/v1beta", settings=settings))
    return dict(call.body or {}), call.notices


# -- what is sent --------------------------------------------------------------------------------------------------


def test_turns_roles_and_system_prompt() -> None:
    body, notices = sent(question(*HELLO, Message.of("assistant", "Hi."), Message.of("user", "More.")))
    assert body == {
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "contents": [
            {"role": "user", "parts": [{"text": "Hello"}]},
            {"role": "model", "parts": [{"text": "Hi."}]},
            {"role": "user", "parts": [{"text": "More."}]},
        ],
    }
    assert notices == ()


@pytest.mark.parametrize(
    ("model", "path"),
    [
        ("gemini-3-flash", "models/gemini-3-flash"),
        ("models/gemini-3-flash", "models/gemini-3-flash"),
        ("tunedModels/mine-1", "tunedModels/mine-1"),
        ("odd?name#x", "models/odd%3Fname%23x"),
    ],
)
def test_the_model_is_in_the_url(model: str, path: str) -> None:
    call = gemini.build(question(model=model), ENDPOINT)
    assert call.url == f"{ENDPOINT.url}/{path}:streamGenerateContent?alt=sse"


async def test_the_key_is_a_header_and_never_in_the_url() -> None:
    vendor = Vendor(gemini, sse(chunk("x", "STOP")))
    await vendor.ask(question())
    assert vendor.asked[0].headers["x-goog-api-key"] == KEY
    assert KEY not in str(vendor.asked[0].url)


def test_options_have_googles_names() -> None:
    body, notices = sent(question(max_tokens=50, temperature=0.5, top_p=0.9, seed=7, stop=("END",)))
    assert body["generationConfig"] == {
        "maxOutputTokens": 50,
        "temperature": 0.5,
        "topP": 0.9,
        "seed": 7,
        "stopSequences": ["END"],
    }
    assert notices == ()


@pytest.mark.parametrize(
    ("model", "reasoning", "effort", "config"),
    [
        ("gemini-3-flash", None, "minimal", {"thinkingLevel": "minimal"}),
        ("gemini-flash-latest", None, "high", {"thinkingLevel": "high"}),
        ("gemini-2.5-pro", True, "low", {"thinkingBudget": 1_024}),
        ("gemini-2.5-flash", None, "minimal", {"thinkingBudget": 128}),
        ("gemini-2.0-flash", None, "low", None),
        ("gemini-3-flash", False, "low", None),
    ],
)
def test_effort_by_generation(model: str, reasoning: bool | None, effort: str, config: dict[str, Any] | None) -> None:
    info = ModelInfo("gemini", model, reasoning=reasoning)
    body, notices = sent(question(model=model, info=info, effort=effort))
    assert body.get("generationConfig", {}).get("thinkingConfig") == config
    assert len(notices) == (config is None)


def test_sampling_is_left_out_where_the_catalogue_says_so() -> None:
    body, notices = sent(question(info=ModelInfo("gemini", "g", sampling=False), temperature=0.5, top_p=0.5))
    assert "generationConfig" not in body
    assert len(notices) == 2


def test_a_schema_is_sent_as_json_schema_without_const() -> None:
    schema = {"type": "object", "properties": {"kind": {"const": "post"}, "const": {"type": "string", "maxLength": 9}}}
    body, _ = sent(question(schema=Schema("x", schema)))
    assert body["generationConfig"] == {
        "responseMimeType": "application/json",
        "responseJsonSchema": {
            "type": "object",
            "properties": {"kind": {"enum": ["post"]}, "const": {"type": "string", "maxLength": 9}},
        },
    }
    assert sent(question(schema=Schema("x", schema)), schema="none")[0].get("generationConfig") is None


def test_images_are_inline() -> None:
    picture = Message("user", (Text("What?"), Image(b"\x89PNG", "image/png")))
    body, _ = sent(question(picture))
    assert body["contents"][0]["parts"][1] == {"inlineData": {"mimeType": "image/png", "data": "iVBORw=="}}
    with pytest.raises(BadRequestError, match="image/gif"):
        sent(question(Message("user", (Image(b"GIF", "image/gif"),))))


# -- what is read --------------------------------------------------------------------------------------------------


def chunk(words: str = "", reason: Any = None, **more: Any) -> dict[str, Any]:
    content = {"content": {"role": "model", "parts": [{"text": words}] if words else []}}
    candidate = {**content, **({"finishReason": reason} if reason is not None else {}), "index": 0}
    return {"candidates": [candidate], "modelVersion": "gemini-3-flash-001", "responseId": "r1", **more}


USAGE = {"promptTokenCount": 40, "candidatesTokenCount": 7, "thoughtsTokenCount": 30, "totalTokenCount": 77}


async def test_a_stream_with_thoughts_and_counts() -> None:
    thought = {"candidates": [{"content": {"parts": [{"text": "Hm.", "thought": True}]}}]}
    last = chunk("day.", "STOP", usageMetadata={**USAGE, "cachedContentTokenCount": 16})
    vendor = Vendor(gemini, sse(thought, chunk("Good ", usageMetadata={"promptTokenCount": 40}), last))
    events = await vendor.events(question())
    assert texts(events, ReasoningDelta) == "Hm."
    reply = await vendor.ask(question())
    assert reply.text == "Good day."
    assert reply.usage == Usage(40, 37, cached_tokens=16, reasoning_tokens=30)
    assert (reply.finish, reply.model, reply.request_id, reply.detail) == (Finish.STOP, "gemini-3-flash-001", "r1", "")


async def test_tokens_of_built_in_tools_are_input() -> None:
    usage = {"promptTokenCount": 40, "toolUsePromptTokenCount": 8, "candidatesTokenCount": 2}
    assert (await Vendor(gemini, sse(chunk("x", "STOP", usageMetadata=usage))).ask(question())).usage == Usage(48, 2)


@pytest.mark.parametrize("shape", ["object", "list"])
async def test_an_answer_that_is_not_streamed(shape: str) -> None:
    one = chunk("Good day.", "STOP", usageMetadata=USAGE)
    body = one if shape == "object" else [chunk("Good "), chunk("day.", "STOP", usageMetadata=USAGE)]
    reply = await Vendor(gemini, whole(body)).ask(question())
    assert (reply.text, reply.usage, reply.finish) == ("Good day.", Usage(40, 37, reasoning_tokens=30), Finish.STOP)


@pytest.mark.parametrize(
    ("reason", "finish"),
    [
        ("MAX_TOKENS", Finish.LENGTH),
        ("SAFETY", Finish.FILTERED),
        ("RECITATION", Finish.FILTERED),
        ("SPII", Finish.FILTERED),
        ("BLOCKLIST", Finish.FILTERED),
        ("PROHIBITED_CONTENT", Finish.FILTERED),
        ("MALFORMED_FUNCTION_CALL", Finish.ERROR),
        ("OTHER", Finish.ERROR),
    ],
)
async def test_every_end_but_the_usual_one_is_named(reason: str, finish: Finish) -> None:
    body = {"candidates": [{"content": {}, "finishReason": reason, "finishMessage": "So it is."}]}
    reply = await Vendor(gemini, sse(chunk("Some"), body)).ask(question())
    assert (reply.text, reply.finish, reply.detail) == ("Some", finish, f"{reason}: So it is.")


@pytest.mark.parametrize(
    ("number", "finish"),
    [(1, Finish.STOP), (2, Finish.LENGTH), (3, Finish.FILTERED), (5, Finish.ERROR), (42, Finish.ERROR)],
)
async def test_ends_as_numbers(number: int, finish: Finish) -> None:
    assert (await Vendor(gemini, whole(chunk("x", number))).ask(question())).finish is finish


async def test_a_blocked_question_is_refused() -> None:
    body = {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "usageMetadata": {"promptTokenCount": 9}}
    for answer in (sse(body), whole(body)):
        with pytest.raises(RefusedError, match="PROHIBITED_CONTENT"):
            await Vendor(gemini, answer).ask(question())


async def test_feedback_that_blocks_nothing_is_no_refusal() -> None:
    rated = chunk("x", "STOP", promptFeedback={"safetyRatings": [{"category": "HARM", "probability": "LOW"}]})
    assert (await Vendor(gemini, sse(rated)).ask(question())).text == "x"


@pytest.mark.parametrize(
    "answer", [sse(chunk("half an ans")), sse(chunk("x", "FINISH_REASON_UNSPECIFIED")), whole({"hello": 1})]
)
async def test_an_answer_without_an_end_is_an_error(answer: Answer) -> None:
    with pytest.raises(BadReplyError):
        await Vendor(gemini, answer).ask(question())


# -- errors --------------------------------------------------------------------------------------------------------


def failure(code: int, status: str, words: str = "No.", *details: dict[str, Any]) -> dict[str, Any]:
    return {"error": {"code": code, "status": status, "message": words, "details": list(details)}}


def quota(name: str, wait: str = "48s") -> dict[str, Any]:
    violations = {"@type": "google.rpc.QuotaFailure", "violations": [{"quotaId": name}]}
    retry = {"@type": "google.rpc.RetryInfo", "retryDelay": wait}
    return failure(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota.", violations, retry)


TOO_LONG = "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."
ERRORS: list[tuple[dict[str, Any], type[ProviderError]]] = [
    (failure(400, "INVALID_ARGUMENT", "No.", {"reason": "API_KEY_INVALID"}), AuthenticationError),
    (failure(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."), AuthenticationError),
    (failure(400, "INVALID_ARGUMENT", "Please use a valid role."), BadRequestError),
    (failure(400, "INVALID_ARGUMENT", TOO_LONG), ContextTooLongError),
    (failure(400, "FAILED_PRECONDITION", "User location is not supported."), BadRequestError),
    (failure(401, "UNAUTHENTICATED"), AuthenticationError),
    (failure(403, "PERMISSION_DENIED"), AuthenticationError),
    (failure(404, "NOT_FOUND", "models/x is not found for API version v1beta."), ModelNotFoundError),
    (failure(413, "", "Request payload size exceeds the limit."), ContextTooLongError),
    (quota("GenerateRequestsPerMinutePerProjectPerModel"), RateLimitError),
    (quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier"), QuotaError),
    (failure(429, "RESOURCE_EXHAUSTED", "Quota exceeded for metric: x, limit: 0, model: y"), QuotaError),
    (failure(429, "RESOURCE_EXHAUSTED", "Your prepayment credits are depleted."), QuotaError),
    (failure(499, "CANCELLED"), OverloadedError),
    (failure(500, "INTERNAL"), OverloadedError),
    (failure(503, "UNAVAILABLE", "The model is overloaded."), OverloadedError),
    (failure(504, "DEADLINE_EXCEEDED"), OverloadedError),
]


@pytest.mark.parametrize(("body", "kind"), ERRORS)
async def test_each_error_has_its_class(body: dict[str, Any], kind: type[ProviderError]) -> None:
    for answer in (whole(body, body["error"]["code"]), whole([body], body["error"]["code"]), sse(chunk("Half"), body)):
        with pytest.raises(kind) as caught:
            await Vendor(gemini, answer).ask(question())
        assert type(caught.value) is kind
        assert caught.value.status == body["error"]["code"]


async def test_the_wait_stands_in_the_body() -> None:
    with pytest.raises(RateLimitError) as caught:
        await Vendor(gemini, whole(quota("PerMinute", "34.4s"), 429)).ask(question())
    assert caught.value.retry_after == 34.4


async def test_an_error_without_json_goes_by_its_status() -> None:
    with pytest.raises(OverloadedError, match="Bad Gateway"):
        await Vendor(gemini, Answer("<title>502 Bad Gateway</title>", "text/html", 502)).ask(question())


async def test_the_models_that_write_are_listed() -> None:
    rows = [
        {"name": "models/gemini-a", "supportedGenerationMethods": ["generateContent", "countTokens"]},
        {"name": "models/embedding-b", "supportedGenerationMethods": ["embedContent"]},
    ]
    assert list(await Vendor(gemini, whole({"models": rows})).provider.models()) == ["gemini-a"]
