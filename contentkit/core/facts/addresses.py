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
    """Every page that the texts name."""
    return frozenset(page(text[link.start : link.end]) for text in texts for link in find_links(text))


def is_known(address: str, known: frozenset[str]) -> bool:
    """Whether the page is named, or is the front page of a host that is."""
    wanted = page(address)
    return wanted in known or ("/" not in wanted and any(host(one) == wanted for one in known))
