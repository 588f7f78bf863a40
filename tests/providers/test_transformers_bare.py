"""What the in-process provider says where there is no model, or no torch: on any machine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from contentkit.core.chat import Message, Request, Schema
from contentkit.core.errors import MissingExtra, ModelNotFoundError
from contentkit.core.model import Endpoint
from contentkit.providers._transformers import hubcache as _hubcache
from contentkit.providers.transformers import TransformersProvider, connect


def provider() -> TransformersProvider:
    return connect(Endpoint("transformers", "transformers"))


async def ask(model: str) -> None:
    asked = Request(model, (Message.of("user", "Hello"),))
    async for _ in provider().stream(asked):
        pass


def cached(name: str, *, weights: str = "model.safetensors", **config: object) -> Path:
    """A model in the hub's cache of the test's home folder, without weights that work."""
    folder = _hubcache.repo_folder(name)
    files = folder / "snapshots" / "abc"
    files.mkdir(parents=True)
    (folder / "refs").mkdir()
    (folder / "refs" / "main").write_text("abc")
    (files / "config.json").write_text(json.dumps({"architectures": ["Qwen2ForCausalLM"], **config}))
    (files / weights).write_bytes(b"")
    return files


def test_the_provider_is_imported_without_torch() -> None:
    code = "import sys, contentkit.providers.transformers; print({'torch', 'transformers', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("missing", ["torch", "transformers"])
async def test_a_missing_library_is_one_sentence(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cached("org/small")
    monkeypatch.setitem(sys.modules, "torch", sys.modules.get("torch", sys))
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(MissingExtra, match=r"pip install 'contentkit\[local\]'"):
        await ask("org/small")


def test_without_llguidance_a_schema_is_asked_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contentkit.providers.transformers.find_spec", lambda name: None)
    schema = Schema("any", {"type": "object"})
    assert not provider().takes_schema(Request("org/small", (), schema=schema))


async def test_a_model_that_was_not_fetched_names_the_command_that_fetches_it() -> None:
    with pytest.raises(ModelNotFoundError, match="not on this machine") as caught:
        await ask("org/small")
    assert "contentkit models pull org/small" in str(caught.value)
    assert caught.value.vendor == "transformers"


async def test_offline_is_named_when_it_stands_in_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelNotFoundError, match="HF_HUB_OFFLINE is set"):
        await ask("org/small")


async def test_a_slip_in_the_name_is_answered_with_the_nearest() -> None:
    cached("org/small")
    with pytest.raises(ModelNotFoundError, match="Did you mean 'org/small'"):
        await ask("org/smal")


async def test_a_folder_without_a_model_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match=r"no config\.json"):
        await ask(str(tmp_path))
    with pytest.raises(ModelNotFoundError, match="no such folder"):
        await ask(str(tmp_path / "nothing"))


async def test_a_half_fetched_model_is_not_loaded() -> None:
    files = cached("org/large")
    index = {"weight_map": {"a": "model.safetensors", "b": "model-2.safetensors"}}
    (files / "model.safetensors.index.json").write_text(json.dumps(index))
    with pytest.raises(ModelNotFoundError, match=r"model-2\.safetensors is missing"):
        await ask("org/large")


async def test_only_models_that_write_text_are_listed() -> None:
    cached("org/small")
    cached("org/pictures", architectures=["ViTForImageClassification"])
    cached("org/translates", architectures=["T5ForConditionalGeneration"], is_encoder_decoder=True)
    cached("org/pickled", weights="pytorch_model.bin")
    assert await provider().models() == ["org/small"]


@pytest.mark.parametrize(
    ("name", "value", "folder"),
    [
        ("HF_HUB_CACHE", "/a/b", "/a/b"),
        ("HF_HOME", "/a/b", "/a/b/hub"),
        ("XDG_CACHE_HOME", "/a/b", "/a/b/huggingface/hub"),
    ],
)
def test_the_hubs_variables_are_honoured(name: str, value: str, folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    assert _hubcache.hub_cache() == Path(folder)
