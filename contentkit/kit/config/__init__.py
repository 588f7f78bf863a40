"""The configuration of a folder: built-in defaults, the user's file, the project's file, the environment.

Project files come from strangers too. What they may not say is marked private in ``settings.py``; what they may only
narrow has a ``stricter`` there.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contentkit.core.disclosure import Disclosure
from contentkit.core.errors import UsageError
from contentkit.core.model import Endpoint, Secret
from contentkit.core.nearest import unknown
from contentkit.core.piece import ReadLimits
from contentkit.kit.config import keys, stanzas
from contentkit.kit.config.check import CheckSettings
from contentkit.kit.config.layers import Layer, Reader, read_environment, read_file
from contentkit.kit.config.review import ReviewSettings
from contentkit.kit.config.settings import SETTINGS
from contentkit.kit.files import here

PROJECT_FILE = "contentkit.toml"
APP = "contentkit"


@dataclass(frozen=True, slots=True)
class Config:
    """Every setting, with its origin.

    Attributes:
        deadline: seconds for one question, retries included.
        max_cost: US dollars that one run may cost by estimate; None for no bound.
        retries, connect_timeout, read_timeout: None leaves the built-in choice; a provider's stanza goes first.
        rules: limit rule -> fields that replace the built-in ones.
        allowed_licences: of models that may be pulled without asking; the user accepts others one by one.
        prompt_dirs: the project's and the user's folder of prompts, whether they exist or not.
        project: the folder of the project, or None outside of one.
        user_file, project_file: the files read; the user's may not exist.
        providers: stanzas by name, in the order in which a model is chosen.
        origins: setting ("model", "read.timeout", "providers.x.url") -> what said it; without a row it is built in.
        notices: sentences for the user.
    """

    model: str
    language: str
    deadline: float
    max_cost: float | None
    cache: bool
    history: bool
    retries: int | None
    connect_timeout: float | None
    read_timeout: float | None
    read: ReadLimits
    review: ReviewSettings
    check: CheckSettings
    disclosure: Disclosure
    rules: Mapping[str, Mapping[str, Any]]
    allowed_licences: tuple[str, ...]
    prompt_dirs: tuple[Path, ...]
    history_path: Path
    cache_path: Path
    catalogue_path: Path
    project: Path | None
    user_file: Path
    project_file: Path | None
    providers: Mapping[str, Mapping[str, Any]]
    origins: Mapping[str, str]
    notices: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict, repr=False)

    def endpoint(self, name: str) -> Endpoint:
        """How to reach the provider called ``name``. Its key is looked for now.

        Raises:
            UsageError: nothing is called so, it has no address, or its key can't be had.
        """
        if name not in self.providers:
            raise unknown("provider", name, self.providers)
        stanza = self.providers[name]
        like = str(stanza.get("like", name))
        url = stanzas.address(name, stanza, self.env)
        if not url and "url_env" in stanza:
            raise UsageError(f"{name} has no address.", hint=f"Set {stanza['url_env'][0]}, or providers.{name}.url.")
        return Endpoint(
            name,
            like,
            url,
            keys.key(name, stanza, self.env),
            tuple(stanza.get("key_env", ())),
            bool(stanza.get("needs_key", False)) and not stanza.get("keyless", False),
            stanzas.is_loopback(url) if url else like in stanzas.IN_PROCESS,
            self._settings(stanza),
        )

    def address(self, name: str) -> str:
        """The base URL of a provider, "" when it has none. Looks for no key."""
        return stanzas.address(name, self.providers[name], self.env)

    def key_variable(self, name: str) -> str:
        """The environment variable that holds the provider's key, or ""."""
        return keys.set_variable(self.providers[name], self.env)

    def faults(self) -> list[str]:
        """What is wrong beyond single values: dialects, addresses, the model's provider. One sentence each."""
        from contentkit.kit.plugins import shelf

        found: list[str] = []
        for name, stanza in self.providers.items():
            like = stanza.get("like", name)
            if like not in shelf("providers"):
                found.append(f"providers.{name}: {unknown('dialect', like, shelf('providers').names())}")
            try:
                self.address(name)
            except UsageError as error:
                found.append(str(error))
        provider = self.model.partition(":")[0]
        if provider and provider not in self.providers:
            found.append(f"{self.origins['model']}: {unknown('provider', provider, self.providers)}")
        return found

    def keys(self) -> tuple[Secret, ...]:
        """Every key that the environment holds for a provider: what must be written nowhere."""
        return keys.values(self.providers.values(), self.env)

    def _settings(self, stanza: Mapping[str, Any]) -> dict[str, Any]:
        network = {name: getattr(self, name) for name in ("retries", "connect_timeout", "read_timeout")}
        settings = stanzas.defaults(network, stanza)
        if version := next((self.env[name] for name in stanza.get("version_env", ()) if self.env.get(name)), ""):
            settings["version"] = version
        if headers := settings.get("headers"):
            settings["headers"] = {header: Secret(self._header(value)) for header, value in headers.items()}
        return settings

    def _header(self, value: str) -> str:
        """A header's value; "$NAME" takes it from the environment, so that no key stands in a file."""
        if not value.startswith("$"):
            return value
        if not self.env.get(value[1:], "").strip():
            raise UsageError(f"A header of the configuration takes its value from {value[1:]}, which is not set.")
        return self.env[value[1:]].strip()


def load(cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Config:
    """The configuration that holds in ``cwd``.

    Raises:
        UsageError: a file or a variable says something wrong; the sentence names it.
    """
    env = os.environ if env is None else env
    cwd = (cwd or here()).absolute()
    own = user_file(env)
    dialects = frozenset(stanza["like"] for stanza in stanzas.built_in().values())
    user = _user_layer(own, dialects, asked="CONTENTKIT_CONFIG" in env)
    project_file, project = _project_layer(cwd, own, dialects)
    environment, notices = read_environment(env)
    values, origins = _settled(user, project, environment)
    providers = stanzas.merge(_plugin_stanzas(), user)
    providers = stanzas.merge_project(providers, project, own)
    folder = project_file.parent if project_file else _project_folder(cwd)
    groups = {
        group: {name.partition(".")[2]: values.pop(name) for name in list(values) if name.startswith(f"{group}.")}
        for group in ("read", "review", "check", "disclosure")
    }
    for name, place in _places(own).items():
        values[name] = values[name] or place
    return Config(
        **values,
        read=ReadLimits(**groups["read"]),
        review=ReviewSettings(**groups["review"]),
        check=CheckSettings(**groups["check"]),
        disclosure=Disclosure(**groups["disclosure"]),
        rules={
            name: {**user.rules.get(name, {}), **project.rules.get(name, {})} for name in (*user.rules, *project.rules)
        },
        prompt_dirs=(*((folder / "prompts",) if folder else ()), own.parent / "prompts"),
        project=folder,
        user_file=own,
        project_file=project_file,
        providers=providers,
        origins=origins,
        notices=notices,
        env=env,
    )


def user_file(env: Mapping[str, str]) -> Path:
    """Where the user's own settings are, whether the file exists or not."""
    from platformdirs import user_config_path

    named = env.get("CONTENTKIT_CONFIG")
    path = Path(named) if named else user_config_path(APP, appauthor=False) / "config.toml"
    return path.expanduser().absolute()


def _places(user_file: Path) -> dict[str, Path]:
    """Where contentkit keeps its own files unless a setting says otherwise."""
    from platformdirs import PlatformDirs

    dirs = PlatformDirs(APP, appauthor=False)
    return {
        "history_path": dirs.user_data_path / "history.db",
        "cache_path": dirs.user_cache_path / "replies.db",
        "catalogue_path": user_file.parent / "models.toml",
    }


def _user_layer(path: Path, dialects: frozenset[str], *, asked: bool) -> Layer:
    reader = Reader(str(path), path.parent, None, dialects)
    if not path.exists():
        if asked:
            raise UsageError(f"The user file {path}, which CONTENTKIT_CONFIG names, does not exist.")
        return Layer(str(path))
    return read_file(path, reader) or Layer(str(path))


def _project_layer(cwd: Path, user_file: Path, dialects: frozenset[str]) -> tuple[Path | None, Layer]:
    """The nearest project file at or over ``cwd``, and what it says."""
    for folder in _folders(cwd):
        found: list[tuple[Path, Layer]] = []
        for name, table in ((PROJECT_FILE, ()), ("pyproject.toml", ("tool", APP))):
            path = folder / name
            if path.is_file() and path != user_file:
                layer = read_file(path, Reader(str(path), folder, user_file, dialects), table=table)
                found += [(path, layer)] if layer else []
        if len(found) > 1:
            raise UsageError(f"{folder} has both {PROJECT_FILE} and [tool.{APP}] in pyproject.toml.", hint="Keep one.")
        if found:
            return found[0]
    return None, Layer("")


def _folders(cwd: Path) -> list[Path]:
    """``cwd`` and what is over it, up to the root of its git checkout or to the home folder.

    Under neither, only ``cwd``: what lies in /tmp was not put there by this project.
    """
    home = Path.home()
    over: list[Path] = []
    for folder in (cwd, *cwd.parents):
        over.append(folder)
        if folder == home or (folder / ".git").exists():
            return over
    return [cwd]


def _project_folder(cwd: Path) -> Path | None:
    """The project without a file of ours: the nearest folder with prompts to write from, or the git checkout."""
    folders = _folders(cwd)
    ours = Path(__file__).parents[3]  # in our own checkout the folder holds the built-in prompts
    for folder in folders:
        if folder != ours and any((folder / "prompts" / name).is_dir() for name in ("write", "review")):
            return folder
    return folders[-1] if (folders[-1] / ".git").exists() and folders[-1] != ours else None


def _plugin_stanzas() -> dict[str, Mapping[str, Any]]:
    """The built-in stanzas, and a bare one for each provider that a plugin brings."""
    from contentkit.kit.plugins import shelf

    plugins = [name for name in shelf("providers").names() if name not in shelf("providers").built_in]
    return {**{name: {"like": name} for name in plugins}, **stanzas.built_in()}


def _settled(user: Layer, project: Layer, environment: Layer) -> tuple[dict[str, Any], dict[str, str]]:
    """What holds of each setting, and who said it."""
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for name, setting in SETTINGS.items():
        values[name] = setting.default
        for layer in (user, project):
            if name in layer.values:
                values[name], origins[name] = layer.values[name], layer.label
        if setting.stricter and name in user.values and name in project.values:
            values[name] = setting.stricter(user.values[name], project.values[name])
            if values[name] == user.values[name]:
                origins[name] = user.label
        if name in environment.values:
            values[name], origins[name] = environment.values[name], setting.variable
    for layer in (user, project):
        tables = {"rules": layer.rules, "providers": layer.providers}
        for table, rows in tables.items():
            origins |= {f"{table}.{row}.{key}": layer.label for row, keys_ in rows.items() for key in keys_}
    return values, origins
