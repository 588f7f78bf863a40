"""What works on this machine and what does not, each with the way out: for ``contentkit doctor``."""

from __future__ import annotations

import inspect
import os
import platform
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from contentkit.core.errors import ContentkitError
from contentkit.core.plural import counted
from contentkit.kit.config import Config

State = Literal["ok", "absent", "broken"]

EXTRAS = {
    "local": ("torch", "transformers", "llguidance"),
    "web": ("trafilatura",),
    "documents": ("pypdf", "docx"),
    "keyring": ("keyring",),
    "code": (
        "tree_sitter",
        "tree_sitter_go",
        "tree_sitter_java",
        "tree_sitter_javascript",
        "tree_sitter_rust",
        "tree_sitter_typescript",
    ),
    "charts": ("matplotlib",),
    "style": ("proselint",),
}
"""Extra -> the modules it brings. A test compares them with pyproject.toml."""

PURPOSES = {
    "local": "models in this process",
    "web": "reading web pages",
    "documents": "reading pdf and docx",
    "keyring": "keys from the system's keyring",
    "code": "the code around a change in Go, Java, JavaScript, Rust and TypeScript",
    "charts": "charts of an evaluation",
    "style": "proselint beside the checks",
}

PATIENCE = 1.0
"""Seconds for local servers; the doctor has more time than a run."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at.

    Attributes:
        state: "absent" is something that could be had and is not needed.
        way_out: what mends or brings it; "" when there is nothing to do.
    """

    name: str
    state: State
    detail: str
    way_out: str = ""


Look = Callable[[Config], Iterable[Check] | Awaitable[Iterable[Check]]]


async def checks(load: Callable[[], Config]) -> AsyncIterator[Check]:
    """Every check, as it is done. One that fails is a broken check, and the others go on."""
    for name, first in {"python": _python, "extras": _extras, "plugins": _plugins}.items():
        for check in await _safely(name, first()):
            yield check
    try:
        config = load()
    except ContentkitError as error:
        yield Check("configuration", "broken", error.message, error.hint)
        return
    parts: dict[str, Look] = {
        "configuration": _configuration,
        "keys": _keys,
        "local servers": _servers,
        "hub cache": _hub,
        "choice": _choice,
        "catalogue": _catalogue,
        "prompts": _prompts,
        "folders": _folders,
        "history": _history,
    }
    for name, look in parts.items():
        for check in await _safely(name, look(config)):
            yield check


async def _safely(name: str, found: Iterable[Check] | Awaitable[Iterable[Check]]) -> list[Check]:
    try:
        return list(await found if inspect.isawaitable(found) else found)
    except ContentkitError as error:
        return [Check(name, "broken", error.message, error.hint)]
    except Exception as error:  # the doctor must not be the one who is ill
        return [Check(name, "broken", f"the check itself failed ({type(error).__name__}: {error})")]


def _python() -> Iterator[Check]:
    import sqlite3

    from contentkit import __version__

    where = Path(__file__).parents[1]
    yield Check(
        "python",
        "ok",
        f"contentkit {__version__} in {where}; Python {platform.python_version()} on {platform.system()}; "
        f"SQLite {sqlite3.sqlite_version}",
    )


def _extras() -> Iterator[Check]:
    for extra, modules in EXTRAS.items():
        missing = [module for module in modules if find_spec(module) is None]
        if missing:
            lacking = f"{PURPOSES[extra]}: not installed ({', '.join(missing)})"
            yield Check(f"extra {extra}", "absent", lacking, f"pip install 'contentkit[{extra}]'")
        else:
            yield Check(f"extra {extra}", "ok", f"{PURPOSES[extra]}: installed")


def _plugins() -> Iterator[Check]:
    """Loads everything that plugins bring, so that what is broken shows."""
    from contentkit.kit.plugins import SHELVES, Shelf, complaints, installed, prompt_folders

    brought: list[str] = []
    broken: list[str] = []
    for name in SHELVES:
        shelf: Shelf[object] = Shelf(name, f"contentkit.{name}")
        for thing in installed().offers(shelf):
            brought.append(f"{shelf.what} {thing}")
            try:
                shelf.get(thing)
            except ContentkitError as error:
                broken.append(str(error))
    brought += [f"prompts in {folder}" for _, folder in prompt_folders()]
    for sentence in (*complaints(), *broken):
        yield Check("plugins", "broken", sentence, "Mend, upgrade or uninstall the plugin.")
    if names := installed().names():
        yield Check("plugins", "ok", f"{', '.join(names)}: {', '.join(brought) or 'nothing yet'}")


def _configuration(config: Config) -> Iterator[Check]:
    files = [str(file) for file in (config.user_file, config.project_file) if file and file.exists()]
    yield Check("configuration", "ok", ", ".join(files) or f"built-in settings; yours would be in {config.user_file}")
    for notice in config.notices:
        yield Check("configuration", "broken", notice)
    for sentence in config.faults():
        yield Check("configuration", "broken", sentence)


def _keys(config: Config) -> Iterator[Check]:
    """Names of variables only. Keyrings and commands are not asked: they may ask the user in turn."""
    found = [f"{name} ({variable})" for name in config.providers if (variable := config.key_variable(name))]
    found += [f"{name} (key_command)" for name, stanza in config.providers.items() if "key_command" in stanza]
    if found:
        yield Check("keys", "ok", ", ".join(found))
    missing = {
        name: stanza["key_env"][0]
        for name, stanza in config.providers.items()
        if stanza.get("needs_key") and stanza.get("key_env") and not config.key_variable(name)
        and "key_command" not in stanza
    }  # fmt: skip
    if missing:
        yield Check(
            "keys", "absent", f"not set for {', '.join(missing)}", f"Set one, such as {next(iter(missing.values()))}."
        )


async def _servers(config: Config) -> list[Check]:
    from contentkit.kit.choose import local_servers

    found: list[Check] = []
    for name, models in (await local_servers(config, PATIENCE)).items():
        more = f" and {len(models) - 3} more" if len(models) > 3 else ""
        found.append(Check("local servers", "ok", f"{name} at {config.address(name)}: {', '.join(models[:3])}{more}"))
    asked = ", ".join(name for name, stanza in config.providers.items() if stanza.get("probe"))
    return found or [Check("local servers", "absent", f"none answers (asked: {asked})", "Start one: ollama serve")]


def _hub(config: Config) -> Iterator[Check]:
    if find_spec("transformers") is None:
        return
    from contentkit.models.hub import cached_models

    models = cached_models()
    offline = "; HF_HUB_OFFLINE is set" if config.env.get("HF_HUB_OFFLINE") else ""
    if models:
        yield Check("hub cache", "ok", f"{', '.join(models[:3])}{' ...' if len(models) > 3 else ''}{offline}")
    else:
        yield Check("hub cache", "absent", f"no text model{offline}", "contentkit models pull NAME")


async def _choice(config: Config) -> list[Check]:
    """What a run would ask, and whether it could."""
    from contentkit.kit.choose import OFFLINE, choose

    choice = await choose(config)
    detail = f"{choice.model} ({choice.why})"
    if choice.model == OFFLINE and not config.model:
        way_out = "Set a key, start a local server, or pull a model: docs/models.md"
        return [Check("model", "absent", f"{OFFLINE}: drafts from your sources without a model", way_out)]
    name = choice.model.partition(":")[0]
    stanza = config.providers.get(name, {})
    if stanza.get("needs_key") and config.endpoint(name).key is None:
        keys = " or ".join(stanza.get("key_env", ()))
        return [Check("model", "broken", f"{detail}, but there is no key for it", f"Set {keys}.")]
    return [Check("model", "ok", detail)]


def _catalogue(config: Config) -> Iterator[Check]:
    from contentkit.models.catalogue import Catalogue

    own = f", with yours in {config.catalogue_path}" if config.catalogue_path.exists() else ""
    yield Check("catalogue", "ok", f"{len(Catalogue.load(config.catalogue_path).ids())} models{own}")


def _prompts(config: Config) -> Iterator[Check]:
    from contentkit.kit.prompts import Prompts

    prompts = Prompts.of(config)
    good = 0
    for folder in ("write", "review"):
        for found in prompts.folders.files(folder):
            try:
                prompts.load(found, folder)
                good += 1
            except ContentkitError as error:
                yield Check("prompts", "broken", error.message, error.hint)
    yield Check("prompts", "ok" if good else "broken", f"{good} files read; kinds: {', '.join(prompts.kinds())}")


def _folders(config: Config) -> Iterator[Check]:
    fine: list[str] = []
    for name, path in {"history_path": config.history_path, "cache_path": config.cache_path}.items():
        existing = next(place for place in (path, *path.parents) if place.exists())
        if os.access(existing, os.W_OK) and (existing == path or existing.is_dir()):
            fine.append(str(path.parent))
        else:
            yield Check("folders", "broken", f"{path} can't be written: {existing} is closed to you", f"Set {name}.")
    if fine:
        yield Check("folders", "ok", ", ".join(fine))


def _history(config: Config) -> Iterator[Check]:
    from contentkit.kit.history import History

    if not config.history:
        yield Check("history", "absent", f"switched off in {config.origins.get('history', 'the configuration')}")
        return
    runs = len(History(config.history_path).list(0))
    yield Check("history", "ok", f"{counted(runs, 'run')} in {config.history_path}")
