"""Which model is taken when nobody says, with real servers on loopback."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from contentkit.kit import choose as module
from contentkit.kit.choose import choose, local_servers
from contentkit.kit.config import Config, load

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]
OPENAI_LIST = json.dumps({"object": "list", "data": [{"id": "text-embedding-nomic"}, {"id": "qwen3-4b"}]}).encode()
OLLAMA_LIST = json.dumps(
    {
        "models": [
            {"name": "gpt-oss:cloud", "remote_host": "https://ollama.com"},
            {"name": "bge-m3"},
            {"name": "gemma3:1b"},
        ]
    }
).encode()


def whole(body: bytes, head: str = "HTTP/1.1 200 OK", *more: str) -> Answer:
    async def answer(writer: asyncio.StreamWriter) -> None:
        lines = [head, "Content-Type: application/json", *more]
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        writer.close()

    return answer


@asynccontextmanager
async def server(answer: Answer) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server on loopback; gives its address and the questions it got."""
    heard: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        await answer(writer)

    running = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{running.sockets[0].getsockname()[1]}", heard
    finally:
        running.close()


@pytest.fixture(autouse=True)
def no_model_in_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_cached", lambda: None)


@pytest.fixture
def settle(home: Path, tmp_path: Path) -> Callable[..., Config]:
    """The configuration from a user's file; well-known ports are switched off, since something may run there."""

    def settle(text: str = "", **env: str) -> Config:
        path = home / "config" / "contentkit" / "config.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        quiet = "".join(f"[providers.{name}]\nprobe = false\n" for name in ("lmstudio", "vllm", "llamacpp"))
        path.write_text(text + quiet)
        return load(tmp_path, {"OLLAMA_HOST": "127.0.0.1:1", **env})

    return settle


async def test_offline_when_nothing_is_at_hand(settle: Callable[..., Config]) -> None:
    choice = await choose(settle())
    assert choice.model == "offline:draft"
    assert "contentkit doctor" in choice.why


async def test_the_order(settle: Callable[..., Config], monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: object) -> dict[str, list[str]]:
        raise AssertionError("local servers were asked although something earlier decided")

    monkeypatch.setattr(module, "local_servers", never)
    keyed = {"MISTRAL_API_KEY": "k", "ANTHROPIC_API_KEY": "k"}
    config = settle("model = 'ollama:mine'\n", **keyed, CONTENTKIT_MODEL="groq:env")
    assert await choose(config, asked="xai:grok") == module.Choice("xai:grok", "asked for with --model")
    assert await choose(config) == module.Choice("groq:env", "set in CONTENTKIT_MODEL")
    configured = await choose(settle("model = 'ollama:mine'\n", **keyed))
    assert configured.model == "ollama:mine"
    assert configured.why.endswith("config.toml")
    by_key = await choose(settle(**keyed))
    assert by_key.model.startswith("anthropic:")
    assert len(by_key.model) > len("anthropic:")
    assert by_key.why == "ANTHROPIC_API_KEY is set"
    own = settle("[providers.mistral]\nmodel = 'my-choice'\n", MISTRAL_API_KEY="k")
    assert (await choose(own)).model == "mistral:my-choice"


async def test_code_goes_only_to_a_model_that_was_named(settle: Callable[..., Config]) -> None:
    config = settle(OPENAI_API_KEY="sk-x")
    kept = await choose(config, preferred=["openai:gpt-4o"], named=True)
    assert kept.model == module.OFFLINE
    assert "only where you name one" in kept.why
    assert (await choose(config, asked="openai:gpt-4o", named=True)).model == "openai:gpt-4o"
    configured = settle('model = "ollama:qwen3:14b"\n')
    assert (await choose(configured, named=True)).model == "ollama:qwen3:14b"


async def test_a_key_alone_is_not_enough_for_azure(settle: Callable[..., Config]) -> None:
    assert (await choose(settle(AZURE_OPENAI_API_KEY="k"))).model == "offline:draft"


@pytest.mark.parametrize("head", ["HTTP/1.1 200 OK", "HTTP/1.0 200 OK"])
async def test_a_local_server_that_answers(settle: Callable[..., Config], head: str) -> None:
    async with server(whole(OLLAMA_LIST, head)) as (url, heard):
        choice = await choose(settle(OLLAMA_HOST=url))
        assert choice == module.Choice("ollama:gemma3:1b", f"a server answers at {url.removeprefix('http://')}")
    assert [question.split(b"\r\n")[0] for question in heard] == [b"GET /api/tags HTTP/1.0"]
    assert b"uthorization" not in heard[0]
    halves = b"%x\r\n%s\r\n%x;x=y\r\n%s\r\n0\r\n\r\n" % (9, OPENAI_LIST[:9], len(OPENAI_LIST) - 9, OPENAI_LIST[9:])
    for answer in (
        whole(halves, head, "Transfer-Encoding: chunked"),
        whole(OPENAI_LIST, head, f"Content-Length: {len(OPENAI_LIST)}"),
    ):
        async with server(answer) as (url, heard):
            choice = await choose(settle(f"[providers.box]\nlike='openai'\nurl='{url}/v1'\nprobe=true\n"))
            assert choice.model == "box:qwen3-4b"
        assert heard[0].startswith(b"GET /v1/models HTTP/1.0\r\n")


async def _hang(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(5)


async def _drip(writer: asyncio.StreamWriter) -> None:
    for letter in b"HTTP/1.1 200 OK\r\n" * 10:
        writer.write(bytes([letter]))
        await asyncio.sleep(0.05)


async def test_slow_servers_cost_three_tenths_of_a_second_in_all(settle: Callable[..., Config]) -> None:
    async with server(_hang) as (a, _), server(_drip) as (b, _), server(whole(OPENAI_LIST)) as (c, _):
        stanzas = "".join(
            f"[providers.s{at}]\nlike='openai'\nurl='{url}'\nprobe=true\n" for at, url in enumerate((a, b, c))
        )
        started = time.monotonic()
        choice = await choose(settle(stanzas))
        assert choice.model == "s2:qwen3-4b"
        assert time.monotonic() - started < 3  # either of the slow ones takes longer


@pytest.mark.parametrize(
    "answer",
    [
        whole(OPENAI_LIST, "HTTP/1.1 401 Unauthorized"),
        whole(b"<html>"),
        whole(b"[1]"),
        whole(b"{}"),
        whole(b'{"data": 3}'),
        whole(b'{"data": [3, {"id": 7}, {}]}'),
        whole(b'{"data": [{"id": "nomic-embed-text"}]}'),
        whole(b"[" * 200_000),
        whole(b"\xff\xfe"),
        whole(b"zz\r\n", "HTTP/1.1 200 OK", "Transfer-Encoding: chunked"),
        whole(b"{", "HTTP/1.1 200 OK", "Content-Length: 99"),
        whole(b"", "SSH-2.0-OpenSSH_9"),
        whole(b"", "x" * 200_000),
    ],
)  # fmt: skip
async def test_what_is_no_model_server_is_passed_over(settle: Callable[..., Config], answer: Answer) -> None:
    async with server(answer) as (url, heard):
        choice = await choose(settle(f"[providers.box]\nlike='openai'\nurl='{url}/v1'\nprobe=true\n"))
        assert choice.model == "offline:draft"
        assert len(heard) == 1


async def test_only_loopback_is_asked_and_nothing_when_switched_off(
    settle: Callable[..., Config], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def listed(url: str) -> list[str]:
        asked.append(url)
        return ["a-model"]

    monkeypatch.setattr(module, "_listed", listed)
    for host in ("10.0.0.1", "localhost.example", "https://localhost", "0x7f.1", "[::2]", "a.localhost"):
        assert await local_servers(settle(OLLAMA_HOST=host)) == {}
    assert await local_servers(settle(OLLAMA_HOST="localhost", CONTENTKIT_PROBE="0")) == {}
    assert asked == []
    assert await local_servers(settle(OLLAMA_HOST="localhost")) == {"ollama": ["a-model"]}
    assert asked == ["http://localhost:11434/api/tags"]


def test_a_cached_model_needs_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    hub = pytest.importorskip("contentkit.models.hub")
    monkeypatch.undo()
    monkeypatch.setattr(hub, "cached_models", lambda: ["some/embedding-model", "some/model"])
    monkeypatch.setattr(module, "find_spec", lambda name: name)
    assert module._cached() == module.Choice("transformers:some/model", "it is in the hub cache on this machine")
    monkeypatch.setattr(module, "find_spec", lambda name: None if name == "torch" else name)
    assert module._cached() is None


async def test_a_prompt_prefers_what_is_at_hand(settle: Callable[..., Config]) -> None:
    preferred = ("nobody:x", "groq:fast", "ollama:gemma3:1b", "anthropic:fine")
    keyed = await choose(settle(ANTHROPIC_API_KEY="k", MISTRAL_API_KEY="k"), preferred=preferred)
    assert keyed == module.Choice("anthropic:fine", "the prompt prefers it, and ANTHROPIC_API_KEY is set")
    async with server(whole(OLLAMA_LIST)) as (url, _):
        served = await choose(settle(OLLAMA_HOST=url, ANTHROPIC_API_KEY="k"), preferred=preferred)
        assert served.model == "ollama:gemma3:1b"
        others = settle(OLLAMA_HOST=url, ANTHROPIC_API_KEY="k")
        assert (await choose(others, preferred=("ollama:gone", "anthropic:fine"))).model == "anthropic:fine"
    said = await choose(settle("model = 'xai:mine'\n", ANTHROPIC_API_KEY="k"), preferred=preferred)
    assert said.model == "xai:mine"
