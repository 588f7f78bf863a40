"""A bound of money is kept whatever is asked side by side, again, or of whom."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from fakes import Answer, FakeProvider

from contentkit.core.chat import Done, Event, Finish, Message, Reply, Request, Schema, TextDelta, Usage
from contentkit.core.errors import BadReplyError, BudgetError, UnreachableError
from contentkit.core.model import ModelInfo, Price
from contentkit.models.engine import Engine, Target

SCHEMA = Schema("greeting", {"type": "object", "properties": {"word": {"type": "string"}}, "required": ["word"]})
ANSWER = 1000  # tokens that each question expects back


def paid(*answers: Answer, **info: Any) -> tuple[FakeProvider, Target]:
    """A model at a host that takes a dollar for a thousand tokens of an answer, and nothing for a question."""
    provider = FakeProvider(*answers, local=False, url="https://vendor.example")
    return provider, Target(provider, ModelInfo("fake", "one", price=Price(0.0, 1000.0), **info))


async def ask(engine: Engine, to: Target, words: str = "Hello.", schema: Schema | None = None) -> Reply:
    heard: list[Event] = []
    request = Request("one", (Message.of("user", words),), schema=schema)
    return await engine.ask(to, request, expected=ANSWER, listen=heard.append)


async def test_questions_side_by_side_keep_the_bound_together() -> None:
    provider, target = paid([TextDelta("yes"), Usage(1, ANSWER), Done(Finish.STOP)])
    engine = Engine(max_cost=2.0)
    done = await asyncio.gather(*(ask(engine, target, f"{n}") for n in range(5)), return_exceptions=True)
    assert [type(one) for one in done] == [Reply, Reply, BudgetError, BudgetError, BudgetError]
    assert len(provider.requests) == 2
    assert engine.cost == pytest.approx(2.0)


@pytest.mark.parametrize("answer", [[TextDelta("yes"), Usage(1, 10), Done(Finish.STOP)], UnreachableError("gone")])
async def test_money_held_back_is_free_again_when_the_answer_is_there_or_does_not_come(answer: Answer) -> None:
    provider, target = paid(answer)
    engine = Engine(max_cost=1.1)  # of one question at a time
    for number in range(4):
        await asyncio.gather(ask(engine, target, f"{number}"), return_exceptions=True)
    assert len(provider.requests) == 4
    assert engine.cost == pytest.approx(0.0 if isinstance(answer, BaseException) else 0.04)


async def test_a_bound_is_what_may_be_spent() -> None:
    _, target = paid()
    engine = Engine(max_cost=1.0)
    engine.check_budget(target, 1.0)
    with pytest.raises(BudgetError, match=r"about \$1\.0100 \(estimate\), over the bound of \$1\. Nothing was sent"):
        engine.check_budget(target, 1.01)
    engine.purse.spent = 0.75
    engine.check_budget(target, 0.25)
    with pytest.raises(BudgetError, match=r"\$0\.7500 of it was spent before.* No more was sent"):
        engine.check_budget(target, 0.26)
    Engine().check_budget(target, 1_000_000.0)  # no bound


async def test_what_costs_nothing_goes_on_when_the_money_is_spent() -> None:
    own = FakeProvider("yes")
    engine = Engine(max_cost=0.5, spent=3.0)
    assert (await ask(engine, Target(own, ModelInfo("fake", "one")))).text == "yes"
    assert engine.price(Target(own, ModelInfo("fake", "one", price=Price(5.0, 5.0))), Usage(10**6, 10**6)) == 0.0
    assert engine.cost == 0.0


async def test_a_second_question_for_the_schema_is_within_the_bound_too() -> None:
    broken: Answer = [TextDelta("no JSON"), Usage(1, ANSWER), Done(Finish.STOP)]
    right: Answer = [TextDelta('{"word": "hi"}'), Usage(1, ANSWER), Done(Finish.STOP)]
    provider, target = paid(broken, right)
    with pytest.raises(BudgetError):
        await ask(Engine(max_cost=1.5), target, schema=SCHEMA)
    assert len(provider.requests) == 1
    provider, target = paid(broken, right)
    engine = Engine(max_cost=2.0)
    assert (await ask(engine, target, schema=SCHEMA)).data == {"word": "hi"}
    assert engine.cost == pytest.approx(2.0)


async def test_a_second_answer_that_breaks_off_is_handed_back_as_cut() -> None:
    _, target = paid("no JSON", [TextDelta('{"word": '), Done(Finish.LENGTH)])
    reply = await ask(Engine(), target, schema=SCHEMA)
    assert (reply.text, reply.finish, reply.data) == ('{"word": ', Finish.LENGTH, None)


async def test_an_empty_answer_is_an_error_unless_it_was_cut_off() -> None:
    with pytest.raises(BadReplyError, match="the answer is empty"):
        await ask(Engine(), paid("  \n")[1])
    cut = await ask(Engine(), paid([TextDelta(" "), Done(Finish.LENGTH)])[1])
    assert cut.finish is Finish.LENGTH


async def test_only_whole_answers_are_kept_and_a_kept_one_costs_nothing() -> None:
    class Memory(dict[str, Reply]):
        def key(self, target: str, request: Request) -> str:
            return request.messages[0].text

        def put(self, key: str, reply: Reply) -> None:
            self[key] = reply

    memory = Memory()
    _, target = paid([TextDelta("half"), Done(Finish.LENGTH)], [TextDelta("whole"), Usage(1, 10), Done(Finish.STOP)])
    first = Engine(cache=memory)
    await ask(first, target, "a")
    assert memory == {}
    await ask(first, target, "a")
    again = Engine(cache=memory)
    reply = await ask(again, target, "a")
    assert (reply.text, reply.usage, again.usage, again.cost) == ("whole", None, None, 0.0)


async def test_the_request_knows_of_the_model() -> None:
    provider, target = paid("yes", context_window=4321)
    await ask(Engine(), target)
    assert provider.requests[0].info == target.info
