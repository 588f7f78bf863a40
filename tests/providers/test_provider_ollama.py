"""Ollama's own API: what is sent, what is read, and that nothing of a question is cut in silence."""

from __future__ import annotations

import json
from typing import Any

import pytest
from replay import KEY, Answer, Vendor, ndjson, texts, whole

from contentkit.core.chat import Finish, Image, Message, Notice, Options, ReasoningDelta, Request, Schema, Text, Usage
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
)
from contentkit.core.model import Endpoint, ModelInfo
from contentkit.providers import ollama

ENDPOINT = Endpoint("ollama", "ollama", "http://127.0.0.1:11434")
HELLO = (Message.of("system", "Be brief."), Message.of("user", "Hello"))
NO_SHOW = whole({"error": "not here"}, 404)


def question(
    *messages: Message,
    model: str = "qwen3",
    schema: Schema | None = None,
    info: ModelInfo | None = None,
    **options: Any,
) -> Request:
    return Request(model, messages or HELLO, options=Options(**options), schema=schema, info=info)


def sent(request: Request, **settings: Any) -> tuple[dict[str, Any], tuple[str, ...]]:
    call = ollama.build(request, Endpoint("ollama", "ollama", "http://127.0.0.1:11434", settings=settings))
    return dict(call.body or {}), call.notices


def line(words: str = "", **more: Any) -> dict[str, Any]:
    return {"model": "qwen3:8b", "message": {"role": "assistant", "content": words}, "done": False, **more}


def last(reason: str | None = "stop", read: int = 30, written: int = 5, **more: Any) -> dict[str, Any]:
    counts = {"prompt_eval_count": read, "eval_count": written}
    return line(**{"done": True, **({"done_reason": reason} if reason is not None else {}), **counts, **more})


def shown(window: int, *abilities: str) -> Answer:
    return whole({"model_info": {"general.architecture": "q", "q.context_length": window}, "capabilities": abilities})


# -- what is sent --------------------------------------------------------------------------------------------------


def test_a_question() -> None:
    body, notices = sent(question(temperature=0.5, top_p=0.9, seed=7, stop=("END",), max_tokens=50))
    assert body == {
        "model": "qwen3",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello"}],
        "stream": True,
        "truncate": False,
        "shift": False,
        "options": {"num_ctx": 4_096, "num_predict": 50, "seed": 7, "stop": ["END"], "temperature": 0.5, "top_p": 0.9},
    }
    assert notices == ()


def test_a_schema_is_the_format() -> None:
    schema = Schema("x", {"type": "object"})
    assert sent(question(schema=schema))[0]["format"] == {"type": "object"}
    assert "format" not in sent(question(schema=schema), schema="none")[0]


def test_images_are_base64_beside_the_words() -> None:
    picture = Message("user", (Text("What?"), Image(b"\x89PNG", "image/png")))
    assert sent(question(picture))[0]["messages"] == [{"role": "user", "content": "What?", "images": ["iVBORw=="]}]
    with pytest.raises(BadRequestError, match="does not take images"):
        sent(question(picture, info=ModelInfo("ollama", "qwen3", images=False)))


@pytest.mark.parametrize(
    ("model", "reasoning", "effort", "think"),
    [
        ("qwen3", True, "high", True),
        ("qwen3", True, "minimal", False),
        ("gpt-oss:20b", True, "minimal", "low"),
        ("gpt-oss:20b", True, "high", "high"),
        ("llama3", False, "high", None),
        ("llama3", None, "high", None),
    ],
)
def test_thinking_goes_to_models_that_think(model: str, reasoning: bool | None, effort: str, think: Any) -> None:
    body, notices = sent(question(model=model, info=ModelInfo("ollama", model, reasoning=reasoning), effort=effort))
    assert body.get("think") == think
    assert len(notices) == (think is None)


# -- the window ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("word " * 10_000, 12_000),
        ("これは長い文章です。" * 1_000, 10_000),
        ("def f(x): return {x: [x, x]}\n" * 1_000, 14_000),
    ],
)
@pytest.mark.parametrize("answer", [None, 2_000])
def test_the_window_holds_the_question_and_the_answer(text: str, tokens: int, answer: int | None) -> None:
    options = sent(question(Message.of("user", text), max_tokens=answer))[0]["options"]
    assert options["num_ctx"] >= tokens + (answer or 1_024)
    assert options["num_predict"] >= (answer or 1_024)


def test_windows_come_in_few_sizes_so_that_the_model_stays_loaded() -> None:
    questions = [question(Message.of("user", "word " * length)) for length in range(1, 9_000, 97)]
    assert {sent(one)[0]["options"]["num_ctx"] for one in questions} == {8_192, 16_384, 32_768}


def test_the_window_is_never_more_than_the_model_has() -> None:
    body, _ = sent(question(Message.of("user", "word " * 5_000), info=ModelInfo("ollama", "x", context_window=10_000)))
    assert body["options"]["num_ctx"] == 10_000


async def test_a_question_that_does_not_fit_is_not_sent() -> None:
    vendor = Vendor(ollama, shown(8_192), ndjson(last()))
    with pytest.raises(ContextTooLongError, match="8,192") as caught:
        await vendor.ask(question(Message.of("user", "word " * 40_000)))
    assert [request.url.path for request in vendor.asked] == ["/api/show"]
    assert (caught.value.vendor, caught.value.model) == ("ollama", "qwen3")


async def test_the_setting_bounds_the_window() -> None:
    vendor = Vendor(ollama, shown(131_072), ndjson(last()), num_ctx=6_000)
    await vendor.ask(question(Message.of("user", "word " * 3_000)))
    assert vendor.body["options"]["num_ctx"] == 6_000
    with pytest.raises(ContextTooLongError) as caught:
        await vendor.ask(question(Message.of("user", "word " * 40_000)))
    assert "num_ctx" in caught.value.hint


async def test_the_server_is_asked_once_for_each_model() -> None:
    vendor = Vendor(ollama, shown(8_192, "completion", "thinking"), ndjson(last()))
    for _ in range(2):
        await vendor.ask(question(effort="high"))
    assert [request.url.path for request in vendor.asked] == ["/api/show", "/api/chat", "/api/chat"]
    assert vendor.body["think"] is True


async def test_a_question_without_an_answer_to_show_goes_on() -> None:
    assert (await Vendor(ollama, NO_SHOW, ndjson(line("x"), last())).ask(question())).text == "x"


async def test_a_question_that_was_cut_is_an_error() -> None:
    cut = ndjson(line("x"), last(read=4_096))
    with pytest.raises(ContextTooLongError, match="cut"):
        await Vendor(ollama, NO_SHOW, cut).ask(question(max_tokens=10))


async def test_a_question_that_may_have_been_cut_is_told() -> None:
    vendor = Vendor(ollama, NO_SHOW, ndjson(line("x"), last(read=700)))
    long, short = question(Message.of("user", "word " * 4_000)), question()
    assert ["cut" in event.message for event in await vendor.events(long) if isinstance(event, Notice)] == [True]
    assert not [event for event in await vendor.events(short) if isinstance(event, Notice)]


# -- what is read --------------------------------------------------------------------------------------------------


async def test_a_stream_with_thinking() -> None:
    thought = {"model": "qwen3:8b", "message": {"role": "assistant", "content": "", "thinking": "Hm."}, "done": False}
    vendor = Vendor(ollama, NO_SHOW, ndjson(thought, line("Good "), line("day."), last()))
    events = await vendor.events(question())
    assert texts(events, ReasoningDelta) == "Hm."
    reply = await vendor.ask(question())
    assert (reply.text, reply.usage, reply.finish, reply.model) == ("Good day.", Usage(30, 5), Finish.STOP, "qwen3:8b")


async def test_an_answer_that_is_not_streamed() -> None:
    body = {**last(), "message": {"role": "assistant", "content": "Good day."}}
    reply = await Vendor(ollama, NO_SHOW, whole(body)).ask(question())
    assert (reply.text, reply.usage, reply.finish) == ("Good day.", Usage(30, 5), Finish.STOP)


@pytest.mark.parametrize(
    ("reason", "finish", "detail"),
    [
        ("stop", Finish.STOP, ""),
        (None, Finish.STOP, ""),
        ("length", Finish.LENGTH, "length"),
        ("load", Finish.ERROR, "load"),
    ],
)
async def test_every_end(reason: str | None, finish: Finish, detail: str) -> None:
    reply = await Vendor(ollama, NO_SHOW, ndjson(line("x"), last(reason))).ask(question())
    assert (reply.finish, reply.detail) == (finish, detail)


@pytest.mark.parametrize("body", ["", json.dumps(line("half an ans")) + "\n", '{"model": "qwen3", "mess'])
async def test_an_answer_without_an_end_is_an_error(body: str) -> None:
    with pytest.raises(BadReplyError):
        await Vendor(ollama, NO_SHOW, Answer(body, "application/x-ndjson")).ask(question())


# -- errors --------------------------------------------------------------------------------------------------------

NESTED = json.dumps({"error": {"code": 400, "message": "request (8889 tokens) exceeds the available context size"}})
ERRORS: list[tuple[int, Any, type[ProviderError]]] = [
    (400, "json: cannot unmarshal", BadRequestError),
    (400, '"llama3" does not support thinking', BadRequestError),
    (400, NESTED, ContextTooLongError),
    (400, "the input length exceeds the context length", ContextTooLongError),
    (401, "unauthorized", AuthenticationError),
    (404, "model 'qwen3' not found", ModelNotFoundError),
    (404, 'model "qwen3" not found, try pulling it first', ModelNotFoundError),
    (429, "too many concurrent requests", RateLimitError),
    (429, "you've reached your weekly usage limit, please upgrade to continue", QuotaError),
    (500, "llama runner process has terminated: exit status 2", OverloadedError),
    (500, "model requires more system memory (48.0 GiB) than is available (15.5 GiB)", BadRequestError),
    (503, "server busy, please try again. maximum pending requests exceeded", OverloadedError),
]


@pytest.mark.parametrize(("status", "words", "kind"), ERRORS)
async def test_each_error_has_its_class(status: int, words: str, kind: type[ProviderError]) -> None:
    with pytest.raises(kind) as caught:
        await Vendor(ollama, NO_SHOW, whole({"error": words}, status)).ask(question())
    assert type(caught.value) is kind
    assert caught.value.status == status


async def test_a_model_that_is_not_there_says_how_to_get_it() -> None:
    with pytest.raises(ModelNotFoundError) as caught:
        await Vendor(ollama, whole({"error": "model 'qwen3' not found"}, 404)).ask(question())
    assert "ollama pull qwen3" in caught.value.hint


@pytest.mark.parametrize("words", ["an error was encountered while running the model", NESTED, {"message": "broken"}])
async def test_an_error_in_the_midst_of_the_stream(words: Any) -> None:
    kind = ContextTooLongError if words is NESTED else OverloadedError
    with pytest.raises(kind) as caught:
        await Vendor(ollama, NO_SHOW, ndjson(line("Half"), {"error": words})).ask(question())
    assert type(caught.value) is kind
    assert caught.value.status is None


async def test_the_models_on_disk_are_listed_with_the_key_where_there_is_one() -> None:
    vendor = Vendor(ollama, whole({"models": [{"name": "qwen3:8b", "model": "qwen3:8b"}, {"name": "llama3:latest"}]}))
    assert list(await vendor.provider.models()) == ["qwen3:8b", "llama3:latest"]
    assert vendor.asked[0].headers["authorization"] == f"Bearer {KEY}"
