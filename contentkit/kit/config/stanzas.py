"""Stanzas: where each provider is reached. Merging them, and the address that comes of one."""

from __future__ import annotations

import functools
import ipaddress
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from contentkit.core.errors import UsageError
from contentkit.kit.config.layers import Layer

IN_PROCESS = frozenset({"offline", "transformers"})
"""Dialects that talk to no server."""

NOT_SETTINGS = frozenset(
    {"like", "url", "model", "url_env", "key_env", "key_command", "needs_key", "version_env", "keyless"}
)
"""What a stanza says for us; everything else is for its dialect (``Endpoint.settings``)."""


@functools.cache
def built_in() -> Mapping[str, Mapping[str, Any]]:
    """The stanzas that contentkit ships, in the order in which a model is chosen."""
    import tomllib

    import contentkit.providers

    with Path(contentkit.providers.__path__[0], "hosts.toml").open("rb") as file:
        return tomllib.load(file)


def merge(base: Mapping[str, Mapping[str, Any]], layer: Layer) -> dict[str, Mapping[str, Any]]:
    """The stanzas with a trusted layer's on top, key by key."""
    return {**base, **{name: {**base.get(name, {}), **stanza} for name, stanza in layer.providers.items()}}


def merge_project(base: Mapping[str, Mapping[str, Any]], layer: Layer, user_file: Path) -> dict[str, Mapping[str, Any]]:
    """The stanzas with a project's on top. A project may come from a stranger: it sends no key anywhere.

    Raises:
        UsageError: it sends a provider that the user knows, and so its key and texts, to another host.
    """
    merged = merge(base, layer)
    for name, stanza in layer.providers.items():
        if "url" not in stanza:
            continue
        if is_loopback(address(name, {"like": merged[name].get("like", name), "url": stanza["url"]}, {})):
            continue
        if name in base:
            raise UsageError(
                f"{layer.label}: providers.{name}.url would send your texts and your key for {name!r} to another host.",
                hint=f"It belongs in the user file {user_file}, or under a new name here (then no key is sent).",
            )
        merged[name] = {**merged[name], "keyless": True}
    return merged


def address(name: str, stanza: Mapping[str, Any], env: Mapping[str, str]) -> str:
    """The base URL of a stanza: its variables first, then its own; without a trailing slash, "" when it has none.

    Raises:
        UsageError: it is no http(s) address.
    """
    variable = next((variable for variable in stanza.get("url_env", ()) if env.get(variable, "").strip()), "")
    url = env[variable].strip() if variable else str(stanza.get("url", ""))
    if not url:
        return ""
    if stanza.get("like", name) == "ollama":
        url = ollama_address(url)
    _check(url, variable or f"providers.{name}.url")
    return url.rstrip("/")


def ollama_address(text: str) -> str:
    """A URL from any form that OLLAMA_HOST takes: "host", "host:port", ":port", an IPv6 address, a URL.

    As Ollama reads it: port 11434 without a scheme, 80 for http://, 443 for https://. An address that only a server
    can listen on (0.0.0.0, ::) becomes loopback.
    """
    scheme, separator, rest = text.partition("://")
    if not separator:
        scheme, rest = "http", text
    port = {"http": "80", "https": "443"}.get(scheme, "11434") if separator else "11434"
    rest, _, path = rest.partition("/")
    found = re.fullmatch(r"(?P<host>\[[^\]]*\]|[^:]*)(:(?P<port>\d{1,5}))?", rest)
    host = rest if found is None else found["host"]  # without brackets an IPv6 address has no port
    port = (found["port"] if found else None) or port
    host = host.strip("[]") or "127.0.0.1"
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}" + (f"/{path}" if path else "")


def _check(url: str, name: str) -> None:
    """Refuse what two readers of URLs could understand in two ways, and what hides a key."""
    wrong = ""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  (raises when it is no number)
    except ValueError:
        raise UsageError(f"{name} is not a valid address.", hint="Write it like https://host:port/path") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        wrong = "must start with http:// or https:// and name a host"
    elif "@" in parts.netloc:
        wrong = "may hold no user name or password"
    elif parts.query or parts.fragment or re.search(r"[\s\\\x00-\x1f\x7f]", url):
        wrong = "may hold no '?', '#', backslash or blank"
    if wrong:
        raise UsageError(f"{name} {wrong}.", hint="Write it like https://host:port/path")


def is_loopback(url: str) -> bool:
    """Whether the address is on this machine, by its words alone. Of names only ``localhost``: others are looked up."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    if re.search(r"[\s\\@\x00-\x1f]", url):
        return False
    if host == "localhost":
        return True
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return False
    return found.is_loopback or found.is_unspecified


def defaults(values: Mapping[str, Any], stanza: Mapping[str, Any]) -> dict[str, Any]:
    """What the dialect reads: the stanza's own words over the network settings for all."""
    network = {name: values[name] for name in ("retries", "connect_timeout", "read_timeout")}
    shared = {name: value for name, value in network.items() if value is not None}
    return {**shared, **{name: value for name, value in stanza.items() if name not in NOT_SETTINGS}}
