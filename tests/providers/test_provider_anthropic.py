"""Anthropic's Messages API: what is sent, and what is read."""

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
    UsageError,
)
from contentkit.core.model import Endpoint, ModelInfo
from contentkit.providers import anthropic

ENDPOINT = Endpoint("anthropic", "anthropic", "https://api.anthropic.com")
HELLO = (Message.of("system", "Be brief."), Message.of("user", "Hello"))


def question(
    *messages: Message, schema: Schema | None = None, info: ModelInfo | None = None, **options: Any
) -> Request:
    return Request("claude-x", messages or HELLO, options=Options(**options), schema=schema, info=info)


def sent(request: Request, **settings: Any) -> tuple[dict[str, Any], tuple[str, ...]]:
    call = anthropic.build(request, Endpoint("anthropic", "anthropic", "https://api.anthropic.com", settings=settings))
    return dict(call.body or {}), call.notices


def row(**known: Any) -> ModelInfo:
    return ModelInfo("anthropic", "claude-x", **known)


# -- what is sent --------------------------------------------------------------------------------------------------


def test_the_system_prompt_stands_at_the_top_and_turns_alternate() -> None:
    body, notices = sent(
        question(
            Message.of("system", "Be brief."),
            Message.of("user", "One."),
            Message.of("user", "Two."),
            Message.of("assistant", "Three."),
            Message.of("system", "Be kind."),
            Message.of("user", " "),
            Message.of("user", "Four."),
        )
    )
    assert body["system"] == [{"type": "text", "text": "Be brief.\n\nBe kind."}]
    assert [(turn["role"], [block["text"] for block in turn["content"]]) for turn in body["messages"]] == [
        ("user", ["One.", "Two."]),
        ("assistant", ["Three."]),
        ("user", ["Four."]),
    ]
    assert body["stream"] is True
    assert notices == ()


def test_a_question_of_system_messages_alone_is_the_users() -> None:
    body, _ = sent(question(Message.of("system", "Write a haiku.")))
    assert "system" not in body
    assert body["messages"][0] == {"role": "user", "content": [{"type": "text", "text": "Write a haiku."}]}


def test_an_empty_question_is_refused() -> None:
    with pytest.raises(UsageError, match="empty"):
        sent(question(Message.of("user", "  ")))


def test_version_and_key_are_headers() -> None:
    endpoint = Vendor(anthropic, Answer("{}"), version="2026-10-21").endpoint
    call = anthropic.build(question(), endpoint)
    assert call.url == "http://127.0.0.1:9/v1/messages"
    assert call.headers["anthropic-version"] == "2026-10-21"
    assert KEY not in repr(call)
    assert KEY not in repr(dict(call.headers))


@pytest.mark.parametrize(
    "url", ["https://api.anthropic.com", "https://api.anthropic.com/v1", "https://api.anthropic.com/"]
)
def test_the_base_url_may_name_the_version(url: str) -> None:
    assert anthropic.build(question(), Endpoint("a", "anthropic", url)).url == "https://api.anthropic.com/v1/messages"


@pytest.mark.parametrize(
    ("asked", "bound", "expected", "told"),
    [
        (None, None, 8_192, 0),
        (None, 64_000, 32_000, 0),
        (None, 4_096, 4_096, 0),
        (500, 64_000, 500, 0),
        (9_999, 999, 999, 1),
    ],
)
def test_max_tokens_is_always_there(asked: int | None, bound: int | None, expected: int, told: int) -> None:
    body, notices = sent(question(info=row(max_output=bound), max_tokens=asked))
    assert body["max_tokens"] == expected
    assert len(notices) == told


@pytest.mark.parametrize(
    ("version", "sampling", "kept"),
    [
        ("2023-06-01", None, True),
        ("2023-06-01", True, True),
        ("2023-06-01", False, False),
        ("2026-10-21", True, False),
        ("2027-01-01", None, False),
    ],
)
def test_sampling_goes_by_version_and_catalogue(version: str, sampling: bool | None, kept: bool) -> None:
    body, notices = sent(question(info=row(sampling=sampling), temperature=0.2), version=version)
    assert ("temperature" in body) is kept
    assert [("temperature" in notice) for notice in notices] == ([] if kept else [True])


def test_temperature_ends_at_one_and_excludes_top_p() -> None:
    body, notices = sent(question(temperature=1.7, top_p=0.9))
    assert body["temperature"] == 1.0
    assert "top_p" not in body
    assert len(notices) == 2


def test_seed_is_left_out_with_a_notice_and_stop_strings_are_sent() -> None:
    body, notices = sent(question(seed=7, stop=("END",)))
    assert "seed" not in body
    assert body["stop_sequences"] == ["END"]
    assert ["seed" in notice for notice in notices] == [True]


def test_a_stop_string_of_blanks_alone_is_refused() -> None:
    with pytest.raises(UsageError, match="stop"):
        sent(question(stop=("\n\n",)))


@pytest.mark.parametrize(
    ("model", "effort", "reasoning", "expected"),
    [
        ("claude-opus-5", "minimal", True, "low"),
        ("claude-opus-5", "high", None, "high"),
        ("claude-opus-5", "high", False, None),
        ("claude-haiku-4-5-20251001", "low", True, None),
    ],
)
def test_effort_goes_to_models_that_take_it(
    model: str, effort: str, reasoning: bool | None, expected: str | None
) -> None:
    request = Request(model, HELLO, options=Options(effort=effort), info=row(reasoning=reasoning))
    body, notices = sent(request)
    assert body.get("output_config", {}).get("effort") == expected
    assert len(notices) == (expected is None)


def test_a_schema_is_sent_in_the_part_of_the_language_that_is_enforced() -> None:
    schema = Schema(
        "post",
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "properties": {
                "title": {"type": "string", "maxLength": 60, "description": "Short."},
                "tags": {"type": "array", "minItems": 3, "items": {"type": "string", "pattern": "^#"}},
                "kind": {"oneOf": [{"const": "a"}, {"enum": ["b", "c"]}]},
            },
            "required": ["title"],
        },
    )
    body, _ = sent(question(schema=schema))
    assert body["output_config"]["format"] == {
        "type": "json_schema",
        "schema": {
            "type": "object",
            "properties": {
                "title": {"type": "string", "description": "Short. (maxLength: 60)"},
                "tags": {
                    "type": "array",
                    "items": {"type": "string", "description": "(pattern: ^#)"},
                    "description": "(minItems: 3)",
                },
                "kind": {"anyOf": [{"const": "a"}, {"enum": ["b", "c"]}]},
            },
            "required": ["title"],
            "additionalProperties": False,
        },
    }


@pytest.mark.parametrize(
    ("known", "setting", "native"), [(None, {}, True), (False, {}, False), (None, {"schema": "none"}, False)]
)
def test_a_schema_stays_here_when_it_is_not_enforced_there(
    known: bool | None, setting: dict[str, str], native: bool
) -> None:
    request = question(schema=Schema("x", {"type": "object"}), info=row(schema=known))
    assert anthropic.takes_schema(request, Endpoint("a", "anthropic", settings=setting)) is native
    assert ("output_config" in sent(request, **setting)[0]) is native


def test_images_are_blocks_and_strange_ones_are_refused() -> None:
    picture = Message("user", (Text("What is this?"), Image(b"\x89PNG", "image/png")))
    body, _ = sent(question(picture))
    assert body["messages"][0]["content"][1] == {
        "type": "image",
        "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw=="},
    }
    with pytest.raises(BadRequestError, match="image/tiff"):
        sent(question(Message("user", (Image(b"II", "image/tiff"),))))
    with pytest.raises(BadRequestError, match="does not take images"):
        sent(question(picture, info=row(images=False)))


def test_the_long_beginning_is_kept_only_when_asked() -> None:
    long, short = Message.of("system", "x" * 5_000), Message.of("user", "short")
    assert "cache_control" not in str(sent(question(long, short))[0])
    body, _ = sent(question(long, short), prompt_cache="5m")
    assert body["system"][0]["cache_control"] == {"type": "ephemeral"}
    assert "cache_control" not in body["messages"][0]["content"][0]
    assert sent(question(long, short), prompt_cache="1h")[0]["system"][0]["cache_control"]["ttl"] == "1h"


# -- what is read --------------------------------------------------------------------------------------------------


def start(name: str = "msg_1", **usage: int) -> dict[str, Any]:
    usage = {"input_tokens": 10, "output_tokens": 1, **usage}
    return {"type": "message_start", "message": {"id": name, "model": "claude-x-1", "content": [], "usage": usage}}


def delta(words: str, kind: str = "text") -> dict[str, Any]:
    return {"type": "content_block_delta", "index": 0, "delta": {"type": f"{kind}_delta", kind: words}}


def end(reason: str | None = "end_turn", **usage: Any) -> list[dict[str, Any]]:
    usage = {"output_tokens": 5, **usage}
    return [{"type": "message_delta", "delta": {"stop_reason": reason}, "usage": usage}, {"type": "message_stop"}]


PING = {"type": "ping"}


async def test_a_stream_with_pings_thinking_cache_and_padding() -> None:
    opening = start(cache_creation_input_tokens=200, cache_read_input_tokens=3_000)
    thought, words = delta("Hm.", "thinking"), [delta("Good "), PING, delta("day.")]
    counted = end(output_tokens_details={"thinking_tokens": 3})
    vendor = Vendor(anthropic, sse(opening, PING, thought, *words, *counted, padding="      "))
    events = await vendor.events(question())
    reply = await vendor.ask(question())
    assert reply.text == "Good day."
    assert texts(events, ReasoningDelta) == "Hm."
    assert reply.usage == Usage(3_210, 5, cached_tokens=3_000, cache_write_tokens=200, reasoning_tokens=3)
    assert (reply.finish, reply.model, reply.detail) == (Finish.STOP, "claude-x-1", "")


async def test_the_counts_at_the_end_replace_those_at_the_start() -> None:
    reply = await Vendor(anthropic, sse(start(), delta("x"), *end(input_tokens=900, output_tokens=70))).ask(question())
    assert reply.usage == Usage(900, 70)


async def test_a_whole_message_reads_like_its_stream() -> None:
    body = {
        "type": "message",
        "model": "claude-x-1",
        "content": [{"type": "thinking", "thinking": "Hm."}, {"type": "text", "text": "Good day."}],
        "stop_reason": "stop_sequence",
        "usage": {"input_tokens": 10, "output_tokens": 5, "cache_read_input_tokens": None},
    }
    reply = await Vendor(anthropic, whole(body)).ask(question())
    assert (reply.text, reply.reasoning, reply.usage) == ("Good day.", "Hm.", Usage(10, 5))
    assert (reply.finish, reply.detail) == (Finish.STOP, "stop_sequence")


@pytest.mark.parametrize(
    ("reason", "finish"),
    [
        ("max_tokens", Finish.LENGTH),
        ("model_context_window_exceeded", Finish.LENGTH),
        ("pause_turn", Finish.LENGTH),
        ("refusal", Finish.REFUSAL),
        ("something_new", Finish.ERROR),
    ],
)
async def test_every_end_but_the_usual_one_is_named(reason: str, finish: Finish) -> None:
    reply = await Vendor(anthropic, sse(start(), *end(reason))).ask(question())
    assert (reply.finish, reply.detail, reply.text) == (finish, reason, "")


async def test_another_model_that_took_over_is_named() -> None:
    block = {
        "type": "content_block_start",
        "index": 0,
        "content_block": {"type": "fallback", "to": {"model": "claude-y"}},
    }
    reply = await Vendor(anthropic, sse(start(), block, delta("x"), *end())).ask(question())
    assert (reply.text, reply.model) == ("x", "claude-y")


async def test_the_same_start_twice_is_one_answer() -> None:
    reply = await Vendor(anthropic, sse(start(), start(), delta("once"), start(), *end())).ask(question())
    assert reply.text == "once"


async def test_a_second_answer_inside_the_first_is_no_answer() -> None:
    with pytest.raises(BadReplyError, match="second answer"):
        await Vendor(anthropic, sse(start(), delta("once"), start("msg_2"), *end())).ask(question())


async def test_a_stop_reason_ends_the_answer_even_without_the_last_event() -> None:
    assert (await Vendor(anthropic, sse(start(), delta("x"), end()[0])).ask(question())).finish is Finish.STOP


async def test_a_stream_that_breaks_off_is_an_error() -> None:
    with pytest.raises(BadReplyError, match="early"):
        await Vendor(anthropic, sse(start(), delta("half an ans"))).ask(question())


async def test_a_broken_piece_is_an_error_and_junk_is_not() -> None:
    good = sse(start(), delta("x"), *end()).body
    broken = good.replace("content_block_delta\ndata: {", "content_block_delta\ndata: {{")
    with pytest.raises(BadReplyError, match="not JSON"):
        await Vendor(anthropic, Answer(broken, "text/event-stream")).ask(question())
    junk = Answer(": hello\n\ndata: keep-alive\n\n" + good, "text/event-stream")
    assert (await Vendor(anthropic, junk).ask(question())).text == "x"


@pytest.mark.parametrize("body", [{"hello": 1}, {"content": "words"}])
async def test_json_that_is_no_message_is_a_bad_reply(body: dict[str, Any]) -> None:
    with pytest.raises(BadReplyError):
        await Vendor(anthropic, whole(body)).ask(question())


# -- errors --------------------------------------------------------------------------------------------------------


def failure(kind: str, words: str = "No.", **more: Any) -> dict[str, Any]:
    return {"type": "error", "error": {"type": kind, "message": words, **more}, "request_id": "req_1"}


ERRORS: list[tuple[int, dict[str, Any], type[ProviderError]]] = [
    (400, failure("invalid_request_error"), BadRequestError),
    (400, failure("invalid_request_error", "prompt is too long: 250000 tokens > 200000 maximum"), ContextTooLongError),
    (
        400,
        failure("invalid_request_error", "input length and `max_tokens` exceed context limit"),
        ContextTooLongError,
    ),
    (400, failure("invalid_request_error", "Your credit balance is too low to use the API."), QuotaError),
    (400, failure("invalid_request_error", "Output blocked by content filtering policy"), RefusedError),
    (401, failure("authentication_error"), AuthenticationError),
    (402, failure("billing_error"), QuotaError),
    (403, failure("permission_error"), AuthenticationError),
    (404, failure("not_found_error", "model: claude-z"), ModelNotFoundError),
    (409, failure("conflict_error"), OverloadedError),
    (413, failure("request_too_large"), ContextTooLongError),
    (429, failure("rate_limit_error"), RateLimitError),
    (429, failure("rate_limit_error", details={"error_code": "enforced_spend_limit_reached"}), QuotaError),
    (500, failure("api_error"), OverloadedError),
    (504, failure("timeout_error"), OverloadedError),
    (529, failure("overloaded_error"), OverloadedError),
]


@pytest.mark.parametrize(("status", "body", "kind"), ERRORS)
async def test_each_error_has_its_class(status: int, body: dict[str, Any], kind: type[ProviderError]) -> None:
    with pytest.raises(kind) as caught:
        await Vendor(anthropic, whole(body, status)).ask(question())
    assert type(caught.value) is kind
    assert (caught.value.status, caught.value.request_id) == (status, "req_1")
    assert (caught.value.vendor, caught.value.model) == ("anthropic", "claude-x")


@pytest.mark.parametrize(("status", "body", "kind"), [row for row in ERRORS if row[0] not in (400, 409)])
async def test_the_same_errors_after_a_200(status: int, body: dict[str, Any], kind: type[ProviderError]) -> None:
    vendor = Vendor(anthropic, sse(start(), delta("Half"), body))
    with pytest.raises(kind) as caught:
        await vendor.ask(question())
    assert type(caught.value) is kind
    assert caught.value.status is None


async def test_a_page_from_a_proxy_goes_by_its_status() -> None:
    page = Answer("<html><head><title>413 Request Entity Too Large</title></head></html>", "text/html", 413)
    with pytest.raises(ContextTooLongError, match="Entity Too Large"):
        await Vendor(anthropic, page).ask(question())


async def test_the_wait_that_is_asked_is_known() -> None:
    answer = whole(failure("rate_limit_error"), 429, **{"retry-after": "17"})
    with pytest.raises(RateLimitError) as caught:
        await Vendor(anthropic, answer).ask(question())
    assert caught.value.retry_after == 17.0


async def test_the_models_are_listed() -> None:
    vendor = Vendor(anthropic, whole({"data": [{"id": "claude-a"}, {"id": "claude-b"}, {"name": "?"}]}))
    assert list(await vendor.provider.models()) == ["claude-a", "claude-b"]
    assert vendor.asked[0].headers["x-api-key"] == KEY
    assert KEY not in str(vendor.asked[0].url)
