"""Whatever JSON a server makes up, the answer is events or one of our errors, never a traceback."""

from __future__ import annotations

import asyncio
import importlib
import json
from typing import Any

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from voices import MODEL, VOICES, Voice

from contentkit.core.chat import Done, Event, Message, ReasoningDelta, Request, TextDelta
from contentkit.core.errors import ContentkitError
from contentkit.core.model import Endpoint
from contentkit.providers._wire import HttpProvider

REQUEST = Request(MODEL, (Message.of("user", "Hello."),))
_NAMES = (
    "error message code type status detail details choices delta content text finish_reason usage prompt_tokens model "
    "response output item part reasoning refusal metadata raw candidates parts finishReason promptFeedback "
    "usageMetadata content_block index stop_reason done done_reason summary thinking"
)
_WORDS = "response.output_text.delta response.completed error message_start content_block_delta message_delta stop x"
NAMES, WORDS = st.sampled_from(_NAMES.split()), st.sampled_from(_WORDS.split())
LEAVES = st.none() | st.booleans() | st.integers(-1, 600) | st.floats(allow_nan=False) | WORDS
SHAPES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4))
DEEP = json.loads("[" * 300 + "]" * 300)


async def outcome(voice: Voice, status: int, body: str, content_type: str) -> list[Event] | ContentkitError:
    answer = httpx.MockTransport(
        lambda _: httpx.Response(status, content=body.encode(), headers={"content-type": content_type})
    )
    endpoint = Endpoint("vendor", voice.provider, "http://127.0.0.1:9", settings={**voice.settings, "retries": 0})
    provider = HttpProvider(
        endpoint, importlib.import_module(f"contentkit.providers.{voice.provider}"), transport=answer
    )
    try:
        return [event async for event in provider.stream(REQUEST)]
    except ContentkitError as error:
        return error
    finally:
        await provider.aclose()


def framed(voice: Voice, frames: list[Any]) -> str:
    lines = [json.dumps(frame) for frame in frames]
    if voice.content_type == "application/x-ndjson":
        return "".join(f"{line}\n" for line in lines)
    return "".join(f"data: {line}\n\n" for line in lines)


def holds(result: list[Event] | ContentkitError) -> None:
    if isinstance(result, ContentkitError):
        assert isinstance(result.message, str)
        assert result.message
        assert str(result)
        return
    assert sum(isinstance(event, Done) for event in result) == 1
    assert isinstance(result[-1], Done)
    for event in result:
        if isinstance(event, TextDelta | ReasoningDelta):
            assert isinstance(event.text, str)


@pytest.mark.parametrize("voice", VOICES, ids=repr)
@settings(max_examples=60, deadline=None)
@given(
    frames=st.lists(SHAPES, min_size=1, max_size=3),
    status=st.sampled_from([200, 200, 400, 429, 500]),
    whole=st.booleans(),
)
@example(frames=[{"error": 7}], status=400, whole=True)
@example(frames=[{"error": {"message": {"a": 1}, "code": [1], "type": 5}}], status=429, whole=True)
@example(
    frames=[{"type": "response.output_text.delta", "delta": 5}, {"choices": [{"delta": {"content": 5}}]}],
    status=200,
    whole=False,
)
@example(frames=[{"output": [{"content": [{"type": "output_text", "text": 5}]}]}], status=200, whole=True)
@example(frames=[DEEP], status=200, whole=False)
def test_no_shape_breaks_a_dialect(voice: Voice, frames: list[Any], status: int, whole: bool) -> None:
    body = json.dumps(frames[0]) if whole else framed(voice, frames)
    content_type = "application/json" if whole else voice.content_type
    holds(asyncio.run(outcome(voice, status, body, content_type)))


@pytest.mark.parametrize("voice", VOICES, ids=repr)
@pytest.mark.parametrize("status", [200, 400])
def test_json_nested_without_an_end_breaks_nothing(voice: Voice, status: int) -> None:
    deep = '{"error": ' + "[" * 100_000 + "]" * 100_000 + "}"
    assert isinstance(asyncio.run(outcome(voice, status, deep, "application/json")), ContentkitError)
