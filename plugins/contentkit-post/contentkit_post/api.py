"""HTTP to a vendor's API: one client, bounded waits, pages, and errors as one sentence without the token."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from contentkit.core.errors import (
    AuthenticationError,
    BadReplyError,
    BadRequestError,
    ContentkitError,
    OverloadedError,
    RateLimitError,
    UnreachableError,
    UsageError,
)

TRIES = 5
BURST = 10
"""Writes that go out at once; each further one waits a second, as GitHub asks and GitLab's 60 notes a minute need."""


_LONGER = "Run again later, or with a longer --timeout."


class Refused(BadRequestError):
    """The vendor did not take this request (400, 404, 422); another one may do."""


class Unsure(UnreachableError):
    """The answer to a write was lost, so that nobody knows whether it was done: look before writing again."""


class Api:
    """One vendor's API.

    Args:
        vendor: "github" or "gitlab", for errors.
        base: address that paths are added to.
        headers: sent with every request; they hold the token.
        secret: the token, masked in whatever the vendor says.
        hint: the way out where the token may not do something.
        patience: seconds that all waiting together may take.
        pause: seconds between writes after the first ``BURST``.
    """

    def __init__(
        self,
        vendor: str,
        base: str,
        headers: Mapping[str, str],
        *,
        secret: str,
        hint: str,
        patience: float,
        pause: float = 1.0,
    ) -> None:
        parts = urlsplit(base)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
            raise UsageError("--api-url is not the address of an API.", hint="Give one such as https://HOST/api/v4.")
        self.vendor = vendor
        self.base = base.rstrip("/")
        self._origin = (parts.scheme, parts.netloc)
        self._secret = secret
        self._hint = hint
        self._end = time.monotonic() + patience
        self._pause = pause
        self._writes = 0
        self._client = httpx.Client(headers=dict(headers), timeout=httpx.Timeout(30, connect=10))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def get(self, path: str) -> Any:
        """The JSON at a path."""
        return self._json(self._send("GET", self.base + path))

    def pages(self, path: str) -> Iterator[dict[str, Any]]:
        """Every item of a list, page after page by the Link header, 100 a page."""
        url = f"{self.base}{path}{'&' if '?' in path else '?'}per_page=100"
        for _ in range(1000):
            answer = self._send("GET", url)
            items = self._json(answer)
            if not isinstance(items, list):
                raise self._bad("the answer is not a list")
            yield from (item for item in items if isinstance(item, dict))
            following = answer.links.get("next", {}).get("url", "")
            if not following:
                return
            url = self._own(urljoin(url, following))

    def write(self, method: str, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        """Send JSON. A PATCH or PUT may be sent again; a POST is not, once it may have arrived.

        Raises:
            Unsure: the connection was lost or the server failed after a POST was sent.
            Refused: the vendor did not take it.
        """
        self._writes += 1
        if self._writes > BURST:
            self.wait(self._pause)
        answer = self._send(method, self.base + path, body)
        try:
            data = answer.json()
        except ValueError:  # it was done, whatever was said
            return {}
        return data if isinstance(data, dict) else {}

    def wait(self, seconds: float, why: ContentkitError | None = None) -> None:
        """Sleep, or raise ``why`` where the patience would end before."""
        if time.monotonic() + seconds > self._end:
            raise why or OverloadedError("gave up after waiting too long.", vendor=self.vendor, hint=_LONGER)
        time.sleep(seconds)

    def _send(self, method: str, url: str, body: Mapping[str, object] | None = None) -> httpx.Response:
        for attempt in range(1, TRIES + 1):
            pause = min(2.0 ** (attempt - 1) / 2, 30.0)
            last = attempt == TRIES
            try:
                answer = self._client.request(method, url, json=body)
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:  # nothing was sent
                if last:
                    raise self._lost(error) from None
            except httpx.TransportError as error:
                if method == "POST":
                    raise Unsure(self._lost(error).message, vendor=self.vendor) from None
                if last:
                    raise self._lost(error) from None
            except httpx.HTTPError as error:
                raise self._lost(error) from None
            else:
                if answer.is_success:
                    return answer
                if answer.is_redirect:
                    url = self._own(urljoin(url, answer.headers.get("location", "")))
                    continue
                error_, again = self._error(answer, method)
                if not again or last:
                    raise error_
                pause = max(pause, error_.retry_after or 0.0)
                self.wait(pause, error_)
                continue
            self.wait(pause)
        raise self._bad("too many redirects")

    def _error(self, answer: httpx.Response, method: str) -> tuple[Any, bool]:
        """The error that an answer is, and whether the same request may be sent again."""
        status, said = answer.status_code, self._said(answer)
        about: dict[str, Any] = {"vendor": self.vendor, "status": status}
        about["request_id"] = answer.headers.get("x-github-request-id", answer.headers.get("x-request-id", ""))[:80]
        limited = status == 429 or (status in (403, 422) and _limited(answer, said))
        if limited:
            after = _seconds(answer)
            after = after if after is not None else 60.0  # GitHub: at least a minute where no header says more
            return RateLimitError(f"too many requests: {said}", retry_after=after, hint=_LONGER, **about), True
        if status in (401, 403):
            return AuthenticationError(f"the token may not do this: {said}", hint=self._hint, **about), False
        if status >= 500:
            if method == "POST":
                return Unsure(f"the server failed: {said}", retry_after=_seconds(answer), **about), False
            return OverloadedError(f"the server failed: {said}", retry_after=_seconds(answer), **about), True
        hint = self._hint if status == 404 else ""
        return Refused(f"the request was not taken: {said}", hint=hint, **about), False

    def _said(self, answer: httpx.Response) -> str:
        """The vendor's own words in one line, without the token."""
        try:
            data = answer.json()
        except ValueError:
            data = None
        said: object = answer.reason_phrase
        if isinstance(data, dict):
            parts = [data.get("message") or data.get("error") or "", *_each(data.get("errors"))]
            said = ": ".join(str(part) for part in parts if part) or said
        text = " ".join(str(said).split()).replace(self._secret, "***") if self._secret else " ".join(str(said).split())
        return (text if len(text) <= 300 else text[:299] + "…") or "no reason given"

    def _json(self, answer: httpx.Response) -> Any:
        try:
            return answer.json()
        except ValueError:
            raise self._bad("the answer is not JSON") from None

    def _own(self, url: str) -> str:
        """An address that the vendor sent us to, which gets the token only where it is the same server."""
        parts = urlsplit(url)
        if (parts.scheme, parts.netloc) != self._origin:
            raise self._bad(f"it points to another server ({parts.netloc[:100]})")
        return url

    def _bad(self, what: str) -> BadReplyError:
        return BadReplyError(f"{what}.", vendor=self.vendor, hint="Check --api-url.")

    def _lost(self, error: Exception) -> UnreachableError:
        host = self._origin[1]
        return UnreachableError(f"no answer from {host} ({type(error).__name__}).", vendor=self.vendor)


def _limited(answer: httpx.Response, said: str) -> bool:
    """GitHub says 403 for its rate limits too, and 422 to one that comments too quickly."""
    words = ("rate limit", "abuse detection", "submitted too quickly")
    headers = answer.headers
    return (
        "retry-after" in headers
        or headers.get("x-ratelimit-remaining") == "0"
        or any(word in said.lower() for word in words)
    )


def _seconds(answer: httpx.Response) -> float | None:
    """How long the vendor asks to wait; None where no header says."""
    after = answer.headers.get("retry-after", "")
    if after:
        if after.isascii() and after.isdigit():
            return float(after)
        try:
            return max(0.0, email.utils.parsedate_to_datetime(after).timestamp() - time.time())
        except (ValueError, OverflowError):
            return None
    reset = answer.headers.get("x-ratelimit-reset", "")
    if answer.headers.get("x-ratelimit-remaining") == "0" and reset.isascii() and reset.isdigit():
        return max(1.0, float(reset) - time.time())
    return None


def _each(errors: object) -> list[str]:
    if not isinstance(errors, list):
        return []
    return [
        str(error.get("message") or error.get("code") or "") if isinstance(error, dict) else str(error)
        for error in errors
    ]
