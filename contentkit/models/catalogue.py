"""What is known of models: windows, prices, licences, abilities. ``scripts/catalogue.py`` makes ``catalogue.json``.

Two rules: a price that is not sure is unknown, and what the user's own file says goes before what ships here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from contentkit.core.model import ModelInfo, Price
from contentkit.core.nearest import nearest
from contentkit.models.overrides import user_rows

Row = Mapping[str, Any]

LOCAL = ("transformers", "ollama")
"""Providers whose rows are open models for this machine."""

_FREE = Price(0.0, 0.0, 0.0, 0.0)
_IN_PROCESS = ("offline", "transformers")
_DATED = re.compile(r"-(\d{8}|\d{4}-\d{2}-\d{2})$")
_ABILITIES = (
    "context_window",
    "max_output",
    "parameters",
    "bytes_per_token",
    "open_weights",
    "sampling",
    "schema",
    "images",
    "reasoning",
    "licence",
    "languages",
)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Rows by provider and name, with what whole families share.

    Attributes:
        models: provider -> name -> row, as in the file.
        families: rules (``match``: globs over ``provider:name``) for models that no row names.
        defaults: provider -> a model of middling price for writing.
        sources: name of a source -> where it is and the day it was read.
    """

    models: Mapping[str, Mapping[str, Row]]
    families: tuple[Row, ...] = ()
    defaults: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, Row] = field(default_factory=dict)

    @classmethod
    def load(cls, user_path: Path | None = None) -> Catalogue:
        """The shipped catalogue, and the user's rows over it where the file is there.

        Raises:
            UsageError: the user's file can't be read.
        """
        data = _shipped()
        models: dict[str, Mapping[str, Row]] = dict(data["models"])
        if user_path is not None and user_path.is_file():
            for row in user_rows(user_path):
                provider, name = row["provider"], row["name"]
                old = models.get(provider, {}).get(name, {})
                models[provider] = {**models.get(provider, {}), name: _overlaid(old, row, user_path)}
        return cls(models, tuple(data["families"]), data["defaults"], data["sources"])

    def info(self, provider: str, name: str) -> ModelInfo:
        """What is known of a model; an unknown one is a row of unknowns, never an error."""
        row, sure = self._row(provider, name)
        price = _price(row) if sure else Price()
        if provider in _IN_PROCESS or (provider == "openrouter" and name.endswith(":free")):
            price = _FREE
        return self._model(provider, name, row, price)

    def all(self) -> list[ModelInfo]:
        """Every row, in the order of the file."""
        return [self.info(provider, name) for provider, rows in self.models.items() for name in rows]

    def ids(self) -> list[str]:
        """``provider:name`` of every row."""
        return [f"{provider}:{name}" for provider, rows in self.models.items() for name in rows]

    def known(self, provider: str, name: str) -> bool:
        """Whether a row, and not only a family, speaks of the model."""
        return bool(self._found(provider, name)[0])

    def default(self, provider: str) -> str:
        """A model of middling price for writing, or "" where the host decides what it serves."""
        return self.defaults.get(provider, "")

    def note(self, provider: str, name: str) -> str:
        """What else to know: why the price is unknown, when the model retires; or ""."""
        row, _ = self._row(provider, name)
        over = row.get("over")
        long = over.get("input") if over else None
        parts = [
            str(row.get("note", "")),
            f"dearer from {over['tokens']:,} tokens of input" + (f": ${long:g} in" if long else "") if over else "",
            f"retires {row['retires']}" if row.get("retires") else "",
        ]
        return "; ".join(part for part in parts if part)

    def _model(self, provider: str, name: str, row: Row, price: Price) -> ModelInfo:
        source = str(row.get("source", ""))
        first = self.sources.get(source.partition(",")[0], {})
        return ModelInfo(
            provider,
            name,
            context_window=row.get("context_window"),
            max_output=row.get("max_output"),
            price=price,
            open_weights=row.get("open_weights"),
            licence=row.get("licence"),
            sampling=row.get("sampling"),
            schema=row.get("schema"),
            images=row.get("images"),
            reasoning=row.get("reasoning"),
            languages=tuple(row.get("languages", ())),
            parameters=row.get("parameters"),
            bytes_per_token=row.get("bytes_per_token"),
            as_of=str(row.get("as_of") or first.get("as_of", "")),
            source=source,
        )

    def _row(self, provider: str, name: str) -> tuple[Row, bool]:
        """The row for a name, filled from its family, and whether its price is this model's."""
        row, sure = self._found(provider, name)
        for family in self.families:
            if any(fnmatchcase(f"{provider}:{name}", rule) for rule in family["match"]):
                row = {**{key: value for key, value in family.items() if key != "match"}, **row}
        return row, sure

    def _found(self, provider: str, name: str) -> tuple[Row, bool]:
        rows = self.models.get(provider, {})
        if provider == "gemini":
            name = name.removeprefix("models/")
        if exact := _named(rows, name):
            return exact, True
        # From here on abilities may be borrowed, prices never.
        if provider == "openrouter":
            return _named(rows, name.partition(":")[0]) or {}, False
        if dated := _named(rows, _DATED.sub("", name)):
            return dated, False
        if provider == "azure":  # the name is a deployment's: what it costs depends on its kind and region
            return self._found("openai", name)[0], False
        if provider == "ollama":
            return _quantised(rows, name), False
        if provider not in self.defaults or provider in LOCAL:  # a server of the user's own: hub names
            return _abilities(_named(self.models.get("transformers", {}), name) or {}), False
        return {}, False


@cache
def _shipped() -> Mapping[str, Any]:
    data: Mapping[str, Any] = json.loads((files(__package__) / "catalogue.json").read_text("utf-8"))
    return data


def _named(rows: Mapping[str, Row], name: str) -> Row | None:
    """The row of a name or alias; hub names differ in case between hosts."""
    if name in rows:
        return rows[name]
    lower = name.lower()
    for known, row in rows.items():
        if known.lower() == lower or name in row.get("aliases", ()):
            return row
    return None


def _quantised(rows: Mapping[str, Row], name: str) -> Row:
    """The row of an Ollama tag that adds its quantisation (``qwen3:8b-q4_K_M``), which changes no licence or window."""
    for known, row in rows.items():
        for tag in (known, *row.get("aliases", ())):
            if ":" in tag and name.startswith(f"{tag}-"):
                return _abilities(row)
    return {}


def _abilities(row: Row) -> Row:
    return {key: row[key] for key in (*_ABILITIES, "source") if key in row}


def _price(row: Row) -> Price:
    price = _dollars(row.get("price") or {})
    if not (over := row.get("over")):
        return price
    return replace(price, long_from=over["tokens"], long=_dollars(over))


def _dollars(table: Row) -> Price:
    return Price(table.get("input"), table.get("output"), table.get("cache_read"), table.get("cache_write"))


def _overlaid(old: Row, new: Row, path: Path) -> Row:
    row = {**old, **{key: value for key, value in new.items() if key not in ("provider", "name")}}
    if "price" in new:  # the shipped doubts and tiers belong to the shipped price
        for key in ("note", "over"):
            if key not in new:
                row.pop(key, None)
    row["source"] = new.get("source", str(path))
    return row


def closest(catalogue: Catalogue, asked: str) -> str:
    """The id nearest to what was typed, by whole id and by bare name; or ""."""
    by_name = {model_id.partition(":")[2].lower(): model_id for model_id in catalogue.ids()}
    bare = asked.partition(":")[2] or asked
    near = nearest(bare, by_name)
    return nearest(asked, catalogue.ids()) or by_name.get(near, "")
