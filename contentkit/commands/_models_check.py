"""``contentkit models check``: ask every provider that is set up, all at once, and let none of them spoil the rest."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal

import click

from contentkit.commands._table import clean, table
from contentkit.core.errors import ContentkitError, ProviderError, UnreachableError

if TYPE_CHECKING:
    from contentkit.kit.kit import Kit

_SHOWN = 3  # names of models in a line


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of asking one provider.

    Attributes:
        state: "absent" was not asked, since something is missing.
        detail: why, or names of models.
        seconds: until the answer.
    """

    provider: str
    state: Literal["works", "fails", "absent"]
    detail: str
    way_out: str = ""
    models: tuple[str, ...] = ()
    seconds: float = 0.0


def run(providers: tuple[str, ...], timeout: float, form: str) -> None:
    """Ask and tell."""
    verdicts = asyncio.run(_all(providers, timeout))
    if form == "json":
        click.echo(json.dumps([asdict(verdict) for verdict in verdicts], ensure_ascii=False, indent=2))
        return
    shown = [verdict for verdict in verdicts if verdict.state != "absent" or providers]
    table(("provider", "", "what"), [(verdict.provider, verdict.state, _line(verdict)) for verdict in shown])
    if absent := [verdict for verdict in verdicts if verdict not in shown]:
        names = ", ".join(f"{verdict.provider} ({clean(verdict.detail)})" for verdict in absent)
        click.echo(f"contentkit: not set up: {names}", err=True)


async def _all(providers: tuple[str, ...], timeout: float) -> list[Verdict]:
    from contentkit.core.nearest import unknown
    from contentkit.kit.kit import Kit

    async with Kit.load(history=False, cache=False) as kit:
        for name in providers:
            if name not in kit.config.providers:
                raise unknown("provider", name, kit.config.providers)
        names = providers or tuple(kit.config.providers)
        return list(await asyncio.gather(*(_one(kit, name, timeout) for name in names)))


async def _one(kit: Kit, name: str, timeout: float) -> Verdict:
    missing = _missing(kit, name, kit.config.providers[name])
    if missing:
        return Verdict(name, "absent", missing)
    started = time.monotonic()
    try:
        async with asyncio.timeout(timeout):
            # In a thread: the key may come from a command or a keyring that takes its time.
            provider = await asyncio.to_thread(kit.provider, name)
            models = tuple(await provider.models())
    except TimeoutError:
        return Verdict(name, "fails", f"no answer within {timeout:g} s", "Is it running? See --timeout.")
    except ContentkitError as error:
        if isinstance(error, UnreachableError) and kit.config.providers[name].get("probe"):
            return Verdict(name, "absent", "not running", error.hint.removeprefix("Is it running? "))
        return _failed(kit, name, error)
    except Exception as error:  # one provider's fault must not hide the others
        return Verdict(name, "fails", f"internal error ({type(error).__name__})")
    if not models:
        detail, way_out = "it answers, but has no models", _fetch(kit.config.providers[name])
        return Verdict(name, "works", detail, way_out, seconds=time.monotonic() - started)
    return Verdict(name, "works", "", "", models, time.monotonic() - started)


def _missing(kit: Kit, name: str, stanza: Mapping[str, Any]) -> str:
    """What must be set before it makes sense to ask, or ""."""
    try:
        endpoint = kit.config.endpoint(name)
    except ContentkitError as error:
        return error.message if "url_env" not in stanza else f"set {stanza['url_env'][0]}"
    if endpoint.needs_key and endpoint.key is None:
        return f"set {endpoint.key_env[0]}" if endpoint.key_env else "it has no key"
    if endpoint.like == "transformers" and not (find_spec("torch") and find_spec("transformers")):
        return "pip install 'contentkit[local]'"
    return ""


def _failed(kit: Kit, name: str, error: ContentkitError) -> Verdict:
    status = f"HTTP {error.status}: " if isinstance(error, ProviderError) and error.status else ""
    return Verdict(name, "fails", _masked(kit, name, status + error.message), _masked(kit, name, error.hint))


def _masked(kit: Kit, name: str, text: str) -> str:
    """``text`` without the key, whatever a server said."""
    endpoint = kit.providers[name].endpoint if name in kit.providers else None
    key = endpoint.key.reveal() if endpoint and endpoint.key else ""
    return text.replace(key, "***") if key else text


def _fetch(stanza: Mapping[str, Any]) -> str:
    like = stanza.get("like")
    return {"ollama": "Fetch one: ollama pull qwen3:8b", "transformers": "See: contentkit models suggest"}.get(
        str(like), ""
    )


def _line(verdict: Verdict) -> str:
    if not verdict.models:
        return f"{verdict.detail}. {verdict.way_out}".rstrip(" .") + "."
    names = ", ".join(verdict.models[:_SHOWN])
    more = len(verdict.models) - _SHOWN
    count = "1 model" if len(verdict.models) == 1 else f"{len(verdict.models)} models"
    return f"{count} in {verdict.seconds:.1f} s: {names}" + (f" and {more} more" if more > 0 else "")
