"""The HTTP client of the providers: connections, proxies, and what its failures mean. The only importer of httpx here.

httpx's connection pool looks at every connection for every request, which at 32 at once costs as much as reading
the answers. Here each question takes a lane, a transport with one connection, and gives it back for the next one.
httpx's client is left out as well: it would keep the servers' cookies and look for redirects, which nobody follows.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from functools import lru_cache
from typing import Any, cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from contentkit.core.errors import BadReplyError, ContentkitError, UnreachableError, UsageError
from contentkit.core.model import Endpoint, Secret
from contentkit.providers._wire.body import Clock
from contentkit.providers._wire.errors import readable

FAILURES = (httpx.HTTPError, httpx.InvalidURL, OSError, ImportError)
"""What sending and reading may raise; ``meaning`` tells what it means. (ImportError: a SOCKS proxy.)"""

_PROXY_HINT = "Check HTTPS_PROXY and NO_PROXY."
_IDLE_LANES = 64
_KEPT_SECONDS = 30.0


class Http:
    """The connections to one endpoint. Opened at first use, inside the running event loop."""

    def __init__(self, endpoint: Endpoint, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._endpoint = endpoint
        self._transport = transport
        self._opened: httpx.AsyncBaseTransport | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def silence(self) -> float:
        """Seconds without a byte after which a server is given up; one on this machine may read long prompts."""
        return float(self._endpoint.settings.get("read_timeout", 300 if self._endpoint.local else 180))

    async def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str | Secret],
        body: Mapping[str, Any] | bytes | None,
        clock: Clock,
    ) -> httpx.Response:
        """The response, its body unread; redirects are not followed, since they would carry the key along."""
        self._check(url)
        request = _request(method, url, headers, None if body is None else _encoded(body), self._timeout())
        connections = self._connections()
        async with clock.limit():
            return await connections.handle_async_request(request)

    def _check(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:  # a port beyond 65535, a bracket without its other half
            good = False
        if not good:
            name = self._endpoint.name
            raise UsageError(
                f"{name} can't be reached at {self._endpoint.url!r}: that is not an address.",
                hint=f"Set the url of [providers.{name}], like https://host/v1.",
            )

    async def aclose(self) -> None:
        opened, self._opened = self._opened, None
        if opened is not None and self._loop is asyncio.get_running_loop():
            await opened.aclose()

    def meaning(self, error: Exception, clock: Clock) -> ContentkitError:
        """Our error for one of ``FAILURES``, without a hint where the class has one."""
        where = f"[providers.{self._endpoint.name}]"
        if isinstance(error, httpx.UnsupportedProtocol | httpx.InvalidURL | httpx.LocalProtocolError | ImportError):
            return UsageError(f"{self._endpoint.name}: the request can't be sent: {readable(str(error))}")
        if isinstance(error, httpx.ConnectError):
            url = self._endpoint.url
            through, hint = (" through the proxy", _PROXY_HINT) if _proxy_for(url) else ("", "")
            failure = UnreachableError(
                f"no connection to {urlsplit(url).hostname}{through} ({_cause(error)})", hint=hint
            )
            failure.retryable = not self._endpoint.local  # nobody listens there, and half a second changes nothing
            failure.unsent = True
            return failure
        if clock.left() <= 0:
            failure = UnreachableError(
                f"no complete answer within {clock.seconds:g} s",
                hint="Give more time (deadline in the configuration), or choose another --model.",
            )
            failure.retryable = False
            return failure
        if isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout):
            failure = UnreachableError("no connection in time")
            failure.unsent = True
            return failure
        if isinstance(error, httpx.TimeoutException | TimeoutError):
            way_out = f"Raise read_timeout in {where}, or choose another --model."
            return UnreachableError(f"the server sent nothing for {self.silence:g} s", hint=way_out)
        if isinstance(error, httpx.ProxyError):
            return UnreachableError("the proxy said no", hint=_PROXY_HINT)
        if isinstance(error, httpx.DecodingError):
            return BadReplyError("the compression of the answer is broken")
        return BadReplyError("the connection broke off before the answer was whole")

    def _connections(self) -> httpx.AsyncBaseTransport:
        """Those of the running event loop. What is from a loop that has ended (``asyncio.run`` called twice) can only
        be left behind: it ended with its loop."""
        loop = asyncio.get_running_loop()
        if self._opened is None or self._loop is not loop:
            self._loop = loop
            self._opened = self._transport or _Lanes(_lane_builder(self._endpoint.url))
        return self._opened

    def _timeout(self) -> httpx.Timeout:
        return httpx.Timeout(self.silence, connect=float(self._endpoint.settings.get("connect_timeout", 10)))


def _lane_builder(url: str) -> Callable[[], httpx.AsyncBaseTransport]:
    """What opens one more lane to an address, through the proxy that the environment names."""
    proxy = _proxy_for(url)
    # Making a full context takes 20 ms; without TLS an empty one, which trusts nobody, is enough.
    secure = url.startswith("https") or proxy is not None
    context = httpx.create_ssl_context() if secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    limits = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=_KEPT_SECONDS)
    return lambda: httpx.AsyncHTTPTransport(verify=context, proxy=proxy, limits=limits, trust_env=False)


def _proxy_for(url: str) -> str | None:
    """The proxy that the environment names for an address; loopback is always reached directly."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host in ("localhost", "::1") or host.startswith("127.") or proxy_bypass(host):
        return None
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"


class _Lanes(httpx.AsyncBaseTransport):
    """Many transports of one connection each; the one given back last is taken first."""

    def __init__(self, build: Callable[[], httpx.AsyncBaseTransport]) -> None:
        self._build = build
        self._idle: list[httpx.AsyncBaseTransport] = []
        self._closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        lane = self._idle.pop() if self._idle else self._build()
        try:
            response = await lane.handle_async_request(request)
        except BaseException:
            await lane.aclose()
            raise
        stream = cast("httpx.AsyncByteStream", response.stream)
        response.stream = _Lent(stream, lane, self)
        return response

    async def give_back(self, lane: httpx.AsyncBaseTransport) -> None:
        if self._closed or len(self._idle) >= _IDLE_LANES:
            await lane.aclose()
        else:
            self._idle.append(lane)

    async def aclose(self) -> None:
        self._closed = True
        while self._idle:
            await self._idle.pop().aclose()


class _Lent(httpx.AsyncByteStream):
    """A body whose end gives the lane back."""

    def __init__(self, stream: httpx.AsyncByteStream, lane: httpx.AsyncBaseTransport, lanes: _Lanes) -> None:
        self._stream = stream
        self._lane = lane
        self._lanes = lanes
        self._open = True

    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(self._stream)

    async def aclose(self) -> None:
        if self._open:
            self._open = False
            try:
                await self._stream.aclose()
            finally:
                await self._lanes.give_back(self._lane)


def _request(
    method: str, url: str, headers: Mapping[str, str | Secret], content: bytes | None, timeout: httpx.Timeout
) -> httpx.Request:
    """The request as it is sent. A name and password in the address become the header that they mean."""
    address = _address(url)
    request = httpx.Request(
        method, address, headers=_plain(headers, content), content=content, extensions={"timeout": timeout.as_dict()}
    )
    if address.userinfo:
        next(httpx.BasicAuth(address.username, address.password).auth_flow(request))
    return request


@lru_cache(maxsize=8)
def _address(url: str) -> httpx.URL:
    """The address, which is the same for question after question."""
    return httpx.URL(url)


def _encoded(body: Mapping[str, Any] | bytes) -> bytes:
    """JSON as UTF-8, unless it is bytes already; a lone surrogate, which UTF-8 can't carry, becomes "?"."""
    if isinstance(body, bytes):
        return body
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _plain(headers: Mapping[str, str | Secret], content: bytes | None) -> dict[str, str]:
    """The headers as they are sent. Compression is not asked for: it would only delay a stream."""
    result = {"accept": "*/*", "accept-encoding": "identity", "user-agent": "contentkit"}
    if content is not None:
        result["content-type"] = "application/json"
    for name, value in headers.items():
        result[name] = value.reveal() if isinstance(value, Secret) else str(value)
    return result


def _cause(error: BaseException) -> str:
    """The short reason behind an httpx error, which often has an empty text itself."""
    return readable(str(error)) or type(error).__name__
