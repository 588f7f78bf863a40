"""Web addresses, compared as the page that they lead to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

from contentkit.core.text.links import find_links

_RESERVED = re.compile(r"(?:^|\.)(?:example|test|invalid|localhost)(?:\.(?:com|org|net|jp))?(?::\d+)?\Z")


def page(address: str) -> str:
    """An address without scheme, "www.", fragment, final "/" and escapes: "example.com/a"."""
    bare = re.sub(r"\A(?:https?:)?//", "", address.strip(), flags=re.IGNORECASE).partition("#")[0]
    host, slash, rest = bare.partition("/")
    return unquote(f"{host.lower().removeprefix('www.')}{slash}{rest}").rstrip("/.,;:!?)")


def host(address: str) -> str:
    """The host of an address."""
    return page(address).partition("/")[0].partition("?")[0]


def is_example(address: str) -> bool:
    """Whether the host is one of those kept for examples (RFC 2606), which lead nowhere."""
    return bool(_RESERVED.search(host(address)))


def pages(texts: Iterable[str]) -> frozenset[str]:
    """Every page that the texts name, and the front page of each host."""
    found = {page(text[link.start : link.end]) for text in texts for link in find_links(text)}
    return frozenset(found | {host(one) for one in found})


def is_known(address: str, known: frozenset[str]) -> bool:
    """Whether the page is one of ``pages``."""
    return page(address) in known
