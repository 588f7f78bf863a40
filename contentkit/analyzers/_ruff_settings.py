"""The project's configuration of ruff, made harmless: nothing outside the project is read, nothing is written.

It is read from the base of the change (from the user's own tree for their own work), parsed here, and laid out beside
the texts under its own path, so that ruff itself decides which file's settings hold for what.
"""

from __future__ import annotations

import json
import posixpath
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from contentkit.analyzers._ruff import Sheets, fits

_NAMES = (".ruff.toml", "ruff.toml", "pyproject.toml")
_LARGEST = 256_000
_DEEPEST = 8
# What says how ruff runs rather than what it finds, and what would tie it to one version.
_DROPPED = ("required-version", "cache-dir", "fix", "fix-only", "unsafe-fixes", "show-fixes", "output-format",
            "respect-gitignore", "force-exclude", "format", "analyze", "show-source")  # fmt: skip


@dataclass(slots=True)
class Settings:
    """What was laid out.

    Attributes:
        complaints: what could not be used, a sentence each.
        own: folder -> whether its configuration selects rules itself.
    """

    complaints: list[str] = field(default_factory=list)
    own: dict[str, bool] = field(default_factory=dict)

    def ours(self, path: str) -> bool:
        """Whether the file is looked at with our selection, since the project has none."""
        folders = [*_folders(path), ""] if fits(path) else [""]
        return not next((self.own[folder] for folder in folders if folder in self.own), False)


def lay_out(read: Callable[[str], str | None], paths: Iterable[str], sheets: Sheets, select: Sequence[str]) -> Settings:
    """Write the configuration over ``paths`` beside the texts, with ``select`` where it names no rules itself."""
    settings = Settings()
    reader = _Reader(read, sheets, select, settings)
    for folder in sorted({folder for path in paths if fits(path) for folder in _folders(path)} | {""}):
        reader.folder(folder)
    if "" not in settings.own:
        settings.own[""] = False
        sheets.write("ruff.toml", _toml(_selecting({}, select)))
    return settings


class _Reader:
    def __init__(
        self, read: Callable[[str], str | None], sheets: Sheets, select: Sequence[str], settings: Settings
    ) -> None:
        self._read = read
        self._sheets = sheets
        self._select = list(select)
        self._settings = settings
        self._done: dict[str, bool | None] = {}

    def folder(self, folder: str) -> None:
        """Lay out the file that holds for a folder, if one does."""
        for name in _NAMES:
            own = self.file(posixpath.join(folder, name), 0)
            if own is not None:
                self._settings.own[folder] = own
                return

    def file(self, path: str, depth: int) -> bool | None:
        """Lay out one file; whether it selects rules, or None when it says nothing of ruff."""
        if path not in self._done:
            self._done[path] = None
            table, python = self._table(path)
            if table is not None:
                self._done[path] = self._laid(path, table, python, depth)
        return self._done[path]

    def _table(self, path: str) -> tuple[dict[str, Any] | None, Any]:
        text = self._read(path)
        if text is None:
            return None, None
        if len(text) > _LARGEST:
            self._complain(path, "it is too large")
            return None, None
        try:
            data = tomllib.loads(text)
        except (ValueError, RecursionError):
            self._complain(path, "it is not valid TOML")
            return None, None
        if not path.endswith("pyproject.toml"):
            return data, None
        tool, project = data.get("tool"), data.get("project")
        table = tool.get("ruff") if isinstance(tool, dict) else None
        python = project.get("requires-python") if isinstance(project, dict) else None
        return (table if isinstance(table, dict) else None), python

    def _laid(self, path: str, table: dict[str, Any], python: Any, depth: int) -> bool:
        table = {key: value for key, value in table.items() if key not in _DROPPED}
        table["src"] = [entry for entry in _strings(table.get("src")) if _inside(path, entry)] or ["."]
        own = self._extended(path, table, depth)
        lint = table.get("lint")
        own = own or "select" in table or (isinstance(lint, dict) and "select" in lint)
        if not own and "extend" not in table and isinstance(lint, dict | None):
            table = _selecting(table, self._select)
        if path.endswith("pyproject.toml"):
            project = {"project": {"requires-python": python}} if isinstance(python, str) else {}
            self._sheets.write(path, _toml({**project, "tool": {"ruff": table}}))
        else:
            self._sheets.write(path, _toml(table))
        return own

    def _extended(self, path: str, table: dict[str, Any], depth: int) -> bool:
        """Lay out what the file builds on, when it lies in the project; whether that selects rules."""
        extend = table.pop("extend", None)
        if extend is None:
            return False
        target = _inside(path, extend) if isinstance(extend, str) else ""
        if not target or depth >= _DEEPEST:
            self._complain(path, "the file that it extends is not one of the project's")
            return False
        own = self.file(target, depth + 1)
        if own is None:
            self._complain(path, "the file that it extends can't be used")
            return False
        table["extend"] = posixpath.relpath(target, posixpath.dirname(path) or ".")
        return own

    def _complain(self, path: str, why: str) -> None:
        self._settings.complaints.append(f"Of ruff's configuration {path} was not used as it is: {why}.")


def _selecting(table: dict[str, Any], select: Sequence[str]) -> dict[str, Any]:
    """The table with our selection, and preview on for the rules of it that need that."""
    lint = {**table.get("lint", {}), "select": list(select)}
    preview = {} if "preview" in table or "preview" in lint else {"preview": True}
    return {**table, **preview, "lint": {"explicit-preview-rules": True, **lint}}


def _folders(path: str) -> Iterable[str]:
    folder = posixpath.dirname(path)
    while folder:
        yield folder
        folder = posixpath.dirname(folder)


def _strings(value: Any) -> list[str]:
    return [entry for entry in value if isinstance(entry, str)] if isinstance(value, list) else []


def _inside(path: str, target: str) -> str:
    """A path named in the file ``path``, from the root of the project; "" when it leads out of it."""
    if not target or target.startswith(("/", "~")) or any(char in target for char in "$\\:\0"):
        return ""
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    return "" if joined == ".." or joined.startswith("../") else joined


def _toml(table: Mapping[str, Any]) -> str:
    return "".join(f"{_value(key)} = {_value(value)}\n" for key, value in table.items())


def _value(value: Any) -> str:
    """A value as TOML; what JSON has no word for (a date) as a string."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_value(str(key))} = {_value(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, bool | int | float):
        return json.dumps(value).replace("Infinity", "inf").replace("NaN", "nan")
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
