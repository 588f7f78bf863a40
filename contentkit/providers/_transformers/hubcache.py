"""What lies in the hub's cache on this disk, read from its files alone: no torch, no network."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

_YES = {"1", "ON", "YES", "TRUE"}
_WRITERS = ("ForCausalLM", "LMHeadModel", "ForConditionalGeneration")


def hub_cache() -> Path:
    """The folder where the hub's tools keep models (HF_HUB_CACHE, HF_HOME and XDG_CACHE_HOME are honoured)."""
    environ = os.environ
    if named := environ.get("HF_HUB_CACHE") or environ.get("HUGGINGFACE_HUB_CACHE"):
        return Path(named).expanduser()
    cache = environ.get("XDG_CACHE_HOME") or "~/.cache"
    home = environ.get("HF_HOME") or f"{cache}/huggingface"
    return Path(home).expanduser() / "hub"


def hub_is_off() -> bool:
    """Whether the user forbade the network (HF_HUB_OFFLINE, TRANSFORMERS_OFFLINE)."""
    return any(os.environ.get(name, "").upper() in _YES for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"))


def repo_folder(name: str) -> Path:
    """Where the cache keeps the model ``ORG/NAME``, there or not."""
    return hub_cache() / f"models--{name.replace('/', '--')}"


def snapshot(name: str) -> Path | None:
    """The folder with the files of the cached model, or None when it was never fetched."""
    folder = repo_folder(name)
    try:
        revision = (folder / "refs" / "main").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    files = folder / "snapshots" / revision
    return files if (files / "config.json").is_file() else None


def missing_weights(folder: Path) -> str:
    """The first file of weights that should be in the folder and is not; "" when all are there."""
    index = folder / "model.safetensors.index.json"
    if not index.is_file():
        return "" if any(folder.glob("*.safetensors")) else "model.safetensors"
    shards = set(read_json(index).get("weight_map", {}).values())
    return next((shard for shard in sorted(shards) if not (folder / shard).is_file()), "")


def cached_models() -> list[str]:
    """Names of the whole text-writing models in the cache, sorted."""
    names = (folder.name.removeprefix("models--").replace("--", "/") for folder in hub_cache().glob("models--*"))
    return sorted(name for name in names if (files := snapshot(name)) and _writes_text(files))


def _writes_text(folder: Path) -> bool:
    config = read_json(folder / "config.json")
    kinds = config.get("architectures") or []
    writes = any(str(kind).endswith(_WRITERS) for kind in kinds) and not config.get("is_encoder_decoder")
    return writes and not missing_weights(folder)


def read_json(path: Path) -> dict[str, Any]:
    """The object in the file; empty when there is none."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}
