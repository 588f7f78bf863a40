"""Fetching models from the hub: against a hub of our own on loopback that serves the tests' tiny model."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is not installed (contentkit[local])")
pytest.importorskip("transformers", reason="transformers is not installed (contentkit[local])")

from hubserver import REVISION, Hub, hub
from tinymodel import tiny_model

from contentkit.core.errors import AuthenticationError, BadReplyError, ModelNotFoundError, UnreachableError, UsageError
from contentkit.models.hub import Progress, cached_models, look, pull
from contentkit.providers._transformers.hubcache import repo_folder

pytestmark = pytest.mark.servers
NAME = "house/tiny"
STEP = 10_000


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setattr(
        "contentkit.models._download._STEP", STEP
    )  # as small to the model as the real one to real models
    monkeypatch.setattr("contentkit.models._download._PAUSE", 0.01)
    folder = tmp_path / "served"
    shutil.copytree(tiny_model(), folder)
    (folder / "README.md").write_text("A tiny model.")
    (folder / "LICENSE").write_text("Do as you like.")
    (folder / "pytorch_model.bin").write_bytes(b"code in disguise")
    (folder / "training_args.bin").write_bytes(b"not needed")
    with hub() as running:
        running.models[NAME] = (folder, {"license": "apache-2.0"})
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        yield running


def test_a_model_is_fetched_with_progress_and_its_licence_in_sight(server: Hub) -> None:
    told: list[Progress] = []
    done = pull(NAME, allowed_licences=["apache-2.0"], progress=told.append)
    assert told[0].offer.licence == "apache-2.0"
    assert (told[0].done, told[0].total) == (0, done.offer.size)
    assert told[-1].done == done.offer.size == done.fetched
    steps = [step.done for step in told]
    assert steps == sorted(steps)
    assert cached_models() == [NAME]
    weights = (done.folder / "model.safetensors").read_bytes()
    assert weights == (tiny_model() / "model.safetensors").read_bytes()


def test_the_cache_is_the_one_of_the_hubs_own_tools(server: Hub) -> None:
    done = pull(NAME, accept=["apache-2.0"])
    code = (
        "import huggingface_hub as h; print(h.snapshot_download('house/tiny', local_files_only=True)); "
        "print([(r.repo_id, sorted(r.refs)) for r in h.scan_cache_dir().repos])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.splitlines()
    assert told == [str(done.folder), "[('house/tiny', ['main'])]"]
    assert (done.folder / "model.safetensors").is_symlink()


def test_only_what_is_needed_is_fetched_and_nothing_that_can_carry_code(server: Hub) -> None:
    pull(NAME, accept=["Apache-2.0"])
    fetched = server.fetched()
    assert not [file for file in fetched if file.endswith((".bin", ".py"))]
    assert {"model.safetensors", "tokenizer.json", "config.json", "LICENSE", "README.md"} <= set(fetched)


def test_the_same_weights_in_a_second_packing_are_left(server: Hub) -> None:
    (server.models[NAME][0] / "consolidated.safetensors").write_bytes(b"again")
    assert "consolidated.safetensors" not in look(NAME).files


def test_a_second_pull_fetches_nothing(server: Hub) -> None:
    pull(NAME, accept=["apache-2.0"])
    before = len(server.fetched())
    assert pull(NAME, accept=["apache-2.0"]).fetched == 0
    assert len(server.fetched()) == before


def test_a_short_cut_is_mended_within_the_run(server: Hub) -> None:
    server.cut = [500_000]
    done = pull(NAME, accept=["apache-2.0"])
    ranges = [asked[2] for asked in server.asked if asked[0] == "GET" and asked[1].endswith("model.safetensors")]
    assert ranges[0] == "bytes=0-"
    assert ranges[1:] == [f"bytes={500_000 // STEP * STEP}-"]
    assert (done.folder / "model.safetensors").stat().st_size == (tiny_model() / "model.safetensors").stat().st_size


def test_a_pull_that_was_cut_off_goes_on_where_it_was(server: Hub) -> None:
    def stop(step: Progress) -> None:
        if step.done > step.total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pull(NAME, accept=["apache-2.0"], progress=stop)
    assert cached_models() == []
    (part,) = (repo_folder(NAME) / "blobs").glob("*.incomplete")
    begun = part.stat().st_size
    assert begun > 100_000
    server.asked.clear()
    told: list[Progress] = []
    done = pull(NAME, accept=["apache-2.0"], progress=told.append)
    assert [asked[2] for asked in server.asked if asked[0] == "GET" and "/resolve/" in asked[1]] == [f"bytes={begun}-"]
    assert done.fetched == (tiny_model() / "model.safetensors").stat().st_size - begun
    assert told[1].done >= begun
    assert cached_models() == [NAME]


def test_a_damaged_file_is_thrown_away(server: Hub) -> None:
    server.wrong = True
    with pytest.raises(BadReplyError, match="damaged"):
        pull(NAME, accept=["apache-2.0"])
    assert cached_models() == []
    server.wrong = False
    assert pull(NAME, accept=["apache-2.0"]).folder.is_dir()


@pytest.mark.parametrize(
    ("card", "licence"),
    [
        ({"license": "Apache-2.0"}, "apache-2.0"),
        ({"license": "other", "license_name": "house-rules"}, "house-rules"),
        ({"license": ["mit", "cc-by-4.0"]}, "mit and cc-by-4.0"),
        ({}, "unknown"),
    ],
)
def test_the_licence_is_read_from_the_card(card: dict[str, object], licence: str, server: Hub) -> None:
    server.models[NAME] = (server.models[NAME][0], card)
    assert look(NAME).licence == licence


def test_a_licence_that_nobody_allowed_stops_before_the_first_byte(server: Hub) -> None:
    server.models[NAME] = (server.models[NAME][0], {"license": "other", "license_name": "house-rules"})
    with pytest.raises(UsageError, match="'house-rules'") as caught:
        pull(NAME, allowed_licences=["apache-2.0", "mit"])
    assert "--accept-licence house-rules" in caught.value.hint
    assert server.fetched() == []
    assert pull(NAME, allowed_licences=["mit"], accept=["house-rules"]).offer.licence == "house-rules"


def test_a_full_disk_is_said_before_the_first_byte(server: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contentkit.models.hub.disk_usage", lambda path: shutil._ntuple_diskusage(10, 5, 5))
    with pytest.raises(UsageError, match="free"):
        pull(NAME, accept=["apache-2.0"])
    assert server.fetched() == []


def test_an_unknown_model_is_one_sentence(server: Hub) -> None:
    with pytest.raises(ModelNotFoundError, match="no such model"):
        pull("house/nothing", accept=["mit"])


def test_a_gated_model_says_where_to_ask(server: Hub) -> None:
    server.gated.add(NAME)
    with pytest.raises(AuthenticationError, match="accepted its terms") as caught:
        pull(NAME, accept=["apache-2.0"])
    assert f"{server.url}/{NAME}" in caught.value.hint


def test_no_weights_that_are_safe_is_one_sentence(server: Hub) -> None:
    (server.models[NAME][0] / "model.safetensors").unlink()
    with pytest.raises(UsageError, match="safetensors"):
        pull(NAME, accept=["apache-2.0"])


def test_a_name_that_is_none_never_leaves_the_machine(server: Hub) -> None:
    with pytest.raises(UsageError, match="ORG/NAME"):
        pull("../../etc/passwd", accept=["mit"])
    assert server.asked == []


def test_a_hub_that_is_not_there_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(UnreachableError, match=r"127\.0\.0\.1:9"):
        pull(NAME, accept=["mit"])


def test_offline_nothing_is_fetched(server: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(UsageError, match="HF_HUB_OFFLINE"):
        pull(NAME, accept=["apache-2.0"])
    assert server.asked == []


def test_a_token_goes_along_and_shows_nowhere(server: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_canary")
    server.gated.add(NAME)
    with pytest.raises(AuthenticationError) as caught:
        pull(NAME, accept=["apache-2.0"])
    assert {asked[3] for asked in server.asked} == {"Bearer hf_canary"}
    assert "canary" not in str(caught.value) + repr(caught.value)


def test_what_was_fetched_answers_offline(server: Hub) -> None:
    """In a process of its own, where the hub's tools read HF_HUB_OFFLINE as they start."""
    pull(NAME, accept=["apache-2.0"])
    server.asked.clear()
    code = """
import asyncio
from contentkit.core.chat import Message, Options, Request, fold
from contentkit.core.model import Endpoint
from contentkit.providers.transformers import connect

async def main():
    provider = connect(Endpoint("transformers", "transformers", settings={"threads": 1, "device": "cpu"}))
    asked = Request("house/tiny", (Message.of("user", "Hello"),), options=Options(max_tokens=8))
    reply = fold([event async for event in provider.stream(asked)])
    print(reply.finish, reply.usage.output_tokens, len(reply.text) > 0, await provider.models())

asyncio.run(main())
"""
    environ = {**os.environ, "HF_HUB_OFFLINE": "1"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environ)
    assert done.stdout.strip() == "length 8 True ['house/tiny']"
    assert server.asked == []


def test_the_list_needs_no_torch_and_no_hub() -> None:
    files = repo_folder("house/small") / "snapshots" / REVISION
    files.mkdir(parents=True)
    (repo_folder("house/small") / "refs").mkdir()
    (repo_folder("house/small") / "refs" / "main").write_text(REVISION)
    (files / "config.json").write_text(json.dumps({"architectures": ["LlamaForCausalLM"]}))
    (files / "model.safetensors").write_bytes(b"")
    code = (
        "import sys; from contentkit.models.hub import cached_models; "
        "print(cached_models(), {'torch', 'transformers', 'huggingface_hub', 'httpx'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['house/small'] set()"


def test_a_server_that_sends_all_again_does_no_harm(server: Hub) -> None:
    server.cut = [500_000]
    server.ranges = False
    assert pull(NAME, accept=["apache-2.0"]).folder.is_dir()


def test_a_connection_that_never_holds_is_given_up(server: Hub) -> None:
    server.cut = [0] * 20
    with pytest.raises(UnreachableError, match="goes on where it was cut"):
        pull(NAME, accept=["apache-2.0"])
    assert len(server.cut) > 10


def _cli(folder: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "contentkit", *words]
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "CONTENTKIT_PROBE": "0", "OMP_NUM_THREADS": "1", **env},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
    )


def test_from_pull_to_a_written_piece_on_the_command_line(server: Hub, tmp_path: Path) -> None:
    refused = _cli(tmp_path, "models", "pull", NAME)
    assert refused.returncode == 2
    assert "apache-2.0" in refused.stderr
    assert "--accept-licence" in refused.stderr
    pulled = _cli(tmp_path, "models", "pull", NAME, "--accept-licence", "apache-2.0")
    assert pulled.returncode == 0, pulled.stderr
    assert "apache-2.0" in pulled.stdout + pulled.stderr
    words = ("write", "article", "the ferry", "--length", "40", "--max-tokens", "24", "--temperature", "0")
    written = _cli(tmp_path, *words, HF_HUB_OFFLINE="1")
    assert f"transformers:{NAME}" in written.stderr  # chosen because it is in the cache
    assert written.returncode in (1, 3), written.stderr  # a babbler: cut at 24 tokens
    assert written.stdout.strip()
