"""The llama.cpp server with the same tiny model as GGUF, asked through our OpenAI dialect."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asking import QUESTIONS, ask, endpoint, events, in_process, request

from contentkit.core.chat import Finish, Schema, TextDelta
from contentkit.core.contracts import Provider
from contentkit.core.errors import BadReplyError, ProviderError
from contentkit.providers import openai

COUNT = Schema(
    "count",
    {
        "type": "object",
        "properties": {"place": {"enum": ["x", "bluesky"]}, "fit": {"type": "boolean"}},
        "required": ["place", "fit"],
        "additionalProperties": False,
    },
)


def connect(url: str, **settings: Any) -> Provider:
    return openai.connect(
        endpoint("llamacpp", "openai", url, max_tokens_field="max_tokens", schema="native", **settings)
    )


async def test_the_answer_streams_and_ends(llamacpp: str) -> None:
    told = await events(connect(llamacpp), request("tiny", QUESTIONS[0]))
    assert sum(isinstance(event, TextDelta) for event in told) > 10


@pytest.mark.parametrize("text", QUESTIONS)
async def test_another_engine_gives_the_same_greedy_beginning(text: str, llamacpp: str) -> None:
    """Two implementations round differently, so that only the first tokens must agree. This one neither shows nor
    counts tokens that are no character, so that it may say a word more."""
    theirs = await ask(connect(llamacpp), "tiny", text, max_tokens=12)
    ours = await in_process(text, max_tokens=12)
    assert len(ours.text) > 20
    assert theirs.text.startswith(ours.text.replace("�", ""))
    assert theirs.finish is Finish.LENGTH


async def test_a_stop_string_ends_the_answer_alike(llamacpp: str) -> None:
    text = (await in_process(QUESTIONS[0], max_tokens=12)).text
    stop = text.rpartition("�")[2][2:5]
    theirs = await ask(connect(llamacpp), "tiny", QUESTIONS[0], max_tokens=12, stop=(stop,))
    ours = await in_process(QUESTIONS[0], max_tokens=12, stop=(stop,))
    assert theirs.text == ours.text.replace("�", "") == text[: text.index(stop)].replace("�", "")
    assert theirs.finish is ours.finish is Finish.STOP


async def test_the_server_holds_the_answer_to_a_schema(llamacpp: str) -> None:
    provider = connect(llamacpp, schema_under_type=True)
    assert provider.takes_schema(request("tiny", "x", schema=COUNT))
    reply = await ask(provider, "tiny", QUESTIONS[0], schema=COUNT, max_tokens=300)
    assert set(json.loads(reply.text)) == {"place", "fit"}


async def test_the_server_lists_its_model(llamacpp: str) -> None:
    provider = connect(llamacpp)
    assert list(await provider.models()) == ["tiny"]
    await provider.aclose()


async def test_a_question_longer_than_the_window_is_an_error_and_no_empty_answer(llamacpp: str) -> None:
    """This server says so only without streaming; with it, it answers 200 and closes."""
    from tinymodel import WINDOW

    with pytest.raises(BadReplyError, match="ended early"):
        await ask(connect(llamacpp), "tiny", "library " * WINDOW)


async def test_a_request_that_the_server_does_not_take_is_an_error_of_ours(llamacpp: str) -> None:
    with pytest.raises(ProviderError) as caught:
        await ask(connect(llamacpp), "tiny", QUESTIONS[0], temperature="warm", deadline=10)
    assert caught.value.status in (400, 422, 500)
