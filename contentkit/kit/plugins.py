"""Shelves: what stands in a folder of contentkit, and what plugins add to it. Nothing is imported before it is used."""

from __future__ import annotations

import functools
import importlib
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, TypeVar, cast, overload

from contentkit.core.errors import UsageError
from contentkit.core.nearest import unknown

if TYPE_CHECKING:
    import click
    import pluggy

    from contentkit.core.contracts import Analyzer, BatchEngine, ProviderModule, Reporter, Source, Step

GROUP = "contentkit"
SHELVES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "providers": ("provider", ("connect",)),
    "steps": ("step", ()),
    "sources": ("source", ("takes", "read")),
    "reports": ("format", ("render",)),
    "analyzers": ("analyzer", ("begin",)),
    "commands": ("command", ("command",)),
    "engines": ("engine", ("place",)),
}
"""Shelf -> the word for one thing of it, and the attributes that a plugin's thing must have."""

T = TypeVar("T")


class CommandModule(Protocol):
    """A file in ``commands/``."""

    command: click.Command


class Shelf(Generic[T]):
    """The things of one folder by name. Files that begin with "_" are not on the shelf.

    Args:
        name: the shelf's name, as plugins are asked for it.
        package: the package whose files are the things.
        what: the word for one thing in errors.
    """

    def __init__(self, name: str, package: str, what: str = "") -> None:
        self.name = name
        self.package = package
        self.what = what or SHELVES.get(name, (name.removesuffix("s"), ()))[0]
        self._read: dict[str, T] = {}

    @functools.cached_property
    def built_in(self) -> frozenset[str]:
        """Names of the files, listed and not imported."""
        return frozenset(name for name in _modules(self.package) if not name.startswith("_"))

    def names(self) -> list[str]:
        """Every name, plugins' included, sorted."""
        return sorted(self.built_in | installed().offers(self).keys())

    def __contains__(self, name: object) -> bool:
        return name in self.built_in or name in installed().offers(self)

    def get(self, name: str) -> T:
        """The thing called ``name``, imported now if it was not.

        Raises:
            UsageError: nothing is called so, or the plugin that offers it is broken.
        """
        if name in self._read:
            return self._read[name]
        if name in self.built_in:
            self._read[name] = cast(T, importlib.import_module(f"{self.package}.{name}"))
            return self._read[name]
        offers = installed().offers(self)
        if name not in offers:
            raise unknown(self.what, name, self.built_in | offers.keys())
        return cast(T, _imported(self, name, *offers[name]))

    def working(self, names: Iterable[str]) -> Iterator[T]:
        """The things of these names, imported one by one. A plugin's that is broken is a complaint and left out."""
        for name in names:
            try:
                yield self.get(name)
            except UsageError as error:
                if name in self.built_in or name not in self:
                    raise
                installed().complain(str(error))


class Plugins:
    """The plugins of this environment. A broken one is a sentence in ``complaints`` and harms nobody else."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self._manager: pluggy.PluginManager | None = _manager(self.complaints) if _any_entry_point() else None
        self._offers: dict[str, dict[str, tuple[str, object]]] = {}

    def names(self) -> list[str]:
        """Names of the plugins that loaded."""
        return sorted(name for name, _ in self._manager.list_name_plugin()) if self._manager else []

    def offers(self, shelf: Shelf[Any]) -> Mapping[str, tuple[str, object]]:
        """What plugins add to a shelf: name -> (plugin, thing). Built-in names can't be taken."""
        if shelf.name not in self._offers:
            taken: dict[str, tuple[str, object]] = {}
            for plugin, answer in self._answers("contentkit_shelf", shelf=shelf.name):
                for name, thing in self._named(plugin, shelf, answer).items():
                    owner = "contentkit" if name in shelf.built_in else taken[name][0] if name in taken else ""
                    if owner:
                        self._complain(plugin, f"its {shelf.what} {name!r} is left out: {owner} has one of that name.")
                    else:
                        taken[name] = (plugin, thing)
            self._offers[shelf.name] = taken
        return self._offers[shelf.name]

    @functools.cached_property
    def prompt_folders(self) -> tuple[tuple[str, Path], ...]:
        """Folders of prompts: (plugin, folder)."""
        folders: list[tuple[str, Path]] = []
        for plugin, answer in self._answers("contentkit_prompts"):
            if isinstance(answer, str | os.PathLike) and Path(answer).is_dir():
                folders.append((plugin, Path(answer)))
            else:
                self._complain(plugin, f"its folder of prompts is not a folder: {answer!r}.")
        return tuple(folders)

    def _answers(self, hook: str, **arguments: object) -> list[tuple[str, object]]:
        """Each plugin's answer on its own, so that one that fails takes no other with it."""
        if self._manager is None:
            return []
        everyone = dict(self._manager.list_name_plugin())
        answers: list[tuple[str, object]] = []
        for name in sorted(everyone):
            others = [plugin for other, plugin in everyone.items() if other != name]
            try:
                said = self._manager.subset_hook_caller(hook, remove_plugins=others)(**arguments)
            except Exception as error:
                self._complain(name, f"{hook} failed: {_short(error)}")
            else:
                answers += [(name, answer) for answer in said]
        return answers

    def _named(self, plugin: str, shelf: Shelf[Any], answer: object) -> dict[str, object]:
        if isinstance(answer, Mapping) and all(isinstance(name, str) and name for name in answer):
            return dict(answer)
        self._complain(plugin, f"contentkit_shelf({shelf.name!r}) must give names with things, not {answer!r:.80}.")
        return {}

    def complain(self, sentence: str) -> None:
        """Keep a complaint, once."""
        if sentence not in self.complaints:
            self.complaints.append(sentence)

    def _complain(self, plugin: str, what: str) -> None:
        self.complain(f"Plugin {plugin!r}: {what}")


@functools.cache
def installed() -> Plugins:
    """The plugins of this process, looked for once."""
    return Plugins()


def complaints() -> tuple[str, ...]:
    """One sentence for each fault of a plugin found so far. Looks for no plugin itself, so it costs nothing at exit."""
    return tuple(installed().complaints) if installed.cache_info().currsize else ()


def prompt_folders() -> tuple[tuple[str, Path], ...]:
    """Folders of prompts that plugins bring: (plugin, folder)."""
    return installed().prompt_folders


@overload
def shelf(name: Literal["providers"]) -> Shelf[ProviderModule]: ...
@overload
def shelf(name: Literal["steps"]) -> Shelf[Step]: ...
@overload
def shelf(name: Literal["sources"]) -> Shelf[Source]: ...
@overload
def shelf(name: Literal["reports"]) -> Shelf[Reporter]: ...
@overload
def shelf(name: Literal["analyzers"]) -> Shelf[Analyzer]: ...
@overload
def shelf(name: Literal["engines"]) -> Shelf[BatchEngine]: ...
@overload
def shelf(name: Literal["commands"]) -> Shelf[CommandModule]: ...
@functools.cache
def shelf(name: str) -> Shelf[Any]:
    """The shelf called ``name``."""
    return Shelf(name, f"contentkit.{name}")


def _modules(package: str) -> set[str]:
    """Names of a package's modules. A plain listing: pkgutil and importlib.resources cost 1 and 9 ms to import."""
    found: set[str] = set()
    for folder in importlib.import_module(package).__path__:
        try:
            found.update(entry[:-3] for entry in os.listdir(folder) if entry.endswith(".py"))
        except NotADirectoryError:  # inside a zip file
            import pkgutil

            found.update(module.name for module in pkgutil.iter_modules([folder]))
    return found


def _any_entry_point() -> bool:
    """Whether any distribution on the path has an entry point of ours.

    Reads the files in place: importlib.metadata and pluggy cost 25 ms to import, this 3 ms for 120 distributions. What
    is not a folder (a zip file) may hold one, so the answer there is yes.
    """
    ours = re.compile(rb"(?m)^\s*\[\s*" + GROUP.encode() + rb"\s*\]")
    for folder in dict.fromkeys(sys.path):
        try:
            entries = os.listdir(folder or ".")
        except NotADirectoryError:
            return True
        except OSError:
            continue
        for entry in entries:
            if not entry.endswith((".dist-info", ".egg-info")):
                continue
            try:
                with open(os.path.join(folder, entry, "entry_points.txt"), "rb") as file:
                    if ours.search(file.read()):
                        return True
            except OSError:
                continue
    return False


def _manager(complaints: list[str]) -> pluggy.PluginManager:
    """Load and register each plugin; one that fails is a complaint."""
    from importlib.metadata import entry_points

    import pluggy

    from contentkit.kit import hookspecs

    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(hookspecs)
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        try:
            plugin = entry.load()
            if manager.has_plugin(entry.name):
                complaints.append(f"Plugin {entry.name!r}: a second plugin has this name; {entry.value} is left out.")
                continue
            manager.register(plugin, name=entry.name)
            _check_hooks(manager, plugin)
        except (Exception, SystemExit) as error:
            manager.unregister(name=entry.name) if manager.has_plugin(entry.name) else None
            complaints.append(f"Plugin {entry.name!r} can't be loaded and is left out: {_short(error)}")
    return manager


def _check_hooks(manager: pluggy.PluginManager, plugin: object) -> None:
    """Raise when the plugin answers no hook of ours, or one that we do not have."""
    if not manager.get_hookcallers(plugin):
        raise UsageError("it has no function marked @hookimpl.")
    manager.check_pending()


def _imported(shelf: Shelf[Any], name: str, plugin: str, thing: object) -> object:
    """A plugin's thing, from its "module:attribute" if that is what it gave, checked for what its shelf asks."""
    try:
        if isinstance(thing, str):
            module, _, attribute = thing.partition(":")
            thing = importlib.import_module(module)
            for part in attribute.split(".") if attribute else ():
                thing = getattr(thing, part)
    except (Exception, SystemExit) as error:
        raise UsageError(f"The {shelf.what} {name!r} of plugin {plugin!r} can't be loaded: {_short(error)}") from error
    missing = [attribute for attribute in SHELVES.get(shelf.name, ("", ()))[1] if not hasattr(thing, attribute)]
    if missing or (shelf.name == "steps" and not (hasattr(thing, "before") or hasattr(thing, "after"))):
        wanted = " or ".join(missing) or "before or after"
        raise UsageError(f"The {shelf.what} {name!r} of plugin {plugin!r} has no {wanted}.")
    return thing


def _short(error: BaseException) -> str:
    """An error in one line."""
    text = " ".join(str(error).split())[:200]
    return f"{type(error).__name__}: {text}" if text else f"{type(error).__name__}."
