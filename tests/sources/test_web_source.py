"""Pages from a server of ours on the loopback, and the addresses that are never asked."""

from __future__ import annotations

import asyncio
import gzip
import ipaddress
import socket
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from contentkit.core.errors import UsageError
from contentkit.core.piece import Reading, ReadLimits
from contentkit.sources import web
from contentkit.sources._addresses import is_public

LOCAL = ReadLimits(allow_private=True, timeout=5, max_bytes=1_000_000)
Answer = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """Answers by path, and what was asked."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, dict(self.headers)))
                site.pages.get(self.path, lambda handler: handler.send_error(404))(self)

            def log_message(self, *_: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://localhost:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True, kwargs={"poll_interval": 0.01}).start()

    def page(self, path: str, body: bytes, kind: str = "text/plain", **headers: str) -> str:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(body)

        self.pages[path] = answer
        return self.url + path

    def redirect(self, path: str, onward: str) -> str:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(302)
            handler.send_header("Location", onward)
            handler.end_headers()

        self.pages[path] = answer
        return self.url + path


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.server.shutdown()
    made.server.server_close()


def read(url: str, limits: ReadLimits = LOCAL) -> Reading:
    return asyncio.run(web.read(url, limits))


def test_text_and_markdown(site: Site) -> None:
    (source,) = read(site.page("/a.md?x=1", b"# Title\n\nWords", "text/markdown; charset=utf-8")).texts
    assert (source.title, source.text, source.origin) == ("Title", "# Title\n\nWords", site.url + "/a.md?x=1")
    assert site.asked[0][1]["Host"] == site.url.removeprefix("http://")


def test_a_page_is_its_article(site: Site) -> None:
    pytest.importorskip("trafilatura")
    head = '<html lang="ja"><head><meta charset="euc-jp"><title>猫</title></head>'
    page = f"{head}<body><p>吾輩は猫である。名前はまだ無い。</p></body></html>"
    (source,) = read(site.page("/", page.encode("euc_jp"), "text/html")).texts
    assert (source.title, source.language) == ("猫", "ja")
    assert "名前はまだ無い" in source.text


def test_the_charset_of_the_header_goes_first(site: Site) -> None:
    assert read(site.page("/", "漢字かな".encode("cp932"), "text/plain; charset=Shift_JIS")).texts[0].text == "漢字かな"
    told_by_nothing_else = "Zażółć gęślą jaźń".encode("iso-8859-2")
    assert read(site.page("/pl", told_by_nothing_else, "text/plain; charset=ISO-8859-2")).texts[0].text == (
        "Zażółć gęślą jaźń"
    )


@pytest.mark.parametrize("packing", ["gzip", "deflate", "bare"])
def test_packed_pages(site: Site, packing: str) -> None:
    words = b"words " * 10_000
    bare = zlib.compressobj(wbits=-15)
    body = {"gzip": gzip.compress(words), "deflate": zlib.compress(words), "bare": bare.compress(words) + bare.flush()}[
        packing
    ]
    url = site.page("/", body, Content_Encoding="gzip" if packing == "gzip" else "deflate")
    assert read(url).texts[0].text.encode() == words


@pytest.mark.parametrize(
    ("body", "headers", "words"),
    [
        (gzip.compress(b"\0" * 50_000_000), {"Content_Encoding": "gzip"}, "at most 1,000,000"),
        (b"x" * 1_000_001, {}, "at most 1,000,000"),
        (b"xx", {"Content_Encoding": "br"}, "packed as 'br'"),
        (b"xx", {"Content_Encoding": "gzip"}, "damaged"),
        (gzip.compress(b"x" * 99)[:-12], {"Content_Encoding": "gzip"}, "ended early"),
        (b"", {}, "empty"),
        (b"GIF89a", {"Content-Type": "image/gif"}, "image/gif"),
        (b"%PDF-1.7 broken", {"Content-Type": "application/pdf"}, "damaged"),
    ],
)
def test_what_can_not_be_read_is_a_sentence(site: Site, body: bytes, headers: dict[str, str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        read(site.page("/", body, **headers))


def test_a_bomb_is_unpacked_in_small_steps(site: Site) -> None:
    url = site.page("/", gzip.compress(b"\0" * 80_000_000), Content_Encoding="gzip")
    tracemalloc.start()
    try:
        with pytest.raises(UsageError, match="at most"):
            read(url)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_status_and_unreachable(site: Site) -> None:
    with pytest.raises(UsageError, match="HTTP 404"):
        read(site.url + "/nothing")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(UsageError, match="can't be reached"):
            read(f"http://127.0.0.1:{taken.getsockname()[1]}/")


def test_a_slow_page_ends_with_the_time(site: Site) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/plain")
        handler.end_headers()
        for _ in range(200):
            try:
                handler.wfile.write(b"x")
            except OSError:
                return
            time.sleep(0.05)

    site.pages["/"] = drip
    started = time.monotonic()
    with pytest.raises(UsageError, match=r"within 0\.3 s"):
        read(site.url + "/", ReadLimits(allow_private=True, timeout=0.3))
    assert time.monotonic() - started < 6


def test_redirects_are_followed_and_bounded(site: Site) -> None:
    site.page("/end", b"arrived")
    assert read(site.redirect("/start", "/end")).texts[0].origin == site.url + "/start"
    site.redirect("/loop", "/loop")
    with pytest.raises(UsageError, match="more than 5 times"):
        read(site.url + "/loop")
    for onward in ("file:///etc/hosts", "ftp://localhost/"):
        with pytest.raises(UsageError, match="no web address"):
            read(site.redirect("/out", onward))


def test_every_redirect_is_checked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A public page that leads to a private one: the first hop is let through here, the second must not be."""
    asked: list[bool] = []
    resolve = web.resolve

    async def first_is_public(host: str, port: int, *, allow_private: bool) -> list[str]:
        asked.append(allow_private)
        return await resolve(host, port, allow_private=allow_private or len(asked) == 1)

    monkeypatch.setattr(web, "resolve", first_is_public)
    site.page("/secret", b"internal")
    with pytest.raises(UsageError, match="private network"):
        read(site.redirect("/start", f"http://127.0.0.1:{site.server.server_port}/secret"), ReadLimits(timeout=5))
    assert asked == [False, False]
    assert [path for path, _ in site.asked] == ["/start"]


def test_the_checked_address_is_the_one_that_is_asked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that answers differently the second time (DNS rebinding) is never looked up a second time."""
    lookups: list[str] = []
    original = socket.getaddrinfo

    def rebinding(host: Any, *rest: Any, **named: Any) -> Any:
        if host == "pages.example":
            lookups.append(host)
            return original("127.0.0.1" if len(lookups) == 1 else "127.0.0.9", *rest, **named)
        return original(host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    site.page("/", b"words")
    assert read(f"http://pages.example:{site.server.server_port}/").texts[0].text == "words"
    assert lookups == ["pages.example"]
    assert site.asked[0][1]["Host"] == f"pages.example:{site.server.server_port}"


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    def both(host: Any, port: Any, *_: Any, **__: Any) -> Any:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in ("93.184.216.34", "10.0.0.7")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with pytest.raises(UsageError, match=r"10\.0\.0\.7"):
        read("http://pages.example/", ReadLimits())


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fd00:ec2::254",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "::7f00:1",
        "ff02::1",
    ],
)
def test_addresses_that_are_not_public(host: str) -> None:
    assert not is_public(ipaddress.ip_address(host))
    with pytest.raises(UsageError, match="not read"):
        read(f"http://[{host}]/" if ":" in host else f"http://{host}/", ReadLimits())


@pytest.mark.parametrize("host", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::808:808"])
def test_addresses_that_are_public(host: str) -> None:
    assert is_public(ipaddress.ip_address(host))


@pytest.mark.parametrize(
    "url", ["http://2130706433/", "http://0x7f.1/", "http://017700000001/", "http://localhost/", "http://127.1/"]
)
def test_other_spellings_of_loopback(url: str) -> None:
    with pytest.raises(UsageError, match=r"not read|can't be found"):
        read(url, ReadLimits())


@pytest.mark.parametrize(
    "url",
    [
        "http://",
        "http:///x",
        "http://a b/",
        "http://[::1/",
        "http://x:99999/",
        "http://x\r\nHost: y/",
        "https://ä\udcff/",
    ],
)
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(UsageError):
        read(url)


def test_a_password_in_the_address_is_sent_only_there_and_told_nowhere(site: Site) -> None:
    site.page("/b", b"words")
    site.redirect("/a", f"http://127.0.0.1:{site.server.server_port}/b")
    url = site.url.replace("//", "//user:pa%73s@") + "/a"
    reading = read(url)
    assert reading.texts[0].origin == site.url + "/a"
    assert site.asked[0][1]["Authorization"] == "Basic dXNlcjpwYXNz"
    assert "Authorization" not in site.asked[1][1]
    with pytest.raises(UsageError) as error:
        read(url + "/nothing")
    assert "pa%73s" not in str(error.value)
