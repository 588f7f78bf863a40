"""Reading one configuration file, or the environment: typed values, or one sentence saying what is wrong and where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contentkit.core.errors import UsageError
from contentkit.core.nearest import nearest
from contentkit.kit.config.settings import PREFIX, SETTINGS, STANZA, Setting, shown, typed

OTHER_VARIABLES = frozenset({"CONTENTKIT_CONFIG", "CONTENTKIT_PROBE", "CONTENTKIT_DEBUG", "CONTENTKIT_SKIP"})
"""Variables of ours that are no settings: the user's file, whether local servers are looked for, tracebacks, and what a
hook leaves out."""

KEY_WORDS = re.compile(r"(?i)(^|[-_])(key|token|secret|password|passwd|authorization)$")
"""Names under which people write a key into a file."""

MAX_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Layer:
    """What one file, or the environment, says.

    Attributes:
        label: how messages and ``config show`` call it.
        values: setting's name -> typed value.
    """

    label: str
    values: Mapping[str, Any] = field(default_factory=dict)
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    providers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the table of one file, and says which file is wrong.

    Attributes:
        folder: what relative paths start from.
        user_file: where private settings belong; None when this is that file.
        dialects: names of built-in dialects; a stanza of another dialect (a plugin's) may say more.
    """

    label: str
    folder: Path
    user_file: Path | None = None
    dialects: frozenset[str] = frozenset()

    def read(self, table: Mapping[str, Any]) -> Layer:
        """The file's settings, typed.

        Raises:
            UsageError: an unknown name, a wrong type, a private setting in a project's file, or a key in it.
        """
        self._no_keys(table, "")
        values: dict[str, Any] = {}
        for name, value in table.items():
            match name:
                case "rules":
                    continue
                case "providers":
                    continue
                case "read" | "review" | "check" | "disclosure":
                    for inner, deep in self._table(name, value).items():
                        values[f"{name}.{inner}"] = self._setting(f"{name}.{inner}", deep)
                case _:
                    values[name] = self._setting(name, value)
        rules = {name: self._rule(name, rule) for name, rule in self._table("rules", table.get("rules", {})).items()}
        stanzas = self._table("providers", table.get("providers", {}))
        return Layer(self.label, values, rules, {name: self._stanza(name, stanza) for name, stanza in stanzas.items()})

    def wrong(self, sentence: str, hint: str = "") -> UsageError:
        return UsageError(f"{self.label}: {sentence}", hint=hint)

    def _setting(self, name: str, value: Any) -> Any:
        if name not in SETTINGS:
            raise self._unknown(name, [*SETTINGS, "read", "review", "check", "disclosure", "rules", "providers"])
        self._allowed(SETTINGS[name], name)
        return self._typed(SETTINGS[name], name, value)

    def _stanza(self, name: str, stanza: Any) -> Mapping[str, Any]:
        where = f"providers.{name}"
        if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", name):
            raise self.wrong(f"{where} is no name for a provider.", "Use small letters, digits, '-', '_' and '.'.")
        stanza = self._table(where, stanza)
        foreign = self.user_file is None and stanza.get("like", name) not in self.dialects
        return {key: self._stanza_value(where, key, value, foreign=foreign) for key, value in stanza.items()}

    def _stanza_value(self, where: str, key: str, value: Any, *, foreign: bool) -> Any:
        if key not in STANZA:
            if foreign:
                return value
            raise self._unknown(f"{where}.{key}", [f"{where}.{known}" for known in STANZA])
        self._allowed(STANZA[key], f"{where}.{key}")
        return self._typed(STANZA[key], f"{where}.{key}", value)

    def _rule(self, name: str, rule: Any) -> Mapping[str, Any]:
        from contentkit.core.text.counting import Rule

        known = [field for field in Rule.__dataclass_fields__ if field != "name"]
        where = f"rules.{name}"
        for key in self._table(where, rule):
            if key not in known:
                raise self._unknown(f"{where}.{key}", [f"{where}.{field}" for field in known])
        return dict(rule)

    def _table(self, name: str, value: Any) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            raise self.wrong(f"{name} must be a table, not {shown(value)}.", f"Write [{name}] on a line of its own.")
        return value

    def _unknown(self, name: str, known: Iterable[str]) -> UsageError:
        near = nearest(name, known)
        return self.wrong(
            f"there is no setting called {name!r}.",
            f"Did you mean {near!r}?" if near else "See docs/configuration.md, or contentkit config show.",
        )

    def _allowed(self, setting: Setting, name: str) -> None:
        if setting.private and self.user_file is not None:
            raise self.wrong(
                f"{name} is not for a project to say, since projects come from strangers too.",
                f"It belongs in the user file {self.user_file}.",
            )

    def _typed(self, setting: Setting, name: str, value: Any) -> Any:
        return typed(setting, value, self.folder, lambda wanted: self.wrong(f"{name} must be {wanted}."))

    def _no_keys(self, value: Any, name: str) -> None:
        """Refuse a key in a file, whether it is called one or only looks like one."""
        if isinstance(value, Mapping):
            for word, inner in value.items():
                where = f"{name}.{word}" if name else str(word)
                if KEY_WORDS.search(str(word)) and isinstance(inner, str) and not inner.startswith("$"):
                    raise self._key(where)
                self._no_keys(inner, where)
        elif isinstance(value, list | tuple):
            for inner in value:
                self._no_keys(inner, name)
        elif isinstance(value, str):
            from contentkit.core import secrets

            if secrets.find(value):
                raise self._key(name)

    def _key(self, name: str) -> UsageError:
        return self.wrong(
            f"{name} holds what looks like a key, and keys do not belong in files.",
            "Put it in an environment variable or the keyring, or name a key_command in the user file"
            f"{f' {self.user_file}' if self.user_file else ''}.",
        )


def read_file(path: Path, reader: Reader, *, table: tuple[str, ...] = ()) -> Layer | None:
    """The settings in a TOML file, or None when it has not the ``table`` asked for.

    Raises:
        UsageError: it can't be read, is no TOML, or says something wrong.
    """
    import tomllib

    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if table and table[-1].encode() not in data:
            return None
        if len(data) > MAX_BYTES:
            raise reader.wrong(f"it is larger than {MAX_BYTES:,} bytes, too large for settings.")
        found: Any = tomllib.loads(data.decode("utf-8-sig"))
    except OSError as error:
        raise reader.wrong(f"it can't be read ({error.strerror}).") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        why = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "not UTF-8, or nested too deep"
        raise reader.wrong(f"it is not valid TOML: {why}.") from None
    for name in table:
        if not isinstance(found, Mapping) or name not in found:
            return None
        found = found[name]
    if not isinstance(found, Mapping):
        raise reader.wrong(f"{'.'.join(table)} must be a table.")
    try:
        return reader.read(found)
    except RecursionError:  # "a.a.a.a ... = 1" is flat to read and deep to walk
        raise reader.wrong("it is nested too deep.") from None


def read_environment(env: Mapping[str, str]) -> tuple[Layer, tuple[str, ...]]:
    """The settings in CONTENTKIT_* variables, and a sentence for each that is none of ours.

    Raises:
        UsageError: a value is not of its setting's type.
    """
    by_variable = {setting.variable: setting for setting in SETTINGS.values() if setting.variable}
    values: dict[str, Any] = {}
    notices: list[str] = []
    for name, text in env.items():
        if not name.startswith(PREFIX) or name in OTHER_VARIABLES or not text.strip():
            continue
        if name not in by_variable:
            near = nearest(name, [variable.lower() for variable in by_variable])
            notices.append(f"{name} is no setting of contentkit" + (f"; did you mean {near.upper()}?" if near else "."))
            continue
        setting = by_variable[name]
        values[setting.name] = _from_text(setting, name, text.strip())
    return Layer("the environment", values), tuple(notices)


def _from_text(setting: Setting, variable: str, text: str) -> Any:
    value: Any = text
    if setting.kind == "flag":
        words = {
            "1": True,
            "true": True,
            "yes": True,
            "on": True,
            "0": False,
            "false": False,
            "no": False,
            "off": False,
        }
        value = words.get(text.lower(), text)
    elif setting.kind == "texts":
        value = [part.strip() for part in text.split(",") if part.strip()]
    elif setting.kind in ("number", "whole"):
        try:
            value = int(text) if setting.kind == "whole" else float(text)
        except ValueError:
            value = text
    return typed(setting, value, Path.cwd(), lambda wanted: UsageError(f"{variable} must be {wanted}."))
