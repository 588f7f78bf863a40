"""Whatever JSON a server sends, a reader gives events or one of our errors, and ends at most once."""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any

import pytest
import test_provider_anthropic as from_anthropic
import test_provider_gemini as from_gemini
import test_provider_ollama as from_ollama
from hypothesis import given, settings
from hypothesis import strategies as st

from contentkit.core.chat import Done, Message, Request
from contentkit.core.errors import ProviderError
from contentkit.core.model import Endpoint
from contentkit.providers import anthropic, gemini, ollama
from contentkit.providers._wire.frames import Frame
from contentkit.providers._wire.shapes import count

WORDS = [
    "type",
    "delta",
    "text",
    "text_delta",
    "content_block_delta",
    "message",
    "message_start",
    "message_delta",
    "usage",
    "message_stop",
    "stop_reason",
    "content",
    "thinking",
    "error",
    "candidates",
    "parts",
    "finishReason",
    "index",
    "usageMetadata",
    "promptTokenCount",
    "promptFeedback",
    "blockReason",
    "done",
    "done_reason",
    "eval_count",
    "id",
]
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 10**6)
    | st.floats(allow_nan=False)
    | st.sampled_from(WORDS)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=5),
    max_leaves=12,
)
REQUEST = Request("m", (Message.of("user", "Hello"),))
MODULES = pytest.mark.parametrize("module", [anthropic, gemini, ollama], ids=lambda module: module.__name__[21:])


def reader(module: ModuleType) -> Any:
    return module.reader(REQUEST, Endpoint("v", "v", "http://127.0.0.1:9"))


POOLS = {
    anthropic: [from_anthropic.start(), from_anthropic.delta("x"), from_anthropic.PING, *from_anthropic.end()],
    gemini: [from_gemini.chunk("x"), from_gemini.chunk("y", "STOP"), from_gemini.chunk("", "SAFETY")],
    ollama: [from_ollama.line("x"), from_ollama.last(), from_ollama.last("length")],
}


@MODULES
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_streams(module: ModuleType, data: st.DataObject) -> None:
    """Good messages in any order and number, with anything between them."""
    values = data.draw(st.lists(st.sampled_from(POOLS[module]) | VALUES, max_size=8))
    reading, events = reader(module), []
    try:
        for value in values:
            events += reading.feed(Frame("", json.dumps(value)))
        events += reading.close()
    except ProviderError:
        return
    assert [isinstance(event, Done) for event in events] == [False] * (len(events) - 1) + [True]


@MODULES
@settings(max_examples=300, deadline=None)
@given(body=st.dictionaries(st.sampled_from(WORDS), VALUES, max_size=6))
def test_whole_answers(module: ModuleType, body: dict[str, Any]) -> None:
    try:
        events = list(reader(module).whole(body))
    except ProviderError:
        return
    assert isinstance(events[-1], Done)


@given(value=st.floats() | VALUES)
def test_counts(value: Any) -> None:
    assert count(value) >= 0


@MODULES
@settings(max_examples=300, deadline=None)
@given(status=st.sampled_from([200, 400, 401, 403, 404, 413, 429, 500, 529]), body=VALUES.map(json.dumps) | st.text())
def test_errors(module: ModuleType, status: int, body: str) -> None:
    assert isinstance(module.classify(status, {}, body), ProviderError)
