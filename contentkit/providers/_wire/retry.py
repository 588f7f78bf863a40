"""When to ask again, and how long to wait. Pure functions; the loop is in ``_wire``."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from contentkit.core.errors import (
    AuthenticationError,
    ContextTooLongError,
    ProviderError,
    QuotaError,
    RefusedError,
)

RETRIES = 2
LONGEST_WAIT = 120.0
"""Seconds; a vendor that asks for more is taken as a no (as OpenAI's own SDK does)."""

_NEVER = (AuthenticationError, QuotaError, ContextTooLongError, RefusedError)
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


def may_retry(error: ProviderError, headers: Mapping[str, str]) -> bool:
    """Whether the same request can succeed later. ``x-should-retry`` overrides the class of the error, but a
    wrong key, an empty purse, a question too long and a refusal stay what they are."""
    match headers.get("x-should-retry", "").strip().lower():
        case "false":
            return False
        case "true":
            return not isinstance(error, _NEVER)
        case _:
            return error.retryable


def backoff(attempt: int, chance: float) -> float:
    """Seconds before try ``attempt + 1``: 0.5, 1, 2, 4, then 8, less up to a quarter.

    Args:
        attempt: 0 for the first wait.
        chance: 0 to 1, drawn by the caller.
    """
    longest: float = min(0.5 * 2.0**attempt, 8.0)
    return longest * (1.0 - 0.25 * chance)


def asked_wait(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds the vendor asks to wait, or None when it does not say (0 does not say: Azure sends
    ``retry-after-ms: 0`` beside ``retry-after: 1``). ``headers`` has lower-case names."""
    milliseconds = _number(headers.get("retry-after-ms", ""))
    if milliseconds:
        return milliseconds / 1000.0
    text = headers.get("retry-after", "").strip()
    seconds = _number(text)
    if seconds is None and text:
        seconds = _seconds_until(text, now or datetime.now(UTC))
    return seconds or _reset(headers)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _seconds_until(date: str, now: datetime) -> float | None:
    try:
        then = parsedate_to_datetime(date)
    except (ValueError, TypeError, IndexError):
        return None
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    return max((then - now).total_seconds(), 0.0)


def _reset(headers: Mapping[str, str]) -> float | None:
    """OpenAI's ``x-ratelimit-reset-*`` ("6m0s", "12ms") of whichever allowance is used up."""
    waits = [
        duration(headers.get(f"x-ratelimit-reset-{what}", ""))
        for what in ("requests", "tokens")
        if headers.get(f"x-ratelimit-remaining-{what}", "").strip() == "0"
    ]
    return max((wait for wait in waits if wait), default=None)


def duration(text: str) -> float | None:
    """Seconds in "48s", "1.5s", "6m0s", "12ms"; None for anything else. Gemini's RetryInfo speaks so too."""
    text = text.strip()
    parts = re.findall(r"(\d+(?:\.\d+)?)(ms|s|m|h)", text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return None
    return sum(float(number) * _UNITS[unit] for number, unit in parts)
