"""The engine looks before it asks, validates what comes back, and counts what it cost."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from fakes import FakeProvider

from contentkit.core.chat import (
    Done,
    Event,
    Finish,
    Image,
    Message,
    Notice,
    Reply,
    Request,
    Schema,
    Text,
    TextDelta,
    Usage,
)
from contentkit.core.errors import (
    BadReplyError,
    BudgetError,
    CancelledError,
    ContextTooLongError,
    QuotaError,
    UnreachableError,
)
from contentkit.core.model import ModelInfo, Price
from contentkit.core.piece import SourceText
from contentkit.models.engine import Engine, Target

SCHEMA = Schema(
    "greeting",
    {
        "type": "object",
        "properties": {"word": {"type": "string", "maxLength": 10}},
        "required": ["word"],
        "additionalProperties": False,
    },
)


def question(text: str = "Say hello.", schema: Schema | None = None) -> Request:
    return Request("one", (Message.of("user", text),), schema=schema)


def target(provider: FakeProvider, **info: Any) -> Target:
    return Target(provider, ModelInfo(provider.endpoint.name, "one", **info))


async def ask(engine: Engine, to: Target, request: Request, heard: list[Event] | None = None) -> Reply:
    return await engine.ask(to, request, expected=100, listen=(heard if heard is not None else []).append)


async def test_an_answer_comes_with_its_finish_and_usage() -> None:
    engine = Engine()
    reply = await ask(engine, target(FakeProvider("hello")), question())
    assert (reply.text, reply.finish, reply.model) == ("hello", Finish.STOP, "fake-1")
    assert engine.usage == Usage(10, 5)
    assert engine.cost == 0.0


async def test_a_schema_is_asked_in_words_where_the_server_does_not_bind() -> None:
    provider = FakeProvider('{"word": "hi"}', schema=False)
    reply = await ask(Engine(), target(provider), question(schema=SCHEMA))
    assert reply.data == {"word": "hi"}
    assert "maxLength" in provider.requests[0].messages[0].text
    native = FakeProvider('{"word": "hi"}', schema=True)
    await ask(Engine(), target(native), question(schema=SCHEMA))
    assert native.requests[0].messages == question().messages


@pytest.mark.parametrize(
    "bad", ["hello", '{"word": 5}', '{"word": "much too long a word"}', '{"word": NaN}', "[" * 99999]
)
async def test_a_broken_answer_is_asked_for_once_more_in_the_open(bad: str) -> None:
    provider = FakeProvider(bad, '{"word": "hi"}')
    heard: list[Event] = []
    reply = await ask(Engine(), target(provider), question(schema=SCHEMA), heard)
    assert reply.data == {"word": "hi"}
    assert any(isinstance(event, Notice) and "asking once more" in event.message for event in heard)
    assert [message.role for message in provider.requests[1].messages] == ["user", "assistant", "user"]


@pytest.mark.parametrize(
    "answer",
    [
        'Sure! Here is the JSON:\n\n```json\n{"word": "hi"}\n```\n\nLet me know if {anything} is to be changed.',
        '```JSON\r\n{"word": "hi"}\r\n```',
        '<think>\nIt wants {"word": "no, longer than ten"}\n</think>\n{"word": "hi"}',
        'Here it is: {so}\n{"word": "hi"}\nI hope this helps!',
        '{"note": "first"}\n{"word": "hi"}',
    ],
)
async def test_an_object_within_talk_is_the_answer_and_costs_no_second_question(answer: str) -> None:
    provider = FakeProvider(answer)
    assert (await ask(Engine(), target(provider), question(schema=SCHEMA))).data == {"word": "hi"}
    assert len(provider.requests) == 1


async def test_what_is_wrong_within_a_fence_is_what_is_told() -> None:
    provider = FakeProvider('Here:\n```json\n{"word": 5}\n```', '{"word": "hi"}')
    await ask(Engine(), target(provider), question(schema=SCHEMA))
    assert "$.word" in provider.requests[1].messages[-1].text


async def test_talk_around_a_text_is_taken_off_in_the_open() -> None:
    heard: list[Event] = []
    reply = await ask(Engine(), target(FakeProvider("Sure! Here's your article:\n\n# Tea\n\nHot.")), question(), heard)
    assert reply.text == "# Tea\n\nHot."
    assert any(isinstance(event, Notice) and "taken off" in event.message for event in heard)


async def test_the_first_object_is_told_of_and_not_what_is_no_object_behind_it() -> None:
    answer = '```json\n{"word": 1}\n```\n\n```sh\nferry --quiet\n```'
    with pytest.raises(BadReplyError, match=r"\$\.word"):
        await ask(Engine(), target(FakeProvider(answer, answer)), question(schema=SCHEMA))


@pytest.mark.parametrize("mail", ["もちろんです！以下が記事です。\n\nTea.", "Tea.\n\nLet me know if you need changes."])
async def test_material_that_speaks_so_itself_keeps_its_words(mail: str) -> None:
    said = "Sure! Here's your article:\n\n# Tea\n\nHot."
    asked = replace(question(), fields={"sources": [SourceText("mail.md", mail)]})
    assert (await ask(Engine(), target(FakeProvider(said)), asked)).text == said


async def test_a_second_broken_answer_is_an_error_and_not_a_third_question() -> None:
    provider = FakeProvider("no", "no")
    with pytest.raises(BadReplyError, match="also after one repair"):
        await ask(Engine(), target(provider), question(schema=SCHEMA))
    assert len(provider.requests) == 2


async def test_a_truncated_answer_is_never_repaired() -> None:
    provider = FakeProvider([TextDelta('{"word": "h'), Done(Finish.LENGTH)])
    reply = await ask(Engine(), target(provider), question(schema=SCHEMA))
    assert reply.finish is Finish.LENGTH
    assert reply.data is None
    assert len(provider.requests) == 1


async def test_what_does_not_fit_the_window_is_not_sent() -> None:
    provider = FakeProvider("hello")
    with pytest.raises(ContextTooLongError, match="window has 200"):
        await ask(Engine(), target(provider, context_window=200), question("word " * 2000))
    assert provider.requests == []


def test_a_picture_is_part_of_the_estimate() -> None:
    words = Text("What is on it?")
    plain, shown = (
        Request("one", (Message("user", parts),)) for parts in ((words,), (words, Image(b"x", "image/png")))
    )
    looks = [Engine().preflight(target(FakeProvider("")), request, expected=0) for request in (plain, shown)]
    assert looks[1].input_tokens > looks[0].input_tokens + 500


async def test_a_budget_stops_before_the_first_request() -> None:
    provider = FakeProvider("hello", local=False, url="https://vendor.example")
    paid = target(provider, price=Price(1000.0, 1000.0))
    with pytest.raises(BudgetError, match="Nothing was sent"):
        await ask(Engine(max_cost=0.001), paid, question())
    with pytest.raises(BudgetError, match="unknown"):
        await ask(Engine(max_cost=1.0), target(provider), question())
    assert provider.requests == []


async def test_cost_adds_up_over_questions_and_unknown_stays_unknown() -> None:
    provider = FakeProvider("hello", local=False, url="https://vendor.example")
    paid, engine = target(provider, price=Price(1.0, 2.0)), Engine()
    await ask(engine, paid, question())
    await ask(engine, paid, question())
    assert engine.cost == pytest.approx(2 * (10 * 1.0 + 5 * 2.0) / 1e6)
    assert engine.cost_estimated
    unknown = Engine()
    await ask(unknown, target(provider), question())
    assert unknown.cost is None


async def test_an_error_before_any_text_is_raised_and_after_text_is_kept() -> None:
    with pytest.raises(QuotaError):
        await ask(Engine(), target(FakeProvider(QuotaError("no money"))), question())
    cut = FakeProvider([TextDelta("half an ans"), UnreachableError("connection lost")])
    reply = await ask(Engine(), target(cut), question())
    assert (reply.text, reply.finish) == ("half an ans", Finish.ERROR)
    assert "connection lost" in reply.detail


async def test_stopping_keeps_what_came() -> None:
    came = asyncio.Event()

    class Slow(FakeProvider):
        async def stream(self, request: Request):  # type: ignore[no-untyped-def,override]
            yield TextDelta("half")
            came.set()
            await asyncio.sleep(60)
            yield Done(Finish.STOP)

    task = asyncio.create_task(ask(Engine(), target(Slow()), question()))
    await asyncio.wait_for(came.wait(), 20)
    task.cancel()
    reply = await task
    assert (reply.text, reply.finish) == ("half", Finish.CANCELLED)


async def test_stopping_before_any_text_is_an_error() -> None:
    class Silent(FakeProvider):
        async def stream(self, request: Request):  # type: ignore[no-untyped-def,override]
            await asyncio.sleep(60)
            yield Done(Finish.STOP)

    task = asyncio.create_task(ask(Engine(), target(Silent()), question()))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(CancelledError):
        await task


async def test_the_cache_answers_the_same_question_without_asking() -> None:
    class Memory(dict[str, Reply]):
        def key(self, target: str, request: Request) -> str:
            return f"{target} {request.messages}"

        def put(self, key: str, reply: Reply) -> None:
            self[key] = reply

    provider, memory, heard = FakeProvider('{"word": "hi"}'), Memory(), []
    for _ in range(2):
        engine = Engine(cache=memory)
        reply = await ask(engine, target(provider), question(schema=SCHEMA), heard)
        assert reply.data == {"word": "hi"}
    assert len(provider.requests) == 1
    assert engine.usage is None
    assert any(isinstance(event, Notice) and "cache" in event.message for event in heard)


def test_what_earlier_pieces_cost_counts_towards_the_bound() -> None:
    paid = target(FakeProvider("x", local=False, url="https://vendor.example"), price=Price(1.0, 1.0))
    first = Engine(max_cost=1.0)
    first.check_budget(paid, 0.6)
    first.purse.spent = 0.6
    second = first.next()
    assert second.cost == 0.0
    second.check_budget(paid, 0.3)
    with pytest.raises(BudgetError, match=r"\$0.6000 of it was spent before"):
        second.check_budget(paid, 0.6)


@pytest.mark.parametrize(("name", "hosted"), [("qwen3:8b", False), ("gpt-oss:120b-cloud", True), ("glm:cloud", True)])
def test_what_ollama_passes_on_leaves_this_machine(name: str, hosted: bool) -> None:
    ollama = FakeProvider("x", name="ollama")
    assert Target(ollama, ModelInfo("ollama", name)).hosted is hosted
