"""litellm's proxy, a third party's Anthropic and Gemini server, in front of ``transformers serve``.

Runs where CONTENTKIT_LITELLM names the program (it wants a virtual environment of its own: ``pip install
'litellm[proxy]'``). What it can't show: the vendors' own errors and Gemini's counts in a stream, which it makes up.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from asking import QUESTIONS, ask, endpoint, events, in_process, request, whole
from running import free_port, running

from contentkit.core.chat import Finish, Reply, TextDelta
from contentkit.core.contracts import Provider
from contentkit.core.errors import ProviderError
from contentkit.providers import anthropic, gemini, openai

PROGRAM = os.environ.get("CONTENTKIT_LITELLM", "")  # read before the tests hide our own variables
KEY = "sk-test-canary-1234"

pytestmark = pytest.mark.skipif(not PROGRAM, reason="CONTENTKIT_LITELLM does not name litellm's program")


@pytest.fixture(scope="session")
def proxy(served: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Base URL of the proxy, without /v1."""
    from tinymodel import tiny_model

    folder = tmp_path_factory.mktemp("litellm")
    behind = {"model": f"openai/{tiny_model()}", "api_base": served, "api_key": "none"}
    config = {
        "model_list": [{"model_name": "tiny", "litellm_params": behind}],
        "litellm_settings": {
            "telemetry": False,
            "drop_params": True,
            "use_chat_completions_url_for_anthropic_messages": True,
        },
        "router_settings": {"disable_cooldowns": True, "num_retries": 0},
        "general_settings": {"master_key": KEY},
    }
    path: Path = folder / "config.json"
    path.write_text(json.dumps(config))
    port = free_port()
    command = [PROGRAM, "--config", str(path), "--host", "127.0.0.1", "--port", str(port), "--telemetry", "False"]
    environ = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "HF_HUB_OFFLINE": "1"}
    with running(command, f"http://127.0.0.1:{port}/health/liveliness", folder / "log", environ):
        yield f"http://127.0.0.1:{port}"


def connect(dialect: str, url: str, key: str = KEY) -> Provider:
    match dialect:
        case "anthropic":
            return anthropic.connect(endpoint("anthropic", "anthropic", url, key, version="2023-06-01"))
        case "gemini":
            return gemini.connect(endpoint("gemini", "gemini", f"{url}/v1beta", key))
        case _:
            settings = {"max_tokens_field": "max_tokens"}
            return openai.connect(endpoint("litellm", "openai", f"{url}/v1", key, **settings))


DIALECTS = ["anthropic", "gemini", "openai"]


@pytest.mark.parametrize("text", QUESTIONS)
@pytest.mark.parametrize("dialect", DIALECTS)
async def test_the_answer_is_the_models(dialect: str, text: str, proxy: str) -> None:
    theirs = await ask(connect(dialect, proxy), "tiny", text, system="Be short.", deadline=120)
    ours = await in_process(text, system="Be short.")
    assert whole(theirs.text) == ours.text != ""
    assert theirs.finish is Finish.LENGTH
    _compare_usage(dialect, theirs, ours)


def _compare_usage(dialect: str, theirs: Reply, ours: Reply) -> None:
    if dialect == "gemini":  # this proxy sends zeros in a Gemini stream
        return
    assert theirs.usage is not None
    assert ours.usage is not None
    assert theirs.usage.output_tokens == ours.usage.output_tokens
    assert theirs.usage.input_tokens == ours.usage.input_tokens


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_the_answer_streams(dialect: str, proxy: str) -> None:
    told = await events(connect(dialect, proxy), request("tiny", QUESTIONS[0], deadline=120))
    assert sum(isinstance(event, TextDelta) for event in told) > 10


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_a_wrong_key_is_an_error_that_does_not_show_it(dialect: str, proxy: str) -> None:
    """Without a database of keys the proxy answers 400 and not 401, so that the kind of the error is not asserted."""
    with pytest.raises(ProviderError) as caught:
        await ask(connect(dialect, proxy, key="sk-wrong-canary"), "tiny", QUESTIONS[0])
    assert "canary" not in str(caught.value) + repr(caught.value)
    assert caught.value.status in (400, 401)


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_an_unknown_model_is_an_error_of_ours(dialect: str, proxy: str) -> None:
    with pytest.raises(ProviderError) as caught:
        await ask(connect(dialect, proxy), "nothing", QUESTIONS[0], deadline=20)
    assert caught.value.vendor


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_a_long_answer_in_many_pieces(dialect: str, proxy: str) -> None:
    theirs = await ask(connect(dialect, proxy), "tiny", QUESTIONS[1], max_tokens=400, deadline=120)
    assert whole(theirs.text) == (await in_process(QUESTIONS[1], max_tokens=400)).text
