"""``contentkit config``: what holds here, and who said it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contentkit.commands._table import table
from contentkit.core.errors import ContentkitError, UsageError
from contentkit.core.plural import counted

if TYPE_CHECKING:
    from contentkit.kit.config import Config


@click.group(epilog='Examples: contentkit config show   contentkit config check   $EDITOR "$(contentkit config path)"')
def command() -> None:
    """Your settings, and who said each.

    They come from built-in defaults, your file, the project's file and CONTENTKIT_* variables; the later wins.
    See docs/configuration.md.
    """


@command.command(epilog="Example: contentkit config show --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def show(as_json: bool) -> None:
    """Every setting with its value and who said it. Keys are never shown, only where they come from."""
    from contentkit.kit.config import load

    config = load()
    for notice in config.notices:
        click.echo(f"contentkit: {notice}", err=True)
    if as_json:
        click.echo(json.dumps(_data(config), ensure_ascii=False, indent=2))
        return
    data = _data(config)
    rows = [(name, _toml(row["value"]), row["from"]) for name, row in data["settings"].items()]
    for name, row in data["providers"].items():
        rows.append((f"providers.{name}", "; ".join(filter(None, (row["url"], row["key"]))), row["from"]))
    table(("setting", "value", "from"), rows)


@command.command(epilog='Example: $EDITOR "$(contentkit config path)"')
@click.option("--all", "everything", is_flag=True, help="Every file and folder that contentkit uses, not only yours.")
def path(everything: bool) -> None:
    """Where your own settings are (or would be)."""
    from contentkit.kit.config import load, user_file

    if not everything:
        click.echo(user_file(os.environ))
        return
    config = load()
    places: dict[str, Path | None] = {
        "user": config.user_file,
        "project": config.project_file,
        "history": config.history_path,
        "cache": config.cache_path,
        "catalogue": config.catalogue_path,
        **{f"prompts {number}": folder for number, folder in enumerate(config.prompt_dirs, 1)},
    }
    rows = [(name, str(place or ""), "" if place and place.exists() else "not there") for name, place in places.items()]
    table(("what", "where", "state"), rows)


@command.command(epilog="Example: contentkit config check && contentkit write article --from notes.md")
def check() -> None:
    """Read every file and variable, and say what is wrong. Exit code 0 when all is well, else 2."""
    from contentkit.kit.config import load

    config = load()
    wrong = [*config.faults(), *_of_reviews(config)]
    for sentence in (*config.notices, *wrong):
        click.echo(f"contentkit: {sentence}", err=True)
    if wrong:
        raise UsageError(f"{counted(len(wrong), 'thing')} to mend in the configuration.")
    files = [str(file) for file in (config.user_file, config.project_file) if file and file.exists()]
    click.echo(f"The configuration is fine ({', '.join(files) or 'no file; built-in settings'}).")


def _of_reviews(config: Config) -> list[str]:
    """Names of analyzers and lenses that there are not, and settings that an analyzer does not take."""
    from contentkit.kit.kit import Kit
    from contentkit.reviews.analyse import check as check_analyzers
    from contentkit.reviews.examine import lenses

    prompts = Kit.load(history=False).prompts
    wrong = []
    for look in (lambda: check_analyzers(config.review), lambda: lenses(prompts, config.review.lenses)):
        try:
            look()
        except UsageError as error:
            wrong.append(str(error))
    return wrong


def _data(config: Config) -> dict[str, Any]:
    from contentkit.kit.config.settings import SETTINGS

    def value(name: str) -> Any:
        plain: Any = config
        for part in name.split("."):
            plain = getattr(plain, part)
        return _plain(plain)

    settings = {name: {"value": value(name), "from": config.origins.get(name, "built in")} for name in SETTINGS}
    for rule, entries in config.rules.items():
        for key, entry in entries.items():
            name = f"rules.{rule}.{key}"
            settings[name] = {"value": entry, "from": config.origins.get(name, "built in")}
    providers = {
        name: {
            "like": stanza.get("like", name),
            "url": _address(config, name),
            "key": _key(config, name),
            "from": _said_by(config, name),
        }
        for name, stanza in config.providers.items()
    }
    return {"settings": settings, "providers": providers}


def _plain(value: Any) -> Any:
    """A value as JSON and TOML have it."""
    if is_dataclass(value) and not isinstance(value, type):
        return _plain({entry.name: getattr(value, entry.name) for entry in fields(value)})
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    return str(value) if isinstance(value, Path) else value


def _address(config: Config, name: str) -> str:
    try:
        return config.address(name)
    except ContentkitError as error:
        return str(error)


def _key(config: Config, name: str) -> str:
    """Where the key comes from; never the key, and no command is run for it."""
    stanza = config.providers[name]
    if stanza.get("keyless"):
        return "no key is sent to a host that a project names"
    if variable := config.key_variable(name):
        return f"key set in {variable}"
    if "key_command" in stanza:
        return "key from its key_command"
    if stanza.get("needs_key"):
        return f"no key in the environment (set {' or '.join(stanza.get('key_env', ()))})"
    return ""


def _said_by(config: Config, name: str) -> str:
    """Who added to the stanza, the last first."""
    prefix = f"providers.{name}."
    said = [origin for setting, origin in config.origins.items() if setting.startswith(prefix)]
    return ", ".join(dict.fromkeys(reversed(said))) or "built in"


def _toml(value: Any) -> str:
    """A value as it would stand in a file."""
    if value is None:
        return "(not set)"
    return json.dumps(value, ensure_ascii=False)
