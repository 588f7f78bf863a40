"""One question to a provider of any kind, for the tests with real servers."""

from __future__ import annotations

from typing import Any

from contentkit.core.chat import Event, Message, Options, Reply, Request, Schema, fold
from contentkit.core.contracts import Provider
from contentkit.core.model import Endpoint, Secret
from contentkit.providers import transformers

QUESTIONS = [
    "Tell me of the library.",
    "What changed in this release, and whom does it touch?",
    "図書館は何時に開きますか。",
    "Write naïve words: café, 👩‍👩‍👧‍👦.",
]


def endpoint(name: str, like: str, url: str = "", key: str = "", **settings: Any) -> Endpoint:
    return Endpoint(name, like, url, key=Secret(key) if key else None, local=True, settings=settings)


def request(
    model: str, text: str, *, system: str = "", schema: Schema | None = None, deadline: float = 60, **options: Any
) -> Request:
    """Greedy, and at most 48 tokens, unless asked otherwise."""
    wishes = Options(**{"max_tokens": 48, "temperature": 0.0, **options})
    messages = (*((Message.of("system", system),) if system else ()), Message.of("user", text))
    return Request(model, messages, options=wishes, schema=schema, deadline=deadline)


async def events(provider: Provider, asked: Request) -> list[Event]:
    """All events of the answer; the provider is closed afterwards."""
    try:
        return [event async for event in provider.stream(asked)]
    finally:
        await provider.aclose()


async def ask(provider: Provider, model: str, text: str, **wishes: Any) -> Reply:
    return fold(await events(provider, request(model, text, **wishes)))


async def in_process(text: str, **wishes: Any) -> Reply:
    """The same question to the tiny model in this process."""
    from tinymodel import tiny_model

    provider = transformers.connect(endpoint("transformers", "transformers", device="cpu", threads=1))
    return await ask(provider, str(tiny_model()), text, **wishes)


def whole(text: str) -> str:
    """Without the half of a character that the last token left; servers show it, we do not."""
    return text.rstrip("�")
