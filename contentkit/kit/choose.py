"""Which model to ask when nobody said: what is at hand, in an order that the documentation tells (docs/models.md)."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from contentkit.core.errors import UsageError
from contentkit.kit.config import Config
from contentkit.kit.config.stanzas import is_loopback

PATIENCE = 0.3
"""Seconds for all local servers together. One that is up answers in a few milliseconds."""

MAX_LIST = 4_000_000
"""Bytes of a list of models; a longer one is no list of models."""

NOT_FOR_TEXT = re.compile(
    r"(?i)embed|rerank|whisper|moderation|\b(bge|e5|gte|clip|tts|sdxl|flux|minilm)\b|stable-diffusion"
)
"""Names of models that answer with something else than text."""

OFFLINE = "offline:draft"


@dataclass(frozen=True, slots=True)
class Choice:
    """A model as ``provider:name``, and in plain words why it was taken."""

    model: str
    why: str


async def choose(config: Config, *, asked: str = "", preferred: Sequence[str] = (), named: bool = False) -> Choice:
    """The first of: asked for, configured, preferred by the prompt and at hand, a key in the environment, a local
    server that answers, a model in the hub cache, offline. Nothing is looked at once something earlier decided.

    Args:
        named: what is asked holds code, which goes to nobody whom the user did not name.
    """
    if named:
        return _said(config, asked) or Choice(OFFLINE, "a diff is code, and goes to a model only where you name one")
    return (
        _said(config, asked)
        or await _preferred(config, preferred)
        or _keyed(config)
        or await _served(config)
        or _cached()
        or _offline()
    )


def _said(config: Config, asked: str) -> Choice | None:
    if asked:
        return Choice(asked, "asked for with --model")
    if config.model:
        origin = config.origins.get("model", "")
        return Choice(config.model, f"set in {origin}" if origin else "configured")
    return None


async def _preferred(config: Config, models: Sequence[str]) -> Choice | None:
    """The first of ``models`` that is at hand: its key is in the environment, or its local server has it."""
    why = "the prompt prefers it"
    served: dict[str, list[str]] | None = None
    for model in models:
        provider, _, name = model.partition(":")
        if provider not in config.providers:
            continue
        if config.key_variable(provider) and config.address(provider):
            return Choice(model, f"{why}, and {config.key_variable(provider)} is set")
        if config.providers[provider].get("probe"):
            served = await local_servers(config) if served is None else served
            if name in served.get(provider, ()):
                return Choice(model, f"{why}, and the server has it")
    return None


def _keyed(config: Config) -> Choice | None:
    """The default model of the first provider whose key is in the environment."""
    for name, stanza in config.providers.items():
        variable = config.key_variable(name)
        if variable and (model := stanza.get("model") or _default_model(config, name)) and config.address(name):
            return Choice(f"{name}:{model}", f"{variable} is set")
    return None


def _default_model(config: Config, provider: str) -> str:
    from contentkit.models.catalogue import Catalogue

    return Catalogue.load(config.catalogue_path).default(provider)


async def _served(config: Config) -> Choice | None:
    for name, models in (await local_servers(config)).items():
        if model := _first_text_model(models):
            return Choice(f"{name}:{model}", f"a server answers at {urlsplit(config.address(name)).netloc}")
    return None


async def local_servers(config: Config, patience: float = PATIENCE) -> dict[str, list[str]]:
    """Models of each local server that answers within ``patience`` seconds, in the order of the stanzas.

    Only stanzas with ``probe`` and a loopback address are asked, each with one GET and without a key.
    CONTENTKIT_PROBE=0 asks none.
    """
    if config.env.get("CONTENTKIT_PROBE", "").strip().lower() in ("0", "no", "off", "false"):
        return {}
    urls = {name: url for name, stanza in config.providers.items() if (url := _probe_url(config, name, stanza))}
    if not urls:
        return {}
    asked = {name: asyncio.create_task(_listed(url)) for name, url in urls.items()}
    _, late = await asyncio.wait(asked.values(), timeout=patience)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    return {name: task.result() for name, task in asked.items() if task not in late and task.result()}


def _first_text_model(models: list[str]) -> str:
    """The first that writes text, or ""."""
    return next((model for model in models if not NOT_FOR_TEXT.search(model)), "")


def _probe_url(config: Config, name: str, stanza: Mapping[str, Any]) -> str:
    if not stanza.get("probe"):
        return ""
    try:
        url = config.address(name)
    except UsageError:  # said when this provider is asked for
        return ""
    if not is_loopback(url) or not url.startswith("http://"):
        return ""
    return url + ("/api/tags" if stanza.get("like", name) == "ollama" else "/models")


async def _listed(url: str) -> list[str]:
    """Names in a server's list of models; [] for whatever goes wrong."""
    try:
        return _names(json.loads(await _get(url)))
    except (OSError, ValueError, EOFError, RecursionError, asyncio.LimitOverrunError):
        return []


def _names(answer: object) -> list[str]:
    """From ``{"models": [{"name": ...}]}`` (Ollama) or ``{"data": [{"id": ...}]}`` (all others).

    Models that Ollama only passes on to its own servers (``remote_host``) are left out: nobody asked to send text
    there.
    """
    if not isinstance(answer, Mapping):
        return []
    rows = answer.get("models") or answer.get("data")
    if not isinstance(rows, list):
        return []
    names = [
        row.get("id") or row.get("name") for row in rows if isinstance(row, Mapping) and not row.get("remote_host")
    ]
    return [name for name in names if isinstance(name, str) and name]


async def _get(url: str) -> bytes:
    """The body of a plain HTTP answer 200. By hand, since httpx takes longer to import than we may wait here."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    reader, writer = await asyncio.open_connection(host, parts.port or 80, limit=65_536)
    try:
        question = f"GET {parts.path} HTTP/1.0\r\nHost: {parts.netloc}\r\nAccept: application/json\r\n\r\n"
        writer.write(question.encode("ascii"))
        head = await reader.readuntil(b"\r\n\r\n")
        if not re.match(rb"HTTP/1\.[01] 200\b", head):
            return b""
        length = re.search(rb"(?im)^content-length:\s*(\d+)", head)
        if re.search(rb"(?im)^transfer-encoding:.*chunked", head):
            return await _chunks(reader)
        if length:
            return await reader.readexactly(min(int(length[1]), MAX_LIST))
        return await _rest(reader)
    finally:
        writer.close()


async def _rest(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while (more := await reader.read(65_536)) and len(body) < MAX_LIST:
        body += more
    return body


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while len(body) < MAX_LIST:
        size = int((await reader.readline()).partition(b";")[0], 16)
        if size == 0:
            return body
        body += await reader.readexactly(min(size, MAX_LIST))
        await reader.readexactly(2)
    return body


def _cached() -> Choice | None:
    """A text model in the hub cache, where the extra that can run it is installed."""
    if not find_spec("transformers") or not find_spec("torch"):
        return None
    from contentkit.models.hub import cached_models

    model = _first_text_model(cached_models())
    return Choice(f"transformers:{model}", "it is in the hub cache on this machine") if model else None


def _offline() -> Choice:
    return Choice(
        OFFLINE, "no model is configured, no key is set and no local server answers (contentkit doctor tells more)"
    )
