"""What the files of a model on this disk say of it, where the catalogue knows nothing. No torch, no network."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from contentkit.core.model import ModelInfo
from contentkit.providers._transformers.hubcache import read_json, snapshot

_PROSE = (
    "The library opens at nine, and whoever comes early may wait in the hall, where coffee costs nothing on Mondays. "
    "A good notice says what has changed, whom it concerns, and what they should do about it; everything else only "
    "takes up the reader's time. If you are not sure whether a sentence is needed, leave it out and see who asks."
)
_NO_LIMIT = 1_000_000_000  # tokenizers without a limit state an absurd one


def informed(info: ModelInfo) -> ModelInfo:
    """The row, with its unknown fields filled from the model's own files; unchanged when the model is not here."""
    folder = Path(info.name).expanduser()
    if not (folder / "config.json").is_file():
        found = snapshot(info.name)
        if found is None:
            return info
        folder = found
    return replace(
        info,
        context_window=info.context_window or _window(folder),
        licence=info.licence or _licence(folder),
        bytes_per_token=info.bytes_per_token or _bytes_per_token(folder),
        open_weights=True,
        source=info.source or "the model's own files",
    )


def _window(folder: Path) -> int | None:
    config = read_json(folder / "config.json")
    inner = config.get("text_config")
    sizes = [
        (inner if isinstance(inner, Mapping) else config).get(key) for key in ("max_position_embeddings", "n_positions")
    ]
    sizes.append(read_json(folder / "tokenizer_config.json").get("model_max_length"))
    return min((int(size) for size in sizes if isinstance(size, int | float) and 0 < size < _NO_LIMIT), default=None)


def _licence(folder: Path) -> str | None:
    """As its card states it: the front matter of README.md."""
    try:
        card = (folder / "README.md").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    front = re.match(r"---\r?\n(.*?)\n---", card, flags=re.DOTALL)
    stated: dict[str, str] = dict(
        re.findall(r"(?m)^(license|license_name):[ \t]*['\"]?([\w.-]+)", front[1] if front else "")
    )
    licence = stated.get("license")
    return (stated.get("license_name", "other") if licence == "other" else licence or "").lower() or None


def _bytes_per_token(folder: Path) -> float | None:
    """Measured on a few plain sentences; None where the tokenizer or its library is not here."""
    path = folder / "tokenizer.json"
    if not path.is_file():
        return None
    try:
        tokenizer: Any = import_module("tokenizers").Tokenizer.from_file(str(path))
        tokens = len(tokenizer.encode(_PROSE, add_special_tokens=False).ids)
    except Exception:  # a library written in Rust raises what it likes, and an estimate is not worth failing for
        return None
    return len(_PROSE.encode()) / tokens if tokens else None
