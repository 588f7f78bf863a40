"""Every error that contentkit raises on purpose, and the exit code each one becomes.

::

    ContentkitError             2
    ├── UsageError              2   the request, a file or a setting is wrong
    │   └── MissingExtra        2   an optional library is not installed
    ├── BudgetError             4   the question would cost more than allowed
    └── ProviderError           5   a model could not answer
        ├── AuthenticationError 10  the key is missing, wrong or not allowed
        ├── QuotaError          11  money or allowance is used up; waiting does not help
        ├── RateLimitError      12  too many requests; waiting helps
        ├── OverloadedError     13  the server is busy or broken (5xx, 529)
        ├── ContextTooLongError 14  the question does not fit the model's window
        ├── RefusedError        15  the model or the vendor's filter said no
        ├── BadRequestError     16  the vendor did not take the request
        │   └── ModelNotFoundError 16
        ├── UnreachableError    17  no connection, or no answer in time
        ├── BadReplyError       18  the answer can't be read
        └── CancelledError      130 stopped by the user

Exit codes that are results and not errors: 0 fit, 1 findings at or over the threshold, 3 incomplete.
"""

from __future__ import annotations


def _sentences(said: str, hint: str) -> str:
    """What is wrong and the way out, with a full stop between them, also where a vendor's own words have none."""
    if not hint or said.endswith((".", "!", "?", "。", ":", ".)")):
        return f"{said} {hint}".strip()
    return f"{said}. {hint}"


def first_line(error: BaseException) -> str:
    """What an error of a library says, in one line; its name where it says nothing."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]


class ContentkitError(Exception):
    """One clear sentence for the user, and the way out.

    Args:
        message: what is wrong, without a secret in it.
        hint: what mends it ("set ANTHROPIC_API_KEY, or choose --model offline").
    """

    exit_code = 2

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return _sentences(self.message, self.hint)


class UsageError(ContentkitError):
    """The user's request, file or setting can't be used as it is."""


class MissingExtra(UsageError):
    """An optional library is needed. ``extra`` names the group to install."""

    def __init__(self, purpose: str, extra: str) -> None:
        super().__init__(
            f"{purpose} needs the optional group '{extra}'.",
            hint=f"Install it: pip install 'contentkit[{extra}]'",
        )
        self.extra = extra


class BudgetError(ContentkitError):
    """The estimated price is over --max-cost or the configured budget; nothing was sent."""

    exit_code = 4


class ProviderError(ContentkitError):
    """A model could not answer.

    Attributes:
        vendor: the provider's name as the user types it.
        model: the model's name without the provider, or "".
        status: the HTTP status, or None when there was no HTTP answer.
        code: the vendor's own error code, or "".
        request_id: the vendor's id of the request, for their support, or "".
        retry_after: seconds the vendor asks to wait, or None.
        retryable: whether the same request can succeed a little later.
        lasting: whether the next question to this model would fail in the same way, so that there is no use in asking.
        unsent: whether the question surely never reached the vendor.
    """

    exit_code = 5
    retryable = False
    lasting = False
    unsent = False

    def __init__(
        self,
        message: str,
        *,
        vendor: str = "",
        model: str = "",
        status: int | None = None,
        code: str = "",
        request_id: str = "",
        retry_after: float | None = None,
        hint: str = "",
    ) -> None:
        super().__init__(message, hint=hint)
        self.vendor = vendor
        self.model = model
        self.status = status
        self.code = code
        self.request_id = request_id
        self.retry_after = retry_after

    def __str__(self) -> str:
        where = ":".join(part for part in (self.vendor, self.model) if part)
        what = f"{where}: {self.message}" if where else self.message
        details = [f"HTTP {self.status}"] if self.status else []
        if self.request_id:
            details.append(f"request {self.request_id}")
        suffix = f" ({', '.join(details)})" if details else ""
        return _sentences(what + suffix, self.hint)


class AuthenticationError(ProviderError):
    """The key is missing, wrong, or not allowed to do this (401, 403)."""

    exit_code = 10
    lasting = True


class QuotaError(ProviderError):
    """Money or allowance is used up; never retried (402, some 429)."""

    exit_code = 11
    lasting = True


class RateLimitError(ProviderError):
    """Too many requests for now (429)."""

    exit_code = 12
    retryable = True


class OverloadedError(ProviderError):
    """The server is busy or failed (408, 409, 5xx, 529)."""

    exit_code = 13
    retryable = True


class ContextTooLongError(ProviderError):
    """The question is longer than the model's window (or the vendor's size limit, 413)."""

    exit_code = 14


class RefusedError(ProviderError):
    """The vendor's filter blocked the question before an answer began."""

    exit_code = 15


class BadRequestError(ProviderError):
    """The vendor did not take the request (other 4xx)."""

    exit_code = 16


class ModelNotFoundError(BadRequestError):
    """The vendor does not know the model, or this key may not use it."""

    lasting = True


class UnreachableError(ProviderError):
    """No connection, or no answer in time."""

    exit_code = 17
    retryable = True
    lasting = True


class BadReplyError(ProviderError):
    """The answer is not what the wire format says, or it ended early."""

    exit_code = 18
    retryable = True


class CancelledError(ProviderError):
    """Stopped by the user."""

    exit_code = 130
