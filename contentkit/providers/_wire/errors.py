"""What every dialect shares when a server says no: the class by HTTP status, the way out, and no key in any of it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, quote_plus

from contentkit.core.errors import (
    AuthenticationError,
    BadRequestError,
    ContentkitError,
    ContextTooLongError,
    ModelNotFoundError,
    OverloadedError,
    ProviderError,
    QuotaError,
    RateLimitError,
    RefusedError,
    UnreachableError,
)
from contentkit.core.model import Endpoint, Secret

MAX_MESSAGE = 500
_BY_STATUS: dict[int, type[ProviderError]] = {
    401: AuthenticationError,
    402: QuotaError,
    403: AuthenticationError,
    404: ModelNotFoundError,
    408: OverloadedError,
    409: OverloadedError,
    413: ContextTooLongError,
    425: OverloadedError,
    429: RateLimitError,
}


def by_status(status: int) -> type[ProviderError]:
    """The class that a status alone tells; dialects look at the vendor's code first."""
    return _BY_STATUS.get(status, OverloadedError if status >= 500 else BadRequestError)


def load(text: str) -> Any:
    """The JSON in ``text``, or None when it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def readable(body: str) -> str:
    """The words of an error body: the title of an HTML page, else the text itself, on one line and not too long."""
    text = body.strip()
    if text[:1] == "<":
        title = re.search(r"<(title|h1)[^>]*>(.*?)</\1", text, re.IGNORECASE | re.DOTALL)
        text = html.unescape(re.sub(r"<[^>]*>", " ", title.group(2))) if title else "an HTML page"
    text = " ".join(text.split())
    return text if len(text) <= MAX_MESSAGE else text[: MAX_MESSAGE - 1] + "…"


def secrets_of(endpoint: Endpoint) -> tuple[str, ...]:
    """Every text that must not be shown: the key, headers from the settings, a password in the URL, each also in
    the forms a server may echo it in."""
    plain = [endpoint.key.reveal()] if endpoint.key else []
    headers = endpoint.settings.get("headers", {})
    if isinstance(headers, dict):
        plain += [value.reveal() if isinstance(value, Secret) else str(value) for value in headers.values()]
    login = re.match(r"[a-z+]+://[^/@]*?:([^/@]+)@", endpoint.url)
    if login:
        plain.append(login.group(1))
    forms = {form for text in plain for word in (text, text.strip()) for form in _forms(word)}
    return tuple(sorted((form for form in forms if len(form) >= 6), key=len, reverse=True))


def _forms(text: str) -> Iterable[str]:
    return text, quote(text, safe=""), quote_plus(text), quote(text), json.dumps(text)[1:-1], html.escape(text)


def scrub(text: str, secrets: Iterable[str]) -> str:
    """``text`` without any of the secrets."""
    for secret in secrets:
        text = text.replace(secret, "***")
    return text


def finish(error: ContentkitError, endpoint: Endpoint, model: str, secrets: Iterable[str]) -> None:
    """Completes an error in place: who, which model, the way out; keys taken out of every text."""
    error.message = scrub(readable(error.message), secrets) or "no reason given"
    error.args = (error.message,)
    if isinstance(error, ProviderError):
        error.vendor = error.vendor or endpoint.name
        error.model = error.model or model
        error.request_id = scrub(error.request_id, secrets)
        error.code = scrub(str(error.code), secrets)
        error.hint = error.hint or way_out(error, endpoint)
    error.hint = scrub(error.hint, secrets)


def way_out(error: ProviderError, endpoint: Endpoint) -> str:
    """What the user can do about an error of this class."""
    key = " or ".join(endpoint.key_env) or "the key"
    match error:
        case AuthenticationError():
            return f"Check {key}, or choose --model offline."
        case QuotaError():
            return "Check the account's billing, or choose another --model."
        case RateLimitError() if error.retry_after:
            return f"Try again in {error.retry_after:.0f} s, or choose another --model."
        case RateLimitError() | OverloadedError():
            return "Try again in a minute, or choose another --model."
        case ContextTooLongError():
            return "Give less material, or choose a model with a larger window (contentkit models --min-context)."
        case ModelNotFoundError():
            return "See what is offered: contentkit models check."
        case RefusedError():
            return "Change the request, or choose another --model."
        case UnreachableError() if endpoint.local:
            start = endpoint.settings.get("start")
            return "Is it running?" + (
                f" Start it with: {start}" if start else f" It was looked for at {endpoint.url}."
            )
        case UnreachableError():
            return "Check the connection, or choose --model offline."
        case _:
            return ""


def missing_key(endpoint: Endpoint, model: str) -> AuthenticationError:
    """The error for a hosted provider without a key; nothing was sent."""
    names = " or ".join(endpoint.key_env)
    way = f"Set {names}" if names else f"Configure a key for [providers.{endpoint.name}]"
    return AuthenticationError(
        "there is no key", vendor=endpoint.name, model=model, hint=f"{way}, or choose --model offline."
    )
