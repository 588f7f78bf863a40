"""``transformers serve``, a third party's OpenAI-like server, asked through our dialects; and beside it, in-process."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from asking import QUESTIONS, ask, endpoint, events, in_process, request, whole

from contentkit.core.chat import Finish, TextDelta, fold
from contentkit.core.contracts import Provider
from contentkit.core.errors import BadRequestError, ProviderError, UnreachableError
from contentkit.providers import openai


def connect(url: str, **settings: Any) -> Provider:
    return openai.connect(endpoint("served", "openai", url, max_tokens_field="max_tokens", **settings))


@pytest.fixture
def model() -> str:
    from tinymodel import tiny_model

    return str(tiny_model())


@pytest.mark.parametrize("text", QUESTIONS)
async def test_the_in_process_model_gives_the_same_greedy_tokens(text: str, served: str, model: str) -> None:
    theirs = await ask(connect(served), model, text)
    ours = await in_process(text)
    assert whole(theirs.text) == ours.text != ""
    assert theirs.usage is not None
    assert ours.usage is not None
    assert (theirs.usage.input_tokens, theirs.usage.output_tokens) == (
        ours.usage.input_tokens,
        ours.usage.output_tokens,
    )
    assert theirs.finish is ours.finish is Finish.LENGTH


async def test_a_system_message_means_the_same_to_both(served: str, model: str) -> None:
    theirs = await ask(connect(served), model, QUESTIONS[0], system="Be short.")
    assert whole(theirs.text) == (await in_process(QUESTIONS[0], system="Be short.")).text


async def test_the_answer_streams(served: str, model: str) -> None:
    told = await events(connect(served), request(model, QUESTIONS[0]))
    assert sum(isinstance(event, TextDelta) for event in told) > 10


async def test_the_responses_dialect(served: str, model: str) -> None:
    reply = await ask(connect(served, api="responses"), model, QUESTIONS[0])
    assert whole(reply.text) == (await in_process(QUESTIONS[0])).text
    assert reply.usage is not None
    assert reply.usage.output_tokens == 48


async def test_the_server_lists_its_models(served: str) -> None:
    provider = connect(served)
    assert isinstance(await provider.models(), list | tuple)
    await provider.aclose()


async def test_an_unknown_model_is_a_bad_request(served: str) -> None:
    with pytest.raises(ProviderError) as caught:
        await ask(connect(served), "house/nothing", QUESTIONS[0])
    assert isinstance(caught.value, BadRequestError)
    assert caught.value.status in (400, 404)


async def test_a_field_that_the_server_does_not_know_is_a_bad_request(served: str, model: str) -> None:
    odd = openai.connect(endpoint("served", "openai", served, max_tokens_field="most_tokens"))
    with pytest.raises(BadRequestError, match="most_tokens") as caught:
        await ask(odd, model, QUESTIONS[0])
    assert caught.value.status in (400, 422)


async def test_an_answer_broken_off_leaves_the_server_well(served: str, model: str) -> None:
    begun = asyncio.Event()

    async def listen() -> None:
        async for event in connect(served).stream(request(model, QUESTIONS[0], max_tokens=3000)):
            if isinstance(event, TextDelta):
                begun.set()

    task = asyncio.create_task(listen())
    await asyncio.wait_for(begun.wait(), 30)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await ask(connect(served), model, QUESTIONS[0])).text


async def test_questions_at_the_same_time(served: str, model: str) -> None:
    replies = await asyncio.gather(*(ask(connect(served), model, text) for text in QUESTIONS))
    assert [whole(reply.text) for reply in replies] == [(await in_process(text)).text for text in QUESTIONS]


async def test_a_server_that_is_gone_is_unreachable() -> None:
    asked = request("tiny", QUESTIONS[0], deadline=3)
    with pytest.raises(UnreachableError):
        fold(await events(connect("http://127.0.0.1:9/v1"), asked))
