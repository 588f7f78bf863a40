"""A model that does not fit the memory is refused before it is loaded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contentkit.core.errors import UsageError
from contentkit.providers._transformers import fits as _fits


def model(folder: Path, **config: str) -> Path:
    (folder / "config.json").write_text(json.dumps(config))
    with (folder / "model.safetensors").open("wb") as file:
        file.truncate(4_000_000)  # a hole: takes no disk
    return folder


@pytest.mark.parametrize(
    ("stored", "dtype", "needed"),
    [
        ({"dtype": "bfloat16"}, "float32", 8_000_000),
        ({"torch_dtype": "float16"}, "float32", 8_000_000),
        ({"dtype": "bfloat16"}, "auto", 4_000_000),
        ({"dtype": "float32"}, "bfloat16", 2_000_000),
        ({}, "float32", 4_000_000),
    ],
)
def test_the_weights_count_as_they_will_be_held(
    stored: dict[str, str], dtype: str, needed: int, tmp_path: Path
) -> None:
    assert _fits.weights(model(tmp_path, **stored), dtype) == needed


def test_too_large_a_model_names_the_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = model(tmp_path, dtype="bfloat16")
    monkeypatch.setattr(_fits, "free_memory", lambda: 5_000_000)
    with pytest.raises(UsageError, match="needs about") as caught:
        _fits.check("org/large", folder, "float32")
    assert "bfloat16" in caught.value.hint
    monkeypatch.setattr(_fits, "free_memory", lambda: 1_000_000)
    with pytest.raises(UsageError) as caught:
        _fits.check("org/large", folder, "float32")
    assert "bfloat16" not in caught.value.hint


@pytest.mark.parametrize("free", [8_000_000, None])
def test_what_fits_or_may_fit_is_loaded(free: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_fits, "free_memory", lambda: free)
    _fits.check("org/large", model(tmp_path, dtype="bfloat16"), "float32")


def test_the_systems_own_word_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = tmp_path / "meminfo"
    said.write_text("MemTotal:  100 kB\nMemAvailable:     42 kB\n")
    monkeypatch.setattr(_fits, "_MEMORY", said)
    assert _fits.free_memory() == 42 * 1024
    monkeypatch.setattr(_fits, "_MEMORY", tmp_path / "none")
    assert _fits.free_memory() is None
