"""Whether a model fits this machine's memory. Without the question the system ends the program without a word."""

from __future__ import annotations

from pathlib import Path

from contentkit.core.errors import UsageError
from contentkit.providers._transformers.hubcache import read_json

_HALF = {"bfloat16", "float16"}
_MEMORY = Path("/proc/meminfo")


def check(name: str, folder: Path, dtype: str) -> None:
    """Compare the weights, as they will be held in main memory, with what is free.

    Args:
        dtype: "float32" ...; "auto" keeps what is stored.

    Raises:
        UsageError: they do not fit.
    """
    needed, free = weights(folder, dtype), free_memory()
    if free is None or needed <= free:
        return
    halved = weights(folder, "bfloat16")
    smaller = 'set dtype = "bfloat16" (slower on most CPUs), or ' if halved <= free and halved < needed else ""
    raise UsageError(
        f"{name} needs about {needed / 1e9:.1f} GB of memory, and {free / 1e9:.1f} GB are free.",
        hint=f"To run it, {smaller}choose a smaller model: contentkit models suggest.",
    )


def weights(folder: Path, dtype: str) -> int:
    """Bytes of the weights in memory."""
    stored = sum(file.stat().st_size for file in folder.glob("*.safetensors"))
    config = read_json(folder / "config.json")
    halves = str(config.get("dtype") or config.get("torch_dtype") or "") in _HALF
    if dtype == "float32" and halves:
        return stored * 2
    if dtype in _HALF and not halves:
        return stored // 2
    return stored


def free_memory() -> int | None:
    """Bytes that programs can still take; None where the system does not say (only Linux does, without a library)."""
    try:
        lines = _MEMORY.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    found = next((line for line in lines if line.startswith("MemAvailable:")), "")
    return int(found.split()[1]) * 1024 if found else None
