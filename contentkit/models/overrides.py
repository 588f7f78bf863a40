"""The user's own catalogue file: rows that go before the shipped ones, checked key by key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contentkit.core.errors import UsageError
from contentkit.core.nearest import unknown

_TEXTS = ("licence", "as_of", "source", "note", "retires", "hub")
_NUMBERS = ("context_window", "max_output", "parameters", "bytes_per_token")
_FLAGS = ("open_weights", "sampling", "schema", "images", "reasoning")
_LISTS = ("languages", "aliases")
_TABLES = ("price", "over")
_PRICES = ("input", "output", "cache_read", "cache_write")


def user_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Rows of the file: TOML ``[[models]]`` or JSON ``{"models": [...]}``."""
    for number, row in enumerate(_models(path), 1):
        where = f"{path}: model {number}"
        if not isinstance(row, dict):
            raise UsageError(f"{where} must be a table of values.")
        for key in ("provider", "name"):
            if not isinstance(row.get(key), str) or not row[key]:
                raise UsageError(f"{where} has no {key}.", hint='Name both: provider = "openai", name = "gpt-5".')
        for key, value in row.items():
            _check(f"{where} ({row['provider']}:{row['name']})", key, value)
        yield row


def _models(path: Path) -> list[object]:
    import tomllib

    try:
        text = path.read_text("utf-8")
        data = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise UsageError(f"The catalogue file {path} can't be read: {error}.") from error
    models = data.get("models") if isinstance(data, dict) else None
    if not isinstance(models, list):
        raise UsageError(f"The catalogue file {path} has no list of models.", hint="Write [[models]] above each one.")
    return models


def _check(where: str, key: str, value: object) -> None:
    if key in ("provider", "name"):
        return
    if key in _TABLES:
        _check_prices(where, key, value)
    elif key in _TEXTS:
        _need(isinstance(value, str), where, key, "text")
    elif key in _NUMBERS:
        _need(_number(value) > 0, where, key, "a number over 0")
    elif key in _FLAGS:
        _need(isinstance(value, bool), where, key, "true or false")
    elif key in _LISTS:
        texts = isinstance(value, list) and all(isinstance(item, str) for item in value)
        _need(texts, where, key, "a list of texts")
    else:
        error = unknown("key", key, (*_TEXTS, *_NUMBERS, *_FLAGS, *_LISTS, *_TABLES))
        raise UsageError(f"{where}: {error.message}", hint=error.hint)


def _check_prices(where: str, key: str, value: object) -> None:
    if not isinstance(value, dict):
        raise UsageError(f"{where}: '{key}' must be a table of dollars for a million tokens.")
    known = (*_PRICES, "tokens") if key == "over" else _PRICES
    for part, dollars in value.items():
        if part not in known:
            raise UsageError(f"{where}: '{key}' has no '{part}'.", hint=f"Known: {', '.join(known)}.")
        _need(_number(dollars) >= 0, where, f"{key}.{part}", "a number, 0 or more")
    if key == "over" and "tokens" not in value:
        raise UsageError(f"{where}: 'over' needs 'tokens', the length of input from which it holds.")


def _need(fine: bool, where: str, key: str, wanted: str) -> None:
    if not fine:
        raise UsageError(f"{where}: '{key}' must be {wanted}.")


def _number(value: object) -> float:
    """The value, or -1 for what is no number."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else -1.0
