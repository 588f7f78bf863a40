"""Errors of OpenAI and its compatible hosts, each with words of its own: status and code first, text last."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contentkit.core.errors import (
    AuthenticationError,
    BadRequestError,
    ContextTooLongError,
    ModelNotFoundError,
    OverloadedError,
    ProviderError,
    QuotaError,
    RateLimitError,
    RefusedError,
)
from contentkit.providers._wire.errors import by_status, load, readable

_CODES: dict[type[ProviderError], str] = {
    QuotaError: "insufficient_quota credit_balance_exhausted organization_spend_limit_exceeded insufficient_balance "
    "project_spend_limit_exceeded organization_usage_limit_exceeded billing_hard_limit_reached billing_not_active",
    RateLimitError: "rate_limit_exceeded slow_down rate_limit_error rate_limited too_many_requests",
    OverloadedError: "server_error server_is_overloaded service_unavailable engine_overloaded overloaded_error "
    "internal_server_error unavailable_error vector_store_timeout",
    ContextTooLongError: "context_length_exceeded too_many_prompt_tokens exceed_context_size_error "
    "string_above_max_length request_too_large tokens_limit_reached",
    AuthenticationError: "invalid_api_key authentication_error permission_denied invalid_subscription_key "
    "account_deactivated",
    ModelNotFoundError: "model_not_found deploymentnotfound invalid_model model_not_available unknown_model",
    RefusedError: "content_filter content_policy_violation responsibleaipolicyviolation moderation_blocked "
    "invalid_prompt cyber_policy_violation",
}
_BY_CODE = {code: kind for kind, codes in _CODES.items() for code in codes.split()}

_TOO_LONG = re.compile(
    r"context (length|window|size)|maximum context|maximum prompt length|too many (input |prompt )?tokens|"
    r"prompt is too long|input is too long|total length of all messages|exceeds the available context",
    re.IGNORECASE,
)
_BAD_KEY = re.compile(r"(incorrect|invalid|missing|no|wrong) (api|auth\w*|access)[ _-]?(key|token)", re.IGNORECASE)
_NO_MONEY = re.compile(
    r"exceeded your current quota|insufficient (balance|credits?|quota|funds)|out of credits", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Told:
    """What an error body says, whatever its shape."""

    message: str
    codes: tuple[str, ...] = ()
    status: int = 0
    parameter: str = ""
    flagged: bool = False


def classify(status: int, headers: Mapping[str, str], body: str) -> ProviderError:
    """The error that an HTTP answer means."""
    return _error(told(load(body), body), status)


def inside(data: Mapping[str, Any]) -> ProviderError:
    """The error that came inside a 200, whole or in the midst of a stream."""
    said = told(data, "")
    return _error(said, said.status or 500)


def says_error(data: Mapping[str, Any]) -> bool:
    """Whether a JSON object of a stream or of a whole answer is an error and not a part of an answer."""
    return bool(data.get("error")) or data.get("object") == "error" or ("detail" in data and "choices" not in data)


def told(data: Any, body: str) -> Told:
    """Reads ``{"error": {...}}``, ``{"error": "..."}``, ``{"detail": ...}``, ``{"message": ...}`` and lists of them."""
    if isinstance(data, list) and data:
        data = data[0]
    if not isinstance(data, Mapping):
        return Told(readable(body))
    error = data.get("error")
    if isinstance(error, str):  # xAI: {"code": "...", "error": "Incorrect API key ..."}
        return Told(error, _codes(data), _status(data))
    if not isinstance(error, Mapping):
        error = data
    metadata = error.get("metadata")
    metadata = metadata if isinstance(metadata, Mapping) else {}
    message = _words(error.get("message") or error.get("detail") or body)
    if metadata.get("raw"):  # OpenRouter: what the host behind it said
        message = f"{message}: {_words(metadata['raw'])}"
    return Told(message, _codes(error), _status(error), str(error.get("param") or ""), "flagged_input" in metadata)


def _error(said: Told, status: int) -> ProviderError:
    kind = _kind(said, status)
    code = said.codes[0] if said.codes else ""
    return kind(said.message, code=code, status=status, hint=_hint(kind, said))


def _kind(said: Told, status: int) -> type[ProviderError]:
    if status == 413:  # Groq calls a question too long for the allowance a rate limit
        return ContextTooLongError
    if said.flagged:
        return RefusedError
    for code in said.codes:
        if code.lower() in _BY_CODE:
            return _BY_CODE[code.lower()]
    kind = by_status(status)
    if kind in (BadRequestError, OverloadedError) and _TOO_LONG.search(said.message):
        return ContextTooLongError
    if kind is BadRequestError and _BAD_KEY.search(said.message):
        return AuthenticationError
    if kind is RateLimitError and _NO_MONEY.search(said.message):
        return QuotaError
    return kind


def _hint(kind: type[ProviderError], said: Told) -> str:
    if (
        kind is BadRequestError
        and said.parameter
        and ("unsupported" in said.message.lower() or "unknown" in " ".join(said.codes))
    ):
        return f"This model does not take {said.parameter}."
    if kind is ModelNotFoundError and not said.codes and "model" not in said.message.lower():
        return "Check the provider's url and the model's name (contentkit models check)."
    return ""


def _codes(error: Mapping[str, Any]) -> tuple[str, ...]:
    """The code, the inner code and the type, most telling first; numbers are statuses and no codes."""
    inner = error.get("innererror")
    found = [error.get("code"), inner.get("code") if isinstance(inner, Mapping) else None, error.get("type")]
    return tuple(code for code in found if isinstance(code, str) and code and not code.isdigit())


def _status(error: Mapping[str, Any]) -> int:
    for name in ("status_code", "status", "code"):
        value = error.get(name)
        if isinstance(value, int) and 400 <= value < 600:
            return value
    return 0


def _words(value: Any) -> str:
    """The words of a detail: a text, FastAPI's list of ``{"msg": ...}``, or an object with one of them."""
    if isinstance(value, list):
        return "; ".join(_words(item) for item in value[:3])
    if isinstance(value, Mapping):
        where = ".".join(str(part) for part in value.get("loc", ())) if isinstance(value.get("loc"), list) else ""
        words = _words(value.get("msg") or value.get("message") or value.get("detail") or "no reason given")
        return f"{where}: {words}" if where else words
    return readable(str(value))
