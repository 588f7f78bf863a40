"""Real servers of third parties on loopback, each started once for the whole run with the tests' tiny model."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import free_port, need, running


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.servers)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Base URL of ``transformers serve``; the model's name there is the folder's path."""
    need("torch", "transformers", "fastapi", "uvicorn", install="pip install 'transformers[serving]'")
    from tinymodel import tiny_model

    home = tmp_path_factory.mktemp("serve")
    (home / "hub").mkdir()
    port = free_port()
    start = "import sys; from transformers.cli.transformers import main; sys.exit(main())"
    where = ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    environ = {"HF_HOME": str(home), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", start, "serve", str(tiny_model()), *where]
    with running(command, f"http://127.0.0.1:{port}/health", home / "log", environ):
        yield f"http://127.0.0.1:{port}/v1"


@pytest.fixture(scope="session")
def llamacpp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Base URL of the llama.cpp server; the model's name there is "tiny"."""
    parts = ("torch", "transformers", "gguf", "llama_cpp", "sse_starlette", "starlette_context", "pydantic_settings")
    need(*parts, install="pip install 'llama-cpp-python[server]' gguf")
    from tinymodel import WINDOW, tiny_gguf

    port = free_port()
    where = ["--host", "127.0.0.1", "--port", str(port), "--model_alias", "tiny"]
    size = ["--n_ctx", str(WINDOW), "--n_threads", "1", "--n_threads_batch", "1"]
    command = [sys.executable, "-m", "llama_cpp.server", "--model", str(tiny_gguf()), *where, *size]
    log = tmp_path_factory.mktemp("llamacpp") / "log"
    with running(command, f"http://127.0.0.1:{port}/v1/models", log):
        yield f"http://127.0.0.1:{port}/v1"
