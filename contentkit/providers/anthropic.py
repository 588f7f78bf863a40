"""Anthropic's Messages API: ``anthropic:MODEL``.

Settings of the endpoint: ``version`` (the ``anthropic-version`` header), ``prompt_cache`` ("5m" or "1h": have the
vendor keep the system prompt and the first turn, which hold the sources, for the next question. Writing costs a quarter
more, or twice as much for an hour; reading a tenth, so it pays from the second question with the same beginning).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import cast

from contentkit.core.chat import Image, Message, Request
from contentkit.core.contracts import Provider
from contentkit.core.errors import ProviderError, UsageError
from contentkit.core.model import Endpoint, Secret
from contentkit.providers import _anthropic_reader
from contentkit.providers._anthropic_batches import AnthropicBatches
from contentkit.providers._wire import Call, Dialect, HttpProvider, bearer
from contentkit.providers._wire import schemas as _schemas
from contentkit.providers._wire import turns as _turns
from contentkit.providers._wire.shapes import Json, items, obj, text

VERSION = "2023-06-01"
NO_SAMPLING_SINCE = "2026-10-21"
"""From this API version on, temperature and top_p are an error even at their defaults."""

MAX_TOKENS, UNKNOWN_MAX_TOKENS = 32_000, 8_192
"""The answer's bound when none is asked (the field is required): for models whose own bound is known, and not."""

CACHED_FROM = 4096
"""Bytes of a block from which keeping it can pay; the vendor keeps nothing under 1,024 tokens."""

IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
NO_EFFORT = (
    "claude-3",
    "claude-haiku-4-5",
    "claude-opus-4-0",
    "claude-opus-4-1",
    "claude-opus-4-2",
    "claude-sonnet-4-0",
    "claude-sonnet-4-2",
    "claude-sonnet-4-5",
)
"""Beginnings of the names of models that answer 400 to ``output_config.effort``."""


def build(request: Request, endpoint: Endpoint) -> Call:
    """The HTTP call that asks the question."""
    _turns.refuse_images(request, endpoint, IMAGES)
    system, turns = _turns.split(request.messages)
    knobs, notices = _knobs(request, endpoint)
    body: Json = {
        "model": request.model,
        "messages": [{"role": turn.role, "content": _blocks(turn)} for turn in turns],
        "stream": True,
        **knobs,
    }
    if system:
        body["system"] = [{"type": "text", "text": system}]
    if config := _output_config(request, endpoint, notices):
        body["output_config"] = config
    if kept := _kept(endpoint):
        _mark([*body.get("system", []), body["messages"][0]["content"][-1]], kept)
    return Call("POST", f"{_base(endpoint)}/v1/messages", _headers(endpoint), body, "sse", tuple(notices))


def _base(endpoint: Endpoint) -> str:
    return endpoint.url.rstrip("/").removesuffix("/v1")


def _version(endpoint: Endpoint) -> str:
    return str(endpoint.settings.get("version") or VERSION)


def _headers(endpoint: Endpoint) -> dict[str, str | Secret]:
    return {"anthropic-version": _version(endpoint), **bearer(endpoint, "x-api-key", "")}


def _blocks(turn: Message) -> list[Json]:
    return [_image(part) if isinstance(part, Image) else {"type": "text", "text": part.text} for part in turn.parts]


def _image(image: Image) -> Json:
    source = {"type": "base64", "media_type": image.media_type, "data": _turns.base64(image)}
    return {"type": "image", "source": source}


def _knobs(request: Request, endpoint: Endpoint) -> tuple[Json, list[str]]:
    """The options as the API names them, and a notice for each that had to go."""
    options = request.options
    notices: list[str] = []
    knobs: Json = {"max_tokens": _max_tokens(request, notices), **_sampling(request, endpoint, notices)}
    if options.stop:
        if not all(stop.strip() for stop in options.stop):
            raise UsageError("Anthropic takes no stop string of spaces and line ends alone.")
        knobs["stop_sequences"] = list(options.stop)
    if options.seed is not None:
        notices.append(_turns.left_out(request, endpoint, "seed"))
    return knobs, notices


def _max_tokens(request: Request, notices: list[str]) -> int:
    bound = request.info.max_output if request.info else None
    asked = request.options.max_tokens
    if asked is None:
        return min(bound, MAX_TOKENS) if bound else UNKNOWN_MAX_TOKENS
    if bound and asked > bound:
        notices.append(f"{request.model} writes at most {bound:,} tokens; max_tokens {asked:,} was lowered to it")
        return bound
    return asked


def _sampling(request: Request, endpoint: Endpoint, notices: list[str]) -> Json:
    wanted = _turns.sampling(request, endpoint, notices, temperature="temperature", top_p="top_p")
    if _version(endpoint) >= NO_SAMPLING_SINCE:
        notices += [_turns.left_out(request, endpoint, name) for name in wanted]
        return {}
    if len(wanted) == 2:  # newer models take one of them
        notices.append("Anthropic takes temperature or top_p, not both; top_p was left out")
        del wanted["top_p"]
    if wanted.get("temperature", 0.0) > 1.0:
        notices.append(f"Anthropic's temperature ends at 1; {wanted['temperature']:g} was lowered to it")
        wanted["temperature"] = 1.0
    return wanted


def _output_config(request: Request, endpoint: Endpoint, notices: list[str]) -> Json:
    config: Json = {}
    effort = request.options.effort
    if effort is not None:
        if request.model.startswith(NO_EFFORT) or (request.info is not None and request.info.reasoning is False):
            notices.append(_turns.left_out(request, endpoint, "effort"))
        else:
            config["effort"] = "low" if effort == "minimal" else effort
    if request.schema is not None and takes_schema(request, endpoint):
        config["format"] = {"type": "json_schema", "schema": _schemas.closed(request.schema.body)}
    return config


def _kept(endpoint: Endpoint) -> Json | None:
    wish = endpoint.settings.get("prompt_cache")
    if wish in (None, False, "", "off"):
        return None
    return {"type": "ephemeral", **({"ttl": "1h"} if wish == "1h" else {})}


def _mark(blocks: Iterable[Json], kept: Json) -> None:
    for block in blocks:
        if block["type"] == "image" or len(block["text"].encode()) >= CACHED_FROM:
            block["cache_control"] = kept


def takes_schema(request: Request, endpoint: Endpoint) -> bool:
    """Whether the vendor enforces ``request.schema``."""
    return _turns.native_schema(request, endpoint)


def reader(request: Request, endpoint: Endpoint) -> _anthropic_reader.Reader:
    """What reads one answer."""
    return _anthropic_reader.Reader()


def classify(status: int, headers: Mapping[str, str], body: str) -> ProviderError:
    """The error that an answer tells."""
    return _anthropic_reader.classify(status, headers, body)


def models_call(endpoint: Endpoint) -> Call:
    """The call that lists the models."""
    return Call("GET", f"{_base(endpoint)}/v1/models?limit=1000", _headers(endpoint), framing="json")


def model_names(body: Json) -> list[str]:
    """The names in the answer to ``models_call``."""
    return [name for row in items(body.get("data")) if (name := text(obj(row).get("id")))]


def batches(provider: HttpProvider) -> AnthropicBatches:
    """The vendor's batches."""
    return AnthropicBatches(provider, build, _headers(provider.endpoint), f"{_base(provider.endpoint)}/v1")


def connect(endpoint: Endpoint) -> Provider:
    """A provider for the endpoint; nothing is sent yet."""
    return HttpProvider(endpoint, cast(Dialect, sys.modules[__name__]))
