"""What both of OpenAI's dialects share: options with their notices, images, and token counts."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from contentkit.core.chat import Image, Request, Usage
from contentkit.core.errors import BadRequestError
from contentkit.core.model import Endpoint


def wishes(request: Request, endpoint: Endpoint, *, never: tuple[str, ...] = ()) -> tuple[dict[str, Any], list[str]]:
    """The options to send, by our names, and a notice for each that the model or host does not take.

    Args:
        never: names that the dialect has no field for.
    """
    options, info = request.options, request.info
    given: dict[str, Any] = {
        "max_tokens": options.max_tokens,
        "temperature": options.temperature,
        "top_p": options.top_p,
        "seed": options.seed,
        "stop": list(options.stop) or None,
        "effort": options.effort,
    }
    refused = {*never, *(str(name) for name in endpoint.settings.get("drops") or ())}
    if info is not None and info.sampling is False:
        refused |= {"temperature", "top_p"}
    if info is not None and info.reasoning is False:
        refused.add("effort")
    taken = {name: value for name, value in given.items() if value is not None and name not in refused}
    notices = [
        f"{endpoint.name}:{request.model} does not take {name}; it was left out"
        for name, value in given.items()
        if value is not None and name in refused
    ]
    return taken, notices


def refuse_images(request: Request, endpoint: Endpoint) -> None:
    """Raises when there are images and the model is known not to take any: nothing is left out silently."""
    has_images = any(isinstance(part, Image) for message in request.messages for part in message.parts)
    if has_images and request.info is not None and request.info.images is False:
        raise BadRequestError(
            "the model does not take images",
            vendor=endpoint.name,
            model=request.model,
            hint="Leave the image out, or choose another --model.",
        )


def data_uri(image: Image) -> str:
    return f"data:{image.media_type};base64,{b64encode(image.data).decode('ascii')}"


def usage_of(data: Any) -> Usage | None:
    """Token counts in either dialect's words, wherever a host puts its details."""
    if not isinstance(data, Mapping):
        return None
    read = _count(data, "prompt_tokens", "input_tokens")
    written = _count(data, "completion_tokens", "output_tokens")
    read_details = _details(data, "prompt_tokens_details", "input_tokens_details")
    written_details = _details(data, "completion_tokens_details", "output_tokens_details")
    reasoning = _count(written_details, "reasoning_tokens")
    if reasoning and _count(data, "total_tokens") == read + written + reasoning:  # xAI counts thinking apart
        written += reasoning
    return Usage(
        read,
        written,
        _count(read_details, "cached_tokens") or _count(data, "prompt_cache_hit_tokens"),
        _count(read_details, "cache_write_tokens"),
        reasoning,
        _cost(data),
    )


def _count(data: Mapping[str, Any], *names: str) -> int:
    return next((value for name in names if isinstance(value := data.get(name), int)), 0)


def _details(data: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    return next((value for name in names if isinstance(value := data.get(name), Mapping)), {})


def _cost(data: Mapping[str, Any]) -> float | None:
    """US dollars: OpenRouter's ``cost``, Perplexity's ``cost.total_cost``, xAI's ticks of 1e-10 dollars."""
    cost = data.get("cost")
    if isinstance(cost, Mapping):
        cost = cost.get("total_cost")
    if isinstance(cost, int | float):
        return float(cost)
    ticks = data.get("cost_in_usd_ticks")
    return ticks * 1e-10 if isinstance(ticks, int) else None
