"""Whatever JSON a server sends, a reader gives events or one of our errors, and ends at most once."""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contentkit.core.chat import Done, Message, Request
from contentkit.core.errors import ProviderError
from contentkit.core.model import Endpoint
from contentkit.providers import anthropic, gemini, ollama
from contentkit.providers._frames import Frame
from contentkit.providers._shapes import count

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


@MODULES
@settings(max_examples=300, deadline=None)
@given(values=st.lists(VALUES, max_size=6))
def test_streams(module: ModuleType, values: list[Any]) -> None:
    reading, events = reader(module), []
    try:
        for value in values:
            events += reading.feed(Frame("", json.dumps(value)))
        events += reading.close()
    except ProviderError:
        return
    assert sum(isinstance(event, Done) for event in events) == 1


@MODULES
@settings(max_examples=300, deadline=None)
@given(body=st.dictionaries(st.sampled_from(WORDS), VALUES, max_size=6))
def test_whole_answers(module: ModuleType, body: dict[str, Any]) -> None:
    try:
        events = list(reader(module).whole(body))
    except ProviderError:
        return
    assert isinstance(events[-1], Done)


@given(value=VALUES)
def test_counts(value: Any) -> None:
    assert count(value) >= 0


@MODULES
@settings(max_examples=300, deadline=None)
@given(status=st.sampled_from([200, 400, 401, 403, 404, 413, 429, 500, 529]), body=VALUES.map(json.dumps) | st.text())
def test_errors(module: ModuleType, status: int, body: str) -> None:
    assert isinstance(module.classify(status, {}, body), ProviderError)
