"""OpenAI's dialects, Chat Completions and Responses; Azure and compatible hosts are stanzas of ``hosts.toml``.

Settings of the endpoint that are read here and in the private files beside:
    api: "chat" or "responses"; "" chooses by model (``responses_models``: patterns of models that exist there only).
    azure, version: Azure's URLs and ``api-key`` header; with a version the form with deployments in the URL.
    schema: "native", "json" (any JSON object) or "none"; strict: the host holds the answer to it only if every
        property is required; schema_under_type: the schema stands right under ``response_format`` (llama.cpp).
    max_tokens_field, seed_field: how the host calls them; usage_option: whether ``stream_options`` is sent.
    drops: names of options that the host does not take.
    headers: what else to send.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import quote, urlencode

from contentkit.core.chat import Request
from contentkit.core.contracts import Provider
from contentkit.core.errors import ProviderError
from contentkit.core.model import Endpoint
from contentkit.providers._openai import chat as _openai_chat
from contentkit.providers._openai import errors as _openai_errors
from contentkit.providers._openai import responses as _openai_responses
from contentkit.providers._openai.batches import OpenAIBatches
from contentkit.providers._openai.schema import schema_mode
from contentkit.providers._wire import Call, Dialect, HttpProvider, Reader, bearer


def build(request: Request, endpoint: Endpoint) -> Call:
    """The HTTP request of a question.

    Raises:
        BadRequestError: the model is known not to take what is asked (images).
    """
    api = _api(request.model, endpoint)
    module = _openai_responses if api == "responses" else _openai_chat
    body, notices = module.body(request, endpoint)
    path = "/responses" if api == "responses" else "/chat/completions"
    return Call("POST", _url(endpoint, path, request.model), _headers(endpoint), body, "sse", tuple(notices))


def reader(request: Request, endpoint: Endpoint) -> Reader:
    """What reads the answer to ``build``'s request."""
    if _api(request.model, endpoint) == "responses":
        return _openai_responses.ResponsesReader()
    return _openai_chat.ChatReader()


def classify(status: int, headers: Mapping[str, str], body: str) -> ProviderError:
    """The error that an HTTP answer means."""
    return _openai_errors.classify(status, headers, body)


def takes_schema(request: Request, endpoint: Endpoint) -> bool:
    """Whether the host holds the answer to the request's schema."""
    return schema_mode(request, endpoint) == "native"


def models_call(endpoint: Endpoint) -> Call:
    """The question which models there are."""
    return Call("GET", _url(endpoint, "/models", ""), _headers(endpoint), framing="json")


def model_names(body: dict[str, Any]) -> list[str]:
    """The names in the answer to ``models_call``; Together's bare list comes under "data" too."""
    rows = body.get("data") or body.get("models") or []
    return sorted(str(row["id"]) for row in rows if isinstance(row, dict) and row.get("id"))


def batches(provider: HttpProvider) -> OpenAIBatches | None:
    """The vendor's batches; Azure's need a deployment of their own, and are not spoken here."""
    return None if _is_azure(provider.endpoint) else OpenAIBatches(provider, build, _headers(provider.endpoint))


def connect(endpoint: Endpoint) -> Provider:
    """A provider for the endpoint. Does no I/O."""
    dialect: Dialect = sys.modules[__name__]
    return HttpProvider(endpoint, dialect)


def _api(model: str, endpoint: Endpoint) -> str:
    """ "chat" or "responses"."""
    chosen = str(endpoint.settings.get("api") or "")
    if chosen:
        return chosen
    patterns = endpoint.settings.get("responses_models") or ()
    return "responses" if any(fnmatchcase(model, str(pattern)) for pattern in patterns) else "chat"


def _headers(endpoint: Endpoint) -> dict[str, Any]:
    return bearer(endpoint, "api-key", "") if endpoint.settings.get("azure") else bearer(endpoint)


def _url(endpoint: Endpoint, path: str, model: str) -> str:
    base = endpoint.url.rstrip("/")
    return (
        _azure_url(base, path, model, str(endpoint.settings.get("version") or ""))
        if _is_azure(endpoint)
        else base + path
    )


def _is_azure(endpoint: Endpoint) -> bool:
    return bool(endpoint.settings.get("azure"))


def _azure_url(base: str, path: str, model: str, version: str) -> str:
    """Azure's addresses: a URL that names more than the resource is taken as it is; a dated version means the form
    with deployments, which only chat has; no version, "v1" or "preview" means ``/openai/v1``."""
    query = "?" + urlencode({"api-version": version}) if version and version != "v1" else ""
    if base.endswith(("/models", "/openai/v1")) or "/openai/deployments/" in base:
        return base + path + query
    base = base.removesuffix("/openai")
    if not query or version == "preview":
        return f"{base}/openai/v1{path}{query}"
    if path == "/chat/completions":
        return f"{base}/openai/deployments/{quote(model, safe='')}{path}{query}"
    return f"{base}/openai{path}{query}"
