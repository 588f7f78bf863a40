"""Pages of the web: http(s) only, bounded in size and time, and never from a private network unless allowed."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.message import Message
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

from contentkit.core.errors import UsageError
from contentkit.core.piece import Reading, ReadLimits
from contentkit.sources._addresses import resolve
from contentkit.sources._convert import convert
from contentkit.sources._files import too_large

if TYPE_CHECKING:
    import httpx

_REDIRECTS = 5
_STEP = 1 << 20
_READABLE = ("text/", "application/xhtml+xml", "application/pdf", "application/octet-stream", "application/json")
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Page:
    """What a server sent, unpacked."""

    url: str
    data: bytes
    media_type: str
    charset: str


def takes(reference: str) -> bool:
    """Whether the reference is a web address."""
    return reference.lower().startswith(("http://", "https://"))


async def read(reference: str, limits: ReadLimits) -> Reading:
    """The article of a page, or the text of the document behind the address.

    Raises:
        UsageError: it can't be read within the limits; the sentence says why.
    """
    name = shown(reference)
    try:
        async with asyncio.timeout(limits.timeout):
            page = await _fetch(reference, limits)
    except TimeoutError:
        raise UsageError(
            f"{name} did not arrive within {limits.timeout:g} s.",
            hint="Try again, or raise read.timeout in the settings.",
        ) from None
    return await asyncio.to_thread(
        convert,
        page.data,
        name=name,
        limits=limits,
        declared=page.media_type,
        charset=page.charset,
        path=urlsplit(page.url).path,
    )


def shown(url: str) -> str:
    """The address without a user name and password, also where it is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url.rpartition("@")[2][:200]
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


async def _fetch(url: str, limits: ReadLimits) -> Page:
    """Follow redirects by hand, since each goes to an address of its own that must be checked."""
    import httpx

    auth = _credentials(url)
    # No proxy of the environment: it would look the name up again, and connect where it likes.
    async with httpx.AsyncClient(
        verify=httpx.create_ssl_context(trust_env=True), trust_env=False, timeout=limits.timeout, follow_redirects=False
    ) as client:
        for _ in range(_REDIRECTS + 1):
            response = await _ask(client, url, limits, auth)
            try:
                if not response.has_redirect_location:
                    return await _page(response, url, limits)
                onward = urljoin(url, response.headers["location"])
            finally:
                await response.aclose()
            if not takes(onward):
                raise UsageError(f"{shown(url)} leads to {shown(onward)[:200]!r}, which is no web address.")
            if urlsplit(url).scheme == "https" and urlsplit(onward).scheme.lower() == "http":
                raise UsageError(f"{shown(url)} leads from https to {shown(onward)[:200]}, which is not encrypted.")
            auth = _credentials(onward) or (auth if _origin(onward) == _origin(url) else None)
            url = onward
    raise UsageError(f"{shown(url)} redirects more than {_REDIRECTS} times.")


async def _ask(client: httpx.AsyncClient, url: str, limits: ReadLimits, auth: tuple[str, str] | None) -> httpx.Response:
    """One request to a checked address of the URL's host; the name stays in ``Host`` and in the TLS handshake."""
    import httpx

    host, port, netloc = _host(url)
    addresses = await resolve(host, port, allow_private=limits.allow_private)
    failure: Exception | None = None
    for address in addresses:
        request = client.build_request(
            "GET",
            _pinned(url, address, port),
            headers={
                "Host": netloc,
                "User-Agent": f"contentkit/{_version()}",
                "Accept": "text/markdown, text/html, text/plain;q=0.9, application/pdf;q=0.8, */*;q=0.5",
                "Accept-Encoding": "gzip, deflate",
            },
            extensions={"sni_hostname": host},
        )
        try:
            return await client.send(request, stream=True, auth=httpx.BasicAuth(*auth) if auth else None)
        except httpx.ConnectError as error:
            failure = error
        except httpx.HTTPError as error:
            raise _unreached(url, error) from None
    raise _unreached(url, failure)


def _unreached(url: str, error: Exception | None) -> UsageError:
    said = str(error) or type(error).__name__
    if "CERTIFICATE" in said:
        return UsageError(f"The certificate of {shown(url)} can't be trusted.", hint="Check the address and the clock.")
    return UsageError(f"{shown(url)} can't be reached: {said[:200]}.", hint="Check the address and the network.")


def _host(url: str) -> tuple[str, int, str]:
    """Host and port of a URL, and the two as the ``Host`` header has them."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
        host = host if host.isascii() else host.encode("idna").decode()
    except (ValueError, UnicodeError):
        raise UsageError(f"{shown(url)!r} is not a web address.") from None
    if not host or any(char.isspace() or ord(char) < 32 for char in url):
        raise UsageError(f"{shown(url)!r} is not a web address.")
    bare = f"[{host}]" if ":" in host else host
    return host, port or (443 if parts.scheme.lower() == "https" else 80), bare if port is None else f"{bare}:{port}"


def _pinned(url: str, address: str, port: int) -> httpx.URL:
    """The URL with the checked address in the place of the name."""
    import httpx

    return httpx.URL(urlunsplit(urlsplit(url)._replace(netloc="host", fragment=""))).copy_with(host=address, port=port)


def _origin(url: str) -> tuple[str, str, int]:
    host, port, _ = _host(url)
    return urlsplit(url).scheme.lower(), host, port


def _credentials(url: str) -> tuple[str, str] | None:
    _host(url)
    parts = urlsplit(url)
    return (unquote(parts.username), unquote(parts.password or "")) if parts.username else None


async def _page(response: httpx.Response, url: str, limits: ReadLimits) -> Page:
    if response.status_code != 200:
        raise UsageError(
            f"{shown(url)} answered with HTTP {response.status_code} {response.reason_phrase}.".replace(" .", "."),
            hint="Open it in a browser; if it needs a login, save it and give the file."
            if response.is_client_error
            else "",
        )
    header = Message()
    header["content-type"] = response.headers.get("content-type", "")
    media_type = header.get_content_type() if header["content-type"] else ""
    if media_type and not media_type.startswith(_READABLE) and media_type != _WORD:
        raise UsageError(
            f"{shown(url)} is {media_type}, which can't be read.", hint="Give a page, a text, a PDF or a Word file."
        )
    charset = header.get_content_charset("") if header["content-type"] else ""
    return Page(url, await _body(response, url, limits.max_bytes), media_type, charset)


async def _body(response: httpx.Response, url: str, most: int) -> bytes:
    """The body, unpacked step by step: a packed bomb is never larger in memory than the limit."""
    import httpx

    body = bytearray()
    try:
        async for piece in _unpacked(response, url):
            body += piece
            if len(body) > most:
                raise too_large(shown(url), max(len(body), int(response.headers.get("content-length") or 0)), most)
    except httpx.HTTPError as error:
        raise UsageError(f"{shown(url)} broke off: {str(error) or type(error).__name__}.", hint="Try again.") from None
    return bytes(body)


async def _unpacked(response: httpx.Response, url: str) -> AsyncIterator[bytes]:
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing in ("identity", ""):
        async for piece in response.aiter_raw():
            yield piece
        return
    if packing not in ("gzip", "x-gzip", "deflate"):
        raise UsageError(f"{shown(url)} is packed as {packing[:40]!r}, which was not asked for.")
    unpack = zlib.decompressobj(wbits=47) if packing != "deflate" else None
    try:
        async for piece in response.aiter_raw():
            if unpack is None and piece:  # "deflate" means zlib's wrapper, but some servers send the bare stream
                unpack = zlib.decompressobj(wbits=15 if piece[0] & 0x0F == 8 else -15)
            while piece and unpack is not None and not unpack.eof:
                yield unpack.decompress(piece, _STEP)
                piece = unpack.unconsumed_tail
        if unpack is not None and not unpack.eof:
            raise UsageError(f"{shown(url)} ended early.", hint="Try again.")
    except zlib.error:
        raise UsageError(f"{shown(url)} can't be unpacked; it is damaged.", hint="Try again.") from None


def _version() -> str:
    try:
        return version("contentkit")
    except PackageNotFoundError:
        return "0"
