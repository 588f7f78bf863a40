"""What a model's own files say of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contentkit.core.model import ModelInfo
from contentkit.models.local import informed


def told(folder: Path, **known: object) -> ModelInfo:
    return informed(ModelInfo("transformers", str(folder), **known))  # type: ignore[arg-type]


def model(folder: Path, card: str = "", **config: object) -> Path:
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "README.md").write_text(card)
    return folder


@pytest.mark.parametrize(
    ("config", "window"),
    [
        ({"max_position_embeddings": 32768}, 32768),
        ({"n_positions": 1024}, 1024),
        ({"text_config": {"max_position_embeddings": 8192}, "max_position_embeddings": 77}, 8192),
        ({}, None),
    ],
)
def test_the_window_is_the_configurations(config: dict[str, object], window: int | None, tmp_path: Path) -> None:
    assert told(model(tmp_path, **config)).context_window == window


def test_a_tokenizer_may_take_less_than_the_model(tmp_path: Path) -> None:
    model(tmp_path, max_position_embeddings=32768)
    (tmp_path / "tokenizer_config.json").write_text('{"model_max_length": 4096}')
    assert told(tmp_path).context_window == 4096
    (tmp_path / "tokenizer_config.json").write_text('{"model_max_length": 1e30}')
    assert told(tmp_path).context_window == 32768


@pytest.mark.parametrize(
    ("card", "licence"),
    [
        ("---\nlicense: Apache-2.0\n---\n# Hello", "apache-2.0"),
        ("---\nlanguage: en\nlicense: other\nlicense_name: house-rules\n---\n", "house-rules"),
        ("---\nlicense: other\n---\n", "other"),
        ("license: mit", None),
    ],
)
def test_the_licence_is_the_cards(card: str, licence: str | None, tmp_path: Path) -> None:
    assert told(model(tmp_path, card)).licence == licence


def test_what_the_catalogue_knows_stands(tmp_path: Path) -> None:
    model(tmp_path, "---\nlicense: mit\n---\n", max_position_embeddings=10)
    info = told(tmp_path, context_window=5, licence="apache-2.0", source="catalogue")
    assert (info.context_window, info.licence, info.source) == (5, "apache-2.0", "catalogue")


def test_a_model_that_is_not_here_stays_unknown() -> None:
    row = ModelInfo("transformers", "org/nothing")
    assert informed(row) == row


def test_bytes_per_token_are_measured_with_the_models_own_tokenizer() -> None:
    pytest.importorskip("torch", reason="torch is not installed (contentkit[local])")
    pytest.importorskip("transformers", reason="transformers is not installed (contentkit[local])")
    from tinymodel import WINDOW, tiny_model

    info = told(tiny_model())
    assert info.context_window == WINDOW
    assert info.bytes_per_token is not None
    assert 1.2 < info.bytes_per_token < 3.5  # a vocabulary of 2048 knows few whole words


def test_a_broken_tokenizer_leaves_the_estimate_to_others(tmp_path: Path) -> None:
    model(tmp_path)
    (tmp_path / "tokenizer.json").write_text("{}")
    assert told(tmp_path).bytes_per_token is None
